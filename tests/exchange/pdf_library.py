"""A stand-in for the library that makes PDFs, which need not be here: as much of its shape as the product uses."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Response:
    """What a fetcher found, as `weasyprint.urls.URLFetcherResponse` has it."""

    url: str
    body: bytes
    headers: dict[str, str]


class Fetcher:
    """What the library asks for an address, as `weasyprint.urls.URLFetcher` has it."""

    def __call__(self, url: str) -> Response:
        return self.fetch(url)

    def fetch(self, url: str, headers: object = None) -> Response:
        """Fetch an address; the product says how."""
        raise NotImplementedError


def stand_in(html: Callable[..., object]) -> types.ModuleType:
    """Return a module that makes its documents with `html`."""
    module = types.ModuleType("weasyprint")
    module.urls = types.SimpleNamespace(  # type: ignore[attr-defined]  # a module that is made up
        URLFetcher=Fetcher, URLFetcherResponse=Response
    )
    module.HTML = html  # type: ignore[attr-defined]  # the same
    module.CSS = lambda *, string, url_fetcher: string  # type: ignore[attr-defined]  # the same
    return module
