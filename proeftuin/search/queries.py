"""From a search to lines that can be shown: what the index found, asked of the database once more.

The index decides what matches and counts; the database decides, at this moment and for this reader, whether a hit
may be shown, and gives every word that is shown.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Integer, bindparam, literal, select, union_all

from proeftuin import markup
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Department
from proeftuin.cao import queries as cao
from proeftuin.events.models import Subject
from proeftuin.files.models import Blob, File, FileVersion
from proeftuin.files.queries import is_there, newest_number
from proeftuin.pilots.models import Pilot, State, Theme
from proeftuin.pilots.policy import visible_to
from proeftuin.pilots.queries import team_pilots
from proeftuin.prepared import Prepared
from proeftuin.search.engine import Engine
from proeftuin.search.results import Filters, Hit, Order, Results
from proeftuin.search.snippets import Piece, Wanted, mark, snippet
from proeftuin.talk.models import Capacity, Comment, CommentVersion, Thread
from proeftuin.wiki.models import Page, Revision

TEXTS_KEPT = 3_000


@dataclass(frozen=True, slots=True)
class Line:
    """One hit as it is shown."""

    kind: str
    href: str
    title: Markup
    snippet: Markup
    hit: Hit
    pilot_title: str
    state: State | None
    changed: datetime | None
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, with the totals and counts that the reader may know."""

    results: Results
    lines: list[Line]


def find(engine: Engine, actor: Actor, text: str, *, filters: Filters, order: Order, page: int) -> Found:
    """Search what the actor may read.

    :raises IndexUnusable: when there is no index yet.
    """
    results = engine.search(text, filters=filters, spaces=team_pilots(actor), page=page, order=order)
    wanted = Wanted.of(results.query)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for hit in results.hits:
        kind, _, number = hit.key.partition(":")
        by_kind[kind].append(int(number))
    shown: dict[str, _Shown] = {}
    for kind, numbers in by_kind.items():
        shown.update(_READERS[kind](actor, numbers))
    lines = [_line(hit, shown[hit.key], wanted) for hit in results.hits if hit.key in shown]
    return Found(results, lines)


