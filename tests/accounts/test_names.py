"""Names that look alike, and addresses that mail can be sent to."""

from __future__ import annotations

import pytest

from proeftuin.accounts.names import clean_email, clean_name, look_alike_key
from proeftuin.errors import Invalid


@pytest.mark.parametrize(
    "other",
    [
        "daan wolters",
        "DAAN  WOLTERS ",
        "Dáän Wölters",
        "D\u0430\u0430n W\u043elters",  # Cyrillic а and о
        "Daan W\u03bflters",  # Greek omicron
        "D\u0391\u0391N WOLTERS",  # Greek capitals
        "Daan\u200b Wolters",  # zero width space
        "Da\u200dan Wolters",
        "Daan\u00a0Wolters",
        "Ｄａａｎ Wolters",  # full width
        "Daan W0lters",
    ],
)
def test_names_that_look_the_same_have_the_same_key(other: str) -> None:
    assert look_alike_key(other) == look_alike_key("Daan Wolters")


@pytest.mark.parametrize("other", ["Daan Wolter", "Dean Wolters", "Iris Wolters", "Daan van Wolters"])
def test_names_that_differ_to_the_eye_have_another_key(other: str) -> None:
    assert look_alike_key(other) != look_alike_key("Daan Wolters")


def test_dashes_and_apostrophes_are_one_dash_and_one_apostrophe() -> None:
    assert look_alike_key("Anne–Marie d’Hont") == look_alike_key("Anne-Marie d'Hont")


@pytest.mark.parametrize("raw", ["", "   ", "\u200b\u202e", "123", "--", "🙂"])
def test_a_name_without_a_letter_is_refused(raw: str) -> None:
    with pytest.raises(Invalid):
        clean_name(raw)


def test_a_name_loses_its_invisible_characters_and_keeps_the_rest() -> None:
    assert clean_name(" Zoë\u202e  d’Hont\n") == "Zoë d’Hont"


def test_a_name_of_more_than_120_characters_is_refused() -> None:
    assert clean_name("é" * 120) == "é" * 120
    with pytest.raises(Invalid):
        clean_name("é" * 121)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "wim",
        "wim@",
        "@bedrijf.nl",
        "wim@@bedrijf.nl",
        "wim bos@bedrijf.nl",
        "wim@bedrijf.nl, jan@bedrijf.nl",
        "Wim <wim@bedrijf.nl>",
        "wim@-bedrijf.nl",
        "wim@bedrijf..nl",
        "wïm@bedrijf.nl",
        "a" * 65 + "@bedrijf.nl",
        "wim@" + "a" * 200 + ".nl",
    ],
)
def test_an_address_that_cannot_get_mail_is_refused(raw: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_email(raw)
    assert "email" in refused.value.fields


def test_an_address_is_kept_in_small_letters() -> None:
    assert clean_email("  Wim.De-Boer+x@Bedrijf.NL ") == "wim.de-boer+x@bedrijf.nl"
    assert clean_email("beheer@localhost") == "beheer@localhost"
