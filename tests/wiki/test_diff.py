"""What the comparison of two texts shows, and what it never loses."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin.wiki.diff import Piece, Row, compare, normalize_newlines, size_delta

LINES = [
    "",
    "a",
    "b",
    "Ziekte telt nooit mee.",
    "Ziekte telt soms mee.",
    "De pot gaat naar het team.",
    "  x  y ",
    "\t",
]
texts = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=25).map("\n".join),
    st.text(alphabet="ab .,\n\r", max_size=60),
    st.text(max_size=60),
)


def opened(rows: Iterable[Row]) -> list[Row]:
    """Unfold what was folded away."""
    return [line for row in rows for line in (row.lines if row.kind == "skipped" else (row,))]


def side(rows: list[Row], name: str) -> str:
    """Put one side together again."""
    shown = [row for row in opened(rows) if getattr(row, f"{name}_line") is not None]
    return "\n".join("".join(piece.text for piece in getattr(row, name)) for row in shown)


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_both_texts_can_be_read_back_from_the_rows(old: str, new: str) -> None:
    rows = compare(old, new)
    if normalize_newlines(old) == normalize_newlines(new):
        assert rows == []
        return
    assert side(rows, "old") == normalize_newlines(old)
    assert side(rows, "new") == normalize_newlines(new)


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_rows_and_pieces_tell_the_truth_about_what_they_hold(old: str, new: str) -> None:
    rows = opened(compare(old, new))
    for row in rows:
        assert {piece.kind for piece in row.old} <= {"same", "del"}
        assert {piece.kind for piece in row.new} <= {"same", "ins"}
        kept = ["".join(piece.text for piece in pieces if piece.kind == "same") for pieces in (row.old, row.new)]
        assert kept[0] == kept[1]
        assert all(piece.text for piece in row.old + row.new)
        assert (row.old_line is None) == (row.kind == "added")
        assert (row.new_line is None) == (row.kind == "removed")
        assert (row.kind == "same") == (row.old == row.new and None not in (row.old_line, row.new_line))
    for numbers in ([row.old_line for row in rows], [row.new_line for row in rows]):
        present = [number for number in numbers if number is not None]
        assert present == list(range(1, len(present) + 1))


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_equal_lines_fold_but_never_those_beside_a_change(old: str, new: str) -> None:
    rows = compare(old, new)
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        if row.kind == "skipped":
            assert row.count == len(row.lines) >= 2
            assert all(line.kind == "same" for line in row.lines)
            assert all(near is None or near.kind == "same" for near in (before, after))


def test_a_changed_word_is_marked_and_the_rest_is_not() -> None:
    (row,) = compare("Elk team verdeelt zelf de pot.", "Elk team verdeelt de pot, met een begeleider.")
    assert row.kind == "changed"
    assert row.old == (Piece("Elk team verdeelt ", "same"), Piece("zelf ", "del"), Piece("de pot.", "same"))
    assert row.new == (
        Piece("Elk team verdeelt de pot", "same"),
        Piece(", met een begeleider", "ins"),
        Piece(".", "same"),
    )


def test_a_line_that_came_stands_apart_from_one_that_changed() -> None:
    rows = compare(
        "De verdeling begint met voorstellen op naam.\nNiemand komt onder de 90 procent.",
        "De verdeling begint met voorstellen zonder naam.\nZiekte telt nooit mee.\nNiemand komt onder de 80 procent.",
    )
    assert [row.kind for row in rows] == ["changed", "added", "changed"]
    assert [(row.old_line, row.new_line) for row in rows] == [(1, 1), (None, 2), (2, 3)]


def test_a_line_that_went_is_shown_as_gone() -> None:
    rows = compare("a\nb\nc", "a\nc")
    assert [(row.kind, row.old_line, row.new_line) for row in rows] == [
        ("same", 1, 1),
        ("removed", 2, None),
        ("same", 3, 2),
    ]


def test_lines_with_nothing_in_common_are_not_cut_to_shreds() -> None:
    (row,) = compare("De een zegt dit over de pot.", "Het gaat hier ergens anders over!")
    assert [piece.kind for piece in row.old] == ["del"]
    assert [piece.kind for piece in row.new] == ["ins"]


def test_blanks_that_changed_do_not_make_another_word() -> None:
    (row,) = compare("een  twee", "een twee")
    assert row.old == (Piece("een", "same"), Piece("  ", "del"), Piece("twee", "same"))


def test_long_runs_of_equal_lines_fold_with_two_lines_of_context() -> None:
    before = [f"regel {number}" for number in range(1, 31)]
    after = [*before[:14], "anders", *before[15:]]
    rows = compare("\n".join(before), "\n".join(after))
    assert [row.kind for row in rows] == ["skipped", "same", "same", "changed", "same", "same", "skipped"]
    assert [row.count for row in rows if row.kind == "skipped"] == [12, 13]
    assert (rows[0].old_line, rows[6].new_line) == (1, 18)


def test_one_equal_line_is_not_worth_folding() -> None:
    rows = compare("x\na\nb\nc\nd\ne\ny", "X\na\nb\nc\nd\ne\nY")
    assert "skipped" not in {row.kind for row in rows}


def test_an_empty_text_has_no_lines() -> None:
    (row,) = compare("", "nieuw")
    assert (row.kind, row.old_line, row.new_line) == ("added", None, 1)
    (row,) = compare("oud", "")
    assert (row.kind, row.old_line, row.new_line) == ("removed", 1, None)


def test_line_breaks_of_other_systems_are_no_change() -> None:
    assert compare("a\r\nb\rc", "a\nb\nc") == []
    assert size_delta("a\r\nb", "a\nbcd") == 2


def words(seed: int, count: int) -> list[str]:
    source = random.Random(seed)
    stems = ["de", "het", "een", "van", "team", "pot", "uren", "maatstaf", "collega"]
    known = [stem + ending for stem in stems for ending in ("", "en", "s", "je")]
    return source.choices(known, k=count)


def paragraphs(some: list[str]) -> str:
    return "\n\n".join(" ".join(some[start : start + 70]) for start in range(0, len(some), 70))


def edited(some: list[str], count: int) -> list[str]:
    source = random.Random(count)
    changed = list(some)
    for _ in range(count):
        changed[source.randrange(len(changed))] = source.choice(["nieuw", "", "twee woorden"])
    return changed


SHUFFLED = random.Random(5).sample([f"regel {number}" for number in range(20_000)], 20_000)
LONG = words(1, 15_000)
HEAVY = {
    "15,000 words, edited": (paragraphs(LONG), paragraphs(edited(LONG, 300))),
    "15,000 words, rewritten": (paragraphs(LONG), paragraphs(words(2, 15_000))),
    "15,000 words on one line": (" ".join(LONG), " ".join(words(2, 15_000))),
    "20,000 lines, shuffled": ("\n".join(sorted(SHUFFLED)), "\n".join(SHUFFLED)),
    "one line of a megabyte": ("x " * 500_000, "x y " * 250_000),
    "two unrelated long lists": ("\n".join(words(3, 60_000)), "\n".join(words(4, 60_000))),
    "empty lines": ("\n" * 30_000, "a\n\n" * 10_000),
    "lines of two kinds": ("a\nb\n" * 10_000, "b\na\na\n" * 7_000),
    "many hunks of short lines": (
        "\n".join(f"{n}\n" + "a\nb\nc\nd\n" * 12 for n in range(800)),
        "\n".join(f"{n}\n" + "d\nc\nb\na\nb\n" * 12 for n in range(800)),
    ),
    "many lines of few words": ("\n".join(["a b " * 90] * 400 + ["x"]), "\n".join(["b a a " * 70] * 400 + ["y"])),
}


@pytest.mark.parametrize("name", HEAVY)
def test_long_texts_are_compared_without_losing_anything(name: str) -> None:
    old, new = HEAVY[name]
    rows = compare(old, new)
    assert side(rows, "old") == old
    assert side(rows, "new") == new
