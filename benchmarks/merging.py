"""How long it takes to merge two edits of a page and to show what changed in it, for a long page and a very long one.

The pages are made of real Dutch paragraphs. Each edit changes one paragraph in ten, adds some, takes some away and
moves one, as a busy afternoon of two people would; besides, every paragraph is changed by both, which is the worst
that can be asked.
"""

from __future__ import annotations

import json
import lzma
import time
from collections.abc import Callable, Iterator
from random import Random
from statistics import median

from benchmarks.company import DATA
from benchmarks.figures import Figure
from proeftuin.wiki import diff
from proeftuin.wiki.merge import merge

SIZES = {1_500: (20.0, 100.0), 15_000: (250.0, 1_500.0)}
"""Words on a page, and the milliseconds within which it is merged, or compared: usually, and at its worst."""
TURNS = 7


def figures() -> list[Figure]:
    """Measure merging and comparing."""
    return list(_figures())


def _figures() -> Iterator[Figure]:
    for size, (promised, at_worst) in SIZES.items():
        paragraphs = _paragraphs(size)
        base = "\n\n".join(paragraphs)
        mine, theirs = (_edited(paragraphs, name, Random(place)) for place, name in enumerate(("mijn", "hun")))
        all_mine, all_theirs = (_changed_everywhere(paragraphs, name) for name in ("mijn", "hun"))
        name = f"{size:,} words"
        yield Figure(f"merge of two edits, {name}", _milliseconds(merge, base, mine, theirs), promised)
        worst = _milliseconds(merge, base, all_mine, all_theirs)
        yield Figure(f"merge, every paragraph changed, {name}", worst, at_worst)
        yield Figure(f"diff of an edit, {name}", _milliseconds(diff.compare, base, mine), promised)
        yield Figure(f"diff, every paragraph changed, {name}", _milliseconds(diff.compare, base, all_mine), at_worst)


def _milliseconds(act: Callable[..., object], *texts: str) -> float:
    taken = []
    for _ in range(TURNS):
        start = time.perf_counter()
        act(*texts)
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def _paragraphs(words: int) -> list[str]:
    """Return paragraphs of real pages that hold so many words together."""
    chosen: list[str] = []
    count = 0
    with lzma.open(DATA / "pages-2000.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            for paragraph in json.loads(line)["body"].split("\n\n"):
                chosen.append(paragraph)
                count += len(paragraph.split())
                if count >= words:
                    return chosen
    return chosen


def _edited(paragraphs: list[str], name: str, chance: Random) -> str:
    edited = list(paragraphs)
    for number in range(len(edited) // 10 + 1):
        place = chance.randrange(len(edited))
        words = edited[place].split(" ")
        words[chance.randrange(len(words))] = f"{name}{number}"
        edited[place] = " ".join(words)
    for number in range(len(edited) // 50 + 1):
        edited.insert(chance.randrange(len(edited)), f"Een nieuwe alinea van {name}, nummer {number}.")
        del edited[chance.randrange(len(edited))]
    edited.insert(chance.randrange(len(edited)), edited.pop(chance.randrange(len(edited))))
    return "\n\n".join(edited)


def _changed_everywhere(paragraphs: list[str], name: str) -> str:
    return "\n\n".join(f"{name}{number} {paragraph} {name}" for number, paragraph in enumerate(paragraphs))
