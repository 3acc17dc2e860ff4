"""Sending a file in pieces: begin, ask how far it is, send the next piece. For scripts; forms do without it.

What must stay true: nothing here makes a file, so nothing is half there; the answers are JSON, also the refusals,
with a sentence that can be shown.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from proeftuin.files import uploads
from proeftuin.files.content_views import blueprint
from proeftuin.files.forms import whole_number
from proeftuin.files.places import get_place
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor


@blueprint.post("/bestanden/onderweg")
def begin_upload() -> ResponseReturnValue:
    """Begin to send a file, or go on with one that was broken off."""
    return _answered(_begin)


def _begin() -> Response:
    actor, form = get_actor(), request.form
    place = get_place(actor, whole_number(form.get("subject")), writing=True)
    upload = uploads.start(
        actor,
        place,
        name=form.get("name", "")[:1_000],
        size=whole_number(form.get("size")),
        digest=form.get("digest", ""),
    )
    return jsonify(upload=upload.token, received=uploads.received(upload), piece=uploads.PIECE)


@blueprint.get("/bestanden/onderweg/<token>")
def upload_state(token: str) -> ResponseReturnValue:
    """Say how far a file is."""
    return _answered(lambda: jsonify(received=uploads.received(uploads.get(get_actor(), token))))


@blueprint.post("/bestanden/onderweg/<token>")
def add_piece(token: str) -> ResponseReturnValue:
    """Add a piece at the end of a file."""
    return _answered(lambda: _add(token))


def _add(token: str) -> Response:
    upload = uploads.get(get_actor(), token)
    piece = request.get_data()
    if len(piece) > uploads.PIECE:
        raise Invalid({"file": _("Dit stuk van het bestand is te groot.")})
    return jsonify(received=uploads.add_piece(upload, whole_number(request.args.get("vanaf")), piece))


def _answered(act: Callable[[], Response]) -> ResponseReturnValue:
    try:
        return act()
    except uploads.Behind as refused:
        return jsonify(message=refused.message, received=refused.received), refused.status
    except TooMany as refused:
        return jsonify(message=refused.message), refused.status, {"Retry-After": str(refused.retry_after)}
    except NotFound as refused:
        return jsonify(message=refused.message or _("Dit is er niet, of niet meer.")), refused.status
    except (Conflict, Invalid, NotAllowed) as refused:
        return jsonify(message=refused.message), refused.status


def wants_json() -> bool:
    """Return whether a script asks."""
    return request.headers.get("X-Requested-With") == "fetch"
