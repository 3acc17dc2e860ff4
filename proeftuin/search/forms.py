"""What stands in the address of a search. Values that mean nothing are ignored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from proeftuin.paging import page_number
from proeftuin.search.results import Filters, Order

FACETS = {"soort": "kind", "thema": "theme", "afdeling": "department", "fase": "phase", "jaar": "year"}
"""Names in the address, and what the engine calls them."""
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A search as it stands in the address."""

    text: str
    chosen: dict[str, str]
    newest: bool
    page: int

    @classmethod
    def parse(cls, args: MultiDict[str, str]) -> Asked:
        """Read an address.

        :raises NotFound: when the page number is not a number.
        """
        chosen = {name: args[name][:LONGEST] for name in FACETS if args.get(name)}
        newest = args.get("volgorde") == "nieuwste"
        return cls(args.get("q", "")[:1000].strip(), chosen, newest, page_number(args.get("pagina")))

    def knowing(self, values: Mapping[str, Iterable[str]]) -> Asked:
        """Return the same search without chosen values that do not exist."""
        known = {name: value for name, value in self.chosen.items() if value in set(values[name])}
        return Asked(self.text, known, self.newest, self.page)

    @property
    def filters(self) -> Filters:
        def of(name: str) -> frozenset[str]:
            return frozenset({self.chosen[name]}) if name in self.chosen else frozenset()

        return Filters(
            kind=of("soort"), theme=of("thema"), department=of("afdeling"), phase=of("fase"), year=of("jaar")
        )

    @property
    def order(self) -> Order:
        return "newest" if self.newest else "best"

    def address(self, **changes: str | int | None) -> str:
        """Return the address of this search with changes; None takes a name out."""
        values: dict[str, str | int | None] = {"q": self.text, **self.chosen}
        if self.newest:
            values["volgorde"] = "nieuwste"
        values.update(changes)
        return "/zoeken?" + urlencode({name: value for name, value in values.items() if value is not None})
