"""A pilot with a page and a page of its team, and people who talk about them, through the services of the product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events.models import Event, Subject
from proeftuin.pilots import policy as pilots_policy
from proeftuin.pilots import queries as pilot_queries
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.talk import service
from proeftuin.talk.models import Capacity, Comment, CommentVersion, Thread
from proeftuin.talk.policy import voices
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from tests.cast import Cast

PLAN = {
    "summary": "Drie teams verdelen zelf de helft.",
    "question": "Voelt zelf verdelen eerlijker?",
    "hypothesis": "Als een team zelf verdeelt, dan voelt dat eerlijker, omdat het zag wie wat deed.",
    "fallback": "De oude regeling geldt weer.",
    "voluntariness": "Meedoen is vrij.",
}


def at(day: int, *, month: int = 3, hour: int = 9) -> datetime:
    """Return a moment in 2026, in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@dataclass
class Scene:
    """An open pilot led by `cast.lead` with `cast.member`, one open page and one for the team only."""

    database: Database
    cast: Cast
    pilot_id: int
    slug: str
    page_id: int
    page_slug: str
    restricted_id: int
    restricted_slug: str

    @property
    def path(self) -> str:
        return f"/proeftuinen/{self.slug}"

    def allowed(self, actor: Actor) -> list[Capacity]:
        """Return in which capacities the actor may speak in the pilot now."""
        return pilots_policy.capacities(actor, pilot_queries.standing(actor, self.pilot_id))

    def ask(
        self,
        actor: Actor,
        text: str = "Waar zijn de cijfers?",
        *,
        title: str = "",
        about: int | None = None,
        question: bool = True,
    ) -> tuple[int, int]:
        """Start a thread and return its number and that of its first comment."""
        with self.database.transaction():
            subject = session().get_one(Subject, about or self.pilot_id)
            voice = voices(actor, self.allowed(actor), in_pilot=True)[0]
            thread = service.start_thread(
                actor,
                subject,
                title=title,
                text=text,
                capacity=voice.capacity,
                party_id=voice.party_id,
                allowed=self.allowed(actor),
                is_question=question,
            )
            first = session().scalars(select(func.min(Comment.id)).where(Comment.thread_id == thread.id)).one()
            return thread.id, first

    def reply(
        self,
        actor: Actor,
        thread_id: int,
        text: str = "Dat zoeken we uit.",
        *,
        to: int | None = None,
        answers: bool = False,
        capacity: Capacity | None = None,
    ) -> int:
        """Reply in a thread and return the number of the comment."""
        with self.database.transaction():
            voice = voices(actor, self.allowed(actor), in_pilot=True)[0]
            comment = service.reply(
                actor,
                session().get_one(Thread, thread_id),
                text=text,
                capacity=capacity or voice.capacity,
                party_id=None if capacity else voice.party_id,
                allowed=self.allowed(actor),
                parent_id=to,
                is_answer=answers,
            )
            return comment.id

    def edit(self, actor: Actor, comment_id: int, text: str, *, base: int = 1) -> None:
        """Give a comment another text."""
        with self.database.transaction():
            comment = session().get_one(Comment, comment_id)
            service.edit_comment(actor, comment, text=text, base=base, allowed=self.allowed(actor))

    def delete(self, actor: Actor, comment_id: int) -> None:
        """Take a comment away."""
        with self.database.transaction():
            service.delete_comment(actor, session().get_one(Comment, comment_id))

    def answer(self, actor: Actor, comment_id: int) -> None:
        """Make a comment the answer."""
        with self.database.transaction():
            comment = session().get_one(Comment, comment_id)
            thread = session().get_one(Thread, comment.thread_id)
            service.answer(actor, thread, comment, allowed=self.allowed(actor))

    def reopen(self, actor: Actor, thread_id: int, text: str = "Dit was niet mijn vraag.") -> int:
        """Ask a question again."""
        with self.database.transaction():
            allowed = self.allowed(actor)
            thread = session().get_one(Thread, thread_id)
            return service.reopen(actor, thread, text=text, capacity=allowed[0], allowed=allowed).id

    def join_team(self, actor: Actor) -> None:
        """Put someone in the team."""
        with self.database.transaction():
            pilots.add_member(self.cast.lead, session().get_one(Pilot, self.pilot_id), actor.id)

    def thread(self, thread_id: int) -> Thread:
        """Return a thread as it is stored."""
        with self.database.reading():
            return session().get_one(Thread, thread_id)

    def comments(self, thread_id: int) -> Sequence[Comment]:
        """Return the comments of a thread as they are stored."""
        with self.database.reading() as reading:
            return reading.scalars(select(Comment).where(Comment.thread_id == thread_id).order_by(Comment.id)).all()

    def comment(self, comment_id: int) -> Comment:
        """Return a comment as it is stored."""
        with self.database.reading():
            return session().get_one(Comment, comment_id)

    def texts(self, comment_id: int) -> list[str]:
        """Return the texts of a comment, oldest first."""
        query = select(CommentVersion.text).where(CommentVersion.comment_id == comment_id)
        with self.database.reading() as reading:
            return list(reading.scalars(query.order_by(CommentVersion.number)))

    def events(self, beginning: str = "") -> list[Event]:
        """Return the events of conversations, oldest first."""
        query = select(Event).order_by(Event.id)
        with self.database.reading() as reading:
            kinds = ("comment:", "question:")
            return [e for e in reading.scalars(query) if e.kind.startswith(kinds) and e.kind.startswith(beginning)]


def build(database: Database, cast: Cast) -> Scene:
    """Make the scene."""
    with database.transaction():
        pilot = pilots.create_pilot(
            cast.lead,
            title="Het team verdeelt de helft",
            department_id=cast.geo,
            theme_ids=(cast.themes["belonen"],),
            **PLAN,
        )
        pilots.add_member(cast.lead, pilot, cast.member.id)
        pilots.move(cast.lead, pilot, State.PREPARATION, on=clock.today(), reason="")
        made = [
            wiki.create_page(
                cast.lead,
                pilot.id,
                title=title,
                text="Zo ging het.",
                kind=PageKind.PLAIN,
                summary="",
                restricted=restricted,
            )
            for title, restricted in (("De maatstaven", False), ("Alleen voor ons", True))
        ]
        path = session().get_one(Subject, pilot.id).path
        (page, page_slug), (restricted_page, restricted_slug) = [(p.id, p.slug) for p in made]
        return Scene(
            database, cast, pilot.id, path.rsplit("/", 1)[1], page, page_slug, restricted_page, restricted_slug
        )
