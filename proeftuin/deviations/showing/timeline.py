"""The course of a deviation as people read it: every version, position, act, report and step of time, with two days.

`day` is from when it counts, `recorded_on` since when the register knows. What must stay true: what was recorded
later than it counts says so; what a party keeps to those who watch, and the words of reports, are a marked gap for
everyone else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from proeftuin import clock
from proeftuin.deviations import labels
from proeftuin.deviations.labels import Badge
from proeftuin.deviations.models import Act, Condition, ConditionReport, Confirmation, Position, Version
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states.course import Step
from proeftuin.deviations.states.machine import Hand
from proeftuin.deviations.vocabulary import ActKind, ShownTo
from proeftuin.i18n import _

WITHHELD_ACTS = frozenset({ActKind.REPORTED, ActKind.HANDLED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `who` did it, `text` is what was said, `gap` that the reader may not read all of it."""

    day: date
    recorded_at: datetime
    what: str
    badge: Badge | None = None
    version: int | None = None
    who: str = ""
    text: str = ""
    gap: bool = False
    by_time: bool = False

    @property
    def recorded_on(self) -> date:
        return clock.day_of(self.recorded_at)

    @property
    def days_late(self) -> int:
        """Return how many days later it was recorded than it counts."""
        return max(0, (self.recorded_on - self.day).days)

    @property
    def sentence(self) -> str:
        """Return the line in one short sentence."""
        return f"{self.what}: {self.badge[2]}" if self.badge else self.what


def day_of_visit(since: datetime | None) -> date | None:
    """Return the day of the visit before this one."""
    return clock.day_of(since) if since is not None else None


def entries(folder: Folder, *, is_monitor: bool) -> list[Entry]:
    """Return everything that happened, the newest day first."""
    number_of = {version.id: version.number for version in folder.versions.values()}
    conditions = {each.id: each for listed in folder.conditions.values() for each in listed}
    found = [
        *(_submitted(folder, version) for version in folder.versions.values()),
        *(_position(folder, each, number_of[each.version_id], is_monitor) for each in folder.positions),
        *_confirmations(folder, number_of),
        *(_act(folder, each, is_monitor) for each in folder.acts),
        *(_report(folder, each, conditions[each.condition_id], number_of) for each in folder.reports),
        *(_step(folder, step) for step in folder.course.steps if step.by in (Hand.TIME, Hand.PARTIES)),
    ]
    return sorted(found, key=lambda entry: (entry.day, entry.recorded_at), reverse=True)


def positions_of(folder: Folder, version: Version, *, is_monitor: bool) -> dict[int, list[Entry]]:
    """Return for each party what it said of a version, with what it said of letters, the newest first."""
    found: dict[int, list[Entry]] = {}
    on_version = [position for position in folder.positions if position.version_id == version.id]
    for position in on_version:
        told = found.setdefault(position.party_id, [])
        told.append(_position(folder, position, version.number, is_monitor))
        said = folder.confirmations.get(position.id)
        if said is not None:
            told.append(_confirmation(folder, position, said, version.number))
    return {party: sorted(told, key=lambda entry: entry.recorded_at, reverse=True) for party, told in found.items()}


def _submitted(folder: Folder, version: Version) -> Entry:
    return Entry(
        version.submitted_on,
        version.submitted_at,
        _("Versie %(n)s voorgelegd aan de partijen", n=version.number),
        version=version.number,
        who=folder.people[version.submitted_by_id],
        text=version.change_note,
    )


def _position(folder: Folder, position: Position, number: int, is_monitor: bool) -> Entry:
    party = folder.name_of(position.party_id)
    gap = bool(position.remark) and position.remark_shown_to is ShownTo.MONITORS and not is_monitor
    words = [position.reservation, "" if gap else position.remark]
    what = _("%(party)s, uit een brief, te bevestigen", party=party) if position.is_letter else party
    return Entry(
        position.decided_on,
        position.recorded_at,
        what,
        labels.status(position.status),
        version=number,
        who=position.signatory or folder.people[position.recorded_by_id],
        text=" ".join(word for word in words if word),
        gap=gap,
    )


def _confirmations(folder: Folder, number_of: dict[int, int]) -> Iterator[Entry]:
    by_id = {position.id: position for position in folder.positions}
    for said in folder.confirmations.values():
        position = by_id.get(said.position_id)
        if position is not None:
            yield _confirmation(folder, position, said, number_of[position.version_id])


def _confirmation(folder: Folder, position: Position, said: Confirmation, number: int) -> Entry:
    return Entry(
        clock.day_of(said.recorded_at),
        said.recorded_at,
        _confirmed(folder.name_of(position.party_id), said),
        labels.status(position.status),
        version=number,
        who=folder.people[said.recorded_by_id],
        text=said.note,
    )


def _confirmed(party: str, said: Confirmation) -> str:
    if said.is_ours:
        return _("%(party)s bevestigt het standpunt uit de brief", party=party)
    return _("%(party)s herkent het standpunt uit de brief niet", party=party)


def _act(folder: Folder, act: Act, is_monitor: bool) -> Entry:
    gap = act.kind in WITHHELD_ACTS and not is_monitor
    words = [act.reason, *(str(act.data.get(name, "")) for name in ("restored", "open"))]
    party = folder.name_of(act.party_id)
    return Entry(
        act.on,
        act.recorded_at,
        f"{labels.act(act.kind)} – {party}" if party else labels.act(act.kind),
        labels.severity(act.severity) if act.severity else None,
        version=act.version,
        who="" if act.kind is ActKind.REPORTED else folder.people[act.actor_id],
        text="" if gap else " ".join(word for word in words if word),
        gap=gap,
    )


def _report(folder: Folder, report: ConditionReport, condition: Condition, number_of: dict[int, int]) -> Entry:
    return Entry(
        report.on,
        report.recorded_at,
        _("Voorwaarde “%(text)s”", text=_shortened(condition.text)),
        labels.condition(report.state),
        version=number_of[condition.version_id],
        who=folder.people[report.actor_id],
        text=report.note,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else text[:79].rstrip() + "…"


def _step(folder: Folder, step: Step) -> Entry:
    """Return a step that nobody takes: of time, or of all parties together."""
    return Entry(
        step.on,
        clock.start_of(step.on) if step.by is Hand.TIME else _last_yes(folder, step),
        _("Versie %(n)s", n=step.version),
        labels.state(step.to_state),
        version=step.version,
        text=labels.end_reason(step.reason) if step.reason else "",
        by_time=True,
    )


def _last_yes(folder: Folder, step: Step) -> datetime:
    """Return when the register knew of the last position that made an agreement."""
    version = folder.versions[step.version]
    known = []
    for position in folder.positions:
        if position.version_id == version.id and position.decided_on <= step.on and folder.counts(position):
            said = folder.confirmations.get(position.id)
            known.append(said.recorded_at if said is not None else position.recorded_at)
    return max(known, default=clock.start_of(step.on))
