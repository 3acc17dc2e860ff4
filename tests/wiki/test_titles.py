"""Titles and the addresses made of them."""

from __future__ import annotations

import pytest

from proeftuin.errors import Invalid
from proeftuin.web.application import Application
from proeftuin.wiki.titles import MAX_TITLE, RESERVED, checked_title, free_slug


def test_no_page_can_have_the_address_of_a_fixed_screen(app: Application) -> None:
    fixed = set()
    for rule in app.url_map.iter_rules():
        parts = rule.rule.strip("/").split("/")
        if len(parts) >= 3 and parts[0] == "proeftuinen" and parts[1].startswith("<"):
            fixed.add(parts[2])
        if len(parts) >= 2 and parts[0] == "wiki":
            fixed.add(parts[1])
    words = {word for word in fixed if not word.startswith("<")}
    assert words  # the routes were found
    assert words <= RESERVED


def test_a_title_is_one_line_in_one_form_without_hidden_characters() -> None:
    assert checked_title("  Cafe\u0301 \u202eneercs\u202c\n \u200bnu ") == "Café neercs nu"


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u202e", "\u0301", "x" * (MAX_TITLE + 1), "ﷺ" * 20])
def test_a_title_of_nothing_or_too_much_is_refused(title: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_title(title)
    assert set(refused.value.fields) == {"title"}


def test_an_address_that_is_taken_or_reserved_gets_a_number() -> None:
    assert free_slug("C++", {"c"}) == "c-2"
    assert free_slug("C#", {"c", "c-2"}) == "c-3"
    assert free_slug("Geschiedenis", ()) == "geschiedenis-2"
    assert free_slug("日本", ()) == "pagina"
