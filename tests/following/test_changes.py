"""Recent changes: what happened, for whom, and how it is filtered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.events.models import Subject, SubjectKind
from proeftuin.events.service import record
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Comment
from tests.client import Client
from tests.following.scene import Scene, build


def text_of(client: Client, path: str = "/wijzigingen") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_saved_page_is_told_in_a_sentence_that_links_to_the_comparison(client: Client, scene: Scene) -> None:
    page = scene.page()
    scene.save(page, "Zo meten we het, ook bij ziekte.", summary="Regel over ziekte")
    html = text_of(client.as_(scene.cast.outsider))
    link = f'<a href="{scene.path}/de-maatstaven/vergelijk?van=1&amp;naar=2">De maatstaven</a>'
    assert f"<b>Willemijn Smit</b> bewaarde {link} (+16): <span>Regel over ziekte</span>" in html


def test_a_question_and_a_reaction_are_told_with_the_subject_of_the_talk(client: Client, scene: Scene) -> None:
    thread = scene.ask(scene.cast.colleague, "Hoe zit dat met ziekte?", title="Ziekte")
    comment = scene.reply(scene.cast.lead, thread, "Dat zoeken we uit.")
    html = text_of(client.as_(scene.cast.outsider))
    assert "<b>Hanneke Jansma</b> stelde een vraag: " in html
    assert f'<b>Willemijn Smit</b> reageerde in <a href="/reacties/{comment}">Ziekte</a>' in html


def test_the_newest_stands_first_under_its_day_in_amsterdam(client: Client, scene: Scene) -> None:
    with clock.at(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)):
        scene.page("Vroeg")
    with clock.at(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        scene.page("Laat")
    html = text_of(client.as_(scene.cast.outsider), "/wijzigingen?tot=2026-03-02")
    order = [html.index(words) for words in ("2 maart 2026", ">Laat<", "1 maart 2026", ">Vroeg<")]
    assert order == sorted(order)


def test_small_changes_are_hidden_until_asked_for(client: Client, scene: Scene) -> None:
    page = scene.page()
    scene.save(page, "Zo meten we het nu.", summary="Tikfout weg", minor=True)
    reader = client.as_(scene.cast.outsider)
    assert "Tikfout weg" not in text_of(reader)
    assert "Tikfout weg" in text_of(reader, "/wijzigingen?klein=1")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("soort=paginas", "page"),
        ("soort=reacties", "talk"),
        ("soort=proeftuinen", "pilot"),
        ("soort=onzin&thema=weg&afdeling=weg&proeftuin=weg&van=2026-13-40&tot=x&sinds=-1", "page talk pilot"),
        ("thema=belonen", "page talk pilot"),
        ("thema=beoordeling", ""),
        ("afdeling=geotechniek", "page talk pilot"),
        ("afdeling=rail-tram", ""),
        ("proeftuin=groen-reisbudget", "page talk pilot"),
        ("van=2099-01-01", ""),
        ("tot=2001-01-01", ""),
        ("tot=9999-12-31", "page talk pilot"),
        ("sinds=999999999", ""),
        ("sinds=99999999999999999999", "page talk pilot"),
    ],
)
def test_filters_in_the_address_choose(client: Client, scene: Scene, query: str, shown: str) -> None:
    scene.page("Een bladzij")
    scene.ask(scene.cast.colleague, "Waarom?", title="Een gesprek")
    html = text_of(client.as_(scene.cast.outsider), f"/wijzigingen?{query}")
    marks = {"page": ">Een bladzij</a>", "talk": ">Een gesprek</a>", "pilot": "begon de proeftuin"}
    assert {name for name, mark in marks.items() if mark in html} == set(shown.split())


def test_a_filter_for_a_pilot_shows_its_pages_and_not_those_of_another(client: Client, scene: Scene) -> None:
    other = build(scene.database, scene.cast, "Maandkeuze")
    scene.page("Van de een")
    other.page("Van de ander")
    html = text_of(client.as_(scene.cast.outsider), f"/wijzigingen?proeftuin={other.slug}")
    assert ">Van de ander<" in html
    assert ">Van de een<" not in html


def test_a_page_holds_thirty_and_one_beyond_the_end_does_not_exist(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        for n in range(40):
            record(scene.cast.lead.id, "page:saved", scene.pilot_id, object_id=n + 2, summary=f"nummer {n}.")
    reader = client.as_(scene.cast.outsider)
    first, second = text_of(reader), text_of(reader, "/wijzigingen?bladzijde=2")
    assert first.count("<span>nummer") == 30
    assert "nummer 39." in first
    assert "nummer 9." in second
    assert reader.get("/wijzigingen?bladzijde=3").status_code == 404
    assert reader.get("/wijzigingen?bladzijde=0").status_code == 404
    assert reader.get("/wijzigingen?bladzijde=abc").status_code == 404


def test_a_link_to_an_older_page_keeps_the_filters(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        for n in range(60):
            record(scene.cast.lead.id, "pilot:changed", scene.pilot_id, minor=n % 2 == 0)
    html = text_of(client.as_(scene.cast.outsider), "/wijzigingen?soort=proeftuinen&klein=1")
    assert 'href="/wijzigingen?soort=proeftuinen&amp;klein=1&amp;bladzijde=2"' in html


def test_acts_of_administrators_are_never_shown(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        site = session().scalars(select(Subject.id).where(Subject.kind == SubjectKind.SITE)).one()
        record(scene.cast.admin.id, "admin:role_granted", site, summary="KANARIE")
    for actor in scene.cast.everyone().values():
        assert "KANARIE" not in text_of(client.as_(actor), "/wijzigingen?klein=1")


def test_a_comment_under_an_alias_names_nobody(client: Client, scene: Scene) -> None:
    with scene.act():
        pilot = session().get_one(Subject, scene.pilot_id)
        talk.post_alias(pilot, "Scholekster", text="Niemand vroeg ons iets.", capacity=Capacity.NON_PARTICIPANT)
    html = text_of(client.as_(scene.cast.outsider), "/wijzigingen?soort=reacties")
    assert "Iemand onder schuilnaam" in html


def test_a_deleted_comment_says_so_and_shows_no_words(client: Client, scene: Scene) -> None:
    thread = scene.ask(scene.cast.colleague, "KANARIE zei ik.", title="Iets", question=False)
    comment = scene.reply(scene.cast.colleague, thread, "PAPEGAAI zei ik ook.")
    with scene.act():
        talk.delete_comment(scene.cast.colleague, session().get_one(Comment, comment))
    html = text_of(client.as_(scene.cast.outsider))
    assert "die later is verwijderd" in html
    assert "PAPEGAAI" not in html


def test_what_people_typed_is_shown_as_they_typed_it(client: Client, scene: Scene) -> None:
    page = scene.page('<script>alert(1)</script> & "zo"')
    scene.save(page, "Andere tekst.", summary="<b>%(who)s 100 %</b>")
    html = text_of(client.as_(scene.cast.outsider))
    assert "<script>alert" not in html
    assert "&lt;b&gt;%(who)s 100 %&lt;/b&gt;" in html


def test_the_number_of_statements_does_not_grow(client: Client, scene: Scene, statements: list[str]) -> None:
    reader = client.as_(scene.cast.outsider)
    text_of(reader)
    statements.clear()
    text_of(reader)
    few = len(statements)
    for n in range(5):
        scene.page(f"Bladzij {n}")
        scene.ask(scene.cast.colleague, f"Vraag {n}?")
    statements.clear()
    text_of(reader)
    assert len(statements) == few
    assert few <= 4


def test_an_english_reader_hears_which_words_are_dutch(client: Client, scene: Scene) -> None:
    scene.page()
    reader = client.as_(scene.cast.outsider)
    reader.post("/taal", {"language": "en", "back": "/"})
    assert '" lang="nl">De maatstaven</a>' in text_of(reader)
