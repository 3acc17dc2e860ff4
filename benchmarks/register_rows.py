"""2,000 deviations with 10,000 positions to measure on: rows as the services write them, but many at once.

The columns of a deviation come from its course, as everywhere; pilots and pages are written by the services.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text, update

from benchmarks import company
from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts import service as accounts_service
from proeftuin.accounts.models import Party, PartyKind
from proeftuin.cao.models import Agreement
from proeftuin.cao.models import Version as CaoVersion
from proeftuin.cao.structure import Character
from proeftuin.db import session
from proeftuin.deviations.models import Alert, Announced, Asked, Deviation, Position, Rule, Version
from proeftuin.deviations.states import loading
from proeftuin.deviations.vocabulary import (
    Basis,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    PositionStatus,
    State,
    VersionKind,
)
from proeftuin.events.models import Audience, Event, Job, Subject, SubjectKind
from proeftuin.pilots import service as pilots
from proeftuin.pilots import themes
from proeftuin.pilots.models import ParticipantCount
from proeftuin.pilots.models import State as PilotState
from proeftuin.web.application import Application
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind

PILOTS, PAGES, DEVIATIONS = 40, 200, 2_000
QUIET = 5
"""How many pilots have pages and no deviation: a page is measured as it is usually."""
OFFICER = "bond@example.org"
PARTIES = (
    ("werkgever", "Oeverbrug N.V.", PartyKind.EMPLOYER),
    ("schakel", "Vakbond De Schakel", PartyKind.UNION),
    ("tbv", "TBV Technische Bond Verenigd", PartyKind.UNION),
    ("vil", "VIL Vereniging Ingenieurs in Loondienst", PartyKind.UNION),
    ("or", "Ondernemingsraad", PartyKind.WORKS_COUNCIL),
)
Rows = list[dict[str, Any]]


def write(app: Application) -> None:
    """Write everything."""
    with app.database.transaction():
        places = _company()
    with app.database.transaction():
        _register(places, random.Random(4))
    with app.database.transaction():
        _keep_what_courses_give()
    with app.database.transaction() as writing:
        writing.query(Job).delete()
        writing.execute(text("ANALYZE"))


def _company() -> list[int]:
    """Write people, parties, pilots that run, and pages; return the numbers of the pilots."""
    person = accounts_service.create_person(None, email="meting@example.org", name="Meting")
    officer = accounts_service.create_person(None, email=OFFICER, name="Karin Oosterveld")
    for key, name, kind in PARTIES:
        party = accounts_service.create_party(None, key=key, name=name, kind=kind, signs_cao=key != "or")
        if key == "schakel":
            accounts_service.give_mandate(
                None, officer, party.id, function="vakbondsbestuurder", may_sign=True, starts_on=date(2020, 1, 1)
            )
    departments = [accounts_service.create_department(None, name=f"Afdeling {n}").id for n in range(8)]
    subjects = [themes.create_theme(None, key=f"thema-{n}", name=f"Thema {n}").id for n in range(6)]
    actor = accounts.find_actor(person.id)
    assert actor is not None
    spaces = []
    for number in range(PILOTS + QUIET):
        pilot = pilots.create_pilot(
            actor,
            title=f"Proef {number}",
            summary="Een proef om mee te meten.",
            question="Hoe snel?",
            hypothesis="Als …, dan …, omdat …",
            fallback="Terug naar hoe het was.",
            voluntariness="Vrijwillig.",
            department_id=departments[number % 8],
            theme_ids=[subjects[number % 6], subjects[(number * 5 + 1) % 6]],
        )
        pilots.move(actor, pilot, PilotState.PREPARATION)
        session().add(ParticipantCount(pilot_id=pilot.id, number=number))
        spaces.append(pilot.id)
    corpus = company.texts()
    for number in range(PAGES):
        title = f"{corpus[number]['title'][:110]} {number}"
        body = corpus[number]["body"][:8_000]
        wiki.create_page(actor, spaces[PILOTS + number % QUIET], title=title, text=body, kind=PageKind.PLAIN)
    return spaces


def _cao(person_id: int) -> int:
    agreement = Agreement(key="meting", created_at=clock.now())
    session().add(agreement)
    session().flush()
    version = CaoVersion(
        agreement_id=agreement.id,
        number=1,
        name="Cao",
        label="2020-2030",
        valid_from=date(2020, 1, 1),
        valid_until=date(2030, 12, 31),
        default_character=Character.MINIMUM,
        max_deviation_months=24,
        notice_days=30,
        reconfirm_days=60,
        ends_with_cao=False,
        silent_agreement=False,
        is_retroactive=False,
        digest="0" * 64,
        published_at=clock.now(),
        published_by_id=person_id,
    )
    session().add(version)
    session().flush()
    return version.id


def _register(spaces: Sequence[int], chance: random.Random) -> None:
    person = accounts.find_person_by_email("meting@example.org")
    assert person is not None
    cao, parties = _cao(person.id), [row[0] for row in session().execute(select(Party.id).order_by(Party.id))]
    for serial in range(1, DEVIATIONS + 1):
        pilot = spaces[serial % PILOTS]
        begun = clock.today() + timedelta(days=chance.randrange(-900, 30))
        asked = begun - timedelta(days=chance.randrange(30, 90))
        subject = Subject(
            kind=SubjectKind.DEVIATION,
            title=f"Afwijking {serial}",
            path=f"/afwijkingen/AFW-{asked.year}-{serial}",
            audience=Audience.EVERYONE,
            circle_id=pilot,
            created_at=_morning(asked),
        )
        session().add(subject)
        session().flush()
        session().add(
            Deviation(
                id=subject.id,
                pilot_id=pilot,
                year=asked.year,
                serial=serial,
                code=f"AFW-{asked.year}-{serial}",
                title=f"{chance.choice(('Rooster', 'Beloning', 'Reizen', 'Verlof'))} anders, regel {serial}",
                created_at=_morning(asked),
                created_by_id=person.id,
                state_since=asked,
            )
        )
        session().flush()
        _version(subject.id, (asked, begun), chance, (person.id, cao, parties))


def _version(
    deviation_id: int, days: tuple[date, date], chance: random.Random, given: tuple[int, int, Sequence[int]]
) -> None:
    asked, begun = days
    person_id, cao, parties = given
    values = {
        "title": "Een andere regel",
        "group": "Iedereen",
        "is_voluntary": True,
        "guarantee": "Niemand krijgt minder. " * 20,
        "legal_outcome": LegalOutcome.WITHIN_LAW,
        "legal_by_id": person_id,
        "consent": Consent.REQUIRED,
        "basis": Basis.EXPERIMENT,
        "digest": "0" * 64,
    }
    version = Version(
        deviation_id=deviation_id,
        number=1,
        kind=VersionKind.FIRST,
        submitted_on=asked,
        submitted_at=_morning(asked),
        submitted_by_id=person_id,
        legal_on=asked,
        respond_by=asked + timedelta(days=42),
        cao_version_id=cao,
        valid_from=begun,
        valid_until=begun + timedelta(days=chance.randrange(90, 500)),
        max_participants=chance.randrange(5, 60),
        direction=chance.choice(list(Direction)),
        **values,
    )
    session().add(version)
    session().flush()
    articles = chance.sample(range(1, 30), 2)
    quoted = {"cao_text": "Zo staat het in de cao. " * 12, "text": "Zo is het in de proef. " * 12}
    session().execute(
        insert(Rule),
        [
            {
                "version_id": version.id,
                "position": place,
                "article_key": f"artikel-{article}",
                "article_number": f"{article // 10 + 1}.{article % 10 + 1}",
                "paragraph": "1",
                **quoted,
            }
            for place, article in enumerate(articles, 1)
        ],
    )
    session().execute(
        insert(Asked), [{"version_id": version.id, "party_id": each, "duty": Duty.REQUIRED} for each in parties]
    )
    session().execute(insert(Position), [_position(version.id, each, asked, person_id, chance) for each in parties])
    session().add(
        Event(
            at=_morning(asked),
            kind="deviation:submitted",
            subject_id=deviation_id,
            actor_id=person_id,
            object_id=1,
            summary="Een andere regel",
        )
    )


def _position(version_id: int, party_id: int, asked: date, person_id: int, chance: random.Random) -> dict[str, Any]:
    yes = PositionStatus.CONSENTED if party_id == len(PARTIES) else PositionStatus.AGREED
    status = yes if chance.random() < 0.94 else PositionStatus.CONSIDERING
    said = min(asked + timedelta(days=chance.randrange(5, 28)), clock.today())
    return {
        "version_id": version_id,
        "party_id": party_id,
        "serial": 1,
        "status": status,
        "decided_on": said,
        "recorded_at": _morning(said),
        "recorded_by_id": person_id,
        "is_letter": False,
        "signatory": "",
        "function": "",
        "direction": chance.choice([None, *Direction]),
        "reservation": "",
        "remark": "",
        "remark_shown_to": "iedereen",
        "document": "",
        "document_digest": "",
    }


def _keep_what_courses_give() -> None:
    """Fill the columns of every deviation, tell its steps, and warn of one in twenty that applies."""
    told: Rows = []
    alerts: Rows = []
    for number, course in loading.courses().items():
        track, waiting = course.governing, course.waiting
        assert track is not None
        values = {
            "state": course.state,
            "state_since": course.since,
            "governing": track.facts.number,
            "waiting": waiting.facts.number if waiting else None,
            "first_day": track.started_on or track.facts.valid_from,
            "last_day": course.last_day,
            "submitted_on": course.steps[0].on,
        }
        session().execute(update(Deviation).where(Deviation.id == number).values(**values))
        told += [
            {
                "deviation_id": number,
                "version": step.version,
                "number": step.number,
                "on": step.on,
                "occurrence": 0,
                "recorded_at": _morning(step.on),
            }
            for step in course.steps
        ]
        if course.state is State.IN_FORCE and number % 20 == 0:
            alerts.append(
                {
                    "key": f"voorwaarde_te_laat:{number}",
                    "code": "voorwaarde_te_laat",
                    "level": "actie",
                    "deviation_id": number,
                    "on": clock.today(),
                    "recorded_at": clock.now(),
                    "data": {},
                    "closing_note": "",
                }
            )
    session().execute(insert(Announced), told)
    session().execute(insert(Alert), alerts)


def _morning(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9)
