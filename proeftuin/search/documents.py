"""From rows to documents: what of a pilot, page, comment, file, department or the cao can be found, and by whom.

A document is always made from the rows as they are now, whatever event led to it. What no longer exists, or may
not be found (a deleted comment), gives no document and leaves the index. People are never documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from proeftuin import clock, markup
from proeftuin.accounts.models import Department
from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.events.models import Audience, Event, Subject
from proeftuin.files.models import Blob, File, FileVersion
from proeftuin.files.queries import is_there, newest_number
from proeftuin.pilots.models import Pilot, PilotTheme, Theme
from proeftuin.search.schema import Document
from proeftuin.talk.models import Comment, CommentVersion, Thread
from proeftuin.wiki.models import Page, Revision

EVERYONE = 0
EVERY_ARTICLE = "cao:0"
BATCH = 500
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)

_PLAN = (
    "summary",
    "motive",
    "question",
    "hypothesis",
    "changes",
    "stays",
    "measure",
    "measurement",
    "comparison",
    "what_can_go_wrong",
    "fallback",
    "change_of_mind",
    "voluntariness",
)


def key_of(kind: str, number: int) -> str:
    """Return the name of a document in the index."""
    return f"{kind}:{number}"


def list_keys() -> list[str]:
    """Return the names of everything that belongs in the index."""
    found = [
        *(key_of("pilot", n) for n in session().scalars(select(Pilot.id).order_by(Pilot.id))),
        *(key_of("page", n) for n in session().scalars(select(Page.id).order_by(Page.id))),
        *(
            key_of("comment", n)
            for n in session().scalars(select(Comment.id).where(Comment.deleted_at.is_(None)).order_by(Comment.id))
        ),
        *(key_of("file", n) for n in session().scalars(select(File.id).order_by(File.id))),
    ]
    articles = [key_of("cao", n) for n in cao.list_article_ids(held_only=True)]
    return found + keys_of_departments() + articles


def keys_of_departments() -> list[str]:
    """Return the names of all departments; the closed ones give no document and leave the index."""
    return [key_of("department", n) for n in session().scalars(select(Department.id).order_by(Department.id))]


def meant(key: str) -> list[str]:
    """Return the names of the documents that a name stands for: itself, or for `EVERY_ARTICLE` those of the cao."""
    return [key_of("cao", n) for n in cao.list_article_ids(held_only=False)] if key == EVERY_ARTICLE else [key]


def keys_of_circle(pilot_id: int) -> list[str]:
    """Return the names of a pilot's own document and those of its pages and comments."""
    pages = session().scalars(select(Page.id).where(Page.space_id == pilot_id)).all()
    subjects = [pilot_id, *pages]
    return [
        key_of("pilot", pilot_id),
        *(key_of("page", n) for n in pages),
        *keys_of_comments(subjects),
        *keys_of_files(subjects),
    ]


def keys_of_comments(subject_ids: Sequence[int]) -> list[str]:
    """Return the names of the comments under subjects."""
    query = select(Comment.id).join(Thread, Thread.id == Comment.thread_id).where(Thread.subject_id.in_(subject_ids))
    return [key_of("comment", n) for n in session().scalars(query)]


def keys_of_files(subject_ids: Sequence[int]) -> list[str]:
    """Return the names of the files of subjects."""
    return [key_of("file", n) for n in session().scalars(select(File.id).where(File.subject_id.in_(subject_ids)))]


def documents(keys: Sequence[str]) -> Iterator[Document]:
    """Give the documents with these names, as the rows are now; names without a row are left out."""
    for start in range(0, len(keys), BATCH):
        numbers: dict[str, list[int]] = defaultdict(list)
        for key in keys[start : start + BATCH]:
            kind, _, number = key.partition(":")
            numbers[kind].append(int(number))
        yield from _pilots(numbers["pilot"])
        yield from _pages(numbers["page"])
        yield from _comments(numbers["comment"])
        yield from _files(numbers["file"])
        yield from _departments(numbers["department"])
        yield from _articles(numbers["cao"])


def _space(subject: Any) -> int:
    return EVERYONE if subject.audience is Audience.EVERYONE else int(subject.circle_id)


