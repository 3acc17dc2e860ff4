"""Bytes with their rows: kept once whoever sends them, destroyed when nobody may have them any more.

What must stay true: bytes are on the disk before their row; they are only destroyed after the commit that says so,
and never while another file holds them; adding and erasing happen one at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.models import Job, Subject, SubjectKind
from proeftuin.events.service import enqueue
from proeftuin.files import extraction, limits, storage
from proeftuin.files.judging import Judged
from proeftuin.files.models import Blob, EndKind, FileEnd, FileVersion

ERASE = "files.erase"


def keep(judged: Judged) -> str:
    """Put the bytes on the disk, then their row in the transaction; return their sum."""
    _take_turn()
    limits.check(len(judged.content))
    digest = storage.keep(judged.content)
    for size, content in (judged.picture.smaller if judged.picture else {}).items():
        storage.keep_smaller(digest, size, content)
    blob = session().get(Blob, digest)
    if blob is None:
        session().add(Blob(digest=digest, size=len(judged.content), text="", created_at=clock.now()))
        session().flush()  # the version refers to it
        if not judged.format.is_picture:
            extraction.ask(digest)
    elif blob.erased_at is not None:
        blob.erased_at, blob.read_at = None, None
        extraction.ask(digest)
    return digest


def find_kept(digests: Collection[str]) -> frozenset[str]:
    """Return which of these sums are of bytes that are kept here."""
    kept = select(Blob.digest).where(Blob.digest.in_(digests), Blob.erased_at.is_(None))
    return frozenset(session().scalars(kept))


def ask_erase(file_id: int) -> None:
    """Put the destroying of what a file holds aside for after the commit."""
    enqueue(ERASE, key=str(file_id), file_id=file_id)


def erase_jobs(jobs: Sequence[Job]) -> None:
    """Do the jobs: destroy what erased files held, unless another file holds the same."""
    _take_turn()
    for job in jobs:
        versions = select(FileVersion.digest).where(FileVersion.file_id == job.payload["file_id"]).distinct()
        for digest in session().scalars(versions).all():
            if not _is_wanted(digest):
                blob = session().get_one(Blob, digest)
                blob.text, blob.erased_at = "", clock.now()
                storage.erase(digest)


def _take_turn() -> None:
    """Wait until nobody else adds or erases, and let others wait until the commit.

    So two files together never take more room than there is, and nothing is erased that was just added.
    """
    site = select(Subject.id).where(Subject.kind == SubjectKind.SITE).order_by(Subject.id).limit(1)
    session().execute(site.with_for_update())


def _is_wanted(digest: str) -> bool:
    newest = select(func.max(FileEnd.id)).where(FileEnd.file_id == FileVersion.file_id).correlate(FileVersion)
    holding = (
        select(func.count())
        .select_from(FileVersion)
        .outerjoin(FileEnd, FileEnd.id == newest.scalar_subquery())
        .where(FileVersion.digest == digest, (FileEnd.kind.is_(None)) | (FileEnd.kind != EndKind.ERASED))
    )
    return bool(session().scalar(holding))
