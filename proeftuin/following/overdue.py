"""What waits too long: promises whose day is over, and questions that nobody answered for two weeks (domain 6.2).

The event that tells of it is all that is kept. What must stay true: it is told once for each case, by the nightly
job, in the order of the days, also after nights that were missed; when the cause is gone before people were told,
they are not told any more, and what they did not read yet asks for no attention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update

from proeftuin import clock, config, i18n
from proeftuin.accounts import mail
from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.events import nightly
from proeftuin.events import service as events
from proeftuin.events.models import Event, Job, Subject
from proeftuin.following.models import Notice
from proeftuin.i18n import _
from proeftuin.pilots.models import Pilot, Promise, PromiseState, State, TeamMember
from proeftuin.talk.models import Capacity, Comment, Thread, ThreadState

NIGHT = "overdue"
MAIL = "overdue-mail"
PROMISE, QUESTION = "pilot:promise_late", "question:unanswered"
KINDS = (PROMISE, QUESTION)
PATIENCE = timedelta(days=14)
BY_WHO_TAKES_PART = (Capacity.PARTICIPANT, Capacity.TEAM)
"""In which capacities a question is no question of somebody outside."""
_ABOUT = ("pilot:promise", "comment:", "question:")


class Case(NamedTuple):
    """Something that waits too long since a day; `since` is the same as long as the case is."""

    on: date
    kind: str
    subject_id: int
    number: int
    since: str
    summary: str
    thread_id: int | None


def pass_time() -> int:
    """Tell of every case that nobody told of yet, and return how many there were."""
    cases = sorted([*_late_promises(), *_old_questions()])
    told = _told({case.number for case in cases})
    new = [case for case in cases if (case.kind, case.number, case.since) not in told]
    for case in new:
        more: dict[str, Any] = {"thread_id": case.thread_id} if case.thread_id is not None else {}
        events.record(
            None,
            case.kind,
            case.subject_id,
            object_id=case.number,
            summary=case.summary,
            minor=case.kind == QUESTION,  # it is said to the team, and is no news to others
            on=case.on.isoformat(),
            since=case.since,
            **more,
        )
    return len(new)


def _late_promises() -> Iterator[Case]:
    query = (
        select(Promise)
        .join(Pilot, Pilot.id == Promise.pilot_id)
        .join(Subject, Subject.id == Pilot.id)
        .where(
            Promise.state == PromiseState.OPEN,
            Promise.due_on < clock.today(),
            Pilot.state != State.ARCHIVED,
            Subject.is_gone.is_(False),
        )
    )
    for promise in session().scalars(query):
        on = promise.due_on + timedelta(days=1)
        yield Case(on, PROMISE, promise.pilot_id, promise.id, promise.due_on.isoformat(), promise.text, None)


def _old_questions() -> Iterator[Case]:
    first = select(func.min(Comment.id)).where(Comment.thread_id == Thread.id).correlate(Thread).scalar_subquery()
    query = (
        select(Thread.id, Thread.subject_id, Thread.opened_at, Comment.id)
        .join(Comment, Comment.id == first)
        .join(Subject, Subject.id == Thread.subject_id)
        .join(Pilot, Pilot.id == Subject.circle_id)  # a question under a page of the site has no team
        .where(
            Thread.state == ThreadState.OPEN,
            Thread.opened_at < clock.end_of(clock.today() - PATIENCE),
            Comment.capacity.not_in(BY_WHO_TAKES_PART),
            Pilot.state != State.ARCHIVED,
            Subject.is_gone.is_(False),
        )
    )
    for thread_id, subject_id, opened_at, number in session().execute(query):
        if opened_at is not None:  # a question always has its day; the column is empty for talk
            on = clock.day_of(opened_at) + PATIENCE
            yield Case(on, QUESTION, subject_id, number, opened_at.isoformat(), "", thread_id)


def _told(numbers: set[int]) -> set[tuple[str, int | None, str]]:
    rows = session().execute(
        select(Event.kind, Event.object_id, Event.data).where(Event.kind.in_(KINDS), Event.object_id.in_(numbers))
    )
    return {(kind, number, str(data.get("since"))) for kind, number, data in rows}


def stands(event: Event) -> bool:
    """Return whether what an event tells of is still so."""
    since = event.data.get("since")
    if event.kind == PROMISE:
        promise = session().get(Promise, event.object_id)
        return promise is not None and promise.state is PromiseState.OPEN and promise.due_on.isoformat() == since
    thread = session().get(Thread, event.data.get("thread_id"))
    if thread is None or thread.state is not ThreadState.OPEN or thread.opened_at is None:
        return False
    return thread.opened_at.isoformat() == since


def hear(event: Event) -> None:
    """See to it that a job waits for midnight, and let a case end with its cause."""
    if event.kind in KINDS or not event.kind.startswith(_ABOUT):
        return
    nightly.ensure(NIGHT)
    kind, number = PROMISE, event.object_id
    thread_id = event.data.get("thread_id")
    if thread_id is not None:
        number = session().scalar(select(func.min(Comment.id)).where(Comment.thread_id == thread_id))
        kind = QUESTION
    for told in session().scalars(select(Event).where(Event.kind == kind, Event.object_id == number)).all():
        if not stands(told):
            session().execute(
                update(Notice).where(Notice.event_id == told.id, Notice.is_read.is_(False)).values(is_read=True)
            )


def do_job(_jobs: Sequence[Job]) -> None:
    """Tell of what waits too long, and put the job of the coming night aside."""
    pass_time()
    nightly.put_aside(NIGHT)


# ---- letters: a late promise asks something of people, an old question does not


def was_told(event: Event) -> None:
    """Put the letters about an event aside; whom it was told to is known now."""
    if event.kind == PROMISE:
        events.enqueue(MAIL, key=str(event.id), event_id=event.id)


def mail_out(jobs: Sequence[Job]) -> None:
    """Put a letter aside for everyone who was told of a late promise, unless it was settled since."""
    for job in jobs:
        event = session().get_one(Event, job.payload["event_id"])
        promise = session().get(Promise, event.object_id)
        if promise is None or not stands(event):
            continue
        pilot = session().get_one(Subject, event.subject_id)
        people = select(Person).join(Notice, Notice.person_id == Person.id).where(Notice.event_id == event.id)
        for person in session().scalars(people.order_by(Person.id)).all():
            _write(person, promise, pilot)


def concerned(event: Event) -> list[Select[int]]:
    """Select who hears of it besides those who follow: the team, or who sees to the promise (else who leads)."""
    if event.kind == QUESTION:
        pilot = select(Subject.circle_id).where(Subject.id == event.subject_id)
        return [select(TeamMember.person_id).where(TeamMember.pilot_id.in_(pilot))]
    owner: Select[Any] = select(Promise.owner_id).where(Promise.id == event.object_id, Promise.owner_id.is_not(None))
    has_none = select(Promise.id).where(Promise.id == event.object_id, Promise.owner_id.is_(None)).exists()
    leads = select(TeamMember.person_id).where(TeamMember.pilot_id == event.subject_id, TeamMember.is_lead, has_none)
    return [owner, leads]


def _write(person: Person, promise: Promise, pilot: Subject) -> None:
    with i18n.speaking(person.language):
        told = _("Een belofte van de proeftuin “%(title)s” is te laat.", title=pilot.title)
        link = f"{config.current().base_url}{pilot.path}/beloften"
        greeting = _("Dag %(name)s,", name=person.name)
        what = _("Beloofd voor %(day)s: %(text)s", day=promise.due_on.isoformat(), text=promise.text)
        paragraphs = [greeting, told, what, link, _why(person, promise)]
        mail.send(to=person.email, subject=told, text="\n\n".join(paragraphs))


def _why(person: Person, promise: Promise) -> str:
    if promise.owner_id == person.id:
        return _("Je krijgt dit omdat jij voor deze belofte zorgt.")
    leads = select(TeamMember.id).where(
        TeamMember.pilot_id == promise.pilot_id, TeamMember.person_id == person.id, TeamMember.is_lead
    )
    if promise.owner_id is None and session().scalar(leads) is not None:
        return _("Je krijgt dit omdat je trekker bent en niemand anders voor deze belofte zorgt.")
    return _("Je krijgt dit omdat je deze proeftuin volgt.")
