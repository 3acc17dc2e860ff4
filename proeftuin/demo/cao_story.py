"""The cao of the demo company: HR puts each version ready, the secretary of the cao parties publishes it.

The first version held before the platform was there, so it is published in its first days; the next one the day after
the ministry confirmed that it had it. Days are shifted with the company; the words of the cao are not.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from proeftuin.cao import preparing, service
from proeftuin.cao.reading import read
from proeftuin.cao.terms import NAMES
from proeftuin.demo.stage import Stage

PREPARER, SECRETARY = "j.verbeek", "l.vanrijn"
_DAYS = ("valid_from", "valid_until", "notified_on", "confirmed_on")


class CaoStory:
    """Turns the file of the cao into acts on the stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.text = stage.company.cao

    def plan(self) -> None:
        """Note the publication of every version."""
        for label in read(self.text).labels:
            confirmed = date.fromisoformat(read(self.text, label).terms["confirmed_on"]) + self.stage.company.shift
            day = max(confirmed + timedelta(days=1), self.stage.company.first_day + timedelta(days=1))
            self.stage.at(day, 1, partial(self._publish, label))

    def _publish(self, label: str) -> None:
        preparer, secretary = self.stage.actor(PREPARER), self.stage.actor(SECRETARY)
        row = preparing.create(preparer, text=self.text, file_name="cao.yaml", label=label)
        shifted = {name: self._shifted(str(row.terms[name])) for name in _DAYS}
        terms = {name: str(row.terms[name]) for name in (*NAMES, "chosen")} | shifted
        preparing.save(preparer, row, edition=row.edition, text=row.text, terms=terms)
        service.publish(secretary, row, edition=row.edition)

    def _shifted(self, day: str) -> str:
        return (date.fromisoformat(day) + self.stage.company.shift).isoformat()
