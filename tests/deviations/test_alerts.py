"""Alerts: raised once for one cause, told to whom it concerns and why, closed by a monitor only."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Base, Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import clerk
from proeftuin.deviations.models import Alert, Deviation, Version
from proeftuin.deviations.oversight import alerts
from proeftuin.deviations.oversight.alert_rules import RULES, Code, Level, To
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import PositionStatus, Severity
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import jobs
from proeftuin.events.models import Event, Job
from proeftuin.following.models import Notice
from proeftuin.i18n import speaking
from proeftuin.pilots import participation
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import ParticipantCount, Participation, Pilot, State
from proeftuin.pilots.states import Statements
from tests.deviations.stage import FIRST, LAST, SUBMITTED, Stage, morning


def open_alerts() -> dict[str, Alert]:
    return {alert.code: alert for alert in session().scalars(alerts.is_open().order_by(Alert.id))}


def in_force(database: Database, stage: Stage, **fields: Any) -> int:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted(**fields)
        stage.all_agree(version)
    with clock.at(morning(FIRST)), database.transaction():
        clerk.pass_time()
        pilot = session().get_one(Pilot, stage.pilot.id)
        pilots.move(stage.cast.lead, pilot, State.RUNNING, measured=True, informed=True)
    return deviation.id


def test_every_code_has_a_row_a_sentence_and_a_reason(database: Database) -> None:
    assert set(RULES) == set(Code)
    with database.reading():
        deviation = Deviation(code="AFW-2026-01", title="Iets")
        for language in ("nl", "en"):
            with speaking(language):
                for code in Code:
                    assert "AFW-2026-01" in alerts.sentence(Alert(code=code.value), deviation)
                for to in To:
                    assert alerts.why(to)


def test_a_submission_asks_each_party_until_it_answers(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        asked = session().scalars(alerts.is_open().where(Alert.code == Code.SUBMITTED.value)).all()
        assert {alert.party_id for alert in asked} == set(stage.cast.parties.values())
        stage.says(stage.cast.union, "schakel", version, PositionStatus.CONSIDERING)
        asked = session().scalars(alerts.is_open().where(Alert.code == Code.SUBMITTED.value)).all()
        assert stage.cast.parties["schakel"] not in {alert.party_id for alert in asked}


def test_the_response_date_is_told_twice_before_and_once_after(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        respond_by = version.respond_by
    counts = []
    for days in (15, 14, 3, 0, -1):
        with clock.at(morning(respond_by - timedelta(days=days))), database.transaction():
            clerk.pass_time()
            mine = select(Alert).where(
                Alert.code == Code.RESPOND.value, Alert.party_id == stage.cast.parties["schakel"]
            )
            counts.append(len(session().scalars(mine).all()))
    assert counts == [0, 1, 2, 2, 3]
    with database.reading():
        rows = session().scalars(mine.order_by(Alert.id)).all()
        deviation = session().get_one(Deviation, rows[0].deviation_id)
        day = respond_by.strftime("%d-%m-%Y")
        asked = f"De reactietermijn van AFW-2026-01 loopt af: een antwoord is gevraagd t/m {day}."
        passed = f"De reactietermijn van AFW-2026-01 is voorbij: een antwoord was gevraagd t/m {day}."
        assert [alerts.sentence(row, deviation) for row in rows] == [asked, asked, passed]
        events = session().scalars(select(Event).where(Event.object_id == rows[-1].id, Event.kind == "alert:raised"))
        assert [event.data["to"] for event in events] == ["reactietermijn_voorbij"]


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        (61, set()),
        (60, {Code.EXPIRES_60}),
        (30, {Code.EXPIRES_60, Code.EXPIRES_30}),
        (7, {Code.EXPIRES_60, Code.EXPIRES_30, Code.EXPIRES_7}),
    ],
)
def test_an_end_is_told_in_time(database: Database, stage: Stage, days: int, codes: set[Code]) -> None:
    in_force(database, stage, conditions=())
    with clock.at(morning(LAST - timedelta(days=days))), database.transaction():
        clerk.pass_time()
        found = {Code(code) for code in open_alerts()} & {Code.EXPIRES_60, Code.EXPIRES_30, Code.EXPIRES_7}
        assert found == codes


def test_a_lapse_reaches_everyone_involved(database: Database, stage: Stage) -> None:
    """Chapter 12, check 3, and 4.1: lead, HR, parties, council and every participant, each with the reason why."""
    number = in_force(database, stage, conditions=())
    with database.transaction():
        session().add(Participation(pilot_id=stage.pilot.id, person_id=stage.cast.colleague.id, since=FIRST))
    with clock.at(clock.start_of(LAST + timedelta(days=1))):
        with database.transaction():
            clerk.pass_time()
            alert = open_alerts()[Code.LAPSED]
            assert alert.deviation_id == number
            told = alerts.recipients(alert)
            assert told == {
                stage.cast.lead.id: To.LEAD,
                stage.cast.hr.id: To.HR,
                stage.director.id: To.PARTIES,
                stage.cast.union.id: To.PARTIES,
                stage.cast.council.id: To.PARTIES,
                stage.cast.colleague.id: To.PARTICIPANTS,
            }
            event = (
                session().scalars(select(Event).where(Event.kind == "alert:raised").order_by(Event.id.desc())).first()
            )
            assert event is not None
            assert "participants" not in str(event.data)
        jobs.run_due(database)
        with database.transaction():
            raised = (
                session()
                .scalars(select(Event.id).where(Event.kind == "alert:raised", Event.object_id == alert.id))
                .one()
            )
            noticed = set(session().scalars(select(Notice.person_id).where(Notice.event_id == raised)))
            assert noticed >= set(told)


def test_too_many_participants_is_red_and_names_nobody(database: Database, stage: Stage) -> None:
    """Chapter 12, check 7."""
    number = in_force(database, stage)
    with clock.at(morning(date(2026, 4, 1))), database.transaction():
        session().merge(ParticipantCount(pilot_id=stage.pilot.id, number=14))
        clerk.pass_time()
        alert = open_alerts()[Code.TOO_MANY]
        assert (alert.level, alert.deviation_id) == (Level.RED, number)
        assert alert.data == {}


def test_who_joins_as_one_too_many_is_noticed_at_once_and_named_nowhere(database: Database, stage: Stage) -> None:
    """Chapter 12, check 7: nobody waits for another act or for midnight."""
    number = in_force(database, stage)
    everywhere = {table.name for table in Base.metadata.sorted_tables}
    with clock.at(morning(date(2026, 4, 1))):
        with database.transaction():
            pilot = session().get_one(Pilot, stage.pilot.id)
            participation.count_elsewhere(stage.cast.lead, pilot, count=12)
            assert Code.TOO_MANY not in open_alerts()
        before = {name: _rows(database, name) for name in everywhere}
        with database.transaction():
            participation.join(stage.cast.colleague, session().get_one(Pilot, stage.pilot.id))
            alert = open_alerts()[Code.TOO_MANY]
            assert (alert.level, alert.deviation_id, alert.on) == (Level.RED, number, date(2026, 4, 1))
            assert Flag.TOO_MANY in session().get_one(Deviation, number).flags
            assert session().scalars(select(Job).where(Job.kind == alerts.MAIL)).all()[-1].payload == {
                "alert_id": alert.id
            }
    who = stage.cast.colleague
    for name in everywhere - {"participation"}:
        for row in _rows(database, name) - before[name]:
            assert who.name not in row, name
            assert f"'actor_id': {who.id}," not in row, name
            assert f"'person_id': {who.id}," not in row, name
    with clock.at(morning(date(2026, 4, 2))), database.transaction():
        participation.leave(stage.cast.colleague, session().get_one(Pilot, stage.pilot.id))
        assert Flag.TOO_MANY not in session().get_one(Deviation, number).flags
        alert = open_alerts()[Code.TOO_MANY]
        assert alert.settled_on == date(2026, 4, 2), "its cause is gone; it stays until a monitor closes it"


def _rows(database: Database, name: str) -> set[str]:
    with database.reading():
        return {str(dict(row._mapping)) for row in session().execute(select(Base.metadata.tables[name]))}


def test_when_joining_is_undone_so_is_the_alert(database: Database, stage: Stage) -> None:
    in_force(database, stage)
    with clock.at(morning(date(2026, 4, 1))):
        with suppress(KeyError), database.transaction():
            participation.count_elsewhere(stage.cast.lead, session().get_one(Pilot, stage.pilot.id), count=13)
            assert Code.TOO_MANY in open_alerts()
            raise KeyError
        with database.reading():
            assert Code.TOO_MANY not in open_alerts()


def test_a_red_alert_is_closed_by_a_monitor_with_a_note(database: Database, stage: Stage) -> None:
    in_force(database, stage)
    with clock.at(morning(date(2026, 4, 1))), database.transaction():
        row = session().merge(ParticipantCount(pilot_id=stage.pilot.id, number=14))
        clerk.pass_time()
        alert = open_alerts()[Code.TOO_MANY]
        for actor in (stage.cast.lead, stage.cast.hr, stage.director, stage.secretary, stage.cast.admin):
            with pytest.raises(NotAllowed):
                alerts.close(actor, alert, note="Opgelost.")
        row.number = 12
        clerk.pass_time()
        assert Code.TOO_MANY in open_alerts(), "it stays although its cause is gone"
        assert alert.settled_on == date(2026, 4, 1)
        with pytest.raises(Invalid):
            alerts.close(stage.cast.union, alert, note=" ")
        alerts.close(stage.cast.union, alert, note="Twee zijn er gestopt.")
        assert Code.TOO_MANY not in open_alerts()
        with pytest.raises(Conflict):
            alerts.close(stage.cast.council, alert, note="Nog eens.")
        told = session().scalars(select(Event).where(Event.kind == "alert:closed")).one()
        assert told.summary == "Twee zijn er gestopt."


def test_a_cause_that_comes_back_after_its_alert_was_closed_raises_another(database: Database, stage: Stage) -> None:
    in_force(database, stage)

    def counted(day: date, number: int) -> Alert | None:
        with clock.at(morning(day)), database.transaction():
            session().merge(ParticipantCount(pilot_id=stage.pilot.id, number=number))
            clerk.pass_time()
            return open_alerts().get(Code.TOO_MANY)

    first = counted(date(2026, 4, 1), 14)
    assert first is not None
    with clock.at(morning(date(2026, 4, 2))), database.transaction():
        alerts.close(stage.cast.union, session().get_one(Alert, first.id), note="Besproken.")
    assert counted(date(2026, 4, 3), 15) is None, "it was closed, and nothing changed"
    assert counted(date(2026, 4, 4), 12) is None
    for day, before in ((5, first), (6, first)):
        again = counted(date(2026, 4, day), 14)
        assert again is not None
        assert (again.id != before.id, again.on) == (True, date(2026, 4, 5)), "once, on the day on which it came back"


def test_starting_without_the_deviation_is_red(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        stage.submitted()
    with clock.at(morning(FIRST)), database.transaction():
        pilot = session().get_one(Pilot, stage.pilot.id)
        sure: Statements = {
            "measured": True,
            "informed": True,
            "without_rules": "We houden de cao aan.",
            "is_sure": True,
        }
        pilots.move(stage.cast.lead, pilot, State.RUNNING, **sure)
        alert = open_alerts()[Code.STARTED_WITHOUT]
        assert set(alerts.recipients(alert)) == {stage.cast.union.id, stage.cast.council.id}


def test_a_serious_report_goes_to_council_and_unions_until_it_is_handled(database: Database, stage: Stage) -> None:
    number = in_force(database, stage)
    with clock.at(morning(date(2026, 4, 1))), database.transaction():
        row = session().get_one(Deviation, number)
        report = service.report_incident(
            stage.cast.colleague, row, severity=Severity.SERIOUS, about="rusttijd", text="Acht uur rust."
        )
        alert = open_alerts()[Code.SERIOUS_REPORT]
        assert set(alerts.recipients(alert)) == {stage.cast.union.id, stage.cast.council.id}
        service.handle_incident(stage.cast.council, row, report, text="Besproken.")
        assert alert.settled_on is not None


def test_letters_go_out_in_the_language_of_the_reader_and_say_why(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)):
        with database.transaction():
            stage.submitted()
            assert session().scalars(select(Job).where(Job.kind == alerts.MAIL)).all()
        with database.transaction():
            alerts.mail_out(session().scalars(select(Job).where(Job.kind == alerts.MAIL)).all())
            letters = [job.payload for job in session().scalars(select(Job).where(Job.kind == "mail"))]
    assert len(letters) == len(stage.cast.parties)
    for letter in letters:
        assert "AFW-2026-01" in letter["subject"]
        assert "omdat je voor deze partij tekent" in letter["text"]
        assert "/afwijkingen/AFW-2026-01" in letter["text"]


def test_a_night_raises_nothing_twice(database: Database, stage: Stage) -> None:
    in_force(database, stage)
    with clock.at(morning(LAST - timedelta(days=5))), database.transaction():
        clerk.pass_time()
        before = [alert.key for alert in session().scalars(select(Alert))]
        clerk.pass_time()
        assert [alert.key for alert in session().scalars(select(Alert))] == before
        assert session().scalars(select(Version)).all()
