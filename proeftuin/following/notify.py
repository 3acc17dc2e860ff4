"""Telling people what happened: a job for each event, which adds one notice for each person concerned.

What must stay true: nobody hears of what they may not read at that moment, of what they did themselves, or of the
same event twice; a saved page does not wait for its followers, however many they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, insert, literal, or_, select, union

from proeftuin import clock
from proeftuin.accounts.models import Person, Role, RoleGrant
from proeftuin.accounts.watching import watchers
from proeftuin.db import session
from proeftuin.deviations.oversight import alerts
from proeftuin.events import service as events
from proeftuin.events.models import Event, Job, Subject, SubjectKind
from proeftuin.following import overdue, service
from proeftuin.following.changes import SORTS
from proeftuin.following.models import Follow, Notice
from proeftuin.pilots.models import TeamMember
from proeftuin.pilots.policy import readable_to
from proeftuin.talk.models import Comment, Thread
from proeftuin.wiki.suggestions import Suggestion

NOTIFY = "following.notify"
SILENT = frozenset(
    {"comment:edited", "comment:deleted", "outcome:measure", "pilot:opened", "pilot:team", "suggestion:withdrawn"}
)
"""Kinds that stand in recent changes and are not worth a notice (a pilot that opens also changes its state)."""
LOG_WRONG = "log:wrong"
FOR_SOME = frozenset({"alert:raised", overdue.QUESTION})
"""Kinds that are small to everyone but whom they are meant for."""
_PERSON: ColumnElement[int] = Person.__table__.c.id
_PREFIXES = tuple(beginning for each in SORTS.values() for beginning in each)


def hear(event: Event) -> None:
    """Put the telling of an event aside for after the commit, and let people follow what they started.

    What came in from elsewhere with its history is no news to anybody.
    """
    if event.data.get("imported"):
        return
    overdue.hear(event)
    _follow_own_work(event)
    is_told = not event.minor or event.kind in FOR_SOME
    if event.kind.startswith(_PREFIXES) and event.kind not in SILENT and is_told:
        events.enqueue(NOTIFY, key=str(event.id), event_id=event.id)


def notify(jobs: Sequence[Job]) -> None:
    """Add the notices of events, once for each person and event."""
    for job in jobs:
        event = session().get(Event, job.payload["event_id"])
        subject = session().get(Subject, event.subject_id) if event else None
        if event and subject and (event.kind not in overdue.KINDS or overdue.stands(event)):
            _tell(event, subject)
            overdue.was_told(event)


def _tell(event: Event, subject: Subject) -> None:
    """Write the notices in one statement, so that fifty thousand followers are no burden."""
    told = select(Notice.person_id).where(Notice.event_id == event.id)
    today = clock.today()
    people = (
        select(Person.id, literal(event.id), Subject.id, literal(False))
        .join(Subject, Subject.id == subject.id)  # beside the person: the criterion is about both
        .where(
            Person.id.in_(union(*_concerned(event, subject))),
            Person.id.not_in(told),
            Person.blocked_at.is_(None),
            or_(Person.ends_on.is_(None), Person.ends_on >= today),
            readable_to(_PERSON),
            *_not_the_actor(event),
        )
    )
    columns = ["person_id", "event_id", "subject_id", "is_read"]
    session().execute(insert(Notice).from_select(columns, people))


def _not_the_actor(event: Event) -> list[ColumnElement[bool]]:
    return [Person.id != event.actor_id] if event.actor_id is not None else []


def _concerned(event: Event, subject: Subject) -> list[Select[int]]:
    """Select who may want to know: followers, in a talk those to whom it is said, and who decides or suggested."""
    circle = [subject.circle_id] if subject.circle_id is not None else []
    if event.kind.startswith(SORTS["voorstellen"]) and event.kind != "suggestion:made":
        # Followers hear of the version that came of it.
        return [select(Suggestion.author_id).where(Suggestion.id == event.object_id)]
    if alone := _only_for(event):
        return alone
    people = [select(Follow.person_id).where(Follow.subject_id.in_([subject.id, *circle]))]
    if event.kind.startswith(SORTS["reacties"]):
        people += _spoken_to(event)
        asks = event.kind == "question:reopened" or bool(event.data.get("question"))
        if asks and circle:
            people.append(select(TeamMember.person_id).where(TeamMember.pilot_id == subject.circle_id))
    if event.kind == overdue.PROMISE:
        people += overdue.concerned(event)
    if event.kind == "suggestion:made":
        people.append(_deciders(subject))
    if event.kind == "alert:raised":
        people.append(_alerted(event))
    if event.kind in ("position:recorded", "position:confirmed"):
        people.append(alerts.concerned_by_position(event.subject_id))
    return people


def _only_for(event: Event) -> list[Select[int]]:
    """Select the only ones whom a kind is meant for, whoever follows what; nobody when it is meant for followers."""
    if event.kind == "alert:raised" and event.minor:
        return [_alerted(event)]
    if event.kind == overdue.QUESTION:
        return overdue.concerned(event)
    return [watchers()] if event.kind == LOG_WRONG else []


def _alerted(event: Event) -> Select[int]:
    """Select who gets the alert of an event."""
    return select(Person.id).where(Person.id.in_(alerts.recipients_of(event.object_id)))


def _deciders(subject: Subject) -> Select[int]:
    """Select who writes the page: its team, or HR and the works council for a page of the site."""
    if subject.circle_id is not None:
        return select(TeamMember.person_id).where(TeamMember.pilot_id == subject.circle_id)
    today = clock.today()
    return select(RoleGrant.person_id).where(
        RoleGrant.role.in_((Role.HR, Role.WORKS_COUNCIL)),
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )


def _spoken_to(event: Event) -> list[Select[int]]:
    """Select who asked the question of the thread, and who wrote what is replied to (else who began the thread)."""
    thread = select(Comment.thread_id).where(Comment.id == event.object_id).scalar_subquery()
    parent = select(Comment.parent_id).where(Comment.id == event.object_id).scalar_subquery()
    first = select(func.min(Comment.id)).where(Comment.thread_id == thread).scalar_subquery()
    asker: Select[int] = select(func.coalesce(Thread.asker_id, 0)).where(Thread.id == thread)
    writer: Select[int] = select(func.coalesce(Comment.author_id, 0)).where(
        Comment.id == func.coalesce(parent, first)
    )
    return [asker, writer]


def _follow_own_work(event: Event) -> None:
    """Let who begins a pilot or a page of the site follow it, and a member follow the pilot of the team."""
    if event.kind == "pilot:created" and event.actor_id is not None:
        service.start_following(event.actor_id, event.subject_id)
    added = event.data.get("added") if event.kind == "pilot:team" else None
    if isinstance(added, int):
        service.start_following(added, event.subject_id)
    if event.kind == "page:created" and event.actor_id is not None:
        subject = session().get(Subject, event.subject_id)
        if subject is not None and subject.kind is SubjectKind.PAGE and subject.circle_id is None:
            service.start_following(event.actor_id, event.subject_id)
