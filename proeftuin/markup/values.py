"""What goes into and comes out of the renderer: plain values, so that nobody needs to know the library behind it."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """Where a wiki link leads; `label` is shown when the writer gave none ("artikel 4.6" for `[[cao:4.6]]`)."""

    href: str
    exists: bool
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
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
