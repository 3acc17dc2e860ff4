"""A deviation as one row of a table: what lists show of it, made of plain values, for the present and for the past.

What must stay true: a line is made of what is given and reads nothing; a number of participants that the reader may
not know is not in it, nor a word from which it follows; state, position and direction are word and sign.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from proeftuin import i18n
from proeftuin.deviations import labels
from proeftuin.deviations.days import DAY
from proeftuin.deviations.labels import Badge
from proeftuin.deviations.register.marks import Mark, PartyLetter, Said, last_said, mark
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.states.flags import Flag
from proeftuin.deviations.vocabulary import OVER, Direction, State, VersionKind
from proeftuin.i18n import _, n_
from proeftuin.pilots.participation import Count, shown_count

SOON = timedelta(days=60)
"""Within so many days an end is told (4.1, point 1)."""
Bar = tuple[str, date, date]
"""A part of the period: kind as the macro `period_bar` takes it, first and last day."""


class Raw(NamedTuple):
    """What is read of a deviation: the version that governs it, and the one that waits (or nothing of it).

    `begun` is whether it ever applied; `is_waiting_agreed` whether all parties said yes to the one that waits.
    """

    id: int
    code: str
    title: str
    pilot_id: int
    state: State
    since: date
    first_day: date | None
    last_day: date | None
    flags: Sequence[str]
    version_id: int
    direction: Direction
    most: int
    valid_from: date
    valid_until: date
    begun: bool
    waiting_id: int | None
    waiting_kind: VersionKind | None
    waiting_from: date | None
    waiting_until: date | None
    respond_by: date | None
    is_waiting_agreed: bool

    @property
    def is_asked(self) -> bool:
        """Return whether a version lies before the parties, also while another one applies or after it ended."""
        return self.waiting_id is not None and not self.is_waiting_agreed

    @property
    def heard_id(self) -> int:
        """Return the version of which the positions are shown: the one that waits for agreement, else the one that
        governs."""
        return self.waiting_id or self.version_id


class Note(NamedTuple):
    """Something to know beside the state. A day, when there is one, stands behind the words."""

    kind: str
    icon: str
    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A deviation in a table. `count` is None while nobody can take part under it; `heard` names the version of the
    marks when it is not the one that governs."""

    id: int
    code: str
    title: str
    pilot_id: int
    department: str
    articles: tuple[str, ...]
    state: State
    badge: Badge
    notes: tuple[Note, ...]
    first: date
    last: date
    waiting: tuple[str, date, date] | None
    bars: tuple[Bar, ...]
    most: int
    count: Count | None
    direction: Badge
    views: tuple[str, ...]
    marks: tuple[Mark, ...]
    is_heard_of_waiting: bool

    @property
    def path(self) -> str:
        return f"/afwijkingen/{self.code}"

    def seen(self, first: date, last: date) -> list[Bar]:
        """Return the parts of the period that fall on an axis."""
        return clipped(self.bars, first, last)


