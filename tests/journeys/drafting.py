"""The way to the screens of drafting: HR drafts a deviation, checks it, submits it and begins the next version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from proeftuin import clock
from tests.journeys.steps import HALF, path_of, press, send

HR = "Esra Yildiz"
NEW = f"/afwijkingen/nieuw?proeftuin={HALF.rpartition('/')[2]}"
WORDS = {
    "group": "Deelnemers van Rail & Tram",
    "max_participants": "12",
    "selection": "Wie zich aanmeldt.",
    "direction_note": "Iedereen houdt ten minste evenveel.",
    "shifts": "Niets.",
    "guarantee": "Nooit minder dan de cao.",
    "fallback_person": "De volgende maand terug naar de cao.",
    "fallback_all": "De volgende maand terug naar de cao.",
    "equal_treatment": "Nagegaan voor deeltijders.",
    "consent_ground": "27.1.c",
    "basis_reason": "De cao staat proeven toe.",
    "reporting": "Elk kwartaal aan bonden en OR.",
}
CHOICES = {"is_voluntary": "ja", "direction": "neutraal", "consent": "vereist", "basis": "experimenteerartikel"}
DAYS = {"valid_from": 60, "valid_until": 260, "evaluate_by": 190}
_made: dict[str, str] = {}


def draft(page: Page, title: str = "Proeven met reistijd", article: str = "1.6") -> str:
    """Begin a draft, choose a paragraph, and return its address."""
    page.goto(NEW)
    page.get_by_label("Titel").fill(title)
    send(page, "Begin")
    address = path_of(page)
    page.get_by_label("Kies een artikel").fill(article)
    expect(page.locator("[data-paragraphs] input[name=lid]").first).to_be_visible()
    page.locator("[data-paragraphs] input[name=lid]").first.check()
    press(page, "Neem over in de afwijking")
    return address


def complete(page: Page, title: str = "Proeven met deeltijd", article: str = "1.6") -> str:
    """Draft everything, do the legal check, and stand before the question to confirm; return the address."""
    address = draft(page, title, article)
    page.get_by_label("Dit geldt in plaats daarvan").fill("Voor deelnemers telt elke dag even zwaar.")
    for name, words in WORDS.items():
        page.locator(f"#{name}").fill(words)
    for name, value in CHOICES.items():
        page.locator(f"[name={name}][value={value}]").check()
    for name, days in DAYS.items():
        page.locator(f"#{name}").fill((clock.today() + timedelta(days=days)).isoformat())
    send(page, "Bewaar als concept")
    page.goto(f"{address}/toets")
    page.locator("[name=references]").first.check()
    page.get_by_label("Binnen de wet").check()
    send(page, "Zet de toets in het concept")
    page.goto(f"{address}/voorleggen")
    return address


def screen(tail: str) -> Callable[[Page], None]:
    """Return the way to a screen of a draft that was never submitted."""

    def go(page: Page) -> None:
        if "draft" not in _made:
            _made["draft"] = draft(page)
        page.goto(_made["draft"] + tail)

    return go


def gate(page: Page) -> None:
    """Go to the question to confirm."""
    complete(page, "Klaar om voor te leggen")


def next_screen(tail: str) -> Callable[[Page], None]:
    """Return the way to a screen of the draft of a next version."""

    def go(page: Page) -> None:
        if "next" not in _made:
            complete(page)
            send(page, "Ja, leg versie 1 voor")
            _made["next"] = f"{path_of(page)}/bewerken"
            page.goto(_made["next"])
            send(page, "Wijziging voorbereiden")
        page.goto(_made["next"] + tail)

    return go


def choose_next(page: Page) -> None:
    """Go to the page that asks what the next version is."""
    complete(page, "Voor een volgende versie", "7.2")
    send(page, "Ja, leg versie 1 voor")
    page.goto(f"{path_of(page)}/bewerken")
