"""The register held in memory as it stands in one edition: chosen from, counted and ordered without the database.

For each value by which one can filter an edition keeps a set of rows as the bits of one number, so that choosing is
`&` and counting is counting bits. What must stay true: an edition never changes; it is made for the present, and kept
until a deviation changes, and made anew for any other day; the number behind a value is how many rows come when it is
chosen and the other choices stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from proeftuin.deviations.register.filters import GROUP_OF, RANKS, Filters, Group, Sort, group_name
from proeftuin.deviations.register.lines import Raw
from proeftuin.deviations.states.course import GOVERNS
from proeftuin.deviations.vocabulary import LIVE, State

Order = tuple[Sequence[int], Sequence[int]]
"""The places of all entries in an order, and for each place how many come before it."""


class RuleRow(NamedTuple):
    """A paragraph that a version sets aside: key and number of the article, number of the paragraph."""

    version_id: int
    key: str
    article: str
    paragraph: str


class Place(NamedTuple):
    """What is known of a pilot: its address, departments (its own and the whole of which that is a part) and themes
    by key and name, and how many take part."""

    slug: str
    departments: tuple[tuple[str, str], ...]
    themes: tuple[tuple[str, str], ...]
    participants: int

    @property
    def department(self) -> str:
        """Return the name of the department itself."""
        return self.departments[0][1] if self.departments else ""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A deviation in an edition, equal only to itself. `articles` are those of both versions that `raw` tells of."""

    raw: Raw
    year: int
    serial: int
    submitted_on: date
    rules: tuple[RuleRow, ...]
    articles: frozenset[tuple[str, str]]


class Choice(NamedTuple):
    """A value, in words, and how many rows it gives."""

    value: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What one can choose. `every` counts by list how many rows its choice of everything gives."""

    groups: Sequence[Choice]
    departments: Sequence[Choice]
    articles: Sequence[Choice]
    themes: Sequence[Choice]
    every: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of one page, how many there are on all of them, and what else can be chosen."""

    rows: Sequence[Entry]
    total: int
    facets: Facets


