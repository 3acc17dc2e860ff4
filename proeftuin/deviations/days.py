"""Terms as the law and the cao count them: months, working days, and a term that ends in a weekend. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


def months_later(day: date, months: int) -> date:
    """Return the same day some months later; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def working_days_later(day: date, number: int) -> date:
    """Return the day that is so many working days later; Saturdays and Sundays do not count."""
    while number:
        day += DAY
        number -= day.weekday() < SATURDAY
    return day


def next_working_day(day: date) -> date:
    """Return the day itself, or the Monday after a weekend (art. 1 Algemene termijnenwet)."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day


def nullity_through(told_on: date) -> date:
    """Return the last day of the month in which the works council can invoke nullity (art. 27 lid 5 WOR)."""
    return months_later(told_on, 1)
