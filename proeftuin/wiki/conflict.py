"""Two people changed the same passage: both texts, and what becomes of them.

What must stay true: nothing is chosen away. Each passage begins with both texts chosen and in its box, so whoever
sends the screen on as it is keeps both. The screen holds numbers of versions and my whole text only; since versions
never change, merging again finds the same passages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup, escape

from proeftuin.errors import Conflict, Invalid
from proeftuin.i18n import _
from proeftuin.wiki import diff, merge
from proeftuin.wiki.forms import Choice


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as the screen shows it: under which heading, both texts with what is new marked, and its box.

    `keep` is the choice that is marked, `texts` what the box becomes by each choice.
    """

    number: int
    where: str
    theirs: Markup
    mine: Markup
    box: str
    keep: str
    texts: Mapping[str, str]

    @property
    def start(self) -> str:
        """Return the mark by which an edit of the box is seen later."""
        return mark_of(self.box)


@dataclass(frozen=True, slots=True)
class Clash:
    """My text, the version it began from, the newest version, and the two merged as far as they go."""

    was: int | None
    current: int
    mine: str
    merged: merge.Merge

    @classmethod
    def between(cls, was: int | None, current: int, *, base_text: str, mine: str, theirs: str) -> Clash:
        """Merge again what was merged before."""
        return cls(was, current, mine, merge.merge(base_text, mine, theirs))

    @property
    def total(self) -> int:
        """Return how many passages there are to choose about."""
        return len(self.merged.conflicts)

    def show(self, choices: Sequence[Choice]) -> Iterator[Shown | merge.Agreed]:
        """Give the parts of the text in order; with choices, what was typed stands in the boxes again."""
        where, number = "", 0
        for part in self.merged.passages:
            if isinstance(part, merge.Agreed):
                yield part
                where = _heading(part.text) or where
                continue
            number += 1
            box = choices[number - 1].text if len(choices) >= number else merge.both(part)
            texts = {"beide": merge.both(part), "hun": part.theirs, "mijn": part.mine}
            keep = next((name for name, text in texts.items() if text.strip("\n") == box.strip("\n")), "zelf")
            marked = _marked(part.base, part.theirs), _marked(part.base, part.mine)
            yield Shown(number, where, *marked, box, keep, texts)
            where = _heading(part.theirs) or where

    def settle(self, choices: Sequence[Choice]) -> str:
        """Return the text with what was chosen for each passage.

        :raises Invalid: when someone chose one of the two texts and also wrote in the box; nobody guesses then.
        """
        passages = self.merged.conflicts
        if len(choices) != len(passages):
            raise Conflict(_("Dit scherm past niet meer bij de pagina. Kopieer je tekst en open de pagina opnieuw."))
        texts: list[str] = []
        unclear: dict[str, str] = {}
        for number, (passage, choice) in enumerate(zip(passages, choices, strict=True), start=1):
            text = _chosen(passage, choice)
            if text is None:
                unclear[f"tekst-{number}"] = _(
                    "Bij passage %(n)s koos je een van de twee teksten, maar je schreef ook zelf iets. Dat staat er "
                    "nog. Kies opnieuw. Bij “Zelf schrijven” komt op de pagina wat in het vak staat.",
                    n=number,
                )
            texts.append(text or "")
        if unclear:
            raise Invalid(unclear)
        return self.merged.with_choices(texts)


def mark_of(text: str) -> str:
    """Return a short mark of a text; the form need not carry each text twice."""
    return sha256(diff.normalize_newlines(text).strip("\n").encode()).hexdigest()[:16]


class EditConflict(Conflict):
    """A text could not be saved because the same passages were changed in the meantime; it holds both."""

    def __init__(self, clash: Clash, path: str, *, summary: str, minor: bool) -> None:
        super().__init__(_("Deze pagina is opgeslagen terwijl jij schreef."), way_out=f"{path}/bewerken")
        self.clash = clash
        self.summary = summary
        self.minor = minor


def _chosen(passage: merge.Passage, choice: Choice) -> str | None:
    """Return what one passage becomes, or None when the choice and the box say different things."""
    offered = {"hun": passage.theirs, "mijn": passage.mine}.get(choice.keep)
    is_edited = mark_of(choice.text) != choice.start
    if offered is not None:
        return offered if not is_edited or choice.text.strip("\n") == offered.strip("\n") else None
    if choice.keep == "beide" and not is_edited:
        return merge.both(passage)
    return choice.text


def _heading(text: str) -> str:
    """Return the last heading in a text, or nothing."""
    headings = [line.strip("# ") for line in text.split("\n") if line.startswith("#")]
    return headings[-1] if headings else ""


def _marked(base: str, text: str) -> Markup:
    """Return one side of a passage, with what it added and took away marked."""
    if not text.strip():
        return Markup("")
    rows = diff.compare(base, text) or [diff.Row("same", (), (diff.Piece(text, "same"),), None, 1)]
    lines = (line for row in rows for line in (row.lines or (row,)))
    return Markup("<br>").join(_line(line) for line in lines)


def _line(row: diff.Row) -> Markup:
    pieces = row.old if row.kind == "removed" else row.new
    tags = {"ins": Markup("<ins>{}</ins>"), "del": Markup("<del>{}</del>"), "same": Markup("{}")}
    return Markup("").join(tags[piece.kind].format(escape(piece.text)) for piece in pieces)
