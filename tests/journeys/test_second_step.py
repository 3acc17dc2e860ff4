"""A union officer from outside: invited until a day, in with an app, back with a code, and in without the phone."""

from __future__ import annotations

import email
import email.policy
import re
import time
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import Download, Page, expect

from proeftuin import clock
from tests.journeys.barriers import NARROW, WIDE, complaints, look_at
from tests.journeys.conftest import Visitor, open_groups
from tests.journeys.steps import path_of, press, sees_heading

NAME, ADDRESS = "Wieke Terpstra", "w.terpstra@bond.example"
PASSWORD = "drie lepelaars achter de dijk"
LAST_DAY = (clock.today() + timedelta(days=200)).isoformat()


def test_a_union_officer_comes_in_with_an_app_and_later_without_it(visit: Visitor, data_dir: Path) -> None:
    """The codes are those of an app that was told the secret on the screen; each works once."""
    _invites(visit("Daan Wolters", "/beheer/mensen/nieuw"))
    page = visit(None, _link_in_letter(data_dir / "outbox"))
    page.get_by_label("Nieuw wachtwoord").fill(PASSWORD)
    press(page, "Bewaar wachtwoord")
    _gives_password(page, "/wijzigingen")
    sees_heading(page, "Tweede stap instellen")
    _has_no_barriers(page)
    app = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 0")
    _types(page, _other_than(app.now()))
    press(page, "Zet de tweede stap aan")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    _types(page, app.now())
    press(page, "Zet de tweede stap aan")
    sees_heading(page, "Bewaar je herstelcodes")
    _has_no_barriers(page)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert _saved(page) == codes
    page.get_by_role("link", name="Ik heb ze bewaard, verder").click()
    assert path_of(page) == "/wijzigingen"

    _signs_out(page)
    _gives_password(page, "/proeftuinen/maandkeuze")
    sees_heading(page, "Vul de code in")
    expect(page.get_by_label("Code uit de app")).to_be_focused()
    _has_no_barriers(page)
    _types(page, app.at(clock.now() + timedelta(seconds=30)))  # not the one that set it up
    press(page, "Inloggen")
    sees_heading(page, "Maandkeuze")

    _signs_out(page)
    _gives_password(page, "/mijn")
    _types(page, codes[0])
    press(page, "Inloggen")
    sees_heading(page, "Tweede stap bij het inloggen")
    expect(page.get_by_text("Je hebt er nog 9.")).to_be_visible()
    _has_no_barriers(page)

    _signs_out(page)
    _gives_password(page, "/mijn")
    _types(page, codes[0])
    press(page, "Inloggen")
    expect(page.locator("[data-error-summary]")).to_contain_text("Deze code klopt niet")
    page.goto("/mijn")
    expect(page).to_have_url(re.compile("/inloggen"))


def _invites(page: Page) -> None:
    page.get_by_label("Voor- en achternaam").fill(NAME)
    page.get_by_label("E-mailadres").fill(ADDRESS)
    page.get_by_label("Functie", exact=True).fill("vakbondsbestuurder")
    page.get_by_label("Werkt niet bij dit bedrijf").check()
    press(page, "Maak account en nodig uit")
    expect(page.locator("[data-error-summary]")).to_contain_text("Kies de laatste dag")
    page.get_by_label("Laatste dag van het account").fill(LAST_DAY)
    page.get_by_label("Partij", exact=True).select_option(label="Vakbond De Schakel")
    press(page, "Maak account en nodig uit")
    sees_heading(page, NAME)


def _gives_password(page: Page, destination: str) -> None:
    page.goto(f"/inloggen?next={destination}")
    open_groups(page)
    page.get_by_label("E-mailadres").fill(ADDRESS)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    press(page, "Inloggen")


def _types(page: Page, code: str) -> None:
    page.get_by_label("Code uit de app").fill(code)


def _other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def _signs_out(page: Page) -> None:
    page.context.clear_cookies()


def _saved(page: Page) -> list[str]:
    with page.expect_download() as waiting:
        press(page, "Bewaar als bestand")
    download: Download = waiting.value
    assert download.suggested_filename == "proeftuin-herstelcodes.txt"
    return re.findall(r"\d{4}-\d{4}-\d{4}-\d{4}", Path(download.path()).read_text())


def _has_no_barriers(page: Page) -> None:
    for look in (WIDE, NARROW):
        look_at(page, look)
        assert complaints(page, look, "nl") == []


def _link_in_letter(outbox: Path) -> str:
    """Wait for the letter: mail is sent after the commit, by the worker."""
    for _ in range(100):
        for path in sorted(outbox.glob("*.eml")) if outbox.exists() else []:
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body()
            if letter["To"] and ADDRESS in str(letter["To"]) and body is not None:
                found = re.search(r"http://[^/\s]+(/wachtwoord/kiezen/\S+)", body.get_content())
                assert found is not None
                return found.group(1)
        time.sleep(0.1)
    raise AssertionError("no letter was sent to the newcomer")
