"""Does a word find its other forms and spellings, and keep away from its neighbours?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.search import dutch
from proeftuin.search.stem import first_letters, stem
from tests.search.word_pairs import APART, INFLECTIONS, SPELLINGS, UNSEEN, UNSEEN_APART, pairs


def found_in(text: str) -> set[str]:
    return set(dutch.positions(text))


def together(pair: tuple[str, str]) -> bool:
    one, other = pair
    return bool({row[0] for row in dutch.variants(one)} & found_in(other))


def part(table: str) -> float:
    rows = pairs(table)
    return sum(map(together, rows)) / len(rows)


def test_forms_of_one_word_find_each_other() -> None:
    assert part(INFLECTIONS) >= 0.98
    assert part(UNSEEN) >= 0.95


def test_different_words_stay_apart() -> None:
    assert part(APART) <= 0.02
    assert part(UNSEEN_APART) <= 0.02


@pytest.mark.parametrize(("one", "other"), pairs(SPELLINGS))
def test_spellings_of_one_word_find_each_other(one: str, other: str) -> None:
    assert together((one, other))
    assert together((other, one))


@pytest.mark.parametrize("word", ["OR", "or", "HR", "cao", "AO", "nul", "zonder", "tegen", "geen"])
def test_words_with_a_meaning_of_their_own_are_not_dropped(word: str) -> None:
    assert dutch.variants(word)


@pytest.mark.parametrize("word", ["de", "Het", "een", "één", "van", "zo'n", "’s", "worden"])
def test_small_words_are_dropped(word: str) -> None:
    assert not found_in(word)


def test_dropped_words_take_no_place() -> None:
    assert dutch.positions("maatregel van het bestuur") == {"maatregel": [0], "bestur": [1]}


def test_a_hyphenated_word_is_found_whole_and_in_its_parts() -> None:
    assert dutch.positions("woon-werkverkeer telt") == {
        "woonwerkverker": [0],
        "woon": [0],
        "werkverker": [1],
        "tel": [2],
    }
    assert found_in("e-mail") == {"email", "mail"}
    assert found_in("0-meting") == {"0meet", "meet"}


@pytest.mark.parametrize("number", ["4.6", "7:628a", "1.250,50", "4.6.2"])
def test_a_number_with_points_stays_in_one_piece(number: str) -> None:
    assert number in found_in(f"volgens artikel {number}, lid 2")


def test_a_paragraph_of_an_article_is_found_under_the_article() -> None:
    assert "4.6" in found_in("zie 4.6.2")
    assert ("4.6", "lid", "2") in dutch.variants("4.6.2")


@given(st.text(max_size=80))
def test_any_text_can_be_analysed(text: str) -> None:
    for term, places in dutch.positions(text).items():
        assert term
        assert len(term) <= dutch.LONGEST_TERM
        assert places == sorted(places)
        term.encode()


@pytest.mark.parametrize("length", [40, 63, 64, 65, 120, 200, 201, 5000])
def test_a_long_word_is_only_itself(length: int) -> None:
    word = ("arbeidsvoorwaardenvernieuwing" * 200)[:length]
    assert together((word, f"Over {word.upper()}."))
    for other in (word + "bestaatniet", word + "q", word[:-1] + "q"):
        assert not together((other, word))
        assert not together((word, other))


@given(st.text(max_size=80))
def test_tokens_stand_where_they_say(text: str) -> None:
    text = dutch.normalise(text)
    for token in dutch.tokens(text):
        assert dutch.analyse(text[token.start : token.end]) == token.analysis


def test_every_form_begins_with_letters_that_are_looked_for() -> None:
    words = {word for table in (INFLECTIONS, UNSEEN, APART, UNSEEN_APART) for pair in pairs(table) for word in pair}
    words |= {"ingevoerd", "opgeleverd", "gedaan", "gevonden", "uren", "ideeën", "omgerekend", "aangenomen"}
    for word in words:
        folded = dutch.fold(word)
        assert folded.startswith(tuple(first_letters(stem(folded)))), word
