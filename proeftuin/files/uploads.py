"""A file on its way in, in pieces: what arrived stays, so that a cut connection costs no more than the last piece.

The sender says what the whole will be (its size and its sum); the server says how far it is. How far that is, is the
length of the part on the disk and nothing else, so a killed server, a closed tab and a new browser window all go on
from the same place, when the same person chooses the same file for the same page or pilot again.

What must stay true: a piece is only added at the end, one sender at a time; an upload is seen by its sender alone;
what is never finished is thrown away after `KEPT`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts import throttle
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotFound, TooMany
from proeftuin.files import limits, storage
from proeftuin.files.filenames import shown_name
from proeftuin.files.models import Upload
from proeftuin.files.places import Place
from proeftuin.i18n import _

KEPT = timedelta(days=3)
PIECE = 1_000_000
"""How large a piece is at most; the limit of every request of the installation is above it."""
MOST_AT_ONCE = 20
BEGINNINGS = throttle.Limit("upload", 40, timedelta(minutes=1))
"""How many files one person may begin to send."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Behind(Conflict):
    """A piece does not fit at the end of what arrived; `received` says where the end is."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Dit stuk van het bestand past niet achter wat er al is."))
        self.received = received


def start(actor: Actor, place: Place, *, name: str, size: int, digest: str = "") -> Upload:
    """Return the upload of a file: the one that was broken off, or a new one.

    :raises Invalid: when it is too large, or the room is full.
    """
    throttle.count(BEGINNINGS, str(actor.id))
    _forget_old()
    digest = digest if _DIGEST.fullmatch(digest) else ""
    waiting = _find(actor, place, size, digest) if digest else None
    if waiting is not None:
        waiting.name = shown_name(name)
        return waiting
    limits.check(size)
    open_ones = select(func.count()).where(Upload.person_id == actor.id, Upload.file_id.is_(None))
    if (session().scalar(open_ones) or 0) >= MOST_AT_ONCE:
        raise TooMany(_("Er wachten al te veel bestanden die niet af zijn. Maak die eerst af."), retry_after=60)
    upload = Upload(
        token=secrets.token_urlsafe(20),
        person_id=actor.id,
        subject_id=place.id,
        name=shown_name(name),
        size=size,
        digest=digest,
        created_at=clock.now(),
    )
    session().add(upload)
    session().flush()
    return upload


def get(actor: Actor, token: str) -> Upload:
    """Return an upload of the actor.

    :raises NotFound: when there is none, or it is somebody else's.
    """
    query = select(Upload).where(Upload.token == token, Upload.person_id == actor.id)
    upload = session().scalar(query) if len(token) <= 40 else None
    if upload is None:
        raise NotFound(_("Dit bestand was onderweg, maar is intussen weggegooid. Kies het opnieuw."))
    return upload


def received(upload: Upload) -> int:
    """Return how many bytes arrived."""
    path = storage.part_path(upload.token)
    return path.stat().st_size if path.is_file() else 0


def add_piece(upload: Upload, at: int, piece: bytes) -> int:
    """Add a piece at the end and return how many bytes there are now.

    :raises Behind: when it begins somewhere else than at the end, or makes the file longer than was said.
    """
    path = storage.part_path(upload.token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as part:
        fcntl.flock(part, fcntl.LOCK_EX)  # two windows may send the same file
        end = part.seek(0, os.SEEK_END)
        if at != end or end + len(piece) > upload.size:
            raise Behind(end)
        part.write(piece)
        part.flush()
        os.fsync(part.fileno())
    return end + len(piece)


def whole(upload: Upload) -> bytes:
    """Return a file that has arrived.

    :raises Invalid: when a part is lacking, or it is not what the sender said it would be (it is then thrown away).
    """
    there = received(upload)
    if there != upload.size:
        raise Invalid(
            {"file": _("Dit bestand is nog niet helemaal binnen. Kies het opnieuw; we gaan verder waar je was.")}
        )
    content = storage.part_path(upload.token).read_bytes() if there else b""
    if upload.digest and hashlib.sha256(content).hexdigest() != upload.digest:
        drop(upload)
        raise Invalid({"file": _("Dit bestand kwam niet goed aan. Kies het opnieuw.")})
    return content


def finish(upload: Upload, file_id: int) -> None:
    """Remember which file an upload became; its part is thrown away."""
    upload.file_id = file_id
    _unlink(storage.part_path(upload.token))


def drop(upload: Upload) -> None:
    """Throw an upload away."""
    _unlink(storage.part_path(upload.token))
    session().delete(upload)


def forget_all_old() -> int:
    """Throw away what was never finished, and return how many uploads that were."""
    return _forget_old(limit=100_000)


def _find(actor: Actor, place: Place, size: int, digest: str) -> Upload | None:
    mine = (Upload.person_id == actor.id, Upload.subject_id == place.id, Upload.file_id.is_(None))
    same = (Upload.size == size, Upload.digest == digest)
    return session().scalar(select(Upload).where(*mine, *same).order_by(Upload.id.desc()).limit(1))


def _forget_old(limit: int = 20) -> int:
    old = session().scalars(
        select(Upload).where(Upload.created_at < clock.now() - KEPT).order_by(Upload.id).limit(limit)
    )
    count = 0
    for upload in old.all():
        drop(upload)
        count += 1
    return count


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
