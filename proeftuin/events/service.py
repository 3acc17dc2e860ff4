"""Record what happened, tell who subscribed, and put aside what has to be done after the commit.

Subscribers run inside the transaction of the act and may only add rows (jobs); whatever leaves the process waits
in a job until the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.models import Audience, Event, Job, Subject, SubjectKind

Subscriber = Callable[[Event], None]

_subscribers: dict[str, Subscriber] = {}
_witnesses: dict[str, Subscriber] = {}


def subscribe(name: str, subscriber: Subscriber) -> None:
    """Let a function hear of every event, under a name (subscribing twice under a name replaces the first)."""
    _subscribers[name] = subscriber


def witness(name: str, see: Subscriber) -> None:
    """Let a function see every event when it is recorded, also one that is not told; it may only remember it."""
    _witnesses[name] = see


def create_subject(
    kind: SubjectKind, *, title: str, path: str, audience: Audience, circle_id: int | None = None
) -> Subject:
    """Add a subject and return it with its number. A pilot is its own circle: `circle_id` may be set afterwards."""
    subject = Subject(kind=kind, title=title, path=path, audience=Audience.EVERYONE, created_at=clock.now())
    session().add(subject)
    session().flush()  # the number is needed by the row that shares it
    subject.circle_id = circle_id if circle_id is not None or kind is not SubjectKind.PILOT else subject.id
    subject.audience = audience
    return subject


def record(
    actor_id: int | None,
    kind: str,
    subject_id: int,
    *,
    object_id: int | None = None,
    summary: str = "",
    minor: bool = False,
    **data: Any,
) -> Event:
    """Record an event of the present transaction and tell the subscribers."""
    happened = record_untold(actor_id, kind, subject_id, object_id=object_id, summary=summary, minor=minor, data=data)
    tell(happened)
    return happened


def record_untold(
    actor_id: int | None,
    kind: str,
    subject_id: int,
    *,
    object_id: int | None,
    summary: str,
    minor: bool,
    data: dict[str, Any],
) -> Event:
    """Record an event without telling anyone: one of many that come at once, of which the last is told (`tell`)."""
    happened = Event(
        at=clock.now(),
        kind=kind,
        subject_id=subject_id,
        actor_id=actor_id,
        object_id=object_id,
        summary=summary[:300],
        minor=minor,
        data=data,
    )
    session().add(happened)
    for see in _witnesses.values():
        see(happened)
    return happened


def tell(happened: Event) -> None:
    """Tell the subscribers of an event that was recorded."""
    session().flush()  # subscribers refer to the event by its number
    for subscriber in _subscribers.values():
        subscriber(happened)


def enqueue(kind: str, *, key: str = "", delay: timedelta = timedelta(), **payload: Any) -> Job:
    """Put a job aside for after the commit."""
    moment: datetime = clock.now()
    job = Job(kind=kind, key=key, payload=payload, created_at=moment, due_at=moment + delay)
    session().add(job)
    return job
