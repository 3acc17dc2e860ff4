"""What people send when they prepare a cao text: the text (pasted, or in a file) and what they typed about it.

What must stay true: nothing that was typed is dropped here; a file that is no text is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from proeftuin.cao.terms import NAMES
from proeftuin.errors import Invalid
from proeftuin.i18n import _


@dataclass(frozen=True, slots=True)
class NewForm:
    """A text that is new here."""

    text: str
    file_name: str

    @classmethod
    def parse(cls, form: Mapping[str, str], files: MultiDict[str, FileStorage]) -> NewForm:
        """Read the form; a file goes before what was pasted.

        :raises Invalid: when the file is no text.
        """
        file = files.get("file")
        if file is None or not file.filename:
            return cls(clean_text(form.get("text", "")), "")
        return cls(decode(file.read()), file.filename)


@dataclass(frozen=True, slots=True)
class PreparationForm:
    """A text in preparation as it was typed, and the state from which it began."""

    edition: int | None
    text: str
    terms: dict[str, str]
    expiring_is_meant: bool

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> PreparationForm:
        """Read the form."""
        edition = form.get("edition", "")
        return cls(
            int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else None,
            clean_text(form.get("text", "")),
            {name: form.get(name, "").replace("\0", "") for name in (*NAMES, "chosen")},
            form.get("expiring_is_meant") == "1",
        )


def clean_text(raw: str) -> str:
    """Return a text with one kind of line ends and without the one sign that no database keeps."""
    return raw.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def decode(content: bytes) -> str:
    """Return the text of a file.

    :raises Invalid: when it is no text in UTF-8.
    """
    try:
        return clean_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        sentence = _("Dit bestand is geen platte tekst (UTF-8). Sla het op als tekst, of plak de tekst hieronder.")
        raise Invalid({"file": sentence}) from None
