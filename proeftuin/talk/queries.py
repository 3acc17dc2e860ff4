"""Reading conversations: lists of threads, one thread, open questions, and lines for other screens.

Talk does not know who may read what. Callers pass the numbers of subjects that the reader may see, or `visible`: a
criterion on Subject (`pilots.policy.visible_subjects`). What must stay true: a deleted comment gives no word of its
text, and what hangs under a subject that the reader may not see is in no list and no count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.paging import Paged, paginate
from proeftuin.talk import rows
from proeftuin.talk.models import Comment, CommentVersion, Thread, ThreadState
from proeftuin.talk.reading import Line, OpenQuestions, Post, ThreadView, Waiting, nest

THREADS_PER_PAGE = 20
COMMENTS_PER_PAGE = 100
VERSIONS_PER_PAGE = 20
LATEST_IN_LIST = 4


def list_threads(
    subject_ids: Collection[int], page: int = 1, *, only_open: bool = False, per_page: int = THREADS_PER_PAGE
) -> Paged[ThreadView]:
    """Return a page of the threads under subjects, newest activity first, each with its first and latest comments.

    :raises NotFound: when the page lies beyond the end.
    """
    query = rows.thread_rows().where(Thread.subject_id.in_(subject_ids))
    if only_open:
        query = query.where(Thread.state == ThreadState.OPEN)
    found = paginate(query.order_by(Thread.last_at.desc(), Thread.id.desc()), page, per_page=per_page)
    return replace(found, rows=rows.with_ends(found.rows, latest=LATEST_IN_LIST))


def recent_questions(subject_ids: Collection[int], *, limit: int = 2) -> list[ThreadView]:
    """Return the newest questions under subjects, each with the comment that asks it."""
    query = (
        rows.thread_rows()
        .where(Thread.subject_id.in_(subject_ids), Thread.state != ThreadState.TALK, Thread.title != "")
        .order_by(Thread.opened_at.desc(), Thread.id.desc())
        .limit(limit)
    )
    return rows.with_ends(session().execute(query).all(), latest=0)


def get_thread(thread_id: int, visible: ColumnElement[bool]) -> tuple[Thread, Subject]:
    """Return a thread and what it hangs under.

    :raises NotFound: when there is none, or its subject is not visible to the reader.
    """
    query = select(Thread, Subject).join(Subject, Subject.id == Thread.subject_id).where(Thread.id == thread_id)
    row = session().execute(query.where(visible)).one_or_none()
    if row is None:
        raise NotFound
    return row


def get_comment(comment_id: int, visible: ColumnElement[bool]) -> tuple[Comment, Thread, Subject]:
    """Return a comment with its thread and what that hangs under; a deleted one as well.

    :raises NotFound: when there is none, or the subject is not visible to the reader.
    """
    query = (
        select(Comment, Thread, Subject)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Subject, Subject.id == Thread.subject_id)
        .where(Comment.id == comment_id, visible)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def get_subject(subject_id: int, visible: ColumnElement[bool]) -> Subject:
    """Return what a conversation can hang under: a pilot or a page.

    :raises NotFound: when there is none, or it is not visible to the reader.
    """
    query = select(Subject).where(Subject.id == subject_id, Subject.kind != SubjectKind.SITE, visible)
    subject = session().scalar(query)
    if subject is None:
        raise NotFound
    return subject


def read_thread(thread: Thread, subject: Subject, page: int = 1) -> tuple[ThreadView, Paged[Post]]:
    """Return a thread with one page of its comments in order of time, replies under what they answer.

    :raises NotFound: when the page lies beyond the end.
    """
    in_order = rows.post_rows().where(Comment.thread_id == thread.id).order_by(Comment.created_at, Comment.id)
    found = paginate(in_order, page, per_page=COMMENTS_PER_PAGE)
    posts = [rows.post(row) for row in found.rows]
    answers: Sequence[Any] = []
    if thread.state is ThreadState.ANSWERED:
        answers = session().execute(rows.post_rows().where(Comment.thread_id == thread.id, Comment.is_answer)).all()
    view = rows.view(thread, subject.title, subject.path, nest(posts), [rows.post(row) for row in answers], hidden=0)
    return view, replace(found, rows=posts)


def get_post(comment_id: int, thread: Thread) -> Post:
    """Return a comment of a thread with its writer and marks, as a screen shows it.

    :raises NotFound: when the thread has no such comment.
    """
    row = (
        session()
        .execute(rows.post_rows().where(Comment.id == comment_id, Comment.thread_id == thread.id))
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return rows.post(row)


def page_of(comment: Comment) -> int:
    """Return on which page of its thread a comment stands."""
    earlier = or_(
        Comment.created_at < comment.created_at,
        and_(Comment.created_at == comment.created_at, Comment.id < comment.id),
    )
    before = select(func.count()).select_from(Comment).where(Comment.thread_id == comment.thread_id, earlier)
    return (session().scalar(before) or 0) // COMMENTS_PER_PAGE + 1


def list_versions(comment: Comment, page: int = 1) -> Paged[CommentVersion]:
    """Return a page of the versions of a comment, newest first.

    :raises NotFound: when the page lies beyond the end.
    """
    query = select(CommentVersion).where(CommentVersion.comment_id == comment.id)
    newest_first = query.order_by(CommentVersion.number.desc())
    return paginate(newest_first, page, per_page=VERSIONS_PER_PAGE, scalars=True)


def is_first(comment: Comment) -> bool:
    """Return whether the comment began its thread."""
    first = select(func.min(Comment.id)).where(Comment.thread_id == comment.thread_id)
    return session().scalar(first) == comment.id


def get_text(comment: Comment) -> str:
    """Return the newest text of a comment as it was typed."""
    newest = (CommentVersion.comment_id == comment.id, CommentVersion.number == comment.versions)
    return session().scalars(select(CommentVersion.text).where(*newest)).one()


_OPEN = (
    select(Thread.subject_id, func.count(), func.min(Thread.opened_at))
    .where(Thread.state == ThreadState.OPEN, Thread.subject_id.in_(bindparam("subjects", expanding=True)))
    .group_by(Thread.subject_id)
)


def open_questions(subject_ids: Collection[int]) -> dict[int, OpenQuestions]:
    """Count the open questions right under each subject, with the day of the oldest; without any it is left out."""
    if not subject_ids:
        return {}
    rows = session().execute(_OPEN, {"subjects": list(subject_ids)})
    return {subject_id: OpenQuestions.since(count, oldest) for subject_id, count, oldest in rows}


def open_questions_of_pilots(pilot_ids: Collection[int], visible: ColumnElement[bool]) -> dict[int, OpenQuestions]:
    """Count the open questions of each pilot, those under its pages included as far as the reader may see them."""
    if not pilot_ids:
        return {}
    query = (
        select(Subject.circle_id, func.count(), func.min(Thread.opened_at))
        .join(Thread, Thread.subject_id == Subject.id)
        .where(Subject.circle_id.in_(pilot_ids), Thread.state == ThreadState.OPEN, visible)
        .group_by(Subject.circle_id)
    )
    return {int(pilot or 0): OpenQuestions.since(n, oldest) for pilot, n, oldest in session().execute(query)}


def waiting_questions(visible: ColumnElement[bool], *, limit: int = 5) -> list[Waiting]:
    """Return the questions that have waited longest for an answer, wherever the reader may see them."""
    pilot = aliased(Subject)
    query = (
        select(Thread.id, Thread.title, Thread.opened_at, Subject.title.label("subject"), pilot.title.label("pilot"))
        .join(Subject, Subject.id == Thread.subject_id)
        .outerjoin(pilot, pilot.id == Subject.circle_id)
        .where(Thread.state == ThreadState.OPEN, visible)
        .order_by(Thread.opened_at, Thread.id)
        .limit(limit)
    )
    return [
        Waiting(row.id, row.title, row.opened_at, row.subject, row.pilot or row.subject)
        for row in session().execute(query)
    ]


def recent_comments(subject_ids: Collection[int], *, limit: int = 3) -> list[Line]:
    """Return the latest comments under subjects, each as one line."""
    query = (
        rows.post_rows()
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Thread.subject_id.in_(subject_ids), Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit)
    )
    posts = [rows.post(row) for row in session().execute(query)]
    return [Line(p.id, p.thread_id, p.excerpt, p.name, p.marks, p.at) for p in posts]


def count_comments(subject_ids: Collection[int]) -> dict[int, int]:
    """Count the comments right under each subject; without any it is left out."""
    if not subject_ids:
        return {}
    query = (
        select(Thread.subject_id, func.sum(Thread.comments))
        .where(Thread.subject_id.in_(subject_ids))
        .group_by(Thread.subject_id)
    )
    return {subject_id: int(count) for subject_id, count in session().execute(query) if count}
