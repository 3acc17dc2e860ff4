"""Reading a cao from plain text with numbered headings, and writing it as such. Pure.

    Hoofdstuk 4 Functie en beloning
    Artikel 4.6 Resultaatbeloning (standaardbepaling)
    Aard: normatief
    Wet: BW 7:652; WML 7
    1. Als de winstdrempel is gehaald, keert de werkgever …
    2. De resultaatbeloning is …
    Bijlage A Salaristabellen

Chapters and articles may also stand with their number alone, paragraphs as `1.`, `1)`, `lid 1` or `4.6.1`.

What must stay true: no line is lost. Every line that is not blank is in the structure or among the remarks that
block; a text that `write` made is read back as it was; reading never fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from proeftuin.cao.structure import Annex, Article, CaoText, Chapter, Character, Nature, Paragraph, Reading, Remark
from proeftuin.i18n import _
from proeftuin.naming import clean_line

LONGEST_TITLE = 160
_TITLE = r"(?:[\s.:–-]+(?P<title>\S.*?))?"
_CHAPTER = re.compile(rf"hoofdstuk\s+(?P<number>\d{{1,3}}|[ivxlc]{{1,7}}){_TITLE}", re.I)
_BARE_CHAPTER = re.compile(r"(?P<number>\d{1,3})\s+(?P<title>\S.*?)")
_ARTICLE = re.compile(rf"art(?:ikel|\.)\s*(?P<number>\d{{1,4}}(?:\.\d{{1,4}})*[a-z]?){_TITLE}", re.I)
_BARE_ARTICLE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})+[a-z]?)\.?\s+(?P<title>\S.*?)")
_ANNEX = re.compile(rf"bijlage\s+(?P<number>[a-z]|\d{{1,2}}|[ivx]{{1,5}}){_TITLE}", re.I)
_LID = re.compile(r"(?:lid\s+(?P<a>\d{1,3}[a-z]?)[.:)]?|(?P<b>\d{1,3}[a-z]?)[.)])\s+(?P<text>\S.*)", re.I)
_FULL_LID = re.compile(r"(?P<article>\d{1,3}(?:\.\d{1,3})+)\.(?P<lid>\d{1,3}[a-z]?)\.?\s+(?P<text>\S.*)")
_NATURE = re.compile(r"aard\s*:\s*(?P<value>.*)", re.I)
_STATUTES = re.compile(r"wet(?:ten|sartikelen)?\s*:\s*(?P<value>\S.*)", re.I)
_CHARACTER = re.compile(r"karakter\s*:\s*(?P<value>.*)|(?P<alone>standaardbepaling|minimumbepaling)\.?", re.I)
_MARK = re.compile(r"\s*\((?P<value>standaard|minimum)(?:bepaling)?\)\s*$", re.I)
_ITEM = re.compile(r"(?:[a-z]{1,2}[.)]|[-•*–]|[ivx]{1,4}[.)]|\d+[°º])\s", re.I)
_SENTENCE_END = (".", "!", "?", ":", ";", ")", "”", '"', "’", "…", "]", ",-")
_CHARACTERS = {"standaard": Character.STANDARD, "minimum": Character.MINIMUM}


def read(given: str) -> Reading:
    """Return what a plain text says, and every line that was not understood."""
    reader = _Reader()
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", given.removeprefix("\ufeff")), 1):
        line = clean_line(re.sub(r"^\s{0,3}#{1,6}\s+", "", raw))
        if line:
            reader.read(number, line)
    return reader.finish()


def write(text: CaoText) -> str:
    """Return a text in the form that `read` understands."""
    return "\n".join(_lines(text)) + "\n"


def _lines(text: CaoText) -> Iterator[str]:
    for chapter in text.chapters:
        yield from (f"Hoofdstuk {chapter.number} {chapter.title}".rstrip(), "")
        for article in chapter.articles:
            mark = f" ({article.character.value}bepaling)" if article.character else ""
            yield f"Artikel {article.number} {article.title}{mark}"
            if article.nature is not Nature.NORMATIVE:
                yield f"Aard: {article.nature.value}"
            if article.statutes:
                yield f"Wet: {'; '.join(article.statutes)}"
            for paragraph in article.paragraphs:
                yield f"{paragraph.number}. {paragraph.text}" if paragraph.number else paragraph.text
            yield ""
    for annex in text.annexes:
        yield f"Bijlage {annex.letter} {annex.title}".rstrip()
        yield from (annex.text.split("\n") if annex.text else ())
        yield ""


@dataclass
class _Lid:
    line: int
    number: str
    lines: list[str]

    def paragraph(self) -> Paragraph:
        """Put lines that were broken off together again; items of a list keep a line of their own."""
        text = self.lines[0]
        for line in self.lines[1:]:
            text += f"\n{line}" if _ITEM.match(line) else f" {line}"
        return Paragraph(self.number, text)


@dataclass
class _Article:
    line: int
    head: Article
    leden: list[_Lid] = field(default_factory=list)


@dataclass
class _Chapter:
    line: int
    head: Chapter
    articles: list[_Article] = field(default_factory=list)


@dataclass
class _Annex:
    head: Annex
    lines: list[str] = field(default_factory=list)


class _Reader:
    """Takes one line after the other and remembers in which chapter, article, paragraph or annex it is."""

    def __init__(self) -> None:
        self.chapters: list[_Chapter] = []
        self.annexes: list[_Annex] = []
        self.remarks: list[Remark] = []
        self.last = (0, "")

    @property
    def article(self) -> _Article | None:
        return self.chapters[-1].articles[-1] if self.chapters and self.chapters[-1].articles else None

    def read(self, number: int, line: str) -> None:
        """Put a line where it belongs."""
        self.last = (number, line)
        if self._begins_annex(number, line):
            return
        if self.annexes:
            self.annexes[-1].lines.append(line)
            return
        begun = self._begins_chapter(number, line) or self._begins_article(number, line)
        if begun or self._is_about_article(number, line) or self._begins_lid(number, line):
            return
        self._goes_on(number, line)

    def _begins_annex(self, number: int, line: str) -> bool:
        found = _ANNEX.fullmatch(line)
        if not found or not line[0].isupper() or not _may_be_title(found["title"]):
            return False
        letter = found["number"].upper()
        if any(annex.head.letter == letter for annex in self.annexes):
            self._refuse(number, line, _("Bijlage %(letter)s staat er twee keer in.", letter=letter))
        self.annexes.append(_Annex(Annex(letter, found["title"] or "")))
        return True

    def _begins_chapter(self, number: int, line: str) -> bool:
        found = _CHAPTER.fullmatch(line)
        if not found or not line[0].isupper() or not _may_be_title(found["title"]):
            found = _BARE_CHAPTER.fullmatch(line)
            if not found or not self._is_next_chapter(found["number"]) or not _may_be_title(found["title"]):
                return False
        name = found["number"].upper()
        if any(chapter.head.number == name for chapter in self.chapters):
            self._refuse(number, line, _("Hoofdstuk %(number)s staat er twee keer in.", number=name))
        self.chapters.append(_Chapter(number, Chapter(name, found["title"] or "")))
        return True

    def _is_next_chapter(self, number: str) -> bool:
        if not self.chapters:
            return number == "1"
        last = self.chapters[-1].head.number
        return last.isdigit() and int(number) == int(last) + 1

    def _begins_article(self, number: int, line: str) -> bool:
        found = _ARTICLE.fullmatch(line)
        if not found or not line[0].isupper() or not _may_be_title(found["title"]):
            found = None if _FULL_LID.fullmatch(line) and self._full_lid(line) else _BARE_ARTICLE.fullmatch(line)
            if not found or not _may_be_title(found["title"]):
                return False
        name, title = found["number"], found["title"] or ""
        if not self.chapters:
            self._refuse(number, line, _("Dit artikel staat voor het eerste hoofdstuk."))
            return True
        chapter = self.chapters[-1].head.number
        if "." in name and chapter.isdigit() and name.split(".")[0] != chapter:
            words = {"number": name, "chapter": chapter}
            self._refuse(number, line, _("Artikel %(number)s staat in hoofdstuk %(chapter)s.", **words))
            return True
        if any(each.head.number == name for part in self.chapters for each in part.articles):
            self._refuse(number, line, _("Artikel %(number)s staat er twee keer in.", number=name))
            return True
        mark = _MARK.search(title)
        character = _CHARACTERS[mark["value"].lower()] if mark else None
        head = Article(name, _MARK.sub("", title) if mark else title, character=character)
        self.chapters[-1].articles.append(_Article(number, head))
        return True

    def _full_lid(self, line: str) -> bool:
        found = _FULL_LID.fullmatch(line)
        return bool(found and self.article and self.article.head.number == found["article"])

    def _is_about_article(self, number: int, line: str) -> bool:
        """Read a line that says of an article what it is; such lines stand before its text."""
        article = self.article
        if article is None or article.leden:
            return False
        if found := _NATURE.fullmatch(line):
            value = found["value"].strip().lower()
            if value not in set(Nature):
                self._refuse(number, line, _("“%(value)s” is geen aard van een artikel.", value=value))
            else:
                article.head = replace(article.head, nature=Nature(value))
            return True
        if found := _STATUTES.fullmatch(line):
            statutes = tuple(filter(None, (each.strip() for each in found["value"].split(";"))))
            article.head = replace(article.head, statutes=(*article.head.statutes, *statutes))
            return True
        if found := _CHARACTER.fullmatch(line):
            value = (found["value"] or found["alone"] or "").strip().lower().removesuffix("bepaling")
            if value not in _CHARACTERS:
                self._refuse(number, line, _("Een artikel is een minimum of een standaard."))
            else:
                article.head = replace(article.head, character=_CHARACTERS[value])
            return True
        return False

    def _begins_lid(self, number: int, line: str) -> bool:
        article = self.article
        if article is None:
            return False
        if self._full_lid(line) and (full := _FULL_LID.fullmatch(line)):
            name, text = full["lid"], full["text"]
        elif found := _LID.fullmatch(line):
            name, text = found["a"] or found["b"], found["text"]
        else:
            return False
        before = [lid.number for lid in article.leden if lid.number]
        if before and _order(name) <= _order(before[-1]):
            words = {"lid": name, "article": article.head.number, "last": before[-1]}
            self._refuse(number, line, _("Lid %(lid)s van artikel %(article)s komt na lid %(last)s.", **words))
            return True
        if _order(name)[0] > (_order(before[-1])[0] if before else 0) + 1:
            words = {"lid": name, "article": article.head.number}
            why = _("Voor lid %(lid)s van artikel %(article)s ontbreekt een lid. Klopt dat?", **words)
            self.remarks.append(Remark(number, line, why, blocks=False))
        article.leden.append(_Lid(number, name, [text]))
        return True

    def _goes_on(self, number: int, line: str) -> None:
        article = self.article
        if article is None:
            self._refuse(number, line, _("Dit hoort bij geen artikel. Haal de regel weg, of zet er een kop boven."))
        elif article.leden:
            article.leden[-1].lines.append(line)
        else:
            article.leden.append(_Lid(number, "", [line]))

    def _refuse(self, number: int, line: str, why: str) -> None:
        self.remarks.append(Remark(number, line, why))

    def finish(self) -> Reading:
        """Return everything, with what is missing at the end of its parts."""
        for chapter in self.chapters:
            if not chapter.articles:
                why = _("Hoofdstuk %(number)s heeft geen artikelen.", number=chapter.head.number)
                self._refuse(chapter.line, chapter.head.title, why)
            for article in chapter.articles:
                if not article.leden:
                    why = _("Artikel %(number)s heeft geen tekst.", number=article.head.number)
                    self._refuse(article.line, article.head.title, why)
        if not self.chapters:
            self._refuse(1, "", _("Hier staat geen hoofdstuk in. Een kop begint met “Hoofdstuk 1”."))
        self._see_end()
        chapters = tuple(replace(each.head, articles=tuple(map(_article, each.articles))) for each in self.chapters)
        annexes = tuple(replace(each.head, text="\n".join(each.lines)) for each in self.annexes)
        return Reading(CaoText(chapters, annexes), tuple(sorted(self.remarks, key=lambda each: each.line)))

    def _see_end(self) -> None:
        """Refuse a text of which the last paragraph stops in the middle of a sentence."""
        number, line = self.last
        if self.annexes or self.article is None or not self.article.leden or line.endswith(_SENTENCE_END):
            return
        why = _("De tekst houdt hier midden in een zin op. Is hij helemaal meegekomen?")
        self.remarks.append(Remark(number, line, why))


def _article(found: _Article) -> Article:
    return replace(found.head, paragraphs=tuple(lid.paragraph() for lid in found.leden))


def _order(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return (int(digits[0]) if digits else 0, number[digits.end() :] if digits else number)


def _may_be_title(title: str | None) -> bool:
    """Return whether words can be a title: a sentence that refers to an article begins small or ends with a point."""
    if title is None:
        return True
    return len(title) <= LONGEST_TITLE and not title[0].islower() and not title.endswith((".", ",", ";", ":"))
