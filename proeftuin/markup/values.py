"""What goes into and comes out of the renderer: plain values, so that nobody needs to know the library behind it."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """Where a wiki link leads; `label` is shown when the writer gave none ("artikel 4.6" for `[[cao:4.6]]`).

    `is_gone` tells of a page that was taken away: the link leads to what became of it.
    """

    href: str
    exists: bool
    label: str | None = None
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a text mentions. `shown` is the address of a picture in the size for a page, "" for other files;
    `about` says in a few words what kind of file it is and how large."""

    href: str
    about: str = ""
    shown: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""


class Heading(NamedTuple):
    """A heading of the text with its address on the page; levels run from 2 (the page has its own h1)."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Labels:
    """The words the renderer adds itself; pages are Dutch, so Dutch is what is stored with them."""

    done: str = "Gedaan: "
    todo: str = "Nog te doen: "
    missing: str = " (pagina bestaat nog niet)"
    gone: str = " (pagina is verwijderd)"
    no_file: str = " (dit bestand is er niet)"
    notes: str = "Noten"
    note: str = "Noot {number}"
    back: str = "Terug naar de tekst"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML. `targets` are its wiki links in reading order, each once.

    `degraded` says that the text was too heavy or too odd to lay out and is shown as it was typed.
    """

    html: Markup
    headings: tuple[Heading, ...]
    targets: tuple[str, ...]
    degraded: bool
