"""What the forms of a conversation send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proeftuin.errors import NotFound

LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PostForm:
    """A comment as someone typed it; `base` is the version that a change was made from."""

    title: str = ""
    text: str = ""
    voice: str = ""
    is_question: bool = False
    is_answer: bool = False
    parent_id: int | None = None
    base: int = 0

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> PostForm:
        """Read the form.

        :raises NotFound: when the comment that is answered is not a number.
        """
        return cls(
            title=form.get("title", ""),
            text=form.get("text", ""),
            voice=form.get("voice", ""),
            is_question=bool(form.get("is_question")),
            is_answer=bool(form.get("is_answer")),
            parent_id=number(form.get("parent_id", "")),
            base=number(form.get("base", "")) or 0,
        )


def number(raw: str) -> int | None:
    """Return the number of a row from a form or an address, None when it is empty.

    :raises NotFound: when it is not a number that a row can have.
    """
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 10) or int(raw) > LARGEST_NUMBER:
        raise NotFound
    return int(raw)
