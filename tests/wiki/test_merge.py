"""What two people who wrote at the same time get, and what they never lose."""

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.wiki.merge import Agreed, Merge, Passage, both, merge

LINES = [
    "",
    "",
    "a b c d e f",
    "a b x d e f",
    "a b c d e y",
    "z",
    "Ziekte telt nooit mee.",
    "- een",
    "- twee",
    "drie vier",
]
texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=8).map("\n".join),
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", " ", "  ", "\n", "."]), max_size=25).map("".join),
    st.text(max_size=30),
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, str]:
    """Give a text and two edits of it, as people make them: a few lines or words each."""
    words = draw(
        st.lists(
            st.sampled_from(["de", "pot", "team", "uren", "niet", "\n", "\n\n", "mee."]), min_size=1, max_size=30
        )
    )

    def edited(mark: str) -> str:
        changed = list(words)
        for place in draw(st.lists(st.integers(0, len(words) - 1), max_size=4)):
            changed[place] = draw(st.sampled_from([mark, "", "\n", f"{mark} {words[place]}", "samen"]))
        return " ".join(changed)

    return " ".join(words), edited("mijn"), edited("hun")


triples = st.one_of(edits(), st.tuples(texts, texts, texts))


def words(text: str) -> set[str]:
    return set(text.split())


def everything(merged: Merge) -> str:
    """Return all the text that the outcome holds, agreed or not."""
    parts = [(part.text,) if isinstance(part, Agreed) else (part.mine, part.theirs) for part in merged.passages]
    return "\n".join(text for part in parts for text in part)


def clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=400, deadline=None)
@given(triples)
def test_a_side_that_changed_nothing_never_causes_a_conflict(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    assert merge(base, base, theirs).text == clean(theirs)
    assert merge(base, mine, base).text == clean(mine)


@settings(max_examples=400, deadline=None)
@given(triples)
def test_the_same_edit_on_both_sides_is_one_edit(three: tuple[str, str, str]) -> None:
    base, mine, _ = three
    assert merge(base, mine, mine).text == clean(mine)


@settings(max_examples=600, deadline=None)
@given(triples)
def test_mine_and_theirs_can_be_swapped(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    swapped = [
        Passage(part.base, part.theirs, part.mine) if isinstance(part, Passage) else part for part in other.passages
    ]
    assert list(one.passages) == swapped


@settings(max_examples=600, deadline=None)
@given(triples)
def test_every_word_that_either_side_added_is_somewhere(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    added = (words(mine) | words(theirs)) - words(base)
    assert added <= words(everything(merged))
    if merged.is_clean:
        assert added <= words(merged.text)


@settings(max_examples=400, deadline=None)
@given(triples)
def test_a_word_that_nobody_had_never_comes_into_the_text(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    assert words(everything(merge(base, mine, theirs))) <= words(base) | words(mine) | words(theirs)


@settings(max_examples=300, deadline=None)
@given(triples)
def test_choosing_one_side_everywhere_keeps_all_that_side_added(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    assert words(mine) - words(base) <= words(merged.with_choices([part.mine for part in merged.conflicts]))
    kept = words(merged.with_choices([both(part) for part in merged.conflicts]))
    assert (words(mine) | words(theirs)) - words(base) <= kept


BASE = """De maatstaven

Elk team verdeelt zelf de pot.

- Onder de 90 procent komt niemand.
- Ziekte telt nooit mee als maatstaf.
- De verdeling begint met voorstellen.

Kwartaalcijfers naar de OR."""


def test_edits_of_different_lines_fit() -> None:
    mine = BASE.replace("verdeelt zelf", "verdeelt in april")
    theirs = BASE.replace("voorstellen.", "schriftelijke voorstellen.") + "\n\nNog een alinea."
    merged = merge(BASE, mine, theirs)
    assert merged.is_clean
    assert merged.text == mine.replace("voorstellen.", "schriftelijke voorstellen.") + "\n\nNog een alinea."


def test_edits_of_one_line_fit_when_a_word_stands_between() -> None:
    mine = BASE.replace("Ziekte telt", "Ziekte en zorgverlof telt")
    theirs = BASE.replace("maatstaf.", "grond.")
    assert merge(BASE, mine, theirs).text == mine.replace("maatstaf.", "grond.")


def test_edits_of_lines_beside_each_other_fit() -> None:
    mine = BASE.replace("90 procent", "80 procent")
    theirs = BASE.replace("nooit mee", "soms mee")
    assert merge(BASE, mine, theirs).text == mine.replace("nooit mee", "soms mee")


def test_edits_that_touch_are_shown_side_by_side_and_nothing_is_chosen() -> None:
    mine = BASE.replace("Ziekte telt", "Ziekte en zorgverlof tellen")
    theirs = BASE.replace("telt nooit mee als maatstaf", "telt niet mee, ook niet als een team dat wil")
    merged = merge(BASE, mine, theirs)
    assert not merged.is_clean
    assert merged.conflicts == (
        Passage(
            "- Ziekte telt nooit mee als maatstaf.",
            "- Ziekte en zorgverlof tellen nooit mee als maatstaf.",
            "- Ziekte telt niet mee, ook niet als een team dat wil.",
        ),
    )
    before, _, after = merged.passages
    assert isinstance(before, Agreed)
    assert before.text.endswith("- Onder de 90 procent komt niemand.")
    assert before.count == 5
    assert isinstance(after, Agreed)
    assert after.text.startswith("- De verdeling")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("een twee mijn vier", "een hun drie vier"),  # beside each other
        ("een twee mijn drie vier", "een twee hun drie vier"),  # two insertions at one place
        ("een mijn vier", "een twee drie hun vier"),  # taken out and put after
        ("", "een twee hun vier"),  # all gone against an edit
    ],
)
def test_edits_without_a_word_between_do_not_fit(mine: str, theirs: str) -> None:
    assert merge("een twee drie vier", mine, theirs).conflicts == (Passage("een twee drie vier", mine, theirs),)


def test_two_paragraphs_added_at_one_place_are_a_passage_without_a_base() -> None:
    merged = merge("Begin.\n\nEind.", "Begin.\n\nMijn.\n\nEind.", "Begin.\n\nHun.\n\nEind.")
    (passage,) = merged.conflicts
    assert passage.base == ""
    assert merged.with_choices([both(passage)]).index("Hun.") < merged.with_choices([both(passage)]).index("Mijn.")


def test_the_page_is_put_together_from_the_choices() -> None:
    merged = merge("a\n\nb\n\nc", "A mijn\n\nb\n\nC mijn", "A hun\n\nb\n\nC hun")
    first, second = merged.conflicts
    assert merged.with_choices([first.theirs, second.mine]) == "A hun\n\nb\n\nC mijn"
    assert merged.with_choices(["zelf\r\ngeschreven", ""]) == "zelf\ngeschreven\n\nb\n"
    assert merged.with_choices([both(first), both(second)]) == "A hun\n\nA mijn\n\nb\n\nC hun\n\nC mijn"


def test_a_paragraph_of_several_lines_is_one_passage_with_both_texts_whole() -> None:
    base = "Inleiding.\n\nDe pot wordt verdeeld\ndoor het team zelf,\nelk kwartaal opnieuw.\n\nSlot."
    mine = base.replace("door het team", "door het mijnteam")
    theirs = base.replace("door het team", "door het hunteam").replace("elk kwartaal", "elk jaar")
    merged = merge(base, mine, theirs)
    assert merged.conflicts == (
        Passage(
            "De pot wordt verdeeld\ndoor het team zelf,\nelk kwartaal opnieuw.",
            "De pot wordt verdeeld\ndoor het mijnteam zelf,\nelk kwartaal opnieuw.",
            "De pot wordt verdeeld\ndoor het hunteam zelf,\nelk jaar opnieuw.",
        ),
    )
    assert both(merged.conflicts[0]).count("\n\n") == 1  # two paragraphs, not one of six lines


def test_items_of_a_list_and_rows_of_a_table_stay_under_each_other() -> None:
    for line in ("- {} punt", "| {} | cel |", "1. {} punt", "> {} woord"):
        base, mine, theirs = (f"Boven.\n\n{line.format(word)}\n{line.format('vast')}" for word in ("a", "b", "c"))
        (passage,) = merge(base, mine, theirs).conflicts
        assert both(passage) == f"{line.format('c')}\n{line.format('b')}"


def test_writing_on_at_the_end_fits_with_an_edit_of_the_last_line() -> None:
    mine = BASE.replace("naar de OR.", "naar de OR en de bonden.")
    assert merge(BASE, mine, BASE + "\n\nNog een alinea.").text == mine + "\n\nNog een alinea."
    assert merge(BASE + "\n", mine + "\n", BASE + "\n\nNog een.\n").text == mine + "\n\nNog een.\n"
    assert merge(BASE, "Begin.\n\n" + BASE, BASE.replace("De maat", "De beste maat")).is_clean
    items = "- een\n- twee"
    assert merge(items, "- een\n- twee en half", items + "\n- drie").text == "- een\n- twee en half\n- drie"
    # Both wrote on: what comes first is for people to say.
    assert not merge(BASE, mine + "\n\nMijn.", BASE + "\n\nHun.").is_clean


def test_a_text_without_empty_lines_is_not_one_passage() -> None:
    lines = [f"Regel {number} van een lange tekst." for number in range(100)]
    base = "\n".join(lines)
    merged = merge(base, base.replace("Regel 50", "Mijn 50"), base.replace("Regel 50", "Hun 50"))
    assert merged.conflicts == (Passage(lines[50], "Mijn 50 van een lange tekst.", "Hun 50 van een lange tekst."),)


def test_a_text_with_conflicts_is_not_a_text() -> None:
    merged = merge("a", "b", "c")
    with pytest.raises(ValueError, match="0 choices for 1 conflicts"):
        _ = merged.text
    with pytest.raises(ValueError, match="2 choices for 1 conflicts"):
        merged.with_choices(["b", "c"])


def test_no_marks_are_written_into_the_text() -> None:
    merged = merge("a\nb", "c\nb", "d\nb")
    assert not re.search(r"[<>=|]{4}", everything(merged) + merged.with_choices([both(merged.conflicts[0])]))


def test_line_breaks_of_other_systems_are_no_edit() -> None:
    assert merge("a\r\nb\r\nc", "a\nb\nc", "a\r\nB\r\nc").text == "a\nB\nc"


def heavy() -> Iterator[tuple[str, str, str]]:
    source = random.Random(2)
    known = ["de", "het", "een", "van", "team", "pot", "uren", "maatstaf", "collega"]
    long = [" ".join(source.choices(known, k=60)) for _ in range(250)]
    mine, theirs = list(long), list(long)
    for _ in range(60):
        mine[source.randrange(0, 250, 2)] += " mijn"
        theirs[source.randrange(1, 250, 2)] = "hun"
    yield "\n\n".join(long), "\n\n".join(mine), "\n\n".join(theirs)
    unrelated = [" ".join(source.choices(known, k=15_000)) for _ in range(3)]
    yield unrelated[0], unrelated[1], unrelated[2]
    lines = [f"regel {number}" for number in range(4_000)]
    yield "\n".join(lines), "\n".join(source.sample(lines, 4_000)), "\n".join(source.sample(lines, 4_000))
    yield "a\n" * 20_000, "a\nb\n" * 10_000, "b\na\na\n" * 9_000


@pytest.mark.parametrize("three", list(heavy()), ids=["edited", "unrelated", "shuffled", "two kinds of lines"])
def test_long_texts_are_merged_too(three: tuple[str, str, str]) -> None:
    base, mine, theirs = three
    merged = merge(base, mine, theirs)
    assert (words(mine) | words(theirs)) - words(base) <= words(everything(merged))
    assert merge(base, theirs, mine).is_clean == merged.is_clean
