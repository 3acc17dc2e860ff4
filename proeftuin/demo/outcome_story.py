"""What was measured in one demo pilot: its measures when the plan was settled, and the answers once they were in.

The answers of all pilots stand in one file, under the codes of the files; each publication takes its own rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from proeftuin.demo.company import DATA
from proeftuin.demo.stage import Stage
from proeftuin.outcomes import service, settling
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.service import Flow
from proeftuin.outcomes.settling import Wanted
from proeftuin.outcomes.statistics import Favourable
from proeftuin.pilots import queries

RESEARCHER = "i.dejong"
MONEY = frozenset({"netto_verschil_euro_maand"})
"""Measures that hold what somebody gained or lost."""


class OutcomeStory:
    """Settles and publishes what was measured in one pilot."""

    def __init__(self, stage: Stage, data: dict[str, Any]) -> None:
        self.stage = stage
        self.data = data
        self.pilot_id = 0

    def plan(self, locked: date) -> None:
        """Note the settling on the day the plan was settled, and the publication on its own day."""
        self.stage.at(locked, 5, self._settle)
        published = self.stage.company.additions["uitkomsten"].get(self.data["id"])
        if published is not None:
            self.stage.at(published, 1, self._publish)

    def _settle(self) -> None:
        lead = self.stage.actor(self.data["trekker"])
        pilot = queries.get_pilot_by_id(lead, self.pilot_id)
        for measure in self.data["maten"]:
            wanted = Wanted(
                title=measure["naam"],
                kind=Kind.AMOUNT if measure["sleutel"] in MONEY else Kind.MEAN,
                favourable=Favourable(measure["gunstig"]),
                smallest=float(measure["kleinste_relevante_verschil"]),
                scale=measure["schaal"],
                key=measure["sleutel"],
                is_primary=measure["hoofdmaat"],
            )
            settling.settle(lead, pilot, wanted)

    def _publish(self) -> None:
        researcher = self.stage.actor(RESEARCHER)
        pilot = queries.get_pilot_by_id(researcher, self.pilot_id)
        joined = self.data["deelname"]
        flow = Flow(joined["uitgenodigd"], joined["aangemeld"], joined["gestart"], joined["tussentijds_gestopt"])
        service.publish(researcher, pilot, text=self._answers(pilot.code), flow=flow)

    def _answers(self, code: str) -> str:
        """Return the rows about this pilot, under the code that it got here."""
        header, *lines = (DATA / "measurements.csv").read_text(encoding="utf-8").splitlines()
        own = f"{self.data['id']},"
        return "\n".join([header, *(f"{code},{line.removeprefix(own)}" for line in lines if line.startswith(own))])
