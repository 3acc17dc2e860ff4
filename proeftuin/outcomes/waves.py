"""Two publications must not differ by a few people: what those few answered could be worked out (domain dossier 8.4).

What must stay true: the answers of earlier publications are read here to be counted, and for nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from proeftuin import config
from proeftuin.db import session
from proeftuin.i18n import _
from proeftuin.outcomes.figures import Answer, Arm, Moment
from proeftuin.outcomes.models import AnswerRow, Measure, Publication
from proeftuin.pilots.models import Pilot

Group = tuple[str, Arm, Moment, str]
"""The key of a measure, who answered, when, and in which subgroup ("" for all of them)."""
Member = tuple[str, Arm, Moment, str, str]
"""The same of one answer, and its code."""


def list_too_close(pilot: Pilot, answers: Mapping[str, Sequence[Answer]]) -> list[str]:
    """Return a sentence for each group that differs from the one in an earlier publication by a few people only."""
    query = (
        select(Publication.number, Measure.key, AnswerRow.arm, AnswerRow.moment, AnswerRow.subgroup, AnswerRow.code)
        .outerjoin(AnswerRow, AnswerRow.publication_id == Publication.id)
        .outerjoin(Measure, Measure.id == AnswerRow.measure_id)
        .where(Publication.pilot_id == pilot.id)
    )
    held: dict[int, list[Member]] = defaultdict(list)
    for number, key, arm, moment, part, code in session().execute(query):
        held[number].append((key, arm, moment, part, code))
    if any(key is None for members in held.values() for key, *_rest in members):
        return [_("De antwoorden achter een vorige publicatie zijn vernietigd. Daarna publiceren we niets meer.")]
    now = _groups(
        (key, each.arm, each.moment, each.subgroup, each.code) for key, given in answers.items() for each in given
    )
    small = config.current().small_group
    close = {
        group[:3]
        for before in map(_groups, held.values())
        for group, codes in now.items()
        if 0 < _difference(before.get(group, ()), codes) < small
    }
    return [
        _(
            "Bij de maat “%(key)s” (%(arm)s, %(moment)s) verschilt een groep met minder dan %(k)s mensen van een "
            "vorige publicatie. Daaruit is te rekenen wat één mens antwoordde. Publiceer per ronde.",
            key=key,
            arm=str(arm),
            moment=str(moment),
            k=small,
        )
        for key, arm, moment in sorted(close)
    ]


def _groups(rows: Iterable[Member]) -> dict[Group, list[str]]:
    found: dict[Group, list[str]] = defaultdict(list)
    for key, arm, moment, part, code in rows:
        found[key, arm, moment, ""].append(code)
        if part:
            found[key, arm, moment, part].append(code)
    return found


def _difference(before: Sequence[str], now: Sequence[str]) -> int:
    """Return by how many people two groups differ: by their codes, or by their numbers when those were made anew."""
    old, new = set(before) - {""}, set(now) - {""}
    if not before:
        return 0
    return len(old ^ new) if old & new else abs(len(before) - len(now))