@dataclass(frozen=True, slots=True)
class Counting:
    """Whose numbers are shown: exact ones to who guards them, but not of a pilot that the reader leads (8.3)."""

    is_exact: bool
    small_group: int
    leads: Collection[int] = ()

    def counted(self, pilot_id: int, participants: int, most: int) -> Counted:
        """Return how many take part, as far as the reader may know."""
        is_exact = self.is_exact and pilot_id not in self.leads
        return Counted(shown_count(participants, most, is_exact=is_exact, small_group=self.small_group))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many take part, as one reader may know it."""

    count: Count

    @property
    def surplus(self) -> int:
        """Return how many more take part than was agreed; 0 for who may not know the number, because it would follow
        from that and the maximum."""
        number, most = self.count.number, self.count.most
        return max(0, number - most) if number is not None and most is not None else 0


def make_line(
    raw: Raw,
    *,
    articles: Sequence[str],
    department: str,
    said: Sequence[Said],
    parties: Mapping[int, PartyLetter],
    counted: Counted,
    today: date,
) -> Line:
    """Return the row of a deviation."""
    heard = last_said(said)
    waiting = None
    if raw.waiting_id and raw.waiting_id != raw.version_id and raw.waiting_from and raw.waiting_until:
        waiting = (
            labels.version_kind(raw.waiting_kind or VersionKind.EXTENSION),
            raw.waiting_from,
            raw.waiting_until,
        )
    first, last = days_of(raw)
    return Line(
        id=raw.id,
        code=raw.code,
        title=raw.title,
        pilot_id=raw.pilot_id,
        department=department,
        articles=tuple(articles),
        state=raw.state,
        badge=state_of(raw.state, i18n.language()),
        notes=_notes(raw, counted, today),
        first=first,
        last=last,
        waiting=waiting,
        bars=bars_of(raw),
        most=raw.most,
        count=counted.count if raw.state in GOVERNS else None,
        direction=direction_of(raw.direction, i18n.language()),
        views=_views(raw, heard, parties),
        marks=tuple(mark(each, parties[each.party_id]) for each in heard.values() if each.is_shown),
        is_heard_of_waiting=waiting is not None,
    )


# Many lines hold the same words, so each is put into words once for each language.
@lru_cache(maxsize=64)
def state_of(state: State, language: str) -> Badge:
    """Return the state as it is told of a deviation in the register, where a concept is one that was taken back."""
    with i18n.speaking(language):
        return ("", "reply", _("Teruggenomen")) if state is State.CONCEPT else labels.state(state)


@lru_cache(maxsize=64)
def direction_of(direction: Direction, language: str) -> Badge:
    """Return what it means for the employee in the eyes of one party."""
    with i18n.speaking(language):
        return labels.direction(direction)


def days_of(raw: Raw) -> tuple[date, date]:
    """Return the first and the last day: those that came of it, or of the text while it never applied."""
    first, last = raw.valid_from, raw.valid_until
    if raw.begun:
        first, last = raw.first_day or first, raw.last_day or last
    return first, max(first, last)


def bars_of(raw: Raw) -> tuple[Bar, ...]:
    """Return the parts of the period as far as they follow from its days."""
    first, last = days_of(raw)
    bars: list[Bar] = []
    if not raw.begun:
        bars.append(("plan", first, last))
    elif raw.state is State.SUSPENDED:
        bars += [("on", first, raw.since - DAY), ("off", raw.since, last)]
    elif raw.state is State.IN_FORCE:
        bars.append(("on", first, last))
    else:
        bars.append(("off", first, last))
    if raw.waiting_id and raw.waiting_id != raw.version_id and raw.waiting_from and raw.waiting_until:
        if raw.state in OVER and raw.waiting_from > last + DAY:
            bars.append(("gap", last + DAY, raw.waiting_from - DAY))
        bars.append(("plan", raw.waiting_from, raw.waiting_until))
    return tuple(bar for bar in bars if bar[1] <= bar[2])


def _notes(raw: Raw, counted: Counted, today: date) -> tuple[Note, ...]:
    """Return what to know beside the state, what is wrong first."""
    notes: list[Note] = []
    if raw.state in GOVERNS and counted.surplus:
        notes.append(Note("bad", "bad", n_("%(n)s te veel", "%(n)s te veel", counted.surplus)))
    if raw.flags:
        notes += [Note(*words) for flag, words in flag_words().items() if flag in raw.flags]
    if raw.state in GOVERNS and raw.last_day is not None and today <= raw.last_day <= today + SOON:
        days = (raw.last_day - today).days
        told = n_("nog %(n)s dag", "nog %(n)s dagen", days) if days else _("laatste dag vandaag")
        notes.append(Note("warn", "warn", told))
    if raw.waiting_id and raw.waiting_from:
        notes.append(_waiting_note(raw, today))
    return tuple(notes)


def _waiting_note(raw: Raw, today: date) -> Note:
    if not raw.is_asked:
        return Note("info", "clock", _("gaat in op"), raw.waiting_from)
    if raw.waiting_id != raw.version_id:
        is_extension = raw.waiting_kind is VersionKind.EXTENSION
        return Note("info", "clock", _("verlenging voorgelegd") if is_extension else _("wijziging voorgelegd"))
    late = (today - raw.respond_by).days if raw.respond_by else 0
    if late > 0:
        return Note("warn", "clock", n_("antwoord %(n)s dag te laat", "antwoord %(n)s dagen te laat", late))
    return Note("info", "clock", _("antwoord t/m"), raw.respond_by)


def flag_words() -> dict[Flag, Badge]:
    """Return the flags that are told in a list, worst first; that there are too many follows from the numbers."""
    return {
        Flag.CONDITION_BROKEN: ("bad", "bad", _("voorwaarde geschonden")),
        Flag.CONDITION_LATE: ("bad", "clock", _("voorwaarde te laat")),
        Flag.FALLBACK_OPEN: ("bad", "bad", _("terugvalverklaring open")),
        Flag.NOTICE_GIVEN: ("warn", "warn", _("opgezegd")),
        Flag.ARTICLE_CHANGED: ("warn", "warn", _("artikel veranderd")),
        Flag.TO_CONFIRM: ("info", "clock", _("brief te bevestigen")),
    }


def _views(raw: Raw, heard: Mapping[int, Said], parties: Mapping[int, PartyLetter]) -> tuple[str, ...]:
    """Return which parties see the direction otherwise than who proposed it."""
    return tuple(
        f"{parties[each.party_id].short}: {direction_of(each.direction, i18n.language())[2]}"
        for each in heard.values()
        if each.counts and each.direction is not None and each.direction is not raw.direction
    )


def clipped(bars: Sequence[Bar], first: date, last: date) -> list[Bar]:
    """Return the parts of a period that fall on an axis."""
    return [(kind, max(start, first), min(end, last)) for kind, start, end in bars if start <= last and end >= first]
