"""The screens of outcomes over real HTTP: what everyone reads, what a researcher does, and what nobody sees."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import func, select, update

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.models import AnswerRow, Intake, Publication
from proeftuin.outcomes.service import Flow
from tests.client import Client
from tests.outcomes.scene import HEADER, MEASURE, SECRET, Scene, both, file, rows


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.get_data(as_text=True))


def send(client: Client, scene: Scene, text: str, name: str = "metingen.csv") -> int:
    sent = {"bestand": (io.BytesIO(text.encode()), name)}
    return client.post(f"{scene.path}/publiceren", sent, content_type="multipart/form-data").status_code


def test_without_outcomes_the_screen_says_what_comes(client: Client, scene: Scene) -> None:
    page = text_of(client.as_(scene.cast.colleague), scene.path)
    assert "Er zijn nog geen uitkomsten" in page
    assert "Publiceer uitkomsten" not in page
    assert "Publiceer uitkomsten" in text_of(client.as_(scene.researcher), scene.path)


def test_a_verdict_stands_first_in_words_and_then_as_a_number(client: Client, scene: Scene) -> None:
    scene.published(flow=Flow(invited=60, signed_up=40, began=32, stopped=2))
    page = text_of(client.as_(scene.cast.union), scene.path)
    assert "Deelnemers kwamen er beter uit dan de vergelijkingsgroep." in page
    assert page.index("Deelnemers kwamen er beter uit") < page.index("95%-interval")
    assert "Het verschil is zeker groter dan wat vooraf de moeite waard leek: 0,5." in page
    assert "<b>60</b> uitgenodigd" in page
    assert "<b>minder dan 8</b> stopten tussendoor" in page
    assert "Wie zich aanmeldt, verschilt van wie dat niet doet." in page


def test_a_disappointing_outcome_is_told_as_plainly(client: Client, scene: Scene) -> None:
    scene.published(both(scene.pilot, change=-3.0))
    page = text_of(client.as_(scene.cast.colleague), scene.path)
    assert "Deelnemers kwamen er slechter uit dan de vergelijkingsgroep." in page


def test_other_measures_are_exploratory(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        scene.settle("Werkdruk", is_primary=False)
        scene.publish(both(scene.pilot) + "\n".join(rows(scene.pilot, key="werkdruk")))
    page = text_of(client.as_(scene.cast.colleague), scene.path)
    assert page.index("Hoofdmaat") < page.index("Verkennend")
    assert "of dit door de proeftuin komt, weten we niet" in page


def test_small_parts_are_said_to_be_hidden_and_the_whole_is_shown(client: Client, scene: Scene) -> None:
    scene.published(file(rows(scene.pilot, n=29, parts=(6, "deeltijd", "voltijd"))))
    browser = client.as_(scene.cast.hr)
    page = text_of(browser, scene.path)
    assert page.count("verborgen: deze groep is kleiner dan 8 mensen") == 2
    assert '<td class="n" data-l="Beide keren">29</td>' in page
    taken = browser.get(f"{scene.path}/cijfers.csv").get_data(as_text=True)
    assert taken.count("verborgen") == 2


def test_a_share_and_an_amount_are_told_in_their_own_words(client: Client, scene: Scene) -> None:
    code = scene.pilot.code
    with scene.database.transaction():
        scene.settle("Doet dit vaker", kind=Kind.SHARE, smallest=5.0, is_primary=False)
        scene.settle("Netto verschil", kind=Kind.AMOUNT, smallest=5.0, is_primary=False)
        lines = [HEADER]
        for number in range(40):
            lines.append(f"{code},doet_dit_vaker,deelnemer,nameting,d{number},,{int(number < 36)}")
            lines.append(f"{code},doet_dit_vaker,vergelijking,nameting,v{number},,{int(number < 10)}")
            lines.append(f"{code},netto_verschil,deelnemer,nameting,d{number},,{-12.5 if number < 9 else 15}")
        scene.publish("\n".join(lines))
    page = text_of(client.as_(scene.cast.colleague), scene.path)
    assert "procentpunt verschil" in page
    assert "90,0% (76,9 tot 96,0)" in page
    assert "midden 15,00" in page
    assert "22,5% (12,3 tot 37,5)" in page
    assert "Er hoort geen oordeel bij." in page


def test_the_signals_are_sentences(client: Client, scene: Scene) -> None:
    scene.published()
    with scene.database.transaction():
        scene.settle("Werkdruk", is_primary=False)
    page = text_of(client.as_(scene.cast.colleague), scene.path)
    for sentence in (
        "Er was een 0-meting.",
        "Er is een vergelijkingsgroep.",
        "Hoeveel mensen stopten, is niet opgegeven.",
        "Nog niet over gepubliceerd: Werkdruk.",
        "Na de eerste uitkomsten toegevoegd of veranderd: Werkdruk.",
    ):
        assert sentence in page, sentence


def test_a_researcher_sends_a_file_sees_the_counts_and_publishes(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.researcher)
    assert send(browser, scene, both(scene.pilot) + f"PT-99,{MEASURE},deelnemer,nameting,d1,,3\n") == 303
    page = text_of(browser, f"{scene.path}/publiceren/nakijken")
    assert "1 regel gaat over een andere proeftuin" in page
    assert '<td class="n" data-l="Antwoorden">30</td>' in page
    assert "kwamen er beter uit" not in page
    sent = {"after": "0", "began": "32", "act": "publish"}
    assert browser.post(f"{scene.path}/publiceren/nakijken", sent).status_code == 303
    assert "Deelnemers kwamen er beter uit" in text_of(browser, scene.path)
    with scene.database.reading():
        assert session().scalar(select(func.count()).select_from(Intake)) == 0


def test_a_file_with_mistakes_is_told_row_by_row_and_nothing_is_kept(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.researcher)
    wrong = "\n".join(f"{scene.pilot.code},geluk,deelnemer,nameting,d{n},,5" for n in range(60))
    answer = browser.post(
        f"{scene.path}/publiceren",
        {"bestand": (io.BytesIO(f"{HEADER}\n{wrong}".encode()), "metingen.csv")},
        content_type="multipart/form-data",
    )
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "Het bestand klopt op 60 plekken niet" in page
    assert "Rij 2: de maat “geluk” is niet vastgelegd." in page
    assert "En nog 10 andere fouten." in page
    assert browser.get(f"{scene.path}/publiceren/nakijken").status_code == 303


def test_without_a_file_the_form_asks_for_one(client: Client, scene: Scene) -> None:
    answer = client.as_(scene.researcher).post(f"{scene.path}/publiceren", {})
    assert answer.status_code == 422
    assert "Kies eerst een bestand." in answer.get_data(as_text=True)


def test_what_was_typed_with_a_publication_stays_when_it_is_refused(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.researcher)
    send(browser, scene, both(scene.pilot))
    sent = {"after": "0", "began": "veel", "reason": "Eerste meting"}
    answer = browser.post(f"{scene.path}/publiceren/nakijken", sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Schrijf een aantal mensen, of laat dit leeg." in page
    assert "Eerste meting" in page
    assert 'value="veel"' in page


def test_a_file_can_be_thrown_away(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.researcher)
    send(browser, scene, both(scene.pilot))
    assert browser.post(f"{scene.path}/publiceren/nakijken", {"act": "discard"}).status_code == 303
    with scene.database.reading():
        for model in (Intake, Publication, AnswerRow):
            assert session().scalar(select(func.count()).select_from(model)) == 0


def test_what_one_researcher_sent_in_is_not_there_for_another_or_after_a_day(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.researcher)
    send(browser, scene, both(scene.pilot))
    assert browser.get(f"{scene.path}/publiceren/nakijken").status_code == 200
    with scene.database.transaction():
        session().execute(update(Intake).values(began_at=clock.now().replace(year=2020)))
    assert browser.get(f"{scene.path}/publiceren/nakijken").status_code == 303


def test_no_answer_is_found_on_any_screen_or_in_any_file(client: Client, scene: Scene) -> None:
    extra = f"{scene.pilot.code},{MEASURE},deelnemer,nameting,geheim9,,{SECRET}\n"
    browser = client.as_(scene.researcher)
    send(browser, scene, both(scene.pilot) + extra)
    pages = [text_of(browser, f"{scene.path}/publiceren/nakijken")]
    browser.post(f"{scene.path}/publiceren/nakijken", {"after": "0"})
    pilot = f"/proeftuinen/{scene.pilot.slug}"
    for path in (scene.path, f"{scene.path}/1", f"{scene.path}/cijfers.csv", f"{pilot}/geschiedenis", "/wijzigingen"):
        pages.append(text_of(browser, path))
    pages.append(text_of(browser, f"{pilot}/dossier?gesprek=volledig"))
    pages.append(browser.get(f"{pilot}/meenemen/zip").get_data().decode("latin-1"))
    pages.append(text_of(browser, "/logboek"))
    for page in pages:
        assert "geheim9" not in page
        assert SECRET not in page
        assert SECRET.replace(".", ",") not in page


def test_the_history_tells_that_outcomes_were_published(client: Client, scene: Scene) -> None:
    scene.published(reason="Eerste meting")
    page = text_of(client.as_(scene.cast.colleague), f"/proeftuinen/{scene.pilot.slug}/geschiedenis")
    assert "publiceerde uitkomsten van" in page
    assert f"{scene.path}" in page
    assert "legde vast wat er wordt gemeten" in page


def test_earlier_publications_stay_with_their_day_and_reason(client: Client, scene: Scene) -> None:
    scene.published(both(scene.pilot, later="tussenmeting"))
    scene.published(both(scene.pilot, change=-3.0), reason="De nameting is binnen.")
    browser = client.as_(scene.cast.colleague)
    page = text_of(browser, scene.path)
    assert "De nameting is binnen." in page
    assert "slechter uit" in page
    older = text_of(browser, f"{scene.path}/1")
    assert "Dit is een eerdere publicatie." in older
    assert "beter uit" in older
    text_of(browser, f"{scene.path}/3", 404)


def test_the_table_to_take_along_has_figures_verdicts_and_the_seal(client: Client, scene: Scene) -> None:
    scene.published()
    answer = client.as_(scene.cast.union).get(f"{scene.path}/cijfers.csv")
    lines = list(csv.DictReader(answer.get_data().decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [(line["wat"], line["n_gepaard"], line["oordeel"]) for line in lines] == [
        ("deelnemer", "30", ""),
        ("vergelijking", "30", ""),
        ("vergelijking van beide", "", "beter"),
    ]
    assert lines[2]["verschil"] == "1,5"
    assert lines[0]["peildatum"]


def test_on_a_day_before_it_was_published_there_is_nothing(client: Client, scene: Scene) -> None:
    before, after = (clock.today() + timedelta(days=days) for days in (1, 3))
    with clock.at(clock.now() + timedelta(days=2)):
        scene.published()
    with clock.at(clock.now() + timedelta(days=5)):
        browser = client.as_(scene.researcher)
        then = text_of(browser, f"{scene.path}?op={before.isoformat()}")
        assert "Er zijn nog geen uitkomsten" in then
        assert "Publiceer uitkomsten" not in then
        assert "beter uit" in text_of(browser, f"{scene.path}?op={after.isoformat()}")


def test_a_pilot_that_only_its_team_reads_has_no_outcomes_for_others(client: Client, scene: Scene) -> None:
    scene.published()
    with scene.database.transaction():
        session().get_one(Subject, scene.pilot.id).audience = Audience.TEAM
    stranger, member = client.as_(scene.cast.colleague), client.as_(scene.cast.member)
    for path in ("", "/1", "/cijfers.csv", "/maten", f"/maten/{MEASURE}"):
        assert stranger.get(scene.path + path).status_code == 404, path
    assert member.get(scene.path).status_code == 200
    assert client.as_(scene.researcher).get(f"{scene.path}/publiceren").status_code == 404


@pytest.mark.parametrize("name", ["lead", "member", "colleague", "council", "union", "hr", "admin"])
def test_only_a_researcher_comes_to_the_form_to_publish(client: Client, scene: Scene, name: str) -> None:
    browser = client.as_(scene.cast.everyone()[name])
    assert browser.get(f"{scene.path}/publiceren").status_code == 403
    assert send(browser, scene, both(scene.pilot)) == 403
    assert browser.get(f"{scene.path}/publiceren/nakijken").status_code == 403
    assert browser.post(f"{scene.path}/publiceren/nakijken", {"after": "0"}).status_code == 403
    assert client.as_(scene.researcher).get(f"{scene.path}/publiceren").status_code == 200


# What is measured


FIELDS = {"title": "Werkplezier", "kind": "gemiddelde", "favourable": "hoger", "smallest": "0,5"}


def test_the_team_settles_what_is_measured_and_everyone_reads_it(client: Client, scene: Scene) -> None:
    member = client.as_(scene.cast.member)
    assert member.post(f"{scene.path}/maten", FIELDS).status_code == 303
    assert "Werkplezier" in text_of(client.as_(scene.cast.union), f"{scene.path}/maten")
    changed = {**FIELDS, "smallest": "0,75"}
    assert member.post(f"{scene.path}/maten/werkplezier", changed).status_code == 303
    page = text_of(member, f"{scene.path}/maten")
    assert "0,75" in page
    assert "opnieuw op" in page
    assert "Eerst: “Werkplezier”, hoger is beter, de moeite waard vanaf 0,5." in page
    assert member.post(f"{scene.path}/maten/werkplezier", {**changed, "is_dropped": "1"}).status_code == 303
    assert "Wordt niet meer gemeten" in text_of(member, f"{scene.path}/maten")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "Schrijf op wat je meet."),
        ({"smallest": "veel"}, "Kies een getal boven nul"),
        ({"smallest": "nan"}, "Kies een getal boven nul"),
        ({"kind": "x"}, "Kies wat voor antwoorden dit zijn."),
        ({"favourable": ""}, "Kies wanneer het beter gaat."),
        ({"is_primary": "1"}, "Er is één hoofdmaat, en dat is nu “Regelruimte”."),
        ({"title": "REGELRUIMTE"}, "Er is al een maat met bijna deze naam."),
        ({"title": "x" * 161}, "Maak dit korter"),
    ],
)
def test_what_cannot_be_settled_is_said_and_what_was_typed_stays(
    client: Client, scene: Scene, change: dict[str, str], sentence: str
) -> None:
    answer = client.as_(scene.cast.lead).post(
        f"{scene.path}/maten", {**FIELDS, "scale": "Schaal die blijft", **change}
    )
    assert answer.status_code == 422
    page = unescape(answer.get_data(as_text=True))
    assert sentence in page
    assert "Schaal die blijft" in page


def test_a_reader_finds_no_form_and_no_key_that_is_not_there(client: Client, scene: Scene) -> None:
    assert '<form class="form"' not in text_of(client.as_(scene.cast.colleague), f"{scene.path}/maten")
    assert client.as_(scene.cast.lead).get(f"{scene.path}/maten/geluk").status_code == 404
