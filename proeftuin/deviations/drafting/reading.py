"""From what was typed in a draft to a proposal, and back from a version to fields.

What must stay true: what cannot be read is told by the field it was typed in, and stays as it was typed; from a
version and back gives the same proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import select

from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.deviations.drafting.fields import FIELDS, Fields, list_rows
from proeftuin.deviations.models import Asked, Condition, Draft, Rule, Version
from proeftuin.deviations.proposals.proposed import Proposal, ProposedCondition, ProposedRule, Subgroup
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    Duty,
    LegalOutcome,
    ShownTo,
)
from proeftuin.i18n import _
from proeftuin.pilots.records import find_person_named

Word = TypeVar("Word", bound=StrEnum)
_SAME = (
    "title",
    "change_note",
    "group",
    "selection",
    "direction_note",
    "shifts",
    "guarantee",
    "fallback_person",
    "fallback_all",
    "equal_treatment",
    "consent_ground",
    "consent_reason",
    "basis_reason",
    "parties_reason",
    "reporting",
)
"""The fields that are words in a draft and in a proposal."""
YES, NO = "ja", "nee"


@dataclass(frozen=True, slots=True)
class Read:
    """A draft as it was understood. `unread` tells what was not, by the field in the form; `names` gives for a field
    of the proposal ("rules-2-text") the field in the form ("rules-7-text")."""

    proposal: Proposal
    unread: Mapping[str, str]
    names: Callable[[str], str]


def read(draft: Draft, duties: Mapping[int, Duty]) -> Read:
    """Return what is proposed in a draft.

    :param duties: what the basis computes, for the parties of which nothing else was chosen.
    """
    fields, unread = draft.fields, dict[str, str]()
    rows = {kind: list_rows(fields, kind) for kind in ("rules", "subgroups", "conditions")}
    taken = _Taken(fields, unread)
    values: dict[str, Any] = {
        **{name: taken.text(name) for name in _SAME},
        **{name: taken.day(name) for name in ("valid_from", "valid_until", "respond_by", "evaluate_by")},
        **_assessed(draft.assessment),
        "kind": draft.kind,
        "rules": tuple(_rule(row) for _number, row in rows["rules"]),
        "max_participants": taken.number("max_participants"),
        "is_voluntary": {YES: True, NO: False}.get(taken.text("is_voluntary")),
        "direction": taken.word("direction", Direction),
        "subgroups": tuple(_subgroup(row) for _number, row in rows["subgroups"]),
        "basis": taken.word("basis", Basis),
        "consent": taken.word("consent", Consent),
        "duties": _duties(fields.get("duties", {}), duties),
        "conditions": tuple(_condition(number, row, unread) for number, row in rows["conditions"]),
        "annexes_shown_to": taken.word("annexes_shown_to", ShownTo) or ShownTo.EVERYONE,
        "employer_ends_at_once": taken.text("employer_ends_at_once") != NO,
    }
    return Read(Proposal(**values), unread, _naming(rows))


def _naming(rows: Mapping[str, list[tuple[int, dict[str, str]]]]) -> Callable[[str], str]:
    def name(of_proposal: str) -> str:
        kind, _dash, rest = of_proposal.partition("-")
        place, _dash, field = rest.partition("-")
        if kind not in rows or not place.isdigit():
            return of_proposal
        number = rows[kind][int(place) - 1][0]
        field = {"owner_id": "owner"}.get(field, field)
        return f"{kind}-{number}-{field}" if field else f"{kind}-{number}"

    return name


class _Taken:
    """Reads typed fields one by one."""

    def __init__(self, fields: Mapping[str, Any], unread: dict[str, str], prefix: str = "") -> None:
        self.fields, self.unread, self.prefix = fields, unread, prefix

    def text(self, name: str) -> str:
        return str(self.fields.get(name, "")).strip()

    def word(self, name: str, words: type[Word]) -> Word | None:
        typed = self.text(name)
        return words(typed) if typed in set(words) else None

    def day(self, name: str) -> date | None:
        typed = self.text(name)
        if not typed:
            return None
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 2100:
            self.unread[self.prefix + name] = _("Deze dag kunnen we niet lezen. Schrijf hem als 2027-02-01.")
            return None
        return day

    def number(self, name: str) -> int | None:
        typed = self.text(name)
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
            self.unread[self.prefix + name] = _("Vul een heel getal in.")
            return None
        return int(typed)


def _rule(row: Mapping[str, str]) -> ProposedRule:
    quoted = {name: row.get(name, "") for name in ("article_key", "article_number", "paragraph", "cao_text")}
    return ProposedRule(**quoted, text=row.get("text", "").strip())


def _subgroup(row: Mapping[str, str]) -> Subgroup:
    taken = _Taken(row, {})
    return Subgroup(taken.text("group"), taken.word("direction", Direction), taken.text("note"))


def _condition(number: int, row: Mapping[str, str], unread: dict[str, str]) -> ProposedCondition:
    taken = _Taken(row, unread, f"conditions-{number}-")
    typed = taken.text("owner")
    owner = find_person_named(typed) if typed else None
    return ProposedCondition(
        kind=taken.word("kind", ConditionKind) or ConditionKind.ORDINARY,
        text=taken.text("text"),
        due_on=taken.day("due_on"),
        owner_id=owner.id if owner is not None else None,
        every_months=taken.number("every_months") or 0,
    )


def _duties(chosen: Mapping[str, str], computed: Mapping[int, Duty]) -> dict[int, Duty] | None:
    """Return who must agree when something else was chosen than what the basis computes, else None."""
    wanted = dict(computed)
    for party, duty in chosen.items():
        if int(party) in wanted and duty in set(Duty):
            wanted[int(party)] = Duty(duty)
    return wanted if wanted != dict(computed) else None


def _assessed(assessment: Mapping[str, Any]) -> dict[str, Any]:
    outcome = assessment.get("outcome", "")
    return {
        "legal_outcome": LegalOutcome(outcome) if outcome else LegalOutcome.PENDING,
        "legal_references": tuple(assessment.get("references", ())),
        "legal_note": str(assessment.get("note", "")),
        "legal_by_id": assessment.get("by"),
        "legal_on": date.fromisoformat(assessment["on"]) if assessment.get("on") else None,
    }


def fields_of(version: Version, computed: Mapping[int, Duty]) -> Fields:
    """Return the fields of a version as they would be typed. A party of which no more was asked than the basis
    computes stands for itself."""
    rules = session().scalars(select(Rule).where(Rule.version_id == version.id).order_by(Rule.position))
    conditions = session().scalars(
        select(Condition).where(Condition.version_id == version.id).order_by(Condition.position)
    )
    asked = session().scalars(select(Asked).where(Asked.version_id == version.id)).all()
    names = {name: getattr(version, name) for name in FIELDS}
    return {
        **{name: _typed(value) for name, value in names.items()},
        "rules": _numbered(
            _row_of(rule, "article_key", "article_number", "paragraph", "cao_text", "text") for rule in rules
        ),
        "subgroups": _numbered(dict(each) for each in version.subgroups),
        "conditions": _numbered(_condition_row(each) for each in conditions),
        "duties": {str(each.party_id): each.duty.value for each in asked if computed.get(each.party_id) != each.duty},
    }


def _numbered(rows: Any) -> dict[str, dict[str, str]]:
    return {str(number): row for number, row in enumerate(rows, start=1)}


def _row_of(row: Rule | Condition, *names: str) -> dict[str, str]:
    return {name: _typed(getattr(row, name)) for name in names}


def _condition_row(condition: Condition) -> dict[str, str]:
    owner = session().get_one(Person, condition.owner_id)
    row = _row_of(condition, "kind", "text", "due_on")
    return {**row, "owner": owner.name, "every_months": str(condition.every_months or "")}


def _typed(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return YES if value else NO
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
    return str(value)
