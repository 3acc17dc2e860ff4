"""The log for people: its entries, its seals, how to check it, and what that proves and what not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from flask import Blueprint, Response, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.audit import alerts, bundle, queries
from proeftuin.deviations.policy import may_close_alert
from proeftuin.errors import NotFound
from proeftuin.i18n import _
from proeftuin.paging import page_number
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

blueprint = Blueprint("audit", __name__)
PIECE = 65_536


@blueprint.get("/logboek")
def log() -> str:
    """Show the newest entries and seals, and tell how to check them."""
    actor = get_actor()
    below = page_number(request.args["voor"]) if request.args.get("voor") else None
    only_decisions = request.args.get("alleen") == "besluiten"
    rows = queries.list_entries(actor, below, only_decisions=only_decisions)
    return render(
        "audit/log.html",
        rows=rows,
        below=below,
        only_decisions=only_decisions,
        older=rows[-1].position if rows and rows[-1].position > 1 else None,
        count=queries.count_entries(),
        seals=queries.list_seals(),
        alerts=alerts.list_open(),
        may_close=may_close_alert(actor),
    )


@blueprint.post("/logboek/signalen/<int(max=2147483647):alert_id>/sluiten")
def close_alert(alert_id: int) -> ResponseReturnValue:
    """Close the red alert about the log, with a note."""
    alerts.close(get_actor(), alert_id, note=request.form.get("note", ""))
    flash(_("Het signaal is gesloten. Je toelichting blijft bewaard."), "good")
    return redirect("/logboek", 303)


@blueprint.get("/logboek/zegels")
def seals() -> str:
    """Show the seals in full, to be printed and kept."""
    get_actor()
    return render("audit/seals.html", seals=queries.list_seals(queries.SEALS_AT_MOST))


@blueprint.get("/logboek/regels/<int:position>")
def entry(position: int) -> str:
    """Show all that is known of one entry."""
    row = queries.get_entry(get_actor(), position)
    return render("audit/entry.html", row=row, proof=queries.prove_entry(position))


@blueprint.get("/logboek/regels/<int:position>/bewijs")
def proof(position: int) -> ResponseReturnValue:
    """Send the proof that an entry stands in the log, of a size that may be asked for."""
    get_actor()
    return _as_file(queries.prove_entry(position, _size("omvang")), f"bewijs-regel-{position}.json")


@blueprint.get("/logboek/groei")
def growth() -> ResponseReturnValue:
    """Send the proof that nothing was changed between two sizes of the log."""
    get_actor()
    first, second = _size("van"), _size("tot")
    if first is None or second is None:
        raise NotFound
    return _as_file(queries.prove_growth(first, second), f"bewijs-{first}-{second}.json")


def _size(name: str) -> int | None:
    given = request.args.get(name)
    return page_number(given) if given else None


def _as_file(found: dict[str, object], name: str) -> Response:
    response = jsonify(found)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/logboek/bundel")
def take_bundle() -> ResponseReturnValue:
    """Send the whole log as a zip, holding what the reader may read."""
    with ExitStack() as stack:
        stream = stack.enter_context(tempfile.TemporaryFile())
        bundle.pack(get_actor(), stream)
        size = stream.tell()
        stack.pop_all()
    response = Response(_pieces(stream), mimetype="application/zip")
    response.content_length = size
    response.headers["Content-Disposition"] = 'attachment; filename="logboek.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give a file from its beginning, and close it at the end or when nobody wants the rest."""
    with stream:
        stream.seek(0)
        while piece := stream.read(PIECE):
            yield piece


@blueprint.get("/logboek/nakijken.py")
def take_verifier() -> ResponseReturnValue:
    """Send the verifier."""
    get_actor()
    response = Response(bundle.verifier_source(), mimetype="text/x-python")
    response.headers["Content-Disposition"] = f'attachment; filename="{bundle.VERIFIER}"'
    return response
