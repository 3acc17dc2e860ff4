"""Outcomes as they are told on a screen: the figure of an interval, the flow of people, and a table to take along.

What must stay true: the figure says nothing that the words beside it do not say; zero stands in its middle, so that
the side on which an interval lies is its direction; a number that is hidden on the screen is hidden in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from proeftuin.outcomes.assessing import change_of
from proeftuin.outcomes.figures import Arm, ArmFigures, Kind, Moment
from proeftuin.outcomes.queries import Found, Published
from proeftuin.outcomes.statistics import Estimate, Favourable, Share, wilson

WIDTH = 1000
Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the parts of a figure stand on a line of 1000: the interval, the estimate, and what is too small to
    matter, from one side of the middle to the other. On the right it is better when `right_is_better`."""

    low: int
    value: int
    high: int
    band_low: int
    band_high: int
    right_is_better: bool


def axis(found: Found) -> Axis | None:
    """Return the figure of the headline of a measure, or None without one."""
    headline = found.said.headline
    if headline is None:
        return None
    smallest = found.measure.smallest / (100 if found.measure.kind is Kind.SHARE else 1)
    reach = 1.15 * max(abs(headline.low), abs(headline.high), smallest)

    def at(value: float) -> int:
        return round(WIDTH / 2 * (1 + value / reach))

    return Axis(
        at(headline.low),
        at(headline.value),
        at(headline.high),
        at(-smallest),
        at(smallest),
        found.measure.favourable is Favourable.HIGHER,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of groups. `name` is "" for a whole group; `change` is None where nothing is compared."""

    arm: Arm
    name: str
    figures: ArmFigures
    change: Estimate | None
    share_before: Estimate | None = None
    share_after: Estimate | None = None


def lines(found: Found) -> list[Line]:
    """Return the rows of the table of groups: who takes part, the parts of them, and the comparison group."""
    held = found.figures
    rows = [_line(arm, "", each, found.measure.kind) for arm, each in held.arms.items()]
    parts = [_line(Arm.PARTICIPANTS, name, each, found.measure.kind) for name, each in held.subgroups.items()]
    first = [row for row in rows if row.arm is Arm.PARTICIPANTS]
    return [*first, *parts, *(row for row in rows if row.arm is not Arm.PARTICIPANTS)]


def _line(arm: Arm, name: str, held: ArmFigures, kind: Kind) -> Line:
    if kind is Kind.MEAN:
        return Line(arm, name, held, change_of(held))
    before, after = held.share(Moment.BASELINE), held.share(Moment.FOLLOW_UP)
    if kind is Kind.AMOUNT:
        return Line(arm, name, held, None, share_after=worse_off(held))
    return Line(arm, name, held, None, wilson(before) if before else None, wilson(after) if after else None)


def worse_off(held: ArmFigures) -> Estimate | None:
    """Return which share lost by it, of a measure of money."""
    if held.worse_off is None:
        return None
    return wilson(Share(held.worse_off, held.n_after))


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the flow of people, and how many made it; `fewer_than` when they are too few to tell."""

    key: str
    number: int
    fewer_than: int | None


def flow(published: Published, found: Sequence[Found], small: int) -> list[Step]:
    """Return how people went from being invited to the last measurement, as far as it is known."""
    primary = next((each for each in found if each.measure.is_primary), None)
    mine = primary.figures.shown(Arm.PARTICIPANTS) if primary else None
    numbers = [
        ("invited", published.flow["invited"]),
        ("signed_up", published.flow["signed_up"]),
        ("before", mine.n_before if mine and mine.n_before else None),
        ("began", published.flow["began"]),
        ("stopped", published.flow["stopped"]),
        ("after", mine.n_after if mine and mine.n_after else None),
    ]
    if all(number is None for key, number in numbers if key in published.flow):
        return []
    return [Step(key, number, small if 0 < number < small else None) for key, number in numbers if number is not None]


COLUMNS = (
    "publicatie",
    "gepubliceerd_op",
    "proeftuin",
    "maat",
    "naam",
    "schaal",
    "hoofdmaat",
    "gunstige_richting",
    "kleinste_relevante_verschil",
    "wat",
    "subgroep",
    "n_0_meting",
    "n_vervolg",
    "n_gepaard",
    "gemiddelde_0_meting",
    "gemiddelde_vervolg",
    "verschil",
    "bi95_laag",
    "bi95_hoog",
    "sd",
    "mediaan",
    "vrijheidsgraden",
    "grondslag_oordeel",
    "oordeel",
    "omvang",
    "waarschuwingen",
)


def rows(code: str, published: Published, found: Iterable[Found]) -> list[list[Cell]]:
    """Return a publication as rows: for each measure its groups, and the comparison on which the verdict stands."""
    made: list[list[Cell]] = []
    for each in found:
        measure, said = each.measure, each.said
        common: dict[str, Cell] = {
            "publicatie": published.number,
            "gepubliceerd_op": published.on,
            "proeftuin": code,
            "maat": measure.key,
            "naam": measure.title,
            "schaal": measure.scale,
            "hoofdmaat": "ja" if measure.is_primary else "nee",
            "gunstige_richting": str(measure.favourable),
            "kleinste_relevante_verschil": _plain(measure.smallest),
        }
        own = [_group_row(line) for line in lines(each)]
        own.append(
            {
                "wat": "vergelijking van beide" if said.headline else "oordeel",
                **_estimate_cells(said.headline),
                "vrijheidsgraden": _plain(said.headline.degrees, 1) if said.headline else None,
                "grondslag_oordeel": str(said.basis or ""),
                "oordeel": str(said.verdict or ""),
                "omvang": str(said.size or ""),
                "waarschuwingen": ", ".join(said.warnings),
            }
        )
        made += [[(common | row).get(name) for name in COLUMNS] for row in own]
    return made


def _group_row(line: Line) -> dict[str, Cell]:
    held = line.figures
    named: dict[str, Cell] = {"wat": str(line.arm), "subgroep": line.name}
    if held.is_hidden:
        return named | {"waarschuwingen": "verborgen"}
    numbers: dict[str, Cell] = {
        "n_0_meting": held.n_before,
        "n_vervolg": held.n_after,
        "n_gepaard": held.n_paired,
        "gemiddelde_0_meting": _plain(held.before.mean) if held.before else None,
        "gemiddelde_vervolg": _plain(held.after.mean) if held.after else None,
        "sd": _plain(held.change.sd) if held.change else None,
        "mediaan": _plain(held.middle) if held.middle is not None else None,
    }
    return named | numbers | _estimate_cells(line.change or line.share_after)


def _estimate_cells(found: Estimate | None) -> dict[str, Cell]:
    if found is None:
        return {}
    return {"verschil": _plain(found.value), "bi95_laag": _plain(found.low), "bi95_hoog": _plain(found.high)}


def _plain(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
