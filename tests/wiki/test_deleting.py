"""Deleting a page leaves a tombstone; everything about it can be read by whoever could, and can come back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin.db import session
from proeftuin.events.models import Event, Subject
from proeftuin.following import service as following
from proeftuin.following.models import Notice
from proeftuin.search import documents
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene
from tests.wiki.test_links import links
from tests.wiki.test_renaming import rename

REASON = "Dubbel met het logboek"


def delete(client: Client, path: str, reason: str = REASON) -> None:
    answer = client.post(f"{path}/verwijderen", {"reason": reason})
    assert (answer.status_code, answer.location) == (303, path)


def test_a_deleted_page_is_a_tombstone_with_who_when_and_why(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven", "Geheim recept.")
    lead = client.as_(cast.lead)
    assert "Pagina verwijderen?" in lead.get(f"{path}/verwijderen").get_data(as_text=True)
    delete(lead, path)
    for person in (cast.outsider, cast.union, cast.lead):
        answer = client.as_(person).get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 410
        assert "De maatstaven" in page
        assert "Willemijn Smit" in page
        assert REASON in page
        assert f'href="{path}/geschiedenis"' in page
        assert "Geheim recept" not in page
    assert "Haal de pagina terug" in client.as_(cast.member).get(path).get_data(as_text=True)
    assert "Haal de pagina terug" not in client.as_(cast.outsider).get(path).get_data(as_text=True)
    with scene.database.reading():
        kinds = list(session().scalars(select(Event.kind).where(Event.kind.startswith("page:")).order_by(Event.id)))
    assert kinds[-1] == "page:deleted"


def test_a_reason_is_needed(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    refused = client.as_(cast.lead).post(f"{path}/verwijderen", {"reason": "  "})
    assert refused.status_code == 422
    assert client.as_(cast.lead).get(path).status_code == 200


def test_only_writers_delete_and_bring_back(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    others = (cast.outsider, cast.colleague, cast.council, cast.union, cast.hr, cast.admin)
    for person in others:
        assert client.as_(person).get(f"{path}/verwijderen").status_code == 403
        assert client.as_(person).post(f"{path}/verwijderen", {"reason": REASON}).status_code == 403
    delete(client.as_(cast.member), path)
    for person in others:
        assert client.as_(person).post(f"{path}/terughalen", {"title": "X"}).status_code == 403
    assert client.as_(cast.lead).post(f"{path}/terughalen", {}).status_code == 303


@pytest.mark.parametrize("kind", [PageKind.START, PageKind.DECISION])
def test_start_pages_and_decisions_stay(client: Client, cast: Cast, scene: Scene, kind: PageKind) -> None:
    path = scene.page("Vast", kind=kind)
    assert client.as_(cast.lead).get(f"{path}/verwijderen").status_code == 403
    assert client.as_(cast.lead).post(f"{path}/verwijderen", {"reason": REASON}).status_code == 403


def test_the_glossary_stays(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.site_page("Begrippen")
    assert client.as_(cast.hr).post(f"{path}/verwijderen", {"reason": REASON}).status_code == 403


def test_a_restricted_page_that_was_deleted_is_nothing_to_others(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Salarissen", restricted=True)
    delete(client.as_(cast.lead), path)
    assert client.as_(cast.outsider).get(path).status_code == 404
    assert client.as_(cast.outsider).get(f"{path}/geschiedenis").status_code == 404
    assert client.as_(cast.member).get(path).status_code == 410


def test_every_way_in_answers_gone_and_keeps_what_was_typed(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    with scene.database.reading():
        number = scene.row(path).id
    delete(client.as_(cast.lead), path)
    member = client.as_(cast.member)
    for way in ("bewerken", "instellingen", "terugzetten/1", "verwijderen", "verwijzingen"):
        answer = member.get(f"{path}/{way}")
        assert answer.status_code == 410, way
        assert f'href="{path}"' in answer.get_data(as_text=True)
    for way in ("bewerken", "voorbeeld", "terugzetten/1", "verwijderen"):
        answer = member.post(f"{path}/{way}", {"text": "Mijn halve dag werk", "base": "1", "reason": "x"})
        assert answer.status_code == 410, way
        assert "Mijn halve dag werk" in answer.get_data(as_text=True)
    answer = member.post(f"/gesprek/nieuw/{number}", {"text": "Mijn vraag", "voice": "proeftuinteam"})
    assert answer.status_code == 410
    assert "Mijn vraag" in answer.get_data(as_text=True)
    assert member.post(f"/volgen/{number}", {"follow": "1"}).status_code == 410


def test_its_history_and_its_talk_stay_readable_and_closed(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven", "Eerste tekst.")
    scene.save(path, "Tweede tekst.")
    with scene.act():
        subject = session().get_one(Subject, scene.row(path).id)
        thread = talk.start_thread(
            cast.lead,
            subject,
            title="Over maten",
            text="Klopt dit?",
            capacity=Capacity.TEAM,
            allowed=[Capacity.TEAM],
            is_question=True,
        ).id
    delete(client.as_(cast.lead), path)
    reader = client.as_(cast.outsider)
    assert "versie 2" in reader.get(f"{path}/geschiedenis").get_data(as_text=True)
    assert "Eerste tekst" in reader.get(f"{path}/versies/1").get_data(as_text=True)
    assert reader.get(f"{path}/vergelijk?van=1&naar=2").status_code == 200
    assert "Klopt dit?" in reader.get(f"{path}/gesprek").get_data(as_text=True)
    page = reader.get(f"/gesprek/{thread}").get_data(as_text=True)
    assert "Klopt dit?" in page
    assert "niet voortzetten" in page
    answer = reader.post(f"/gesprek/{thread}/antwoord", {"text": "Ja hoor", "voice": "niet-deelnemer"})
    assert answer.status_code == 410
    assert "Ja hoor" in answer.get_data(as_text=True)
    assert "Over maten" not in reader.get(f"{scene.path}/gesprek").get_data(as_text=True)
    assert "Over maten" not in reader.get(scene.path).get_data(as_text=True)


def test_it_is_in_no_list_count_or_search(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven", "Zo meten we het.", kind=PageKind.PROGRESS)
    scene.page("Week 1", "[[Het logboek]]")
    target = scene.page("Het logboek", "[[De maatstaven]]")
    with scene.database.reading():
        key = f"page:{scene.row(path).id}"
    slug = scene.path.rsplit("/", 1)[1]
    reader = client.as_(cast.outsider)
    places = ("/", scene.path, f"{scene.path}/paginas", f"{scene.path}/voortgang", f"{scene.path}/los")
    before = [reader.get(place).get_data(as_text=True) for place in places]
    assert any("Zo meten we het" in page for page in before)
    delete(client.as_(cast.lead), path)
    scene.work()
    for place in places:
        assert "Zo meten we het" not in reader.get(place).get_data(as_text=True), place
    assert reader.get(f"/wiki/titels?q=maatst&ruimte={slug}").get_json() == []
    with scene.database.reading():
        assert list(documents.documents([key])) == []
    assert links(reader, target) == [(path, False, "De maatstaven")]
    assert "(pagina is verwijderd)" in reader.get(target).get_data(as_text=True)
    changes = reader.get("/wijzigingen").get_data(as_text=True)
    assert REASON in changes
    assert "verwijderde de pagina" in changes


def test_followers_are_told(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page()
    with scene.database.reading():
        number = scene.row(path).id
    scene.work()
    client.as_(cast.outsider).post(f"/volgen/{number}", {"follow": "1"})
    delete(client.as_(cast.lead), path)
    scene.work()
    with scene.database.reading():
        told = session().scalars(select(Notice.event_id).where(Notice.person_id == cast.outsider.id)).all()
        kinds = list(session().scalars(select(Event.kind).where(Event.id.in_(told))))
    assert kinds == ["page:deleted"]
    assert "verwijderde de pagina" in client.as_(cast.outsider).get("/mijn/berichten").get_data(as_text=True)


def test_it_comes_back_with_everything_and_its_links(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven", "Zo meten we het.")
    page = scene.page("Week 1", "[[De maatstaven]]")
    delete(client.as_(cast.lead), path)
    scene.work()
    answer = client.as_(cast.member).post(f"{path}/terughalen", {"title": "De maatstaven"})
    assert (answer.status_code, answer.location) == (303, path)
    reader = client.as_(cast.outsider)
    assert "Zo meten we het" in reader.get(path).get_data(as_text=True)
    for _ in range(2):
        assert links(reader, page) == [(path, True, "De maatstaven")]
        scene.work()
    assert "De maatstaven" in reader.get(f"{scene.path}/paginas").get_data(as_text=True)
    with scene.database.reading():
        assert session().scalars(select(Event.kind).order_by(Event.id.desc())).first() == "page:undeleted"


def test_its_title_is_free_and_its_address_is_not(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("De maatstaven", "Oud.")
    page = scene.page("Week 1", "[[De maatstaven]]")
    delete(client.as_(cast.lead), path)
    new = scene.page("De maatstaven", "Nieuw.")
    assert new == f"{path}-2"
    reader, member = client.as_(cast.outsider), client.as_(cast.member)
    assert links(reader, page) == [(new, True, "De maatstaven")]
    tombstone = reader.get(path)
    assert tombstone.status_code == 410
    assert f'href="{new}"' in tombstone.get_data(as_text=True)
    refused = member.post(f"{path}/terughalen", {"title": "De maatstaven"})
    assert refused.status_code == 422
    assert client.as_(cast.outsider).get(path).status_code == 410
    assert member.post(f"{path}/terughalen", {"title": "De oude maatstaven"}).location == path
    assert "De oude maatstaven" in reader.get(path).get_data(as_text=True)
    assert links(reader, page) == [(new, True, "De maatstaven")]


def test_a_tombstone_does_not_tell_of_a_restricted_page_with_its_title(
    client: Client, cast: Cast, scene: Scene
) -> None:
    path = scene.page("Lonen")
    delete(client.as_(cast.lead), path)
    secret = scene.page("Lonen", restricted=True)
    assert secret not in client.as_(cast.outsider).get(path).get_data(as_text=True)
    assert secret in client.as_(cast.lead).get(path).get_data(as_text=True)


def test_an_older_address_leads_to_the_tombstone(client: Client, cast: Cast, scene: Scene) -> None:
    old = scene.page("Een")
    path = rename(scene, old, "Twee")
    delete(client.as_(cast.lead), path)
    with scene.database.reading():
        number = scene.row(path).id
    reader = client.as_(cast.outsider)
    assert reader.get(old).location == path
    assert reader.get(f"/p/{number}").location == path
    assert reader.get(f"/p/{number}", follow_redirects=True).status_code == 410


def test_of_a_deleted_page_nothing_is_told_but_that_and_why(client: Client, cast: Cast, scene: Scene) -> None:
    """Changes, the feeds, news, notices and the front page: what its writers said of it went with it."""
    path = scene.page("De maatstaven", "Een tekst.")
    with scene.act():
        following.follow(cast.outsider, scene.row(path).id)
    member = client.as_(cast.member)
    member.post(f"{path}/bewerken", {"base": "1", "text": "Een andere tekst.", "summary": "KWINKELEREND"})
    suggested = {"base": "2", "text": "Nog anders.", "summary": "KWETTEREND"}
    assert client.as_(cast.colleague).post(f"{path}/voorstel", suggested).status_code == 303
    scene.work()
    places = (
        "/wijzigingen?klein=1",
        "/wijzigingen/atom",
        f"{scene.path}/atom",
        "/mijn/berichten",
        "/mijn",
        "/",
        scene.path,
        f"{scene.path}/geschiedenis",
        f"{scene.path}/voorstellen",
    )

    def told(words: str) -> set[str]:
        answers = {place: client.as_(cast.outsider).get(place) for place in places}
        return {place for place, answer in answers.items() if words in answer.get_data(as_text=True)}

    assert {"/wijzigingen?klein=1", "/wijzigingen/atom", f"{scene.path}/atom"} <= told("KWINKELEREND")
    assert "/wijzigingen?klein=1" in told("KWETTEREND")
    delete(client.as_(cast.lead), path)
    scene.work()
    assert told("KWINKELEREND") == told("KWETTEREND") == set()
    assert {"/wijzigingen?klein=1", "/wijzigingen/atom"} <= told(REASON)
    client.as_(cast.lead).post(f"{path}/terughalen", {"title": "De maatstaven"})
    assert "/wijzigingen?klein=1" in told("KWINKELEREND")
