"""/beheer over HTTP: who may come in, what is kept when something is wrong, and what is never looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts import queries, registers, service
from proeftuin.accounts.models import Department, Party, Person, Role
from proeftuin.db import Database, session
from proeftuin.pilots.models import Theme
from tests.accounts.conftest import Letters
from tests.cast import Cast
from tests.client import Client

PAGES = [
    "/beheer",
    "/beheer/mensen",
    "/beheer/mensen?q=smit",
    "/beheer/mensen/nieuw",
    "/beheer/afdelingen",
    "/beheer/themas",
    "/beheer/partijen",
]


@pytest.fixture
def daan(client: Client, cast: Cast) -> Client:
    """Give the browser of the administrator."""
    return client.as_(cast.admin)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_there_for_administrators_only(client: Client, cast: Cast, page: str) -> None:
    statuses = {name: client.as_(actor).get(page).status_code for name, actor in cast.everyone().items()}
    assert statuses == dict.fromkeys(statuses, 403) | {"admin": 200}
    assert client.get(page).status_code == 303


def test_acts_are_for_administrators_only(client: Client, cast: Cast, database: Database) -> None:
    paths = [
        "/beheer/mensen/nieuw",
        f"/beheer/mensen/{cast.lead.id}",
        f"/beheer/mensen/{cast.lead.id}/blokkeren",
        f"/beheer/mensen/{cast.hr.id}/rollen",
        f"/beheer/mensen/{cast.hr.id}/mandaten",
        "/beheer/afdelingen",
        f"/beheer/afdelingen/{cast.geo}/sluiten",
        "/beheer/themas",
        f"/beheer/themas/{cast.themes['belonen']}/sluiten",
        f"/beheer/partijen/{cast.parties['schakel']}/sluiten",
    ]
    for path in paths:
        assert client.as_(cast.hr).post(path, {"name": "X", "role": "beheerder"}).status_code == 403
    with database.reading():
        assert not registers.list_acts()


def test_someone_is_invited_and_gets_a_letter(daan: Client, cast: Cast, database: Database, letters: Letters) -> None:
    fields = {
        "name": "Nova Bos",
        "email": "nova@oeverbrug.example",
        "function": "tekenaar",
        "department_id": str(cast.geo),
        "language": "nl",
    }
    response = daan.post("/beheer/mensen/nieuw", fields)
    assert response.status_code == 303
    page = daan.get(response.location).get_data(as_text=True)
    assert "Nova Bos" in page
    assert "Nog geen wachtwoord" in page
    assert [letter["To"] for letter in letters.sent()] == ["nova@oeverbrug.example"]
    assert daan.post(f"{response.location}/uitnodigen").status_code == 303
    assert len(letters.sent()) == 2


def test_what_was_typed_about_someone_new_is_kept_when_it_is_refused(daan: Client, cast: Cast) -> None:
    fields = {
        "name": "Willemijn Smit",
        "email": "nova@oeverbrug.example",
        "function": "<b>baas</b>",
        "department_id": str(cast.rail),
        "language": "en",
        "is_external": "1",
    }
    response = daan.post("/beheer/mensen/nieuw", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'href="#name"' in page
    assert 'value="nova@oeverbrug.example"' in page
    assert 'value="&lt;b&gt;baas&lt;/b&gt;"' in page
    assert f'<option value="{cast.rail}" selected>' in page
    assert '<option value="en" selected>' in page
    assert "checked" in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "Nova", "email": "nova@x.example", "department_id": "abc"},
        {"name": "Nova", "email": "nova@x.example", "department_id": "99999999999999999999"},
        {"name": "Nova", "email": "nova@x.example", "department_id": "-1"},
        {"name": "Nova", "email": "nova@x.example", "department_id": "٣"},
        {"name": "Nova", "email": "nova@x.example", "language": "xx"},
        {"name": "Nova", "email": "nova@x.example\r\nBcc: x@y.example"},
        {"name": "\u202e\u200b", "email": "nova@x.example"},
        {"name": "N" * 50_000, "email": "nova@x.example"},
    ],
)
def test_bad_input_about_someone_new_is_refused(daan: Client, fields: dict[str, str]) -> None:
    assert daan.post("/beheer/mensen/nieuw", fields).status_code == 422


def test_fields_that_are_not_in_the_form_are_never_looked_at(daan: Client, cast: Cast, database: Database) -> None:
    fields = {
        "name": "Hanneke Jansma",
        "function": "constructeur",
        "language": "nl",
        "is_admin": "1",
        "role": "beheerder",
        "roles": "beheerder",
        "id": str(cast.admin.id),
        "password": "zeven natte schoenen thuis",
        "password_hash": "x",
        "blocked_at": "",
        "created_at": "2000-01-01",
        "name_key": "x",
    }
    assert daan.post(f"/beheer/mensen/{cast.colleague.id}", fields).status_code == 303
    with database.reading():
        person = queries.get_person(cast.colleague.id)
        assert (person.password_hash, person.name_key) == (None, "hanneke jansma")
        assert registers.list_grants(person.id) == []


def test_people_are_found_by_part_of_a_name_without_accents_or_case(
    daan: Client, cast: Cast, database: Database
) -> None:
    with database.transaction():
        service.create_person(None, email="zoe@oeverbrug.example", name="Zoë d’Hont")
    for words in ("zoe", "ZOË", "d'hont", "zoe@"):
        page = daan.get("/beheer/mensen", query_string={"q": words}).get_data(as_text=True)
        assert "Zoë d’Hont" in page
        assert "1 mens" in page


@pytest.mark.parametrize("words", ["%", "_", "\\", "' or 1=1 --", "<script>", "x" * 5000, "\u202e", "%%%s"])
def test_an_odd_search_finds_nobody_or_everybody_and_never_fails(daan: Client, words: str) -> None:
    response = daan.get("/beheer/mensen", query_string={"q": words})
    assert response.status_code == 200
    assert "<script>" not in response.get_data(as_text=True).split("<main")[1]


def test_people_are_listed_fifty_at_a_time(daan: Client, database: Database) -> None:
    with database.transaction():
        for n in range(60):
            letters = chr(97 + n // 26) + chr(97 + n % 26)
            service.create_person(None, email=f"p{n}@oeverbrug.example", name=f"Mens {letters}")
    first = daan.get("/beheer/mensen?q=mens").get_data(as_text=True)
    second = daan.get("/beheer/mensen?q=mens&bladzijde=2").get_data(as_text=True)
    assert (first.count("<tr>") - 1, second.count("<tr>") - 1) == (50, 10)
    assert "q=mens&amp;bladzijde=2" in first or "bladzijde=2&amp;q=mens" in first
    for wrong in ("3", "0", "-1", "x", "99999999"):
        assert daan.get(f"/beheer/mensen?q=mens&bladzijde={wrong}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/beheer/mensen/0",
        "/beheer/mensen/999999",
        "/beheer/mensen/99999999999999999999",
        "/beheer/mensen/x",
        "/beheer/afdelingen/999999",
        "/beheer/partijen/999999",
        "/beheer/themas/999999",
    ],
)
def test_what_is_not_there_is_not_found(daan: Client, path: str) -> None:
    assert daan.get(path).status_code == 404
    assert daan.post(path).status_code in (404, 405)


def test_a_role_is_given_and_ended_on_the_page_of_a_person(daan: Client, cast: Cast, database: Database) -> None:
    page = f"/beheer/mensen/{cast.colleague.id}"
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    given = daan.post(f"{page}/rollen", {"role": "hr", "starts_on": tomorrow, "ends_on": ""})
    assert given.status_code == 303
    assert "begint later" in daan.get(page).get_data(as_text=True)
    with database.reading():
        (grant,) = registers.list_grants(cast.colleague.id)
    assert daan.post(f"/beheer/rollen/{grant.id}/beeindigen", {"ends_on": tomorrow}).status_code == 303
    with database.reading():
        assert registers.get_grant(grant.id).ends_on == clock.today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "rol-role"),
        ({"role": "god"}, "rol-role"),
        ({"role": "hr", "starts_on": "gisteren"}, "rol-starts_on"),
        ({"role": "hr", "starts_on": "2026-02-30"}, "rol-starts_on"),
        ({"role": "hr", "starts_on": "0001-01-01"}, "rol-starts_on"),
        ({"role": "hr", "starts_on": "20260301"}, "rol-starts_on"),
        ({"role": "hr", "starts_on": "2026-W01-1"}, "rol-starts_on"),
        ({"role": "hr", "starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "rol-ends_on"),
    ],
)
def test_a_role_that_cannot_be_is_explained_at_its_field(
    daan: Client, cast: Cast, fields: dict[str, str], field: str
) -> None:
    response = daan.post(f"/beheer/mensen/{cast.colleague.id}/rollen", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page


def test_a_mandate_is_given_and_ended_on_the_page_of_a_person(daan: Client, cast: Cast, database: Database) -> None:
    page = f"/beheer/mensen/{cast.colleague.id}"
    fields = {"party_id": str(cast.parties["schakel"]), "function": "kaderlid", "may_sign": "1"}
    assert daan.post(f"{page}/mandaten", fields).status_code == 303
    assert "mag tekenen" in daan.get(page).get_data(as_text=True)
    with database.reading():
        (mandate,) = registers.list_mandates(cast.colleague.id)
    assert daan.post(f"/beheer/mandaten/{mandate.id}/beeindigen", {"ends_on": "nooit"}).status_code == 422
    assert daan.post(f"/beheer/mandaten/{mandate.id}/beeindigen", {}).status_code == 303
    with database.reading():
        assert registers.get_mandate(mandate.id).ends_on == clock.today()


def test_a_mandate_that_cannot_be_keeps_what_was_typed(daan: Client, cast: Cast) -> None:
    fields = {"party_id": "", "function": "<i>voorzitter</i>", "may_sign": "1", "ends_on": "x"}
    response = daan.post(f"/beheer/mensen/{cast.colleague.id}/mandaten", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "&lt;i&gt;voorzitter&lt;/i&gt;" in page
    assert 'href="#mandaat-ends_on"' in page


def test_the_page_of_an_administrator_offers_nothing_for_oneself(daan: Client, cast: Cast) -> None:
    page = daan.get(f"/beheer/mensen/{cast.admin.id}").get_data(as_text=True)
    assert "Geef een rol" not in page
    assert "Blokkeer het account" not in page
    assert daan.post(f"/beheer/mensen/{cast.admin.id}/rollen", {"role": "moderator"}).status_code == 403
    assert daan.post(f"/beheer/mensen/{cast.admin.id}/blokkeren").status_code == 409


def test_the_last_administrator_stays_over_http_too(daan: Client, cast: Cast, database: Database) -> None:
    with database.reading():
        (grant,) = registers.list_grants(cast.admin.id)
    assert daan.post(f"/beheer/rollen/{grant.id}/beeindigen", {}).status_code == 409
    assert daan.get("/beheer").status_code == 200


def test_an_administrator_whose_role_ended_is_out_at_the_next_click(
    daan: Client, cast: Cast, database: Database
) -> None:
    with database.transaction():
        service.grant_role(None, queries.get_person(cast.colleague.id), Role.ADMINISTRATOR, starts_on=clock.today())
        (grant,) = registers.list_grants(cast.admin.id)
        service.end_role(None, grant, ends_on=clock.today() - timedelta(days=1))
    assert daan.get("/beheer").status_code == 403


def test_blocking_and_opening_again(daan: Client, client: Client, cast: Cast) -> None:
    other = client.as_(cast.colleague)
    assert daan.post(f"/beheer/mensen/{cast.colleague.id}/blokkeren").status_code == 303
    assert other.get("/mijn/sessies").status_code == 303
    assert "Geblokkeerd" in daan.get(f"/beheer/mensen/{cast.colleague.id}").get_data(as_text=True)
    assert daan.post(f"/beheer/mensen/{cast.colleague.id}/blokkeren").status_code == 409
    assert daan.post(f"/beheer/mensen/{cast.colleague.id}/deblokkeren").status_code == 303


@pytest.mark.parametrize(
    ("register", "fields", "model"),
    [
        ("afdelingen", {"name": "Water <&> Klimaat", "headcount": "196"}, Department),
        ("themas", {"name": "Water <&> Klimaat", "position": "3"}, Theme),
        ("partijen", {"name": "Water <&> Klimaat", "kind": "vakbond", "signs_cao": "1"}, Party),
    ],
)
def test_a_register_is_kept_over_http(
    daan: Client, database: Database, register: str, fields: dict[str, str], model: type[Department | Party | Theme]
) -> None:
    home = f"/beheer/{register}"
    assert daan.post(home, fields).status_code == 303
    with database.reading():
        number = session().scalars(select(model.id).where(model.name == fields["name"])).one()
    assert "Water &lt;&amp;&gt; Klimaat" in daan.get(home).get_data(as_text=True)
    again = daan.post(home, fields)
    assert again.status_code == 422
    assert 'href="#name"' in again.get_data(as_text=True)
    assert daan.get(f"{home}/{number}").status_code == 200
    assert daan.post(f"{home}/{number}", fields | {"name": ""}).status_code == 422
    assert daan.post(f"{home}/{number}", fields | {"name": "Water"}).status_code == 303
    assert daan.post(f"{home}/{number}/sluiten").status_code == 303
    assert daan.post(f"{home}/{number}/sluiten").status_code == 409
    assert "gesloten" in daan.get(home).get_data(as_text=True)
    assert daan.post(f"{home}/{number}/heropenen").status_code == 303
    assert daan.post(f"{home}/{number}/heropenen").status_code == 409


@pytest.mark.parametrize(
    ("register", "fields", "field"),
    [
        ("afdelingen", {"name": "X1", "headcount": "veel"}, "headcount"),
        ("afdelingen", {"name": "X1", "headcount": "1.5"}, "headcount"),
        ("afdelingen", {"name": "X1", "parent_id": "999999"}, "parent_id"),
        ("themas", {"name": "X1", "position": "-1"}, "position"),
        ("themas", {"name": "X1", "position": "1000"}, "position"),
        ("partijen", {"name": "X1"}, "kind"),
        ("partijen", {"name": "X1", "kind": "kerk"}, "kind"),
    ],
)
def test_bad_input_in_a_register_is_explained_at_its_field(
    daan: Client, register: str, fields: dict[str, str], field: str
) -> None:
    response = daan.post(f"/beheer/{register}", fields)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert f'href="#{field}"' in page
    assert 'value="X1"' in page


def test_the_overview_shows_what_was_done_and_what_waits(daan: Client, cast: Cast) -> None:
    daan.post("/beheer/afdelingen", {"name": "Water & Klimaat"})
    page = daan.get("/beheer").get_data(as_text=True)
    assert "Afdeling toegevoegd: Water &amp; Klimaat" in page
    assert "Daan Wolters" in page


def test_nothing_changes_by_looking(daan: Client, cast: Cast, database: Database) -> None:
    for act in ("blokkeren", "deblokkeren", "uitnodigen", "rollen", "mandaten"):
        assert daan.get(f"/beheer/mensen/{cast.colleague.id}/{act}").status_code in (404, 405)
    with database.reading():
        assert session().get_one(Person, cast.colleague.id).blocked_at is None


def test_the_list_of_mistakes_stands_below_the_heading(daan: Client) -> None:
    for path in ("/beheer/afdelingen", "/beheer/mensen/nieuw", "/beheer/partijen", "/beheer/themas"):
        page = daan.post(path, {"name": ""}).text
        assert 0 < page.index("<h1") < page.index("data-error-summary"), path
