"""Files in a text: pictures that are shown and documents that are linked to.

`![wat je ziet](bestand:naam.png)` shows a picture, `[het plan](bestand:plan.pdf)` links to a document; the plain
address of a file (`/bestanden/3/1/naam.png`) does the same. What must stay true: a picture comes from our own files
or is not shown; what stands for no file keeps its words and says that the file is not there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from proeftuin.markup.lines import clean
from proeftuin.markup.syntax import literal
from proeftuin.markup.values import Attachment

FILE = "bestand:"
_SOURCE = re.compile(r"bestand:[\w.+%-]{1,200}|/bestanden/[0-9]{1,9}/[0-9]{1,9}/[\w.+%-]{1,200}")


def find_files(text: str) -> tuple[str, ...]:
    """List every file that `render` may ask for, without parsing: to load them in one query beforehand."""
    return tuple(dict.fromkeys(_SOURCE.findall(clean(text)))) if "bestand" in text else ()


@dataclass(frozen=True, slots=True)
class Files:
    """Puts the files that a text mentions in their place."""

    found: Mapping[str, Attachment]
    missing: str

    def show(self, element: Element, src: str, *, in_link: bool) -> bool:
        """Make of a picture what its source stands for; returns whether that was a file at all."""
        file = self.found.get(src)
        if file is None:
            if src.startswith(FILE):
                _name_missing(element, element.get("alt", "") or src.removeprefix(FILE), self.missing)
            return src.startswith(FILE)
        alt, title = element.get("alt", "") or file.alt, element.get("title")
        element.attrib.clear()
        if not in_link:  # a click shows the whole picture, or fetches the document
            element.tag = "a"
            element.set("href", file.href)
        if not file.shown:
            element.tag = "span" if in_link else "a"
            element.text = literal(alt or file.href.rpartition("/")[2])
            _add_about(element, file.about)
            return True
        picture = element if in_link else SubElement(element, "img")
        about = {"alt": alt, "src": file.shown, "title": title, "width": str(file.width), "height": str(file.height)}
        picture.attrib.update({name: value for name, value in about.items() if value is not None}, loading="lazy")
        return True

    def link(self, element: Element, href: str) -> bool:
        """Make a link to a file of a link; returns whether it was to a file."""
        file = self.found.get(href)
        if file is not None:
            element.set("href", file.href)
            if not any(child.tag == "img" for child in element):
                _add_about(element, file.about)
        elif href.startswith(FILE):
            element.tag = "span"
            element.attrib.clear()
            SubElement(element, "span", {"class": "missing"}).text = self.missing
        return file is not None or href.startswith(FILE)


def _add_about(element: Element, about: str) -> None:
    if about:
        SubElement(element, "span", {"class": "about"}).text = literal(f" ({about})")


def _name_missing(element: Element, words: str, missing: str) -> None:
    element.tag = "span"
    element.attrib.clear()
    element.text = literal(words)
    SubElement(element, "span", {"class": "missing"}).text = missing
