"""Choosing a paragraph of the cao that holds today: by number, by citation, or by words. Pure but for the text it is
given.

What must stay true: what is chosen is copied elsewhere (`drafting.add_rules`), from the cao itself; a browser sends
only which article and which paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass

from proeftuin.cao import citations
from proeftuin.cao.looking import look
from proeftuin.cao.structure import Article, CaoText

MOST = 8


@dataclass(frozen=True, slots=True)
class Picked:
    """What was found: one article, with the paragraph that was cited, or some to choose from."""

    asked: str
    article: Article | None = None
    paragraph: str = ""
    matches: tuple[Article, ...] = ()
    is_cut: bool = False


def pick(text: CaoText, asked: str) -> Picked:
    """Return which article is meant: "4.6", "4.6 Resultaatbeloning", "art. 4.6 lid 2", or words that stand in it."""
    words = " ".join(asked.split())[:200]
    if not words:
        return Picked("")
    by_number = {article.number: article for article in text.articles}
    cited = citations.parse(words, by_number) or citations.parse(words.partition(" ")[0], by_number)
    if cited is not None and cited.article in by_number:
        return Picked(words, by_number[cited.article], cited.paragraph)
    found = [hit.article for hit in look(text, words) if hit.article is not None]
    if len(found) == 1:
        return Picked(words, found[0])
    return Picked(words, matches=tuple(found[:MOST]), is_cut=len(found) > MOST)
