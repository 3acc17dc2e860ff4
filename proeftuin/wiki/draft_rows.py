"""The table of what people are writing, and how an editor speaks of it (the rules: `drafts`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type


class DraftPlace(StrEnum):
    """What is being written. A reply may also be the change of one that was placed: then `reactie` names it."""

    PAGE = "pagina"
    SECTION = "paragraaf"
    NEW_PAGE = "nieuw"
    THREAD = "gesprek"
    REPLY = "antwoord"
    SUGGESTION = "voorstel"


OF_PAGES = frozenset({DraftPlace.PAGE, DraftPlace.SECTION})
OF_TEXTS = OF_PAGES | {DraftPlace.SUGGESTION}
"""Those that change a text which is there."""
OF_TALK = frozenset({DraftPlace.THREAD, DraftPlace.REPLY})

SAID_WHERE = ("gesprek", "reactie", "versie", "words", "voor", "na", "vooraf", "alinea")
"""The fields that say where words of a conversation belong: a thread, a comment, a passage of a version."""


class Draft(Base):
    """A text that somebody is writing. `number` counts its changes; `turns` those of each browser tab that wrote it.

    When it is saved or discarded its words go at once. The key stays for some time, so that a message which was still
    on its way, or was kept by a browser without a connection, does not bring it back.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_draft_subject_id_touched_at", "subject_id", "touched_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    place: Mapped[DraftPlace] = mapped_column(enum_type(DraftPlace))
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1)
    tab: Mapped[str] = mapped_column(String(40), default="")
    turns: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    base: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def section(self) -> int | None:
        """Return which section of the page is written, None when it is the whole page."""
        raw = self.fields.get("paragraaf", "")
        return int(raw) if raw.isdigit() else None

    @property
    def heading(self) -> str:
        """Return the heading of the section."""
        return self.fields.get("kop", "")


@dataclass(frozen=True, slots=True)
class Mark:
    """Which draft an opened editor writes: its key, the number it knows, and in which browser tab it is."""

    key: str = ""
    number: int = 0
    tab: str = ""
    turn: int = 0


NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in an editor."""

    mark: Mark
    place: DraftPlace
    text: str
    base: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it. `is_second`: another tab wrote this draft meanwhile, and now there are two.

    `is_known`: there was nothing new in it.
    """

    draft: Draft | None
    is_second: bool = False
    is_known: bool = False
