"""What colleagues outside the team suggest: texts, and what was decided about them.

Everything here is append-only: a suggestion is a row, each text of it is a row, and the decision is a row that can be
written once. What must stay true: whoever may read a page may read its suggestions, and nobody else; a text that was
suggested stays readable whatever was decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    ScalarSelect,
    Select,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.db import Base, enum_type
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject
from proeftuin.past.tables import OnlyGrows
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.policy import visible_to
from proeftuin.prepared import Prepared
from proeftuin.wiki.models import Page, Revision

SHOWN = 50


class Outcome(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "overgenomen"
    DECLINED = "afgewezen"
    WITHDRAWN = "ingetrokken"


class Suggestion(OnlyGrows, Base):
    """A change that somebody suggests for a page. `key` is that of the form, which makes a double click one."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("author_id", "key"), Index("ix_suggestion_page_id", "page_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class SuggestionText(OnlyGrows, Base):
    """A suggested text as it was sent, begun from version `base`. Never changed; the last one counts."""

    __tablename__ = "suggestion_text"

    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]


class SuggestionDecision(OnlyGrows, Base):
    """How a suggestion ended: about which text (`edition`), which of its passages were taken (None: all of them),
    which version of the page came of it (`number`), and what was said."""

    __tablename__ = "suggestion_decision"

    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome))
    edition: Mapped[int]
    taken: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    answer: Mapped[str] = mapped_column(String(300), default="")
    number: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Line(NamedTuple):
    """A suggestion in a list. `edition` counts its texts; without an outcome it is open."""

    id: int
    page_id: int
    page: str
    path: str
    place: str | None
    author_id: int
    who: str
    at: datetime
    edition: int
    base: int
    reason: str
    sent_at: datetime
    outcome: Outcome | None
    decided_edition: int | None
    taken: tuple[int, ...] | None
    answer: str | None
    number: int | None
    decider: str | None
    decided_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Return whether nobody decided yet."""
        return self.outcome is None

    @property
    def is_partly(self) -> bool:
        """Return whether only some of its passages were taken."""
        return self.outcome is Outcome.ACCEPTED and self.taken is not None

    @property
    def href(self) -> str:
        """Return the address of its screen."""
        return f"{self.path}/voorstellen/{self.id}"


class Suggested(NamedTuple):
    """A suggestion to be read: its line, the text that counts and the text from which that began."""

    line: Line
    text: str
    base_text: str


def is_open() -> ColumnElement[bool]:
    """Return the criterion on `Suggestion` for those about which nobody decided yet."""
    return ~exists().where(SuggestionDecision.suggestion_id == Suggestion.id).correlate(Suggestion)


def count_of_page() -> ScalarSelect[int]:
    """Return the column that counts the open suggestions for the page of a statement around it."""
    return (
        select(func.count())
        .select_from(Suggestion)
        .where(Suggestion.page_id == Page.id, is_open())
        .correlate(Page)
        .scalar_subquery()
    )


def list_for_page(page_id: int) -> list[Line]:
    """Return the suggestions for a page that was found for its reader: the open ones first, then the newest."""
    return [_line(row) for row in _OF_PAGE.rows(page=page_id, limit=SHOWN)]


def list_open(actor: Actor, space_id: int) -> list[Line]:
    """Return the open suggestions for the pages of a space that the actor may read, the oldest first."""
    return [_line(row) for row in _OF_SPACE.rows(reader=actor.id, space=space_id, limit=SHOWN)]


def list_waiting(actor: Actor, space_ids: Sequence[int]) -> list[Line]:
    """Return the open suggestions for pages of these spaces, as far as the actor may read them, the oldest first."""
    if not space_ids:
        return []
    return [_line(row) for row in _WAITING.rows(reader=actor.id, spaces=list(space_ids), limit=SHOWN)]


def list_own(actor: Actor) -> list[Line]:
    """Return what the actor suggested and may still read: the open ones first, then the newest."""
    return [_line(row) for row in _OWN.rows(reader=actor.id, limit=SHOWN)]


def get_suggestion(page_id: int, number: int) -> Suggested:
    """Return a suggestion for a page that was found for its reader.

    :raises NotFound: when the page has none with this number.
    """
    row = _ONE.first(page=page_id, id=number)
    if row is None:
        raise NotFound
    return Suggested(_line(row[:-2]), row[-2], row[-1])


def _line(row: Sequence[Any]) -> Line:
    line = Line(*row)
    return line._replace(taken=tuple(line.taken) if line.taken is not None else None)


_AUTHOR, _DECIDER = Person.__table__.alias("author"), Person.__table__.alias("decider")
_CIRCLE = Subject.__table__.alias("circle")


def _statement(*more: Any) -> Select[Any]:
    last = (
        select(func.max(SuggestionText.number))
        .where(SuggestionText.suggestion_id == Suggestion.id)
        .correlate(Suggestion)
        .scalar_subquery()
    )
    counts = func.coalesce(SuggestionDecision.edition, last)  # what was decided about stays on the screen
    return (
        select(
            Suggestion.id,
            Suggestion.page_id,
            Subject.title,
            Subject.path,
            _CIRCLE.c.title.label("place"),
            Suggestion.author_id,
            _AUTHOR.c.name.label("who"),
            Suggestion.created_at,
            SuggestionText.number,
            SuggestionText.base,
            SuggestionText.reason,
            SuggestionText.created_at.label("sent_at"),
            SuggestionDecision.outcome,
            SuggestionDecision.edition,
            SuggestionDecision.taken,
            SuggestionDecision.answer,
            SuggestionDecision.number.label("version"),
            _DECIDER.c.name.label("decider"),
            SuggestionDecision.created_at.label("decided_at"),
            *more,
        )
        .select_from(Suggestion)
        .join(Page, Page.id == Suggestion.page_id)
        .join(Subject, Subject.id == Suggestion.page_id)
        .join(_AUTHOR, _AUTHOR.c.id == Suggestion.author_id)
        .outerjoin(SuggestionDecision, SuggestionDecision.suggestion_id == Suggestion.id)
        .join(
            SuggestionText,
            (SuggestionText.suggestion_id == Suggestion.id) & (SuggestionText.number == counts),
        )
        .outerjoin(_DECIDER, _DECIDER.c.id == SuggestionDecision.person_id)
        .outerjoin(_CIRCLE, (_CIRCLE.c.id == Subject.circle_id) & (_CIRCLE.c.id != Subject.id))
    )


_READER = bindparam("reader", type_=Integer)
_LIMIT = bindparam("limit", type_=Integer)
_OPEN_FIRST = (SuggestionDecision.suggestion_id.is_not(None), Suggestion.id.desc())
# About a pilot in the archive nothing is decided any more.
_DECIDABLE = Page.space_id.not_in(select(Pilot.id).where(Pilot.state == State.ARCHIVED))
_OF_PAGE = Prepared(_statement().where(Suggestion.page_id == bindparam("page")).order_by(*_OPEN_FIRST).limit(_LIMIT))
_OF_SPACE = Prepared(
    _statement()
    .where(Page.space_id == bindparam("space"), visible_to(_READER), is_open())
    .order_by(Suggestion.id)
    .limit(_LIMIT)
)
_WAITING = Prepared(
    _statement()
    .where(Page.space_id.in_(bindparam("spaces", expanding=True)), visible_to(_READER), is_open(), _DECIDABLE)
    .order_by(Suggestion.id)
    .limit(_LIMIT)
)
_OWN = Prepared(
    _statement().where(Suggestion.author_id == _READER, visible_to(_READER)).order_by(*_OPEN_FIRST).limit(_LIMIT)
)
_BEGAN = Revision.__table__.alias("began")
_ONE = Prepared(
    _statement(SuggestionText.text, func.coalesce(_BEGAN.c.text, ""))
    .outerjoin(_BEGAN, (_BEGAN.c.page_id == Suggestion.page_id) & (_BEGAN.c.number == SuggestionText.base))
    .where(Suggestion.page_id == bindparam("page"), Suggestion.id == bindparam("id"))
)
