"""Drafting over HTTP: who finds a draft, what a form keeps, and what stands in the way of submitting it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin.db import Database, session
from proeftuin.deviations.drafting import next_version
from proeftuin.deviations.models import Deviation, Draft, Version
from proeftuin.deviations.vocabulary import State, VersionKind
from tests.cast import Cast
from tests.client import Client
from tests.deviations import drafting_scene as scene
from tests.deviations.drafting_scene import fields_of, hidden_base, post
from tests.pilots import builders

WRITERS = {"lead", "member", "hr"}
ASKED = "</svg>moet akkoord zijn</span>"
TAILS = ("", "/leden?artikel=2.1", "/voorleggen")


@pytest.fixture
def deviation(database: Database, cast: Cast) -> Deviation:
    """Give a draft from which nothing is missing."""

    def build() -> Deviation:
        scene.publish_cao()
        return scene.begin(cast)

    made: Deviation = scene.stored(database, build)
    return made


@pytest.fixture
def path(deviation: Deviation) -> str:
    return f"/afwijkingen/concept-{deviation.id}"


@pytest.fixture
def submitted(database: Database, cast: Cast, deviation: Deviation) -> str:
    """Give the code of a deviation that was submitted."""

    def build() -> str | None:
        return scene.again(cast, deviation.id).code

    return str(scene.stored(database, build, expunge=False))


def versions(database: Database) -> list[int]:
    with database.reading():
        return list(session().scalars(select(Version.number).order_by(Version.id)))


def test_a_draft_exists_for_the_team_and_hr_only(client: Client, cast: Cast, path: str) -> None:
    for name, actor in cast.everyone().items():
        browser = client.as_(actor)
        for tail in TAILS:
            assert browser.get(path + tail).status_code == (200 if name in WRITERS else 404), (name, tail)
        for tail in ("", "/bewaar", "/kaart", "/toets", "/voorleggen"):
            answer = browser.post(path + tail, {"title": "Anders"})
            assert (answer.status_code == 404) == (name not in WRITERS), (name, tail, answer.status_code)


def test_the_next_version_is_drafted_by_the_team_and_hr_and_refused_to_others(
    client: Client, cast: Cast, submitted: str
) -> None:
    base = f"/afwijkingen/{submitted}"
    for name, actor in cast.everyone().items():
        browser = client.as_(actor)
        wanted = 200 if name in WRITERS else 403
        assert browser.get(f"{base}/bewerken").status_code == wanted, name
    assert client.as_(cast.union).post(f"{base}/volgende", {"kind": "wijziging"}).status_code == 403
    assert client.as_(cast.lead).post(f"{base}/volgende", {"kind": "verlenging-ish"}).status_code == 422
    assert client.as_(cast.lead).post(f"{base}/volgende", {"kind": "wijziging"}).location == f"{base}/bewerken"


def test_every_employee_sees_for_which_pilot_a_deviation_can_be_begun(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = builders.stored(database, builders.prepared, cast)
    for name, actor in cast.everyone().items():
        answer = client.as_(actor).get(f"/afwijkingen/nieuw?proeftuin={pilot.slug}")
        assert answer.status_code == (200 if name in WRITERS else 403), name
        begun = client.as_(actor).post("/afwijkingen/nieuw", {"proeftuin": pilot.slug, "title": "Vast budget"})
        assert begun.status_code == (303 if name in WRITERS else 403), name
    assert client.as_(cast.lead).get("/afwijkingen/nieuw?proeftuin=bestaat-niet").status_code == 404
    assert client.as_(cast.lead).post("/afwijkingen/nieuw", {"title": "Zonder proeftuin"}).status_code == 422
    page = client.as_(cast.member).get("/afwijkingen/nieuw").text
    assert page.count('href="/afwijkingen/concept-') == 3


def test_a_concept_of_which_others_know_nothing_has_no_drafts_for_hr_to_choose(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = builders.stored(database, builders.concept, cast, "Nog geheim")
    assert "Nog geheim" not in client.as_(cast.hr).get("/afwijkingen/nieuw", follow_redirects=True).text
    assert client.as_(cast.hr).get(f"/afwijkingen/nieuw?proeftuin=concept-{pilot.id}").status_code == 404


def test_a_form_keeps_what_is_wrong_and_says_what_cannot_be_read(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    browser = client.as_(cast.member)
    answer = post(browser, path, valid_from="ergens in maart", max_participants="-3", group="x" * 12_000)
    assert answer.status_code == 303
    kept = fields_of(database, deviation)
    assert (kept["valid_from"], kept["max_participants"], len(kept["group"])) == ("ergens in maart", "-3", 12_000)
    page = browser.get(path).text
    assert "Deze dag kunnen we niet lezen" in page
    assert 'value="ergens in maart"' in page
    gate = browser.get(f"{path}/voorleggen").text
    for name in ("valid_from", "max_participants", "group"):
        assert f"?controle=1#{name}" in gate
    assert 'name="edition"' not in gate


def test_fields_that_nobody_asked_for_are_not_kept(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    before = fields_of(database, deviation)
    strange = {
        "rules-1-cao_text": "Eigen tekst",
        "legal_outcome": "binnen_wet",
        "rules-9-text": "Bestaat niet",
        "x": "y",
    }
    assert post(client.as_(cast.lead), path, **strange).status_code == 303
    assert fields_of(database, deviation) == before
    with database.reading():
        draft = session().get_one(Draft, deviation.id)
        assert "Eigen tekst" not in str(draft.fields)


def test_buttons_add_and_remove_rows_and_keep_the_rest(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    browser = client.as_(cast.lead)
    answer = post(browser, path, do="add-conditions", shifts="Blijft staan")
    assert answer.location == f"{path}#conditions-1"
    assert post(browser, path, do="add-subgroups", **{"conditions-1-text": "Cijfers"}).location.endswith(
        "#subgroups-1"
    )
    kept = fields_of(database, deviation)
    assert (kept["shifts"], kept["conditions-1-text"], kept["subgroups-1-group"]) == ("Blijft staan", "Cijfers", "")
    assert post(browser, path, do="remove-conditions-1").status_code == 303
    assert "conditions-1-text" not in fields_of(database, deviation)
    for strange in ("add-rules", "remove-rules-x", "remove-people-1", "renew-x", "onbekend"):
        assert post(browser, path, do=strange).status_code == 303


def test_paragraphs_are_chosen_without_a_script(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    browser = client.as_(cast.lead)
    answer = post(browser, path, do="show", artikel="art. 2.1 lid 2", shifts="Onderweg bewaard")
    assert answer.status_code == 303
    page = browser.get(answer.location.partition("#")[0]).text
    assert re.search(r'name="lid" value="2" id="lid-2" checked', page)
    picked = browser.post(path, {"base": hidden_base(page), "do": "pick", "gekozen": "2.1", "lid": ["1", "2"]})
    assert picked.location == f"{path}#rules-2"
    with database.reading():
        rows = session().get_one(Draft, deviation.id).fields["rules"]
    assert rows["3"]["cao_text"] == "De resultaatbeloning is voor iedereen hetzelfde percentage."
    assert fields_of(database, deviation)["shifts"] == "Onderweg bewaard"
    refused = post(browser, path, do="pick", gekozen="2.1", guarantee="Ook dit blijft")
    assert refused.status_code == 422
    assert "Kies een artikel" in refused.text
    assert fields_of(database, deviation)["guarantee"] == "Ook dit blijft"


def test_a_field_that_two_changed_shows_both_and_loses_nothing(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    hers, his = client.as_(cast.lead), client.as_(cast.member)
    page = his.get(path).text
    assert post(hers, path, group="Haar groep").status_code == 303
    answer = his.post(path, {"base": hidden_base(page), "do": "submit", "group": "Zijn groep", "shifts": "Zijn zin"})
    assert answer.status_code == 409
    assert "Haar groep" in answer.text
    assert "Zijn groep" in answer.text
    kept = fields_of(database, deviation)
    assert (kept["group"], kept["shifts"]) == ("Haar groep", "Zijn zin")
    again = his.post(path, {"base": hidden_base(answer.text), "group": "Samen"})
    assert again.status_code == 303
    assert fields_of(database, deviation)["group"] == "Samen"


def test_a_draft_keeps_itself_while_someone_types(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    browser = client.as_(cast.lead)
    base = hidden_base(browser.get(path).text)
    for title in ("Va", "Vast"):
        answer = browser.post(f"{path}/bewaar", {"base": base, "title": title})
        assert (answer.status_code, answer.get_json()["message"][:8]) == (200, "Bewaard ")
    assert fields_of(database, deviation)["title"] == "Vast"
    assert browser.post(path, {"base": base, "title": "Vast budget"}).status_code == 303
    stale = client.as_(cast.member).post(f"{path}/bewaar", {"base": base, "title": "Anders"})
    assert stale.status_code == 409
    assert fields_of(database, deviation)["title"] == "Vast budget"


def test_an_expired_session_keeps_the_words_of_a_draft(client: Client, cast: Cast, path: str) -> None:
    answer = client.post(path, {"group": "Al deze woorden blijven", "do": "save"})
    assert answer.status_code == 401
    assert "Al deze woorden blijven" in answer.text


def test_the_card_follows_what_is_typed_and_nothing_is_kept(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    before = fields_of(database, deviation)
    typed = {"guarantee": "Niemand minder dan de cao", "basis": "binnen_ruimte", "rules-1-text": "Iets met 99 euro"}
    piece = client.as_(cast.lead).post(f"{path}/kaart", typed).text
    assert "Niemand minder dan de cao" in piece
    assert "Iets met 99" in re.sub(r"<[^>]+>", "", piece)
    assert ASKED not in piece, "within the room of the article nobody has to agree"
    assert 'data-part="card"' in piece
    assert fields_of(database, deviation) == before


def test_who_must_agree_is_computed_and_shown_with_names(client: Client, cast: Cast, path: str) -> None:
    browser = client.as_(cast.lead)
    page = browser.get(path).text
    assert page.count(ASKED) == 3
    post(browser, path, basis="decentralisatie_or")
    page = browser.get(path).text
    part = page[page.index('data-part="parties"') :]
    part = part[: part.index("</ul>")]
    assert part.count(ASKED) == 2
    assert re.search(r"wordt geïnformeerd</span>\s*<strong>Vakbond De Schakel", part)


def test_nobody_is_said_to_be_informed_only_while_no_basis_was_chosen(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = builders.stored(database, builders.prepared, cast)
    browser = client.as_(cast.lead)
    begun = browser.post("/afwijkingen/nieuw", {"proeftuin": pilot.slug, "title": "Vast budget"}).location
    page = browser.get(begun).text
    assert page.count("nog niet bekend</span>") == 3
    assert "volgt uit de grondslag; kies die eerst" in page
    assert "Dat volgt uit de grondslag. Die is nog niet gekozen." in page
    assert "Van niemand is een akkoord nodig." not in page


def test_hr_finds_concepts_and_drafts_of_next_versions_from_the_register(
    client: Client, cast: Cast, submitted: str
) -> None:
    hr = client.as_(cast.hr)
    assert hr.post(f"/afwijkingen/{submitted}/volgende", {"kind": "wijziging"}).status_code == 303
    assert 'href="/afwijkingen/nieuw">Concepten en nieuwe afwijking</a>' in hr.get("/afwijkingen").text
    page = hr.get("/afwijkingen/nieuw").text
    assert f'href="/afwijkingen/{submitted}/bewerken"' in page
    assert f"volgende versie van {submitted}" in page
    for actor in (cast.colleague, cast.union, cast.council):
        assert "Concepten en nieuwe afwijking" not in client.as_(actor).get("/afwijkingen").text
    assert "Concepten en nieuwe afwijking" not in hr.get("/afwijkingen?bekend=2020-01-01").text


def test_the_grounds_of_the_works_council_follow_the_themes(client: Client, cast: Cast, path: str) -> None:
    page = client.as_(cast.lead).get(path).text
    assert "27.1.c" in page, "the pilot is about reward"
    assert "27.1.k" in page


def test_the_legal_check_is_a_page_of_hr_and_the_team_reads_it(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    for name in ("lead", "member"):
        assert client.as_(getattr(cast, name)).get(f"{path}/toets").status_code == 403
        assert client.as_(getattr(cast, name)).post(f"{path}/toets", {"outcome": "binnen_wet"}).status_code == 403
        assert f'href="{path}/toets"' not in client.as_(getattr(cast, name)).get(path).text
    browser = client.as_(cast.hr)
    page = browser.get(f"{path}/toets").text
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark is not None
    refused = browser.post(f"{path}/toets", {"mark": mark[1], "note": "Zonder uitkomst blijft dit staan"})
    assert refused.status_code == 422
    assert "Zonder uitkomst blijft dit staan" in refused.text
    stale = browser.post(f"{path}/toets", {"mark": "oud", "outcome": "binnen_wet", "references": "WML 7"})
    assert stale.status_code == 409
    done = browser.post(
        f"{path}/toets",
        {"mark": mark[1], "outcome": "binnen_wet", "references": ["BW 7:646", "WML 7"], "note": "Mag."},
    )
    assert done.location == f"{path}#legal"
    shown = client.as_(cast.member).get(path).text
    assert "Gedaan door Esra Yildiz" in shown
    assert "BW 7:646" in shown
    assert "is dwingend" in shown, "someone may be worse off"


def test_submitting_shows_what_happens_asks_once_and_freezes(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    lead = client.as_(cast.lead)
    page = lead.get(f"{path}/voorleggen").text
    assert "Vakbond De Schakel" in page
    assert "Zwijgen is geen akkoord" in page
    edition = re.search(r'name="edition" value="(\d+)"', page)
    assert edition is not None
    assert 'name="edition"' not in client.as_(cast.member).get(f"{path}/voorleggen").text
    assert client.as_(cast.member).post(f"{path}/voorleggen", {"edition": edition[1]}).status_code == 403
    assert lead.post(f"{path}/voorleggen", {"edition": "0"}).status_code == 409
    answer = lead.post(f"{path}/voorleggen", {"edition": edition[1]})
    with database.reading():
        code = session().get_one(Deviation, deviation.id).code
    assert answer.location == f"/afwijkingen/{code}"
    assert versions(database) == [1]
    assert lead.post(f"{path}/voorleggen", {"edition": edition[1]}).status_code == 410, (
        "a second click submits nothing"
    )
    assert lead.get(path).status_code == 303
    assert versions(database) == [1]


def test_an_incomplete_draft_is_not_submitted_and_says_why(
    client: Client, cast: Cast, database: Database, path: str
) -> None:
    lead = client.as_(cast.lead)
    assert post(lead, path, do="submit", valid_until=scene.day(1), evaluate_by="").location == f"{path}/voorleggen"
    page = lead.get(f"{path}/voorleggen").text
    assert "vóór de eerste dag" in page
    assert f"{path}?controle=1#valid_until" in page
    with database.reading():
        edition = session().scalars(select(Draft.edition)).one()
    assert lead.post(f"{path}/voorleggen", {"edition": str(edition)}).status_code == 422
    assert versions(database) == []
    checked = lead.get(f"{path}?controle=1").text
    assert re.search(r'id="valid_until-e"', checked)


def test_a_concept_is_withdrawn_with_a_reason(
    client: Client, cast: Cast, database: Database, deviation: Deviation, path: str
) -> None:
    assert client.as_(cast.member).post(f"{path}/intrekken", {"reason": "Nee"}).status_code == 403
    lead = client.as_(cast.lead)
    assert lead.post(f"{path}/intrekken", {"reason": " "}).status_code == 422
    assert lead.post(f"{path}/intrekken", {"reason": "Het mag al."}).status_code == 303
    with database.reading():
        assert session().get_one(Deviation, deviation.id).state is State.WITHDRAWN
    assert lead.get(path).status_code == 410


def test_a_next_version_shows_what_differs_and_can_be_thrown_away(
    client: Client, cast: Cast, database: Database, deviation: Deviation, submitted: str
) -> None:
    lead, base = client.as_(cast.lead), f"/afwijkingen/{submitted}"
    assert "Wijziging voorbereiden" in lead.get(f"{base}/bewerken").text
    lead.post(f"{base}/volgende", {"kind": VersionKind.AMENDMENT.value})
    post(lead, f"{base}/bewerken", max_participants="20", change_note="Minder mensen.")
    page = lead.get(f"{base}/bewerken").text
    changed = page[page.index('id="verschil"') :]
    assert "<del>30</del>" in changed
    assert "<ins>20</ins>" in changed
    assert lead.post(f"{base}/bewerken/weggooien").location == base
    with database.reading():
        assert session().get(Draft, deviation.id) is None
        assert next_version.last_version(session().get_one(Deviation, deviation.id)) is not None
    assert lead.post(f"{base}/bewerken", {"title": "Te laat"}).status_code == 410


def test_nothing_is_drafted_on_a_day_of_the_past(client: Client, cast: Cast, path: str) -> None:
    answer: Any = client.as_(cast.lead).post(f"{path}?op=2026-01-01", {"title": "Gisteren"})
    assert answer.status_code in (403, 404, 409)
