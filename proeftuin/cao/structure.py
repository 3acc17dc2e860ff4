"""The text of a cao as plain values: chapters with articles with paragraphs, and annexes. Pure.

Readers (`plain_text`, `yaml_text`) make these values, the service writes them, `queries` reads them back, and what is
compared are two of them. What must stay true: numbers are words, because 4.10 is not 4.1; nothing here is changed in
place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Character(StrEnum):
    """How hard a provision is: a minimum may be bettered, from a standard one nobody deviates in either direction."""

    MINIMUM = "minimum"
    STANDARD = "standaard"


class Nature(StrEnum):
    """What kind of provision an article is."""

    NORMATIVE = "normatief"
    OBLIGATORY = "obligatoir"
    DIAGONAL = "diagonaal"
    DEFINITIONS = "begripsbepaling"
    SCOPE = "werkingssfeer"
    PROCEDURE = "procedureel"
    EXPERIMENT = "experimenteerartikel"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One *lid*. `number` is empty for text of an article that stands outside its numbered paragraphs."""

    number: str
    text: str

    @property
    def anchor(self) -> str:
        """Return the name of its place on the page of its article."""
        return f"lid-{self.number}" if self.number else "tekst"


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `key` is the same in every version, whatever number it has; empty when that is not known yet.

    `character` is None when the text does not say, so that the character of the whole cao counts.
    """

    number: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    nature: Nature = Nature.NORMATIVE
    character: Character | None = None
    statutes: tuple[str, ...] = ()
    key: str = ""

    @property
    def text(self) -> str:
        """Return the text of all paragraphs, one a line, each with its number."""
        return "\n".join(f"{p.number}. {p.text}" if p.number else p.text for p in self.paragraphs)

    def paragraph(self, number: str) -> Paragraph | None:
        """Return the paragraph with a number, or None."""
        return next((each for each in self.paragraphs if each.number == number), None)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter with its articles."""

    number: str
    title: str
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex; its text may be elsewhere, so it may be empty."""

    letter: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaoText:
    """The whole text of one version."""

    chapters: tuple[Chapter, ...] = ()
    annexes: tuple[Annex, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """Return all articles in their order."""
        return tuple(article for chapter in self.chapters for article in chapter.articles)

    @property
    def is_empty(self) -> bool:
        return not self.articles

    def by_key(self) -> dict[str, Article]:
        """Return the articles by their stable key."""
        return {article.key: article for article in self.articles}

    def with_character(self, character: Character) -> CaoText:
        """Return the text in which every article that does not say how hard it is has the character of the cao."""
        return replace(
            self,
            chapters=tuple(
                replace(
                    chapter,
                    articles=tuple(replace(each, character=each.character or character) for each in chapter.articles),
                )
                for chapter in self.chapters
            ),
        )

    def digest(self) -> str:
        """Return the SHA-256 of everything in the text, in one fixed form."""
        return hashlib.sha256(json.dumps(list(self._parts()), ensure_ascii=False).encode()).hexdigest()

    def _parts(self) -> Iterator[list[str]]:
        for chapter in self.chapters:
            yield ["chapter", chapter.number, chapter.title]
            for article in chapter.articles:
                character = article.character or ""
                yield ["article", article.key, article.number, article.title, article.nature, character]
                yield ["statutes", *article.statutes]
                yield from (["paragraph", each.number, each.text] for each in article.paragraphs)
        yield from (["annex", annex.letter, annex.title, annex.text] for annex in self.annexes)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a line of what was given: what it says there, and why it needs a look.

    As long as one blocks, nothing can be published.
    """

    line: int
    said: str
    why: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a given text, and what was not."""

    text: CaoText
    remarks: tuple[Remark, ...] = ()
    terms: dict[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    """The versions that the given text holds, in their order; empty when it holds one without a name."""

    @property
    def blocking(self) -> tuple[Remark, ...]:
        """Return what keeps this from being published."""
        return tuple(each for each in self.remarks if each.blocks)

    @property
    def notes(self) -> tuple[Remark, ...]:
        """Return what only asks for a look."""
        return tuple(each for each in self.remarks if not each.blocks)
