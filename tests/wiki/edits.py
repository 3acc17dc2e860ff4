"""Pages as people write them, and edits as people make them, from one number: the same number, the same edits.

Each editor has words of their own, every one used once, so that a lost word is seen as that word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from random import Random

# fmt: off
WORDS = [
    "de", "het", "een", "team", "pot", "uren", "rooster", "maatstaf", "collega", "leiding", "afdeling",
    "gesprek", "proef", "meting", "belofte", "kwartaal", "iedereen", "niemand", "samen", "zelf", "eerlijk",
    "vooraf", "achteraf", "schriftelijk,", "opnieuw", "en", "of", "maar", "want", "dan:", "(meestal)",
    "**nooit**", "*soms*", "[[De", "maatstaven]]", "36", "50%", "loon.", "besluit;", "vraag?", "hulp!",
]
# fmt: on
_STRUCTURE = ("- ", "- [ ] ", "1. ", "> ", "| ", "#")


def sentence(chance: Random, least: int = 2, most: int = 12) -> str:
    """Return some words that stand for a sentence."""
    return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize() + "."


def page(chance: Random) -> str:
    """Return a page of headings, paragraphs, lists, tables and quotes."""
    return "\n\n".join(chance.choice(_BLOCKS)(chance) for _ in range(chance.randint(1, 8)))


def _paragraph(chance: Random) -> str:
    between = chance.choice([" ", " ", "\n"])
    return between.join(sentence(chance) for _ in range(chance.randint(1, 4)))


def _items(mark: str) -> Callable[[Random], str]:
    return lambda chance: "\n".join(mark + sentence(chance, 1, 6) for _ in range(chance.randint(1, 5)))


def _table(chance: Random) -> str:
    rows = [f"| {sentence(chance, 1, 3)} | {sentence(chance, 1, 3)} |" for _ in range(chance.randint(2, 5))]
    return "\n".join([rows[0], "| --- | --- |", *rows[1:]])


_BLOCKS: tuple[Callable[[Random], str], ...] = (
    _paragraph,
    _paragraph,
    _paragraph,
    _items("- "),
    _items("- [ ] "),
    _items("1. "),
    _items("> "),
    _table,
    lambda chance: f"## {sentence(chance, 1, 3)}",
)


class Editor:
    """Somebody who changes a text in a few places."""

    def __init__(self, name: str, chance: Random) -> None:
        self.chance = chance
        self._own: Iterator[str] = (f"{name}{number}" for number in count(1))

    def words(self) -> str:
        """Return a few words, one of which nobody else has."""
        return " ".join([*self.chance.choices(WORDS, k=self.chance.randint(0, 3)), next(self._own)])

    def edit(self, text: str) -> str:
        """Return the text after some acts; now and then nothing was changed."""
        acts = (
            self._insert_words,
            self._insert_words,
            self._replace_words,
            self._replace_words,
            self._delete_words,
            self._add_line,
            self._delete_line,
            self._add_block,
            self._delete_block,
            self._move_block,
            self._split,
            self._join,
            self._write_at_an_end,
        )
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 2, 3, 5, 8])):
            text = self.chance.choice(acts)(text)
        return text if text.strip() else self.words()

    def _in_line(self, text: str, change: Callable[[list[str]], list[str]]) -> str:
        lines = text.split("\n")
        place = self.chance.randrange(len(lines))
        lines[place] = " ".join(change(lines[place].split(" ")))
        return "\n".join(lines)

    def _insert_words(self, text: str) -> str:
        def change(words: list[str]) -> list[str]:
            place = self.chance.randint(0, len(words))
            return [*words[:place], self.words(), *words[place:]]

        return self._in_line(text, change)

    def _replace_words(self, text: str) -> str:
        def change(words: list[str]) -> list[str]:
            place = self.chance.randrange(len(words))
            return [*words[:place], self.words(), *words[place + self.chance.randint(1, 3) :]]

        return self._in_line(text, change)

    def _delete_words(self, text: str) -> str:
        def change(words: list[str]) -> list[str]:
            place = self.chance.randrange(len(words))
            return [*words[:place], *words[place + self.chance.randint(1, 4) :]]

        return self._in_line(text, change)

    def _add_line(self, text: str) -> str:
        lines = text.split("\n")
        place = self.chance.randrange(len(lines))
        mark = next((mark for mark in _STRUCTURE if lines[place].startswith(mark)), "")
        return "\n".join([*lines[: place + 1], f"{mark}{self.words()}", *lines[place + 1 :]])

    def _delete_line(self, text: str) -> str:
        lines = text.split("\n")
        del lines[self.chance.randrange(len(lines))]
        return "\n".join(lines)

    def _add_block(self, text: str) -> str:
        blocks = text.split("\n\n")
        blocks.insert(self.chance.randint(0, len(blocks)), f"{sentence(self.chance)} {self.words()}")
        return "\n\n".join(blocks)

    def _delete_block(self, text: str) -> str:
        blocks = text.split("\n\n")
        del blocks[self.chance.randrange(len(blocks))]
        return "\n\n".join(blocks)

    def _move_block(self, text: str) -> str:
        blocks = text.split("\n\n")
        block = blocks.pop(self.chance.randrange(len(blocks)))
        blocks.insert(self.chance.randint(0, len(blocks)), block)
        return "\n\n".join(blocks)

    def _split(self, text: str) -> str:
        spaces = [match.start() for match in re.finditer(" ", text)]
        if not spaces:
            return text
        place = self.chance.choice(spaces)
        return text[:place] + self.chance.choice(["\n", "\n\n"]) + text[place + 1 :]

    def _join(self, text: str) -> str:
        breaks = [match.span() for match in re.finditer("\n+", text)]
        if not breaks:
            return text
        start, end = self.chance.choice(breaks)
        return f"{text[:start]} {text[end:]}"

    def _write_at_an_end(self, text: str) -> str:
        return self.chance.choice(
            [
                f"{self.words()} {text}",
                f"{self.words()}\n\n{text}",
                f"{text} {self.words()}",
                f"{text}\n{self.words()}",
            ]
        )


def three(number: int) -> tuple[str, str, str]:
    """Return a page and two edits of it."""
    chance = Random(number)
    base = page(chance)
    return base, Editor("mijn", chance).edit(base), Editor("hun", chance).edit(base)
