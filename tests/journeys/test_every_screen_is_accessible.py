"""Every screen, wide in the light and narrow in the dark: no barrier that a machine can see, no sideways scrolling.

Everything that is wrong is collected first, so that one run tells all. With PROEFTUIN_SCREENSHOTS set to a folder, a
picture of every screen at both sizes is kept there for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from proeftuin import create_app
from tests.conftest import settings_for_tests
from tests.journeys.barriers import NARROW, WIDE, Look, complaints, look_at
from tests.journeys.conftest import Visitor
from tests.journeys.screens import IN_ENGLISH, SCREENS, SCREENS_IN_ENGLISH, Screen

NOT_A_SCREEN = {
    "assets.file",
    "audit.growth",
    "audit.proof",
    "audit.take_bundle",
    "audit.take_verifier",
    "deviations.draft_paragraphs",
    "deviations.draft_paragraphs_next",
    "evidence.deviation_json",
    "evidence.pack_article",
    "evidence.pack_asked",
    "evidence.pack_deviation",
    "evidence.pack_period",
    "evidence.pack_pilot",
    "evidence.register_file",
    "exchange.take_zip",
    "files.content",
    "files.smaller",
    "files.upload_state",
    "following.pilot_feed",
    "following.site_feed",
    "outcomes.figures_file",
    "talk.permalink",
    "web.healthz",
    "web.readyz",
    "wiki.permanent",
    "wiki.permanent_version",
    "wiki.present",
    "wiki.titles",
}
"""What answers a GET with something else than a page of its own."""
BETWEEN_PASSWORD_AND_CODE = {"accounts.enrol_form", "accounts.second_step_form"}
"""Screens of nobody of the demo, who come in with one click; `test_second_step.py` looks at them."""


def test_every_screen_in_dutch(visit: Visitor, tmp_path: Path) -> None:
    """All of them, by whoever they belong to; an address that no screen has is missing in the list."""
    names = [screen.name for screen in SCREENS]
    assert sorted(set(names)) == sorted(names)
    seen = _expect_nothing_wrong(visit, SCREENS, "nl")
    app = create_app(settings_for_tests(tmp_path, f"sqlite:///{tmp_path / 'unused.db'}"))
    addresses = app.url_map.bind("localhost")
    found = {addresses.match(path, method="GET")[0] for path in seen if addresses.test(path, method="GET")}
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert readable - NOT_A_SCREEN - BETWEEN_PASSWORD_AND_CODE - found == set()


def test_a_sample_of_screens_in_english(visit: Visitor) -> None:
    """The screens speak English, the words of colleagues stay Dutch and say so."""
    page = visit(IN_ENGLISH, "/mijn")
    page.get_by_role("contentinfo").get_by_role("button", name="English").click()
    _expect_nothing_wrong(visit, SCREENS_IN_ENGLISH, "en")


def _expect_nothing_wrong(visit: Visitor, screens: Iterable[Screen], language: str) -> set[str]:
    windows: dict[str | None, Page] = {}
    wrong: list[str] = []
    seen: set[str] = set()
    for screen in screens:
        page = windows.get(screen.who) or windows.setdefault(screen.who, _window(visit, screen.who))
        look_at(page, WIDE)
        try:
            screen.open(page)
            page.wait_for_load_state()
        except (AssertionError, Error) as reason:
            wrong.append(f"{screen.name}: cannot be reached: {str(reason)[:600]}")
            continue
        seen.add(urlsplit(page.url).path)
        for look in (WIDE, NARROW):
            if look is NARROW:
                look_at(page, look)
            wrong += [f"{screen.name} at {look.size['width']}: {what}" for what in complaints(page, look, language)]
            _picture(page, screen.name, look)
    if wrong:
        pytest.fail(f"{len(wrong)} things are wrong:\n" + "\n".join(wrong), pytrace=False)
    return seen


def _window(visit: Visitor, who: str | None) -> Page:
    page = visit(who, "/inloggen" if who is None else "/mijn")
    page.set_default_timeout(4000)
    return page


def _picture(page: Page, name: str, look: Look) -> None:
    folder = os.environ.get("PROEFTUIN_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{look.size['width']}.png", full_page=True, animations="disabled")
