"""Where deviations touch something else: an article of the cao, a pilot in a list, and every page of a pilot.

What must stay true: a page of a pilot costs one prepared statement for it, and a page of the site none; on a day of
the past everything comes from the courses of that day; a number that the reader may not know is not told, nor that it
is too large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Integer, String, and_, bindparam, exists, func, select

from proeftuin import clock, config
from proeftuin.accounts.actor import Actor
from proeftuin.deviations import labels
from proeftuin.deviations.labels import Badge
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Announced, Deviation, Rule, Version
from proeftuin.deviations.register import rows_now, rows_then
from proeftuin.deviations.register.editions import Entry, Place, RuleRow
from proeftuin.deviations.register.lines import Counted
from proeftuin.deviations.register.register import cited
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.vocabulary import LIVE, OVER, State, VersionKind
from proeftuin.i18n import _
from proeftuin.past.day import is_past
from proeftuin.pilots.models import ParticipantCount
from proeftuin.pilots.models import State as PilotState
from proeftuin.pilots.participation import shown_count
from proeftuin.pilots.policy import Standing, may_see_exact_count
from proeftuin.prepared import Prepared

PRESSING = ("bad", "warn", "")
GOING_ON = frozenset({PilotState.PREPARATION, PilotState.RUNNING, PilotState.PAUSED})
"""The states of a pilot in which it is news that a rule of the cao holds again."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A deviation that touches an article, with the paragraphs. `is_now` while it applies or is asked."""

    code: str
    title: str
    badge: Badge
    first: date
    last: date
    paragraphs: tuple[str, ...]
    is_now: bool

    @property
    def path(self) -> str:
        return f"/afwijkingen/{self.code}"


@dataclass(frozen=True, slots=True)
class Banner:
    """What a page of a pilot tells of one deviation. `articles` are those of which another rule holds, or the cao
    again; `surplus` holds how many take part and how many at most, when that is too many and may be known; `known` is
    the day of knowing, or None for what is known now."""

    code: str
    state: State
    since: date
    last: date
    days_left: int
    articles: str
    starts_on: date | None
    waiting_kind: str
    surplus: tuple[int, int] | None
    known: date | None

    @property
    def query(self) -> str:
        """Return what its links carry on."""
        return f"?bekend={self.known.isoformat()}" if self.known else ""

    @property
    def path(self) -> str:
        return f"/afwijkingen/{self.code}{self.query}"

    @property
    def kind(self) -> str:
        """Return how pressing it is: the kind of a notice."""
        if self.surplus:
            return "bad"
        if self.state in OVER or self.state in (State.SUSPENDED, State.CLOSED):
            return "warn"
        return "warn" if self.state is State.IN_FORCE and self.days_left <= 60 else ""


class _Found(NamedTuple):
    code: str
    state: State
    since: date
    last_day: date | None
    most: int
    valid_from: date
    begun: bool
    waiting_kind: VersionKind | None
    waiting_differs: bool
    participants: int | None
    rules: str | None


_RULES_OF = (
    select(func.aggregate_strings(Rule.article_number + " " + Rule.paragraph, "\n"))
    .where(Rule.version_id == Version.id)
    .correlate(Version)
    .scalar_subquery()
)
_WAITING = Version.__table__.alias("waiting")
_OF_PILOT = Prepared(
    select(
        Deviation.code,
        Deviation.state,
        Deviation.state_since,
        Deviation.last_day,
        Version.max_participants,
        Version.valid_from,
        exists().where(
            Announced.deviation_id == Deviation.id, Announced.version == Deviation.governing, Announced.number == "D6"
        ),
        _WAITING.c.kind,
        Deviation.waiting != Deviation.governing,
        ParticipantCount.number,
        _RULES_OF,
    )
    .join(Version, and_(Version.deviation_id == Deviation.id, Version.number == Deviation.governing))
    .outerjoin(_WAITING, and_(_WAITING.c.deviation_id == Deviation.id, _WAITING.c.number == Deviation.waiting))
    .outerjoin(ParticipantCount, ParticipantCount.pilot_id == Deviation.pilot_id)
    .where(Deviation.pilot_id == bindparam("pilot", type_=Integer), Deviation.code.is_not(None))
    .order_by(Deviation.year, Deviation.serial),
    _Found._make,
)


def banners(
    actor: Actor, pilot_id: int, state: PilotState | None, standing: Standing, look: Look | None = None
) -> list[Banner]:
    """Return what the pages of a pilot tell of its deviations."""
    seen = look or Look(clock.today(), None, clock.today())
    rows = _of_pilot(pilot_id, seen) if is_past() or seen.known else _OF_PILOT.rows(pilot=pilot_id)
    if not rows:
        return []
    is_exact, small_group = may_see_exact_count(actor, standing), config.current().small_group
    told = []
    for row in rows:
        count = shown_count(row.participants or 0, row.most, is_exact=is_exact, small_group=small_group)
        if _is_told(row, state):
            told.append(_banner(row, Counted(count), seen))
    return sorted(told, key=lambda each: PRESSING.index(each.kind))


class PageOfPilot(Protocol):
    """A page as far as the banner goes."""

    @property
    def space_id(self) -> int: ...
    @property
    def state(self) -> PilotState | None: ...
    @property
    def standing(self) -> Standing: ...


def of_page(actor: Actor, page: PageOfPilot, known: str | None = None) -> list[Banner]:
    """Return what a page tells of the deviations of its pilot; a page of the site belongs to none.

    :param known: the day of knowing as it stands in the address, if it does.
    """
    if page.state is None:
        return []
    return banners(actor, page.space_id, page.state, page.standing, Look.parse(known) if known else None)


