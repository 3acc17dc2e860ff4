"""Reading and making pages."""

from __future__ import annotations

import pytest

from proeftuin.db import Database
from proeftuin.wiki import queries
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

STAND_HERE = "/nieuwe-pagina"


def body(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_a_page_shows_its_text_its_place_and_what_you_can_do(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page(text="# Kop\n\nOnder de **90 procent** komt niemand.\n\n## Een\n\n## Twee\n\n## Drie\n")
    team, reader = body(client.as_(cast.lead), path), body(client.as_(cast.outsider), path)
    for page in (team, reader):
        assert "<strong>90 procent</strong>" in page
        assert page.count("<h1") == 1
        assert "Het team verdeelt de helft" in page
        assert 'href="#' in page  # the list of contents
        assert "iedereen bij Oeverbrug" in page
        assert "Willemijn Smit" in page
    assert f"{path}/bewerken" in team
    assert f"{path}/bewerken" not in reader


def test_a_page_is_two_statements_who_asks_and_the_page(
    client: Client, cast: Cast, scene: Scene, statements: list[str]
) -> None:
    path = scene.page(text="Zie [[Begrippen]].\n\n## Een\n\n## Twee")
    browser = client.as_(cast.colleague)
    body(browser, path)
    statements.clear()
    body(browser, path)
    assert len(statements) == 2


@pytest.mark.parametrize("suffix", ["", "/geschiedenis", "/versies/1", "/vergelijk?van=1&naar=2", "/verwijzingen"])
def test_a_restricted_page_is_as_absent_as_one_that_was_never_made(
    client: Client, cast: Cast, scene: Scene, suffix: str
) -> None:
    secret = scene.page("Salarissen", restricted=True)
    never = f"{scene.path}/nooit-gemaakt"
    for reader in (cast.colleague, cast.council, cast.hr, cast.admin, cast.union):
        browser = client.as_(reader)
        hidden, absent = body(browser, secret + suffix, 404), body(browser, never + suffix, 404)
        assert "Salarissen" not in hidden
        blind = [page.replace(secret, "").replace(never, "") for page in (hidden, absent)]
        assert _without_tokens(blind[0]) == _without_tokens(blind[1])
    assert "Salarissen" in body(client.as_(cast.member), secret)


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line]


def test_posting_to_a_restricted_page_is_posting_to_nothing(client: Client, cast: Cast, scene: Scene) -> None:
    secret = scene.page("Salarissen", restricted=True)
    for suffix in ("/bewerken", "/voorbeeld", "/terugzetten/1", "/instellingen"):
        assert client.as_(cast.colleague).post(secret + suffix, {"text": "x", "base": "1"}).status_code == 404


def test_the_pages_of_a_concept_open_with_it_but_not_the_restricted_ones(
    client: Client, cast: Cast, concept: Scene
) -> None:
    concept.page("Aanpak", "Zie [[Twijfels]] en [[twijfels]].")
    concept.page("Twijfels", restricted=True)
    old = concept.path
    assert client.as_(cast.colleague).get(f"{old}/aanpak").status_code == 404
    concept.open()
    reader = client.as_(cast.colleague)
    page = body(reader, f"{concept.path}/aanpak")
    assert page.count('class="missing"') == 2  # at once, before any job
    body(reader, f"{concept.path}/twijfels", 404)
    assert body(client.as_(cast.lead), f"{old}/aanpak")  # the address of before still leads there


def test_a_wrong_address_is_not_found(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    for wrong in (
        "/proeftuinen/x%00y/z",
        "/wiki/%00",
        "/wiki/A B",
        f"{path}/versies/99999999999",
        f"{path}/versies/0",
    ):
        assert client.as_(cast.lead).http.get(wrong).status_code in (400, 404)


def test_who_may_write_finds_the_title_of_a_red_link_in_the_form(client: Client, cast: Cast, scene: Scene) -> None:
    red = f"{scene.path}/nieuwe-pagina?titel=Het%20logboek"
    assert 'value="Het logboek"' in body(client.as_(cast.member), red)
    refused = body(client.as_(cast.outsider), red, 404)
    assert "“Het logboek” is er nog niet" in refused
    assert "schrijft het team" in refused


def test_the_form_for_progress_asks_the_four_questions(client: Client, cast: Cast, scene: Scene) -> None:
    form = body(client.as_(cast.lead), f"{scene.path}/nieuwe-pagina?soort=voortgang")
    for question in ("Wat ging goed", "Wat ging niet goed", "Wat hebben we nodig", "Wat passen we aan"):
        assert f"## {question}" in form


def test_another_kind_brings_its_questions_but_never_over_what_was_written(
    client: Client, cast: Cast, scene: Scene
) -> None:
    browser, path = client.as_(cast.lead), f"{scene.path}/nieuwe-pagina"
    progress = {"kind": "voortgang", "do": "soort", "title": "T", "text": ""}
    fresh = browser.post(path, progress).get_data(as_text=True)
    assert "## Wat ging goed" in fresh
    review = {"kind": "terugblik", "do": "soort", "title": "T", "text": "Mijn eigen\r\nwoorden"}
    kept = browser.post(path, review).get_data(as_text=True)
    assert "Mijn eigen\nwoorden" in kept
    assert "## Wat kwam eruit" not in kept


def test_a_page_is_made_and_shown(client: Client, cast: Cast, scene: Scene) -> None:
    form = {"title": "  Week\u202e 12 ", "kind": "voortgang", "text": "Goed."}
    made = client.as_(cast.member).post(f"{scene.path}/nieuwe-pagina", form)
    assert made.status_code == 303
    assert made.location == f"{scene.path}/week-12"
    page = body(client.as_(cast.outsider), made.location)
    assert "Week 12" in page
    assert "Voortgang" in page


@pytest.mark.parametrize("title", ["De maatstaven", "DE MAATSTAVEN", "dé  måatstaven"])
def test_a_taken_title_offers_the_page_that_has_it(client: Client, cast: Cast, scene: Scene, title: str) -> None:
    path = scene.page("De maatstaven", by=cast.lead)
    form = {"title": title, "kind": "gewoon", "text": "Lang getypt werk"}
    refused = client.as_(cast.member).post(f"{scene.path}/nieuwe-pagina", form)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert f'href="{path}"' in text
    assert "Lang getypt werk" in text


def test_the_same_form_sent_twice_makes_one_page(client: Client, cast: Cast, scene: Scene) -> None:
    browser, form = client.as_(cast.lead), {"title": "Week 12", "kind": "voortgang", "text": "Goed."}
    first, second = (browser.post(f"{scene.path}/nieuwe-pagina", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with scene.database.reading():
        assert len(queries.list_pages(cast.lead, scene.pilot_id)) == 1


@pytest.mark.parametrize("kind", ["besluit"])
def test_a_decision_cannot_be_restricted(client: Client, cast: Cast, scene: Scene, kind: str) -> None:
    form = {"title": "Besluit", "kind": kind, "text": "We stoppen.", "restricted": "1"}
    refused = client.as_(cast.lead).post(f"{scene.path}/nieuwe-pagina", form)
    assert refused.status_code == 422
    assert "We stoppen." in refused.get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "  \r\n ", "x" * 100_001])
def test_a_new_page_that_is_empty_or_too_long_is_refused_with_its_text(
    client: Client, cast: Cast, scene: Scene, text: str
) -> None:
    refused = client.as_(cast.lead).post(f"{scene.path}/nieuwe-pagina", {"title": "T", "text": text})
    assert refused.status_code == 422
    assert text.strip() in refused.get_data(as_text=True)


def test_only_the_team_makes_pages_in_a_pilot(client: Client, cast: Cast, scene: Scene) -> None:
    form = {"title": "T", "kind": "gewoon", "text": "x"}
    for person in (cast.outsider, cast.hr, cast.council, cast.admin):
        assert client.as_(person).post(f"{scene.path}/nieuwe-pagina", form).status_code == 403


def test_hr_and_the_council_write_for_the_site_and_the_administrator_does_not(
    client: Client, cast: Cast, scene: Scene
) -> None:
    for person, title in ((cast.hr, "Spelregels"), (cast.council, "Onze rol")):
        made = client.as_(person).post("/wiki/nieuwe-pagina", {"title": title, "text": "Tekst"})
        assert made.status_code == 303
    for person in (cast.admin, cast.lead, cast.union):
        assert client.as_(person).get("/wiki/nieuwe-pagina").status_code == 404
        assert client.as_(person).post("/wiki/nieuwe-pagina", {"title": "T", "text": "x"}).status_code == 403
        assert client.as_(person).get("/wiki/spelregels/bewerken").status_code == 403
    listed = body(client.as_(cast.outsider), "/wiki")
    assert "Spelregels" in listed
    assert "Onze rol" in listed


@pytest.mark.parametrize("path", ["/begrippen", "/hulp"])
def test_glossary_and_help_say_who_can_make_them_until_they_exist(
    client: Client, cast: Cast, scene: Scene, path: str
) -> None:
    assert "HR en de OR" in body(client.as_(cast.lead), path)
    assert "Maak de pagina" in body(client.as_(cast.hr), path)
    scene.site_page(path.strip("/").capitalize(), "Een proeftuin is een afgesproken experiment.")
    assert "afgesproken experiment" in body(client.as_(cast.lead), path)


def test_hostile_markdown_is_shown_as_typed_with_a_notice(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page(text="[" * 50_000 + "<script>alert(1)</script>")
    page = body(client.as_(cast.outsider), path)
    assert "zoals hij is getypt" in page
    assert "<script>alert" not in page


def test_the_newest_progress_of_each_pilot_is_what_the_reader_may_see(
    database: Database, cast: Cast, scene: Scene
) -> None:
    scene.page("Week 1", "Rustig begin.", kind=PageKind.PROGRESS)
    scene.page("Week 2", "Er is **ruzie** over de uren.", kind=PageKind.PROGRESS, by=cast.member)
    scene.page("Week 3", "Geheim.", kind=PageKind.PROGRESS, restricted=True)
    with database.reading():
        newest = queries.latest_progress(cast.outsider, [scene.pilot_id])[scene.pilot_id]
        assert (newest.title, newest.author, newest.excerpt) == ("Week 2", "Bilal Aksoy", "Er is ruzie over de uren.")
        assert queries.latest_progress(cast.member, [scene.pilot_id])[scene.pilot_id].title == "Week 3"
        listed = queries.list_pages(cast.outsider, scene.pilot_id, kind=PageKind.PROGRESS)
        assert [page.title for page in listed] == ["Week 2", "Week 1"]
        assert queries.latest_progress(cast.outsider, []) == {}


def test_the_follow_button_knows_whether_you_follow(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    browser = client.as_(cast.outsider)
    assert "Niet meer volgen" not in body(browser, path)
    with scene.database.reading():
        page_id = scene.row(path).id
    browser.post(f"/volgen/{page_id}", {"follow": "1", "back": path})
    assert "Niet meer volgen" in body(browser, path)
    assert "Niet meer volgen" not in body(client.as_(cast.hr), path)


def test_enter_in_the_title_makes_the_page(client: Client, cast: Cast, scene: Scene) -> None:
    form = body(client.as_(cast.lead), f"{scene.path}/nieuwe-pagina").split("<main", 1)[1]
    first = form[form.index("<button") :].split("</button>")[0]
    assert first.endswith("Pagina maken"), "Enter presses the first button of a form"
    assert 'name="do"' not in first
    assert "hidden>" not in first, "a button that is not displayed is not pressed by every browser"


def test_everything_that_is_wrong_with_a_new_page_is_said_at_once(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven")
    form = {"title": "De maatstaven", "kind": "gewoon", "text": " "}
    refused = client.as_(cast.lead).post(f"{scene.path}/nieuwe-pagina", form)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert page.index("Er is al een pagina met deze titel.") < page.index("De pagina is leeg.")
    assert f'href="{path}"' in page
    nothing = client.as_(cast.lead).post(f"{scene.path}/nieuwe-pagina", {"title": "", "text": ""}).text
    assert nothing.index("Geef de pagina een titel.") < nothing.index("De pagina is leeg.")
