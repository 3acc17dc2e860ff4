"""Copies of screens: what a reader can read on them, without what is no data.

Left out are the frame (masthead, banner, foot), what can be done, tokens, forms that change something, links to
screens that do, what only concerns the reader (what is new to them, whether they take part), and the sentences that
go with these. The day itself is taken out of links. Everything else must be the same: every word, link and moment, in
the same order.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}
WRITING = re.compile(
    r"/(bewerken|instellingen|nieuwe-pagina|nieuw|fase|meedoen|team|risicos|beloften|bestanden|voorstellen)([/?#]|$)"
    r"|/(terugzetten|verwijderen|verbergen|voorstel|ongedaan|passage|voorwaarden)([/?#]|$)"
    r"|[?&]aan=\d+|#reageer$|#nieuw$"
)
ABOUT_WRITING = re.compile(
    "|".join(
        (
            r"Onderwerp toevoegen|Reageer|Stel hieronder een vraag of begin een gesprek\.",
            r"Je kunt hier meelezen\. Reageren kan .*|Deze proeftuin zit in het archief\. .*",
            r"Wie ziet wat\?|Meedoen\?|Stoppen, of lezen wat het betekent",
            r"bewerken|Maak de pagina|van de paragraaf “.*”",
            r"Je doet mee|alleen jij ziet dit|of|,|\.|nu te lezen|Stap uit het team",
            r"Tien minuten is genoeg|Wat ging goed\? .*|Op de hoogte blijven|Met “Volgen” krijg .*",
            r"Schrijven|Iedereen kan je pagina lezen.*|Iets gezien dat niet klopt\?",
            r"Het team schrijft deze pagina’s\..*|Zelf iets proberen op je afdeling\?",
            r"Vraag het team hoe het gaat|Er is nog geen proeftuin\. .*|Terug naar het overzicht",
        )
    )
)
"""Sentences that go with writing: advice to who may, or to who may not."""
PRIVATE = ("Sinds je vorige bezoek", "Laatste wijzigingen")


class _Reader(HTMLParser):
    """Writes down words, addresses and moments in the order of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._skipping: list[str] = []
        self._sections: list[int] = []
        self._prose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._skipping:
            if tag not in VOID:
                self._skipping.append(tag)
            return
        if "prose" in given.get("class", "").split() or self._prose:
            self._prose += [tag] if tag not in VOID else []
        writes = tag == "a" and WRITING.search(_without_day(given.get("href", ""))) is not None
        if writes and (self._prose or re.search(r"nieuwe-pagina\?titel=|/voorwaarden/", given["href"])):
            return  # the words of a page stay, whatever they lead to, and so does the name of what is asked for
        if self._is_frame(tag, given) or writes:
            if tag not in VOID:
                self._skipping.append(tag)
            return
        if tag == "section":
            self._sections.append(len(self.found))
        for name in ("href", "datetime", "alt", "src", "content"):
            if name in given:
                self.found.append(f"{name}={_without_day(given[name])}")

    def _is_frame(self, tag: str, given: dict[str, str]) -> bool:
        classes = given.get("class", "").split()
        if (
            tag in ("head", "footer", "script", "style")
            or {"masthead", "day"}.intersection(classes)
            or "data-acts" in given
        ):
            return True
        if tag == "form" and given.get("method", "").lower() == "post":
            return True
        return tag == "svg"

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._skipping:
            while self._skipping and self._skipping.pop() != tag:
                pass
            return
        if self._prose:
            while self._prose and self._prose.pop() != tag:
                pass
        if tag == "section" and self._sections:
            begun = self._sections.pop()
            if any(private in self.found[begun : begun + 2] for private in PRIVATE):
                del self.found[begun:]

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split()).strip(" ·,")  # marks between links, of which some are left out
        if not words or self._skipping:
            return
        if not ABOUT_WRITING.fullmatch(words):
            self.found.append(words)
        elif self.found and self.found[-1].startswith("href="):
            self.found.pop()  # advice to those who write there, or to those who do not


def _without_day(address: str) -> str:
    address = re.sub(r"([?&])op=\d{4}-\d{2}-\d{2}(&|$|(?=#))", lambda m: m[1] if m[2] == "&" else "", address)
    return address.rstrip("?&")


def copy_of(html: str) -> tuple[str, ...]:
    """Return what can be read on a screen."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.found)


def links_of(copy: tuple[str, ...]) -> list[str]:
    """Return the addresses on this site that a copy leads to, without places within a page."""
    return [line.removeprefix("href=").split("#")[0] for line in copy if line.startswith("href=/")]
