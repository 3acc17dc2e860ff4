"""The parts of the one-minute card that need thought: who, when, which direction, who agreed, what is open.

Pure over a folder: everything was read before. What must stay true: late is counted from the day of the folder.
"""

from __future__ import annotations

from datetime import date

from proeftuin import clock
from proeftuin.accounts.models import PartyKind
from proeftuin.cao.structure import Paragraph
from proeftuin.deviations import labels
from proeftuin.deviations.days import DAY
from proeftuin.deviations.models import Act, Condition, Position, Version
from proeftuin.deviations.showing.card_lines import (
    ConditionLine,
    DirectionLine,
    LetterLine,
    PeriodLine,
    PositionLine,
    Reader,
    ReportLine,
    WhoLine,
)
from proeftuin.deviations.showing.folder import CaoName, Folder, PilotPlace
from proeftuin.deviations.states.course import GOVERNS, Course, Track
from proeftuin.deviations.states.due import due_days, shown_days
from proeftuin.deviations.vocabulary import (
    OVER,
    ActKind,
    ConditionKind,
    ConditionState,
    Direction,
    Duty,
    EndReason,
    Severity,
    ShownTo,
    State,
)
from proeftuin.i18n import _
from proeftuin.pilots.participation import Count, shown_count

_ORDER = (PartyKind.EMPLOYER, PartyKind.UNION, PartyKind.WORKS_COUNCIL)
NEVER = frozenset({State.REJECTED, State.WITHDRAWN, State.CONCEPT})


def article_path(number: str, paragraph: str, cao: CaoName | None) -> str:
    """Return where a paragraph stands in the version of the cao that was quoted."""
    asked = f"?versie={cao.number}" if cao else ""
    return f"/cao/artikel/{number}{asked}#{Paragraph(paragraph, '').anchor}"


def count(pilot: PilotPlace | None, most: int | None, reader: Reader) -> Count | None:
    """Return how many take part now, as this reader may know it."""
    if pilot is None:
        return None
    return shown_count(pilot.participants, most, is_exact=reader.sees_exact_count, small_group=reader.small_group)


def who(folder: Folder, version: Version, track: Track, reader: Reader) -> WhoLine:
    """Return for whom the version is, and how many take part."""
    most = version.max_participants
    return WhoLine(
        version.group,
        version.selection,
        version.is_voluntary,
        most,
        count(folder.pilot, most, reader) if track.state in GOVERNS else None,
        applies=track.state in GOVERNS,
    )


def period(folder: Folder, version: Version, track: Track) -> PeriodLine:
    """Return when the version applies, and what became of it."""
    course, pilot = folder.course, folder.pilot
    ends = [version.valid_until]
    ends += [track.ended_on - DAY] if track.ended_on and track.started_on else []
    ends += [track.notice_on - DAY] if track.notice_on else []
    uncovered = course.uncovered
    days = {version.valid_from, version.valid_until, *_ends_of(pilot)}
    days |= {span.first for span in course.applied} | {track.started_on or version.valid_from}
    return PeriodLine(
        first=track.started_on or version.valid_from,
        last=min(ends),
        agreed_last=version.valid_until,
        phase=_phase(track),
        needs_agreement=track.state is State.SUBMITTED,
        started_on=track.started_on,
        ended_because=_ended(track),
        extensions=course.extensions,
        interruptions=course.interruptions,
        uncovered=uncovered,
        uncovered_days=sum(span.days(folder.day) for span in uncovered),
        suspended_on=track.suspended_on if track.state is State.SUSPENDED else None,
        suspended_by=folder.short_name_of(track.suspended_by),
        notice_on=track.notice_on if track.state in GOVERNS else None,
        notice_by=folder.short_name_of(track.notice_by),
        pilot_ends_on=pilot.ends_on if pilot else None,
        axis=(min(days), max(days)),
        spans=tuple(_spans(folder, version, track, course)),
    )


def _ends_of(pilot: PilotPlace | None) -> set[date]:
    return {day for day in (pilot.starts_on, pilot.ends_on) if day} if pilot else set()


def _phase(track: Track) -> str:
    if track.state in GOVERNS:
        return "now"
    if track.state in NEVER or (track.started_on is None and track.state in (*OVER, State.REPLACED)):
        return ""
    return "before" if track.started_on is None else "after"


def _ended(track: Track) -> str:
    if track.end_reason is None or track.end_reason is EndReason.NEXT_VERSION:
        return ""
    return labels.end_reason(track.end_reason)


def _spans(folder: Folder, version: Version, track: Track, course: Course) -> list[tuple[str, date, date]]:
    """Return the parts of the bar: what applied or applies, what is proposed, and what nothing covers."""
    found = []
    for span in course.applied:
        through = span.last or folder.course.last_day or version.valid_until
        found.append(("off" if span.last else "on", span.first, through))
    found += [("gap", span.first, span.last or folder.day) for span in course.uncovered]
    if track.started_on is None and track.state not in (*OVER, *NEVER):
        found.append(("plan", version.valid_from, version.valid_until))
    return found


