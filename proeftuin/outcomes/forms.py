"""The forms about outcomes: what is measured, and what goes with a publication.

What must stay true: what cannot be read becomes a sentence and never an exception, and stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.models import Measure
from proeftuin.outcomes.queries import FLOW
from proeftuin.outcomes.service import Flow
from proeftuin.outcomes.settling import Wanted
from proeftuin.outcomes.statistics import Favourable

Typed = Mapping[str, str]
MOST_PEOPLE = 1_000_000


def read_measure(typed: Typed, key: str = "") -> Wanted:
    """Return what somebody wants to settle.

    :raises Invalid: for what cannot be read.
    """
    problems = {}
    kind = next((each for each in Kind if each.value == typed.get("kind")), None)
    favourable = next((each for each in Favourable if each.value == typed.get("favourable")), None)
    if kind is None:
        problems["kind"] = _("Kies wat voor antwoorden dit zijn.")
    if favourable is None:
        problems["favourable"] = _("Kies wanneer het beter gaat.")
    try:
        smallest = float(typed.get("smallest", "").strip().replace(",", "."))
    except ValueError:
        smallest = 0.0  # which is refused with a sentence of its own
    if problems or kind is None or favourable is None:
        raise Invalid(problems)
    return Wanted(
        title=typed.get("title", "").replace("\0", ""),
        kind=kind,
        favourable=favourable,
        smallest=smallest,
        scale=typed.get("scale", "").replace("\0", ""),
        key=key,
        is_primary=typed.get("is_primary") == "1",
        is_dropped=typed.get("is_dropped") == "1",
    )


def shown_measure(measure: Measure) -> dict[str, str]:
    """Return a measure as the fields of its form."""
    return {
        "title": measure.title,
        "scale": measure.scale,
        "kind": str(measure.kind),
        "favourable": str(measure.favourable),
        "smallest": f"{measure.smallest:g}".replace(".", ","),
        "is_primary": "1" if measure.is_primary else "",
        "is_dropped": "1" if measure.is_dropped else "",
    }


@dataclass(frozen=True, slots=True)
class PublicationPosted:
    """What goes with a publication: why it is made again, the flow of people, and the newest one that was known."""

    reason: str
    flow: Flow
    after: int | None
    problems: dict[str, str]

    @classmethod
    def parse(cls, typed: Typed) -> PublicationPosted:
        """Read the form."""
        numbers: dict[str, int | None] = {}
        problems = {}
        for name in FLOW:
            raw = typed.get(name, "").strip().replace(".", "")
            numbers[name] = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 8 else None
            number = numbers[name]
            if raw and (number is None or number > MOST_PEOPLE):
                problems[name] = _("Schrijf een aantal mensen, of laat dit leeg.")
        after = typed.get("after", "")
        known = int(after) if after.isascii() and after.isdigit() and len(after) < 8 else None
        return cls(typed.get("reason", "").replace("\0", ""), Flow(**numbers), known, problems)
