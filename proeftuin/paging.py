"""A Select and a page number in, one page of rows out; and slugs and page numbers as they come from addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from proeftuin.db import session
from proeftuin.errors import NotFound

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a longer list. `number` counts from 1."""

    rows: Sequence[Row]
    number: int
    per_page: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page (1 for an empty list)."""
        return max(1, -(-self.total // self.per_page))

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def page_number(raw: str | None) -> int:
    """Return the page number from an address.

    :raises NotFound: when it is not a whole number from 1 to 1,000,000.
    """
    if raw is None or raw == "":
        return 1
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 7) or int(raw) < 1:
        raise NotFound
    return int(raw)


def paginate(query: Select[Any], number: int, *, per_page: int = 50, scalars: bool = False) -> Paged[Any]:
    """Return one page of the rows of an ordered query.

    :raises NotFound: when the page lies beyond the end.
    """
    total = session().scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    if number > 1 and (number - 1) * per_page >= total:
        raise NotFound
    result = session().execute(query.limit(per_page).offset((number - 1) * per_page))
    rows = result.scalars().all() if scalars else result.all()
    return Paged(rows, number, per_page, total)
