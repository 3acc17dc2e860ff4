"""A passage is found in the source by its words, follows the text, and is marked in the rendered page."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from proeftuin import markup
from proeftuin.wiki import marks, passages
from proeftuin.wiki.passages import Span
from proeftuin.wiki.relocation import follow, place_of

TEXT = """# De pot

Het team verdeelt **zelf** de helft. *Ziekte* telt [gewoon](https://oeverbrug.example/regels) mee.

## Regels

1. Iedereen krijgt iets.
2. Wie [[De maatstaven|de maatstaven]] mist, vraagt het team.

| wie | wat |
|---|---|
| Anna | 300 euro |

Het team verdeelt ook de rest. En dan is de pot leeg.
"""


def _quote(words: str, *, before: str = "", after: str = "", text: str = TEXT) -> str | None:
    span = passages.find_words(text, words, before=before, after=after)
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("Ziekte telt gewoon mee.", "Ziekte* telt [gewoon](https://oeverbrug.example/regels) mee."),
        ("zelf\nde   helft", "zelf** de helft"),
        ("krijgt iets. Wie de maatstaven mist", "krijgt iets.\n2. Wie [[De maatstaven|de maatstaven]] mist"),
        ("Anna 300 euro", "Anna | 300 euro"),
        ("iekte tel", "Ziekte* telt"),
    ],
)
def test_words_that_were_selected_are_found_in_the_source(words: str, quote: str) -> None:
    assert _quote(words) == quote


def test_what_stands_around_them_chooses_between_the_same_words() -> None:
    first = passages.find_words(TEXT, "Het team verdeelt", before="De pot", after="zelf de helft")
    second = passages.find_words(TEXT, "Het team verdeelt", before="300 euro", after="ook de rest")
    assert first is not None
    assert second is not None
    assert first.begins < TEXT.index("## Regels") < second.begins


def test_words_that_nobody_typed_may_stand_among_them() -> None:
    assert _quote("Wie de maatstaven (pagina bestaat nog niet) mist, vraagt het team.") is not None
    assert _quote("geen van deze woorden staat daar ergens") is None
    assert _quote("!? …") is None


def test_paragraphs_and_items_can_be_chosen_one_by_one() -> None:
    shown = [passages.shown(TEXT[slice(*span)]) for span in passages.paragraphs(TEXT)]
    assert shown[:2] == ["De pot", "Het team verdeelt zelf de helft. Ziekte telt gewoon mee."]
    assert "Iedereen krijgt iets." in shown
    assert "Wie de maatstaven mist, vraagt het team." in shown


# -- following the text

WORDS = ["dijk", "brug", "kist", "plan", "week", "team", "pot", "rest", "helft", "ziekte", "vraag", "meting"]
OTHER = ["lapwing", "spoor", "vrijdag", "eerlijk", "samen", "later", "niemand", "soms", "altijd", "maatstaf"]
PASSAGE = "Hier precies gaat het gesprek over, en nergens anders."

prose = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(
    lambda words: " ".join(words).capitalize() + "."
)
paragraphs = st.lists(prose, max_size=5)
others = st.lists(
    st.lists(st.sampled_from(OTHER + WORDS), min_size=1, max_size=10).map(lambda words: " ".join(words) + "."),
    max_size=5,
)


def _joined(*parts: list[str]) -> str:
    return "\n\n".join(paragraph for part in parts for paragraph in part)


def _placed(text: str, passage: str) -> Span:
    begins = text.index(passage)
    return Span(begins, begins + len(passage))


@settings(max_examples=300, deadline=None)
@given(paragraphs, paragraphs, others, others, st.data())
def test_an_edit_outside_a_passage_never_loses_it(
    before: list[str], after: list[str], new_before: list[str], new_after: list[str], data: st.DataObject
) -> None:
    start, end, glued = data.draw(prose), data.draw(prose), data.draw(st.booleans())
    old = _joined(before, [f"{start} {PASSAGE} {end}"], after)
    new = _joined(new_before, [f"{end} {PASSAGE} {start}" if glued else PASSAGE], new_after)
    found = follow(old, new, [_placed(old, PASSAGE)])[0]
    assert found is not None
    assert new[slice(*found)] == PASSAGE


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_an_edit_outside_common_words_never_loses_them_either(data: st.DataObject) -> None:
    """The passage is made of words that stand everywhere, so only the comparison knows which ones they are."""
    text = data.draw(paragraphs.filter(bool))
    words = passages.words_of(_joined(text))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, min(first + 8, len(words) - 1)))
    old = _joined(text)
    span = Span(words[first].begins, words[last].ends)
    place = (
        data.draw(st.integers(0, len(words) - 1).filter(lambda n: n < first or n > last))
        if len(words) > last - first + 1
        else None
    )
    assume(place is not None)
    assert place is not None
    inserted = data.draw(st.sampled_from(OTHER))
    at = words[place].begins
    new = old[:at] + inserted + " " + old[at:]
    found = follow(old, new, [span])[0]
    assert found is not None
    assert new[slice(*found)] == old[slice(*span)]


@settings(max_examples=200, deadline=None)
@given(st.lists(prose, min_size=1, max_size=6), st.data())
def test_moving_the_paragraph_keeps_the_passage(rest: list[str], data: st.DataObject) -> None:
    place, other = (data.draw(st.integers(0, len(rest))) for _ in range(2))
    paragraph = f"Eerst dit. {PASSAGE} Dan dat."
    old, new = (_joined(rest[:n], [paragraph], rest[n:]) for n in (place, other))
    found = follow(old, new, [_placed(old, PASSAGE)])[0]
    assert found is not None
    assert new[slice(*found)] == PASSAGE


@settings(max_examples=200, deadline=None)
@given(paragraphs, paragraphs, others, prose)
def test_deleting_the_passage_loses_it(before: list[str], after: list[str], added: list[str], around: str) -> None:
    old = _joined(before, [f"{around} {PASSAGE}"], after)
    new = _joined(before, [around], added, after)
    assert follow(old, new, [_placed(old, PASSAGE)]) == [None]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.data())
def test_whatever_is_found_stands_in_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    begins = data.draw(st.integers(0, len(old)))
    ends = data.draw(st.integers(begins, len(old)))
    assume(begins < ends)
    found = follow(old, new, [Span(begins, ends)])[0]
    if found is not None:
        assert 0 <= found.begins < found.ends <= len(new)


def test_a_passage_in_which_some_words_changed_stays() -> None:
    old = f"Begin.\n\n{PASSAGE}\n\nEind."
    edited = "Hier precies gaat ons gesprek over, en echt nergens anders."
    new = f"Nieuw.\n\nBegin.\n\n{edited}\n\nEind."
    found = follow(old, new, [_placed(old, PASSAGE)])[0]
    assert found is not None
    assert new[slice(*found)] == edited


def test_a_passage_that_was_moved_and_changed_stays() -> None:
    old = f"{PASSAGE}\n\nTwee.\n\nDrie over iets anders.\n\nVier."
    new = "Twee.\n\nDrie over iets anders.\n\nVier.\n\nHier precies gaat heel het gesprek over, en nergens anders."
    found = follow(old, new, [_placed(old, PASSAGE)])[0]
    assert found is not None
    assert new[slice(*found)].startswith("Hier precies")


def test_a_passage_does_not_take_the_place_of_the_same_words_elsewhere() -> None:
    old = "De pot is leeg. Dat klopt.\n\nAnders gezegd.\n\nDe pot is leeg. Dat klopt niet."
    new = "Anders gezegd.\n\nDe pot is leeg. Dat klopt niet."
    assert follow(old, new, [Span(0, len("De pot is leeg."))]) == [None]


def test_what_became_of_a_place_is_shown_with_the_lines_around_it() -> None:
    old = "Een.\n\nTwee gaat weg.\n\nDrie."
    was, now = place_of(old, "Een.\n\nDrie.", _placed(old, "gaat weg"))
    assert "Twee gaat weg." in was
    assert "Twee" not in now


# -- marks


def _pieces(text: str, *words: str) -> tuple[marks.Piece, ...]:
    rendered = markup.render(text, resolve=lambda target: markup.Link(href="/wiki/x", exists=False))
    wanted = []
    for number, chosen in enumerate(words, 1):
        span = passages.find_words(text, chosen)
        assert span is not None
        quote = passages.letters_within(text[slice(*span)])
        wanted.append(marks.Wanted(number, quote, passages.letters_ahead(text, span)))
    return marks.pieces(str(rendered.html), tuple(wanted))


def test_marked_words_are_underlined_and_told_of_at_the_end_of_their_block() -> None:
    found = _pieces(TEXT, "Ziekte telt gewoon mee", "De pot")
    told = {number: piece.html for piece in found for number in piece.passages}
    assert 'id="passage-2">De pot</span></h2>' in told[2]
    assert told[1].endswith("</span>.")
    assert "passage-1" in told[1]


def test_overlapping_passages_of_several_paragraphs_give_sound_html() -> None:
    found = _pieces(
        TEXT,
        "zelf de helft. Ziekte telt",
        "telt gewoon mee. Regels Iedereen krijgt",
        "de maatstaven mist",
        "300 euro",
    )
    parser = html5lib.HTMLParser(strict=True)
    parser.parseFragment("".join(piece.html for piece in found))
    assert sorted(number for piece in found for number in piece.passages) == [1, 2, 3, 4]


@settings(max_examples=150, deadline=None)
@given(st.lists(prose, min_size=1, max_size=6), st.data())
def test_marks_change_no_word_of_the_page(text: list[str], data: st.DataObject) -> None:
    source = _joined([f"**{text[0]}**", *text[1:]])
    words = passages.words_of(source)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    span = Span(words[first].begins, words[last].ends)
    rendered = markup.render(source, resolve=lambda target: markup.Link(href="/x", exists=True)).html
    wanted = marks.Wanted(1, passages.letters_within(source[slice(*span)]), passages.letters_ahead(source, span))
    found = marks.pieces(str(rendered), (wanted,))
    joined = Markup("").join(piece.html for piece in found)
    assert joined.striptags() == rendered.striptags()
    assert sum(len(piece.passages) for piece in found) == 1
