"""What people type in a conversation: cleaned, rendered, and shortened to a title or a line.

What must stay true: nothing visible that someone typed is changed; what is shown went through the renderer. A link
to a page is not looked up: whether it exists differs from day to day and per reader, and a comment is rendered once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup

from proeftuin import markup
from proeftuin.errors import Invalid
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.i18n import _
from proeftuin.markup import Link
from proeftuin.naming import clean_line, slugify

LONGEST_TEXT = 20_000
LONGEST_TITLE = 150
DERIVED_TITLE = 80
LINE = 140

# Control characters, halves of pairs, and what reorders the rest of a line (Unicode TR 9). Line ends and tabs stay.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_ELSEWHERE = re.compile("([a-z0-9-]+):(\\S.*)")
SITE = "/wiki"
_BLANK_START = re.compile(r"\A(?:[^\S\n]*\n)+")


def accept(text: str, title: str = "") -> tuple[str, str]:
    """Return text and title as they are stored; everything that is wrong with them is told at once.

    :raises Invalid: when no text is left, or when text or title is too long.
    """
    text, title = tidy(text), clean_line(title)
    problems: dict[str, str] = {}
    if len(title) > LONGEST_TITLE:
        problems["title"] = _("Het onderwerp telt %(n)s tekens; er passen er 150 in. Maak het korter.", n=len(title))
    if not clean_line(text):
        problems["text"] = _("Schrijf een reactie. Het veld is nog leeg.")
    if len(text) > LONGEST_TEXT:
        problems["text"] = _(
            "Je reactie telt %(n)s tekens; er passen er 20.000 in. Maak haar korter of verdeel haar.", n=len(text)
        )
    if problems:
        raise Invalid(problems)
    return text, title


def tidy(raw: str) -> str:
    """Return the text in NFC with plain line ends, without blank edges and characters that no text needs."""
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return _BLANK_START.sub("", _UNWANTED.sub("", text)).rstrip()


def render_comment(text: str, subject: Subject, *, scope: str) -> Markup:
    """Return a comment as HTML. `scope` keeps the addresses of headings apart from those of other comments."""
    return markup.render(text, resolve=_links_of(subject), scope=scope).html


def first_words(html: str, *, length: int = LINE) -> str:
    """Return the words of rendered text on one line, cut between two words."""
    words = clean_line(Markup(html).striptags())
    if len(words) <= length:
        return words
    start, space, _rest = words[: length + 1].rpartition(" ")
    cut = start if space else words[: length - 1]
    return cut.rstrip(" ,.;:–-") + "…"


def _links_of(subject: Subject) -> Callable[[str], Link]:
    """Return how a [[title]] becomes an address: a page of the same pilot or of the site, or of another pilot when
    its address stands before a colon, as on pages."""
    here = subject.path if subject.kind is SubjectKind.PILOT else subject.path.rpartition("/")[0]
    if subject.kind is SubjectKind.SITE:
        here = SITE

    def resolve(target: str) -> Link:
        elsewhere = _ELSEWHERE.fullmatch(target)
        if elsewhere is None:
            return Link(href=f"{here}/{slugify(target)}", exists=True)
        prefix, title = elsewhere.groups()
        space = SITE if prefix == "site" else f"/proeftuinen/{prefix}"
        return Link(href=f"{space}/{slugify(title)}", exists=True, label=title)

    return resolve
