"""Whatever happens between typing and saving, the text is still there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.journeys.conftest import Visitor, open_groups
from tests.journeys.steps import (
    HALF,
    LEAD,
    count_versions,
    make_page,
    press,
    sees_heading,
    slow_script,
    text_box,
)

STILL_THERE = "Je was uitgelogd. Je tekst is er nog."
TYPED = "Een zin van vanmiddag,\nmet <tekens> & “aanhalingen”.\n\n\nEn een staart."


@pytest.fixture
def writer(visit: Visitor) -> Page:
    """Give a browser with a sign-in of its own, that may end."""
    return visit(LEAD, again=True)


def _edits(page: Page, title: str) -> str:
    address = make_page(page, HALF, title, "Wat er stond.")
    page.goto(f"{address}/bewerken")
    text_box(page).fill(TYPED)
    page.get_by_label("Wat heb je veranderd?").fill("Van vanmiddag")
    return address


def _goes_on_in_place(page: Page, address: str) -> None:
    """See the text, sign in again on that same page, and find it saved to the letter."""
    sees_heading(page, STILL_THERE)
    expect(page.locator(".typed").filter(has_text="Een zin van vanmiddag")).to_be_visible()
    open_groups(page)
    page.get_by_role("main").get_by_role("button", name=LEAD).click()
    _is_saved(page, address)


def _is_saved(page: Page, address: str) -> None:
    expect(page).to_have_url(re.compile(f"{address}$"))
    expect(page.get_by_role("main")).to_contain_text("En een staart.")
    page.goto(f"{address}/bewerken")
    expect(text_box(page)).to_have_value(TYPED)
    page.goto(f"{address}/geschiedenis")
    expect(page.get_by_role("main")).to_contain_text("Van vanmiddag")


def test_the_text_survives_when_the_cookies_are_gone(writer: Page) -> None:
    """The browser forgot who was there."""
    address = _edits(writer, "De koekjes zijn op")
    writer.context.clear_cookies()
    press(writer, "Opslaan")
    _goes_on_in_place(writer, address)


def test_the_text_survives_signing_out_in_another_tab(writer: Page) -> None:
    """The sign-in ended on the server."""
    address = _edits(writer, "De andere tab")
    other = writer.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Uitloggen").click()
    expect(other.get_by_role("link", name="Inloggen").first).to_be_visible()
    press(writer, "Opslaan")
    _goes_on_in_place(writer, address)


def test_the_text_survives_an_expired_token(writer: Page) -> None:
    """The form stood open for so long that its token is no good any more."""
    address = _edits(writer, "Een lange lunch")
    writer.locator("form[data-editor] input[name=csrf_token]").evaluate("field => { field.value = 'verlopen'; }")
    press(writer, "Opslaan")
    sees_heading(writer, "Dit formulier was te oud. Je tekst is er nog.")
    expect(writer.locator(".typed").filter(has_text="Een zin van vanmiddag")).to_be_visible()
    press(writer, "Verstuur")
    _is_saved(writer, address)


def test_the_text_survives_a_wrong_person_at_the_keyboard(writer: Page, visit: Visitor) -> None:
    """Someone who may not write signs in on the page that kept the text: refused, and the text is still shown."""
    _edits(writer, "De verkeerde stoel")
    writer.context.clear_cookies()
    press(writer, "Opslaan")
    open_groups(writer)
    writer.get_by_role("main").get_by_role("button", name="Onur Demir").click()
    expect(writer.get_by_role("main")).to_contain_text("Een zin van vanmiddag")
    expect(writer.get_by_role("main")).to_contain_text("En een staart.")


def test_leaving_is_warned_about_only_when_something_changed(writer: Page) -> None:
    """No question without a reason, and no loss without a question."""
    address = make_page(writer, HALF, "Weg zonder vragen", "Wat er stond.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    writer.on("dialog", stay)
    writer.goto(f"{address}/bewerken")
    text_box(writer).click()
    writer.get_by_role("link", name="Annuleren").click()
    sees_heading(writer, "Weg zonder vragen")
    assert asked == []

    writer.goto(f"{address}/bewerken")
    text_box(writer).press_sequentially("Iets nieuws. ")
    writer.get_by_role("link", name="Annuleren").click(no_wait_after=True)
    expect(text_box(writer)).to_have_value("Iets nieuws. Wat er stond.")
    writer.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    press(writer, "Opslaan")
    sees_heading(writer, "Weg zonder vragen")
    assert asked == ["beforeunload"]


def test_leaving_is_warned_about_when_it_was_typed_before_the_script_was_there(writer: Page) -> None:
    """A form that keeps no draft: what was typed on a slow line counts too."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    writer.on("dialog", stay)
    with slow_script(writer, "proeftuin.js"):
        writer.goto(f"{HALF}/beloften", wait_until="commit")
        writer.get_by_label("Wat beloven jullie?").fill("Vroeg getypt.")
    writer.wait_for_load_state()
    writer.goto("/begrippen")
    assert asked == ["beforeunload"]


def test_saving_with_a_double_click_makes_one_version(writer: Page) -> None:
    """A hurried hand does not write history twice."""
    address = make_page(writer, HALF, "Dubbelklik", "Wat er stond.")
    writer.goto(f"{address}/bewerken")
    text_box(writer).fill("Wat er komt te staan.")
    writer.get_by_role("main").get_by_role("button", name="Opslaan", exact=True).dblclick()
    sees_heading(writer, "Dubbelklik")
    assert count_versions(writer, address) == 2
