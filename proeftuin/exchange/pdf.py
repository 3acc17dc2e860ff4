"""A dossier as PDF, when WeasyPrint was installed beside the product (it needs libraries of the system).

What must stay true: without it nothing is missing but the button; making a PDF fetches nothing from anywhere. The
pictures in it are read from the disk, and only those that its reader may see.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

from proeftuin.accounts.actor import Actor
from proeftuin.errors import NotFound
from proeftuin.files import queries, storage
from proeftuin.files.models import EndKind
from proeftuin.files.pictures import SIZES

_PICTURE = re.compile(rf"/bestanden/([0-9]{{1,9}})/([0-9]{{1,9}})/(?:({'|'.join(SIZES)})/)?[^/?#]+")


class NotFetched(ValueError):
    """Something that stands outside the dossier."""


@cache
def _library() -> Any:
    """Return WeasyPrint (68 or later), or None when it, or a library that it needs, is not there."""
    try:
        library = importlib.import_module("weasyprint")
    except (ImportError, OSError):  # OSError: Pango is missing
        return None
    return library if hasattr(library.urls, "URLFetcherResponse") else None


def is_available() -> bool:
    """Return whether a PDF can be made here."""
    return _library() is not None


def make(actor: Actor, html: str, style: str, *, base_url: str) -> bytes:
    """Return a page with its style sheet as PDF, with the pictures that the actor may see."""

    library = _library()
    fetcher: Any = library.urls.URLFetcher

    class Pictures(fetcher):  # type: ignore[misc]  # the library need not be here, so it has no types
        def fetch(self, url: str, headers: object = None) -> Any:
            if not url.startswith(f"{base_url}/"):
                raise NotFetched(url)
            content, mimetype = _picture(actor, url.removeprefix(base_url))
            return library.urls.URLFetcherResponse(url, content, {"Content-Type": mimetype})

    document = library.HTML(string=html, base_url=f"{base_url}/", url_fetcher=Pictures())
    made: bytes = document.write_pdf(stylesheets=[library.CSS(string=style, url_fetcher=Pictures())])
    return made


def _picture(actor: Actor, address: str) -> tuple[bytes, str]:
    """Return what stands at the address of a picture, and its type.

    :raises NotFetched: when it is no picture of ours, was taken away, or is not for this reader.
    """
    match = _PICTURE.fullmatch(address)
    if match is None:
        raise NotFetched(address)
    try:
        found = queries.find_content(actor, int(match[1]), int(match[2]))
    except NotFound as missing:
        raise NotFetched(address) from missing
    if not found.format.is_picture or found.end not in (None, EndKind.RESTORED):
        raise NotFetched(address)
    smaller = storage.smaller_path(found.digest, match[3]) if match[3] else None
    if smaller is not None and smaller.is_file():
        return smaller.read_bytes(), "image/webp"
    path = storage.path_of(found.digest)
    if not path.is_file():
        raise NotFetched(address)
    return path.read_bytes(), found.format.mimetype
