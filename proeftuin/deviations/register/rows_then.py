"""The rows of the register as they counted on a day, as known at the end of a day.

What must stay true: nothing comes from the columns of `Deviation` that hold what is so today; every row is made of
the course of that day (`loading.courses`), and names, departments and numbers are those of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Deviation, Rule, Version
from proeftuin.deviations.register.editions import Edition, Entry, RuleRow
from proeftuin.deviations.register.lines import Raw
from proeftuin.deviations.register.marks import Said
from proeftuin.deviations.states import due, flags, loading
from proeftuin.deviations.states.course import GOVERNS, Course, Track
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import State


class Then(NamedTuple):
    """The register of a day: its edition, and the courses behind it by number of the deviation."""

    edition: Edition
    courses: Mapping[int, Course]


def get_edition(look: Look, ids: Iterable[int] | None = None) -> Then:
    """Return every deviation (or some) that was submitted by that day, as far as that was known."""
    wanted = None if ids is None else list(ids)
    found = loading.courses(wanted, through=look.day, known=look.known)
    courses = {number: course for number, course in found.items() if course.tracks}
    of_these = [] if wanted is None else [Version.deviation_id.in_(wanted)]
    versions = {(row.deviation_id, row.number): row for row in session().scalars(select(Version).where(*of_these))}
    rules: dict[int, list[RuleRow]] = {}
    columns = (Rule.version_id, Rule.article_key, Rule.article_number, Rule.paragraph)
    quoted = select(*columns).join(Version, Version.id == Rule.version_id).where(*of_these)
    for rule in session().execute(quoted.order_by(Rule.version_id, Rule.position)):
        rules.setdefault(rule.version_id, []).append(RuleRow._make(rule))
    given = select(Deviation.id, Deviation.code, Deviation.year, Deviation.serial, Deviation.pilot_id)
    entries = []
    for row in session().execute(given.order_by(Deviation.year, Deviation.serial)):
        course = courses.get(row.id)
        if course is None or course.governing is None:
            continue
        tracks = [track for track in (course.governing, course.waiting) if track]
        shown = [versions[row.id, track.facts.number] for track in tracks]
        touched = [rule for version in shown for rule in rules.get(version.id, ())]
        entries.append(
            Entry(
                _raw(row, course, shown, versions[row.id, max(course.tracks)].title),
                row.year,
                row.serial,
                course.steps[0].on,
                tuple(rules.get(shown[0].id, ())),
                frozenset((rule.key, rule.article) for rule in touched),
            )
        )
    return Then(Edition(entries), courses)


def _raw(row: Any, course: Course, shown: Sequence[Version], title: str) -> Raw:
    governs: Track | None = course.governing
    assert governs is not None, "a deviation with a version has one that governs"
    version, waiting = shown[0], shown[1] if len(shown) > 1 else None
    return Raw(
        id=row.id,
        code=row.code,
        title=title,
        pilot_id=row.pilot_id,
        state=course.state,
        since=course.since or version.submitted_on,
        first_day=governs.started_on or version.valid_from,
        last_day=course.last_day,
        flags=(),
        version_id=version.id,
        direction=version.direction,
        most=version.max_participants,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        begun=governs.started_on is not None,
        waiting_id=waiting.id if waiting else None,
        waiting_kind=waiting.kind if waiting else None,
        waiting_from=waiting.valid_from if waiting else None,
        waiting_until=waiting.valid_until if waiting else None,
        respond_by=waiting.respond_by if waiting else None,
        is_waiting_agreed=course.waiting is not None and course.waiting.state is State.AGREED,
    )


def with_flags(entry: Entry, course: Course, look: Look) -> Raw:
    """Return the row with the flags of that day; asked for the rows that are shown only."""
    track = course.governing
    assert track is not None, "a deviation with a version has one that governs"
    applies = track.state in GOVERNS
    found: list[str] = []
    if applies:
        lines = due.lines(entry.raw.id, track.facts.number, today=look.day, known=look.known)
        found += [Flag.CONDITION_BROKEN] if any(line.is_broken for line in lines) else []
        found += [Flag.CONDITION_LATE] if any(line.is_late for line in lines) else []
        found += [Flag.NOTICE_GIVEN] if track.notice_on else []
        found += [Flag.ARTICLE_CHANGED] if course.open_renewals else []
    found += [Flag.FALLBACK_OPEN] if course.lacks_fallback else []
    waits = flags.waits_for_confirmation(entry.raw.id, day=look.day, known=look.known)
    found += [Flag.TO_CONFIRM] if waits else []
    return entry.raw._replace(flags=found)


def as_known(said: Iterable[Said], look: Look) -> list[Said]:
    """Return what parties had said by that day, as far as it was known; a party that had not said anything stays."""
    until = clock.end_of(look.known) if look.known else None
    found: list[Said] = []
    for each in said:
        if each.confirmed_at is not None and until is not None and each.confirmed_at >= until:
            each = each._replace(is_ours=None, confirmed_at=None)  # noqa: PLW2901  # the same position, as known then
        is_later = each.decided_on is not None and each.decided_on > look.day
        is_unknown = each.recorded_at is not None and until is not None and each.recorded_at >= until
        if is_later or is_unknown:
            each = Said(each.version_id, each.party_id, each.duty, *[None] * 7)  # noqa: PLW2901  # nothing was said
        found.append(each)
    return found
