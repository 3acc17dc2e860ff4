"""Everything that the register holds of one deviation, as plain values (domain dossier 6.4: JSON, complete).

What must stay true: what the reader may not read stands there as a marked gap, never as if it did not exist.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from proeftuin.db import Base
from proeftuin.deviations.models import Act, Condition, ConditionReport, Position, Version
from proeftuin.deviations.showing.card_lines import Reader
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states.course import Span, Step
from proeftuin.deviations.vocabulary import ActKind, ShownTo

WITHHELD = {"afgeschermd": True}
REPORTS = (ActKind.REPORTED, ActKind.HANDLED)


def everything(folder: Folder, reader: Reader) -> dict[str, Any]:
    """Return a deviation with its versions, positions, acts and course."""
    course = folder.course
    return {
        "afwijking_id": folder.code,
        "titel": folder.title,
        "proeftuin": folder.pilot.title if folder.pilot else "",
        "afdeling": folder.pilot.department if folder.pilot else "",
        "status": course.state.value,
        "geldende_versie": folder.number,
        "versies": [_version(folder, version, reader) for version in folder.versions.values()],
        "handelingen": [_act(folder, act, reader) for act in (*folder.acts, *folder.announced)],
        "verloop": [_step(folder, step) for step in course.steps],
        "van_kracht": [_span(span) for span in course.applied],
        "onderbrekingen": [_span(span) for span in course.interruptions],
        "zonder_dekking": [_span(span) for span in course.uncovered],
        "verlengingen": course.extensions,
    }


def _version(folder: Folder, version: Version, reader: Reader) -> dict[str, Any]:
    conditions = folder.conditions.get(version.id, ())
    cao = folder.caos.get(version.cao_version_id)
    return {
        **_columns(version, leave_out=("id", "deviation_id", "cao_version_id", "submitted_by_id", "legal_by_id")),
        "submitted_by": folder.people[version.submitted_by_id],
        "legal_by": folder.people[version.legal_by_id],
        "cao": cao.label if cao else "",
        "rules": [
            {**_columns(rule, leave_out=("id", "version_id")), "quoted_from": cao.label if cao else ""}
            for rule in folder.rules.get(version.id, ())
        ],
        "parties": [
            {"party": folder.name_of(asked.party_id), "duty": asked.duty.value}
            for asked in folder.asked.get(version.id, ())
        ],
        "conditions": [_condition(folder, condition) for condition in conditions],
        "positions": [_position(folder, p, reader) for p in folder.positions if p.version_id == version.id],
    }


def _condition(folder: Folder, condition: Condition) -> dict[str, Any]:
    reports: list[ConditionReport] = [report for report in folder.reports if report.condition_id == condition.id]
    return {
        **_columns(condition, leave_out=("id", "version_id", "owner_id")),
        "owner": folder.people[condition.owner_id],
        "reports": [
            {**_columns(report, leave_out=("id", "condition_id", "actor_id")), "by": folder.people[report.actor_id]}
            for report in reports
        ],
    }


def _position(folder: Folder, position: Position, reader: Reader) -> dict[str, Any]:
    found = _columns(position, leave_out=("id", "version_id", "party_id", "recorded_by_id"))
    found |= {
        "party": folder.name_of(position.party_id),
        "recorded_by": folder.people[position.recorded_by_id],
        "counts": folder.counts(position),
    }
    if position.remark and position.remark_shown_to is ShownTo.MONITORS and not reader.is_monitor:
        found["remark"] = WITHHELD
    said = folder.confirmations.get(position.id)
    if said is not None:
        found["confirmation"] = {
            **_columns(said, leave_out=("position_id", "recorded_by_id")),
            "by": folder.people[said.recorded_by_id],
        }
    return found


def _act(folder: Folder, act: Act, reader: Reader) -> dict[str, Any]:
    found = _columns(act, leave_out=("id", "deviation_id", "actor_id", "party_id"))
    found["party"] = folder.name_of(act.party_id)
    if act.kind in REPORTS:
        # Who reported is nobody's business here; what it says is for those who watch.
        return found if reader.is_monitor else {**found, "reason": WITHHELD, "data": WITHHELD}
    return {**found, "by": folder.people[act.actor_id]}


def _step(folder: Folder, step: Step) -> dict[str, Any]:
    return {
        "rule": step.number,
        "version": step.version,
        "from": step.from_state.value,
        "to": step.to_state.value,
        "on": step.on.isoformat(),
        "by": step.by.value,
        "reason": step.reason.value if step.reason else "",
        "party": folder.name_of(step.party_id),
    }


def _span(span: Span) -> dict[str, Any]:
    return {"van": span.first.isoformat(), "tot_en_met": span.last.isoformat() if span.last else None}


def _columns(row: Base, *, leave_out: tuple[str, ...]) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in leave_out]
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """Return a value as JSON takes it."""
    match value:
        case StrEnum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case _:
            return value
