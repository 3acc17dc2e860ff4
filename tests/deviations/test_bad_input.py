"""What cannot be is refused with the rule and its source, and nothing of it is recorded: not a row in any table, so
no version, no position, no event, no job and no entry in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.models import Mandate
from proeftuin.cao import service as caos
from proeftuin.db import Base, Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import positions
from proeftuin.deviations.models import Deviation, Version
from proeftuin.deviations.vocabulary import LegalOutcome, PositionStatus
from proeftuin.errors import Conflict, Invalid, NotAllowed, Refusal
from tests.cao import scene
from tests.deviations.stage import FIRST, LAST, SUBMITTED, Stage, morning

NEXT_DAY = SUBMITTED + timedelta(days=1)


@dataclass
class Case:
    """What somebody tries, how it is refused, and words of the sentence: the rule, and where it stands."""

    attempt: Callable[[Stage], object]
    refusal: type[Refusal]
    words: tuple[str, ...]
    at: date = NEXT_DAY


def deviation() -> Deviation:
    return session().scalars(select(Deviation).where(Deviation.code == "AFW-2026-01")).one()


def version(number: int = 1) -> Version:
    found = select(Version).where(Version.deviation_id == deviation().id, Version.number == number)
    return session().scalars(found).one()


def submit(stage: Stage, **fields: object) -> None:
    """Submit a first version of another deviation of the pilot; beside the one there is it has days of its own."""
    made = service.create(stage.cast.lead, stage.pilot, title="Nog een")
    days = {"valid_from": date(2026, 11, 1), "valid_until": date(2027, 2, 28), "evaluate_by": date(2026, 12, 1)}
    service.submit(stage.cast.lead, made, stage.proposal(**{**days, **fields}))


def misquote(stage: Stage) -> None:
    rule = stage.proposal().rules[0]
    submit(stage, rules=(replace(rule, cao_text=rule.cao_text.replace("hetzelfde", "ongeveer hetzelfde")),))


def sign_without_mandate(stage: Stage) -> None:
    mandate = session().scalars(select(Mandate).where(Mandate.person_id == stage.cast.union.id)).one()
    mandate.ends_on = SUBMITTED
    session().flush()
    karin = accounts.find_actor(stage.cast.union.id)
    assert karin is not None
    stage.says(karin, "schakel", version(), PositionStatus.AGREED)


def sign_as_second(stage: Stage) -> None:
    """Sign from a page that was opened before a colleague signed."""
    party = stage.cast.parties["werkgever"]
    positions.record(stage.director, version(), party_id=party, status=PositionStatus.AGREED, base=0)


def sign_old_version(stage: Stage) -> None:
    amended = stage.proposal(kind="wijziging", change_note="Beter.")
    service.submit(stage.cast.lead, deviation(), amended)
    stage.says(stage.cast.union, "schakel", version(1), PositionStatus.AGREED)


def overlap(stage: Stage) -> None:
    service.submit(stage.cast.lead, deviation(), stage.extension(valid_from=LAST, legal_on=SUBMITTED))


def publish(text: str, **terms: str) -> Callable[[Stage], object]:
    def attempt(stage: Stage) -> None:
        row = scene.prepare(stage.secretary, text, **terms)
        caos.publish(stage.secretary, row, edition=row.edition, expiring_is_meant=True)

    return attempt


LATER = {"label": "2028-2030", "valid_from": "2028-07-01", "valid_until": "2030-06-30"}
CASES = {
    "t/m before van": Case(
        lambda stage: submit(stage, valid_until=date(2026, 10, 31)),
        Invalid,
        ("De laatste dag (t/m) ligt vóór de eerste dag", "cao art. 1.2"),
    ),
    "beyond the maximum of the cao": Case(
        lambda stage: submit(stage, valid_until=date(2029, 6, 30), evaluate_by=date(2028, 1, 1)),
        Invalid,
        ("hooguit", "maanden", "cao art. 1.2"),
    ),
    "against the law": Case(  # chapter 12, check 6
        lambda stage: submit(
            stage,
            legal_outcome=LegalOutcome.CONTRARY,
            legal_references=("ATW 4:3",),
            legal_note="Tijden moeten geregistreerd.",
        ),
        Invalid,
        ("in strijd met de wet", "ATW 4:3", "Tijden moeten", "ook niet met instemming van alle partijen"),
    ),
    "versions on the same day": Case(overlap, Invalid, ("Twee versies gelden nooit op dezelfde dag", "regel D12")),
    "deviations of the same paragraph on the same day": Case(
        lambda stage: submit(stage, valid_from=FIRST, evaluate_by=date(2026, 10, 1)),
        Invalid,
        ("Op één dag geldt één afwijking van een lid", "regel D1"),
    ),
    "versions of the cao on the same day": Case(
        publish(scene.SECOND, label="x", valid_from="2027-01-01", valid_until="2029-06-30"),
        Invalid,
        ("Op een dag geldt één versie", "Versie 2 geldt al van 01-07-2026 t/m 30-06-2028"),
    ),
    "a quote that is not in the cao of the day": Case(
        misquote, Invalid, ("niet letterlijk die van de cao die op 13-01-2026 geldt", "2024-2026")
    ),
    "a mandate that ended yesterday": Case(
        sign_without_mandate, NotAllowed, ("eindigde op 12-01-2026", "Alleen wie nu mag tekenen", "regel D3")
    ),
    "two signatories at once": Case(
        sign_as_second, Conflict, ("heeft", "intussen al iets vastgelegd", "één standpunt tegelijk", "regel D3")
    ),
    "a position on an old version": Case(
        sign_old_version, Conflict, ("een standpunt hoort bij één versie", "regel D3", "versie 2")
    ),
    "a clock that was set back": Case(
        lambda stage: stage.says(stage.cast.union, "schakel", version(), PositionStatus.AGREED),
        Conflict,
        ("klok", "11-01-2026", "12-01-2026", "in de volgorde waarin het gebeurde"),
        at=SUBMITTED - timedelta(days=1),
    ),
    "a text of the cao that was cut in half": Case(
        publish(scene.FIRST[:300], **LATER), Invalid, ("niet begrepen", "De eerste is regel 12")
    ),
}


def everything() -> dict[str, list[str]]:
    """Return every row of every table as text."""
    return {
        table.name: sorted(str(tuple(row)) for row in session().execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_is_refused_with_its_rule_and_nothing_of_it_is_recorded(
    database: Database, stage: Stage, name: str
) -> None:
    case = CASES[name]
    with clock.at(morning(SUBMITTED)), database.transaction():
        _first, made = stage.submitted()
        stage.says(stage.director, "werkgever", made, PositionStatus.CONSIDERING)
    with database.reading():
        before = everything()
    with clock.at(morning(case.at)), pytest.raises(case.refusal) as refused, database.transaction():
        case.attempt(stage)
    told = " ".join(refused.value.fields.values()) if isinstance(refused.value, Invalid) else refused.value.message
    for words in case.words:
        assert words in told
    with database.reading():
        assert everything() == before
