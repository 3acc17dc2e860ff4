"""The links of a page of the past: they keep its day, and what writes is not among them.

One step over the finished HTML, so that it also reaches links inside the text of a page and in pieces that were kept
from an earlier page. What must stay true: only addresses that can be read on a day get the day; no form that changes
something is left, and no link to a screen that does, while the words of such a link stay. Signing out and the choice
of a language are no acts on the site and stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

PARAMETER = "op"
KEPT = 20_000
"""Of how many addresses is remembered where their day goes."""


class Kind(Enum):
    """What an address leads to."""

    DATED = "a screen that can be read on a day"
    WRITING = "a screen on which something is changed"
    OTHER = "anything else"


class Way(NamedTuple):
    """An address as it stands in a page: what it leads to, and what stands before and behind its day."""

    kind: Kind
    before: str = ""
    behind: str = ""


_LINK = re.compile(r'<a\b([^>]*?)\bhref="(/(?:[^"/][^"]*)?)"')
_PATH_ENDS = re.compile("[?#]")
_NAMES_DAY = re.compile(rf"[?&;]{PARAMETER}=")
_FORM = re.compile(r"<form\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(method|action)="([^"]*)"')
_BUTTON = re.compile(r'\bclass="btn\b')
_EMPTIED = re.compile(r"<(p|li|div|ul|section)(?: class=\"[^\"]*\")?>\s*</\1>")
_STAYING = ("/taal", "/uitloggen")
AS_IT_IS = "data-now"
"""The mark, before `href`, of a link that leads to the present or names its day itself."""
DAY_FORM = "data-day"
"""The mark of the form that asks for a day itself."""


class DayLinks:
    """Puts a day in the links of pages.

    `dated` are the endpoints that can be read on a day; `places` are the blueprints of which every other screen with
    a form is there to change something.
    """

    def __init__(self, addresses: Map, dated: Collection[str], places: Collection[str]) -> None:
        self._adapter = addresses.bind("")
        self._ways: dict[str, Way] = {}
        rules = list(addresses.iter_rules())
        sent = {rule.rule for rule in rules if "POST" in (rule.methods or ())}
        self._of_endpoint = {
            rule.endpoint: Kind.WRITING
            for rule in rules
            if rule.rule in sent and rule.endpoint.split(".")[0] in places
        }
        self._of_endpoint |= dict.fromkeys(dated, Kind.DATED)

    def kind_of(self, endpoint: str) -> Kind:
        """Return what the screens of an endpoint are."""
        return self._of_endpoint.get(endpoint, Kind.OTHER)

    def kind(self, address: str) -> Kind:
        """Return what an address on this site leads to."""
        try:
            endpoint, _values = self._adapter.match(_PATH_ENDS.split(address, maxsplit=1)[0], method="GET")
        except HTTPException:
            return Kind.OTHER
        return self.kind_of(endpoint)

    def dated(self, address: str, day: date) -> str:
        """Return the address with the day, when it leads to a screen that can be read on a day."""
        way = self._look_up(address, "&")
        return f"{way.before}{day.isoformat()}{way.behind}" if way.kind is Kind.DATED else address

    def _way(self, address: str) -> Way:
        """Return what is to be done with an address in a page: most addresses stand in many pages."""
        way = self._ways.get(address)
        if way is None:
            if len(self._ways) >= KEPT:
                self._ways.clear()
            way = self._ways[address] = self._look_up(address, "&amp;")
        return way

    def _look_up(self, address: str, separator: str) -> Way:
        kind = self.kind(address)
        if kind is not Kind.DATED:
            return Way(kind)
        if _NAMES_DAY.search(address):
            return Way(Kind.OTHER)
        rest, hash_sign, fragment = address.partition("#")
        joint = separator if "?" in rest else "?"
        return Way(kind, f"{rest}{joint}{PARAMETER}=", f"{hash_sign}{fragment}")

    def rewrite(self, html: str, day: date) -> str:
        """Return a page of the past with the day in its links and forms, and without what writes."""
        html, has_gaps = self._links(self._forms(html, day), day)
        if has_gaps:
            html = _EMPTIED.sub("", _EMPTIED.sub("", html))
        return html

    def _links(self, html: str, day: date) -> tuple[str, bool]:
        parts, done, has_gaps, written = [], 0, False, day.isoformat()
        for link in _LINK.finditer(html):
            attributes, address = link.groups()
            kind, before, behind = self._way(address)
            if kind is Kind.OTHER or link.start() < done or AS_IT_IS in attributes:
                continue
            if kind is Kind.WRITING:
                end = html.index("</a>", link.end())
                parts.append(html[done : link.start()])
                tag_end = html.index(">", link.end())
                if _BUTTON.search(html, link.start(), tag_end):
                    has_gaps = True
                else:  # it may stand in the words of a page, which stay
                    parts.append(f"<span>{html[tag_end + 1 : end]}</span>")
                done = end + len("</a>")
            else:
                parts += (html[done : link.start(2)], before, written, behind)
                done = link.end(2)
        parts.append(html[done:])
        return "".join(parts), has_gaps

    def _forms(self, html: str, day: date) -> str:
        parts, done = [], 0
        for form in _FORM.finditer(html):
            given = dict(_ATTRIBUTE.findall(form[0]))
            action = given.get("action", "")
            if given.get("method", "get").lower() == "post":
                if action in _STAYING:
                    continue
                parts.append(html[done : form.start()])
                done = html.index("</form>", form.end()) + len("</form>")
            elif DAY_FORM not in form[0] and (self._way(action).kind is Kind.DATED or action == "/zoeken"):
                kept = f'<input type="hidden" name="{PARAMETER}" value="{day.isoformat()}">'
                parts += (html[done : form.end()], kept)
                done = form.end()
        parts.append(html[done:])
        return "".join(parts)
