"""What administrators did, as events of the site itself: who, when, what kind, and the names concerned.

What must stay true: no address, no mail and no password ends up in an event, because events are never removed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events import service
from proeftuin.events.models import Event, Subject, SubjectKind

_SITE = select(Subject.id).where(Subject.kind == SubjectKind.SITE)


def record(actor: Actor | None, kind: str, object_id: int, *, summary: str, **data: Any) -> Event:
    """Record an act of an administrator (or of the command line) as `admin:<kind>`."""
    actor_id = actor.id if actor else None
    site_id = session().execute(_SITE).scalar_one()
    return service.record(actor_id, f"admin:{kind}", site_id, object_id=object_id, summary=summary, **data)
