"""Titles: one form for each, nothing invisible, and equal when they differ in case or accents only."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.naming import clean_line, has_hidden_characters, slugify, title_key


def test_a_decomposed_title_is_stored_composed() -> None:
    assert clean_line(unicodedata.normalize("NFD", "Geëvalueerd")) == "Geëvalueerd"


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\x00", "\x07", "\ufeff", "\ud800"])
def test_characters_that_reorder_or_hide_are_taken_out(hidden: str) -> None:
    assert has_hidden_characters(f"a{hidden}b")
    assert clean_line(f"a{hidden}b") == "ab"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De Maatstaven", "de maatstaven"),
        ("Coördinatie", "coordinatie"),
        ("ĳs", "ijs"),
        ("a  b", "a b"),
        ("Straße", "STRASSE"),
    ],
)
def test_titles_that_differ_in_case_or_accents_are_the_same(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_a_title_becomes_part_of_an_address() -> None:
    assert (
        slugify("Halverwege, en eerlijk gezegd: wéten we het niet?")
        == "halverwege-en-eerlijk-gezegd-weten-we-het-niet"
    )
    assert slugify("日本語") == "pagina"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert title_key(clean_line(text)) == title_key(text)
