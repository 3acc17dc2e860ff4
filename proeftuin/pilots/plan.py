"""The plan of a pilot as fields: which there are, how they are compared, and how two forms that change them meet.

Two people may have the plan open at once, or one person in two tabs. Every form carries a fingerprint of each field
as it was shown. What must stay true: a field that only one of them changed is simply theirs, whoever saves last;
a field that both changed differently is never overwritten without showing both texts.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

QUESTIONS = (
    "question",
    "hypothesis",
    "measure",
    "measurement",
    "comparison",
    "what_can_go_wrong",
    "fallback",
    "change_of_mind",
)
TEXTS = ("summary", "motive", "changes", "stays", *QUESTIONS, "voluntariness")
FIELDS = ("title", "department_id", "theme_ids", "starts_on", "ends_on", "max_participants", *TEXTS)
_KEY = re.compile(r"[0-9a-f]{24}")
UNTITLED = "Naamloze proeftuin van "

Value = str | int | date | tuple[int, ...] | None


def is_untitled(title: str) -> bool:
    """Return whether a title is the one that a concept gets until someone names it."""
    return title.startswith(UNTITLED)


def fingerprint(value: Value) -> str:
    """Return a short text that is the same for the same value of a field."""
    if isinstance(value, tuple):
        value = ",".join(str(item) for item in sorted(value))
    return sha256(("" if value is None else str(value)).encode()).hexdigest()[:12]


def fingerprints(values: Mapping[str, Value]) -> dict[str, str]:
    """Return the fingerprint of every field."""
    return {name: fingerprint(value) for name, value in values.items()}


def write_base(key: str, base: Mapping[str, str]) -> str:
    """Return the key of a form and the fingerprints of its fields as one hidden field."""
    return " ".join([f"key:{key}", *(f"{name}:{print_}" for name, print_ in base.items())])


def read_base(raw: str) -> tuple[str, dict[str, str]]:
    """Return the key and the fingerprints from the hidden field of a form; what is not understood is left out."""
    pairs = [item.partition(":") for item in raw[:4000].split()]
    key = next((value for name, _colon, value in pairs if name == "key"), "")
    known = {name: print_ for name, _colon, print_ in pairs if name in FIELDS}
    return (key if _KEY.fullmatch(key) else ""), known


def new_key() -> str:
    """Return a key for a form that is shown now."""
    return secrets.token_hex(12)


@dataclass(frozen=True, slots=True)
class Typed:
    """One form with the plan as it was sent: what could be read, and a sentence for what could not."""

    key: str
    base: Mapping[str, str]
    values: Mapping[str, Value]
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a form changes, and where it and someone else changed the same field differently."""

    accepted: dict[str, Value]
    conflicts: tuple[str, ...]


def merge(base: Mapping[str, str], current: Mapping[str, Value], mine: Mapping[str, Value]) -> Merged:
    """Compare what a form says with what is stored, field by field, from what the form was shown."""
    accepted: dict[str, Value] = {}
    conflicts: list[str] = []
    for name, value in mine.items():
        wanted, stored, shown = fingerprint(value), fingerprint(current[name]), base.get(name)
        if wanted in (stored, shown):
            continue
        if stored == shown:
            accepted[name] = value
        else:
            conflicts.append(name)
    return Merged(accepted, tuple(conflicts))


def as_data(value: Value) -> Any:
    """Return a value as it is written in an event."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def theme_tuple(ids: Iterable[int]) -> tuple[int, ...]:
    """Return themes in the one order in which they are compared."""
    return tuple(sorted(set(ids)))
