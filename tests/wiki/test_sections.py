"""Sections of a text: cut, filled, found again, and merged so that nothing outside them can clash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.markup import Link, render
from proeftuin.wiki import sections
from proeftuin.wiki.sections import SectionGone

TEXT = """\
Vooraf.

## Regels

Ziekte telt niet mee.

### Uitzondering

Behalve op zondag.

## Doen
Kwartaalcijfers naar de OR.
"""
LINES = st.sampled_from(
    ["", "# A", "## B", "### C", "tekst", "---", "===", "```", "- punt", "    code", "> # q", "woord twee"]
)
TEXTS = st.lists(LINES, max_size=14).map("\n".join)


def _address(text: str, address: str) -> sections.Section | None:
    return sections.find(text, render(text, resolve=lambda target: Link("/x", True)).headings, address)


@given(TEXTS, TEXTS)
def test_a_section_put_back_unchanged_is_the_same_text(text: str, typed: str) -> None:
    for section in sections.split(text):
        assert section.before + section.text + section.gap + section.after == text
        assert section.filled_with(section.text) == text
        assert section.taken_from(section.filled_with(typed)) == typed.strip("\n")


def test_a_section_runs_to_the_next_heading_of_its_level_and_holds_those_below() -> None:
    rules = _address(TEXT, "kop-regels")
    assert rules is not None
    assert rules.text == "## Regels\n\nZiekte telt niet mee.\n\n### Uitzondering\n\nBehalve op zondag."
    below = _address(TEXT, "kop-uitzondering")
    assert below is not None
    assert below.text == "### Uitzondering\n\nBehalve op zondag."
    assert _address(TEXT, "kop-bestaat-niet") is None


def test_a_heading_in_a_list_leads_to_the_section_around_it() -> None:
    found = _address("## Buiten\n\n- # Binnen\n\n## Verder", "kop-binnen")
    assert found is not None
    assert found.heading == "Buiten"


@pytest.mark.parametrize(
    "newest",
    [
        TEXT.replace("Vooraf.", "Vooraf, en meer.\n\n## Nieuw\n\nErbij."),
        TEXT.replace("## Doen\nKwartaalcijfers", "## Gedaan\nJaarcijfers"),
        TEXT.replace("Behalve op zondag.\n\n## Doen", "Behalve op zondag.\n\n## Tussen\n\nIets.\n\n## Doen"),
        TEXT.replace("## Regels", "## Spelregels"),
        "## Doen\nKwartaalcijfers naar de OR.\n\n" + TEXT[TEXT.index("## Regels") : TEXT.index("## Doen")],
    ],
)
def test_what_others_do_outside_the_section_never_clashes(newest: str) -> None:
    exception = sections.split(TEXT)[1]
    mine = exception.filled_with("### Uitzondering\n\nBehalve op feestdagen.")
    merged = sections.merged(TEXT, mine, newest, exception.number)
    assert merged.is_clean
    assert merged.text == newest.replace("zondag", "feestdagen")


def test_a_clash_holds_nothing_but_the_section() -> None:
    doing = sections.split(TEXT)[2]
    mine = doing.filled_with("## Doen\nCijfers per maand naar de OR.")
    newest = TEXT.replace("Kwartaalcijfers naar de OR.", "Jaarcijfers naar HR.").replace("Vooraf.", "Vooraf!")
    merged = sections.merged(TEXT, mine, newest, doing.number)
    (passage,) = merged.conflicts
    assert (passage.base, passage.theirs) == ("Kwartaalcijfers naar de OR.", "Jaarcijfers naar HR.")
    assert merged.with_choices([passage.theirs]) == newest


def test_a_section_that_is_gone_is_said_to_be_gone() -> None:
    doing = sections.split(TEXT)[2]
    with pytest.raises(SectionGone):
        sections.merged(TEXT, TEXT, TEXT[: TEXT.index("## Doen")], doing.number)


@given(TEXTS, TEXTS, TEXTS, st.data())
def test_outside_the_section_the_newest_text_stands_letter_for_letter(
    base: str, typed: str, newest: str, data: st.DataObject
) -> None:
    found = sections.split(base)
    if not found:
        return
    section = data.draw(st.sampled_from(found))
    try:
        merged = sections.merged(base, section.filled_with(typed), newest, section.number)
    except SectionGone:
        return
    now = sections.locate(section, newest)
    assert now is not None
    whole = merged.with_choices(["keuze"] * len(merged.conflicts))
    assert whole.startswith(now.before.removesuffix("\n"))
    assert whole.endswith(now.after)
