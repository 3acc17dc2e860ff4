"""What keeps people out of a screen, as far as a machine can see it: the rules of axe, and a few of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
RULES_ABOUT_LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "label"],
}
"""The rules whose outcome can be another one in another size or another scheme of colours."""
LOOK = """async (rules) => {
  // What still changes cannot be judged.
  for (let turn = 0; document.querySelector("[aria-busy=true]"); turn += 1) {
    if (turn > 200) throw new Error("something on this page stays busy");
    await new Promise((go) => setTimeout(go, 20));
  }
  const width = document.documentElement.clientWidth;
  const wide = document.scrollingElement.scrollWidth > innerWidth
    ? [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)
    : null;
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
  return {
    wide,
    titles: document.querySelectorAll("h1").length,
    title: document.title,
    language: document.documentElement.lang,
    twice: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, at, all) => all.indexOf(id) !== at),
    barriers: found.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${why(node)})`)),
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


def look_at(page: Page, look: Look) -> None:
    """Give the window its size and colours."""
    page.set_viewport_size(look.size)
    page.emulate_media(color_scheme=look.colours, reduced_motion="reduce")


def complaints(page: Page, look: Look, language: str) -> list[str]:
    """Return everything that is wrong with the page as it looks now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    about: dict[str, Any] = page.evaluate(LOOK, look.rules)
    found: list[str] = about["barriers"]
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
