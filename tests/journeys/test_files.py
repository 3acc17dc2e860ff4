"""Files in a real browser: by button, dragged and pasted; cut off half way and gone on with; without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, JSHandle, Page, Route, expect

from tests.files import crafted
from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, make_page, press, save, text_box

SHOWN = "Wat is er op de afbeelding te zien?"


def picture(name: str, colour: str = "teal") -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": crafted.picture("PNG", (1500, 900), colour)}


def carried(page: Page, name: str, kind: str, content: bytes) -> JSHandle:
    """Return what a browser hands over when a file is dropped or pasted."""
    return page.evaluate_handle(
        """([name, kind, bytes]) => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], name, { type: kind }));
          return carried;
        }""",
        [name, kind, list(content)],
    )


def test_files_come_in_by_button_by_dragging_and_by_pasting(visit: Visitor) -> None:
    """Each ends up in the text where the writer was, and on the page for who reads it."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Een bladzijde met bestanden", "Begin.\n\nEinde.")
    page.goto(f"{address}/bewerken")
    text_box(page).press("Control+End")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bestand", exact=True).click()
    chooser.value.set_files([picture("Kaart van de wijk.png")])
    press(page, "Zet in de tekst")
    expect(page.locator("[data-alt-error]")).to_contain_text("Beschrijf wat er te zien is")
    page.get_by_label(SHOWN).fill("Een blauwe kaart")
    page.get_by_label(SHOWN).press("Enter")
    expect(text_box(page)).to_have_value(
        re.compile(r"Einde\.\n\n!\[Een blauwe kaart\]\(bestand:Kaart-van-de-wijk\.png\)$")
    )
    drop = carried(page, "cijfers.csv", "text/csv", b"naam;aantal\nA;1\nB;2\n")
    text_box(page).dispatch_event("drop", {"dataTransfer": drop})
    press(page, "Zet in de tekst")
    expect(text_box(page)).to_have_value(re.compile(r"\[cijfers\.csv\]\(bestand:cijfers\.csv\)"))
    paste = carried(page, "image.png", "image/png", crafted.picture("PNG", (40, 30), "red"))
    text_box(page).evaluate(
        """(area, carried) => area.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }))""",
        paste,
    )
    page.get_by_label("Alleen versiering").check()
    press(page, "Zet in de tekst")
    expect(text_box(page)).to_have_value(re.compile(r"!\[\]\(bestand:image\.png\)"))
    save(page)
    reader = visit(READER, address)
    expect(reader.get_by_role("img", name="Een blauwe kaart")).to_be_visible()
    assert reader.get_by_role("img", name="Een blauwe kaart").evaluate("image => image.naturalWidth") > 0
    with reader.expect_download() as download:
        reader.get_by_role("link", name=re.compile("cijfers.csv")).click()
    assert download.value.suggested_filename == "cijfers.csv"


def test_what_is_no_file_for_here_is_refused_in_the_editor(visit: Visitor) -> None:
    """The sentence is shown, and the text stays as it was."""
    page = visit(LEAD)
    address = make_page(page, HALF, "Een bladzijde zonder tekening", "Tekst.")
    page.goto(f"{address}/bewerken")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Bestand", exact=True).click()
    drawing: FilePayload = {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg></svg>"}
    chooser.value.set_files([drawing])
    page.get_by_label(SHOWN).fill("Een tekening")
    press(page, "Zet in de tekst")
    expect(page.locator("[data-place] [data-upload-status]")).to_contain_text("SVG")
    press(page, "Annuleren")
    expect(page.locator("[data-place]")).to_be_hidden()
    expect(text_box(page)).to_have_value("Tekst.")


def test_a_cut_connection_and_a_closed_window_cost_no_more_than_a_piece(visit: Visitor) -> None:
    """After two pieces the line goes dead; another window goes on with the third when the same file is chosen."""
    content = crafted.pdf(head=b"%" + b"x" * 4_500_000 + b"\n")
    large: FilePayload = {"name": "verslag.pdf", "mimeType": "application/pdf", "buffer": content}
    page = visit(LEAD)
    address = make_page(page, HALF, "Een bladzijde met een groot verslag", "Tekst.")
    page.goto(f"{address}/bestanden")
    pieces = []

    def cut(route: Route) -> None:
        pieces.append(route.request.url)
        if len(pieces) > 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(re.compile("/bestanden/onderweg/.+vanaf="), cut)
    page.get_by_label("Bestand", exact=True).set_input_files(large)
    expect(page.locator("[data-upload-status]")).to_contain_text("De verbinding is weg")
    page.close()
    again = visit(LEAD, f"{address}/bestanden")
    sent: list[str] = []
    again.on("request", lambda request: sent.append(request.url) if "vanaf=" in request.url else None)
    again.get_by_label("Bestand", exact=True).set_input_files(large)
    expect(again.locator("[data-upload-status]")).to_contain_text("Het bestand is binnen.")
    assert sent[0].endswith("vanaf=2000000"), sent
    press(again, "Voeg toe")
    expect(again.locator(".flashes")).to_contain_text("verslag.pdf is toegevoegd.")
    with again.expect_download() as download:
        again.get_by_role("link", name="verslag.pdf").click()
        again.get_by_role("link", name=re.compile("^Download")).click()
    assert download.value.path().read_bytes() == content


@pytest.mark.parametrize("refused", [False, True])
def test_a_file_is_added_without_scripts(visit: Visitor, refused: bool) -> None:
    """The form alone does it, and a file that was sent need not be chosen again."""
    options: dict[str, Any] = {"java_script_enabled": False}
    page = visit(LEAD, **options)
    address = make_page(page, HALF, f"Een bladzijde zonder script {int(refused)}", "Tekst.")
    page.get_by_role("link", name="Bestanden", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("Nog geen bestanden")
    page.get_by_label("Bestand", exact=True).set_input_files(picture("kaart.png"))
    if refused:
        press(page, "Voeg toe")
        expect(page.get_by_role("alert")).to_contain_text("Beschrijf wat er te zien is")
        expect(page.get_by_role("main")).to_contain_text("kaart.png is binnen")
    page.get_by_label(SHOWN).fill("Een kaart")
    press(page, "Voeg toe")
    expect(page.locator(".flashes")).to_contain_text("kaart.png is toegevoegd.")
    page.get_by_role("main").get_by_role("link", name="kaart.png").click()
    expect(page.get_by_role("img", name="Een kaart")).to_be_visible()
    page.get_by_role("link", name="Bestand weghalen").click()
    page.get_by_label("Waarom haal je het weg?").fill("Niet meer nodig.")
    press(page, "Haal weg")
    expect(page.get_by_role("main")).to_contain_text("Niet meer nodig.")
    assert address
