"""How a pilot looks as files: the names, the format, and what one version is on a line.

The two sides, `packing` and `folder`, both stand on this module. What must stay true: what is written here can be
read by `folder` of every later release, so the format has a number and only grows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FORMAT = "proeftuin/1"
PAGES = "paginas"
HISTORY = ".geschiedenis.jsonl"
FILES = "bestanden"
FILE_LIST = "bestanden.jsonl"
OLDER = "oudere-versies"
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_FIELDS = ("number", "at", "author", "suggester", "summary", "minor", "base", "restores", "text")


def file_name(slug: str) -> str:
    """Return the part of an address as a name of a file that every system can hold."""
    return f"{slug}-" if slug in _RESERVED else slug


def moment(at: datetime) -> str:
    """Return a moment in UTC, to the microsecond when it has them."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def version_line(values: dict[str, Any]) -> str:
    """Return a version as one line."""
    return json.dumps({name: values[name] for name in _FIELDS}, ensure_ascii=False) + "\n"


def read_version(line: str) -> dict[str, Any]:
    """Return a version from its line; without a text when that was hidden.

    :raises ValueError: when the line is no version.
    """
    found = _object(line)
    if not isinstance(found.get("text", ""), str | None):
        raise ValueError("no version")
    numbers = {name: found.get(name) for name in ("number", "base", "restores")}
    if any(value is not None and not _is_number(value) for value in numbers.values()):
        raise ValueError("no number")
    if numbers["number"] is None:
        raise ValueError("no number")
    return {
        "number": numbers["number"],
        "at": _at(found),
        "author": str(found.get("author") or ""),
        "suggester": str(found.get("suggester") or ""),
        "summary": str(found.get("summary") or ""),
        "minor": found.get("minor") is True,
        "base": numbers["base"],
        "restores": numbers["restores"],
        "text": found.get("text"),
    }


@dataclass(frozen=True, slots=True)
class FileLine:
    """A version of a file in the list of files. `place` is the page that it belongs to, by the path of its text in
    the folder, "" for the pilot; `path` is where the bytes are, None when they got lost."""

    place: str
    name: str
    number: int
    at: datetime
    who: str
    alt: str
    is_decorative: bool
    description: str
    sha256: str
    path: str | None


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A file that was taken away: its name, and who did that, when and why."""

    place: str
    name: str
    at: datetime
    who: str
    reason: str


def page_path(slug: str) -> str:
    """Return where the text of a page is."""
    return f"{PAGES}/{file_name(slug)}.md"


def content_path(slug: str | None, name: str, number: int | None) -> str:
    """Return where a version of a file of a page (or of the pilot) is; the newest, when there is no number.

    A name has an ending and the names of folders have none, so the two are never the same.
    """
    folder = FILES if slug is None else f"{FILES}/{PAGES}/{file_name(slug)}"
    if number is None:
        return f"{folder}/{name}"
    stem, dot, ending = name.rpartition(".")
    return f"{folder}/{OLDER}/{stem}.versie-{number}{dot}{ending}"


def file_line(line: FileLine | GoneLine) -> str:
    """Return a version of a file, or its tombstone, as one line."""
    about: dict[str, Any] = {"place": line.place, "name": line.name}
    if isinstance(line, GoneLine):
        about["removed"] = {"at": moment(line.at), "who": line.who, "reason": line.reason}
    else:
        about |= {
            "version": line.number,
            "at": moment(line.at),
            "who": line.who,
            "alt": line.alt,
            "decorative": line.is_decorative,
            "description": line.description,
            "sha256": line.sha256,
            "path": line.path,
        }
    return json.dumps(about, ensure_ascii=False) + "\n"


def read_file_line(line: str) -> FileLine | GoneLine:
    """Return a version of a file, or its tombstone, from its line.

    :raises ValueError: when the line is neither.
    """
    found = _object(line)
    place, name, path, number = (found.get(key) for key in ("place", "name", "path", "version"))
    if not isinstance(place, str) or not isinstance(name, str) or not isinstance(path, str | None):
        raise ValueError("no file")
    if isinstance(gone := found.get("removed"), dict):
        return GoneLine(place, name, _at(gone), str(gone.get("who") or ""), str(gone.get("reason") or ""))
    if type(number) is not int or not _is_number(number):
        raise ValueError("no number")
    return FileLine(
        place=place,
        name=name,
        number=number,
        at=_at(found),
        who=str(found.get("who") or ""),
        alt=str(found.get("alt") or ""),
        is_decorative=found.get("decorative") is True,
        description=str(found.get("description") or ""),
        sha256=str(found.get("sha256") or ""),
        path=path,
    )


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value < 2**31


def _at(found: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(found.get("at", ""))).astimezone(UTC)
