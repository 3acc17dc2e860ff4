"""Taking a pilot along: the zip, and the dossier on the screen, on paper and as PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import NotFound
from proeftuin.exchange import dossier, packing, pdf
from proeftuin.i18n import _
from proeftuin.pilots import queries
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import ROOT, render

blueprint = Blueprint("exchange", __name__)
PIECE = 65_536
PILOT = "/proeftuinen/<slug>"
STYLE = ROOT / "static" / "css" / "dossier.css"


@blueprint.get(f"{PILOT}/meenemen")
def take_along(slug: str) -> str:
    """Tell what can be taken along, and how."""
    head = queries.get_head(get_actor(), slug)
    return render("exchange/take_along.html", head=head, can_pdf=pdf.is_available())


@blueprint.get(f"{PILOT}/meenemen/zip")
def take_zip(slug: str) -> ResponseReturnValue:
    """Send everything that the reader may read as a zip of text files."""
    with ExitStack() as stack:
        stream = stack.enter_context(tempfile.TemporaryFile())
        name = packing.pack(get_actor(), slug, stream)
        size = stream.tell()
        stack.pop_all()
    response = Response(pieces(stream), mimetype="application/zip")
    response.content_length = size
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Give a file from its beginning, and close it at the end or when nobody wants the rest."""
    with stream:
        stream.seek(0)
        while piece := stream.read(PIECE):
            yield piece


@blueprint.get(f"{PILOT}/dossier")
def show_dossier(slug: str) -> ResponseReturnValue:
    """Show a pilot as one text to print; as PDF when that was asked for and can be made here."""
    asked = request.args.get("gesprek", "")
    talk = next((each for each in dossier.TALKS if each == asked), dossier.TALKS[0])
    as_pdf = request.args.get("vorm") == "pdf"
    if as_pdf and not pdf.is_available():
        raise NotFound(
            _("Een PDF maken kan hier niet. Print het dossier en kies “Opslaan als PDF”: dat is hetzelfde.")
        )
    gathered = dossier.gather(get_actor(), slug, talk=talk)
    template = "exchange/dossier_pdf.html" if as_pdf else "exchange/dossier.html"
    page = render(
        template,
        dossier=gathered,
        head=gathered.head,
        talk=talk,
        base_url=settings().base_url,
        can_pdf=pdf.is_available(),
    )
    if not as_pdf:
        return page
    made = Response(
        pdf.make(get_actor(), page, STYLE.read_text(), base_url=settings().base_url), mimetype="application/pdf"
    )
    made.headers["Content-Disposition"] = f'attachment; filename="dossier-{gathered.head.slug}.pdf"'
    return made
