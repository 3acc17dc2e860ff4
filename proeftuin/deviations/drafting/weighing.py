"""Reading what a proposal is held against: the cao of the day, the parties, and the other versions and deviations.

What must stay true: a draft and `service.submit` ask this one place, so that the gate list and the refusal agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import or_, select

from proeftuin import clock
from proeftuin.accounts.models import Party, Person, Role, RoleGrant
from proeftuin.accounts.queries import is_open
from proeftuin.cao import queries as cao
from proeftuin.cao.structure import Character, Nature
from proeftuin.db import session
from proeftuin.deviations.models import Deviation, Draft, Rule, Version
from proeftuin.deviations.parties import PartyLine
from proeftuin.deviations.proposals.proposed import Against, CaoOfDay, CaoParagraph, Neighbour, Predecessor
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.course import Course
from proeftuin.deviations.vocabulary import LIVE
from proeftuin.pilots.models import Pilot


def against(deviation: Deviation, *, is_history: bool = False) -> Against:
    """Return what a proposal of this deviation is held against today."""
    day = clock.today()
    course = loading.course(deviation.id)
    pilot = session().get_one(Pilot, deviation.pilot_id)
    draft = session().get(Draft, deviation.id)
    return Against(
        on=day,
        cao=cao_of(day),
        parties=party_lines(day),
        before=_before(course),
        first_day=min((span.first for span in course.applied), default=None),
        neighbours=tuple(_neighbours(deviation)),
        assessors=_assessors(day),
        people=frozenset(session().scalars(select(Person.id).where(is_open()))),
        assessed=str(draft.assessment["mark"]) if draft is not None and "mark" in draft.assessment else None,
        pilot_ends_on=pilot.ends_on,
        is_history=is_history,
    )


def cao_of(day: date) -> CaoOfDay | None:
    """Return the cao of a day with all its paragraphs."""
    head = cao.find_version(day)
    if head is None:
        return None
    articles = cao.load_text(head.id).articles
    experiment = next((each.number for each in articles if each.nature is Nature.EXPERIMENT), "")
    return CaoOfDay(
        id=head.id,
        label=head.label,
        valid_until=head.valid_until,
        max_months=head.max_deviation_months,
        ends_with_cao=head.ends_with_cao,
        is_retroactive=head.is_retroactive,
        experiment=experiment,
        paragraphs={
            (article.key, each.number): CaoParagraph(
                article.number, each.text, article.character or Character(head.default_character)
            )
            for article in articles
            for each in article.paragraphs
        },
    )


def party_lines(day: date) -> tuple[PartyLine, ...]:
    """Return the parties of a day, the employer first and the works council last."""
    query = select(Party).where(or_(Party.closed_on.is_(None), Party.closed_on > day))
    order = ("werkgever", "vakbond", "ondernemingsraad")
    parties = session().scalars(query.order_by(Party.name)).all()
    return tuple(
        PartyLine(each.id, each.name, each.kind, each.signs_cao)
        for each in sorted(parties, key=lambda each: order.index(each.kind.value))
    )


def _before(course: Course) -> Predecessor | None:
    track = course.governing
    if track is None:
        return None
    last = course.last_day or track.facts.valid_until
    return Predecessor(track.facts.number, track.state, track.facts.valid_from, last)


def _neighbours(deviation: Deviation) -> Iterable[Neighbour]:
    others = select(Deviation).where(
        Deviation.pilot_id == deviation.pilot_id, Deviation.id != deviation.id, Deviation.code.is_not(None)
    )
    by_id = {each.id: each for each in session().scalars(others)}
    for number, course in loading.courses(by_id).items():
        for version_number, track in course.tracks.items():
            if track.state not in LIVE:
                continue
            rules = select(Rule.article_key, Rule.paragraph).join(Version, Version.id == Rule.version_id)
            rules = rules.where(Version.deviation_id == number, Version.number == version_number)
            places = frozenset((row.article_key, row.paragraph) for row in session().execute(rules))
            last = course.last_day if track is course.governing else track.facts.valid_until
            name = by_id[number].code or by_id[number].title
            yield Neighbour(name, track.facts.valid_from, last or track.facts.valid_until, places)


def _assessors(day: date) -> frozenset[int]:
    held = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.HR,
        RoleGrant.starts_on <= day,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= day),
    )
    return frozenset(session().scalars(held))
