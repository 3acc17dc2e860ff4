"""Twins: the same words in several places of a text, of which some lost their place. Pure.

What must stay true: no two get one place; when fewer places are left than there are twins, a place goes only to one
that is more like it than every other; the rest gets none, so that people are told instead of misled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def pair(
    lost: Sequence[int], free: Sequence[int], alike: Mapping[tuple[int, int], int], *, least: int = 0
) -> dict[int, int]:
    """Give places that lost their words one of the places where these words are new.

    `alike` tells of each pair how much of what stands around is the same; where that decides nothing, the order in
    the text does. With too few free places a pair that is less alike than `least` is none.
    """
    is_short = len(free) < len(lost)
    order = {(was, now): abs(n - m) for n, was in enumerate(lost) for m, now in enumerate(free)}
    found: dict[int, int] = {}
    for was, now in sorted(alike, key=lambda each: (-alike[each], order[each], each)):
        if was in found or now in found.values():
            continue
        rivals = [other for other in lost if other != was and other not in found]
        is_guess = any(alike[other, now] >= alike[was, now] for other in rivals)
        if not is_short or (not is_guess and alike[was, now] >= least):
            found[was] = now
    return found