class Edition:
    """All deviations of one moment."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.by_id = {entry.raw.id: entry for entry in self.entries}
        self.everything = (1 << len(self.entries)) - 1
        self._groups = self._split(lambda entry: _groups_of(entry.raw))
        self._pilots = self._split(lambda entry: (entry.raw.pilot_id,))
        self._articles = self._split(lambda entry: [key for key, _number in entry.articles])
        self._cited: dict[str, str] = dict(sorted(pair for entry in self.entries for pair in entry.articles))
        self._words = [f"{entry.raw.title}\n{entry.raw.code}".casefold() for entry in self.entries]
        self._ends = [
            entry.raw.last_day.toordinal() if entry.raw.last_day and entry.raw.state in GOVERNS else 0
            for entry in self.entries
        ]
        self._in_state: dict[State, Counter[int]] = defaultdict(Counter)
        for entry in self.entries:
            self._in_state[entry.raw.state][entry.raw.pilot_id] += 1
        self.years: dict[int, Any] = {}
        """The timelines that were made of this edition (`oversight.list_year`)."""
        self._orders: dict[tuple[Sort, bool], Order] = {}

    def _split(self, values_of: Callable[[Entry], Iterable[Any]]) -> dict[Any, int]:
        found: dict[Any, list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            for value in values_of(entry):
                found[value].append(place)
        return {value: self._bits(places) for value, places in found.items()}

    def _bits(self, places: Iterable[int]) -> int:
        marked = bytearray(len(self.entries) // 8 + 1)
        for place in places:
            marked[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marked, "little")

    def article_key(self, number: str) -> str:
        """Return the key of an article that is asked for by its number, or the number when nothing touches it."""
        return next((key for key, cited in self._cited.items() if cited == number), number)

    def count_groups(self) -> dict[Group, int]:
        """Count the deviations by group of states."""
        return {group: bits.bit_count() for group, bits in self._groups.items()}

    def count_articles(self) -> list[tuple[str, dict[Group, int]]]:
        """Count for each article, by its number, the deviations that touch it, by group of states."""
        found = [
            (cited, {group: (bits & self._articles[key]).bit_count() for group, bits in self._groups.items()})
            for key, cited in self._cited.items()
        ]
        return sorted(found, key=lambda each: natural(each[0]))

    def pilots_of(self, state: State) -> Counter[int]:
        """Count for each pilot, by its number, the deviations in a state."""
        return self._in_state.get(state, Counter())

    def ending(self, first: date, last: date) -> list[Entry]:
        """Return what applies and has its last day in a period, the nearest end first."""
        return self._listed(self._ending(first, last), Filters(sort=Sort.END), 0, len(self.entries))

    def _ending(self, first: date, last: date) -> int:
        begin, end = first.toordinal(), last.toordinal()
        return self._bits([place for place, day in enumerate(self._ends) if begin <= day <= end])

    def of_pilots(self, pilot_ids: Iterable[int]) -> dict[int, list[Entry]]:
        """Return the deviations of pilots, what applies first."""
        found = {number: self._pilots.get(number, 0) for number in pilot_ids}
        size = len(self.entries)
        return {number: self._listed(bits, Filters(), 0, size) for number, bits in found.items() if bits}

    def choose(self, filters: Filters, places: Mapping[int, Place], today: date, *, per_page: int) -> Selection:
        """Return one page of what the filters let through."""
        departments, themes = self._of_pilots(places)
        lists: dict[str, Mapping[Any, int]] = {
            "groups": self._groups,
            "departments": {key: bits for (key, _name), bits in departments.items()},
            "articles": self._articles,
            "themes": {key: bits for (key, _name), bits in themes.items()},
        }
        asked = {
            "groups": filters.group,
            "departments": filters.department,
            "articles": self.article_key(filters.article) if filters.article else "",
            "themes": filters.theme,
        }
        rest = self._rest(filters, places, today)
        chosen = {name: lists[name].get(value, 0) for name, value in asked.items() if value}
        free = {name: _all_of(rest, (bits for other, bits in chosen.items() if other != name)) for name in lists}
        shown = _all_of(rest, chosen.values())
        groups = [(group, group_name(group), self._groups[group]) for group in Group if group in self._groups]
        articles = [(number, number, self._articles[key]) for key, number in self._cited.items()]
        facets = Facets(
            groups=_choices(groups, free["groups"]),
            departments=_choices(_named(departments), free["departments"]),
            articles=sorted(_choices(articles, free["articles"]), key=lambda each: natural(each.value)),
            themes=_choices(_named(themes), free["themes"]),
            every={name: bits.bit_count() for name, bits in free.items()},
        )
        start = (filters.number - 1) * per_page
        return Selection(self._listed(shown, filters, start, per_page), shown.bit_count(), facets)

    def _of_pilots(self, places: Mapping[int, Place]) -> tuple[dict[Any, int], dict[Any, int]]:
        departments: dict[tuple[str, str], int] = defaultdict(int)
        themes: dict[tuple[str, str], int] = defaultdict(int)
        for pilot_id, bits in self._pilots.items():
            place = places.get(pilot_id)
            if place is not None:
                for each in place.departments:
                    departments[each] |= bits
                for each in place.themes:
                    themes[each] |= bits
        return departments, themes

    def _rest(self, filters: Filters, places: Mapping[int, Place], today: date) -> int:
        """Return what is let through by the filters that have no list with numbers."""
        bits = self.everything
        if filters.text:
            words = filters.text.casefold()
            bits &= self._bits([place for place, text in enumerate(self._words) if words in text])
        if filters.pilot:
            bits &= next((self._pilots.get(n, 0) for n, place in places.items() if place.slug == filters.pilot), 0)
        if filters.ends_within:
            bits &= self._ending(today, today + timedelta(days=filters.ends_within))
        return bits

    def _listed(self, bits: int, filters: Filters, start: int, size: int) -> list[Entry]:
        order, ranks = self._order(filters.sort, filters.is_descending)
        marks = bin(bits)[:1:-1].ljust(len(order), "0")
        if bits.bit_count() * 8 < len(order):  # to put a few in order costs less than to look for them in the order
            places: Iterable[int] = sorted(_marked(marks), key=ranks.__getitem__)
        else:
            places = (place for place in order if marks[place] == "1")
        return [self.entries[place] for place in islice(places, start, start + size)]

    def _order(self, sort: Sort, is_descending: bool) -> Order:
        known = self._orders.get((sort, is_descending))
        if known is None:
            key = _KEYS[sort]
            order = sorted(range(len(self.entries)), key=lambda place: key(self.entries[place]))
            if is_descending:
                order.reverse()
            ranks = sorted(range(len(order)), key=order.__getitem__)
            known = self._orders[sort, is_descending] = order, ranks
        return known


def _groups_of(raw: Raw) -> set[Group]:
    """Return the groups in which a deviation is found: that of its state, and that of the version that waits."""
    if raw.waiting_id is None:
        return {GROUP_OF[raw.state]}
    return {GROUP_OF[raw.state], Group.SUBMITTED if raw.is_asked else Group.AGREED}


def _usual(entry: Entry) -> tuple[Any, ...]:
    """Order by state; what goes on comes by its end, what is over the newest first."""
    raw = entry.raw
    last = (raw.last_day or date.max).toordinal()
    return RANKS.index(raw.state), last if raw.state in LIVE else -last, entry.year, entry.serial


_KEYS: dict[Sort, Callable[[Entry], tuple[Any, ...]]] = {
    Sort.STATE: _usual,
    Sort.NUMBER: lambda entry: (entry.year, entry.serial),
    Sort.TITLE: lambda entry: (entry.raw.title.casefold(), entry.year, entry.serial),
    Sort.BEGIN: lambda entry: (entry.raw.first_day or date.max, entry.year, entry.serial),
    Sort.END: lambda entry: (entry.raw.last_day or date.max, entry.year, entry.serial),
    Sort.SUBMITTED: lambda entry: (entry.submitted_on, entry.year, entry.serial),
}


def _all_of(bits: int, others: Iterable[int]) -> int:
    for other in others:
        bits &= other
    return bits


def _marked(marks: str) -> Iterator[int]:
    """Return the places of the marks that are "1"."""
    place = marks.find("1")
    while place >= 0:
        yield place
        place = marks.find("1", place + 1)


def _named(found: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    return [(key, name, found[key, name]) for key, name in sorted(found, key=lambda each: each[1])]


def _choices(found: Iterable[tuple[str, str, int]], free: int) -> list[Choice]:
    counted = (Choice(value, name, (bits & free).bit_count()) for value, name, bits in found)
    return [choice for choice in counted if choice.number]


def natural(number: str) -> tuple[tuple[int, str], ...]:
    """Return what orders numbers as people do: 4.2 before 4.10."""
    return tuple((int(part) if part.isdigit() else 0, part) for part in re.split(r"\.", number))
