"""Versions that the law forbids to show: hidden in the open, on every screen and every day."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.models import Role, RoleGrant
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.wiki.models import HiddenVersion
from tests.cast import LONG_AGO, Cast
from tests.client import Client
from tests.wiki.scene import Scene

SECRET = "Piet heeft griep"
REASON = "Verzoek van een collega, AVG artikel 17"


@pytest.fixture
def path(scene: Scene) -> str:
    """Give a page of which the second of three versions must be hidden."""
    address = scene.page("Week 1", "Begin.")
    scene.save(address, f"Begin. {SECRET}.")
    scene.save(address, "Begin. Einde.")
    return address


def hide(browser: Client, path: str, number: int = 2) -> None:
    answer = browser.post(f"{path}/versies/{number}/verbergen", {"reason": REASON})
    assert (answer.status_code, answer.location) == (303, f"{path}/geschiedenis")


def test_a_hidden_version_says_who_when_and_why_and_nothing_else(
    client: Client, cast: Cast, scene: Scene, path: str
) -> None:
    hr = client.as_(cast.hr)
    assert "/versies/2/verbergen" in hr.get(f"{path}/versies/2").get_data(as_text=True)
    assert "Versie 2 verbergen?" in hr.get(f"{path}/versies/2/verbergen").get_data(as_text=True)
    hide(hr, path)
    for person in (cast.outsider, cast.lead, cast.hr, cast.admin):
        browser = client.as_(person)
        shown = browser.get(f"{path}/versies/2")
        assert shown.status_code == 410
        for words in ("Esra Yildiz", REASON):
            assert words in shown.get_data(as_text=True)
            assert words in browser.get(f"{path}/geschiedenis").get_data(as_text=True)
        for way in (
            "versies/2",
            "geschiedenis",
            "vergelijk?van=1&naar=2",
            "vergelijk?van=2&naar=3",
            "vergelijk?van=2&naar=3&weergave=zoals-gelezen",
            "auteurs",
            "auteurs?versie=2",
        ):
            assert SECRET not in browser.get(f"{path}/{way}").get_data(as_text=True), way
        answer = browser.get(f"{path}/geschiedenis/zin?zin=Piet+heeft+griep").get_data(as_text=True)
        assert "versies/2" not in answer
        compared = browser.get(f"{path}/vergelijk?van=1&naar=2")
        assert compared.status_code == 410
        assert "Versie 2" in compared.get_data(as_text=True)
        assert browser.get(f"{path}/vergelijk?van=1&naar=3").status_code == 200
    with scene.database.reading():
        event = session().scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        assert (event.kind, event.object_id, event.summary) == ("page:version_hidden", 2, REASON)
    assert "verborg een versie" in client.as_(cast.outsider).get("/wijzigingen").get_data(as_text=True)


def test_the_words_of_its_writer_about_it_are_hidden_too(client: Client, cast: Cast, scene: Scene) -> None:
    path = scene.page("Week 1", "Begin.")
    lead = client.as_(cast.lead)
    for base, text, summary in (("1", "Twee.", SECRET), ("2", "Drie.", "")):
        lead.post(f"{path}/bewerken", {"base": base, "text": text, "summary": summary})
    reader = client.as_(cast.outsider)
    places = (f"{path}/geschiedenis", "/wijzigingen", f"{scene.path}/geschiedenis", "/wijzigingen/atom")
    assert all(SECRET in reader.get(place).get_data(as_text=True) for place in places)
    hide(client.as_(cast.hr), path)
    for place in places:
        assert SECRET not in reader.get(place).get_data(as_text=True), place


def test_who_may_hide(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    with scene.act():
        session().add(RoleGrant(person_id=cast.colleague.id, role=Role.PRIVACY_OFFICER, starts_on=LONG_AGO))
    for person in (cast.lead, cast.member, cast.outsider, cast.union, cast.admin):
        assert client.as_(person).get(f"{path}/versies/2/verbergen").status_code == 403
        assert client.as_(person).post(f"{path}/versies/2/verbergen", {"reason": REASON}).status_code == 403
    for person in (cast.hr, cast.council, cast.colleague):
        assert client.as_(person).get(f"{path}/versies/2/verbergen").status_code == 200
    secret = scene.page("Onder ons", "Een.", restricted=True)
    scene.save(secret, "Twee.")
    assert client.as_(cast.hr).post(f"{secret}/versies/1/verbergen", {"reason": REASON}).status_code == 404
    assert client.as_(cast.member).post(f"{secret}/versies/1/verbergen", {"reason": REASON}).status_code == 403
    hide(client.as_(cast.lead), secret, 1)


def test_the_newest_version_is_never_hidden(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    hr = client.as_(cast.hr)
    for answer in (
        hr.get(f"{path}/versies/3/verbergen"),
        hr.post(f"{path}/versies/3/verbergen", {"reason": REASON}),
    ):
        assert answer.status_code == 409
        assert "nieuwste versie" in answer.get_data(as_text=True)
    assert hr.post(f"{path}/versies/9/verbergen", {"reason": REASON}).status_code == 404
    assert hr.post(f"{path}/versies/2/verbergen", {"reason": ""}).status_code == 422


def test_a_hidden_version_cannot_be_brought_back(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    hide(client.as_(cast.hr), path)
    lead = client.as_(cast.lead)
    assert lead.get(f"{path}/terugzetten/2").status_code == 410
    assert lead.post(f"{path}/terugzetten/2", {"base": "3"}).status_code == 410
    assert SECRET not in lead.get(f"{path}/ongedaan/2").get_data(as_text=True)
    assert SECRET not in lead.get(f"{path}/ongedaan/3").get_data(as_text=True)
    assert scene.current(path) == 3


def test_who_began_from_a_version_that_was_hidden_can_still_save(
    client: Client, cast: Cast, scene: Scene, path: str
) -> None:
    hide(client.as_(cast.hr), path)
    lead = client.as_(cast.lead)
    answer = lead.post(f"{path}/bewerken", {"base": "2", "text": f"Begin. {SECRET}.\n\nErbij.", "summary": ""})
    assert answer.status_code == 303
    assert scene.text(path) == "Begin. Einde.\n\nErbij."
    shown = lead.post(f"{path}/bewerken", {"base": "2", "text": "Mijn werk.", "summary": "", "do": "wijzigingen"})
    assert "Mijn werk" in shown.get_data(as_text=True)
    assert SECRET not in shown.get_data(as_text=True)


def test_showing_it_again_needs_a_reason_and_is_kept(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    hide(client.as_(cast.hr), path)
    council = client.as_(cast.council)
    assert council.post(f"{path}/versies/2/tonen", {"reason": ""}).status_code == 422
    assert client.as_(cast.lead).post(f"{path}/versies/2/tonen", {"reason": "Kan wel"}).status_code == 403
    assert council.post(f"{path}/versies/2/tonen", {"reason": "Toch niet nodig"}).status_code == 303
    assert SECRET in client.as_(cast.outsider).get(f"{path}/versies/2").get_data(as_text=True)
    with scene.database.reading():
        acts = session().scalars(select(HiddenVersion).order_by(HiddenVersion.id)).all()
        assert [(act.is_hidden, act.reason) for act in acts] == [(True, REASON), (False, "Toch niet nodig")]
        assert acts[0].created_at <= clock.now()
    hide(client.as_(cast.hr), path)
    assert client.as_(cast.outsider).get(f"{path}/versies/2").status_code == 410


def test_hiding_twice_is_hiding_once(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    hide(client.as_(cast.hr), path)
    hide(client.as_(cast.council), path)
    with scene.database.reading():
        assert len(session().scalars(select(HiddenVersion)).all()) == 1


def test_a_version_of_a_deleted_page_can_be_hidden(client: Client, cast: Cast, scene: Scene, path: str) -> None:
    client.as_(cast.lead).post(f"{path}/verwijderen", {"reason": "Weg"})
    assert SECRET in client.as_(cast.outsider).get(f"{path}/versies/2").get_data(as_text=True)
    hide(client.as_(cast.hr), path)
    assert SECRET not in client.as_(cast.outsider).get(f"{path}/versies/2").get_data(as_text=True)
