"""The files of the demo company, read and dated.

The files belong to a reference day, a Monday. Every date is shifted by a whole number of weeks, so that weekdays
stay the same and the company is as old today as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from proeftuin import clock

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Company:
    """Everything in the files, with dates shifted to today."""

    organisation: dict[str, Any]
    pilots: list[dict[str, Any]]
    additions: dict[str, Any]
    wiki: dict[str, Any]
    glossary: list[dict[str, str]]
    help: str
    cao: str
    shift: timedelta
    first_day: date
    today: date


def read() -> Company:
    """Read the files and shift their dates to the Monday of this week or the one before."""
    organisation = _yaml("organisation.yaml")
    reference: date = organisation["peildatum"]
    weeks = (clock.today() - reference).days // 7
    shift = timedelta(weeks=weeks)
    pilots = [_shifted(_yaml(path.relative_to(DATA)), shift) for path in sorted((DATA / "pilots").glob("*.yaml"))]
    return Company(
        organisation=organisation,
        pilots=pilots,
        additions=_shifted(_yaml("additions.yaml"), shift),
        wiki=_shifted(_yaml("wiki.yaml"), shift),
        glossary=_yaml("glossary.yaml")["begrippen"],
        help=(DATA / "help.md").read_text(encoding="utf-8"),
        cao=(DATA / "cao.yaml").read_text(encoding="utf-8"),
        shift=shift,
        first_day=date(2025, 3, 3) + shift,
        today=reference + shift,
    )


def moment(day: date, order: int = 0) -> datetime:
    """Return an office hour of a day; a higher order is later."""
    minutes = 9 * 60 + 7 + (order * 23) % (8 * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), clock.AMSTERDAM)


def _yaml(name: str | Path) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def _shifted(value: Any, shift: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: _shifted(item, shift) for key, item in value.items()}
    if isinstance(value, list):
        return [_shifted(item, shift) for item in value]
    if isinstance(value, date):
        return value + shift
    return value
