"""Agreements by chance, for the laws of the readers."""

from __future__ import annotations

from hypothesis import strategies as st

from proeftuin.cao.structure import Annex, Article, CaoText, Chapter, Character, Nature, Paragraph

_WORDS = [
    *("de", "werkgever", "medewerker", "krijgt", "per", "dag", "uur", "35", "procent", "artikel", "lid", "hoofdstuk"),
    *("bijlage", "4.6", "0,21", "euro", "niet", "tenzij", "schriftelijk", "schaal", "en", "of", "geëvalueerd"),
]
word = st.sampled_from(_WORDS)
title = st.lists(word, max_size=4).map(lambda words: " ".join(["Titel", *words]))
sentence = st.lists(word, min_size=1, max_size=12).map(lambda words: "De " + " ".join(words) + ".")
item = st.tuples(st.sampled_from("abc"), sentence).map(lambda pair: f"{pair[0]}. {pair[1]}")


@st.composite
def paragraph_text(draw: st.DrawFn) -> str:
    """Give a sentence, sometimes with a list under it."""
    return "\n".join([draw(sentence), *draw(st.lists(item, max_size=2))])


@st.composite
def paragraphs(draw: st.DrawFn) -> tuple[Paragraph, ...]:
    """Give numbered paragraphs, sometimes with words before them, or words alone."""
    opening = [Paragraph("", draw(paragraph_text()))] if draw(st.booleans()) else []
    count = draw(st.integers(0 if opening else 1, 4))
    return (*opening, *(Paragraph(str(n), draw(paragraph_text())) for n in range(1, count + 1)))


@st.composite
def texts(draw: st.DrawFn) -> CaoText:
    """Give a whole text."""
    chapters = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        articles = tuple(
            Article(
                f"{number}.{n}",
                draw(title),
                draw(paragraphs()),
                draw(st.sampled_from(list(Nature))),
                draw(st.sampled_from([None, *Character])),
                tuple(draw(st.lists(st.sampled_from(["BW 7:610", "WML 7", "ATW 5:3"]), max_size=2, unique=True))),
            )
            for n in range(1, draw(st.integers(1, 3)) + 1)
        )
        chapters.append(Chapter(str(number), draw(title), articles))
    letters = "ABC"[: draw(st.integers(0, 3))]
    annexes = tuple(Annex(each, draw(title), "\n".join(draw(st.lists(sentence, max_size=3)))) for each in letters)
    return CaoText(tuple(chapters), annexes)