def facet_names() -> tuple[dict[str, str], dict[str, str]]:
    """Return the names by key of all themes, in their order, and of all departments, in alphabetical order."""
    themes: dict[str, str] = {}
    departments: dict[str, str] = {}
    for is_theme, _position, key, name in _NAMES.rows():
        (themes if is_theme else departments)[key] = name
    return themes, departments


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the database says of a hit."""

    href: str
    title: str
    text: str
    pilot_title: str = ""
    state: State | None = None
    changed: datetime | None = None
    capacity: Capacity | None = None


def _line(hit: Hit, shown: _Shown, wanted: Wanted) -> Line:
    return Line(
        kind=hit.key.partition(":")[0],
        href=shown.href,
        title=_marked(mark(shown.title, wanted)),
        snippet=_marked(snippet(shown.text, wanted)) if shown.text else Markup(),
        hit=hit,
        pilot_title=shown.pilot_title,
        state=shown.state,
        changed=shown.changed,
        capacity=shown.capacity,
    )


def _marked(pieces: Sequence[Piece]) -> Markup:
    """Return pieces of text as HTML: escaped first, then marked."""
    return Markup(
        "".join([f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in pieces])
    )


_NAMED = union_all(
    select(literal(1, Integer).label("is_theme"), Theme.position.label("position"), Theme.key, Theme.name),
    select(literal(0, Integer), literal(0, Integer), Department.key, Department.name),
).subquery("named")
_NAMES = Prepared(select(_NAMED).order_by(_NAMED.c.is_theme, _NAMED.c.position, _NAMED.c.name))
_VISIBLE = visible_to(bindparam("reader"))
_NUMBERS: Any = bindparam("numbers", expanding=True)
_PLAN: tuple[Any, ...] = (
    Pilot.summary,
    Pilot.question,
    Pilot.hypothesis,
    Pilot.changes,
    Pilot.stays,
    Pilot.motive,
    Pilot.measure,
    Pilot.measurement,
    Pilot.comparison,
    Pilot.what_can_go_wrong,
    Pilot.fallback,
    Pilot.change_of_mind,
)
_PILOTS = Prepared(
    select(Pilot.id, Pilot.title, Pilot.state, Subject.path, *_PLAN)
    .join(Subject, Subject.id == Pilot.id)
    .where(Pilot.id.in_(_NUMBERS), _VISIBLE)
)
_PAGES = Prepared(
    select(Page.id, Page.title, Page.current, Page.changed_at, Subject.path, Pilot.title.label("pilot"), Pilot.state)
    .join(Subject, Subject.id == Page.id)
    .outerjoin(Pilot, Pilot.id == Page.space_id)
    .where(Page.id.in_(_NUMBERS), _VISIBLE)
)
_TEXTS = Prepared(
    select(Page.id, Revision.number, Revision.text)
    .join(Revision, (Revision.page_id == Page.id) & (Revision.number == Page.current))
    .where(Page.id.in_(_NUMBERS))
)
_COMMENTS = Prepared(
    select(
        Comment.id, Comment.created_at, Comment.capacity, Thread.title, CommentVersion.text, Subject.title.label("on")
    )
    .join(Thread, Thread.id == Comment.thread_id)
    .join(CommentVersion, (CommentVersion.comment_id == Comment.id) & (CommentVersion.number == Comment.versions))
    .join(Subject, Subject.id == Thread.subject_id)
    .where(Comment.id.in_(_NUMBERS), Comment.deleted_at.is_(None), _VISIBLE)
)
_FILES = Prepared(
    select(
        File.id,
        File.name,
        FileVersion.alt,
        FileVersion.description,
        FileVersion.created_at,
        Blob.text,
        Subject.title.label("on"),
    )
    .join(FileVersion, (FileVersion.file_id == File.id) & (FileVersion.number == newest_number()))
    .join(Blob, Blob.digest == FileVersion.digest)
    .join(Subject, Subject.id == File.subject_id)
    .where(File.id.in_(_NUMBERS), is_there(), _VISIBLE)
)
_DEPARTMENT_ROWS = Prepared(
    select(Department.id, Department.key, Department.name).where(
        Department.id.in_(_NUMBERS), Department.closed_on.is_(None)
    )
)


def _pilots(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    rows = _PILOTS.rows(numbers=numbers, reader=actor.id)
    return {
        f"pilot:{row.id}": _Shown(row.path, row.title, "\n".join(filter(None, row[4:])), state=row.state)
        for row in rows
    }


def _pages(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    rows = _PAGES.rows(numbers=numbers, reader=actor.id)
    texts = _plain_texts({row.id: row.current for row in rows})
    return {
        f"page:{row.id}": _Shown(
            row.path, row.title, texts.get(row.id, ""), row.pilot or "", row.state, row.changed_at
        )
        for row in rows
    }


def _comments(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    rows = _COMMENTS.rows(numbers=numbers, reader=actor.id)
    return {
        f"comment:{row.id}": _Shown(
            f"/reacties/{row.id}", row.title, markup.plain(row.text), row.on, None, row.created_at, row.capacity
        )
        for row in rows
    }


def _files(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    rows = _FILES.rows(numbers=numbers, reader=actor.id)
    return {
        f"file:{row.id}": _Shown(
            f"/bestanden/{row.id}",
            row.name,
            "\n".join(filter(None, (row.description, row.alt, row.text))),
            row.on,
            changed=row.created_at,
        )
        for row in rows
    }


def _departments(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    rows = _DEPARTMENT_ROWS.rows(numbers=numbers)
    return {f"department:{row.id}": _Shown(f"/?afdeling={row.key}", row.name, "") for row in rows}


def _articles(actor: Actor, numbers: Sequence[int]) -> dict[str, _Shown]:
    return {
        f"cao:{row.id}": _Shown(
            f"/cao/artikel/{row.number}", f"{row.number} {row.title}", row.text, changed=row.published_at
        )
        for row in cao.list_held_articles(numbers)
    }


_READERS = {
    "pilot": _pilots,
    "page": _pages,
    "comment": _comments,
    "file": _files,
    "department": _departments,
    "cao": _articles,
}


class _PlainTexts:
    """The newest plain texts of pages by page and version; a version never changes, so they stay true."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[int, int]) -> str | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: tuple[int, int], text: str) -> None:
        with self._lock:
            self._kept[key] = text
            while len(self._kept) > TEXTS_KEPT:
                self._kept.popitem(last=False)


_kept = _PlainTexts()


def _plain_texts(versions: dict[int, int]) -> dict[int, str]:
    """Return the plain text of pages, from memory where this version was shown before."""
    texts: dict[int, str] = {}
    for page_id, number in versions.items():
        known = _kept.get((page_id, number))
        if known is not None:
            texts[page_id] = known
    missing = [page_id for page_id in versions if page_id not in texts]
    if missing:
        for page_id, number, text in _TEXTS.rows(numbers=missing):
            texts[page_id] = markup.plain(text)
            _kept.keep((page_id, number), texts[page_id])
    return texts
