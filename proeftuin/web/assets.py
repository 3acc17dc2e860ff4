"""The style sheet, the scripts and the drawings, each sent once.

At the start the parts in `static/` are joined to one style sheet and a few scripts (one for every page, the others
for what is done on some pages), and compressed. An address holds a fingerprint of what it gives, so a browser may
keep it for ever and a new release is seen at once.

What must stay true: an address with another fingerprint (a page from
before a release) gets the present text, and is told not to keep it.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, request

FOR_EVER = "public, max-age=31536000, immutable"
COMPONENTS = (
    "text button badge notice card news phases infobox tabs toc prose passage timeline thread form codes editor "
    "table period outcome parties watch file minute log diff history day conflict search cast cao forced-colors"
)
STYLES = {
    "proeftuin.css": ("tokens", "base", "layout", *(f"components/{name}" for name in COMPONENTS.split())),
    "dossier.css": ("dossier",),
}
SCRIPTS = {
    "proeftuin.js": ("forms", "keys", "copy"),
    "writing.js": ("autosave", "titles", "editor", "drafts", "conflict"),
    "files.js": ("files",),
    "passages.js": ("passages",),
    "drafting.js": ("drafting",),
}
SCRIPT, STYLE = "text/javascript", "text/css"


@dataclass(frozen=True, slots=True)
class Asset:
    """One text that browsers keep, with its fingerprint and its compressed form."""

    text: bytes
    compressed: bytes
    mimetype: str
    fingerprint: str


class Assets:
    """What browsers load beside a page."""

    def __init__(self, static_dir: Path) -> None:
        self._assets = {
            **{name: _asset(_joined(static_dir / "css", parts, ".css"), STYLE) for name, parts in STYLES.items()},
            **{name: _asset(_joined(static_dir / "js", parts, ".js"), SCRIPT) for name, parts in SCRIPTS.items()},
            "mark.svg": _asset((static_dir / "mark.svg").read_bytes(), "image/svg+xml"),
        }
        self._addresses = {name: f"/static/{asset.fingerprint}/{name}" for name, asset in self._assets.items()}
        self.blueprint = Blueprint("assets", __name__)
        self.blueprint.add_url_rule("/static/<fingerprint>/<name>", "file", self.send)

    def url(self, name: str) -> str:
        """Return the address of a style sheet, a script or `mark.svg`."""
        return self._addresses[name]

    def send(self, fingerprint: str, name: str) -> Response:
        """Send an asset, compressed when the browser can read that. There is nothing secret in it."""
        asset = self._assets.get(name) or abort(404)
        response = Response(mimetype=asset.mimetype)
        if request.accept_encodings.quality("gzip") > 0:
            response.data = asset.compressed
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.data = asset.text
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = FOR_EVER if fingerprint == asset.fingerprint else "no-cache"
        return response


def _joined(folder: Path, parts: tuple[str, ...], suffix: str) -> bytes:
    return b"".join((folder / f"{part}{suffix}").read_bytes() for part in parts)


def _asset(text: bytes, mimetype: str) -> Asset:
    return Asset(text, gzip.compress(text, 9, mtime=0), mimetype, sha256(text).hexdigest()[:10])
