"""Citations, keys through versions, what changed between them, and looking for words: all without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.cao import plain_text
from proeftuin.cao.citations import Citation, cite, parse
from proeftuin.cao.comparing import changed_paragraphs, compare
from proeftuin.cao.looking import look
from proeftuin.cao.matching import with_keys
from proeftuin.cao.reading import read
from proeftuin.cao.structure import CaoText
from proeftuin.demo.company import DATA
from tests.cao.generated import texts
from tests.cao.scene import FIRST, SECOND

OLD = with_keys(plain_text.read(FIRST).text, CaoText())
NEW = with_keys(plain_text.read(SECOND).text, OLD)


@pytest.mark.parametrize(
    ("typed", "article", "lid"),
    [
        ("art. 4.6 lid 2", "4.6", "2"),
        ("Artikel 4.6, lid 2", "4.6", "2"),
        ("4.6", "4.6", ""),
        ("  ART  4.10  ", "4.10", ""),
        ("4.6.2", "4.6", "2"),
        ("4.6:2", "4.6", "2"),
        ("lid 2 van artikel 4.6", "4.6", "2"),
        ("artikel 4.6, tweede lid", "4.6", "2"),
        ("art. 4.6 lid 2a", "4.6", "2a"),
        ("12", "12", ""),
    ],
)
def test_a_citation_is_read_in_the_forms_that_people_type(typed: str, article: str, lid: str) -> None:
    assert parse(typed, {"4.6", "4.10", "12"}) == Citation(article, lid)


@pytest.mark.parametrize(
    "typed", ["", "resultaatbeloning", "4.6 en 4.7", "art.", "lid 2", "4..6", "x" * 500, "art. 4.6 lid"]
)
def test_other_words_are_no_citation(typed: str) -> None:
    assert parse(typed) is None


NUMBER = st.from_regex(r"[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,2}", fullmatch=True)


@given(NUMBER, st.from_regex(r"|[1-9][0-9]?[a-c]?", fullmatch=True))
def test_what_is_cited_is_read_back(article: str, lid: str) -> None:
    assert parse(cite(article, lid), {article}) == Citation(article, lid)
    assert parse(str(Citation(article, lid))) is not None


@given(st.text(max_size=100))
def test_whatever_is_typed_is_a_citation_or_none(text: str) -> None:
    found = parse(text)
    assert found is None or parse(str(found)) == found


def test_an_article_keeps_its_key_under_another_number() -> None:
    keys = {article.title: article.key for article in OLD.articles}
    again = {article.title: article.key for article in NEW.articles}
    assert again["Reiskosten"] == keys["Reiskosten"] == "art-2.2"
    assert again["Thuiswerken"] not in keys.values()


def test_who_takes_the_number_of_another_gets_a_key_of_its_own() -> None:
    text = FIRST.replace(
        "Artikel 2.2 Reiskosten\n1. De medewerker krijgt 0,21 euro per kilometer.",
        "Artikel 2.2 Fiets\n1. Iedereen kiest er een.",
    )
    new = with_keys(plain_text.read(text).text, OLD)
    assert [each.title for each in compare(OLD, new).expired] == ["Reiskosten"]
    assert next(each for each in new.articles if each.title == "Fiets").key == "art-2.2-2"


@given(texts(), texts())
@settings(max_examples=60, deadline=None)
def test_every_article_has_one_key_and_no_two_the_same(first: CaoText, second: CaoText) -> None:
    old = with_keys(first, CaoText())
    new = with_keys(second, old)
    for text in (old, new):
        keys = [article.key for article in text.articles]
        assert all(keys)
        assert len(keys) == len(set(keys))
    assert len(compare(old, old)) == 0
    assert with_keys(replace(first), old) == old


def test_only_what_changed_is_told() -> None:
    found = compare(OLD, NEW)
    assert [(each.old.number, each.new.number) for each in found.changed] == [("2.2", "2.3")]
    assert [each.title for each in found.added] == ["Thuiswerken"]
    assert (found.expired, found.annexes) == ((), ())
    assert changed_paragraphs(OLD, NEW) == {("art-2.2", "1")}


def test_the_example_changes_exactly_three_paragraphs_and_adds_one() -> None:
    given_text = (DATA / "cao.yaml").read_text()
    old = with_keys(read(given_text, "2024-2026").text, CaoText())
    new = with_keys(read(given_text, "2026-2028").text, old)
    assert changed_paragraphs(old, new) == {("art-1.4", "1"), ("art-7.2", "1"), ("art-7.4", "1")}
    assert {each.new.number for each in compare(old, new).changed} == {"1.4", "5.6", "7.2", "7.4"}


def test_words_are_found_wherever_they_stand_together() -> None:
    hits = look(NEW, "medewerker KILOMETER")
    assert [(hit.article.number, hit.lid) for hit in hits if hit.article] == [("2.3", "1")]
    assert [text for text, is_word in hits[0].pieces if is_word] == ["medewerker", "kilometer"]
    assert "".join(text for text, _ in hits[0].pieces) in NEW.articles[3].text
    assert [hit.annex.letter for hit in look(NEW, "schaal") if hit.annex] == ["A"]
    assert look(NEW, "onderzeeër") == look(NEW, "  ") == []