def directions(folder: Folder, version: Version) -> tuple[DirectionLine, ...]:
    """Return what it means for the employee: to the proposer, for each subgroup, to each union and to the OR."""
    found = [DirectionLine("", labels.direction(version.direction), version.direction_note)]
    for each in version.subgroups:
        direction = Direction(each["direction"]) if each.get("direction") else None
        found.append(
            DirectionLine(each.get("group", ""), labels.direction(direction), each.get("note", ""), is_subgroup=True)
        )
    for asked in sorted(folder.asked.get(version.id, ()), key=lambda each: place_of(folder, each.party_id)):
        party = folder.parties.get(asked.party_id)
        if party is None or party.kind is PartyKind.EMPLOYER:
            continue
        said = [p for p in folder.positions_on(version.id, party.id) if folder.counts(p) and p.direction]
        if said or asked.duty is Duty.REQUIRED:
            found.append(DirectionLine(party.short, labels.direction(said[-1].direction if said else None)))
    return tuple(found)


def positions(folder: Folder, version: Version, reader: Reader) -> tuple[tuple[PositionLine, ...], tuple[str, ...]]:
    """Return what each party said of the version, and the names of those who are only informed and said nothing."""
    lines, informed = [], []
    for asked in folder.asked.get(version.id, ()):
        line = position_line(folder, version, asked.party_id, reader, is_required=asked.duty is Duty.REQUIRED)
        if not line.is_required and line.decided_on is None and line.letter is None:
            informed.append(line.party)
        else:
            lines.append(line)
    lines.sort(key=lambda each: place_of(folder, each.party_id))
    return tuple(lines), tuple(informed)


def place_of(folder: Folder, party_id: int) -> tuple[int, int]:
    """Return where a party stands: the employer, the unions, the works council."""
    party = folder.parties.get(party_id)
    return _ORDER.index(party.kind) if party else len(_ORDER), party_id


def position_line(
    folder: Folder, version: Version, party_id: int, reader: Reader, *, is_required: bool
) -> PositionLine:
    """Return what a party said last of the version, with a letter that waits for it."""
    said = folder.positions_on(version.id, party_id)
    counted = [p for p in said if folder.counts(p)]
    waiting = [p for p in said if p.is_letter and p.id not in folder.confirmations]
    letter = _letter(waiting[-1]) if waiting else None
    party = folder.short_name_of(party_id)
    if not counted:
        return PositionLine(party_id, party, labels.status(None), is_required, letter=letter)
    last = counted[-1]
    recorded_on = clock.day_of(last.recorded_at)
    confirmed = folder.confirmations.get(last.id)
    is_withheld = bool(last.remark) and last.remark_shown_to is ShownTo.MONITORS and not reader.is_monitor
    return PositionLine(
        party_id,
        party,
        labels.status(last.status),
        is_required,
        decided_on=last.decided_on,
        recorded_on=recorded_on,
        days_late=(recorded_on - last.decided_on).days,
        signatory=last.signatory or folder.people[last.recorded_by_id],
        function=last.function,
        reservation=last.reservation,
        remark="" if is_withheld else last.remark,
        is_withheld=is_withheld,
        from_letter=last.is_letter,
        confirmed_on=clock.day_of(confirmed.recorded_at) if confirmed else None,
        letter=letter,
    )


def _letter(position: Position) -> LetterLine:
    return LetterLine(
        position.id,
        labels.status(position.status),
        position.decided_on,
        clock.day_of(position.recorded_at),
        position.signatory,
    )


def conditions(folder: Folder, version: Version) -> tuple[ConditionLine, ...]:
    """Return the conditions of the version each time they are due: broken and late first, then by day."""
    said = {(report.condition_id, report.due_on): report for report in folder.reports}
    found = []
    for condition in folder.conditions.get(version.id, ()):
        for due_on in shown_days(due_days(condition, version.valid_until), folder.day):
            report = said.get((condition.id, due_on))
            state = report.state if report else ConditionState.OPEN
            is_late = (
                condition.kind is not ConditionKind.SUBSEQUENT
                and state in (ConditionState.OPEN, ConditionState.PARTLY)
                and due_on < folder.day
            )
            found.append(
                ConditionLine(
                    condition.id,
                    condition.text,
                    _kind(condition),
                    due_on,
                    folder.people[condition.owner_id],
                    labels.condition(state),
                    is_late=is_late,
                    is_settled=state is ConditionState.MET,
                    reported_on=report.on if report else None,
                    note=report.note if report else "",
                )
            )
    return tuple(sorted(found, key=_urgency))


def _kind(condition: Condition) -> str:
    """Return what kind of condition it is, unless it is an ordinary one."""
    return "" if condition.kind is ConditionKind.ORDINARY else labels.condition_kind(condition.kind)


def _urgency(line: ConditionLine) -> tuple[bool, bool, date]:
    is_broken = line.badge[0] == "bad"
    return line.is_settled, not (line.is_late or is_broken), line.due_on or date.max


def reports(folder: Folder, reader: Reader) -> tuple[tuple[ReportLine, ...], int, date | None]:
    """Return the reports that are being handled, the most serious first, how many were, and when last."""
    handled = {act.data.get("report"): act.on for act in folder.acts if act.kind is ActKind.HANDLED}
    made = [act for act in folder.acts if act.kind is ActKind.REPORTED]
    running = [act for act in made if act.id not in handled]
    order = list(Severity)
    running.sort(key=lambda act: (-order.index(act.severity or Severity.LOW), act.on))
    return (
        tuple(_report(act, reader) for act in running),
        len(made) - len(running),
        max(handled.values(), default=None),
    )


def _report(act: Act, reader: Reader) -> ReportLine:
    badge = labels.severity(act.severity or Severity.LOW)
    if not reader.is_monitor:
        return ReportLine(act.id, act.on, badge)
    return ReportLine(act.id, act.on, badge, str(act.data.get("about", "")) or _("melding"), act.reason)
