"""Files in the text of a page: where wiki asks for them without knowing them.

The package of files stands above this one (a file belongs to a page), so at the start it says how files are found.
What must stay true: without it texts are rendered all the same; what a text may show is decided there and not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from proeftuin.markup import Attachment, find_files
from proeftuin.wiki.spaces import Space

Finder = Callable[[Space, int | None, Sequence[str]], Mapping[str, Attachment]]


def _nothing(space: Space, page_id: int | None, sources: Sequence[str]) -> Mapping[str, Attachment]:
    return {}


_finder: Finder = _nothing


def use(finder: Finder) -> None:
    """Let a function find the files that texts mention: by space, page (None for a new one) and sources."""
    global _finder
    _finder = finder


def find(space: Space, page_id: int | None, text: str) -> Mapping[str, Attachment]:
    """Return the files that a text mentions."""
    sources = find_files(text)
    return _finder(space, page_id, sources) if sources else {}
