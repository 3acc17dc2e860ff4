"""Looking for words in the text of a version: every article and annex in which all of them stand. Pure.

What must stay true: looking reads the text as it is, letter by letter without case and accents, so that whoever looks
for half a word finds it; the marked pieces joined are the words of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proeftuin.cao.structure import Annex, Article, CaoText
from proeftuin.naming import title_key

LONGEST = 200
_AROUND = 90


@dataclass(frozen=True, slots=True)
class Hit:
    """An article or annex with the words, and where: pieces of text and whether they are the words."""

    article: Article | None
    annex: Annex | None
    lid: str
    pieces: tuple[tuple[str, bool], ...]


def look(text: CaoText, asked: str) -> list[Hit]:
    """Return where all of the words stand, in the order of the text."""
    words = [title_key(word) for word in asked[:LONGEST].split() if title_key(word)]
    if not words:
        return []
    hits = []
    for article in text.articles:
        whole = title_key(f"{article.number} {article.title} {article.text}")
        if all(word in whole for word in words):
            lid, line = _best([(each.number, each.text) for each in article.paragraphs], words)
            hits.append(Hit(article, None, lid, _marked(line, words)))
    for annex in text.annexes:
        if all(word in title_key(f"{annex.letter} {annex.title} {annex.text}") for word in words):
            hits.append(Hit(None, annex, "", _marked(annex.text, words)))
    return hits


def _best(parts: list[tuple[str, str]], words: list[str]) -> tuple[str, str]:
    """Return the paragraph with most of the words, the first of those."""
    return max(parts, key=lambda part: sum(word in title_key(part[1]) for word in words), default=("", ""))


def _marked(text: str, words: list[str]) -> tuple[tuple[str, bool], ...]:
    """Cut out a part around the first word, and mark the words that are there letter by letter."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    first = pattern.search(text)
    start = max(first.start() - _AROUND, 0) if first else 0
    end = min((first.end() if first else 0) + 2 * _AROUND, len(text))
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for match in pattern.finditer(text, start, end):
        pieces += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])
