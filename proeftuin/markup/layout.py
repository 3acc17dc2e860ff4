"""A text as a tree, for whoever needs to know how it is laid out: the renderer, the list of headings, the links.

What must stay true: the three see the same tree; a text that is too heavy, or that the library trips over, gives None
to all of them, and is then shown as it was typed.
"""

import logging
from collections.abc import Callable
from typing import TypeVar
from xml.etree.ElementTree import Element

from proeftuin.markup.guard import TooHeavyError, check_length, check_lines, check_text
from proeftuin.markup.lines import Prepared, clean, prepare
from proeftuin.markup.syntax import parse

_log = logging.getLogger(__name__)
_Found = TypeVar("_Found")


def lay_out(
    text: str, read: Callable[[Prepared, Element], _Found], *, mark: Callable[[str], str] = lambda text: text
) -> _Found | None:
    """Return what `read` finds in the tree of a text, or None when the text cannot be laid out.

    `mark` may put private marks in the text once it was cleaned.
    """
    try:
        check_length(text)
        cleaned = clean(text)
        check_text(cleaned)
        prepared = prepare(mark(cleaned))
        check_lines(prepared.lines)
        return read(prepared, parse(prepared.lines))
    except TooHeavyError:
        return None
    # Whatever the library trips over (deep recursion, an odd text), the page must stay readable.
    except Exception:
        _log.warning("text of %d characters could not be laid out", len(text), exc_info=True)
        return None
