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

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

PARAMETER = "op"
KEPT = 20_000
"""Of how many addresses is remembered what they are."""


class Kind(Enum):
    """What an address leads to."""

    DATED = "a screen that can be read on a day"
    WRITING = "a screen on which something is changed"
    OTHER = "anything else"


_LINK = re.compile(r'<a\b[^>]*?\bhref="(/(?:[^"/][^"]*)?)"')
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
        self._kinds: dict[str, Kind] = {}
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
        path = re.split("[?#]", address, maxsplit=1)[0]
        known = self._kinds.get(path)
        if known is None:
            if len(self._kinds) >= KEPT:
                self._kinds.clear()
            known = self._kinds[path] = self._look_up(path)
        return known

    def _look_up(self, path: str) -> Kind:
        try:
            endpoint, _values = self._adapter.match(path, method="GET")
        except HTTPException:
            return Kind.OTHER
        return self.kind_of(endpoint)

    def dated(self, address: str, day: date, *, separator: str = "&") -> str:
        """Return the address with the day, when it leads to a screen that can be read on a day."""
        if self.kind(address) is not Kind.DATED or re.search(rf"[?&;]{PARAMETER}=", address):
            return address
        rest, hash_sign, fragment = address.partition("#")
        joint = separator if "?" in rest else "?"
        return f"{rest}{joint}{PARAMETER}={day.isoformat()}{hash_sign}{fragment}"

    def rewrite(self, html: str, day: date) -> str:
        """Return a page of the past with the day in its links and forms, and without what writes."""
        html, has_gaps = self._links(self._forms(html, day), day)
        if has_gaps:
            html = _EMPTIED.sub("", _EMPTIED.sub("", html))
        return html

    def _links(self, html: str, day: date) -> tuple[str, bool]:
        parts, done, has_gaps = [], 0, False
        for link in _LINK.finditer(html):
            if link.start() < done or AS_IT_IS in link[0]:
                continue
            kind = self.kind(link[1])
            if kind is Kind.WRITING:
                end = html.index("</a>", link.end())
                parts.append(html[done : link.start()])
                tag_end = html.index(">", link.end())
                if _BUTTON.search(html, link.start(), tag_end):
                    has_gaps = True
                else:  # it may stand in the words of a page, which stay
                    parts.append(f"<span>{html[tag_end + 1 : end]}</span>")
                done = end + len("</a>")
            elif kind is Kind.DATED:
                parts += (html[done : link.start(1)], self.dated(link[1], day, separator="&amp;"))
                done = link.end(1)
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
            elif DAY_FORM not in form[0] and (self.kind(action) is Kind.DATED or action == "/zoeken"):
                kept = f'<input type="hidden" name="{PARAMETER}" value="{day.isoformat()}">'
                parts += (html[done : form.end()], kept)
                done = form.end()
        parts.append(html[done:])
        return "".join(parts)
