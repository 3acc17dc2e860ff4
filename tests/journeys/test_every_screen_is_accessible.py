"""Every screen, wide in the light and narrow in the dark: no barrier that a machine can see, no sideways scrolling.

Everything that is wrong is collected first, so that one run tells all. With PROEFTUIN_SCREENSHOTS set to a folder, a
picture of every screen at both sizes is kept there for people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, ViewportSize

from tests.journeys.conftest import Visitor
from tests.journeys.screens import IN_ENGLISH, SCREENS, SCREENS_IN_ENGLISH, Screen

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
RULES_ABOUT_LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "label"],
}
"""The rules whose outcome can be another one in another size or another scheme of colours."""
RUN_AXE = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${why(node)})`));
}"""
ABOUT_PAGE = """() => {
  const width = document.documentElement.clientWidth;
  const wide = document.scrollingElement.scrollWidth > innerWidth
    ? [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)
    : null;
  return {
    wide,
    titles: document.querySelectorAll("h1").length,
    title: document.title,
    language: document.documentElement.lang,
    twice: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at),
  };
}"""


@dataclass(frozen=True)
class Look:
    """A size of the window in a scheme of colours."""

    size: ViewportSize
    colours: Literal["light", "dark"]
    rules: dict[str, Any]


WIDE = Look({"width": 1280, "height": 900}, "light", EVERY_RULE)
NARROW = Look({"width": 320, "height": 640}, "dark", RULES_ABOUT_LOOKS)


def test_every_screen_in_dutch(visit: Visitor) -> None:
    """All of them, by whoever they belong to."""
    _expect_nothing_wrong(visit, SCREENS, "nl")


def test_a_sample_of_screens_in_english(visit: Visitor) -> None:
    """The screens speak English, the words of colleagues stay Dutch and say so."""
    page = visit(IN_ENGLISH, "/mijn")
    page.get_by_role("contentinfo").get_by_role("button", name="English").click()
    _expect_nothing_wrong(visit, SCREENS_IN_ENGLISH, "en")


def _expect_nothing_wrong(visit: Visitor, screens: Iterable[Screen], language: str) -> None:
    windows: dict[str | None, Page] = {}
    wrong: list[str] = []
    for screen in screens:
        page = windows.get(screen.who) or windows.setdefault(screen.who, _window(visit, screen.who))
        _look(page, WIDE)
        try:
            screen.open(page)
        except (AssertionError, Error) as reason:
            wrong.append(f"{screen.name}: cannot be reached: {str(reason)[:600]}")
            continue
        page.evaluate(AXE_SCRIPT)
        for look in (WIDE, NARROW):
            _look(page, look)
            wrong += [f"{screen.name} at {look.size['width']}: {what}" for what in _complaints(page, look, language)]
            _picture(page, screen.name, look)
    if wrong:
        pytest.fail(f"{len(wrong)} things are wrong:\n" + "\n".join(wrong), pytrace=False)


def _window(visit: Visitor, who: str | None) -> Page:
    page = visit(who, "/inloggen" if who is None else "/mijn")
    page.set_default_timeout(4000)
    return page


def _look(page: Page, look: Look) -> None:
    page.set_viewport_size(look.size)
    page.emulate_media(color_scheme=look.colours, reduced_motion="reduce")


def _complaints(page: Page, look: Look, language: str) -> list[str]:
    about: dict[str, Any] = page.evaluate(ABOUT_PAGE)
    found: list[str] = page.evaluate(RUN_AXE, look.rules)
    if about["wide"] is not None:
        found.append(f"scrolls sideways because of {about['wide']}")
    if about["titles"] != 1:
        found.append(f"has {about['titles']} headings of the first level")
    if not about["title"].endswith(" – Proeftuin") or about["title"].startswith(" –"):
        found.append(f"has the title {about['title']!r}")
    if about["language"] != language:
        found.append(f"says that it is in {about['language']!r}")
    if about["twice"]:
        found.append(f"has the same id twice: {about['twice']}")
    return found


def _picture(page: Page, name: str, look: Look) -> None:
    folder = os.environ.get("PROEFTUIN_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}-{look.size['width']}.png", full_page=True, animations="disabled")
