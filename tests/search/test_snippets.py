"""Does a snippet show the words that were looked for, where they stand?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.search import dutch
from proeftuin.search.query import parse
from proeftuin.search.snippets import Piece, Wanted, mark, snippet

FILLER = "Hier staat een zin over iets heel anders. " * 40


def marked(pieces: list[Piece]) -> list[str]:
    return [text for text, is_marked in pieces if is_marked]


def wanted(query: str) -> Wanted:
    return Wanted.of(parse(query))


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("evaluatie evalueren", "Wij hebben dit GEËVALUEERD.", ["GEËVALUEERD"]),
        ("loon", "De lonen en het loon; niet het lonken.", ["lonen", "loon"]),
        ("uur", "Twee uren van een uur", ["uren", "uur"]),
        ("nemen", "Wat genomen is, neemt niemand terug", ["genomen", "neemt"]),
        ("invoeren", "Sinds 2020 ingevoerd: de invoering", ["ingevoerd", "invoering"]),
        ("verkeer", "het woon-werkverkeer en het verkeer", ["verkeer"]),
        ("werkverkeer", "het woon-werkverkeer", ["woon-werkverkeer"]),
        ("werktijd*", "werktijden in de werktijdenregeling", ["werktijden", "werktijdenregeling"]),
        ("OR", "De ondernemingsraad stemt in; de OR ook", ["ondernemingsraad", "OR"]),
        ("4.6", "zie artikel 4.6, lid 2", ["4.6"]),
        ('"raad van bestuur"', "de raad van bestuur", ["raad", "bestuur"]),
        ("café", "in het cafe", ["cafe"]),
        ("loon -bonus", "loon en bonus", ["loon"]),
    ],
)
def test_forms_of_the_words_are_marked(query: str, text: str, words: list[str]) -> None:
    assert marked(snippet(text, wanted(query))) == words


def test_the_passage_with_most_of_the_words_is_shown() -> None:
    text = f"loon {FILLER} een toeslag {FILLER} het loon met een toeslag erop {FILLER}"
    pieces = snippet(text, wanted("toeslag loon"))
    assert marked(pieces) == ["loon", "toeslag"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)
    assert len("".join(text for text, _ in pieces)) <= 220 + 4


def test_a_text_without_the_words_shows_its_beginning() -> None:
    pieces = snippet(FILLER, wanted("pensioen"))
    assert marked(pieces) == []
    assert FILLER.startswith(pieces[0][0])


def test_places_are_those_of_the_text_itself() -> None:
    text = "İİİİ ßß ĳĳ het loon stijgt"
    assert "".join(piece for piece, _ in snippet(text, wanted("loon"))) == text
    assert marked(snippet(text, wanted("loon"))) == ["loon"]


def test_a_title_is_marked_whole() -> None:
    assert mark("Lonen en uren", wanted("loon")) == [("Lonen", True), (" en uren", False)]


def test_markup_stays_text() -> None:
    assert ("<script>", False) in [(text[:8], flag) for text, flag in snippet("<script>loon", wanted("loon"))]


NAMES = ["loon", "lonen", "OR", "bond", "bonden", "woon-werkverkeer", "genomen", "neemt", "ingevoerd", "één", "café"]
WORDS = st.sampled_from([*NAMES, "İstanbul", "uren", "uur", "de", "van", "e-mail"])


@given(st.lists(WORDS, max_size=30), WORDS, st.integers(10, 300))
def test_a_snippet_is_a_part_of_the_text_with_every_mark_right(words: list[str], query: str, length: int) -> None:
    text = dutch.normalise(" ".join(words))
    looked_for = wanted(query)
    pieces = snippet(text, looked_for, length)
    bare = "".join(piece for piece, _ in pieces if piece not in ("… ", " …"))
    assert bare in text
    for piece, is_marked in pieces:
        if is_marked:
            assert looked_for.matches(piece)
        elif piece not in ("… ", " …"):
            assert not any(looked_for.matches(raw) for raw in dutch.WORD.findall(piece)) or len(bare) < len(text)


@given(st.text(), st.text(max_size=20))
def test_any_text_and_query_give_a_snippet(text: str, query: str) -> None:
    pieces = mark(text, wanted(query))
    assert "".join(piece for piece, _ in pieces) == dutch.normalise(text)
    snippet(text, wanted(query), 50)
