"""Reading the versions of a page: the list, one of them, and two beside each other.

What must stay true: whoever may read a page may read each of its versions, and nobody else; so every function here
takes a page that was found for a reader. Versions are numbered from 1 without gaps, so pages of the list need no
counting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from proeftuin.accounts.models import Person
from proeftuin.db import session
from proeftuin.errors import NotFound
from proeftuin.i18n import _, language, n_
from proeftuin.paging import Paged
from proeftuin.prepared import Prepared
from proeftuin.wiki import diff, texts
from proeftuin.wiki.beside import SIDE, SUGGESTED, Beside, list_beside
from proeftuin.wiki.hiding import Hiding, list_hidings
from proeftuin.wiki.models import Revision
from proeftuin.wiki.queries import PageHead

SIZES = (20, 50, 100)
_AT_ONCE = 500


class Version(NamedTuple):
    """One version in the history. `delta` counts characters; `base` is the version its writer began from; `hiding`
    says who hid it, when and why."""

    number: int
    base: int | None
    at: datetime
    who: str | None
    delta: int
    summary: str
    is_minor: bool
    restores: int | None
    is_current: bool
    href: str
    hiding: Hiding | None = None
    beside: tuple[Beside, ...] = ()

    @property
    def suggestion(self) -> Beside | None:
        """Return the suggestion that was taken over with this version."""
        return next((each for each in self.beside if each.sort == SUGGESTED), None)

    @property
    def sides(self) -> tuple[Beside, ...]:
        """Return the texts that were not chosen when this version was made."""
        return tuple(each for each in self.beside if each.sort == SIDE)

    @property
    def is_merged(self) -> bool:
        """Return whether the text was merged with a version that somebody else had saved in the meantime."""
        return self.base is not None and self.base < self.number - 1


class ShownRow(NamedTuple):
    """A line of a comparison: same, changed, removed or added; or a gap with a sentence instead of equal lines.

    Both sides are HTML in which the words that went or came are marked.
    """

    kind: str
    old: Markup
    new: Markup


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what changed between them."""

    old: Version
    new: Version
    rows: tuple[ShownRow, ...]
    people: int

    @property
    def versions(self) -> int:
        """Return how many times was saved between the two."""
        return self.new.number - self.old.number


_BEFORE = aliased(Revision)
_VERSIONS = (
    select(
        Revision.number,
        Revision.base,
        Revision.created_at,
        Person.name,
        Revision.size - func.coalesce(_BEFORE.size, 0),
        Revision.summary,
        Revision.is_minor,
        Revision.restores,
        Revision.alias,
    )
    .outerjoin(Person, Person.id == Revision.author_id)
    .outerjoin(_BEFORE, (_BEFORE.page_id == Revision.page_id) & (_BEFORE.number == Revision.number - 1))
    .where(Revision.page_id == bindparam("page"))
)
_SPAN = Prepared(
    _VERSIONS.where(Revision.number > bindparam("low"), Revision.number <= bindparam("high")).order_by(
        Revision.number.desc()
    )
)
_BETWEEN = aliased(Revision)
_PAIR = Prepared(
    _VERSIONS.where(Revision.number.in_((bindparam("low"), bindparam("high"))))
    .order_by(Revision.number)
    .add_columns(
        select(func.count(_BETWEEN.author_id.distinct()))
        .where(
            _BETWEEN.page_id == bindparam("page"),
            _BETWEEN.number > bindparam("low"),
            _BETWEEN.number <= bindparam("high"),
        )
        .scalar_subquery(),
        Revision.text,
    )
)


def list_versions(page: PageHead, number: int, per_page: int) -> Paged[Version]:
    """Return one page of the history, the newest version first.

    :raises NotFound: when the page lies beyond the end.
    """
    high = page.current - (number - 1) * per_page
    if high < 1 and number > 1:
        raise NotFound
    hidings = list_hidings(page.id)
    rows = [_version(page, row, hidings) for row in _SPAN.rows(page=page.id, low=high - per_page, high=high)]
    beside = list_beside(page.id, high - per_page, high)
    rows = [row._replace(beside=beside[row.number]) if row.number in beside else row for row in rows]
    return Paged(rows, number, per_page, page.current)


def get_version(page: PageHead, number: int) -> Version:
    """Return one version.

    :raises NotFound: when the page has no version with this number.
    """
    row = _SPAN.first(page=page.id, low=number - 1, high=number)
    if row is None:
        raise NotFound
    beside = list_beside(page.id, number - 1, number)
    return _version(page, row, list_hidings(page.id))._replace(beside=beside.get(number, ()))


def get_versions(page: PageHead, numbers: Collection[int]) -> dict[int, Version]:
    """Return some versions of a page, by number."""
    wanted = sorted(numbers)
    found: dict[int, Version] = {}
    hidings = list_hidings(page.id)
    for start in range(0, len(wanted), _AT_ONCE):
        query = _VERSIONS.where(Revision.number.in_(wanted[start : start + _AT_ONCE]))
        found |= {row[0]: _version(page, row, hidings) for row in session().execute(query, {"page": page.id})}
    beside = list_beside(page.id, wanted[0] - 1, wanted[-1]) if wanted else {}
    return {number: row._replace(beside=beside.get(number, ())) for number, row in found.items()}


def compare_versions(page: PageHead, low: int, high: int) -> Comparison:
    """Return what changed from one version to a later one.

    :raises NotFound: when the page lacks either; Gone when either was hidden.
    """
    texts.require_shown(page.id, low, high)
    rows = _PAIR.rows(page=page.id, low=low, high=high)
    if len(rows) != 2:
        raise NotFound
    old, new = rows
    *_columns, people, old_text = old
    shown = compare_texts(old_text, new[-1])
    return Comparison(_version(page, old, {}), _version(page, new, {}), shown, max(people, 1))


def compare_texts(old: str, new: str) -> tuple[ShownRow, ...]:
    """Return what changed from one text to another, as the screens show it."""
    return _compared(old, new, language())


@lru_cache(maxsize=512)  # kept by the texts themselves, so never out of date
def _compared(old: str, new: str, spoken: str) -> tuple[ShownRow, ...]:
    return tuple(_shown(row) for row in diff.compare(old, new))


def _shown(row: diff.Row) -> ShownRow:
    if row.kind == "skipped":
        words = n_("%(n)s regel zonder verschil", "%(n)s regels zonder verschil", row.count)
        return ShownRow("gap", Markup(escape(words)), Markup())
    return ShownRow(row.kind, _html(row.old), _html(row.new))


def _html(pieces: Sequence[diff.Piece]) -> Markup:
    """Return the words of a side: escaped first, then marked."""
    marked = [
        escape(piece.text) if piece.kind == "same" else f"<{piece.kind}>{escape(piece.text)}</{piece.kind}>"
        for piece in pieces
    ]
    return Markup("".join(marked))


def _version(page: PageHead, row: Sequence[Any], hidings: Mapping[int, Hiding]) -> Version:
    number, base, at, who, delta, summary, is_minor, restores, alias = row[:9]
    hiding = hidings.get(number)
    return Version(
        number=number,
        base=base,
        at=at,
        who=who if alias is None else _("%(name)s (niet in Proeftuin)", name=alias),
        delta=delta,
        summary="" if hiding else summary,
        is_minor=is_minor,
        restores=restores,
        is_current=number == page.current,
        href=page.path if number == page.current else f"{page.path}/versies/{number}",
        hiding=hiding,
    )
