"""The texts of versions, as they are read to be shown, compared or searched: the one door to all of them.

What must stay true: a version that was hidden gives no text to anybody, here and therefore on every screen; reading
many versions keeps a handful of them in memory, however many there are. Merging and rendering read rows of their own:
what they need a text for is never shown as that version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from proeftuin.errors import Gone, NotFound
from proeftuin.i18n import _
from proeftuin.prepared import Prepared
from proeftuin.wiki.models import HiddenVersion, Revision

BATCH = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """Tells one stored version from every other one, also when its number was used before by what was undone."""

    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one version and who wrote it; None when the version was hidden."""

    number: int
    writer: int | str | None
    mark: Mark
    text: str | None


_ONE = Prepared(
    select(Revision.text).where(Revision.page_id == bindparam("page"), Revision.number == bindparam("number"))
)
_MARK = Prepared(
    select(Revision.id, Revision.created_at).where(
        Revision.page_id == bindparam("page"), Revision.number == bindparam("number")
    )
)
_SPAN = Prepared(
    select(
        Revision.number,
        # Whoever suggested a text wrote it; whoever took it over did not.
        func.coalesce(Revision.suggester_id, Revision.author_id),
        Revision.alias,
        Revision.id,
        Revision.created_at,
        Revision.text,
    )
    .where(
        Revision.page_id == bindparam("page"),
        Revision.number > bindparam("low"),
        Revision.number <= bindparam("high"),
    )
    .order_by(Revision.number)
)
_HIDDEN = Prepared(
    select(HiddenVersion.number, HiddenVersion.is_hidden)
    .where(HiddenVersion.page_id == bindparam("page"))
    .order_by(HiddenVersion.id)
)


def get_text(page_id: int, number: int) -> str:
    """Return the text of a version.

    :raises NotFound: when the page has no version with this number; Gone when it was hidden.
    """
    require_shown(page_id, number)
    row = _ONE.first(page=page_id, number=number)
    if row is None:
        raise NotFound
    text: str = row[0]
    return text


def require_shown(page_id: int, *numbers: int) -> None:
    """Refuse to show versions of which one was hidden.

    :raises Gone: with the sentence that says so.
    """
    hidden = hidden_numbers(page_id)
    for number in numbers:
        if number in hidden:
            raise Gone(_("Versie %(n)s van deze pagina is verborgen. Niemand kan de tekst nog lezen.", n=number))


def get_mark(page_id: int, number: int) -> Mark | None:
    """Return what tells a version from every other, or None when there is none with this number."""
    row = _MARK.first(page=page_id, number=number)
    return Mark(*row) if row is not None else None


def read_texts(page_id: int, after: int, upto: int) -> Iterator[Text]:
    """Give the versions after one number up to and including another, in their order."""
    hidden = hidden_numbers(page_id)
    for low in range(after, upto, BATCH):
        for number, person, alias, id, at, text in _SPAN.rows(page=page_id, low=low, high=min(low + BATCH, upto)):
            writer = alias if person is None else person
            yield Text(number, writer, Mark(id, at), None if number in hidden else text)


def hidden_numbers(page_id: int) -> frozenset[int]:
    """Return the numbers of the versions of a page whose text is shown to nobody."""
    # Hidden and shown again: the newest word counts.
    latest = dict(tuple(row) for row in _HIDDEN.rows(page=page_id))
    return frozenset(number for number, is_hidden in latest.items() if is_hidden)
