"""What people send when they write pages, parsed and cleaned; the rules are the service's.

What must stay true: nothing that was typed is dropped here. A text keeps every sign, only its line ends become one
kind; a number that is none becomes None, so that the form can be shown again with the text in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proeftuin.wiki import diff
from proeftuin.wiki.models import PageKind

CHOOSABLE = (PageKind.PROGRESS, PageKind.PLAIN, PageKind.REVIEW, PageKind.DECISION)


@dataclass(frozen=True, slots=True)
class EditForm:
    """A new text for a page, and the version it began from."""

    text: str
    summary: str
    minor: bool
    base: int | None
    do: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> EditForm:
        """Read the fields of a sent form."""
        return cls(
            text=clean_text(form.get("text", "")),
            summary=form.get("summary", ""),
            minor=form.get("minor") == "1",
            base=_number(form.get("base")),
            do=form.get("do", ""),
        )


@dataclass(frozen=True, slots=True)
class NewPageForm:
    """A page to be."""

    title: str
    text: str
    kind: PageKind
    restricted: bool
    do: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, on_site: bool) -> NewPageForm:
        """Read the fields of a sent form; a page of the site has no kind to choose."""
        return cls(
            title=form.get("title", ""),
            text=clean_text(form.get("text", "")),
            kind=PageKind.PLAIN if on_site else page_kind(form.get("kind")),
            restricted=form.get("restricted") == "1",
            do=form.get("do", ""),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What someone made of one passage: a choice (or none), the text in the box, and a mark of how it began."""

    keep: str
    text: str
    start: str


@dataclass(frozen=True, slots=True)
class ConflictForm:
    """The answer to the conflict screen: my whole text, the version it began from, and a choice for each passage."""

    edit: EditForm
    was: int | None
    mine: str
    choices: tuple[Choice, ...]

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> ConflictForm:
        """Read the fields of a sent form."""
        count = 0
        while f"tekst-{count + 1}" in form:
            count += 1
        choices = (
            Choice(
                keep=form.get(f"keuze-{n}", ""),
                text=clean_text(form[f"tekst-{n}"]),
                start=form.get(f"begin-{n}", ""),
            )
            for n in range(1, count + 1)
        )
        return cls(
            edit=EditForm.parse(form),
            was=_number(form.get("was")),
            mine=clean_text(form.get("mijn", "")),
            choices=tuple(choices),
        )


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The title, kind and readers of a page; no kind when it was not asked."""

    title: str
    kind: PageKind | None
    restricted: bool

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> SettingsForm:
        """Read the fields of a sent form."""
        kind = page_kind(form.get("kind")) if "kind" in form else None
        return cls(form.get("title", ""), kind, form.get("restricted") == "1")


def page_kind(raw: str | None) -> PageKind:
    """Return a kind from an address or a form; an ordinary page when it is none that can be chosen."""
    return PageKind(raw) if raw in CHOOSABLE else PageKind.PLAIN


def version_number(raw: str | None) -> int | None:
    """Return the number of a version from an address, or None."""
    return _number(raw)


def clean_text(raw: str) -> str:
    """Return a text with one kind of line end, whatever the browser sent."""
    return diff.normalize_newlines(raw)


def _number(raw: str | None) -> int | None:
    if raw is None or not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        return None
    return int(raw)
