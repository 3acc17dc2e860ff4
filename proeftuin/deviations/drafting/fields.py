"""The fields of a draft as they are typed: their names, rows that come and go, and how they become a proposal.

A draft keeps words, right or wrong: `{"title": …, "rules": {"1": {…}}, "conditions": …, "subgroups": …, "duties": …}`
and a form has one name for each of them, with the number of its row: `rules-1-text`. What must stay true: a row keeps
its number for as long as the draft lives; a row that was taken out keeps its words (`gone`), so that who still wrote
in it loses nothing; the quote of a rule (`cao_text`) is never taken from a form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Fields = dict[str, Any]

FIELDS = (
    "title",
    "kind",
    "change_note",
    "group",
    "max_participants",
    "selection",
    "is_voluntary",
    "valid_from",
    "valid_until",
    "direction",
    "direction_note",
    "shifts",
    "guarantee",
    "fallback_person",
    "fallback_all",
    "equal_treatment",
    "consent",
    "consent_ground",
    "consent_reason",
    "basis",
    "basis_reason",
    "parties_reason",
    "respond_by",
    "evaluate_by",
    "reporting",
    "annexes_shown_to",
    "employer_ends_at_once",
)
ROWS = {
    "rules": ("text",),
    "subgroups": ("group", "direction", "note"),
    "conditions": ("kind", "text", "due_on", "owner", "every_months"),
}
"""What is typed in a row of each list."""
MOST_ROWS = 40
_NAME = re.compile(r"(rules|subgroups|conditions)-([0-9]{1,6})-([a-z_]+)")
_DUTY = re.compile(r"duties-([0-9]{1,9})")


def is_field(name: str) -> bool:
    """Return whether a form field is one of a draft."""
    match = _NAME.fullmatch(name)
    return name in FIELDS or bool(_DUTY.fullmatch(name)) or (match is not None and match[3] in ROWS[match[1]])


def list_rows(fields: Mapping[str, Any], kind: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a list that are there, each with its number, in the order in which they were added."""
    rows = sorted((int(number), row) for number, row in fields.get(kind, {}).items())
    return [(number, row) for number, row in rows if not row.get("gone")]


def flat(fields: Mapping[str, Any]) -> dict[str, str]:
    """Return every typed field under the name that it has in the form."""
    found = {name: str(fields.get(name, "")) for name in FIELDS}
    for kind, names in ROWS.items():
        for number, row in list_rows(fields, kind):
            found |= {f"{kind}-{number}-{name}": row.get(name, "") for name in names}
    return found | {f"duties-{party}": duty for party, duty in fields.get("duties", {}).items()}


def written(fields: Mapping[str, Any], values: Mapping[str, str]) -> Fields:
    """Return the fields with these values in them; a row that was taken out comes back when words are put in it."""
    result = deepcopy(dict(fields))
    for name, value in values.items():
        if not is_field(name):
            continue
        row, duty = _NAME.fullmatch(name), _DUTY.fullmatch(name)
        if name in FIELDS:
            result[name] = value
        elif duty is not None:
            result.setdefault("duties", {})[duty[1]] = value
        elif row is not None and row[2] in result.get(row[1], {}):
            result[row[1]][row[2]][row[3]] = value
            result[row[1]][row[2]].pop("gone", None)
    return result


def with_row(fields: Mapping[str, Any], kind: str, row: Mapping[str, str]) -> tuple[Fields, int]:
    """Return the fields with a row more, and its number."""
    result = deepcopy(dict(fields))
    rows = result.setdefault(kind, {})
    number = max((int(each) for each in rows), default=0) + 1
    rows[str(number)] = dict(row)
    return result, number


def without_row(fields: Mapping[str, Any], kind: str, number: int) -> Fields:
    """Return the fields with a row taken out; its words are kept."""
    result = deepcopy(dict(fields))
    row = result.get(kind, {}).get(str(number))
    if row is not None:
        row["gone"] = "1"
    return result
