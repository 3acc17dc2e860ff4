"""What the law says about a deviation, as far as this register helps: a list of statutory reference points, and the
grounds on which the works council may have to consent (art. 27 WOR).

Both lists are data beside this module, kept by hand. What must stay true: they suggest and warn; a person decides and
signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from proeftuin.deviations.proposals.proposed import Proposal
from proeftuin.deviations.vocabulary import Direction
from proeftuin.i18n import _

HERE = Path(__file__).parent
EVERY_THEME = "alle"
FAVOURABLE = (Direction.BETTER, Direction.NEUTRAL)


class Hardness(StrEnum):
    """How mandatory a provision is."""

    MANDATORY = "dwingend"
    BY_CAO = "driekwart"
    BY_CAO_OR_COUNCIL = "vijfachtste"
    IN_WRITING = "semi"
    OPTIONAL = "regelend"


@dataclass(frozen=True, slots=True)
class Provision:
    """A reference point: where it stands, what it is about, and how hard it is."""

    code: str
    subject: str
    hardness: Hardness
    core: str
    themes: tuple[str, ...]

    @property
    def is_mandatory(self) -> bool:
        return self.hardness is Hardness.MANDATORY


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of art. 27 lid 1 WOR. `is_suggested` when a theme of the pilot points at it."""

    letter: str
    subject: str
    is_suggested: bool = False

    @property
    def code(self) -> str:
        return f"27.1.{self.letter}"


def hardness(value: Hardness) -> str:
    """Return how mandatory a provision is, in words."""
    return {
        Hardness.MANDATORY: _("dwingend: afwijken ten nadele kan nooit"),
        Hardness.BY_CAO: _("driekwart: afwijken kan alleen bij cao"),
        Hardness.BY_CAO_OR_COUNCIL: _("vijfachtste: afwijken kan bij cao of schriftelijk met de OR"),
        Hardness.IN_WRITING: _("semi: afwijken kan alleen schriftelijk, binnen een grens"),
        Hardness.OPTIONAL: _("regelend: partijen mogen iets anders afspreken"),
    }[value]


@cache
def floor() -> tuple[Provision, ...]:
    """Return every reference point, in the order of the list."""
    return tuple(
        Provision(row["code"], row["onderwerp"], Hardness(row["hardheid"]), row["kern"], tuple(row["themas"]))
        for row in _read("legal_floor.yaml")["bepalingen"]
    )


def caution() -> str:
    """Return what the list says of itself."""
    return str(_read("legal_floor.yaml")["controle"])


def ordered_for(themes: Iterable[str]) -> tuple[Sequence[Provision], Sequence[Provision]]:
    """Return the reference points that belong to these themes, and the others."""
    wanted = {*themes, EVERY_THEME}
    near = [each for each in floor() if not wanted.isdisjoint(each.themes)]
    return near, [each for each in floor() if each not in near]


def find(codes: Iterable[str]) -> list[Provision]:
    """Return the reference points with these codes that are in the list."""
    wanted = set(codes)
    return [each for each in floor() if each.code in wanted]


def warnings(proposal: Proposal) -> list[str]:
    """Return for each mandatory provision that was named that it may not be worsened, when someone would be worse
    off."""
    directions = [proposal.direction, *(each.direction for each in proposal.subgroups)]
    if all(each in FAVOURABLE for each in directions if each is not None) and proposal.direction is not None:
        return []
    return [
        _(
            "%(code)s (%(subject)s) is dwingend: afwijken ten nadele van de medewerker kan niet, ook niet met ieders "
            "instemming. Controleer of de nieuwe tekst hier boven blijft.",
            code=each.code,
            subject=each.subject,
        )
        for each in find(proposal.legal_references)
        if each.is_mandatory
    ]


def grounds(themes: Iterable[str]) -> list[Ground]:
    """Return the grounds for consent of the works council, those that the themes point at first."""
    data = _read("council_grounds.yaml")
    near = [letter for theme in themes for letter in data["themas"].get(theme, ())]
    rows = [Ground(row["letter"], row["onderwerp"], row["letter"] in near) for row in data["gronden"]]
    return sorted(rows, key=lambda each: not each.is_suggested)


def always_ask() -> list[Ground]:
    """Return the grounds that any tool with data of staff may touch."""
    letters = _read("council_grounds.yaml")["altijd"]
    return [each for each in grounds(()) if each.letter in letters]


@cache
def _read(name: str) -> Any:
    with (HERE / name).open(encoding="utf-8") as file:
        return yaml.safe_load(file)
