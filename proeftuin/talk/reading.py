"""Conversations as screens show them, and how replies are laid under what they answer.

What must stay true: two levels on the screen, however deep the replies go; a reply that is not right under what it
answers says whom it answers; the order is that of time; no recursion, so that no chain of replies is too long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from markupsafe import Markup

from proeftuin import clock
from proeftuin.i18n import _
from proeftuin.talk.capacities import Marks
from proeftuin.talk.models import Capacity, ThreadState
from proeftuin.talk.texts import first_words


@dataclass(slots=True)
class Post:
    """One comment with its writer. `parent_name` is empty when what it answers was deleted."""

    id: int
    thread_id: int
    parent_id: int | None
    author_id: int | None
    name: str
    capacity: Capacity
    party_id: int | None
    marks: Marks
    at: datetime
    html: Markup
    versions: int
    edited_at: datetime | None
    is_answer: bool
    deleted_at: datetime | None
    parent_name: str
    says_whom: bool = False
    replies: list[Post] = field(default_factory=list)

    @property
    def excerpt(self) -> str:
        """Return the first words on one line."""
        return first_words(self.html)


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One thread with (some of) its comments. `hidden` counts the comments that are not among `posts`."""

    id: int
    title: str
    state: ThreadState
    asker_id: int | None
    opened_at: datetime | None
    answered_at: datetime | None
    comments: int
    subject_id: int
    subject_title: str
    subject_path: str
    posts: list[Post]
    answer: Post | None
    hidden: int

    @property
    def is_open(self) -> bool:
        return self.state is ThreadState.OPEN

    @property
    def is_answered(self) -> bool:
        return self.state is ThreadState.ANSWERED

    def days_open(self, today: date) -> int:
        """Return for how many days the question has been open: calendar days in Amsterdam."""
        return (today - clock.day_of(self.opened_at)).days if self.opened_at else 0

    @property
    def days_to_answer(self) -> int:
        """Return after how many calendar days the question was answered."""
        if self.opened_at is None or self.answered_at is None:
            return 0
        return (clock.day_of(self.answered_at) - clock.day_of(self.opened_at)).days


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """How many questions wait for an answer, and the day on which the oldest was asked."""

    count: int
    oldest: date

    @classmethod
    def since(cls, count: int, oldest: datetime | None) -> OpenQuestions:
        """Make one from the moment of the oldest question (every open question has one)."""
        return cls(count, clock.day_of(oldest or clock.now()))

    def days(self, today: date) -> int:
        """Return for how many calendar days the oldest has waited."""
        return (today - self.oldest).days


@dataclass(frozen=True, slots=True)
class Waiting:
    """One question that waits for an answer; `place` is the pilot, or the page of the site."""

    thread_id: int
    title: str
    opened_at: datetime
    subject_title: str
    place: str

    def days(self, today: date) -> int:
        """Return for how many calendar days it has waited."""
        return (today - clock.day_of(self.opened_at)).days


@dataclass(frozen=True, slots=True)
class Line:
    """One comment as one line in the margin of another screen."""

    comment_id: int
    thread_id: int
    text: str
    name: str
    marks: Marks
    at: datetime


def nest(posts: list[Post]) -> list[Post]:
    """Lay replies under the comment at the top of their chain; posts come in order of time and stay so.

    A reply to what is not among them stands at the top itself.
    """
    tops: list[Post] = []
    top_of: dict[int, Post] = {}
    for post in sorted(posts, key=lambda p: p.id):  # a reply has a higher number than what it answers
        top_of[post.id] = top_of.get(post.parent_id, post) if post.parent_id is not None else post
    for post in posts:
        top = top_of[post.id]
        post.says_whom = post.parent_id is not None and (top is post or post.parent_id != top.id)
        (tops if top is post else top.replies).append(post)
    return tops


def removed_title() -> str:
    """Return what stands in the place of a title that went with its comment."""
    return _("Onderwerp verwijderd")
