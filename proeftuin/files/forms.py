"""What the forms about files send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proeftuin.files.service import Words

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class FileForm:
    """A file with what is said of it. `upload` names one that arrived before, in pieces or with a refused form."""

    words: Words
    upload: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> FileForm:
        """Read the fields of a sent form."""
        return cls(
            Words(
                alt=form.get("alt", "")[:LONGEST],
                is_decorative=form.get("decorative") == "1",
                description=form.get("description", "")[:LONGEST],
            ),
            upload=form.get("upload", "")[:40],
        )


@dataclass(frozen=True, slots=True)
class RemoveForm:
    """Why a file is taken away, and whether what it holds is to be destroyed."""

    reason: str = ""
    erase: bool = False

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> RemoveForm:
        """Read the fields of a sent form."""
        return cls(form.get("reason", "")[:LONGEST], form.get("erase") == "1")


def whole_number(raw: str | None) -> int:
    """Return a number from a form or an address, -1 for what is none."""
    return int(raw) if raw is not None and raw.isascii() and raw.isdigit() and len(raw) <= 12 else -1
