"""What the address of the register asks for: which deviations, in which order, which page.

What must stay true: everything that is chosen stands in the address, and only what differs from the usual; what is
not known filters nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import quote_plus

from proeftuin.deviations.vocabulary import State
from proeftuin.i18n import _
from proeftuin.paging import page_number

ADDRESS = "/afwijkingen"
LONGEST_TEXT = 100
ENDS_WITHIN = (7, 30, 60, 90)


class Group(StrEnum):
    """The states by which one can filter, as they stand in the address."""

    IN_FORCE = "van-kracht"
    SUSPENDED = "opgeschort"
    SUBMITTED = "voorgelegd"
    AGREED = "overeengekomen"
    OVER = "voorbij"
    NEVER = "niet-doorgegaan"

    @property
    def states(self) -> tuple[State, ...]:
        """Return the states that belong to it."""
        return {
            Group.IN_FORCE: (State.IN_FORCE,),
            Group.SUSPENDED: (State.SUSPENDED,),
            Group.SUBMITTED: (State.SUBMITTED,),
            Group.AGREED: (State.AGREED,),
            Group.OVER: (State.LAPSED, State.ENDED, State.CLOSED),
            Group.NEVER: (State.REJECTED, State.WITHDRAWN, State.CONCEPT),
        }[self]


GROUP_OF = {state: group for group in Group for state in group.states}
RANKS = (
    State.IN_FORCE,
    State.SUSPENDED,
    State.SUBMITTED,
    State.AGREED,
    State.LAPSED,
    State.ENDED,
    State.CLOSED,
    State.REJECTED,
    State.WITHDRAWN,
    State.CONCEPT,
)
"""The usual order: what applies, what is asked, what is over."""


def group_name(group: Group) -> str:
    """Return the words for a group."""
    return {
        Group.IN_FORCE: _("Van kracht"),
        Group.SUSPENDED: _("Opgeschort"),
        Group.SUBMITTED: _("Voorgelegd"),
        Group.AGREED: _("Overeengekomen"),
        Group.OVER: _("Voorbij"),
        Group.NEVER: _("Niet doorgegaan"),
    }[group]


class Sort(StrEnum):
    """By what the rows are ordered."""

    STATE = "toestand"
    NUMBER = "nummer"
    TITLE = "titel"
    BEGIN = "begin"
    END = "einde"
    SUBMITTED = "voorgelegd"


def sort_name(sort: Sort) -> str:
    """Return the words for an order."""
    return {
        Sort.STATE: _("toestand"),
        Sort.NUMBER: _("nummer"),
        Sort.TITLE: _("titel"),
        Sort.BEGIN: _("eerste dag"),
        Sort.END: _("laatste dag"),
        Sort.SUBMITTED: _("dag van voorleggen"),
    }[sort]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. `article` is a number of the cao as it is cited; "" and 0 ask for everything."""

    group: Group | None = None
    department: str = ""
    article: str = ""
    theme: str = ""
    text: str = ""
    ends_within: int = 0
    pilot: str = ""
    sort: Sort = Sort.STATE
    is_descending: bool = False
    number: int = 1
    known: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Self:
        """Return what an address asks for.

        :raises NotFound: when the number of the page is none.
        """
        groups, sorts = ({each.value: each for each in kind} for kind in (Group, Sort))
        wanted = given.get("sorteer", "")
        days = given.get("eindigt", "")
        return cls(
            group=groups.get(given.get("toestand", "")),  # type: ignore[arg-type]  # one mapping for each kind
            department=given.get("afdeling", ""),
            article=given.get("artikel", "").strip()[:20],
            theme=given.get("thema", ""),
            text=given.get("tekst", "").strip()[:LONGEST_TEXT],
            ends_within=int(days) if days in map(str, ENDS_WITHIN) else 0,
            pilot=given.get("proeftuin", ""),
            sort=sorts.get(wanted.removeprefix("-"), Sort.STATE),  # type: ignore[arg-type]  # as above
            is_descending=wanted.startswith("-"),
            number=page_number(given.get("bladzijde")),
            known=given.get("bekend", ""),
        )

    @property
    def sorted_by(self) -> str:
        """Return the order as it stands in the address."""
        return f"-{self.sort}" if self.is_descending else str(self.sort)

    @property
    def is_filtered(self) -> bool:
        """Return whether some rows are left out."""
        return bool(
            self.group or self.department or self.article or self.theme or self.text or self.ends_within or self.pilot
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return what stands in the address, as names and values; the page is not among them."""
        given = {
            "toestand": self.group.value if self.group else "",
            "afdeling": self.department,
            "artikel": self.article,
            "thema": self.theme,
            "tekst": self.text,
            "eindigt": str(self.ends_within or ""),
            "proeftuin": self.pilot,
            "sorteer": self.sorted_by if self.sorted_by != Sort.STATE else "",
            "bekend": self.known,
        }
        return [(name, value) for name, value in given.items() if value]

    @property
    def address(self) -> str:
        """Return the address that asks for this."""
        pairs = self.pairs() + ([("bladzijde", str(self.number))] if self.number > 1 else [])
        query = "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)
        return f"{ADDRESS}?{query}" if query else ADDRESS

    def of_page(self, number: int) -> str:
        """Return the address of another page."""
        return replace(self, number=number).address

    def ordered(self, sort: str) -> str:
        """Return the address with another order: the other way round when it is ordered by this already."""
        down = self.sort == sort and not self.is_descending
        return replace(self, sort=Sort(sort), is_descending=down, number=1).address

    def without(self, *names: str) -> str:
        """Return the address without some of what was chosen."""
        usual = Filters()
        return replace(self, number=1, **{name: getattr(usual, name) for name in names}).address
