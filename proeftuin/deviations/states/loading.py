"""The facts of deviations out of the tables, as known at the end of a day.

What must stay true: with `known` nothing that was recorded later has any influence; rows are cut at the moment of
recording and at nothing else, because the day from which something counts is for the walk. These tables are not
among those of which `?op=` shows views of the past: this is the one place that looks back in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from proeftuin import clock
from proeftuin.accounts.models import Party, PartyKind
from proeftuin.cao.models import ArticleRow, ParagraphRow
from proeftuin.cao.models import Version as CaoVersion
from proeftuin.db import session
from proeftuin.deviations.days import next_working_day
from proeftuin.deviations.models import (
    Act,
    Asked,
    Condition,
    ConditionReport,
    Confirmation,
    Deviation,
    Position,
    Rule,
    Version,
)
from proeftuin.deviations.parties import NOTIFIED_TO_MINISTRY
from proeftuin.deviations.states.course import Course
from proeftuin.deviations.states.facts import ActFact, Facts, PositionFact, Renewal, ReportFact, Terms, VersionFact
from proeftuin.deviations.states.walk import course_of
from proeftuin.deviations.vocabulary import ConditionKind, Duty, State


def courses(
    ids: Iterable[int] | None = None, *, through: date | None = None, known: date | None = None
) -> dict[int, Course]:
    """Return the course of deviations (of all) through the end of a day, as known at the end of a day."""
    day = through or clock.today()
    return {number: course_of(facts, day) for number, facts in load(ids, known=known).items()}


def course(deviation_id: int, *, through: date | None = None, known: date | None = None) -> Course:
    """Return the course of one deviation."""
    return courses([deviation_id], through=through, known=known)[deviation_id]


def live_ids() -> list[int]:
    """Return the deviations in which something can still happen, or of which something is open."""
    over = (State.WITHDRAWN, State.REJECTED, State.CLOSED, State.CONCEPT)
    return list(session().scalars(select(Deviation.id).where(Deviation.state.not_in(over)).order_by(Deviation.id)))


def load(ids: Iterable[int] | None = None, *, known: date | None = None) -> dict[int, Facts]:
    """Return the facts of deviations, by number. One about which nothing was known yet has none."""
    wanted = None if ids is None else list(ids)
    until = None if known is None else clock.end_of(known)
    caos = {cao.id: cao for cao in session().scalars(select(CaoVersion))}
    # In a request about the past the caos are those of that day: what quotes a later one was not submitted yet.
    submitted = _all(Version, Version.deviation_id, wanted, until, Version.submitted_at)
    versions = [version for version in submitted if version.cao_version_id in caos]
    by_id = {version.id: version for version in versions}
    number_of = {version.id: (version.deviation_id, version.number) for version in versions}
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    _read_versions(found, versions, caos)
    _read_positions(found, number_of, until)
    for act in _all(Act, Act.deviation_id, wanted, until, Act.recorded_at):
        found[act.deviation_id]["acts"].append(_act_fact(act))
    _read_reports(found, number_of, until)
    _read_renewals(found, by_id, until)
    whole = wanted if wanted is not None else list(found)
    return {number: _facts(found[number]) for number in whole}


def _facts(lists: Mapping[str, list[Any]]) -> Facts:
    return Facts(**{name: tuple(values) for name, values in lists.items()})


def _all(
    model: Any, belongs: Any, wanted: Sequence[int] | None, until: datetime | None, moment: Any
) -> Sequence[Any]:
    query: Select[Any] = select(model).order_by(model.id)
    if wanted is not None:
        query = query.where(belongs.in_(wanted))
    if until is not None:
        query = query.where(moment < until)
    return session().scalars(query).all()


def _read_versions(found: Any, versions: Sequence[Version], caos: Mapping[int, CaoVersion]) -> None:
    ids = [version.id for version in versions]
    required: dict[int, set[int]] = defaultdict(set)
    for asked in _in(select(Asked).where(Asked.duty == Duty.REQUIRED), Asked.version_id, ids):
        required[asked.version_id].add(asked.party_id)
    precedents: dict[int, set[int]] = defaultdict(set)
    conditions = select(Condition).where(Condition.kind == ConditionKind.PRECEDENT)
    for condition in _in(conditions, Condition.version_id, ids):
        precedents[condition.version_id].add(condition.id)
    for version in versions:
        cao = caos[version.cao_version_id]
        found[version.deviation_id]["versions"].append(
            VersionFact(
                number=version.number,
                kind=version.kind,
                on=version.submitted_on,
                order=version.submitted_at,
                valid_from=version.valid_from,
                valid_until=version.valid_until,
                respond_by=version.respond_by,
                required=frozenset(required[version.id]),
                terms=Terms(
                    notice_days=cao.notice_days,
                    ends_on=cao.valid_until if cao.ends_with_cao else None,
                    is_silent=cao.silent_agreement,
                    is_retroactive=cao.is_retroactive,
                ),
                needs_receipt=version.basis in NOTIFIED_TO_MINISTRY,
                precedents=frozenset(precedents[version.id]),
            )
        )


def _in(query: Select[Any], column: Any, ids: Sequence[int]) -> Sequence[Any]:
    """Return rows whose column is one of many numbers, in pieces that every database takes."""
    rows: list[Any] = []
    for start in range(0, len(ids), 500):
        rows += session().scalars(query.where(column.in_(ids[start : start + 500]))).all()
    return rows


def _read_positions(found: Any, number_of: Mapping[int, tuple[int, int]], until: datetime | None) -> None:
    """Read the positions that count: of a letter only the one that the party confirmed, since it did."""
    query = select(Position).order_by(Position.id)
    if until is not None:
        query = query.where(Position.recorded_at < until)
    positions = _in(query, Position.version_id, list(number_of))
    letters = [position.id for position in positions if position.is_letter]
    confirmed = {row.position_id: row for row in _in(select(Confirmation), Confirmation.position_id, letters)}
    for position in positions:
        order = position.recorded_at
        if position.is_letter:
            said = confirmed.get(position.id)
            if said is None or not said.is_ours or (until is not None and said.recorded_at >= until):
                continue
            order = said.recorded_at
        deviation_id, number = number_of[position.version_id]
        found[deviation_id]["positions"].append(
            PositionFact(number, position.party_id, position.status, position.decided_on, order)
        )


def _act_fact(act: Act) -> ActFact:
    data = dict(act.data)
    if data.get("back_on"):
        data["back_on"] = date.fromisoformat(data["back_on"])
    return ActFact(act.kind, act.on, act.recorded_at, act.version, act.party_id, data)


def _read_reports(found: Any, number_of: Mapping[int, tuple[int, int]], until: datetime | None) -> None:
    conditions = {c.id: c for c in _in(select(Condition), Condition.version_id, list(number_of))}
    query = select(ConditionReport).order_by(ConditionReport.id)
    if until is not None:
        query = query.where(ConditionReport.recorded_at < until)
    for report in _in(query, ConditionReport.condition_id, list(conditions)):
        condition = conditions[report.condition_id]
        deviation_id, number = number_of[condition.version_id]
        found[deviation_id]["reports"].append(
            ReportFact(condition.id, number, condition.kind, report.state, report.on, report.recorded_at)
        )


def _read_renewals(found: Any, versions: Mapping[int, Version], until: datetime | None) -> None:
    """Find for each version the later caos that changed a paragraph which it quotes."""
    caos = list(session().scalars(select(CaoVersion).order_by(CaoVersion.valid_from, CaoVersion.number)))
    if until is not None:
        caos = [cao for cao in caos if cao.published_at < until]
    corrected = {cao.corrects_id for cao in caos}
    live = [cao for cao in caos if cao.id not in corrected]
    if len(caos) < 2:
        return
    parties = frozenset(
        session().scalars(
            select(Party.id).where(Party.kind != PartyKind.WORKS_COUNCIL, Party.signs_cao, Party.closed_on.is_(None))
        )
    )
    quoted: dict[int, list[Rule]] = defaultdict(list)
    for rule in _in(select(Rule), Rule.version_id, list(versions)):
        quoted[rule.version_id].append(rule)
    texts = _texts({(rule.article_key, rule.paragraph) for rules in quoted.values() for rule in rules})
    for version in versions.values():
        for cao in live:
            if cao.id == version.cao_version_id or not version.submitted_on < cao.valid_from <= version.valid_until:
                continue
            changed = [
                f"{rule.article_number} lid {rule.paragraph}" if rule.paragraph else rule.article_number
                for rule in quoted[version.id]
                if texts.get((cao.id, rule.article_key, rule.paragraph)) != rule.cao_text
            ]
            if changed and not cao.ends_with_cao:
                due = next_working_day(cao.valid_from + timedelta(days=cao.reconfirm_days))
                found[version.deviation_id]["renewals"].append(
                    Renewal(version.number, cao.valid_from, due, parties, tuple(changed))
                )


def _texts(wanted: set[tuple[str, str]]) -> dict[tuple[int, str, str], str]:
    keys = sorted({key for key, _ in wanted})
    rows = session().execute(
        select(ArticleRow.version_id, ArticleRow.key, ParagraphRow.number, ParagraphRow.text)
        .join(ParagraphRow, ParagraphRow.article_id == ArticleRow.id)
        .where(ArticleRow.key.in_(keys))
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}
