"""The versions of pages in the log: each enters with the sum of its text, and can be held against it later.

What must stay true: the log holds no text of a page, only its sum, and that beside the salt of the entry; when a
version is hidden both go, and when it is shown again its sum enters anew.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Select, bindparam, select

from proeftuin.audit.kinds import SHOWN, VERSIONS
from proeftuin.audit.models import LogContent, LogEntry
from proeftuin.audit.verifier import Finding
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.wiki.models import Revision

KINDS = frozenset({*VERSIONS, SHOWN})
"""The acts of which an entry holds the sum of a text."""
FIRST = 1
"""The number of the version with which a page begins."""
PIECE = 500
_TEXTS = select(Revision.number, Revision.text).where(
    Revision.page_id == bindparam("page"), Revision.number.in_(bindparam("numbers", expanding=True))
)


def text_hash(text: str) -> str:
    """Return the sum of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def hashes(acts: Iterable[Event]) -> dict[tuple[int, int], str]:
    """Return the sums of the versions that acts are about, by page and number."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for happened in acts:
        if happened.kind in KINDS and happened.object_id is not None:
            wanted[happened.subject_id].append(happened.object_id)
    return {
        (page, number): text_hash(text) for page, numbers in wanted.items() for number, text in _texts(page, numbers)
    }


def _texts(page: int, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    connection = session().connection()
    for start in range(0, len(numbers), PIECE):
        for row in connection.execute(_TEXTS, {"page": page, "numbers": numbers[start : start + PIECE]}):
            yield row.number, row.text


def entries_of(happened: Event) -> Select[int]:
    """Select the entries that still hold the sum of the version that an act is about."""
    return (
        select(LogEntry.position)
        .join(LogContent, LogContent.position == LogEntry.position)
        .where(
            LogEntry.subject == happened.subject_id,
            LogEntry.object == happened.object_id,
            LogEntry.act.in_(KINDS),
        )
    )


def check() -> list[Finding]:
    """Hold every version that entered the log against the page: changed, gone, or put among them unsealed.

    A page that has no entry at all is found when it came after the first one whose beginning was sealed: pages are
    numbered in the order in which they are made.
    """
    known: dict[int, dict[int, int]] = defaultdict(dict)
    sums: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    query = (
        select(LogEntry.position, LogEntry.subject, LogEntry.object, LogContent.content)
        .outerjoin(LogContent, LogContent.position == LogEntry.position)
        .where(LogEntry.act.in_(KINDS))
        .order_by(LogEntry.position)
    )
    for position, page, number, content in session().connection().execute(query):
        if page is None or number is None:
            continue
        known[page].setdefault(number, position)
        if content is not None:  # else it was erased with the version
            sums[page].append((position, number, _sum_in(content)))
    findings = [finding for page in known for finding in _check_page(page, known[page], sums[page])]
    findings += _unknown_pages(known)
    return sorted(findings, key=lambda finding: finding.first)


def _sum_in(content: str) -> str:
    try:
        return str(json.loads(content).get("text", ""))
    except (ValueError, AttributeError):
        return ""  # spoiled: the check of the entry itself says so


def _unknown_pages(known: Mapping[int, Mapping[int, int]]) -> Iterator[Finding]:
    """Find the pages that should have entered and did not, each after the page that was made before it."""
    made = sorted(page for page, versions in known.items() if FIRST in versions)
    if not made:
        return
    query = select(Revision.page_id).where(Revision.page_id > made[0], Revision.number == FIRST)
    for page in session().connection().scalars(query.order_by(Revision.page_id)):
        if page not in known:
            position = known[made[bisect(made, page) - 1]][FIRST]
            yield Finding("page", position, position)


def _check_page(page: int, known: dict[int, int], sums: Sequence[tuple[int, int, str]]) -> Iterator[Finding]:
    query = select(Revision.number, Revision.text).where(Revision.page_id == page).execution_options(yield_per=PIECE)
    there: dict[int, str] = {}
    first = min(known)
    for number, text in session().connection().execute(query):
        there[number] = text_hash(text)
        if number > first and number not in known:
            yield Finding("unsealed", known[first], known[first])
    for position, number, sum_ in sums:
        if number not in there:
            yield Finding("text_gone", position, position)
        elif there[number] != sum_:
            yield Finding("text", position, position)
