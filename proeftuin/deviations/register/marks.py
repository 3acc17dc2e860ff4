"""What parties said of a version, as signs in a table: shape for the position, letter for the party.

What must stay true: a position from a letter counts once the party confirmed it; what was decided last counts,
whenever it was recorded; every sign has words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from proeftuin import i18n
from proeftuin.accounts.models import PartyKind
from proeftuin.db import stored_day, stored_moment
from proeftuin.deviations import labels
from proeftuin.deviations.parties import initials_of, short_name
from proeftuin.deviations.vocabulary import Direction, Duty, PositionStatus
from proeftuin.i18n import _

SaidRow = tuple[Any, ...]
"""The fields of `Said` as the driver gave them (`rows_now.SAID`)."""


class Said(NamedTuple):
    """A party that was asked or informed, with one position of it, if it took any. `is_ours` is what the party said
    of its letter."""

    version_id: int
    party_id: int
    duty: Duty
    status: PositionStatus | None
    direction: Direction | None
    decided_on: date | None
    recorded_at: datetime | None
    is_letter: bool | None
    is_ours: bool | None
    confirmed_at: datetime | None

    @property
    def counts(self) -> bool:
        return self.status is not None and (not self.is_letter or bool(self.is_ours))

    @property
    def is_shown(self) -> bool:
        return self.duty is Duty.REQUIRED or self.status is not None

    @property
    def waits(self) -> bool:
        """Return whether it was entered from a letter of which the party said nothing yet."""
        return bool(self.is_letter) and self.is_ours is None


class PartyLetter(NamedTuple):
    """A party with the letter that stands for it in tables."""

    id: int
    name: str
    kind: PartyKind
    letter: str
    initials: str

    @property
    def short(self) -> str:
        """Return what it is called where there is little room."""
        return short_name(self.name, self.kind, self.initials)


class Mark(NamedTuple):
    """The position of a party, as a sign with the letter of the party and words for who does not see it."""

    kind: str
    icon: str
    letter: str
    text: str


class Parties:
    """The parties of a day by number. Equal ones are the same object (`letters`), so that lines made with them can be
    kept by it."""

    def __init__(self, parties: Iterable[PartyLetter]) -> None:
        self.by_id = {party.id: party for party in parties}


@lru_cache(maxsize=64)
def letters(parties: tuple[tuple[int, str, str, PartyKind], ...]) -> Parties:
    """Return for each party (number, key, name, kind) the letters that stand for it, as few as tell them apart."""
    found: list[PartyLetter] = []
    taken: set[str] = set()
    initials = initials_of(name for _number, _key, name, _kind in parties)
    for number, key, name, kind in parties:
        letter = next((key[:size].upper() for size in (1, 2, 3) if key[:size].upper() not in taken), str(number))
        taken.add(letter)
        found.append(PartyLetter(number, name, kind, letter, initials[name]))
    return Parties(found)


def understood(rows: Iterable[SaidRow]) -> list[Said]:
    """Return what rows mean."""
    return [
        Said(
            version_id,
            party_id,
            _DUTIES[duty],
            _STATUSES[status],
            _DIRECTIONS[direction],
            stored_day(decided_on),
            stored_moment(recorded_at),
            is_letter if is_letter is None else bool(is_letter),
            is_ours if is_ours is None else bool(is_ours),
            stored_moment(confirmed_at),
        )
        for (
            version_id,
            party_id,
            duty,
            status,
            direction,
            decided_on,
            recorded_at,
            is_letter,
            is_ours,
            confirmed_at,
        ) in rows
    ]


# Looking words up here is quicker than asking the type of the column for each.
_STATUSES: dict[str | None, PositionStatus | None] = {None: None, **{each.value: each for each in PositionStatus}}
_DIRECTIONS: dict[str | None, Direction | None] = {None: None, **{each.value: each for each in Direction}}
_DUTIES = {each.value: each for each in Duty}


def last_said(rows: Sequence[Said]) -> dict[int, Said]:
    """Return for each party what it said last of a version: what counts before what does not, by day of deciding."""
    found: dict[int, Said] = {}
    for row in rows:
        known = found.get(row.party_id)
        if known is None or _order(row) >= _order(known):
            found[row.party_id] = row
    return found


def _order(row: Said) -> tuple[bool, date, str]:
    moment = row.confirmed_at or row.recorded_at
    return row.counts, row.decided_on or date.min, moment.isoformat() if moment else ""


def mark(said: Said, party: PartyLetter) -> Mark:
    """Return the position of a party as a sign."""
    kind, icon, word = _words(said.status if said.counts else None, said.waits, i18n.language())
    return Mark(kind, icon, party.letter, f"{party.name}: {word}")


@lru_cache(maxsize=256)
def _words(status: PositionStatus | None, waits: bool, language: str) -> labels.Badge:
    """Return a position in words; many lines hold the same ones, so each is made once for each language."""
    with i18n.speaking(language):
        kind, icon, word = labels.status(status)
        return (kind, icon, _("brief, nog te bevestigen")) if waits else (kind, icon, word)