def _is_told(row: _Found, state: PilotState | None) -> bool:
    if row.state in GOVERNS:
        return True
    if state not in GOING_ON:
        return False
    return row.state in (State.SUBMITTED, State.AGREED) or (row.begun and row.state in (*OVER, State.CLOSED))


def _banner(row: _Found, counted: Counted, look: Look) -> Banner:
    rules = [RuleRow(0, "", *line.partition(" ")[::2]) for line in (row.rules or "").split("\n") if line]
    last = row.last_day or look.day
    is_over = row.state in GOVERNS and counted.surplus
    return Banner(
        code=row.code,
        state=row.state,
        since=row.since,
        last=last,
        days_left=(last - look.day).days,
        articles=", ".join(cited(sorted(rules, key=_in_order))),
        starts_on=row.valid_from if row.state is State.AGREED else None,
        waiting_kind=labels.version_kind(row.waiting_kind) if row.waiting_kind and row.waiting_differs else "",
        surplus=(counted.count.number or 0, row.most) if is_over else None,
        known=look.known,
    )


def _in_order(rule: RuleRow) -> list[tuple[int, str]]:
    """Return where a paragraph stands among others, as people count: 4.6 before 4.10."""
    return [(int(part) if part.isdigit() else 0, part) for part in (*rule.article.split("."), rule.paragraph)]


def _of_pilot(pilot_id: int, look: Look) -> list[_Found]:
    """Return the deviations of a pilot as they counted and were known on another day."""
    ids = [row.id for row in _IDS.rows(pilot=pilot_id)]
    if not ids:
        return []
    places = rows_now.list_places()
    return [_as_found(entry, places) for entry in rows_then.get_edition(look, ids).edition.entries]


_IDS = Prepared(select(Deviation.id).where(Deviation.pilot_id == bindparam("pilot", type_=Integer)))


def _as_found(entry: Entry, places: Mapping[int, Place]) -> _Found:
    raw, place = entry.raw, places.get(entry.raw.pilot_id)
    return _Found(
        code=raw.code,
        state=raw.state,
        since=raw.since,
        last_day=raw.last_day,
        most=raw.most,
        valid_from=raw.valid_from,
        begun=raw.begun,
        waiting_kind=raw.waiting_kind,
        waiting_differs=raw.waiting_id != raw.version_id,
        participants=place.participants if place else None,
        rules="\n".join(f"{rule.article} {rule.paragraph}" for rule in entry.rules),
    )


def badges(pilot_ids: Iterable[int]) -> dict[int, Badge]:
    """Return for each pilot with a deviation the badge that it carries in lists: what applies or is asked, else what
    stopped."""
    ids = list(pilot_ids)
    if not ids:
        return {}
    look = Look(clock.today(), None, clock.today())
    edition = rows_then.get_edition(look).edition if is_past() else rows_now.get_edition()
    found = {}
    for pilot_id, entries in edition.of_pilots(ids).items():
        told = next((entry.raw.state for entry in entries if entry.raw.state in LIVE or entry.raw.begun), None)
        if told is not None and told in _badge_words():
            kind, icon, _word = labels.state(told)
            found[pilot_id] = (kind, icon, _badge_words()[told])
    return found


def _badge_words() -> dict[State, str]:
    return {
        State.IN_FORCE: _("Afwijking van kracht"),
        State.SUSPENDED: _("Afwijking opgeschort"),
        State.SUBMITTED: _("Afwijking voorgelegd"),
        State.AGREED: _("Afwijking overeengekomen"),
        State.LAPSED: _("Afwijking vervallen"),
        State.ENDED: _("Afwijking beëindigd"),
    }


_ON_ARTICLE = Prepared(
    select(Deviation.id, Version.number, Rule.paragraph)
    .join(Version, Version.deviation_id == Deviation.id)
    .join(Rule, Rule.version_id == Version.id)
    .where(Deviation.code.is_not(None), Rule.article_key == bindparam("article", type_=String))
    .order_by(Deviation.year.desc(), Deviation.serial.desc(), Rule.paragraph)
)


def of_article(key: str, look: Look) -> Sequence[Touch]:
    """Return the deviations that touch an article, or did in some version, what applies now first."""
    rows: dict[int, list[Any]] = {}
    for row in _ON_ARTICLE.rows(article=key):
        rows.setdefault(row.id, []).append(row)
    if not rows:
        return []
    then = None if look.is_present else rows_then.get_edition(look, rows)
    edition = then.edition if then else rows_now.get_edition()
    found = []
    for entry in edition.entries:
        known = set(then.courses[entry.raw.id].tracks) if then else None
        quoting = [row for row in rows.get(entry.raw.id, ()) if known is None or row.number in known]
        if quoting:
            found.append(_touch(entry, key, quoting))
    return sorted(found, key=lambda each: (not each.is_now, -each.first.toordinal(), each.code))


def _touch(entry: Entry, key: str, quoting: Sequence[Any]) -> Touch:
    raw = entry.raw
    touches = any(article == key for article, _number in entry.articles)
    return Touch(
        code=raw.code,
        title=raw.title,
        badge=labels.state(raw.state),
        first=raw.first_day if raw.begun and raw.first_day else raw.valid_from,
        last=raw.last_day if raw.begun and raw.last_day else raw.valid_until,
        paragraphs=tuple(dict.fromkeys(row.paragraph for row in quoting if row.paragraph)),
        is_now=touches and (raw.state in LIVE or raw.waiting_id is not None),
    )
