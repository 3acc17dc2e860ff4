"""Every screen of the product, and how someone gets there. A screen that is made must be added here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect

from proeftuin import clock
from tests.files import crafted
from tests.journeys import drafting
from tests.journeys.conftest import open_groups
from tests.journeys.steps import HALF, LEAD, READER, STARTER, make_page, press, send, text_box

Way = Callable[[Page], None]
ADMINISTRATOR, COUNCIL, LEAD_OF_CONCEPT = "Daan Wolters", "Saskia de Wit", STARTER
SECRETARY, RESEARCHER = "Lotte van Rijn", "Iris de Jong"
MEASURES = f"{HALF}/de-maatstaven"
PAUSED, STOPPED = "/proeftuinen/vier-lange-dagen", "/proeftuinen/zelf-roosteren-bij-de-meetploegen"
EARLIER, LONG_AGO = (clock.today() - timedelta(days=days) for days in (40, 400))
GREEN = "/proeftuinen/groen-reisbudget"
EVALUATED, PREPARED = "/proeftuinen/afspraak-is-afspraak", "/proeftuinen/maandkeuze"
UNION, EMPLOYER = "Karin Oosterveld", "Johan Verbeek"
APPLIED, SUBMITTED, LAPSED = (f"/afwijkingen/AFW-2026-{serial}" for serial in ("01", "05", "02"))
ENDED, TO_RECONFIRM = "/afwijkingen/AFW-2026-03", "/afwijkingen/AFW-2025-03"


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
        send(page, "Plaats reactie")
    address = mine.first.get_attribute("href") or ""
    page.goto(address.replace("bewerken", action))


def _selected(page: Page) -> None:
    page.goto(MEASURES)
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('[data-offer] .prose p'))")
    page.get_by_role("button", name="Reageer op deze passage").click()
    expect(page.locator(".passage-form textarea")).to_be_focused()


def _spoken_about(page: Page) -> None:
    page.goto(f"{MEASURES}/passage?alinea=2")
    page.get_by_label("Je reactie").fill("Een reactie op een alinea.")
    send(page, "Plaats reactie")
    expect(page.locator(".passage-mark").first).to_be_visible()


def _text_changed(page: Page) -> None:
    """Say something about words that are taken away after that."""
    address = f"{HALF}/wat-er-niet-meer-staat"
    found = page.goto(address)
    if found is None or not found.ok:
        address = make_page(page, HALF, "Wat er niet meer staat", "Zo begon het.\n\nDeze woorden gaan straks weg.")
        page.goto(f"{address}/passage?alinea=2")
        page.get_by_label("Je reactie").fill("Waarom staat dit hier?")
        send(page, "Plaats reactie")
        page.goto(f"{address}/bewerken")
        text_box(page).fill("Zo begon het.\n\nEn zo eindigde de uitleg.")
        send(page, "Opslaan")
    page.goto(f"{address}/gesprek")
    expect(page.get_by_role("region", name="De tekst is veranderd")).to_be_visible()
    page.get_by_text("Wat er veranderde").first.click()


def _thread_of_lost_passage(page: Page) -> None:
    _text_changed(page)
    page.get_by_role("region", name="De tekst is veranderd").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("niet meer in de pagina")


def _edit_comment(page: Page) -> None:
    _own_comment(page, "bewerken")


def _delete_comment(page: Page) -> None:
    _own_comment(page, "verwijderen")


def _comment_versions(page: Page) -> None:
    _edit_comment(page)
    text_box(page).fill("Een reactie die is verbeterd.")
    send(page, "Bewaar")
    _own_comment(page, "versies")


def _deleted_comment(page: Page) -> None:
    _delete_comment(page)
    gone = page.url.replace("verwijderen", "versies")
    send(page, "Verwijder mijn reactie")
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


def _section(page: Page) -> None:
    page.goto(MEASURES)
    page.get_by_role("link", name=re.compile("^bewerken van de paragraaf")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Alleen de paragraaf")


def _with_draft(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    text_box(page).press_sequentially("Nog niet klaar. ")
    expect(page.locator("[data-draft-line]")).to_contain_text("Concept bewaard")
    page.goto(f"{MEASURES}/bewerken")
    page.get_by_text("Wat er in je concept anders is").first.click()


def _draft(page: Page) -> None:
    _with_draft(page)
    page.goto("/mijn/concepten")
    page.get_by_role("link", name=re.compile("^Bekijk het")).first.click()


def _titles(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    text_box(page).press_sequentially("[[ma")
    expect(page.get_by_role("listbox")).to_be_visible()


def _conflict(page: Page) -> None:
    title = "Een bladzijde voor twee"
    found = page.goto(f"{HALF}/een-bladzijde-voor-twee")
    address = f"{HALF}/een-bladzijde-voor-twee"
    if found is None or not found.ok:
        address = make_page(page, HALF, title, "Zo begon het.\n\nEn zo ging het verder.")
    page.goto(f"{address}/bewerken")
    page.locator("form[data-editor] input[name=base]").evaluate("field => { field.value = '1'; }")
    text_box(page).fill("Zo begon het volgens de een.\n\nEn zo ging het verder.")
    send(page, "Opslaan")
    page.goto(f"{address}/bewerken")
    page.locator("form[data-editor] input[name=base]").evaluate("field => { field.value = '1'; }")
    text_box(page).fill("Zo begon het volgens de ander.\n\nEn zo ging het verder.")
    send(page, "Opslaan")
    expect(page.locator(".theirs").first).to_be_visible()


def _undo(page: Page, number: int) -> None:
    address = f"{HALF}/steeds-iets-anders"
    found = page.goto(address)
    if found is None or not found.ok:
        address = make_page(page, HALF, "Steeds iets anders", "Zo begon het.")
        for text in ("Toen werd het zo.", "En daarna heel anders."):
            page.goto(f"{address}/bewerken")
            text_box(page).fill(text)
            send(page, "Opslaan")
    page.goto(f"{address}/ongedaan/{number}")


def _undo_that_fits(page: Page) -> None:
    _undo(page, 3)
    expect(page.locator("table.diff")).to_be_visible()


def _undo_that_does_not_fit(page: Page) -> None:
    _undo(page, 2)
    expect(page.get_by_role("main")).to_contain_text("Dit past niet meer")


def _side_version(page: Page) -> None:
    _conflict(page)
    page.get_by_role("radio", name=re.compile("Die van jou")).check()
    send(page, "Opslaan")
    page.goto(f"{HALF}/een-bladzijde-voor-twee/geschiedenis")
    page.get_by_role("link", name=re.compile("^niet gekozen")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Niet gekozen bij versie")


def _suggest(page: Page) -> str:
    """Suggest a change, unless that was done; return the address of the suggestion."""
    page.goto(f"{MEASURES}/voorstellen")
    mine = page.get_by_role("main").locator("ul.news li").filter(has_text="Zo begrijpt een nieuwe").locator("a")
    if not mine.count():
        page.goto(f"{MEASURES}/voorstel")
        text_box(page).fill("Een nieuwe eerste alinea.\n\n" + text_box(page).input_value() + "\n\nEn een slot.")
        page.get_by_label("Waarom stel je dit voor?").fill("Zo begrijpt een nieuwe collega het ook")
        send(page, "Voorstel versturen")
        return page.url
    return mine.first.get_attribute("href") or ""


def _suggestion(page: Page) -> None:
    page.goto(_suggest(page))
    expect(page.get_by_role("main")).to_contain_text("Wat er verandert")


def _revise_suggestion(page: Page) -> None:
    _suggestion(page)
    page.get_by_role("link", name="Aanpassen").click()
    expect(page.get_by_role("main")).to_contain_text("Je voorstel aanpassen")


def _suggestion_to_decide(page: Page) -> None:
    page.goto(f"{HALF}/voorstellen")
    page.get_by_role("main").locator("ul.news a").first.click()
    expect(page.get_by_role("button", name=re.compile("^Neem de aangevinkte"))).to_be_visible()


def _expired(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    page.locator("form[data-editor] input[name=csrf_token]").evaluate("field => { field.value = 'verlopen'; }")
    send(page, "Opslaan")
    expect(page.locator(".typed").first).to_be_visible()


def _set_up_app(page: Page) -> None:
    page.goto("/mijn/tweede-stap")
    send(page, "Stel de tweede stap in")
    expect(page.locator("img.qr")).to_be_visible()


def _signed_out(page: Page) -> None:
    page.goto(f"{MEASURES}/bewerken")
    kept = page.context.cookies()
    page.context.clear_cookies()
    send(page, "Opslaan")
    open_groups(page)
    expect(page.locator(".typed").first).to_be_visible()
    page.context.add_cookies([{k: v for k, v in cookie.items() if k != "partitionKey"} for cookie in kept])  # type: ignore[misc]


def _refused(path: str, button: str) -> Way:
    """Send a form as it opens; it is refused, with a summary of what is wrong."""

    def go(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main form').forEach((form) => { form.noValidate = true; })")
        send(page, button)
        expect(page.locator("[data-error-summary]")).to_be_visible()

    return go


def _plan_with_errors(page: Page) -> None:
    page.goto(f"{HALF}/bewerken")
    page.get_by_label("Titel", exact=True).fill("")
    page.get_by_label("Laatste dag (tot en met)").fill("2020-01-01")
    send(page, "Bewaar het plan")
    expect(page.locator("[data-error-summary]")).to_be_visible()


def _wrong_password(page: Page) -> int:
    """Try a password that is wrong and return the status of the answer."""
    page.goto("/inloggen")
    open_groups(page)
    page.get_by_label("E-mailadres").fill("niemand@oeverbrug.example")
    page.get_by_label("Wachtwoord", exact=True).fill("een verkeerd wachtwoord")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        send(page, "Inloggen")
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
    send(page, "Mail me een link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")


def _send_answers(page: Page, pilot: str, rows: str) -> None:
    """Send a file with answers in, with the code of the pilot before each row."""
    page.goto(f"{pilot}/uitkomsten/publiceren")
    code = page.locator("dl.pairs dd").first.inner_text()
    lines = ["proeftuin,maat,groep,moment,respondentcode,subgroep,waarde"]
    lines += [f"{code},{row}" for row in rows.split()]
    content = "\n".join(lines).encode()
    page.get_by_label("Bestand met antwoorden").set_input_files(
        {"name": "metingen.csv", "mimeType": "text/csv", "buffer": content}
    )
    send(page, "Lees het bestand")


def _answers_with_mistakes(page: Page) -> None:
    _send_answers(page, HALF, "geluk,deelnemer,nameting,d1,,5 ervaren_rechtvaardigheid,deelnemer,later,d1,,vijf")
    expect(page.get_by_role("alert")).to_contain_text("Rij 2")


def _later_answers() -> str:
    rows = []
    for number in range(40):
        for moment, value in (("0-meting", 5 + number % 3), ("nameting", 6 + number % 4)):
            rows.append(f"ervaren_rechtvaardigheid,deelnemer,{moment},n{number},,{value}")
    return " ".join(rows)


def _answers_to_check(page: Page) -> None:
    _send_answers(page, STOPPED, _later_answers().replace("ervaren_rechtvaardigheid", "roostertevredenheid"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nakijken en publiceren")


def _published_again(page: Page) -> None:
    found = page.goto(f"{HALF}/uitkomsten/2")
    if found is None or not found.ok:
        _send_answers(page, HALF, _later_answers())
        page.get_by_label("Waarom publiceer je opnieuw?").fill("De nameting is binnen.")
        send(page, "Publiceer voor iedereen")
    page.goto(f"{HALF}/uitkomsten/1")
    expect(page.get_by_role("main")).to_contain_text("Dit is een eerdere publicatie")


def _concept(page: Page) -> None:
    page.goto("/proeftuinen/nieuw")
    page.get_by_label("Titel", exact=True).fill("Een concept om te bekijken")
    send(page, "Bewaar als concept")
    expect(page).to_have_url(re.compile("/bewerken"))


def _concept_overview(page: Page) -> None:
    _first("/mijn", 'a[href^="/proeftuinen/concept-"]')(page)


def _typed_nonsense(page: Page) -> None:
    """A refusal that has no form of its own: the general page, with what was typed."""
    page.goto(f"{HALF}/gesprek")
    page.locator("#reageer form").evaluate("form => { form.action = '/gesprek/999999999/antwoord'; }")
    page.get_by_label("Je reactie").fill("Een reactie op een gesprek dat er niet is, of niet meer.")
    send(page, "Plaats reactie")
    expect(page.locator(".typed")).to_contain_text("Een reactie op een gesprek")


def _tombstone(page: Page) -> None:
    path = make_page(page, HALF, "Een pagina die weg kan", "Dubbel.")
    page.goto(f"{path}/verwijderen")
    page.get_by_label("Waarom moet deze pagina weg?").fill("Staat ook in het logboek")
    send(page, "Verwijder de pagina")
    expect(page.get_by_role("main")).to_contain_text("Staat ook in het logboek")


def _hidden_version(page: Page) -> None:
    page.goto(f"{MEASURES}/versies/3/verbergen")
    page.get_by_label("Waarom moet deze versie verborgen worden?").fill("Verzoek van een collega")
    send(page, "Verberg versie 3")
    page.goto(f"{MEASURES}/versies/3")
    expect(page.get_by_role("main")).to_contain_text("Verzoek van een collega")


def _add_file(page: Page, name: str = "kaart.png") -> None:
    page.goto(f"{MEASURES}/bestanden")
    file = {"name": name, "mimeType": "image/png", "buffer": crafted.picture("PNG", (1500, 900))}
    if not page.get_by_role("main").get_by_role("link", name=name).count():
        page.get_by_label("Bestand", exact=True).set_input_files(file)  # type: ignore[arg-type]  # a payload
        page.get_by_label("Wat is er op de afbeelding te zien?").fill("Een kaart van de wijk")
        press(page, "Voeg toe")
        expect(page.locator(".flashes")).to_contain_text(name)


def _file(page: Page) -> None:
    _add_file(page)
    page.get_by_role("main").get_by_role("link", name="kaart.png").click()
    expect(page.get_by_role("img", name="Een kaart van de wijk")).to_be_visible()


def _remove_file(page: Page) -> None:
    _file(page)
    page.get_by_role("link", name="Bestand weghalen").click()
    expect(page.get_by_label("Waarom haal je het weg?")).to_be_visible()


def _gone_file(page: Page) -> None:
    _add_file(page, "oud.png")
    page.get_by_role("main").get_by_role("link", name="oud.png").click()
    page.wait_for_load_state()
    if page.get_by_role("link", name="Bestand weghalen").count():
        page.get_by_role("link", name="Bestand weghalen").click()
        page.get_by_label("Waarom haal je het weg?").fill("Er staat een nieuwe kaart.")
        send(page, "Haal weg")
        page.get_by_role("main").get_by_role("link", name="oud.png").click()
    expect(page.get_by_role("main")).to_contain_text("Er staat een nieuwe kaart.")


def _enter_letter(page: Page) -> None:
    """Enter a letter of the first union that is asked."""
    page.goto(f"{SUBMITTED}/brief")
    page.get_by_role("radio", name="in beraad").check()
    page.get_by_label("Wie ondertekende de brief?").fill("Karin Oosterveld")
    page.get_by_label("Functie").fill("bestuurder")
    send(page, "Voer de brief in")
    expect(page.get_by_role("main")).to_contain_text("te bevestigen")


def _letter(page: Page) -> None:
    """Go where the union says whether a letter is theirs."""
    page.goto(SUBMITTED)
    page.get_by_role("link", name=re.compile("^Brief van .* bevestigen of ontkennen$")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _report(page: Page) -> None:
    """Report something, unless that was done, and read it."""
    reports = 'a[href*="/melding/"]'
    page.goto(APPLIED)
    if not page.get_by_role("main").locator(reports).count():
        page.goto(f"{APPLIED}/melding")
        page.get_by_label("Waarover gaat het?").fill("uitbetaling")
        page.get_by_label("Wat is er gebeurd?").fill("De uitbetaling van oktober is te laat.")
        send(page, "Meld")
    _first(APPLIED, reports)(page)


def _cao_text(page: Page) -> None:
    """Put a text ready of which one line is not understood."""
    page.goto("/cao/voorbereiden")
    page.get_by_label("Of plak de tekst").fill("Een brief\nHoofdstuk 1 Algemeen\nArtikel 1.1 Begrippen\n1. De cao.\n")
    send(page, "Bekijk wat er is herkend")
    expect(page.get_by_role("main")).to_contain_text("Regel 1")


SCREENS = (
    Screen("voorpagina", READER, "/"),
    Screen("voorpagina-thema", READER, "/?thema=belonen"),
    Screen("voorpagina-klaar", READER, "/?fase=klaar"),
    Screen("voorpagina-niets", READER, "/?thema=loopbaan&fase=gepauzeerd"),
    Screen("verleden-voorpagina", READER, f"/?op={EARLIER}"),
    Screen("verleden-pagina", READER, f"{MEASURES}?op={EARLIER}"),
    Screen("verleden-bestond-nog-niet", READER, f"{PREPARED}?op={LONG_AGO}", 404),
    Screen("verleden-geen-dag", READER, "/?op=gisteren", 422),
    Screen("verleden-zoeken", READER, f"/zoeken?q=helft&op={EARLIER}"),
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
    Screen("proeftuin-uitkomsten", READER, f"{HALF}/uitkomsten"),
    Screen("proeftuin-uitkomsten-met-aandeel", READER, f"{GREEN}/uitkomsten"),
    Screen("proeftuin-uitkomsten-leeg", READER, f"{PREPARED}/uitkomsten"),
    Screen("proeftuin-uitkomsten-eerder", RESEARCHER, _published_again),
    Screen("proeftuin-maten", READER, f"{HALF}/uitkomsten/maten"),
    Screen("uitkomsten-publiceren", RESEARCHER, f"{HALF}/uitkomsten/publiceren"),
    Screen("uitkomsten-met-fouten", RESEARCHER, _answers_with_mistakes),
    Screen("uitkomsten-nakijken", RESEARCHER, _answers_to_check),
    Screen("proeftuin-meenemen", READER, f"{HALF}/meenemen"),
    Screen("proeftuin-dossier", READER, f"{HALF}/dossier?gesprek=volledig"),
    Screen("proeftuin-gepauzeerd", READER, PAUSED),
    Screen("proeftuin-gestopt", READER, STOPPED),
    Screen("proeftuin-geevalueerd", READER, EVALUATED),
    Screen("proeftuin-voorbereiding", READER, PREPARED),
    Screen("proeftuin-or", COUNCIL, HALF),
    Screen("pagina", READER, MEASURES),
    Screen("pagina-geschiedenis", READER, f"{MEASURES}/geschiedenis"),
    Screen("pagina-passages", READER, f"{MEASURES}/passage"),
    Screen("pagina-passage", READER, f"{MEASURES}/passage?alinea=2"),
    Screen("pagina-passage-selectie", READER, _selected),
    Screen("pagina-met-passages", READER, _spoken_about),
    Screen("pagina-oude-versie", READER, f"{MEASURES}/versies/2"),
    Screen("pagina-vergelijk", READER, f"{MEASURES}/vergelijk?van=2&naar=4"),
    Screen("pagina-vergelijk-onder-elkaar", READER, f"{MEASURES}/vergelijk?van=2&naar=4&weergave=onder-elkaar"),
    Screen("pagina-vergelijk-gelezen", READER, f"{MEASURES}/vergelijk?van=2&naar=4&weergave=zoals-gelezen"),
    Screen("pagina-geschiedenis-gekozen", READER, f"{MEASURES}/geschiedenis?soort=gewoon"),
    Screen("pagina-geschiedenis-niets", READER, f"{MEASURES}/geschiedenis?soort=voorgesteld"),
    Screen("pagina-zin", READER, f"{MEASURES}/geschiedenis/zin?zin=team"),
    Screen("pagina-zin-niets", READER, f"{MEASURES}/geschiedenis/zin?zin=onderzeeër"),
    Screen("pagina-zin-fout", READER, f"{MEASURES}/geschiedenis/zin?zin=**", 422),
    Screen("pagina-auteurs", READER, f"{MEASURES}/auteurs"),
    Screen("pagina-voorstel", READER, f"{MEASURES}/voorstel"),
    Screen("pagina-voorstel-fout", READER, _refused(f"{MEASURES}/voorstel", "Voorstel versturen")),
    Screen("voorstel", READER, _suggestion),
    Screen("voorstel-aanpassen", READER, _revise_suggestion),
    Screen("voorstellen", READER, f"{MEASURES}/voorstellen"),
    Screen("voorstellen-proeftuin", READER, f"{HALF}/voorstellen"),
    Screen("voorstellen-site", READER, "/wiki/voorstellen"),
    Screen("pagina-verwijzingen", READER, f"{MEASURES}/verwijzingen"),
    Screen("proeftuin-gevraagd", READER, f"{HALF}/gevraagd"),
    Screen("proeftuin-los", READER, f"{HALF}/los"),
    Screen("site-gevraagd", READER, "/wiki/gevraagd"),
    Screen("site-los", READER, "/wiki/los"),
    Screen("pagina-verwijderen", LEAD, f"{MEASURES}/verwijderen"),
    Screen("pagina-verwijderen-fout", LEAD, _refused(f"{MEASURES}/verwijderen", "Verwijder de pagina")),
    Screen("pagina-verwijderd", LEAD, _tombstone),
    Screen("versie-verbergen", COUNCIL, f"{MEASURES}/versies/1/verbergen"),
    Screen("versie-verborgen", COUNCIL, _hidden_version),
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
    Screen("logboek", READER, "/logboek"),
    Screen("logboek-ouder", READER, "/logboek?voor=20"),
    Screen("logboek-regel", READER, "/logboek/regels/2"),
    Screen("logboek-zegels", READER, "/logboek/zegels"),
    Screen("zoeken", READER, "/zoeken?q=maatstaven"),
    Screen("zoeken-verfijnd", READER, "/zoeken?q=team&thema=belonen"),
    Screen("zoeken-alles", READER, "/zoeken?q="),
    Screen("zoeken-niets", READER, "/zoeken?q=onderzeeër"),
    Screen("begrippen", READER, "/begrippen"),
    Screen("hulp", READER, "/hulp"),
    Screen("hulp-gesprek", READER, "/wiki/hulp/gesprek"),
    Screen("site", READER, "/wiki"),
    Screen("cao", READER, "/cao"),
    Screen("cao-zoeken", READER, "/cao?zoek=uurloon"),
    Screen("cao-niets", READER, "/cao?zoek=onderzeeër"),
    Screen("cao-versie", READER, "/cao/versies/1"),
    Screen("cao-artikel", READER, "/cao/artikel/7.2?van=1&naar=2"),
    Screen("cao-vergelijk", READER, "/cao/vergelijk?van=1&naar=2"),
    Screen("cao-voorbereiden", SECRETARY, "/cao/voorbereiden"),
    Screen("cao-voorbereiden-fout", SECRETARY, _refused("/cao/voorbereiden", "Bekijk wat er is herkend")),
    Screen("cao-tekst", SECRETARY, _cao_text),
    Screen("afwijking-nieuw", LEAD, drafting.NEW),
    Screen("afwijking-concept", drafting.HR, drafting.screen("")),
    Screen("afwijking-mist-nog", drafting.HR, drafting.screen("?controle=1")),
    Screen("afwijking-leden", drafting.HR, drafting.screen("?artikel=de")),
    Screen("afwijking-toets", drafting.HR, drafting.screen("/toets")),
    Screen("afwijking-poort-mist", drafting.HR, drafting.screen("/voorleggen")),
    Screen("afwijking-poort", drafting.HR, drafting.gate),
    Screen("afwijking-volgende", drafting.HR, drafting.choose_next),
    Screen("afwijking-volgende-concept", drafting.HR, drafting.next_screen("")),
    Screen("afwijking-volgende-poort", drafting.HR, drafting.next_screen("/voorleggen")),
    Screen("afwijking-volgende-toets", drafting.HR, drafting.next_screen("/toets")),
    Screen("afwijkingen", READER, "/afwijkingen"),
    Screen("afwijkingen-gekozen", READER, "/afwijkingen?toestand=voorgelegd&sorteer=-einde"),
    Screen("afwijkingen-niets", READER, "/afwijkingen?tekst=onderzeeër"),
    Screen("afwijkingen-toen", READER, f"/afwijkingen?op={EARLIER}"),
    Screen("afwijkingen-lang-geleden", READER, f"/afwijkingen?op={LONG_AGO}"),
    Screen("afwijkingen-toen-bekend", READER, f"/afwijkingen?op={EARLIER}&bekend={EARLIER}"),
    Screen("toezicht", UNION, "/toezicht"),
    Screen("toezicht-lezer", READER, "/toezicht"),
    Screen("toezicht-or", COUNCIL, "/toezicht?jaar=2025"),
    Screen("afwijkingen-meenemen", READER, "/afwijkingen/meenemen"),
    Screen("afwijkingen-cijfers", READER, "/afwijkingen/cijfers"),
    Screen("afwijkingen-cijfers-toen", READER, f"/afwijkingen/cijfers?op={EARLIER}"),
    Screen("toezicht-toen", UNION, f"/toezicht?op={EARLIER}&bekend={EARLIER}"),
    Screen("kaart", READER, APPLIED),
    Screen("kaart-bond", UNION, SUBMITTED),
    Screen("kaart-secretaris", SECRETARY, SUBMITTED),
    Screen("kaart-trekker", LEAD, APPLIED),
    Screen("kaart-oude-versie", READER, f"{APPLIED}?versie=1"),
    Screen("kaart-toen", READER, f"{APPLIED}?op={EARLIER}&bekend={EARLIER}"),
    Screen("kaart-verlenging", UNION, LAPSED),
    Screen("kaart-herbevestigen", READER, TO_RECONFIRM),
    Screen("kaart-beeindigd", COUNCIL, ENDED),
    Screen("kaart-afgewezen", READER, "/afwijkingen/AFW-2025-02"),
    Screen("afwijking-versies", READER, f"{APPLIED}/versies"),
    Screen("afwijking-versie", READER, f"{APPLIED}/versies/1"),
    Screen("afwijking-vergelijk", READER, f"{APPLIED}/vergelijk?van=1&naar=2"),
    Screen("afwijking-verloop", READER, f"{APPLIED}/verloop"),
    Screen("afwijking-dossier", READER, f"{APPLIED}/dossier"),
    Screen("afwijking-voorwaarde", READER, _first(f"{APPLIED}/versies/2", 'a[href*="/voorwaarden/"]')),
    Screen("afwijking-voorwaarde-hr", drafting.HR, _first(f"{APPLIED}/versies/2", 'a[href*="/voorwaarden/"]')),
    Screen("standpunt", UNION, f"{SUBMITTED}/standpunt"),
    Screen("standpunt-or", COUNCIL, f"{SUBMITTED}/standpunt"),
    Screen("standpunt-fouten", UNION, _refused(f"{SUBMITTED}/standpunt", "Leg het standpunt vast")),
    Screen("brief", SECRETARY, f"{SUBMITTED}/brief"),
    Screen("brief-fouten", SECRETARY, _refused(f"{SUBMITTED}/brief", "Voer de brief in")),
    Screen("brief-ingevoerd", SECRETARY, _enter_letter),
    Screen("brief-bevestigen", UNION, _letter),
    Screen("afwijking-opschorten", UNION, f"{APPLIED}/opschorten"),
    Screen("afwijking-opschorten-fouten", COUNCIL, _refused(f"{APPLIED}/opschorten", "Schort op")),
    Screen("afwijking-beeindigen", EMPLOYER, f"{APPLIED}/beeindigen"),
    Screen("afwijking-beeindigen-mag-niet", READER, f"{APPLIED}/beeindigen", 403),
    Screen("afwijking-terugnemen", drafting.HR, f"{SUBMITTED}/terugnemen"),
    Screen("afwijking-afwijzen", drafting.HR, f"{SUBMITTED}/afwijzen"),
    Screen("afwijking-intrekken", drafting.HR, f"{SUBMITTED}/intrekken"),
    Screen("afwijking-szw", SECRETARY, f"{SUBMITTED}/szw"),
    Screen("afwijking-mededeling", drafting.HR, f"{SUBMITTED}/mededeling"),
    Screen("afwijking-herbevestigen", "Rachid Benali", f"{TO_RECONFIRM}/herbevestigen"),
    Screen("afwijking-terugval", LEAD, f"{APPLIED}/terugval"),
    Screen("afwijking-melden", READER, f"{APPLIED}/melding"),
    Screen("afwijking-melden-fouten", READER, _refused(f"{APPLIED}/melding", "Meld")),
    Screen("afwijking-melding", COUNCIL, _report),
    Screen("afwijking-afsluiten", SECRETARY, f"{ENDED}/afsluiten"),
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
    Screen("trekker-maten", LEAD, f"{HALF}/uitkomsten/maten"),
    Screen("trekker-maten-met-fouten", LEAD, _refused(f"{HALF}/uitkomsten/maten", "Leg de maat vast")),
    Screen("trekker-maat", LEAD, f"{HALF}/uitkomsten/maten/ervaren_rechtvaardigheid"),
    Screen("trekker-beloften", LEAD, f"{HALF}/beloften"),
    Screen("trekker-belofte", LEAD, _first(f"{HALF}/beloften", f'a[href^="{HALF}/beloften/"]')),
    Screen("nieuwe-pagina", LEAD, f"{HALF}/nieuwe-pagina?soort=voortgang"),
    Screen("nieuwe-pagina-fouten", LEAD, _refused(f"{HALF}/nieuwe-pagina", "Pagina maken")),
    Screen("bestanden", LEAD, _add_file),
    Screen("bestanden-lezer", READER, f"{MEASURES}/bestanden"),
    Screen("bestanden-proeftuin", READER, f"{HALF}/bestanden"),
    Screen("bestanden-fouten", LEAD, _refused(f"{MEASURES}/bestanden", "Voeg toe")),
    Screen("bestand", LEAD, _file),
    Screen("bestand-weghalen", LEAD, _remove_file),
    Screen("bestand-weg", LEAD, _gone_file),
    Screen("bewerken", LEAD, f"{MEASURES}/bewerken"),
    Screen("bewerken-voorbeeld", LEAD, _preview),
    Screen("bewerken-paragraaf", LEAD, _section),
    Screen("bewerken-concept", LEAD, _with_draft),
    Screen("bewerken-titels", LEAD, _titles),
    Screen("concepten", LEAD, "/mijn/concepten"),
    Screen("concept-bekijken", LEAD, _draft),
    Screen("concepten-geen", ADMINISTRATOR, "/mijn/concepten"),
    Screen("toetsen", READER, "/mijn/toetsen"),
    Screen("tweede-stap", READER, "/mijn/tweede-stap"),
    Screen("tweede-stap-instellen", READER, _set_up_app),
    Screen("trekker-pagina", LEAD, MEASURES),
    Screen("gesprek-tekst-veranderd", LEAD, _text_changed),
    Screen("onderwerp-tekst-veranderd", LEAD, _thread_of_lost_passage),
    Screen("bewerken-wijzigingen", LEAD, _changes),
    Screen("conflict", LEAD, _conflict),
    Screen("pagina-instellingen", LEAD, f"{MEASURES}/instellingen"),
    Screen("pagina-terugzetten", LEAD, f"{MEASURES}/terugzetten/2"),
    Screen("pagina-ongedaan", LEAD, _undo_that_fits),
    Screen("pagina-ongedaan-past-niet", LEAD, _undo_that_does_not_fit),
    Screen("pagina-niet-gekozen", LEAD, _side_version),
    Screen("voorstel-beslissen", LEAD, _suggestion_to_decide),
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
