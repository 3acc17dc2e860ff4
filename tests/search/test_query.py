"""Is any text a query, and is what it asks for bounded?"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proeftuin.search.query import MOST_TERMS, Clause, parse


def typed(clauses: tuple[Clause, ...]) -> list[str]:
    return [clause.text for clause in clauses]


def test_words_are_all_required() -> None:
    assert typed(parse("beoordeling in techniek").required) == ["beoordeling", "techniek"]


def test_operators_of_other_search_engines_are_words() -> None:
    assert typed(parse("OR instemming").required) == ["OR", "instemming"]
    assert typed(parse("cao AND NOT title:loon").required) == ["cao", "AND", "NOT", "title", "loon"]
    assert typed(parse("(loon) [2020 TO 2021] loon~2").required) == ["loon", "2020", "TO", "2021", "2"]


def test_quotation_marks_of_any_kind_make_a_phrase() -> None:
    for text in ('"raad van bestuur"', "“raad van bestuur”", "„raad van bestuur”"):
        (clause,) = parse(text).required
        assert clause.is_phrase
        assert clause.rows == (("raad", "bestur"),)


def test_a_quotation_mark_without_its_partner_is_text() -> None:
    query = parse('"raad van bestuur')
    assert typed(query.required) == ["raad", "bestuur"]


def test_a_minus_before_a_word_excludes_it() -> None:
    query = parse('loon -bonus -"vaste toeslag" woon-werkverkeer')
    assert typed(query.required) == ["loon", "woon-werkverkeer"]
    assert typed(query.excluded) == ["bonus", "vaste toeslag"]


def test_the_beginning_of_a_word_needs_three_letters() -> None:
    assert parse("werktijd*").required[0].prefix == "werktijd"
    assert parse("ez-sub*").required[0].prefix == "ezsub"
    assert [clause.prefix for clause in parse("a* we* * ?* *loon b*l").required] == [""] * 4


def test_small_words_are_ignored_and_named() -> None:
    query = parse("de stand van het OR")
    assert query.ignored == ("de", "van", "het")
    assert typed(query.required) == ["stand", "OR"]


def test_a_word_brings_its_synonyms_but_a_phrase_does_not() -> None:
    assert parse("OR").required[0].others == (("ondernemingsrad",),)
    assert parse("nulmetingen").required[0].others == parse("nulmeting").required[0].others != ()
    assert all(not clause.others for clause in parse('"OR" "nulmeting"').required)


def test_a_word_typed_twice_counts_once() -> None:
    assert len(parse("loon LOON lonen").required) == 1


def test_a_long_query_is_shortened_and_says_so() -> None:
    query = parse(" ".join(f"woord{n}" for n in range(40)))
    assert len(query.required) == MOST_TERMS
    assert query.shortened
    assert not parse("een gewone vraag").shortened


@pytest.mark.parametrize("text", ["", "   ", "()", '""', "-", "* ?", "\x00\x01", "…"])
def test_a_query_without_words_is_blank(text: str) -> None:
    assert parse(text).is_blank


@given(st.text() | st.text(alphabet="ab -*\"'’():[]~.,0\x00\ud800é", max_size=60))
@example('-"" -* "-" --a -"a* b*')
def test_any_text_is_a_bounded_query(text: str) -> None:
    query = parse(text)
    clauses = (*query.required, *query.excluded)
    assert sum(clause.size for clause in clauses) <= MOST_TERMS
    for clause in clauses:
        assert clause.rows or clause.prefix
        assert all(term for row in (*clause.rows, *clause.others) for term in row)