def _themes(pilot_ids: set[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(PilotTheme.pilot_id, Theme.key)
        .join(Theme, Theme.id == PilotTheme.theme_id)
        .where(PilotTheme.pilot_id.in_(pilot_ids))
        .order_by(Theme.position)
    )
    themes: dict[int, list[str]] = defaultdict(list)
    for pilot_id, key in session().execute(query):
        themes[pilot_id].append(key)
    return {pilot_id: tuple(keys) for pilot_id, keys in themes.items()}


def _in_pilots(row: Row[Any], themes: dict[int, tuple[str, ...]]) -> dict[str, Any]:
    return {
        "themes": themes.get(row.pilot_id, ()),
        "department": row.department or "",
        "phase": row.state.value if row.state else "",
        "pilot": row.pilot_slug or "",
        "space": _space(row),
    }


def _with_pilot(query: Any) -> Select[Any]:
    with_pilot: Select[Any] = query.add_columns(
        Subject.audience,
        Subject.circle_id,
        Pilot.id.label("pilot_id"),
        Pilot.slug.label("pilot_slug"),
        Pilot.state,
        Department.key.label("department"),
    ).outerjoin(Department, Department.id == Pilot.department_id)
    return with_pilot


def _pilots(numbers: list[int]) -> Iterator[Document]:
    if not numbers:
        return
    newest = select(func.max(Event.at)).where(Event.subject_id == Pilot.id).scalar_subquery()
    query = _with_pilot(
        select(Pilot, func.coalesce(newest, Pilot.created_at).label("changed_at")).join(
            Subject, Subject.id == Pilot.id
        )
    ).where(Pilot.id.in_(numbers))
    themes = _themes(set(numbers))
    for row in session().execute(query):
        pilot: Pilot = row.Pilot
        yield Document(
            key=key_of("pilot", pilot.id),
            kind="pilot",
            title=pilot.title,
            body="\n".join(text for name in _PLAN if (text := getattr(pilot, name))),
            year=(pilot.starts_on or clock.day_of(pilot.created_at)).year,
            changed=row.changed_at,
            **_in_pilots(row, themes),
        )


def _pages(numbers: list[int]) -> Iterator[Document]:
    if not numbers:
        return
    query = _with_pilot(
        select(Page.id, Page.title, Page.changed_at, Revision.text)
        .join(Subject, Subject.id == Page.id)
        .join(Revision, (Revision.page_id == Page.id) & (Revision.number == Page.current))
        .outerjoin(Pilot, Pilot.id == Page.space_id)
    ).where(Page.id.in_(numbers), Subject.is_gone.is_(False))
    rows = session().execute(query).all()
    themes = _themes({row.pilot_id for row in rows if row.pilot_id})
    for row in rows:
        yield Document(
            key=key_of("page", row.id),
            kind="page",
            title=row.title,
            body=markup.plain(row.text),
            year=clock.day_of(row.changed_at).year,
            changed=row.changed_at,
            **_in_pilots(row, themes),
        )


def _comments(numbers: list[int]) -> Iterator[Document]:
    if not numbers:
        return
    query = _with_pilot(
        select(Comment.id, Comment.created_at, Thread.title, CommentVersion.text)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(CommentVersion, (CommentVersion.comment_id == Comment.id) & (CommentVersion.number == Comment.versions))
        .join(Subject, Subject.id == Thread.subject_id)
        .outerjoin(Page, Page.id == Subject.id)
        .outerjoin(Pilot, (Pilot.id == Subject.id) | (Pilot.id == Page.space_id))
    ).where(Comment.id.in_(numbers), Comment.deleted_at.is_(None), Subject.is_gone.is_(False))
    rows = session().execute(query).all()
    themes = _themes({row.pilot_id for row in rows if row.pilot_id})
    for row in rows:
        yield Document(
            key=key_of("comment", row.id),
            kind="comment",
            title=row.title,
            body=markup.plain(row.text),
            year=clock.day_of(row.created_at).year,
            changed=row.created_at,
            **_in_pilots(row, themes),
        )


def _files(numbers: list[int]) -> Iterator[Document]:
    if not numbers:
        return
    query = _with_pilot(
        select(
            File.id,
            File.name,
            FileVersion.alt,
            FileVersion.description,
            FileVersion.created_at,
            Blob.text,
        )
        .join(FileVersion, (FileVersion.file_id == File.id) & (FileVersion.number == newest_number()))
        .join(Blob, Blob.digest == FileVersion.digest)
        .join(Subject, Subject.id == File.subject_id)
        .outerjoin(Page, Page.id == Subject.id)
        .outerjoin(Pilot, (Pilot.id == Subject.id) | (Pilot.id == Page.space_id))
    ).where(File.id.in_(numbers), is_there(), Subject.is_gone.is_(False))
    rows = session().execute(query).all()
    themes = _themes({row.pilot_id for row in rows if row.pilot_id})
    for row in rows:
        yield Document(
            key=key_of("file", row.id),
            kind="file",
            title=row.name,
            body="\n".join(filter(None, (row.description, row.alt, row.text))),
            year=clock.day_of(row.created_at).year,
            changed=row.created_at,
            **_in_pilots(row, themes),
        )


def _departments(numbers: list[int]) -> Iterator[Document]:
    if not numbers:
        return
    query = select(Department).where(Department.id.in_(numbers), Department.closed_on.is_(None))
    for department in session().scalars(query):
        yield Document(
            key=key_of("department", department.id),
            kind="department",
            title=department.name,
            body="",
            themes=(),
            department=department.key,
            phase="",
            year=0,
            space=EVERYONE,
            changed=_NO_DAY,
            pilot="",
        )


def _articles(numbers: list[int]) -> Iterator[Document]:
    for article in cao.list_held_articles(numbers):
        yield Document(
            key=key_of("cao", article.id),
            kind="cao",
            title=f"{article.number} {article.title}",
            body=article.text,
            themes=(),
            department="",
            phase="",
            year=article.valid_from.year,
            space=EVERYONE,
            changed=article.published_at,
            pilot="",
        )
