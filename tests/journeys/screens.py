"""Every screen of the product, and how someone gets there. A screen that is made must be added here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.journeys.conftest import open_groups
from tests.journeys.steps import HALF, LEAD, READER, STARTER, make_page, press, text_box

Way = Callable[[Page], None]
ADMINISTRATOR, COUNCIL, LEAD_OF_CONCEPT = "Daan Wolters", "Saskia de Wit", STARTER
MEASURES = f"{HALF}/de-maatstaven"
PAUSED, STOPPED = "/proeftuinen/vier-lange-dagen", "/proeftuinen/zelf-roosteren-bij-de-meetploegen"
EVALUATED, PREPARED = "/proeftuinen/afspraak-is-afspraak", "/proeftuinen/maandkeuze"


@dataclass(frozen=True)
class Screen:
    """One screen: its name, whose it is (nobody is a visitor), and the address or the way to it."""

    name: str
    who: str | None
    way: str | Way
    status: int = 200

    def open(self, page: Page) -> None:
        """Go there and see that it is what was asked for."""
        if callable(self.way):
            self.way(page)
            return
        response = page.goto(self.way)
        assert response is not None
        assert response.status == self.status, f"{self.way} answers {response.status}"


def _first(path: str, links: str) -> Way:
    def go(page: Page) -> None:
        page.goto(path)
        found = page.get_by_role("main").locator(links).first.get_attribute("href")
        assert found is not None
        page.goto(found)

    return go


def _thread(page: Page) -> None:
    _first(f"{HALF}/gesprek", 'a[href^="/gesprek/"]')(page)


def _reply(page: Page) -> None:
    _thread(page)
    page.get_by_role("link", name=re.compile("^Antwoord aan")).first.click()
    expect(page.locator("#reageer h2")).to_contain_text("Antwoord aan")


def _own_comment(page: Page, action: str) -> None:
    page.goto(f"{MEASURES}/gesprek")
    mine = page.locator('a[href$="/bewerken"][href^="/reacties/"]')
    if not mine.count():
        page.get_by_label("Je reactie").fill("Een reactie om te bekijken.\n\n- met een lijst\n- en een [[Rode link]]")
        press(page, "Plaats reactie")
    address = mine.first.get_attribute("href") or ""
    page.goto(address.replace("bewerken", action))


def _edit_comment(page: Page) -> None:
    _own_comment(page, "bewerken")


def _delete_comment(page: Page) -> None:
    _own_comment(page, "verwijderen")


def _comment_versions(page: Page) -> None:
    _edit_comment(page)
    text_box(page).fill("Een reactie die is verbeterd.")
    press(page, "Bewaar")
    _own_comment(page, "versies")


def _deleted_comment(page: Page) -> None:
    _delete_comment(page)
    gone = page.url.replace("verwijderen", "versies")
    press(page, "Verwijder mijn reactie")
    response = page.goto(gone)
    assert response is not None
    assert response.status == 410


def _preview(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    press(page, "Voorbeeld")


def _changes(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    text_box(page).fill(text_box(page).input_value() + "\n\nEn nog een alinea.")
    press(page, "Wijzigingen bekijken")
    expect(page.locator("#wijzigingen")).to_be_visible()


def _conflict(page: Page) -> None:
    title = "Een bladzijde voor twee"
    found = page.goto(f"{HALF}/een-bladzijde-voor-twee")
    address = f"{HALF}/een-bladzijde-voor-twee"
    if found is None or not found.ok:
        address = make_page(page, HALF, title, "Zo begon het.\n\nEn zo ging het verder.")
    page.goto(f"{address}/bewerken")
    page.locator("form[data-editor] input[name=base]").evaluate("field => { field.value = '1'; }")
    text_box(page).fill("Zo begon het volgens de een.\n\nEn zo ging het verder.")
    press(page, "Opslaan")
    page.goto(f"{address}/bewerken")
    page.locator("form[data-editor] input[name=base]").evaluate("field => { field.value = '1'; }")
    text_box(page).fill("Zo begon het volgens de ander.\n\nEn zo ging het verder.")
    press(page, "Opslaan")
    expect(page.locator(".theirs").first).to_be_visible()


def _expired(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    page.locator("form[data-editor] input[name=csrf_token]").evaluate("field => { field.value = 'verlopen'; }")
    press(page, "Opslaan")
    expect(page.locator(".typed").first).to_be_visible()


def _signed_out(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    kept = page.context.cookies()
    page.context.clear_cookies()
    press(page, "Opslaan")
    open_groups(page)
    expect(page.locator(".typed").first).to_be_visible()
    page.context.add_cookies([{k: v for k, v in cookie.items() if k != "partitionKey"} for cookie in kept])  # type: ignore[misc]


def _refused(path: str, button: str) -> Way:
    """Send a form as it opens; it is refused, with a summary of what is wrong."""

    def go(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main form').forEach((form) => { form.noValidate = true; })")
        press(page, button)
        expect(page.locator("[data-error-summary]")).to_be_visible()

    return go


def _plan_with_errors(page: Page) -> None:
    page.goto(f"{HALF}/bewerken")
    page.get_by_label("Titel", exact=True).fill("")
    page.get_by_label("Laatste dag (tot en met)").fill("2020-01-01")
    press(page, "Bewaar het plan")
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _wrong_password(page: Page) -> int:
    """Try a password that is wrong and return the status of the answer."""
    page.goto("/inloggen")
    open_groups(page)
    page.get_by_label("E-mailadres").fill("niemand@oeverbrug.example")
    page.get_by_label("Wachtwoord", exact=True).fill("een verkeerd wachtwoord")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        press(page, "Inloggen")
    page.wait_for_load_state()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    return answer.value.status


def _sign_in_error(page: Page) -> None:
    assert _wrong_password(page) == 422


def _too_often(page: Page) -> None:
    statuses = [_wrong_password(page) for _ in range(11)]
    assert statuses[-1] == 429, "a password can be guessed without end"


def _forgot(page: Page) -> None:
    page.goto("/wachtwoord/vergeten")
    page.get_by_label("E-mailadres").fill("niemand@oeverbrug.example")
    press(page, "Mail me een link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")


def _concept(page: Page) -> None:
    page.goto("/proeftuinen/nieuw")
    page.get_by_label("Titel", exact=True).fill("Een concept om te bekijken")
    press(page, "Bewaar als concept")
    expect(page).to_have_url(re.compile("/bewerken"))


def _concept_overview(page: Page) -> None:
    _first("/mijn", 'a[href^="/proeftuinen/concept-"]')(page)


def _typed_nonsense(page: Page) -> None:
    """A refusal that has no form of its own: the general page, with what was typed."""
    page.goto(f"{HALF}/gesprek")
    page.locator("#reageer form").evaluate("form => { form.action = '/gesprek/999999999/antwoord'; }")
    page.get_by_label("Je reactie").fill("Een reactie op een gesprek dat er niet is, of niet meer.")
    press(page, "Plaats reactie")
    expect(page.locator(".typed")).to_contain_text("Een reactie op een gesprek")


SCREENS = (
    Screen("voorpagina", READER, "/"),
    Screen("voorpagina-thema", READER, "/?thema=belonen"),
    Screen("voorpagina-klaar", READER, "/?fase=klaar"),
    Screen("voorpagina-niets", READER, "/?thema=loopbaan&fase=gepauzeerd"),
    Screen("proeftuin", READER, HALF),
    Screen("proeftuin-voortgang", READER, f"{HALF}/voortgang"),
    Screen("proeftuin-paginas", READER, f"{HALF}/paginas"),
    Screen("proeftuin-gesprek", READER, f"{HALF}/gesprek"),
    Screen("proeftuin-open-vragen", READER, f"{HALF}/gesprek?open=1"),
    Screen("proeftuin-geschiedenis", READER, f"{HALF}/geschiedenis"),
    Screen("proeftuin-meedoen", READER, f"{HALF}/meedoen"),
    Screen("proeftuin-team", READER, f"{HALF}/team"),
    Screen("proeftuin-risicos", READER, f"{HALF}/risicos"),
    Screen("proeftuin-beloften", READER, f"{HALF}/beloften"),
    Screen("proeftuin-gepauzeerd", READER, PAUSED),
    Screen("proeftuin-gestopt", READER, STOPPED),
    Screen("proeftuin-geevalueerd", READER, EVALUATED),
    Screen("proeftuin-voorbereiding", READER, PREPARED),
    Screen("proeftuin-or", COUNCIL, HALF),
    Screen("pagina", READER, MEASURES),
    Screen("pagina-geschiedenis", READER, f"{MEASURES}/geschiedenis"),
    Screen("pagina-oude-versie", READER, f"{MEASURES}/versies/2"),
    Screen("pagina-vergelijk", READER, f"{MEASURES}/vergelijk?van=2&naar=4"),
    Screen("pagina-vergelijk-onder-elkaar", READER, f"{MEASURES}/vergelijk?van=2&naar=4&weergave=onder-elkaar"),
    Screen("pagina-verwijzingen", READER, f"{MEASURES}/verwijzingen"),
    Screen("pagina-gesprek", READER, f"{MEASURES}/gesprek"),
    Screen("gesprek", READER, _thread),
    Screen("gesprek-antwoord", READER, _reply),
    Screen("gesprek-or", COUNCIL, f"{PAUSED}/gesprek"),
    Screen("reactie-wijzigen", READER, _edit_comment),
    Screen("reactie-versies", READER, _comment_versions),
    Screen("reactie-verwijderen", READER, _delete_comment),
    Screen("fout-410", READER, _deleted_comment),
    Screen("wijzigingen", READER, "/wijzigingen"),
    Screen("wijzigingen-niets", READER, "/wijzigingen?van=2020-01-01&tot=2020-01-02"),
    Screen("berichten", "Hanneke Jansma", "/mijn/berichten"),
    Screen("mijn", "Hanneke Jansma", "/mijn"),
    Screen("wachtwoord-veranderen", READER, "/mijn/wachtwoord"),
    Screen("sessies", READER, "/mijn/sessies"),
    Screen("zoeken", READER, "/zoeken?q=maatstaven"),
    Screen("zoeken-verfijnd", READER, "/zoeken?q=team&thema=belonen"),
    Screen("zoeken-alles", READER, "/zoeken?q="),
    Screen("zoeken-niets", READER, "/zoeken?q=onderzeeër"),
    Screen("begrippen", READER, "/begrippen"),
    Screen("hulp", READER, "/hulp"),
    Screen("hulp-gesprek", READER, "/wiki/hulp/gesprek"),
    Screen("site", READER, "/wiki"),
    Screen("fout-403", READER, f"{MEASURES}/bewerken", 403),
    Screen("fout-403-beheer", READER, "/beheer", 403),
    Screen("fout-404", READER, "/bestaat-niet", 404),
    Screen("fout-404-pagina", READER, f"{HALF}/bestaat-niet", 404),
    Screen("fout-404-getypt", READER, _typed_nonsense),
    Screen("beginnen", LEAD_OF_CONCEPT, "/proeftuinen/nieuw"),
    Screen("beginnen-fouten", LEAD_OF_CONCEPT, _refused("/proeftuinen/nieuw", "Verder naar voorbereiding")),
    Screen("concept-plan", LEAD_OF_CONCEPT, _concept),
    Screen("concept", LEAD_OF_CONCEPT, _concept_overview),
    Screen("trekker-proeftuin", LEAD, HALF),
    Screen("trekker-plan", LEAD, f"{HALF}/bewerken"),
    Screen("trekker-plan-fouten", LEAD, _plan_with_errors),
    Screen("trekker-team", LEAD, f"{HALF}/team"),
    Screen("trekker-team-fout", LEAD, _refused(f"{HALF}/team", "Voeg toe")),
    Screen("trekker-fasen", LEAD, f"{HALF}/fase"),
    Screen("trekker-fase", LEAD, f"{HALF}/fase?naar=afgerond"),
    Screen("trekker-fase-fouten", LEAD, _refused(f"{HALF}/fase?naar=afgebroken", "Stop de proeftuin")),
    Screen("trekker-risicos", LEAD, f"{HALF}/risicos"),
    Screen("trekker-risico", LEAD, _first(f"{HALF}/risicos", f'a[href^="{HALF}/risicos/"]')),
    Screen("trekker-beloften", LEAD, f"{HALF}/beloften"),
    Screen("trekker-belofte", LEAD, _first(f"{HALF}/beloften", f'a[href^="{HALF}/beloften/"]')),
    Screen("nieuwe-pagina", LEAD, f"{HALF}/nieuwe-pagina?soort=voortgang"),
    Screen("nieuwe-pagina-fouten", LEAD, _refused(f"{HALF}/nieuwe-pagina", "Pagina maken")),
    Screen("bewerken", LEAD, f"{MEASURES}/bewerken"),
    Screen("bewerken-voorbeeld", LEAD, _preview),
    Screen("bewerken-wijzigingen", LEAD, _changes),
    Screen("conflict", LEAD, _conflict),
    Screen("pagina-instellingen", LEAD, f"{MEASURES}/instellingen"),
    Screen("pagina-terugzetten", LEAD, f"{MEASURES}/terugzetten/2"),
    Screen("verlopen", LEAD, _expired),
    Screen("uitgelogd", LEAD, _signed_out),
    Screen("beheer", ADMINISTRATOR, "/beheer"),
    Screen("beheer-mensen", ADMINISTRATOR, "/beheer/mensen"),
    Screen("beheer-mensen-niemand", ADMINISTRATOR, "/beheer/mensen?q=xyzzy"),
    Screen("beheer-uitnodigen", ADMINISTRATOR, "/beheer/mensen/nieuw"),
    Screen("beheer-uitnodigen-fouten", ADMINISTRATOR, _refused("/beheer/mensen/nieuw", "Maak account en nodig uit")),
    Screen("beheer-mens", ADMINISTRATOR, _first("/beheer/mensen?q=saskia", 'table a[href^="/beheer/mensen/"]')),
    Screen("beheer-afdelingen", ADMINISTRATOR, "/beheer/afdelingen"),
    Screen("beheer-afdeling", ADMINISTRATOR, _first("/beheer/afdelingen", 'table a[href^="/beheer/afdelingen/"]')),
    Screen("beheer-themas", ADMINISTRATOR, "/beheer/themas"),
    Screen("beheer-themas-fout", ADMINISTRATOR, _refused("/beheer/themas", "Voeg toe")),
    Screen("beheer-thema", ADMINISTRATOR, _first("/beheer/themas", 'table a[href^="/beheer/themas/"]')),
    Screen("beheer-partijen", ADMINISTRATOR, "/beheer/partijen"),
    Screen("beheer-partij", ADMINISTRATOR, _first("/beheer/partijen", 'table a[href^="/beheer/partijen/"]')),
    Screen("inloggen", None, "/inloggen"),
    Screen("inloggen-fout", None, _sign_in_error),
    Screen("fout-429", None, _too_often),
    Screen("wachtwoord-vergeten", None, "/wachtwoord/vergeten"),
    Screen("wachtwoord-vergeten-verstuurd", None, _forgot),
    Screen("wachtwoord-link-dood", None, "/wachtwoord/kiezen/verzonnen", 410),
)

IN_ENGLISH = "Vincent Roos"
"""Leads the pilot that was evaluated; nobody else in the stories is he."""
SCREENS_IN_ENGLISH = tuple(
    Screen(f"en{name}", IN_ENGLISH, path, status)
    for name, path, status in (
        ("-voorpagina", "/", 200),
        ("-proeftuin", EVALUATED, 200),
        ("-plan", f"{EVALUATED}/bewerken", 200),
        ("-gesprek", f"{HALF}/gesprek", 200),
        ("-pagina", MEASURES, 200),
        ("-geschiedenis", f"{MEASURES}/geschiedenis", 200),
        ("-vergelijk", f"{MEASURES}/vergelijk?van=2&naar=4", 200),
        ("-nieuwe-pagina", f"{EVALUATED}/nieuwe-pagina", 200),
        ("-wijzigingen", "/wijzigingen", 200),
        ("-mijn", "/mijn", 200),
        ("-zoeken", "/zoeken?q=maatstaven", 200),
        ("-beginnen", "/proeftuinen/nieuw", 200),
        ("-fout-404", "/bestaat-niet", 404),
    )
)
