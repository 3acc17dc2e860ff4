"""The lines above a Markdown text that say what it is: YAML between two lines of hyphens.

What must stay true: reading is total and cheap (no tags, no aliases, no deep nesting, no large block), and a text
that was written with `write` is read back to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.events import AliasEvent, MappingStartEvent, SequenceStartEvent

FENCE = "---"
MAX_LENGTH = 20_000
_MAX_DEPTH = 10
_START = re.compile(r"\ufeff?---[ \t]*\r?\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.M)


class NoFrontMatter(ValueError):
    """The block cannot be read; the message is a short reason."""


def load(text: str) -> Any:
    """Return a small YAML text as plain data.

    :raises NoFrontMatter: when it is no YAML, or YAML that says more than data needs.
    """
    if len(text) > MAX_LENGTH:
        raise NoFrontMatter("too long")
    try:
        _check(text)
        return yaml.safe_load(text)
    # Besides its own errors the library passes on those of Python about numbers and days that cannot be.
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise NoFrontMatter(str(error).split("\n", 1)[0]) from error


def _check(text: str) -> None:
    """Look at the events only: an alias may stand for a thousand others, and depth costs the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, AliasEvent):
            raise NoFrontMatter("aliases are not read")
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            depth += 1
            if depth > _MAX_DEPTH:
                raise NoFrontMatter("nested too deeply")
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


def split(document: str) -> tuple[dict[str, Any], str]:
    """Return what stands in the block above a text, and the text; without a block the whole is text.

    :raises NoFrontMatter: when there is a block that cannot be read.
    """
    start = _START.match(document)
    if start is None:
        return {}, document
    end = _END.search(document, start.end(), start.end() + MAX_LENGTH + 5)
    if end is None:
        return {}, document  # a line of hyphens is a rule in Markdown
    found = load(document[start.end() : end.start()])
    if not isinstance(found, Mapping):
        if found is None:
            return {}, document[end.end() :]
        raise NoFrontMatter("no names with values")
    text = document[end.end() :]
    return {str(name): value for name, value in found.items()}, re.sub(r"\A\r?\n", "", text, count=1)


def write(values: Mapping[str, Any], text: str) -> str:
    """Return a text with a block above it. Values are text, numbers, days, and lists of these."""
    block = yaml.safe_dump(
        dict(values), allow_unicode=True, sort_keys=False, width=1_000_000, default_flow_style=False
    )
    return f"{FENCE}\n{block}{FENCE}\n\n{text}"
