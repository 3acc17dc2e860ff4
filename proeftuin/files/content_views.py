"""Giving files out: from addresses of their own, in which nothing that a file holds can act.

What must stay true: only pictures that we made ourselves are shown, everything else is a download; the answer says
its type and forbids to guess another, runs nothing and reaches nothing (`sandbox; default-src 'none'`); a version
never changes, so it may be kept for ever, but by the reader's own browser only.
"""

from __future__ import annotations

import io
import logging
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from proeftuin.errors import Gone, NotFound
from proeftuin.files import queries, storage
from proeftuin.files.models import EndKind
from proeftuin.files.pictures import SIZES
from proeftuin.files.places import get_place
from proeftuin.files.queries import Content
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor

log = logging.getLogger(__name__)
blueprint = Blueprint("files", __name__)

POLICY = "sandbox; default-src 'none'"
KEPT = "private, max-age=31536000, immutable"
SMALL = 4_000_000
"""Bytes; a larger file is sent piece by piece."""


@blueprint.get("/bestanden/<int:file_id>/<int:number>/<name>")
def content(file_id: int, number: int, name: str) -> ResponseReturnValue:
    """Send a version of a file."""
    found = _readable(file_id, number)
    return _send(found, storage.path_of(found.digest), found.format.mimetype, found.digest)


@blueprint.get("/bestanden/<int:file_id>/<int:number>/<size>/<name>")
def smaller(file_id: int, number: int, size: str, name: str) -> ResponseReturnValue:
    """Send a picture in a smaller size; the whole picture when it is small itself."""
    if size not in SIZES:
        raise NotFound
    found = _readable(file_id, number)
    if not found.format.is_picture:
        raise NotFound
    path = storage.smaller_path(found.digest, size)
    if path.is_file():
        return _send(found, path, "image/webp", f"{found.digest}-{size}")
    return _send(found, storage.path_of(found.digest), found.format.mimetype, found.digest)


def _readable(file_id: int, number: int) -> Content:
    actor = get_actor()
    found = queries.find_content(actor, file_id, number)
    if found.end is EndKind.ERASED or (
        found.end is EndKind.REMOVED and not get_place(actor, found.subject_id).may_write
    ):
        raise Gone(gone_sentence(queries.get_file(actor, file_id)))
    return found


def gone_sentence(file: queries.Line) -> str:
    """Return who took a file away and why."""
    if file.end is None:
        return ""
    return _("%(who)s haalde dit bestand weg: %(reason)s", who=file.end.who or _("Iemand"), reason=file.end.reason)


def _send(found: Content, path: Path, mimetype: str, etag: str) -> Response:
    if not path.is_file():
        log.error("the file with sum %s is missing on the disk", found.digest)
        raise NotFound(_("Dit bestand is zoekgeraakt op de server. Geef het door aan de beheerder."))
    body = io.BytesIO(path.read_bytes()) if path.stat().st_size <= SMALL else path
    response = send_file(
        body,
        mimetype=mimetype,
        as_attachment=not found.format.is_picture,
        download_name=found.name,
        conditional=False,
        etag=etag,
    )
    response.make_conditional(request)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = KEPT
    return response
