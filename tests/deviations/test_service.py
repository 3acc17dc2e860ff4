"""The verbs of the register: who may, what is refused with which rule, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate
from proeftuin.audit.models import LogEntry
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import conditions, positions
from proeftuin.deviations.models import Condition, Deviation, Version
from proeftuin.deviations.states import loading
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import (
    ActKind,
    ConditionState,
    LegalOutcome,
    PositionStatus,
    Severity,
    ShownTo,
    State,
)
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events.models import Audience, Event, Subject
from proeftuin.frozen import WouldChangePublished
from tests.deviations.stage import FIRST, LAST, SUBMITTED, Stage, morning


@pytest.fixture
def at(database: Database) -> Callable[..., object]:
    """Do something on a day, in a unit that writes."""

    def do(day: date, what: Callable[[], object]) -> object:
        with clock.at(morning(day)), database.transaction():
            return what()

    return do


def state_of(deviation: Deviation) -> State:
    """Return the state as it is by now."""
    return deviation.state


def of(kind: str) -> list[Event]:
    return list(session().scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_a_concept_is_the_teams_and_a_submission_is_everybodys(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        concept = service.create(stage.cast.lead, stage.pilot, title="Nog iets")
        assert session().get_one(Subject, concept.id).audience is Audience.TEAM
        deviation, version = stage.submitted()
        subject = session().get_one(Subject, deviation.id)
        assert (subject.audience, subject.path) == (Audience.EVERYONE, "/afwijkingen/AFW-2026-01")
        assert version.respond_by == SUBMITTED + timedelta(weeks=6)
        assert len(version.digest) == 64


def test_numbers_follow_each_other_within_a_year(database: Database, stage: Stage) -> None:
    with clock.at(morning(date(2025, 12, 20))), database.transaction():
        old, _ = stage.submitted(legal_on=date(2025, 12, 20))
    with clock.at(morning(SUBMITTED)), database.transaction():
        other = stage.proposal(rules=(), title="Andere")
        with pytest.raises(Invalid):
            service.submit(stage.cast.lead, service.create(stage.cast.lead, stage.pilot), other)
        service.withdraw(stage.cast.lead, session().get_one(Deviation, old.id), reason="Andere opzet.")
        new, _ = stage.submitted()
        assert (old.code, new.code) == ("AFW-2025-01", "AFW-2026-01"), "a refused one takes no number"


@pytest.mark.parametrize("who", ["colleague", "outsider", "council", "union", "member"])
def test_only_the_lead_and_hr_submit(database: Database, stage: Stage, who: str) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation = service.create(stage.cast.lead, stage.pilot)
        with pytest.raises(NotAllowed):
            service.submit(getattr(stage.cast, who), deviation, stage.proposal())
        service.submit(stage.cast.hr, deviation, stage.proposal())


@pytest.mark.parametrize("outcome", [LegalOutcome.CONTRARY, LegalOutcome.PENDING])
def test_what_is_against_the_law_or_not_checked_is_refused(
    database: Database, stage: Stage, outcome: LegalOutcome
) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation = service.create(stage.cast.lead, stage.pilot)
        with pytest.raises(Invalid) as refused:
            service.submit(stage.cast.lead, deviation, stage.proposal(legal_outcome=outcome))
        assert "legal" in refused.value.fields
        assert deviation.code is None
        service.submit(stage.cast.lead, deviation, stage.proposal(legal_outcome=outcome), as_history=True)
        assert of("deviation:submitted")[-1].data["as_history"] is True


def test_what_was_submitted_is_frozen(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
    with pytest.raises(WouldChangePublished), database.transaction():
        session().get_one(Version, version.id).guarantee = "Geen."


def test_it_is_agreed_by_all_and_applies_on_its_first_day(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.all_agree(version)
        assert deviation.state is State.AGREED
        assert len(of("deviation:agreed")) == 1
    with clock.at(morning(FIRST)), database.transaction():
        assert loading.course(deviation.id).state is State.IN_FORCE


def test_a_second_version_opens_every_position_and_leaves_the_first_in_force(
    database: Database, stage: Stage
) -> None:
    """Chapter 12, check 1."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.all_agree(version)
    with clock.at(morning(date(2026, 6, 1))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        second = service.submit(stage.cast.lead, row, stage.extension())
        course = loading.course(deviation.id)
        assert (course.state, row.state) == (State.IN_FORCE, State.IN_FORCE)
        assert course.waiting is not None
        assert (course.waiting.facts.number, course.waiting.positions) == (second.number, {})


def test_a_reservation_is_no_agreement(database: Database, stage: Stage) -> None:
    """Chapter 12, check 2."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.says(stage.director, "werkgever", version, PositionStatus.AGREED)
        stage.says(stage.cast.council, "or", version, PositionStatus.CONSENTED)
        with pytest.raises(Invalid) as refused:
            stage.says(stage.cast.union, "schakel", version, PositionStatus.WITH_RESERVATION)
        assert set(refused.value.fields) == {"reservation"}
        stage.says(stage.cast.union, "schakel", version, PositionStatus.WITH_RESERVATION, reservation="Na de leden.")
        assert deviation.state is State.SUBMITTED


@pytest.mark.parametrize("who", ["lead", "hr", "admin", "secretary", "director", "council", "colleague"])
def test_nobody_else_records_the_position_of_a_union(database: Database, stage: Stage, who: str) -> None:
    actor: Actor = getattr(stage, who, None) or getattr(stage.cast, who)
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        with pytest.raises(NotAllowed):
            stage.says(actor, "schakel", version, PositionStatus.AGREED)


def test_a_letter_counts_once_the_union_confirms_it(database: Database, stage: Stage) -> None:
    """Chapter 12, check 5."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.says(stage.director, "werkgever", version, PositionStatus.AGREED)
        stage.says(stage.cast.council, "or", version, PositionStatus.CONSENTED)
        letter = positions.enter_letter(
            stage.cast.hr,
            version,
            party_id=stage.cast.parties["schakel"],
            status=PositionStatus.AGREED,
            base=0,
            decided_on=SUBMITTED,
            signatory="K. Oosterveld",
        )
        assert state_of(deviation) is State.SUBMITTED
        assert Flag.TO_CONFIRM in deviation.flags
        for actor in (stage.cast.hr, stage.secretary, stage.director, stage.cast.council):
            with pytest.raises(NotAllowed):
                positions.confirm(actor, letter, is_ours=True)
        positions.confirm(stage.cast.union, letter, is_ours=True)
        assert state_of(deviation) is State.AGREED
        with pytest.raises(Conflict):
            positions.confirm(stage.cast.union, letter, is_ours=False, note="Toch niet.")


def test_a_letter_that_the_union_denies_never_counts(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.says(stage.director, "werkgever", version, PositionStatus.AGREED)
        stage.says(stage.cast.council, "or", version, PositionStatus.CONSENTED)
        letter = positions.enter_letter(
            stage.secretary,
            version,
            party_id=stage.cast.parties["schakel"],
            status=PositionStatus.AGREED,
            base=0,
            decided_on=SUBMITTED,
            signatory="Iemand",
        )
        with pytest.raises(Invalid):
            positions.confirm(stage.cast.union, letter, is_ours=False)
        positions.confirm(stage.cast.union, letter, is_ours=False, note="Deze brief is niet van ons.")
        assert deviation.state is State.SUBMITTED


def test_nobody_enters_a_letter_of_the_employer(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        with pytest.raises(NotAllowed):
            positions.enter_letter(
                stage.cast.hr,
                version,
                party_id=stage.cast.parties["werkgever"],
                status=PositionStatus.AGREED,
                base=0,
                decided_on=SUBMITTED,
                signatory="J. Verbeek",
            )


def test_a_mandate_that_ended_yesterday_signs_nothing(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        mandate = session().scalars(select(Mandate).where(Mandate.person_id == stage.cast.union.id)).one()
        mandate.ends_on = SUBMITTED - timedelta(days=1)
        session().flush()
        karin = accounts.find_actor(stage.cast.union.id)
        assert karin is not None
        with pytest.raises(NotAllowed, match="11-01-2026"):
            stage.says(karin, "schakel", version, PositionStatus.AGREED)


def test_a_second_signatory_is_told_of_the_first(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        party = stage.cast.parties["schakel"]
        positions.record(stage.cast.union, version, party_id=party, status=PositionStatus.CONSIDERING, base=0)
        with pytest.raises(Conflict, match="Karin Oosterveld"):
            positions.record(stage.cast.union, version, party_id=party, status=PositionStatus.AGREED, base=0)


def test_a_position_on_an_old_version_is_refused(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, old = stage.submitted()
        new = service.submit(stage.cast.lead, deviation, stage.proposal(kind="wijziging", change_note="Beter."))
        with pytest.raises(Conflict, match=f"versie {new.number}"):
            stage.says(stage.cast.union, "schakel", old, PositionStatus.AGREED)


@pytest.mark.parametrize(
    ("day", "field"), [(SUBMITTED + timedelta(days=1), "decided_on"), (SUBMITTED - timedelta(days=1), "decided_on")]
)
def test_a_decision_of_another_time_is_refused(database: Database, stage: Stage, day: date, field: str) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        with pytest.raises(Invalid) as refused:
            stage.says(stage.cast.union, "schakel", version, PositionStatus.AGREED, decided_on=day)
        assert set(refused.value.fields) == {field}


def test_the_council_has_words_of_its_own(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        for who, party, status in (
            (stage.cast.council, "or", PositionStatus.AGREED),
            (stage.cast.union, "schakel", PositionStatus.CONSENTED),
            (stage.cast.union, "schakel", PositionStatus.WITHDRAWN),
            (stage.cast.union, "schakel", PositionStatus.NOTICE),
        ):
            with pytest.raises(Invalid) as refused:
                stage.says(who, party, version, status, remark="Daarom.")
            assert set(refused.value.fields) == {"status"}


def test_a_decision_recorded_late_is_shown_by_the_two_days(database: Database, stage: Stage) -> None:
    """Chapter 12, check 10."""
    with clock.at(morning(date(2026, 3, 2))), database.transaction():
        deviation, version = stage.submitted(valid_from=date(2026, 4, 1), legal_on=date(2026, 3, 2))
    with clock.at(morning(date(2026, 3, 20))), database.transaction():
        version = session().get_one(Version, version.id)
        stage.says(stage.cast.union, "schakel", version, PositionStatus.AGREED, decided_on=date(2026, 3, 3))
        day = date(2026, 3, 10)
        union = stage.cast.parties["schakel"]
        assert union in loading.course(deviation.id, through=day).tracks[1].positions
        assert union not in loading.course(deviation.id, through=day, known=day).tracks[1].positions
        assert deviation.id in loading.load([deviation.id], known=date(2026, 3, 1))
        assert loading.course(deviation.id, through=day, known=date(2026, 3, 1)).state is State.CONCEPT


def test_a_clock_that_was_set_back_is_noticed(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
    with (
        clock.at(morning(SUBMITTED) - timedelta(minutes=5)),
        database.transaction(),
        pytest.raises(Conflict, match="klok"),
    ):
        stage.says(stage.cast.union, "schakel", session().get_one(Version, version.id), PositionStatus.AGREED)


def in_force(database: Database, stage: Stage) -> tuple[Deviation, Version]:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted()
        stage.all_agree(version)
    return deviation, version


def test_suspending_and_resuming_is_for_parties(database: Database, stage: Stage) -> None:
    deviation, _ = in_force(database, stage)
    council, union = stage.cast.parties["or"], stage.cast.parties["schakel"]
    with clock.at(morning(date(2026, 6, 12))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        for actor in (stage.cast.lead, stage.cast.hr, stage.secretary):
            with pytest.raises(NotAllowed):
                service.suspend(actor, row, party_id=council, reason="Omdat.")
        with pytest.raises(Invalid):
            service.suspend(stage.cast.council, row, party_id=council, reason=" ")
        service.suspend(stage.cast.council, row, party_id=council, reason="Te weinig rust.")
        assert row.state is State.SUSPENDED
        with pytest.raises(NotAllowed, match="opschortte"):
            service.resume(stage.cast.union, row, party_id=union, reason="Opgelost.")
        service.resume(stage.cast.council, row, party_id=council, reason="De planner kijkt mee.")
        service.object_to(stage.cast.union, row, party_id=union, reason="Nog niet opgelost.")
        assert row.state is State.SUSPENDED


def test_the_employer_ends_and_the_rest_gives_notice(database: Database, stage: Stage) -> None:
    deviation, version = in_force(database, stage)
    with clock.at(morning(date(2026, 6, 1))), database.transaction():
        row, version = session().get_one(Deviation, deviation.id), session().get_one(Version, version.id)
        union = stage.cast.parties["schakel"]
        with pytest.raises(NotAllowed):
            service.end(stage.cast.union, row, party_id=union, reason="Klaar ermee.")
        stage.says(stage.cast.union, "schakel", version, PositionStatus.NOTICE, remark="De cijfers blijven uit.")
        assert Flag.NOTICE_GIVEN in row.flags
        with pytest.raises(Invalid, match="terugwerkende"):
            service.end(
                stage.director, row, party_id=stage.cast.parties["werkgever"], reason="x", on=date(2026, 5, 1)
            )
        service.end(stage.director, row, party_id=stage.cast.parties["werkgever"], reason="Samen gestopt.")
        assert row.state is State.ENDED


def test_the_fallback_statement_and_the_closing(database: Database, stage: Stage) -> None:
    deviation, _ = in_force(database, stage)
    with clock.at(morning(LAST + timedelta(days=3))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        words = {"restored": "Iedereen krijgt het gewone percentage.", "still_open": "", "reason": ""}
        with pytest.raises(NotAllowed):
            service.state_fallback(stage.cast.member, row, back_on=None, is_complete=False, **words)
        with pytest.raises(Invalid):
            service.state_fallback(stage.cast.lead, row, back_on=None, is_complete=True, **words)
        service.state_fallback(stage.cast.lead, row, back_on=LAST + timedelta(days=2), is_complete=True, **words)
        assert Flag.FALLBACK_OPEN not in row.flags
        with pytest.raises(Conflict, match="geëvalueerd"):
            service.close(stage.cast.council, row)


def test_nullity_can_be_invoked_for_a_month(database: Database, stage: Stage) -> None:
    deviation, version = in_force(database, stage)
    with clock.at(morning(date(2026, 3, 5))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        service.tell_decision(stage.cast.hr, row, on=date(2026, 3, 2), reason="Wij beginnen op 1 maart.")
    with clock.at(morning(date(2026, 4, 3))), database.transaction():
        version = session().get_one(Version, version.id)
        with pytest.raises(Invalid, match="27 lid 5"):
            stage.says(stage.cast.council, "or", version, PositionStatus.NULLITY, remark="Niet gevraagd.")
        on = date(2026, 4, 2)
        stage.says(stage.cast.council, "or", version, PositionStatus.NULLITY, remark="Niet gevraagd.", decided_on=on)
        assert session().get_one(Deviation, deviation.id).state is State.ENDED


def test_conditions_come_back_and_are_late_by_themselves(database: Database, stage: Stage) -> None:
    deviation, version = in_force(database, stage)
    with clock.at(morning(date(2026, 5, 2))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        condition = session().scalars(select(Condition).where(Condition.version_id == version.id)).one()
        service.report_incident(stage.cast.colleague, row, severity=Severity.LOW, about="sfeer", text="Druk.")
        assert Flag.CONDITION_LATE in row.flags
        with pytest.raises(NotAllowed):
            conditions.report(stage.cast.outsider, condition, due_on=condition.due_on, state=ConditionState.MET)
        with pytest.raises(Invalid):
            conditions.report(stage.cast.hr, condition, due_on=date(2026, 5, 3), state=ConditionState.MET)
        conditions.report(stage.cast.hr, condition, due_on=condition.due_on, state=ConditionState.MET)
        assert Flag.CONDITION_LATE not in row.flags


def test_a_report_tells_the_public_its_severity_only(database: Database, stage: Stage) -> None:
    deviation, _ = in_force(database, stage)
    with clock.at(morning(date(2026, 5, 2))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        act = service.report_incident(
            stage.cast.colleague, row, severity=Severity.SERIOUS, about="rusttijd", text="Acht uur rust."
        )
        told = of("deviation:incident")[-1]
        assert (told.summary, told.data["severity"]) == ("", "ernstig")
        assert "Acht uur" not in str(told.data)
        assert "rusttijd" not in str(told.data)
        assert told.actor_id is None, "who reports stands in no list, feed or log"
        with pytest.raises(NotAllowed):
            service.handle_incident(stage.director, row, act, text="Klaar.")
        service.handle_incident(stage.cast.council, row, act, text="Besproken.")
        with pytest.raises(Conflict):
            service.handle_incident(stage.cast.council, row, act, text="Nog eens.")


def test_every_formal_act_enters_the_sealed_log(database: Database, stage: Stage) -> None:
    in_force(database, stage)
    with database.reading() as reading:
        acts = list(reading.scalars(select(LogEntry.act).order_by(LogEntry.position)))
    assert "deviation:created" not in acts, "a concept is the team's own"
    assert acts[-5:] == [
        "deviation:submitted",
        "position:recorded",
        "position:recorded",
        "position:recorded",
        "deviation:agreed",
    ]


def test_an_addendum_is_told_to_the_ministry(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted(basis="cao_addendum", basis_reason="Het raakt het pensioen.")
        stage.all_agree(version)
    with clock.at(morning(date(2026, 3, 5))), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        with pytest.raises(NotAllowed):
            service.record_ministry(stage.cast.lead, row, kind=ActKind.RECEIPT, on=date(2026, 3, 4))
        service.record_ministry(stage.secretary, row, kind=ActKind.NOTIFIED, on=date(2026, 3, 1))
        assert state_of(row) is State.AGREED
        service.record_ministry(stage.secretary, row, kind=ActKind.RECEIPT, on=date(2026, 3, 4))
        assert state_of(row) is State.IN_FORCE
        assert row.first_day == date(2026, 3, 5)
        assert version.annexes_shown_to is ShownTo.EVERYONE
