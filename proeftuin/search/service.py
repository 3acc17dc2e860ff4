"""Keeping the index in step with the database, through jobs of the same transaction as the change.

The index is disposable: it can always be made again from the database, and the page with results asks the database
about every hit before it shows a word of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.events.models import Event, Job, Subject, SubjectKind
from proeftuin.events.service import enqueue
from proeftuin.search import documents
from proeftuin.search.index import Index, IndexUnusable

JOB = "search.index"
_WHOLE_CIRCLE = {"pilot:created", "pilot:opened", "pilot:changed", "pilot:state"}
_WITH_COMMENTS = {"page:restricted", "page:opened", "page:renamed", "page:deleted", "page:undeleted"}


@dataclass(frozen=True, slots=True)
class Differences:
    """Where the index and the database differ, as names of documents."""

    missing: frozenset[str]
    stale: frozenset[str]
    orphaned: frozenset[str]

    def __len__(self) -> int:
        return len(self.missing) + len(self.stale) + len(self.orphaned)


def notice(event: Event) -> None:
    """Put aside the documents that an event touches."""
    for key in dict.fromkeys(_touched(event)):
        enqueue(JOB, key=key)
    if event.kind == "cao:published" and event.object_id is not None:
        for moment in cao.changeovers(cao.get_version(event.object_id)):  # other articles hold from then on
            if moment > event.at:
                enqueue(JOB, key=documents.EVERY_ARTICLE, delay=moment - event.at)


def _touched(event: Event) -> Iterable[str]:
    family = event.kind.partition(":")[0]
    if event.kind in _WHOLE_CIRCLE:
        return documents.keys_of_circle(event.subject_id)
    if event.kind in _WITH_COMMENTS:
        subjects = [event.subject_id]
        about = [*documents.keys_of_comments(subjects), *documents.keys_of_files(subjects)]
        return [documents.key_of("page", event.subject_id), *about]
    if family in ("comment", "question") and event.object_id is not None:
        # A title goes with the first comment; the documents of the replies hold it too.
        replies = documents.keys_of_comments([event.subject_id]) if event.data.get("retitled") else []
        return [documents.key_of("comment", event.object_id), *replies]
    if family == "file" and event.object_id is not None:
        return [documents.key_of("file", event.object_id)]
    if event.kind.startswith(("admin:department", "cao:")):
        return [documents.EVERY_ARTICLE] if family == "cao" else documents.keys_of_departments()
    return _own_document(event) if family in ("page", "pilot") else []


def _own_document(event: Event) -> list[str]:
    subject = session().get_one(Subject, event.subject_id)
    return [documents.key_of("page" if subject.kind is SubjectKind.PAGE else "pilot", event.subject_id)]


def notice_words(file_id: int) -> None:
    """Put aside the document of a file whose words were read."""
    enqueue(JOB, key=documents.key_of("file", file_id))


def index_jobs(index: Index, jobs: Sequence[Job]) -> None:
    """Bring the documents of a batch of jobs up to date; without a usable index, make it first."""
    try:
        bring_up_to_date(index, dict.fromkeys(job.key for job in jobs))
    except IndexUnusable:
        rebuild(index)


def bring_up_to_date(index: Index, keys: Iterable[str]) -> None:
    """Put documents in the index as the rows are now, and take out what is no longer there."""
    wanted = [each for key in keys for each in documents.meant(key)]
    found = list(documents.documents(wanted))
    index.update(found, set(wanted) - {document.key for document in found})


def rebuild(index: Index, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make the index again beside the old one, switch to it, and return the number of documents."""
    keys = documents.list_keys()
    changed = index.rebuild(documents.documents(keys), lambda done: progress(done, len(keys)))
    if changed:
        bring_up_to_date(index, changed)
    return len(keys)


def compare(index: Index) -> Differences:
    """Compare the index with the database, document by document."""
    there = index.keys_with_stamp()
    keys = documents.list_keys()
    wanted = {document.key: document.stamp() for document in documents.documents(keys)}
    return Differences(
        missing=frozenset(wanted.keys() - there.keys()),
        stale=frozenset(key for key in wanted.keys() & there.keys() if wanted[key] != there[key]),
        orphaned=frozenset(there.keys() - wanted.keys()),
    )


def repair(index: Index, differences: Differences) -> None:
    """Bring what differs up to date."""
    bring_up_to_date(index, differences.missing | differences.stale | differences.orphaned)


def forget_jobs() -> None:
    """Drop the jobs that wait; for who is about to make the whole index."""
    session().execute(delete(Job).where(Job.kind == JOB))
