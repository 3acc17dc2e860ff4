"""The check of the night: what it finds is red for all who watch, once, until one of them closes it with a note."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from proeftuin import clock
from proeftuin.accounts.models import Role, RoleGrant
from proeftuin.audit import alerts, schedule
from proeftuin.audit.models import LogAlert, LogEntry
from proeftuin.audit.verifier import Finding
from proeftuin.db import Database, session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import jobs
from proeftuin.events.models import Event, Job
from proeftuin.following import service as following
from proeftuin.following.models import Notice
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import State
from tests.audit.test_guarded import disarm
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept

TODAY = clock.today()


def on(days: int, minutes: int = 40) -> datetime:
    return clock.start_of(TODAY + timedelta(days=days)) + timedelta(minutes=minutes)


@pytest.fixture
def acted(database: Database, cast: Cast) -> Cast:
    """Give the cast, after some formal acts; Esra is the privacy officer as well."""
    with database.transaction():
        session().add(RoleGrant(person_id=cast.hr.id, role=Role.PRIVACY_OFFICER, starts_on=TODAY))
        pilots.move(cast.lead, concept(cast), State.PREPARATION)
    return cast


def night(database: Database, days: int) -> None:
    """Do what waits for a night, but leave the letters to be read."""
    with clock.at(on(days)):
        with database.transaction() as work:
            batch = work.scalars(select(Job).where(Job.kind == schedule.CHECK)).all()
            assert [job.due_at for job in batch] == [on(days, 30)]
        with database.reading():
            jobs._handlers[schedule.CHECK](batch)
        with database.transaction() as work:
            for job in batch:
                work.delete(work.get_one(Job, job.id))


def spoil(database: Database, role: str = "bestuurder_wor") -> None:
    """Change an entry behind the back of the product."""
    with database.transaction() as work:
        disarm(work.connection())
        work.execute(text("UPDATE log_entry SET role = :role WHERE position = 2"), {"role": role})


def found(database: Database) -> list[LogAlert]:
    with database.reading() as reading:
        return list(reading.scalars(select(LogAlert).order_by(LogAlert.id)))


def test_a_good_log_raises_nothing_and_is_checked_every_night(database: Database, acted: Cast) -> None:
    for days in (1, 2, 3):
        night(database, days)
    assert found(database) == []


def test_a_night_that_was_missed_is_made_up_for(database: Database, acted: Cast) -> None:
    with clock.at(on(9, 700)):
        jobs.run_due(database)
        with database.reading() as reading:
            due = reading.scalars(select(Job.due_at).where(Job.kind == schedule.CHECK)).all()
    assert due == [on(10, 30)]


def test_what_the_check_finds_is_raised_once_and_named(database: Database, acted: Cast) -> None:
    spoil(database)
    night(database, 1)
    night(database, 2)
    alert, *others = found(database)
    assert others == []
    assert alert.findings[0][:3] == ["changed", 2, 2]
    assert alert.on == TODAY + timedelta(days=1)
    with database.reading() as reading:
        raised = reading.scalars(select(Event).where(Event.kind == alerts.RAISED)).all()
    assert [event.object_id for event in raised] == [alert.id]


def test_everyone_who_watches_is_told_and_mailed_with_the_reason(
    database: Database, acted: Cast, client: Client
) -> None:
    """Muting does not help: the council follows nothing and read all it was told; nobody of the employer is told."""
    with database.transaction():
        following.mark_read(acted.council)
    spoil(database)
    night(database, 1)
    with clock.at(on(1, 41)):
        with database.transaction():
            alerts.mail_out(session().scalars(select(Job).where(Job.kind == alerts.MAIL)).all())
            letters = {j.payload["to"]: j.payload for j in session().scalars(select(Job).where(Job.kind == "mail"))}
        jobs.run_due(database)
        watching = {acted.council.id, acted.union.id, acted.hr.id}
        with database.reading() as reading:
            raised = reading.scalars(select(Event.id).where(Event.kind == alerts.RAISED)).one()
            assert set(reading.scalars(select(Notice.person_id).where(Notice.event_id == raised))) == watching
        assert len(letters) == 3
        letter = letters["saskia.de.wit@oeverbrug.example"]
        assert letter["subject"] == "Rood: het logboek klopt niet"
        assert "regel 2 is veranderd" in letter["text"]
        assert "omdat je toezicht houdt" in letter["text"]
        page = client.as_(acted.union).get("/mijn/berichten").text
        assert "omdat je toezicht houdt" in page
        for actor in (acted.union, acted.colleague):
            assert "regel 2 is veranderd" in client.as_(actor).get("/logboek").text
            assert "keurde het logboek af" in client.as_(actor).get("/toezicht").text
    # Read, followed by nobody, the next night nothing new: it stays where it is.
    with database.transaction():
        following.mark_read(acted.council)
    night(database, 2)
    assert [alert.closed_at for alert in found(database)] == [None]


def test_only_a_monitor_closes_it_and_with_a_note(database: Database, acted: Cast, client: Client) -> None:
    spoil(database)
    night(database, 1)
    number = found(database)[0].id
    with clock.at(on(1, 600)):
        with database.transaction():
            for actor in (acted.admin, acted.hr, acted.lead, acted.colleague):
                with pytest.raises(NotAllowed):
                    alerts.close(actor, number, note="Niets aan de hand.")
            with pytest.raises(Invalid):
                alerts.close(acted.union, number, note=" ")
        assert "Sluit het signaal" not in client.as_(acted.admin).get("/logboek").text
        monitor = client.as_(acted.council)
        assert "Sluit het signaal" in monitor.get("/logboek").text
        answer = monitor.post(f"/logboek/signalen/{number}/sluiten", {"note": "Besproken met de FG."})
        assert answer.status_code == 303
        assert "Het logboek klopt niet" not in monitor.get("/logboek").text
        with database.transaction(), pytest.raises(Conflict):
            alerts.close(acted.union, number, note="Nog eens.")
    with database.reading() as reading:
        assert reading.scalars(select(LogEntry.act).order_by(LogEntry.position.desc())).first() == alerts.CLOSED
    night(database, 2)
    assert len(found(database)) == 1, "the same case is not raised again"


def test_another_change_is_another_case_and_a_log_that_is_right_again_stays_red_until_closed(
    database: Database, acted: Cast
) -> None:
    was = Finding("changed", 2, 2)
    with clock.at(on(1)), database.transaction():
        alerts.review([was])
    with clock.at(on(2)), database.transaction():
        alerts.review([])
        shown = alerts.list_open()
        assert [(each.is_settled, each.told) for each in shown] == [(True, ["regel 2 is veranderd"])]
    with clock.at(on(3)), database.transaction():
        alerts.review([was, Finding("missing", 3, 3)])
        assert len(alerts.list_open()) == 2
        for shown_one in alerts.list_open():
            alerts.close(acted.council, shown_one.id, note="Nagekeken.")
    with clock.at(on(4)), database.transaction():
        alerts.review([])
    with clock.at(on(5)), database.transaction():
        alerts.review([was])
        assert len(alerts.list_open()) == 1, "it was right in between, so this is a new case"
