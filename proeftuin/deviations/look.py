"""Which two days a screen of the register shows: what counts on a day (`op`), as known at the end of one (`bekend`).

What must stay true: without `bekend` everything counts that is known now, also about a day of the past; nobody can
ask what will be known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from proeftuin import clock
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.past.day import is_past, read_day


@dataclass(frozen=True, slots=True)
class Look:
    """The two days. `known` is None for what is known now; `last` is the last day that can be asked for."""

    day: date
    known: date | None
    last: date

    @classmethod
    def parse(cls, given: str | None) -> Look:
        """Read the day of knowing from an address; the day that counts is that of the clock.

        :raises Invalid: when it is no day, or one to come.
        """
        today = clock.day_of(clock.really_now()) if is_past() else clock.today()
        if not given:
            return cls(clock.today(), None, today)
        known = read_day(given)
        if known is None:
            raise Invalid({"bekend": _("“%(given)s” is geen dag. Schrijf een dag als 2026-03-31.", given=given[:40])})
        if known > today:
            raise Invalid({"bekend": _("Wat dan bekend is, weet nu niemand. Kies vandaag of een dag daarvoor.")})
        return cls(clock.today(), None if known == today else known, today)

    @property
    def is_present(self) -> bool:
        """Return whether this is how it stands now, so that something can be done."""
        return self.known is None and not is_past()

    @property
    def query(self) -> str:
        """Return what links have to carry on; the day that counts is put in by the step over the finished page."""
        return f"?bekend={self.known.isoformat()}" if self.known is not None else ""
