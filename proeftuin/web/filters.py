"""Days, moments and numbers in words, the way the house writes them.

Dutch writes 2 mrt 2026, 16.40 and 4.812,5; English writes 2 Mar 2026, 16:40 and 4,812.5. Moments are UTC and shown
on the Amsterdam clock. The tables are our own: looking a month up in a tuple is a hundred times faster than
formatting through a locale library, and a list of fifty versions has fifty of them. None prints as nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from proeftuin import clock

Day = date | datetime
_NO_BREAK = "\N{NO-BREAK SPACE}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Words:
    """The words for days and numbers in one language."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]
    clock_sign: str
    thousands: str
    decimal: str
    units: dict[str, tuple[str, str]]
    today: str
    yesterday: str
    ago: str
    still: str
    late: str
    through: str


DUTCH = Words(
    months=_words("januari februari maart april mei juni juli augustus september oktober november december"),
    short_months=_words("jan feb mrt apr mei jun jul aug sep okt nov dec"),
    weekdays=_words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
    clock_sign=".",
    thousands=".",
    decimal=",",
    units={"day": ("dag", "dagen"), "month": ("maand", "maanden"), "year": ("jaar", "jaar")},
    today="vandaag",
    yesterday="gisteren",
    ago="{} geleden",
    still="nog {}",
    late="{} te laat",
    through="t/m",
)
ENGLISH = Words(
    months=_words("January February March April May June July August September October November December"),
    short_months=_words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    weekdays=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    clock_sign=":",
    thousands=",",
    decimal=".",
    units={"day": ("day", "days"), "month": ("month", "months"), "year": ("year", "years")},
    today="today",
    yesterday="yesterday",
    ago="{} ago",
    still="{} left",
    late="{} late",
    through="to",
)


def for_language(language: str) -> dict[str, Callable[..., Any]]:
    """Return the filters of a language by the name templates use."""
    form = Form(ENGLISH if language == "en" else DUTCH)
    return {
        "date": form.day,
        "date_long": form.long_day,
        "day_month": form.short_day,
        "weekday": form.weekday,
        "moment": form.moment,
        "clock": form.clock_time,
        "time": lru_cache(maxsize=8192)(form.time_element),  # lists are full of the same moments
        "span": form.span,
        "num": form.number,
        "signed": form.signed,
        "size": form.size,
        "days": form.days,
        "ago": form.ago,
        "until": form.until,
        "iso": iso,
        "lower_first": lower_first,
    }


def iso(value: Day | None) -> str:
    """Return what `datetime=` of a time element holds: a day, or a moment in UTC."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
    return value.isoformat()


def lower_first(text: str) -> str:
    """Return the text with a small first letter, for words that end up inside a sentence."""
    return text[:1].lower() + text[1:]


def _day(value: Day) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


class Form:
    """Days, moments and numbers in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._styles: dict[str, Callable[[Any], str]] = {
            "date": self.day,
            "long": self.long_day,
            "short": self.short_day,
            "moment": self.moment,
            "clock": self.clock_time,
        }

    def day(self, value: Day | None) -> str:
        """Write 2 mrt 2026."""
        if value is None:
            return ""
        day = _day(value)
        return f"{day.day} {self.words.short_months[day.month - 1]} {day.year}"

    def long_day(self, value: Day | None) -> str:
        """Write 2 maart 2026."""
        if value is None:
            return ""
        day = _day(value)
        return f"{day.day} {self.words.months[day.month - 1]} {day.year}"

    def short_day(self, value: Day | None) -> str:
        """Write 2 mrt, where the year is known from what stands around it."""
        if value is None:
            return ""
        day = _day(value)
        return f"{day.day} {self.words.short_months[day.month - 1]}"

    def weekday(self, value: Day | None) -> str:
        """Write maandag."""
        return "" if value is None else self.words.weekdays[_day(value).weekday()]

    def clock_time(self, value: datetime | None) -> str:
        """Write 16.40, on the Amsterdam clock."""
        if value is None:
            return ""
        local = clock.local(value)
        return f"{local.hour:02}{self.words.clock_sign}{local.minute:02}"

    def moment(self, value: datetime | None) -> str:
        """Write 22 jun 2026 16.40."""
        if value is None:
            return ""
        at, words = clock.local(value), self.words
        month = words.short_months[at.month - 1]
        return f"{at.day} {month} {at.year} {at.hour:02}{words.clock_sign}{at.minute:02}"

    def time_element(self, value: Day | None, style: str = "date") -> Markup:
        """Print a time element; style is date, long, short, moment or clock."""
        if value is None:
            return Markup("")
        return Markup('<time datetime="' + iso(value) + '">' + self._styles[style](value) + "</time>")

    def span(self, first: Day | None, last: Day | None) -> Markup:
        """Print a period, both days included; an open side is left out."""
        parts = [self.time_element(first)] if first else []
        parts += [Markup(self.words.through), self.time_element(last)] if last else []
        return Markup(" ").join(parts)

    def number(self, value: float | None, decimals: int | None = None) -> str:
        """Write 4.812 or 0,29; `decimals` fixes how many figures follow the sign."""
        if value is None:
            return ""
        plain = f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"
        if plain.isdigit():
            return plain
        signs = {",": self.words.thousands, ".": self.words.decimal, "-": "\N{MINUS SIGN}"}
        return "".join([signs.get(sign, sign) for sign in plain])

    def signed(self, value: int | None) -> str:
        """Write +96, −38 or 0."""
        return f"+{self.number(value)}" if value is not None and value > 0 else self.number(value)

    def size(self, value: int | None) -> str:
        """Write 3,2 MB, in steps of a thousand."""
        if value is None:
            return ""
        if value < 1_000_000:
            return f"{self.number(max(1, round(value / 1000)))}{_NO_BREAK}kB"
        return f"{self.number(value / 1_000_000, 1)}{_NO_BREAK}MB"

    def days(self, value: int | None) -> str:
        """Write 1 dag or 14 dagen."""
        return "" if value is None else self._count(value, "day")

    def ago(self, value: Day | None, today: date) -> str:
        """Write vandaag, gisteren, 3 dagen geleden or 2 maanden geleden."""
        if value is None:
            return ""
        days = (today - _day(value)).days
        if days < 2:
            return self.words.today if days < 1 else self.words.yesterday
        return self.words.ago.format(self._length(days))

    def until(self, value: Day | None, today: date) -> str:
        """Write nog 28 dagen, vandaag or 23 dagen te laat."""
        if value is None:
            return ""
        days = (_day(value) - today).days
        if days == 0:
            return self.words.today
        pattern = self.words.still if days > 0 else self.words.late
        return pattern.format(self._count(abs(days), "day"))

    def _length(self, days: int) -> str:
        if days < 60:
            return self._count(days, "day")
        return self._count(days // 30, "month") if days < 730 else self._count(days // 365, "year")

    def _count(self, n: int, unit: str) -> str:
        return f"{self.number(n)} {self.words.units[unit][n != 1]}"
