"""The gates of a pilot: P3 and P4, and going on after a lapse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.acting import clerk
from proeftuin.deviations.models import Deviation
from proeftuin.errors import Invalid
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State, Transition
from proeftuin.pilots.states import Statements
from tests.client import Client
from tests.deviations.stage import FIRST, LAST, SUBMITTED, Stage, morning

READY: Statements = {"measured": True, "informed": True}


def test_a_pilot_waits_for_its_deviation(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted(valid_from=date(2026, 1, 20))
        pilot = session().get_one(Pilot, stage.pilot.id)
        stage.all_agree(version)
    with clock.at(morning(FIRST)), database.transaction():
        clerk.pass_time()
        pilot = session().get_one(Pilot, pilot.id)
        pilots.move(stage.cast.lead, pilot, State.RUNNING, **READY)
        assert pilot.state is State.RUNNING
    assert deviation.pilot_id == pilot.id


def test_without_its_deviation_it_starts_only_in_two_steps_and_without_the_rules(
    database: Database, stage: Stage
) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        stage.submitted()
    with clock.at(morning(FIRST)), database.transaction():
        pilot = session().get_one(Pilot, stage.pilot.id)
        with pytest.raises(Invalid, match=r"AFW-2026-01 \(voorgelegd\)") as refused:
            pilots.move(stage.cast.lead, pilot, State.RUNNING, **READY)
        assert set(refused.value.fields) == {"without_rules"}
        unsure: Statements = {**READY, "without_rules": "We houden de cao aan."}
        with pytest.raises(Invalid) as refused:
            pilots.move(stage.cast.lead, pilot, State.RUNNING, **unsure)
        assert set(refused.value.fields) == {"is_sure"}
        sure: Statements = {**READY, "without_rules": "We houden de cao aan.", "is_sure": True}
        pilots.move(stage.cast.lead, pilot, State.RUNNING, **sure)
        made = session().scalars(select(Transition).order_by(Transition.id.desc())).first()
        assert made is not None
        assert made.statements["without_rules"] == "We houden de cao aan."


def test_a_deviation_that_begins_later_is_not_needed_yet(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        stage.submitted()
        pilot = session().get_one(Pilot, stage.pilot.id)
        pilots.move(stage.cast.lead, pilot, State.RUNNING, **READY)
        assert pilot.state is State.RUNNING


def test_a_pilot_that_lapsed_goes_on_only_without_the_rules(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        _, version = stage.submitted()
        stage.all_agree(version)
    with clock.at(morning(FIRST)), database.transaction():
        clerk.pass_time()
        pilots.move(stage.cast.lead, session().get_one(Pilot, stage.pilot.id), State.RUNNING, **READY)
    with clock.at(morning(LAST + timedelta(days=2))), database.transaction():
        clerk.pass_time()
        pilot = session().get_one(Pilot, stage.pilot.id)
        assert pilot.state is State.PAUSED
        with pytest.raises(Invalid, match="vervallen"):
            pilots.move(stage.cast.lead, pilot, State.RUNNING, reason="Verder.")
        words: Statements = {"without_rules": "Alleen het overleg gaat door.", "is_sure": True}
        made = pilots.move(stage.cast.lead, pilot, State.RUNNING, reason="Verder.", **words)
        assert made.to_state is State.RUNNING


def test_what_was_withdrawn_is_needed_no_more(database: Database, stage: Stage) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, _ = stage.submitted()
        service.withdraw(stage.cast.lead, session().get_one(Deviation, deviation.id), reason="Niet nodig.")
    with clock.at(morning(FIRST)), database.transaction():
        made = pilots.move(stage.cast.lead, session().get_one(Pilot, stage.pilot.id), State.RUNNING, **READY)
        assert made.to_state is State.RUNNING


def test_the_screen_asks_twice(database: Database, stage: Stage, client: Client) -> None:
    with clock.at(morning(SUBMITTED)), database.transaction():
        stage.submitted(valid_from=date(2026, 1, 13))
    with clock.at(morning(FIRST)):
        lead = client.as_(stage.cast.lead)
        path = f"/proeftuinen/{stage.pilot.slug}/fase"
        page = lead.get(f"{path}?naar=lopend")
        assert "Niet van kracht: voorgelegd" in page.text
        form = {"to": "lopend", "measured": "1", "informed": "1", "on": FIRST.isoformat()}
        refused = lead.post(path, {**form, "without_rules": "Het kan ook zo."})
        assert refused.status_code == 422
        assert "Weet je het zeker?" in refused.text
        assert "Het kan ook zo." in refused.text
        assert lead.post(path, {**form, "without_rules": "Het kan ook zo.", "is_sure": "1"}).status_code == 303
