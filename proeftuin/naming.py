"""Titles and names as people type them: cleaned, comparable, and as part of an address.

Titles are stored in NFC without control characters and without characters that reorder the rest of a line
(Unicode TR 9, "bidi" overrides and isolates). Two titles are the same when they differ in case or accents only.
"""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ĳ": "ij"})
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}  # needed inside some scripts and emoji; harmless for order


def clean_line(raw: str) -> str:
    """Return one line of text in NFC with single spaces, without invisible and reordering characters."""
    text = unicodedata.normalize("NFC", _SPACE.sub(" ", raw))
    hidden = _hidden(text)
    if hidden:  # what stood between two spaces may be gone now
        text = _SPACE.sub(" ", text.translate(dict.fromkeys(map(ord, hidden))))
    return text.strip()


def has_hidden_characters(raw: str) -> bool:
    """Return whether the text holds control, reordering or unassigned characters (line breaks included)."""
    return bool(_hidden(raw))


def _hidden(text: str) -> set[str]:
    # A text has few different characters, however long it is.
    return {c for c in set(text) - _JOINERS if unicodedata.category(c) in _FORBIDDEN}


def title_key(title: str) -> str:
    """Return what makes two titles the same: no case, no accents, one form of white space."""
    folded = clean_line(title).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in _JOINERS)


def slugify(title: str, *, length: int = 80) -> str:
    """Return the title as part of an address: small letters, digits and hyphens ("pagina" when none are left)."""
    slug = _NOT_SLUG.sub("-", title_key(title)).strip("-")[:length].strip("-")
    return slug or "pagina"
