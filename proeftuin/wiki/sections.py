"""One section of a page: from its heading to the next heading of the same or a higher level.

Sections are counted in the text of one version, which never changes; so the number of a version and the number of a
section say exactly which lines somebody is writing. What must stay true: what stands outside the section is that of
the newest version, letter for letter; a conflict can only arise inside the section (decision 0061).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from proeftuin.errors import Conflict
from proeftuin.i18n import _
from proeftuin.markup import Heading, outline
from proeftuin.wiki import merge

_WORD = re.compile(r"\w+")
ALIKE = 0.6
"""From which part of their words in common on two sections are the same one under another heading."""


class SectionGone(Conflict):
    """The section is no longer in the page and was not found anywhere else; the text goes on in the whole page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a text. `before + text + gap + after` is the whole text again."""

    number: int
    level: int
    before: str
    text: str
    gap: str
    after: str

    @property
    def heading(self) -> str:
        """Return the heading as it was typed, without its signs."""
        return self.text.split("\n", 1)[0].strip("# ")

    def filled_with(self, typed: str) -> str:
        """Return the whole text with something else in this place; nothing typed takes the section away."""
        typed = typed.strip("\n")
        return self.before + (typed + self.gap if typed else "") + self.after

    def taken_from(self, whole: str) -> str:
        """Return what was typed in this place of a text made by `filled_with`."""
        end = len(whole) - len(self.after)
        return whole[len(self.before) : max(end, len(self.before))].rstrip("\n")


def split(text: str) -> list[Section]:
    """Return the sections of a text in order; a section holds those below it."""
    places = outline(text)
    lines = text.split("\n")
    return [_section(lines, number, [(place.line, place.level) for place in places]) for number in range(len(places))]


def _section(lines: Sequence[str], number: int, places: Sequence[tuple[int, int]]) -> Section:
    start, level = places[number]
    ends = (line for line, other in places[number + 1 :] if other <= level)
    end = next(ends, len(lines))
    before = "".join(f"{line}\n" for line in lines[:start])
    whole = "\n".join(lines[start:end]) + ("\n" if end < len(lines) else "")
    text = whole.rstrip("\n")
    return Section(number, level, before, text, whole[len(text) :], "\n".join(lines[end:]))


def cut(text: str, number: int | None) -> Section | None:
    """Return a section of a text by its number."""
    sections = split(text) if number is not None else []
    return sections[number] if number is not None and number < len(sections) else None


def find(text: str, headings: Sequence[Heading], address: str) -> Section | None:
    """Return the section with an address ("kop-regels"); `headings` are those of the same text as it is rendered.

    A heading in a list or a quotation divides nothing: then it is the section in which it stands.
    """
    order = next((n for n, heading in enumerate(headings) if heading.id == address), None)
    if order is None:
        return None
    around = [number for number, place in enumerate(outline(text)) if place.order <= order]
    return cut(text, around[-1]) if around else None


def address_of(text: str, headings: Sequence[Heading], typed: str) -> str:
    """Return the address of the section that begins with the first line of what was typed, or nothing."""
    first = typed.strip("\n").split("\n", 1)[0]
    lines = text.split("\n")
    orders = (place.order for place in outline(text) if lines[place.line] == first)
    order = next(orders, len(headings))
    return headings[order].id if order < len(headings) else ""


def locate(section: Section, newest: str) -> Section | None:
    """Find a section of an older version in the newest one: by its text, by its heading, or by most of its words."""
    candidates = split(newest)
    same = [other for other in candidates if other.text == section.text]
    named = [other for other in candidates if (other.heading, other.level) == (section.heading, section.level)]
    for found in (same, named):
        if found:
            return min(found, key=lambda other: (-_likeness(section, other), abs(other.number - section.number)))
    best = max(candidates, key=lambda other: _likeness(section, other), default=None)
    return best if best is not None and _likeness(section, best) >= ALIKE else None


def _likeness(section: Section, other: Section) -> float:
    mine, theirs = (Counter(_WORD.findall(part.text.lower())) for part in (section, other))
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 1.0


def merged(base: str, mine: str, newest: str, number: int) -> merge.Merge:
    """Merge a page of which only one section was written: only that section can hold a passage to choose about.

    :raises SectionGone: when the newest version has no such section.
    """
    was = cut(base, number)
    now = locate(was, newest) if was is not None else None
    if was is None or now is None:
        raise SectionGone(_("De paragraaf waar je aan schreef staat niet meer in de pagina."))
    inside = merge.merge(was.text, was.taken_from(mine), now.text)
    parts: list[merge.Part] = [merge.Agreed(now.before.removesuffix("\n"))] if now.before else []
    parts += inside.passages
    rest = (now.gap + now.after).removeprefix("\n")
    if now.gap or now.after:
        parts.append(merge.Agreed(rest))
    return merge.Merge(tuple(parts))
