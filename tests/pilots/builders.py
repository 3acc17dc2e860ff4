"""Pilots for tests, made through the real services. Call them inside a unit or a transaction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from proeftuin import clock
from proeftuin.db import Database
from proeftuin.pilots import service
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.plan import QUESTIONS
from tests.cast import Cast


def concept(cast: Cast, title: str = "Vergadervrije donderdag", **fields: Any) -> Pilot:
    """A concept of Willemijn with Bilal in the team, complete enough to be opened."""
    today = clock.today()
    plan: dict[str, Any] = {
        "department_id": cast.geo,
        "theme_ids": [cast.themes["belonen"]],
        "summary": "Op donderdag vergadert niemand.",
        "starts_on": today - timedelta(days=83),
        "ends_on": today + timedelta(days=281),
        **{name: f"Antwoord op {name}." for name in QUESTIONS},
        **fields,
    }
    pilot = service.create_pilot(cast.lead, title=title, **plan)
    service.add_member(cast.lead, pilot, cast.member.id)
    return pilot


def prepared(cast: Cast, title: str = "Vergadervrije donderdag", **fields: Any) -> Pilot:
    """A pilot in preparation, which everyone can read."""
    pilot = concept(cast, title, **fields)
    service.move(cast.lead, pilot, State.PREPARATION)
    return pilot


def running(cast: Cast, title: str = "Vergadervrije donderdag", **fields: Any) -> Pilot:
    """A running pilot."""
    pilot = prepared(cast, title, **fields)
    service.move(cast.lead, pilot, State.RUNNING, measured=True, informed=True)
    return pilot


def completed(cast: Cast, title: str = "Vergadervrije donderdag") -> Pilot:
    """A pilot that came to its end."""
    pilot = running(cast, title)
    service.move(cast.lead, pilot, State.COMPLETED)
    return pilot


def stored(database: Database, build: Any, cast: Cast, *args: Any, **fields: Any) -> Pilot:
    """Build a pilot in a transaction of its own, for tests over HTTP."""
    with database.transaction() as session:
        pilot: Pilot = build(cast, *args, **fields)
        session.flush()
        session.expunge(pilot)
    return pilot


def day(text: str) -> date:
    """A day as it is written in a form."""
    return date.fromisoformat(text)
