"""What was not chosen when two people wrote at once: kept beside the version that came of it.

On the conflict screen someone decides about two texts, one of which is of somebody else. What must stay true: a text
that is left out there can be read by whoever may read the page, beside the version it came with; a side version is
never changed or removed. What they consist of is looked up in the versions themselves, so nobody can put words in
another's mouth by sending a form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin import clock
from proeftuin.accounts.models import Person
from proeftuin.db import Base, session
from proeftuin.errors import NotFound
from proeftuin.past.tables import OnlyGrows
from proeftuin.prepared import Prepared
from proeftuin.wiki.conflict import Clash, Shown
from proeftuin.wiki.diff import split_lines
from proeftuin.wiki.forms import Meeting
from proeftuin.wiki.models import Revision


class SideVersion(OnlyGrows, Base):
    """A text that somebody sent (`text`, begun from version `base`), of which passages met those of version `against`
    and not everything was taken over in version `number`."""

    __tablename__ = "side_version"
    __table_args__ = (Index("ix_side_version_page_id_number", "page_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    number: Mapped[int]
    base: Mapped[int | None]
    against: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    passages: Mapped[list[Any]] = mapped_column(JSON, default=list)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A passage of which something was left out: under which heading, and the texts that are not in the version."""

    where: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Side:
    """A side version to be read. `who` wrote the text, `other` saved version `against`."""

    id: int
    number: int
    base: int | None
    against: int
    text: str
    left_out: Sequence[LeftOut]
    who: str | None
    other: str | None
    at: datetime


def keep(page_id: int, number: int, author_id: int, meetings: Sequence[Meeting], text: str) -> None:
    """Keep what of these meetings is not in the text that was saved as version `number`; once for each meeting."""
    for meeting in meetings:
        passages = [[left.where, left.mine, left.theirs] for left in _left_out(page_id, meeting, text)]
        if not passages or _is_kept(page_id, author_id, meeting):
            continue
        session().add(
            SideVersion(
                page_id=page_id,
                number=number,
                base=meeting.was,
                against=meeting.against,
                text=meeting.mine,
                passages=passages,
                author_id=author_id,
                created_at=clock.now(),
            )
        )


def _clash_of(page_id: int, meeting: Meeting) -> Clash | None:
    """Merge again what met: the sent text, the version it began from and the version it met."""
    numbers = {meeting.was, meeting.against} - {None}
    wanted = select(Revision.number, Revision.text).where(Revision.page_id == page_id, Revision.number.in_(numbers))
    texts: dict[int | None, str] = dict(session().execute(wanted).all())
    if meeting.against not in texts:
        return None
    return Clash.between(
        meeting.was,
        meeting.against,
        base_text=texts.get(meeting.was, ""),
        mine=meeting.mine,
        theirs=texts[meeting.against],
    )


def get_side(page_id: int, number: int) -> Side:
    """Return a side version of a page that was found for its reader.

    :raises NotFound: when the page has none with this number.
    """
    row = _SIDE.first(page=page_id, id=number)
    if row is None:
        raise NotFound
    return Side(
        id=row.id,
        number=row.number,
        base=row.base,
        against=row.against,
        text=row.text,
        left_out=[LeftOut(*passage) for passage in row.passages],
        who=row.who,
        other=row.other,
        at=row.created_at,
    )


def _left_out(page_id: int, meeting: Meeting, text: str) -> Iterator[LeftOut]:
    """Give the passages of which a text is not in the version; a text that is there word for word was chosen."""
    clash = _clash_of(page_id, meeting)
    if clash is None:  # a form that nobody was shown
        return
    places = [part.where for part in clash.show(()) if isinstance(part, Shown)]
    for where, passage in zip(places, clash.merged.conflicts, strict=True):
        mine, theirs = (
            "" if _holds(text, side) or side == passage.base else side for side in (passage.mine, passage.theirs)
        )
        if mine or theirs:
            yield LeftOut(where, mine, theirs)


def _holds(text: str, passage: str) -> bool:
    """Tell whether the lines of a passage stand in a text, one after the other."""
    wanted = split_lines(passage.strip("\n"))
    if not any(line.strip() for line in wanted):
        return True
    lines = split_lines(text)
    places = (place for place, line in enumerate(lines) if line == wanted[0])
    return any(lines[place : place + len(wanted)] == wanted for place in places)


def _is_kept(page_id: int, author_id: int, meeting: Meeting) -> bool:
    """Tell whether it was kept already: the same form, sent twice."""
    same = select(SideVersion.id).where(
        SideVersion.page_id == page_id,
        SideVersion.author_id == author_id,
        SideVersion.against == meeting.against,
        SideVersion.text == meeting.mine,
    )
    return session().scalars(same).first() is not None


_WRITER, _OTHER = Person.__table__.alias("writer"), Person.__table__.alias("other")
_SIDE = Prepared(
    select(
        SideVersion.id,
        SideVersion.number,
        SideVersion.base,
        SideVersion.against,
        SideVersion.text,
        SideVersion.passages,
        _WRITER.c.name.label("who"),
        _OTHER.c.name.label("other"),
        SideVersion.created_at,
    )
    .outerjoin(_WRITER, _WRITER.c.id == SideVersion.author_id)
    .outerjoin(Revision, (Revision.page_id == SideVersion.page_id) & (Revision.number == SideVersion.against))
    .outerjoin(_OTHER, _OTHER.c.id == Revision.author_id)
    .where(SideVersion.page_id == bindparam("page"), SideVersion.id == bindparam("id"))
)
