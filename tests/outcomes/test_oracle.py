"""The answers of the demo company against the outcomes that were worked out for them elsewhere, value by value."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from proeftuin.demo.company import DATA
from proeftuin.outcomes import assessing, figures
from proeftuin.outcomes.assessing import Assessment, Terms, assess
from proeftuin.outcomes.figures import Answer, Arm, ArmFigures, Figures, Kind, Moment
from proeftuin.outcomes.statistics import Estimate, Favourable, Share, wilson

EXPECTED: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "expected.yaml").read_text())["uitkomsten"]
MEASURES = [each for each in EXPECTED if "oordeel" in each]
LIMIT = 8
SIZES = (assessing.Caution.VERY_SMALL, assessing.Caution.SMALL)


def answers(pilot: str, measure: str) -> list[Answer]:
    with (DATA / "measurements.csv").open(newline="") as file:
        return [
            Answer(
                Arm(row["groep"]), Moment(row["moment"]), row["respondentcode"], row["subgroep"], float(row["waarde"])
            )
            for row in csv.DictReader(file)
            if (row["proeftuin"], row["maat"]) == (pilot, measure)
        ]


def interval(found: Estimate | None, digits: int = 2) -> list[float] | None:
    return [round(found.low, digits), round(found.high, digits)] if found else None


def told_arm(arm: ArmFigures) -> dict[str, Any]:
    """Return a group in the words of the expected outcomes."""
    change = assessing.change_of(arm)
    assert change is not None
    assert arm.before is not None
    assert arm.after is not None
    assert arm.change is not None
    return {
        "n_0_meting": arm.n_before,
        "n_vervolg": arm.n_after,
        "n_gepaard": arm.n_paired,
        "gemiddelde_0_meting_gepaard": round(arm.before.mean, 2),
        "gemiddelde_vervolg_gepaard": round(arm.after.mean, 2),
        "verschil": round(change.value, 2),
        "sd_verschil": round(arm.change.sd, 2),
        "bi95": interval(change),
    }


def told(found: Figures, said: Assessment, terms: Terms) -> dict[str, Any]:
    """Return a measure in the words of the expected outcomes."""
    whole: dict[str, Any] = {
        "gunstige_richting": terms.favourable,
        "kleinste_relevante_verschil": terms.smallest,
        "deelnemer": told_arm(found.arms[Arm.PARTICIPANTS]),
        "grondslag_oordeel": said.basis,
        "oordeel": said.verdict,
        "omvang": said.size,
        "waarschuwing": next((each for each in said.warnings if each in SIZES), None),
    }
    if Arm.COMPARISON in found.arms:
        whole["vergelijking"] = told_arm(found.arms[Arm.COMPARISON])
        assert said.headline is not None
        assert said.headline.degrees is not None
        whole["verschil_in_verschil"] = {
            "waarde": round(said.headline.value, 2),
            "bi95": interval(said.headline),
            "vrijheidsgraden_welch": round(said.headline.degrees, 1),
        }
    return whole


@pytest.mark.parametrize("expected", MEASURES, ids=lambda each: f"{each['proeftuin']}-{each['maat']}")
def test_all_verdicts_equal_the_expected_ones(expected: dict[str, Any]) -> None:
    terms = Terms(Kind.MEAN, Favourable(expected["gunstige_richting"]), expected["kleinste_relevante_verschil"])
    found = figures.hide(figures.of_answers(answers(expected["proeftuin"], expected["maat"]), terms.kind), LIMIT)
    names = {"proeftuin": expected["proeftuin"], "maat": expected["maat"], "hoofdmaat": expected["hoofdmaat"]}
    assert names | told(found, assess(found, terms), terms) == expected


def test_every_expected_outcome_is_looked_at() -> None:
    assert len(MEASURES) == 8
    assert len(EXPECTED) == 10  # the other two have tests of their own


def test_the_share_that_is_worse_off_equals_the_expected_one() -> None:
    (expected,) = [each for each in EXPECTED if each["maat"] == "aandeel_erop_achteruit"]
    given = answers("PT-04", "netto_verschil_euro_maand")
    mine = figures.of_answers(given, Kind.AMOUNT).arms[Arm.PARTICIPANTS]
    assert mine.worse_off is not None
    assert {
        "proeftuin": "PT-04",
        "maat": "aandeel_erop_achteruit",
        "afgeleid_van": "netto_verschil_euro_maand < 0",
        "n": mine.n_after,
        "aantal": mine.worse_off,
        "aandeel": round(mine.worse_off / mine.n_after, 3),
        "bi95_wilson": interval(wilson(Share(mine.worse_off, mine.n_after)), 3),
        "mediaan_euro": mine.middle,
        "laagste_euro": min(each.value for each in given),  # is read as it should; it is shown to nobody
    } == expected


def test_a_small_part_hides_the_part_from_which_it_follows_and_the_whole_is_shown() -> None:
    (expected,) = [each for each in EXPECTED if "subgroep" in each]
    found = figures.of_answers(answers(expected["proeftuin"], expected["maat"]), Kind.MEAN)
    assert found.subgroups[expected["subgroep"]].n_after == expected["n_vervolg"]
    shown = figures.hide(found, LIMIT)
    assert {name: each.is_hidden for name, each in shown.subgroups.items()} == {"deeltijd": True, "voltijd": True}
    whole = shown.shown(Arm.PARTICIPANTS)
    assert whole is not None
    assert whole.n_after == 29
