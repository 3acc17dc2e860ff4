"""The steps that many stories take, each as a colleague would take it on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Route, expect

HALF = "/proeftuinen/het-team-verdeelt-de-helft"
"""A running pilot of the demo company: Ruud Dijkman leads it, Carla Fernandes is in its team."""
LEAD, SECOND = "Ruud Dijkman", "Carla Fernandes"
READER, STARTER = "Lieke Vermaat", "Kees Bakker"
"""Two colleagues who are in no team."""


def path_of(page: Page) -> str:
    """Return where the browser is, without host and query."""
    return urlsplit(page.url).path


def sees_heading(page: Page, text: str | re.Pattern[str]) -> None:
    """Expect a page that has this as its one heading of the first level, and wait until its scripts are there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()


def press(page: Page, button: str) -> None:
    """Press the button with exactly this name in the text of the page."""
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def send(page: Page, button: str) -> None:
    """Press the button of a form and wait until the page that answers is there."""
    with page.expect_navigation():
        press(page, button)


def text_box(page: Page) -> Locator:
    """Return the text of the editor."""
    return page.locator("textarea[name=text]")


def make_page(
    page: Page, pilot: str, title: str, text: str, *, restricted: bool = False, kind: str = "gewoon"
) -> str:
    """Write a new page of a pilot and return its address."""
    page.goto(f"{pilot}/nieuwe-pagina?soort={kind}")
    page.get_by_label("Titel", exact=True).fill(title)
    text_box(page).fill(text)
    if restricted:
        page.get_by_label("Besloten").check()
    send(page, "Pagina maken")
    sees_heading(page, title)
    return path_of(page)


def save(page: Page) -> None:
    """Save the page that is being edited, and see that it is saved."""
    press(page, "Opslaan")
    expect(page).not_to_have_url(re.compile("/bewerken"))


def count_versions(page: Page, address: str) -> int:
    """Return how many versions a page has."""
    page.goto(f"{address}/geschiedenis")
    return page.locator("ol.versions > li").count()


@contextmanager
def slow_script(page: Page, name: str) -> Iterator[None]:
    """Hold back a script until the block is done."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    script = f"**/{name}"
    page.route(script, hold)
    yield
    for _try in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    assert held, "nobody asked for the script"
    for route in held:
        route.continue_()
    page.unroute(script)
