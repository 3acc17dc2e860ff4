"""What stands in the addresses and forms of recent changes and following.

What must stay true: a filter that is not understood is left out instead of refused, so a mailed address keeps
working after a theme was renamed; nobody is sent to another site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from proeftuin.following.changes import SORTS, Filters
from proeftuin.following.choices import Choices

_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}\Z", re.ASCII)  # what a column of numbers can hold


@dataclass(frozen=True, slots=True)
class ChangesForm:
    """The filters as they stand in the address; what was not understood is empty."""

    sort: str = ""
    pilot: str = ""
    theme: str = ""
    department: str = ""
    minor: bool = False
    first: str = ""
    last: str = ""
    after: str = ""

    @classmethod
    def parse(cls, given: Mapping[str, str], choices: Choices) -> ChangesForm:
        """Read the filters from an address."""
        return cls(
            sort=_known(given.get("soort"), SORTS),
            pilot=_known(given.get("proeftuin"), choices.pilots),
            theme=_known(given.get("thema"), choices.themes),
            department=_known(given.get("afdeling"), choices.departments),
            minor=given.get("klein") == "1",
            first=_day(given.get("van")),
            last=_day(given.get("tot")),
            after=_matching(_NUMBER, given.get("sinds")),
        )

    def filters(self, choices: Choices) -> Filters:
        """Return the filters with the numbers behind the words."""
        return Filters(
            sort=self.sort,
            pilot_id=choices.pilots[self.pilot].id if self.pilot else None,
            theme_id=choices.themes[self.theme].id if self.theme else None,
            department_id=choices.departments[self.department].id if self.department else None,
            with_minor=self.minor,
            first=date.fromisoformat(self.first) if self.first else None,
            last=date.fromisoformat(self.last) if self.last else None,
            after=int(self.after) if self.after else None,
        )

    def address(self, path: str, number: int = 1) -> str:
        """Return the address of a page of these changes."""
        given = {
            "soort": self.sort,
            "proeftuin": self.pilot,
            "thema": self.theme,
            "afdeling": self.department,
            "klein": "1" if self.minor else "",
            "van": self.first,
            "tot": self.last,
            "sinds": self.after,
            "bladzijde": str(number) if number > 1 else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def is_filtered(self) -> bool:
        """Return whether anything but the small changes was chosen."""
        return any((self.sort, self.pilot, self.theme, self.department, self.first, self.last, self.after))


def local_path(raw: str | None, otherwise: str = "/") -> str:
    """Return an address on this site, or another one when what was given leads elsewhere or nowhere."""
    return raw if raw and len(raw) <= 2000 and _LOCAL.match(raw) else otherwise


def number(raw: str | None) -> int | None:
    """Return a whole number from a form, or None."""
    found = _matching(_NUMBER, raw)
    return int(found) if found else None


def _known(raw: str | None, known: Mapping[str, object]) -> str:
    return raw if raw is not None and raw in known else ""


def _day(raw: str | None) -> str:
    found = _matching(_DAY, raw)
    try:
        day = date.fromisoformat(found)
    except ValueError:
        return ""
    return found if 2000 <= day.year < 9000 else ""  # far enough from the edges of the calendar to add a day


def _matching(pattern: re.Pattern[str], raw: str | None) -> str:
    return raw if raw is not None and pattern.match(raw) else ""
