"""The text of MediaWiki as our Markdown.

What must stay true: no word is lost. What has no counterpart here (a template, a picture, a category, a table with
joined cells) stays readable as code, and is told. The work grows with the length of the text, whatever it holds.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from proeftuin.exchange import wikilines
from proeftuin.exchange.wikicuts import Cuts, cut
from proeftuin.exchange.wikiwords import words

_REDIRECT = re.compile(r"\s*#(?:redirect|doorverwijzing)\s*:?\s*(?=\[\[)", re.I)


@dataclass(slots=True)
class Converted:
    """A text as Markdown, and the pieces that have no counterpart: (what it is, the piece)."""

    text: str
    misfits: list[tuple[str, str]] = field(default_factory=list)


def convert(source: str) -> Converted:
    """Return wikitext as Markdown."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    misfits: list[tuple[str, str]] = []
    if found := _REDIRECT.match(text):
        text = text[found.end() :]
        misfits.append(("redirect", text.strip()[:80]))
        text = f"''Doorverwijzing naar'' {text}"
    cuts = cut(text, misfits)
    done = wikilines.shape(
        cuts.text, lambda line: words(line, misfits), lambda cell: _cell(words(cell, misfits), cuts)
    )
    notes = [f"[^{name}]: {_note(body, misfits)}" for name, body in cuts.notes()]
    whole = "\n\n".join(filter(None, (done.strip("\n"), "\n".join(notes))))
    return Converted(cuts.put_back(whole) + ("\n" if whole else ""), misfits)


def _cell(shaped: str, cuts: Cuts) -> str:
    """Return a cell on one line, in which no bar ends it."""
    return " ".join(cuts.put_back(shaped).split()).replace("|", "\\|")


def _note(body: str, misfits: list[tuple[str, str]]) -> str:
    """Return a note on one line, whatever its source did."""
    return words(" ".join(html.unescape(body).split()), misfits) or "…"
