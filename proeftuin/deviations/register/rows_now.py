"""The register as it stands now, read with prepared statements from the columns that `standing` keeps.

What must stay true: no course is walked here; the edition that is kept is never older than the last change of a
deviation, because every change raises its `turn` and everything else in it was written once; names, numbers of
participants and positions are read anew for every page; only what was submitted is listed, which everyone may read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Integer, ScalarSelect, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.models import Department, Party
from proeftuin.db import Database, as_stored, database
from proeftuin.deviations.models import Announced, Asked, Confirmation, Deviation, Position, Rule, Version
from proeftuin.deviations.register.editions import Edition, Entry, Place, RuleRow
from proeftuin.deviations.register.lines import Raw
from proeftuin.deviations.register.marks import Parties, SaidRow, letters
from proeftuin.pilots.models import ParticipantCount, Pilot, PilotTheme, Theme
from proeftuin.prepared import Prepared, while_unchanged

PER_PAGE = 20
_GOVERNING, _WAITING = aliased(Version, name="governing"), aliased(Version, name="waiting")
_WHOLE = aliased(Department, name="whole")
_kept: WeakKeyDictionary[Database, tuple[tuple[int, ...], Edition]] = WeakKeyDictionary()
_EDITION = Prepared(select(func.count(), func.coalesce(func.sum(Deviation.turn), 0)))


def get_edition() -> Edition:
    """Return the register of now; inside a transaction that others do not see (tests) nothing is kept."""
    place = database()
    if place.joined is not None:
        return _read()
    number = while_unchanged(_EDITION, lambda: tuple(_EDITION.first()))
    known = _kept.get(place)
    if known is None or known[0] != number:
        known = _kept[place] = (number, _read())
    return known[1]


def _read() -> Edition:
    rules = defaultdict[int, list[RuleRow]](list)
    for rule in _ALL_RULES.rows():
        rules[rule.version_id].append(rule)
    return Edition(_entry(row, rules) for row in _ALL.rows())


def _entry(row: Sequence[Any], rules: Mapping[int, list[RuleRow]]) -> Entry:
    raw = Raw._make(row[3:])
    governing = rules.get(raw.version_id, [])
    waiting = rules.get(raw.waiting_id, []) if raw.waiting_id else []
    touched = frozenset((rule.key, rule.article) for rule in (*governing, *waiting))
    return Entry(raw, row[0], row[1], row[2], tuple(governing), touched)


def _steps_of_waiting(number: str) -> ScalarSelect[int]:
    """Count how often the version that waits was agreed (D3), or a party came back from that (D7)."""
    told = select(func.count()).where(
        Announced.deviation_id == Deviation.id, Announced.version == Deviation.waiting, Announced.number == number
    )
    return told.scalar_subquery()


def _all() -> Select[*tuple[Any, ...]]:
    begun = exists().where(
        Announced.deviation_id == Deviation.id, Announced.version == Deviation.governing, Announced.number == "D6"
    )
    return (
        select(
            Deviation.year,
            Deviation.serial,
            Deviation.submitted_on,
            Deviation.id,
            Deviation.code,
            Deviation.title,
            Deviation.pilot_id,
            Deviation.state,
            Deviation.state_since,
            Deviation.first_day,
            Deviation.last_day,
            Deviation.flags,
            _GOVERNING.id,
            _GOVERNING.direction,
            _GOVERNING.max_participants,
            _GOVERNING.valid_from,
            _GOVERNING.valid_until,
            begun,
            _WAITING.id,
            _WAITING.kind,
            _WAITING.valid_from,
            _WAITING.valid_until,
            _WAITING.respond_by,
            _steps_of_waiting("D3") > _steps_of_waiting("D7"),
        )
        .select_from(Deviation)
        .join(_GOVERNING, and_(_GOVERNING.deviation_id == Deviation.id, _GOVERNING.number == Deviation.governing))
        .outerjoin(_WAITING, and_(_WAITING.deviation_id == Deviation.id, _WAITING.number == Deviation.waiting))
        .where(Deviation.code.is_not(None))
        .order_by(Deviation.year, Deviation.serial)
    )


_ALL = Prepared(_all(), tuple)
_ALL_RULES = Prepared(
    select(Rule.version_id, Rule.article_key, Rule.article_number, Rule.paragraph)
    .join(Version, Version.id == Rule.version_id)
    .join(Deviation, Deviation.id == Version.deviation_id)
    .where(or_(Version.number == Deviation.governing, Version.number == Deviation.waiting))
    .order_by(Rule.version_id, Rule.position),
    RuleRow._make,
)
_PLACES = Prepared(
    select(Pilot.id, Pilot.slug, Department.key, Department.name, _WHOLE.key, _WHOLE.name, ParticipantCount.number)
    .outerjoin(Department, Department.id == Pilot.department_id)
    .outerjoin(_WHOLE, _WHOLE.id == Department.parent_id)
    .outerjoin(ParticipantCount, ParticipantCount.pilot_id == Pilot.id)
    .where(Pilot.id.in_(select(Deviation.pilot_id).distinct())),
    tuple,
)
_THEMES = Prepared(
    select(PilotTheme.pilot_id, Theme.key, Theme.name).join(Theme, Theme.id == PilotTheme.theme_id), tuple
)


def list_places() -> Mapping[int, Place]:
    """Return what the register shows of every pilot that has a deviation."""
    return while_unchanged(_PLACES, _read_places)


def _read_places() -> Mapping[int, Place]:
    themes = defaultdict[int, list[tuple[str, str]]](list)
    for pilot_id, key, name in _THEMES.rows():
        themes[pilot_id].append((key, name))
    found = {}
    for pilot_id, slug, key, name, whole_key, whole_name, number in _PLACES.rows():
        departments = tuple(pair for pair in ((key, name), (whole_key, whole_name)) if pair[0])
        found[pilot_id] = Place(slug, departments, tuple(themes.get(pilot_id, ())), number or 0)
    return found


SAID = (
    Asked.version_id,
    Asked.party_id,
    *map(
        as_stored,
        (
            Asked.duty,
            Position.status,
            Position.direction,
            Position.decided_on,
            Position.recorded_at,
            Position.is_letter,
            Confirmation.is_ours,
            Confirmation.recorded_at,
        ),
    ),
)
"""The columns of a `SaidRow`. Most lines were made before, so what they hold is found out in `marks.understood`."""

# A list of fixed length keeps the text of a statement the same, so that it goes to the driver as it is.
_NAMES = [f"v{n}" for n in range(PER_PAGE)]
_SAID = Prepared(
    select(*SAID)
    .outerjoin(Position, and_(Position.version_id == Asked.version_id, Position.party_id == Asked.party_id))
    .outerjoin(Confirmation, Confirmation.position_id == Position.id)
    .where(Asked.version_id.in_([bindparam(name, type_=Integer) for name in _NAMES]))
    .order_by(Asked.version_id, Asked.party_id, Position.serial),
    tuple,
)
_PARTIES = Prepared(select(Party.id, Party.key, Party.name, Party.kind).order_by(Party.id), tuple)


def list_said(version_ids: Sequence[int]) -> dict[int, tuple[SaidRow, ...]]:
    """Return what parties said, by version, a page of versions in one statement."""
    found: dict[int, list[SaidRow]] = {number: [] for number in version_ids}
    for start in range(0, len(version_ids), PER_PAGE):
        ids = list(version_ids[start : start + PER_PAGE])
        for row in _SAID.rows(**dict(zip(_NAMES, ids + [0] * (PER_PAGE - len(ids)), strict=True))):
            found[row[0]].append(row)
    return {number: tuple(rows) for number, rows in found.items()}


def list_parties() -> Parties:
    """Return the parties, with a letter for each."""
    return while_unchanged(_PARTIES, lambda: letters(tuple(_PARTIES.rows())))
