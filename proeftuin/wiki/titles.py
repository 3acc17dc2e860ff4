"""The title of a page, and the address made of it.

What must stay true: a title is one clean line (NFC, nothing invisible, nothing that reorders the rest of the line);
two titles of one space differ in more than case and accents; no page gets an address that a fixed screen has.
"""

from __future__ import annotations

import re
from collections.abc import Container

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line, slugify, title_key

MAX_TITLE = 120
MAX_KEY = 150
_SLUG = re.compile(r"[a-z0-9-]{1,120}")

# Every fixed word that follows `/proeftuinen/<pilot>/` or `/wiki/`, now or by a promise we made. A test compares
# this with the routes.
RESERVED = frozenset(
    {
        "afwijkingen",
        "atom",
        "auteurs",
        "beloften",
        "bestanden",
        "bewerken",
        "dossier",
        "evaluatie",
        "fase",
        "geschiedenis",
        "gevraagd",
        "gesprek",
        "instellingen",
        "lessen",
        "los",
        "meedoen",
        "meenemen",
        "metingen",
        "nieuwe-pagina",
        "ongedaan",
        "paginas",
        "plan",
        "risicos",
        "team",
        "terugzetten",
        "titels",
        "uitkomsten",
        "vergelijk",
        "versies",
        "verwijzingen",
        "voorbeeld",
        "voorstellen",
        "voortgang",
    }
)


def checked_title(raw: str) -> str:
    """Return the title as it is stored.

    :raises Invalid: when nothing is left of it or it is too long.
    """
    title = clean_line(raw)
    if not title_key(title).strip():
        raise Invalid({"title": _("Geef de pagina een titel.")})
    # Some signs grow when they are made comparable; the key must fit its column too.
    if len(title) > MAX_TITLE or len(title_key(title)) > MAX_KEY:
        raise Invalid({"title": _("De titel is te lang. Maak hem korter dan %(n)s tekens.", n=MAX_TITLE)})
    return title


def free_slug(title: str, taken: Container[str]) -> str:
    """Return the part of the address for a new page: the title, with a number when that is taken or reserved."""
    wish = slugify(title)
    slug, number = wish, 2
    while slug in taken or slug in RESERVED:
        slug = f"{wish}-{number}"
        number += 1
    return slug


def is_slug(raw: str) -> bool:
    """Return whether a part of an address can be that of a pilot or a page at all."""
    return _SLUG.fullmatch(raw) is not None


def space_path(pilot_slug: str | None) -> str:
    """Return the address under which the pages of a pilot, or of the site, stand."""
    return f"/proeftuinen/{pilot_slug}" if pilot_slug else "/wiki"


def page_path(pilot_slug: str | None, slug: str) -> str:
    """Return the address of a page."""
    return f"{space_path(pilot_slug)}/{slug}"
