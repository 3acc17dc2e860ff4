"""The name of a file, made of what the browser sent.

What must stay true: a name is one word without a path, nothing invisible, nothing that reorders a line, nothing that
Markdown, a header or an address would have to escape; its ending says what the file is and not what it was called.
"""

from __future__ import annotations

import re
from collections.abc import Container

from proeftuin.errors import Invalid
from proeftuin.files.formats import Format
from proeftuin.i18n import _
from proeftuin.naming import clean_line, title_key

MAX_NAME = 100
MAX_ENDING = 12
_PATH = re.compile(r"[/\\]")
_DRIVE = re.compile(r"^[A-Za-z]:")
# Letters and figures of any script, and the few signs that mean nothing anywhere.
_NOT_PLAIN = re.compile(r"[^\w.+-]+")
_JOINED = re.compile(r"[-_.]*-[-_.]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def checked_name(raw: str, format: Format) -> str:
    """Return the name under which a file is kept.

    :raises Invalid: when nothing usable is left of it.
    """
    stem = _stem(raw)
    if not re.search(r"[^\W_]", stem):
        raise Invalid(
            {
                "file": _(
                    "De naam van dit bestand kunnen we niet gebruiken. Geef het een gewone naam en kies het opnieuw."
                )
            }
        )
    if _RESERVED.fullmatch(stem):  # Windows cannot keep a file with such a name
        stem = f"bestand-{stem}"
    lowered = raw.strip().lower()
    kept = next((ending for ending in format.endings if lowered.endswith(ending)), format.endings[0])
    return stem[: MAX_NAME - len(kept)].rstrip("-_.") + kept


def shown_name(raw: str) -> str:
    """Return the last part of what the browser called a file, to speak of it in a sentence."""
    name = clean_line(_PATH.split(_DRIVE.sub("", raw))[-1])
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, with a number when the subject has a file of that name."""
    stem, dot, ending = name.rpartition(".")
    number, found = 2, name
    while name_key(found) in taken:
        found = f"{stem[: MAX_NAME - len(ending) - 6]}-{number}{dot}{ending}"
        number += 1
    return found


def name_key(name: str) -> str:
    """Return what makes two names the same: no case, no accents."""
    return title_key(name)[:MAX_NAME]


def _stem(raw: str) -> str:
    """Return the name without folders and without its ending."""
    name = clean_line(_PATH.split(_DRIVE.sub("", raw))[-1])
    stem, _dot, ending = name.rpartition(".")
    if not stem or len(ending) > MAX_ENDING or not ending.isascii():
        stem = name
    return _JOINED.sub("-", _NOT_PLAIN.sub("-", stem)).strip("-_.")
