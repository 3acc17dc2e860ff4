"""The words of a text without its signs."""

import pytest

from proeftuin.markup import excerpt, plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("# Kop #\n\nTekst\nloopt door.", "Kop\nTekst loopt door."),
        ("Kop\n---\n\n**vet** *cursief* ~~weg~~ `co_de` een_naam", "Kop\nvet cursief weg co_de een_naam"),
        ("[[nameting]] [[a b|onze pot]] [[x\\|y]]", "nameting onze pot y"),
        ("[wet](https://a.example/b_(c) \"t\") ![foto](/b/1) [![in](/c)](/d) [e][f]", "wet foto in e"),
        ("<https://a.example> <g@h.example> <b>blijft</b>", "https://a.example g@h.example <b>blijft</b>"),
        ("- een\n- [x] twee\n  1. drie\n\n> vier", "een\ntwee\ndrie\nvier"),
        ("| a | b |\n|---|--:|\n| [[c|d]] | 2 |", "a b\nd 2"),
        ("a[^1] b\n\n[^1]: De noot.", "a b\nDe noot."),
        ("[r]: https://weg.example 'titel'\n\nblijft", "blijft"),
        ("```python\nx_y = 1\n```\n\n---\n\nz", "x_y = 1\nz"),
        ("AT&amp;T &copy; 2 * 3 \\*ster\\*", "AT&T © 2 * 3 *ster*"),
        ("term\n: uitleg", "term\nuitleg"),
    ],
)  # fmt: skip
def test_words_stay_and_signs_go(text: str, words: str) -> None:
    assert plain(text) == words


def test_an_excerpt_is_whole_sentences_when_they_fit() -> None:
    text = "# Kop\n\nEen korte zin. Nog een zin! En een derde zin die te lang is om er nog bij te passen."
    assert excerpt(text, 40) == "Een korte zin. Nog een zin!"
    assert excerpt("Kort.", 40) == "Kort."


def test_an_excerpt_of_one_long_sentence_ends_between_words() -> None:
    assert excerpt("Een zin, die maar doorloopt en doorloopt", 20) == "Een zin, die maar…"
    assert excerpt("Een zin, dienogal doorloopt", 10) == "Een zin…"
    assert excerpt("x" * 50, 10) == "x" * 9 + "…"


def test_an_excerpt_passes_over_headings_tables_and_code() -> None:
    assert excerpt("# Kop\n\n| a | b |\n|---|---|\n\n```\ncode\n```\n\nDe tekst.", 80) == "De tekst."
    assert excerpt("- een\n- twee", 80) == "een twee"


def test_an_excerpt_is_never_longer_than_asked() -> None:
    text = "Woorden van **allerlei** lengte; en leestekens, zoals (deze) en nog meer woorden achter elkaar."
    for length in range(2, 90):
        assert len(excerpt(text, length)) <= length
