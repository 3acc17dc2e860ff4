"""Footnotes: numbered in the order of reading, with a link there and a link back for every use.

The library parses them; the words, the order and the addresses are ours, so that two texts on one page (a page and
the comments under it) can each have their notes.
"""

from xml.etree.ElementTree import Element, SubElement

from proeftuin.markup.syntax import NOTE_SPACE
from proeftuin.markup.values import Labels

_BACK = "↑"


def shape_notes(root: Element, *, scope: str, labels: Labels) -> None:
    """Number the notes in the order of reading and connect them both ways."""
    division = next((el for el in root.iter("div") if el.get("class") == "footnote"), None)
    listing = None if division is None else division.find("ol")
    if division is None or listing is None:
        return
    notes = {item.get("id", "").partition(":")[2]: item for item in listing}
    uses = _number_uses(root, scope, labels)
    division.clear()
    division.tag = "section"
    division.attrib.update({"class": "notes", "id": f"{scope}noten", "aria-label": labels.notes})
    listing = SubElement(division, "ol")
    names = [*uses, *(name for name in notes if name not in uses)]
    for number, name in enumerate(names, 1):
        listing.append(notes[name])
        _finish(notes[name], f"{scope}noot-{number}", uses.get(name, []), labels)


def _number_uses(root: Element, scope: str, labels: Labels) -> dict[str, list[str]]:
    """Give each mark in the text its number, and return the addresses of the marks per note."""
    uses: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    for mark in root.iter("sup"):
        link = mark[0] if len(mark) else mark
        if link.get("class") != "footnote-ref":
            continue
        name = link.get("href", "").partition(":")[2]
        number = numbers.setdefault(name, len(numbers) + 1)
        places = uses.setdefault(name, [])
        places.append(f"{scope}noot-{number}-r{len(places) + 1}")
        mark.attrib.clear()
        link.attrib = {
            "href": f"#{scope}noot-{number}",
            "id": places[-1],
            "aria-label": labels.note.format(number=number),
        }
        link.text = str(number)
    return uses


def _finish(note: Element, ident: str, uses: list[str], labels: Labels) -> None:
    """Replace the library's link back by one per place where the note is used."""
    note.attrib = {"id": ident}
    holder = next((el for el in note.iter() if len(el) and el[-1].get("class") == "footnote-backref"), note)
    if holder is not note:
        holder.remove(holder[-1])
    for element in holder.iter():
        element.text = (element.text or "").replace(NOTE_SPACE, "")
        element.tail = (element.tail or "").replace(NOTE_SPACE, "")
    if len(note) == 1 and holder is note[0] and not note.text:  # one paragraph needs no paragraph
        note.remove(holder)
        note.text = holder.text
        note.extend(holder)
        holder = note
    for use in uses:
        if len(holder):
            holder[-1].tail = (holder[-1].tail or "") + " "
        else:
            holder.text = (holder.text or "") + " "
        SubElement(holder, "a", {"href": f"#{use}", "aria-label": labels.back}).text = _BACK
