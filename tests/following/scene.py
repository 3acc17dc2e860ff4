"""A pilot that is open, with a page and its talk, made by the services that colleagues use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events import jobs
from proeftuin.events.models import Event, Subject
from proeftuin.pilots import queries as pilot_queries
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import State
from proeftuin.pilots.policy import capacities
from proeftuin.talk import service as talk
from proeftuin.talk.models import Comment, Thread
from proeftuin.talk.policy import voices
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import Page, PageKind
from tests.cast import Cast

PLAN = {
    "summary": "Een budget voor wie met de trein komt.",
    "question": "Reizen mensen anders als ze zelf kiezen?",
    "hypothesis": "Als mensen een budget krijgen, dan reizen ze vaker met de trein, omdat het hun iets oplevert.",
    "fallback": "De oude regeling geldt weer.",
    "voluntariness": "Meedoen is vrij.",
}


@dataclass
class Scene:
    """An open pilot of Geotechniek, led by `cast.lead` with `cast.member`, and acts that can be done in it."""

    database: Database
    cast: Cast
    pilot_id: int
    slug: str
    path: str

    @contextmanager
    def act(self) -> Iterator[None]:
        """Do something as one transaction, then the jobs that follow from it."""
        with self.database.transaction():
            yield
        jobs.run_due(self.database)

    def page(self, title: str = "De maatstaven", *, by: Actor | None = None, restricted: bool = False) -> int:
        """Make a page and return its number."""
        with self.act():
            made = wiki.create_page(
                by or self.cast.lead,
                self.pilot_id,
                title=title,
                text="Zo meten we het.",
                kind=PageKind.PLAIN,
                summary="Begin gemaakt",
                restricted=restricted,
            )
            return made.id

    def save(
        self, page_id: int, text: str, *, summary: str = "", minor: bool = False, by: Actor | None = None
    ) -> None:
        """Save a page over its newest version."""
        with self.act():
            row = session().get_one(Page, page_id)
            wiki.save_page(self.cast.lead, row, base=row.current, text=text, summary=summary, minor=minor)

    def ask(
        self, by: Actor, text: str, *, subject_id: int | None = None, title: str = "", question: bool = True
    ) -> int:
        """Start a thread and return its number."""
        with self.act():
            subject = session().get_one(Subject, subject_id or self.pilot_id)
            thread = talk.start_thread(by, subject, title=title, text=text, is_question=question, **self._voice(by))
            return thread.id

    def reply(
        self, by: Actor, thread_id: int, text: str, *, parent_id: int | None = None, answers: bool = False
    ) -> int:
        """Reply in a thread and return the number of the comment; `answers` makes it the answer of the team."""
        with self.act():
            thread = session().get_one(Thread, thread_id)
            voice = self._voice(by)
            comment = talk.reply(by, thread, text=text, parent_id=parent_id, **voice)
            if answers:
                talk.answer(by, thread, comment, allowed=voice["allowed"])
            return comment.id

    def first_comment(self, thread_id: int) -> int:
        """Return the number of the comment with which a thread began."""
        with self.database.reading() as reading:
            found = reading.scalar(select(Comment.id).where(Comment.thread_id == thread_id).order_by(Comment.id))
        assert found is not None
        return found

    def newest_event(self) -> int:
        """Return the number of the last event."""
        with self.database.reading() as reading:
            return reading.scalars(select(Event.id).order_by(Event.id.desc())).first() or 0

    def _voice(self, actor: Actor) -> dict[str, Any]:
        allowed = capacities(actor, pilot_queries.standing(actor, self.pilot_id))
        usual = voices(actor, allowed, in_pilot=True)[0]
        return {"capacity": usual.capacity, "party_id": usual.party_id, "allowed": allowed}


def build(database: Database, cast: Cast, title: str = "Groen reisbudget", *, opened: bool = True) -> Scene:
    """Begin a pilot with a team, open to all employees unless told otherwise."""
    with database.transaction():
        pilot = pilots.create_pilot(
            cast.lead, title=title, department_id=cast.geo, theme_ids=(cast.themes["belonen"],), **PLAN
        )
        pilots.add_member(cast.lead, pilot, cast.member.id)
        if opened:
            pilots.move(cast.lead, pilot, State.PREPARATION, on=clock.today(), reason="")
        pilot_id = pilot.id
    jobs.run_due(database)
    with database.reading() as reading:
        path = reading.get_one(Subject, pilot_id).path
    return Scene(database, cast, pilot_id, path.rsplit("/", 1)[1], path)
