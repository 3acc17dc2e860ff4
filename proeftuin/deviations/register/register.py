"""The register: one page of deviations as lines of a table, with the choices that its filters offer.

What must stay true: the present is read from what is kept for it, any other day from the courses, and both give the
same lines; the reader's rights decide about numbers of participants and about nothing else, because everybody reads
the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, select, true

from proeftuin import i18n
from proeftuin.accounts.actor import Actor
from proeftuin.deviations.look import Look
from proeftuin.deviations.register import rows_now, rows_then
from proeftuin.deviations.register.editions import Entry, Facets, Place, RuleRow
from proeftuin.deviations.register.filters import Filters
from proeftuin.deviations.register.lines import Counting, Line, make_line
from proeftuin.deviations.register.marks import Parties, PartyLetter, SaidRow, understood
from proeftuin.deviations.register.rows_now import PER_PAGE
from proeftuin.deviations.register.rows_then import Then
from proeftuin.deviations.states.course import Course
from proeftuin.errors import NotFound
from proeftuin.i18n import _
from proeftuin.paging import Paged
from proeftuin.pilots.models import TeamMember
from proeftuin.pilots.policy import NOBODY, may_see_exact_count
from proeftuin.prepared import Prepared

_LEADS = Prepared(
    select(TeamMember.pilot_id).where(TeamMember.person_id == bindparam("reader"), TeamMember.is_lead == true())
)


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register. `axis` holds the ends of that of every bar on it."""

    page: Paged[Line]
    facets: Facets
    parties: Sequence[PartyLetter]
    today: date
    axis: tuple[date, date]


def axis(today: date) -> tuple[date, date]:
    """Return the ends of the axis of a list: the year of a day with the one before and the one after."""
    return date(today.year - 1, 1, 1), date(today.year + 1, 12, 31)


def counting_for(actor: Actor, small_group: int) -> Counting:
    """Return which numbers of participants someone may see."""
    is_exact = may_see_exact_count(actor, NOBODY)
    leads = frozenset(row[0] for row in _LEADS.rows(reader=actor.id)) if is_exact else frozenset()
    return Counting(is_exact, small_group, leads)


def get_register(filters: Filters, look: Look, counting: Counting) -> Register:
    """Return a page of the register.

    :raises NotFound: when the page lies beyond the end.
    """
    places = rows_now.list_places()
    then = None if look.is_present else rows_then.get_edition(look)
    edition = then.edition if then else rows_now.get_edition()
    found = edition.choose(filters, places, look.day, per_page=PER_PAGE)
    if filters.number > 1 and not found.rows:
        raise NotFound
    parties = rows_now.list_parties()
    return Register(
        page=Paged(
            make_lines(found.rows, places, parties, counting, look=look, then=then),
            filters.number,
            PER_PAGE,
            found.total,
        ),
        facets=found.facets,
        parties=tuple(parties.by_id.values()),
        today=look.day,
        axis=axis(look.day),
    )


def make_lines(
    entries: Sequence[Entry],
    places: Mapping[int, Place],
    parties: Parties,
    counting: Counting,
    *,
    look: Look,
    then: Then | None = None,
) -> list[Line]:
    """Return entries as lines; of another day with the courses from which they came."""
    said = rows_now.list_said([entry.raw.heard_id for entry in entries])
    shared = parties, counting, look, i18n.language()
    lines = []
    for entry in entries:
        raw = entry.raw
        given = entry, said[raw.heard_id], places.get(raw.pilot_id, _NOWHERE)
        course = then.courses[raw.id] if then else None
        lines.append(_kept_line(*given, shared) if course is None else _line(*given, shared, course))
    return lines


_NOWHERE = Place("", (), (), 0)
_Shared = tuple[Parties, Counting, Look, str]


def _line(
    entry: Entry, rows: tuple[SaidRow, ...], place: Place, shared: _Shared, course: Course | None = None
) -> Line:
    parties, counting, look, _language = shared
    raw, said = entry.raw, understood(rows)
    if course is not None:
        raw, said = rows_then.with_flags(entry, course, look), rows_then.as_known(said, look)
    return make_line(
        raw,
        articles=cited(entry.rules),
        department=place.department,
        said=[each for each in said if each.party_id in parties.by_id],
        parties=parties.by_id,
        counted=counting.counted(raw.pilot_id, place.participants, raw.most),
        today=look.day,
    )


# A line of the present follows from what it is given, so it need not be made for every reader again.
_kept_line = lru_cache(maxsize=4096)(_line)


def cited(rules: Sequence[RuleRow]) -> list[str]:
    """Return the paragraphs as people cite them, those of one article together: 3.3 lid 1 en 2."""
    by_article: dict[str, list[str]] = {}
    for rule in rules:
        by_article.setdefault(rule.article, []).append(rule.paragraph)
    told = []
    for article, paragraphs in by_article.items():
        named = [paragraph for paragraph in paragraphs if paragraph]
        joined = ", ".join(named)
        if len(named) > 1:
            joined = _("%(first)s en %(last)s", first=", ".join(named[:-1]), last=named[-1])
        told.append(_("%(article)s lid %(paragraphs)s", article=article, paragraphs=joined) if named else article)
    return told
