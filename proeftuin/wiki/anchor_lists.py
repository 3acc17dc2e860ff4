"""Passages that are spoken about, as screens show them: on the page, at a conversation, and those whose text changed.

What must stay true: the words of a version that was hidden are shown to nobody, and nothing of what changed in it;
whoever may read the page may read what its passages were, and nobody else (callers pass what the reader may see).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, tuple_

from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.prepared import Prepared
from proeftuin.talk.models import Thread
from proeftuin.wiki import history, marks, passages, relocation, texts
from proeftuin.wiki.anchors import Anchor
from proeftuin.wiki.history import ShownRow
from proeftuin.wiki.models import Page, Revision

SHOWN = 20
"""How many passages whose text changed are shown with a list of conversations."""


class Said(NamedTuple):
    """A conversation about a passage, as the page tells of it."""

    id: int
    title: str
    comments: int


class Marked(NamedTuple):
    """A page in pieces, with the conversations that are told of between them."""

    pieces: tuple[marks.Piece, ...]
    said: dict[int, Said]


class Passage(NamedTuple):
    """What a conversation is about. `words` is "" when they may not be shown any more.

    Without `lost_in` it stands in the newest version, `current`. `rows` tell what became of it; they are only there
    when they were asked for.
    """

    thread_id: int
    title: str
    page: str
    path: str
    words: str
    made_in: int
    current: int
    is_changed: bool
    stood_in: int | None
    lost_in: int | None
    may_compare: bool
    is_gone: bool
    rows: tuple[ShownRow, ...] = ()

    @property
    def href(self) -> str:
        """Return the address of the passage on its page."""
        return f"{self.path}#passage-{self.thread_id}"

    @property
    def comparison(self) -> str:
        """Return the address of the comparison with the version in which it was lost, or how it is now."""
        low, high = (self.stood_in, self.lost_in) if self.lost_in else (self.made_in, self.current)
        return f"{self.path}/vergelijk?van={low}&naar={high}"


_MARKS = Prepared(
    select(Thread.id, Thread.title, Thread.comments, Anchor.quote, Anchor.ahead)
    .join(Anchor, Anchor.thread_id == Thread.id)
    .where(Anchor.page_id == bindparam("page"), Anchor.lost_in.is_(None), Thread.comments > 0)
    .order_by(Anchor.begins, Anchor.thread_id)
)
_PASSAGES = (
    select(Anchor, Thread.title, Page.current, Subject.title, Subject.path, Subject.is_gone)
    .join(Thread, Thread.id == Anchor.thread_id)
    .join(Page, Page.id == Anchor.page_id)
    .join(Subject, Subject.id == Anchor.page_id)
)


def mark_page(page_id: int, html: str) -> Marked:
    """Return the rendered text of a page with its passages marked."""
    rows = _MARKS.rows(page=page_id)
    wanted = tuple(marks.Wanted(id, passages.letters_within(quote), ahead) for id, _t, _n, quote, ahead in rows)
    said = {id: Said(id, title, comments) for id, title, comments, _quote, _ahead in rows}
    return Marked(marks.pieces(html, wanted), said)


def of_threads(thread_ids: Iterable[int]) -> dict[int, Passage]:
    """Return what conversations are about, by number; a conversation about no passage is left out."""
    ids = list(thread_ids)
    rows = session().execute(_PASSAGES.where(Anchor.thread_id.in_(ids))).all() if ids else []
    return {passage.thread_id: passage for passage in _passages(rows)}


def of_thread(thread_id: int) -> Passage | None:
    """Return what a conversation is about, with what became of it."""
    found = _with_rows(session().execute(_PASSAGES.where(Anchor.thread_id == thread_id)).all())
    return found[0] if found else None


def list_lost(page_ids: Collection[int]) -> list[Passage]:
    """Return the passages of pages that are gone, with what stands there now; of a page the last lost first."""
    lost = _PASSAGES.where(Anchor.page_id.in_(page_ids), Anchor.lost_in.is_not(None), Thread.comments > 0)
    newest_first = lost.order_by(Anchor.page_id.desc(), Anchor.lost_in.desc(), Anchor.begins, Anchor.thread_id)
    return _with_rows(session().execute(newest_first.limit(SHOWN)).all())


def _passages(rows: Iterable[Any]) -> list[Passage]:
    hidden: dict[int, frozenset[int]] = {}
    found = []
    for anchor, title, current, page, path, is_gone in rows:
        if anchor.page_id not in hidden:
            hidden[anchor.page_id] = texts.hidden_numbers(anchor.page_id)
        unseen = hidden[anchor.page_id]
        source = anchor.stood_in or current
        compared = {source, anchor.lost_in or anchor.made_in}
        found.append(
            Passage(
                thread_id=anchor.thread_id,
                title=title,
                page=page,
                path=path,
                words="" if source in unseen else passages.shown(anchor.quote),
                made_in=anchor.made_in,
                current=current,
                is_changed=anchor.quote != anchor.made_quote,
                stood_in=anchor.stood_in,
                lost_in=anchor.lost_in,
                may_compare=not compared & unseen and not is_gone,
                is_gone=is_gone,
            )
        )
    return found


def _with_rows(rows: Sequence[Any]) -> list[Passage]:
    """Add what changed in the place of passages that are gone; all the texts come in one statement."""
    anchors = [row[0] for row in rows]
    found = _passages(rows)
    needed = {
        (anchor.page_id, number)
        for anchor, passage in zip(anchors, found, strict=True)
        if passage.lost_in and passage.words and passage.may_compare
        for number in (anchor.stood_in, anchor.lost_in)
    }
    query = select(Revision.page_id, Revision.number, Revision.text)
    named = tuple_(Revision.page_id, Revision.number).in_(sorted(needed))
    known = {(page, number): text for page, number, text in session().execute(query.where(named))} if needed else {}
    for n, anchor in enumerate(anchors):
        was, now = (known.get((anchor.page_id, number)) for number in (anchor.stood_in, anchor.lost_in))
        if was is not None and now is not None:
            place = relocation.place_of(was, now, anchor.span)
            found[n] = found[n]._replace(rows=history.compare_texts(*place))
    return found
