"""Bytes on the disk, beside the database, under the sum of what they hold.

Why by content: the same file sent twice is kept once, a name that people choose never becomes a path, and whether a
file is still what was sent can be checked at any time.

What must stay true: a file appears under its sum whole or not at all (written beside it, to the disk, then renamed);
the row that names it comes after it, in the transaction; nothing here is ever served by the web server itself.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from proeftuin import config

_DIGEST = re.compile(r"[0-9a-f]{64}")
_STEP = 1 << 20
PARTS, SMALLER = "incoming", "smaller"


def folder() -> Path:
    """Return the folder of all files of the installation."""
    return config.current().data_dir / "files"


def path_of(digest: str) -> Path:
    """Return where the bytes with a sum are, or would be.

    :raises ValueError: when it is no sum; no other text ever becomes a path.
    """
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a sha-256 sum")
    return folder() / digest[:2] / digest[2:]


def smaller_path(digest: str, size: str) -> Path:
    """Return where a smaller form of a picture is, or would be."""
    whole = path_of(digest)
    return folder() / SMALLER / whole.parent.name / f"{whole.name}.{size}.webp"


def keep(content: bytes) -> str:
    """Write bytes to the disk under their sum, and return it."""
    digest = hashlib.sha256(content).hexdigest()
    _put(path_of(digest), content)
    return digest


def keep_smaller(digest: str, size: str, content: bytes) -> None:
    """Write a smaller form of a picture to the disk."""
    _put(smaller_path(digest, size), content)


def digest_of(path: Path) -> str:
    """Return the sum of a file on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def erase(digest: str) -> None:
    """Destroy the bytes with a sum, and the smaller forms of them."""
    whole = path_of(digest)
    smaller = folder() / SMALLER / whole.parent.name
    for path in (whole, *smaller.glob(f"{whole.name}.*")):
        path.unlink(missing_ok=True)


def list_digests() -> Iterator[tuple[str, Path]]:
    """Give the sum and the path of every whole file on the disk."""
    for path in sorted(folder().glob("[0-9a-f][0-9a-f]/*")):
        digest = path.parent.name + path.name
        if _DIGEST.fullmatch(digest):
            yield digest, path


def list_leftovers() -> Iterator[Path]:
    """Give what a killed process left: files that were being written."""
    yield from sorted(folder().glob("*/*.new"))
    yield from sorted(folder().glob(f"{SMALLER}/*/*.new"))


def age(path: Path) -> float:
    """Return how many seconds ago something was last written there."""
    return max(0.0, time.time() - path.stat().st_mtime)


def part_path(token: str) -> Path:
    """Return where the pieces of an upload are put together."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,40}", token):
        raise ValueError("not a token")
    return folder() / PARTS / f"{token}.part"


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size == len(content):
        os.utime(path)  # it is wanted again: whoever looks for orphans sees that it is young
        return
    beside = path.parent / f"{path.name[:16]}{secrets.token_hex(8)}.new"
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Let a name that was just made in a folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
