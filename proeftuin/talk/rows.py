"""From rows to conversations on a screen: the two statements behind every list, and what is made of their rows.

What must stay true: a list of threads costs one statement for its comments, however many threads and comments there
are, and brings the ends of long threads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row, false, func, or_, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.models import Party, Person
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.i18n import _
from proeftuin.talk.capacities import marks_of
from proeftuin.talk.models import Comment, Thread, ThreadState
from proeftuin.talk.reading import Post, ThreadView, nest, removed_title

_Parent = aliased(Comment)
_ParentAuthor = aliased(Person)


def thread_rows() -> Any:
    """Return the statement for threads with what they hang under."""
    return select(Thread, Subject.title.label("subject_title"), Subject.path.label("subject_path")).join(
        Subject, Subject.id == Thread.subject_id
    )


def post_rows() -> Any:
    """Return the statement for comments with their writer, and with whom they answer."""
    return (
        select(
            Comment,
            Person.name.label("author"),
            Party.name.label("party"),
            func.coalesce(_ParentAuthor.name, _Parent.alias).label("parent_name"),
            _Parent.deleted_at.label("parent_deleted_at"),
        )
        .outerjoin(Person, Person.id == Comment.author_id)
        .outerjoin(Party, Party.id == Comment.party_id)
        .outerjoin(_Parent, _Parent.id == Comment.parent_id)
        .outerjoin(_ParentAuthor, _ParentAuthor.id == _Parent.author_id)
    )


def with_ends(rows: Sequence[Row[Any]], *, latest: int) -> list[ThreadView]:
    """Add to each thread its first comment, its latest ones and the answer, in one statement for all of them."""
    ids = [row.Thread.id for row in rows]
    in_time = (Comment.created_at, Comment.id)
    from_start = func.row_number().over(partition_by=Comment.thread_id, order_by=in_time)
    from_end = func.row_number().over(partition_by=Comment.thread_id, order_by=[key.desc() for key in in_time])
    ends = select(Comment.id, from_start.label("nth"), from_end.label("last")).where(Comment.thread_id.in_(ids))
    placed = ends.subquery()
    wanted = (
        post_rows()
        .join(placed, placed.c.id == Comment.id)
        .where(or_(placed.c.nth == 1, placed.c.last <= latest, Comment.is_answer if latest else false()))
        .order_by(*in_time)
        .add_columns(placed.c.nth, placed.c.last)
    )
    found = session().execute(wanted).all() if ids else []
    views = []
    for row in rows:
        mine = [found_row for found_row in found if found_row.Comment.thread_id == row.Thread.id]
        ends_only = [post(end) for end in mine if end.nth == 1 or end.last <= latest]
        answers = [post(answer) for answer in mine if answer.Comment.is_answer]
        length = max((end.nth + end.last - 1 for end in mine), default=0)
        tops, hidden = nest(ends_only), length - len(ends_only)
        views.append(view(row.Thread, row.subject_title, row.subject_path, tops, answers, hidden=hidden))
    return views


def view(
    thread: Thread, subject_title: str, subject_path: str, posts: list[Post], answers: list[Post], *, hidden: int
) -> ThreadView:
    """Make a thread as screens show it."""
    return ThreadView(
        id=thread.id,
        title=thread.title or removed_title(),
        state=thread.state,
        asker_id=thread.asker_id,
        opened_at=thread.opened_at,
        answered_at=thread.answered_at,
        comments=thread.comments,
        subject_id=thread.subject_id,
        subject_title=subject_title,
        subject_path=subject_path,
        posts=posts,
        answer=answers[0] if answers and thread.state is ThreadState.ANSWERED else None,
        hidden=hidden,
    )


def post(row: Row[Any]) -> Post:
    """Make a comment as screens show it; of a deleted one no word is left."""
    comment: Comment = row.Comment
    deleted: datetime | None = comment.deleted_at
    return Post(
        id=comment.id,
        thread_id=comment.thread_id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        name=comment.alias or row.author or _("een collega"),
        capacity=comment.capacity,
        party_id=comment.party_id,
        marks=marks_of(comment.capacity, alias=comment.alias, party_name=row.party),
        at=comment.created_at,
        html=Markup("" if deleted else comment.html),
        versions=comment.versions,
        edited_at=comment.edited_at,
        is_answer=comment.is_answer,
        deleted_at=deleted,
        parent_name="" if row.parent_deleted_at else row.parent_name or "",
    )
