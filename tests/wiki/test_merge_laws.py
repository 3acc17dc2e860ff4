"""The laws of bringing two edits together, over ten thousand pairs of edits and over real amendments of real laws.

1. Every word that someone added is in the merged text, or in the passage that is shown to be chosen about.
2. Keeping both keeps every one of these words; no mark of a conflict comes into a text.
3. Mine and theirs can be swapped. 4. A side that changed nothing never causes a passage.
5. Nothing comes into the text that nobody had written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.wiki.merge import Merge, Passage, both, merge
from tests.wiki.edits import Editor, three

PAIRS = 10_000
LAWS = json.loads((Path(__file__).parent / "data" / "laws.json").read_text())["laws"]
MARKS = re.compile(r"^(<{4,}|>{4,}|={4,}|\|{4,})", re.MULTILINE)


def words(text: str) -> Counter[str]:
    return Counter(text.split())


def new_words(text: str, base: str) -> Counter[str]:
    """Return the words of a text that its base does not have at all, and how often."""
    known = set(base.split())
    return Counter({word: times for word, times in words(text).items() if word not in known})


def turned(merged: Merge) -> list[object]:
    return [
        Passage(part.base, part.theirs, part.mine) if isinstance(part, Passage) else part for part in merged.passages
    ]


def keep_the_laws(base: str, mine: str, theirs: str) -> Merge:
    """Fail when bringing these together breaks a law."""
    merged = merge(base, mine, theirs)
    added = new_words(mine, base) | new_words(theirs, base)
    kept = merged.with_choices([both(part) for part in merged.conflicts])
    assert added <= words(kept), f"lost: {added - words(kept)}"
    assert set(kept.split()) <= set(f"{base}\n{mine}\n{theirs}".split())
    assert bool(MARKS.search(kept)) <= bool(MARKS.search(f"{base}\n{mine}\n{theirs}"))
    for choice, text in (("mine", mine), ("theirs", theirs)):
        chosen = merged.with_choices([getattr(part, choice) for part in merged.conflicts])
        assert new_words(text, base) <= words(chosen), f"{choice} was chosen everywhere"
    if merged.is_clean:
        assert merged.text == kept
    assert turned(merge(base, theirs, mine)) == list(merged.passages)
    assert merge(base, base, theirs).text == theirs
    assert merge(base, mine, base).text == mine
    assert merge(base, mine, mine).text == mine
    return merged


def test_the_laws_hold_for_every_pair_of_edits() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=PAIRS, deadline=None, database=None)
    @given(number=st.integers(0, 2**48))
    def try_one(number: int) -> None:
        base, mine, theirs = three(number)
        merged = keep_the_laws(base, mine, theirs)
        seen["one sided" if base in (mine, theirs) else "merged" if merged.is_clean else "asked"] += 1

    try_one()
    assert seen.total() >= PAIRS
    assert min(seen["merged"], seen["asked"], seen["one sided"]) > PAIRS / 20, "the pairs were not of every sort"


@pytest.mark.parametrize("law", LAWS, ids=[law["title"][:40] for law in LAWS])
def test_the_laws_hold_for_amendments_of_real_laws(law: dict[str, list[str]]) -> None:
    for number, (base, amended) in enumerate(pairwise(law["versions"])):
        for turn in range(40):
            chance = Random(number * 1000 + turn)
            keep_the_laws(base, Editor("mijn", chance).edit(base), amended)
            keep_the_laws(base, Editor("mijn", chance).edit(base), Editor("hun", chance).edit(base))


@pytest.mark.parametrize("law", LAWS, ids=[law["title"][:40] for law in LAWS])
def test_the_laws_hold_for_two_amendments_at_once(law: dict[str, list[str]]) -> None:
    versions = law["versions"]
    for base in versions:
        for mine in versions:
            for theirs in versions:
                keep_the_laws(base, mine, theirs)
