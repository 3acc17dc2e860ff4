"""What stands beside a version in the history: texts that were not chosen, and the suggestion it came from.

What must stay true: one statement for a whole page of the list, however many versions there are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, literal, select, union_all

from proeftuin.accounts.models import Person
from proeftuin.prepared import Prepared
from proeftuin.wiki.models import Revision
from proeftuin.wiki.side_versions import SideVersion
from proeftuin.wiki.suggestions import Suggestion, SuggestionDecision

SIDE, SUGGESTED = "side", "suggestion"


class Beside(NamedTuple):
    """A side version or a suggestion: its sort, its number, and whose words it holds."""

    sort: str
    id: int
    who: str


def list_beside(page_id: int, low: int, high: int) -> dict[int, tuple[Beside, ...]]:
    """Return what stands beside the versions of a page above `low`, through `high`, by number of the version."""
    found: defaultdict[int, list[Beside]] = defaultdict(list)
    for number, *fields in _BESIDE.rows(page=page_id, low=low, high=high):
        found[number].append(Beside(*fields))
    return {number: tuple(those) for number, those in found.items()}


_LOW: BindParameter[int] = bindparam("low")
_HIGH: BindParameter[int] = bindparam("high")
_PAGE: BindParameter[int] = bindparam("page")
_BESIDE = Prepared(
    select(
        union_all(
            select(
                SideVersion.number.label("number"),
                literal(SIDE).label("sort"),
                SideVersion.id.label("id"),
                Person.name.label("who"),
            )
            .join(Person, Person.id == SideVersion.author_id)
            .where(SideVersion.page_id == _PAGE, SideVersion.number > _LOW, SideVersion.number <= _HIGH),
            select(SuggestionDecision.number, literal(SUGGESTED), Suggestion.id, Person.name)
            .join(Suggestion, Suggestion.id == SuggestionDecision.suggestion_id)
            .join(
                Revision,
                (Revision.page_id == Suggestion.page_id)
                & (Revision.number == SuggestionDecision.number)
                & (Revision.suggester_id == Suggestion.author_id),
            )
            .join(Person, Person.id == Suggestion.author_id)
            .where(Suggestion.page_id == _PAGE, Revision.number > _LOW, Revision.number <= _HIGH),
        ).subquery("beside")
    )
)
