"""Wiki links in a text are found where the parser finds them, and replaced without touching anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.markup import Link, is_target, render, replace_targets

PIECES = (
    "[[A]]",
    "[[A|naam]]",
    "[[ a ]]",
    "`[[A]]`",
    "\n\n```\n[[A]]\n```\n\n",
    "\n\n    [[A]]\n\n",
    "\n\n| k |\n|---|\n| [[A\\|x]] |\n\n",
    "\\[[A]]",
    "[[[A]]]",
    "[^1]\n\n[^1]: noot [[A]]\n\n",
    "**vet** ",
    "\n\n- punt [[B]]\n",
    "\r\n",
    "[x](/y) ",
    "[[pt0tp]]",
    "`",
    "*",
    "[[",
    "]]",
)


def rename(text: str) -> str:
    return replace_targets(text, lambda target: "Beter" if target.lower() == "a" else None)


def targets(text: str) -> list[str]:
    return list(render(text, resolve=lambda target: Link("/x", exists=True)).targets)


def test_links_are_replaced_and_code_is_not() -> None:
    text = "[[A]] en [[A|naam]] en `[[A]]`\r\n\r\n```\n[[A]]\n```\n\n    [[A]]\n"
    assert rename(text) == "[[Beter]] en [[Beter|naam]] en `[[A]]`\r\n\r\n```\n[[A]]\n```\n\n    [[A]]\n"


def test_the_label_in_a_table_stays() -> None:
    assert (
        rename("| k | l |\n|---|---|\n| [[A\\|x]] | [[A]] |") == "| k | l |\n|---|---|\n| [[Beter\\|x]] | [[Beter]] |"
    )


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_the_parser_takes_for_a_link_is_replaced_and_nothing_else(text: str) -> None:
    new = rename(text)
    assert not {target for target in targets(new) if target.lower() == "a"}
    assert [target for target in targets(text) if target.lower() != "a"] == [
        target for target in targets(new) if target != "Beter"
    ]
    assert replace_targets(text, lambda target: None) == text


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("Gewoon", True),
        ("R&D", True),
        ("a_b_c", True),
        ("x]y", False),
        ("a|b", False),
        ("deel `a`", False),
        ("", False),
    ],
)
def test_which_words_can_stand_between_brackets(words: str, fits: bool) -> None:
    assert is_target(words) is fits


def test_a_text_too_heavy_to_lay_out_has_no_links() -> None:
    text = "[[A]] " + "[" * 60_000
    assert rename(text) == text
