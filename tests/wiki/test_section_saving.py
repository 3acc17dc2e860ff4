"""Saving one section of a page: the rest stays, conflicts stay inside, and what has gone is found or told."""

from __future__ import annotations

import html
import re

import pytest

from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

TEXT = """\
Vooraf.

## Regels

Ziekte telt niet mee.

### Uitzondering

Behalve op zondag.

## Doen

Cijfers naar de OR.
"""


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page with sections."""
    return scene.page("De maatstaven", TEXT)


def opened(browser: Client, path: str) -> tuple[dict[str, str], str]:
    """Open an editor; return its fields as a browser would send them, and the page."""
    answer = browser.get(path).get_data(as_text=True)
    form = answer[answer.index('data-draft-url="') :]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    area = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', form, re.S)
    assert area is not None
    fields["text"] = html.unescape(area[1])
    del fields["csrf_token"]
    return fields, html.unescape(answer)


def test_a_section_is_opened_by_its_address_and_saved_in_its_place(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    assert "bewerken?paragraaf=kop-regels" in browser.get(page).get_data(as_text=True)
    fields, shown = opened(browser, f"{page}/bewerken?paragraaf=kop-regels")
    assert "Alleen de paragraaf “Regels”." in shown
    assert fields["text"] == "## Regels\n\nZiekte telt niet mee.\n\n### Uitzondering\n\nBehalve op zondag."
    typed = "## Spelregels\r\n\r\nZiekte telt nooit mee.\r\n\r\n\r\n"
    saved = browser.post(f"{page}/bewerken", {**fields, "text": typed})
    assert saved.location == f"{page}#kop-spelregels"
    assert scene.text(page) == (
        "Vooraf.\n\n## Spelregels\n\nZiekte telt nooit mee.\n\n## Doen\n\nCijfers naar de OR.\n"
    )


def test_a_section_saved_unchanged_makes_no_version(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    for address in ("kop-regels", "kop-uitzondering", "kop-doen"):
        fields, _ = opened(browser, f"{page}/bewerken?paragraaf={address}")
        browser.post(f"{page}/bewerken", fields)
    assert scene.current(page) == 1


def test_a_section_emptied_is_a_section_removed(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    fields, _ = opened(browser, f"{page}/bewerken?paragraaf=kop-uitzondering")
    browser.post(f"{page}/bewerken", {**fields, "text": ""})
    assert scene.text(page) == TEXT.replace("### Uitzondering\n\nBehalve op zondag.\n\n", "")


def test_what_others_saved_elsewhere_stays_and_is_told(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    fields, _ = opened(browser, f"{page}/bewerken?paragraaf=kop-doen")
    newest = TEXT.replace("Vooraf.", "## Nieuw bovenaan\n\nVooraf.").replace("zondag", "feestdagen")
    scene.save(page, newest)
    browser.post(f"{page}/bewerken", {**fields, "text": "## Doen\n\nCijfers naar iedereen."})
    assert scene.text(page) == newest.replace("de OR", "iedereen")
    assert "Dat paste samen" in browser.get(page).get_data(as_text=True)


def test_a_clash_is_settled_inside_the_section(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    fields, _ = opened(browser, f"{page}/bewerken?paragraaf=kop-doen")
    scene.save(page, TEXT.replace("Vooraf.", "Vooraf!").replace("Cijfers naar de OR.", "Bel de OR."))
    answer = browser.post(f"{page}/bewerken", {**fields, "text": "## Doen\n\nMail de OR."})
    assert answer.status_code == 409
    screen = answer.get_data(as_text=True)
    assert screen.count('class="theirs') == 1
    form = screen[screen.index("<form", screen.index("<h1")) :]
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")]))
    sent |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S))
    del sent["csrf_token"]
    settled = browser.post(f"{page}/bewerken", {name: html.unescape(value) for name, value in sent.items()})
    assert settled.status_code == 303
    assert scene.text(page).startswith(TEXT.replace("Vooraf.", "Vooraf!")[: TEXT.index("Cijfers")])
    for words in ("Bel de OR.", "Mail de OR."):
        assert words in scene.text(page)


def test_a_section_that_moved_and_was_renamed_is_found_by_its_words(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    fields, _ = opened(browser, f"{page}/bewerken?paragraaf=kop-regels")
    rules = TEXT[TEXT.index("## Regels") : TEXT.index("## Doen")]
    moved = TEXT.replace(rules, "") + "\n" + rules.replace("## Regels", "## Afspraken")
    scene.save(page, moved)
    typed = fields["text"].replace("telt niet mee", "telt nooit mee")
    assert browser.post(f"{page}/bewerken", {**fields, "text": typed}).status_code == 303
    assert scene.text(page) == moved.replace("telt niet mee", "telt nooit mee")


def test_a_section_that_has_gone_goes_on_in_the_whole_page(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    fields, _ = opened(browser, f"{page}/bewerken?paragraaf=kop-doen")
    scene.save(page, TEXT[: TEXT.index("## Doen")])
    answer = browser.post(f"{page}/bewerken", {**fields, "text": "## Doen\n\nIets anders."})
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "Die paragraaf staat niet meer zo in de pagina." in shown
    assert "## Doen\n\nIets anders." in shown
    assert 'name="paragraaf"' not in shown
    fields, shown = opened(browser, f"{page}/bewerken?paragraaf=kop-doen")
    assert "Die paragraaf staat niet meer zo in de pagina." in shown
    assert fields["text"] == TEXT[: TEXT.index("## Doen")]


@pytest.mark.parametrize("number", ["99", "-1", "x", "1" * 12])
def test_a_section_that_never_was_loses_nothing(
    client: Client, cast: Cast, scene: Scene, page: str, number: str
) -> None:
    fields = {"text": "## Verzonnen\n\nMaar wel getypt.", "base": "1", "paragraaf": number}
    answer = client.as_(cast.member).post(f"{page}/bewerken", fields)
    assert "Maar wel getypt." in (answer.get_data(as_text=True) + scene.text(page))


def test_readers_get_no_links_and_may_not_open_a_section(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    reader = client.as_(cast.outsider)
    assert "paragraaf=" not in reader.get(page).get_data(as_text=True)
    assert reader.get(f"{page}/bewerken?paragraaf=kop-doen").status_code == 403


def test_titles_to_link_to_are_those_that_one_may_see_and_link_to(
    client: Client, cast: Cast, scene: Scene, concept: Scene, page: str
) -> None:
    scene.page("Maat van het team", "Tekst.", restricted=True)
    concept.page("Maat in het geheim", "Tekst.")
    scene.site_page("Maatwerk")
    space = scene.path.rsplit("/", 1)[1]

    def titles(actor: str, query: str) -> list[tuple[str, str]]:
        answer = client.as_(getattr(cast, actor)).get(f"/wiki/titels?{query}")
        return [(found["title"], found["target"]) for found in answer.json or []]

    here = f"ruimte={space}&q=maat"
    assert titles("member", here) == [("De maatstaven", "De maatstaven"), ("Maatwerk", "site:Maatwerk")]
    assert ("Maat van het team", "Maat van het team") in titles("member", f"{here}&besloten=1")
    assert ("Maat van het team", "Maat van het team") not in titles("outsider", f"{here}&besloten=1")
    assert titles("outsider", "q=maatw") == [("Maatwerk", "Maatwerk")]
    assert titles("member", f"ruimte={space}&q=site:maat") == [("Maatwerk", "site:Maatwerk")]
    assert titles("member", f"ruimte={space}&q=%25") == []
    assert client.as_(cast.outsider).get("/wiki/titels?ruimte=bestaat-niet&q=a").status_code == 404
