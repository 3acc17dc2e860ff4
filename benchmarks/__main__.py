"""`make bench`: measure, print a table, and end with a status other than 0 when a figure falls short.

`python -m benchmarks merging past` measures these topics only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from benchmarks import exchange, history, log, merging, past, register, serving_pages
from benchmarks.figures import Figure

TOPICS: dict[str, Callable[[], list[Figure]]] = {
    "pages": serving_pages.figures,
    "merging": merging.figures,
    "history": history.figures,
    "past": past.figures,
    "exchange": exchange.figures,
    "log": log.figures,
    "register": register.figures,
}


def main(asked: Sequence[str]) -> int:
    """Measure the topics that were asked for, or all of them, and return the exit status."""
    unknown = set(asked) - TOPICS.keys()
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(TOPICS)}", file=sys.stderr)
        return 2
    print("A first run prepares its databases; that takes some minutes.", file=sys.stderr)
    figures: list[Figure] = []
    for name, measure in TOPICS.items():
        if not asked or name in asked:
            print(f"{name}…", file=sys.stderr)
            figures += measure()
    print(f"\n{'figure':<56}{'measured':>10}")
    for figure in figures:
        print(figure.line())
    short = [figure for figure in figures if not figure.holds]
    for figure in short:
        print(f"falls short: {figure.name}: {figure.measured:.3f} {figure.unit}", file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
