"""What somebody was saying is kept like what somebody was writing: found again, offered there, gone once placed."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki.drafts import Draft
from tests.client import Client
from tests.talk.scene import Scene

WORDS = "Dit typte ik en plaatste ik nog niet."
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def own(scene: Scene, actor: Actor) -> list[Draft]:
    with scene.database.reading():
        living = select(Draft).where(Draft.person_id == actor.id, Draft.finished_at.is_(None)).order_by(Draft.id)
        return list(session().scalars(living))


def form_on(browser: Client, path: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form that posts to an address, as a browser would send them."""
    text = browser.get(path).get_data(as_text=True)
    start = text.index(f'<form method="post" action="{action}"')
    form = text[start : text.index("</form>", start)]
    assert "data-draft-url" in form
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(form)}
    voice = re.search(r'name="voice" value="([^"]+)"[^>]* checked', form)
    if voice:
        fields["voice"] = voice[1]
    del fields["csrf_token"]
    return fields


def types(browser: Client, subject: int, fields: dict[str, str], text: str, **more: str) -> dict[str, str]:
    """Do what the script does while somebody types, and return the fields as they are afterwards."""
    sent = {**fields, "venster": "venster-een", "beurt": "1", "text": text, **more}
    answer = browser.post(f"/concepten/{subject}", sent)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return {**sent, "concept": answer.json["key"], "concept_nr": str(answer.json["number"]), "beurt": "2"}


def seen(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return html.unescape(" ".join(answer.get_data(as_text=True).split()))


def going_on(browser: Client) -> str:
    """Return the address to which the list of drafts leads for the only one in it."""
    listed = browser.get("/mijn/concepten").get_data(as_text=True)
    (found,) = set(re.findall(r'href="([^"]+concept=\d+[^"]*)"', listed))
    return html.unescape(found)


@pytest.fixture(params=["thread", "reply", "answer", "change", "passage"])
def place(request: pytest.FixtureRequest, client: Client, scene: Scene) -> tuple[str, str, int]:
    """Give the address of a form, where it posts to, and the subject it is about; the colleague has the word."""
    path, page = f"{scene.path}/{scene.page_slug}", scene.page_id
    thread, first = scene.ask(scene.cast.colleague, "Waar zijn de cijfers?", about=page)
    return {
        "thread": (f"{path}/gesprek", f"/gesprek/nieuw/{page}", page),
        "reply": (f"/gesprek/{thread}", f"/gesprek/{thread}/antwoord", page),
        "answer": (f"/gesprek/{thread}?aan={first}", f"/gesprek/{thread}/antwoord", page),
        "change": (f"/reacties/{first}/bewerken", f"/reacties/{first}/bewerken", page),
        "passage": (f"{path}/passage?alinea=1", f"{path}/passage", page),
    }[request.param]


def test_what_was_typed_is_found_again_offered_in_its_place_and_gone_once_it_is_placed(
    client: Client, scene: Scene, place: tuple[str, str, int]
) -> None:
    path, action, subject = place
    browser = client.as_(scene.cast.colleague)
    fields = types(browser, subject, form_on(browser, path, action), WORDS)
    (draft,) = own(scene, scene.cast.colleague)
    assert draft.text == WORDS
    assert WORDS in seen(browser, "/mijn/concepten")

    other = client.as_(scene.cast.colleague)  # another device, or after a crash
    address = going_on(other)
    assert "left-here" in seen(other, path)
    assert address in seen(other, path)
    opened = seen(other, address)
    assert re.search(rf"<textarea[^>]*>\s*{re.escape(WORDS)}", opened)
    assert "left-here" not in opened
    again = form_on(other, address.split("#")[0], action)
    assert again["concept"] == fields["concept"]
    assert {name: again.get(name) for name in ("parent_id", "words", "alinea")} == {
        name: fields.get(name) for name in ("parent_id", "words", "alinea")
    }

    placed = other.post(action, {**again, "text": f"{WORDS} Nu wel."})
    assert placed.status_code == 303, placed.get_data(as_text=True)
    assert own(scene, scene.cast.colleague) == []
    assert "Je hebt geen concepten" in seen(browser, "/mijn/concepten")
    late = browser.post(f"/concepten/{subject}", {**fields, "beurt": "1", "text": WORDS})
    assert late.status_code == 200
    assert own(scene, scene.cast.colleague) == []


def test_it_is_offered_to_nobody_else_and_nowhere_else(
    client: Client, scene: Scene, place: tuple[str, str, int]
) -> None:
    path, action, subject = place
    browser = client.as_(scene.cast.colleague)
    types(browser, subject, form_on(browser, path, action), WORDS)
    (draft,) = own(scene, scene.cast.colleague)
    page = f"{scene.path}/{scene.page_slug}"
    elsewhere, _first = scene.ask(scene.cast.colleague, "Iets anders", about=scene.page_id)
    offered = {
        there: f"concept={draft.id}" in seen(browser, there)
        for there in (f"{page}/gesprek", f"{page}/passage?alinea=1", f"/gesprek/{elsewhere}", f"{scene.path}/gesprek")
    }
    assert offered == {there: there == path for there in offered}
    for name in ("lead", "member", "hr", "admin", "outsider"):
        other = client.as_(getattr(scene.cast, name))
        for there in (f"{page}/gesprek", f"/gesprek/{elsewhere}", "/mijn/concepten", "/wijzigingen"):
            assert WORDS not in seen(other, there), (name, there)
        assert WORDS not in seen(other, f"{page}/gesprek?concept={draft.id}")


def test_what_is_refused_is_kept_as_a_draft_and_the_screen_goes_on_with_it(
    client: Client, scene: Scene, place: tuple[str, str, int]
) -> None:
    path, action, _subject = place
    browser = client.as_(scene.cast.colleague)
    sent = browser.post(action, {**form_on(browser, path, action), "text": WORDS + "x" * 20_000})
    assert sent.status_code == 422
    (draft,) = own(scene, scene.cast.colleague)
    assert draft.text.startswith(WORDS)
    shown = sent.get_data(as_text=True)
    assert f'name="concept" value="{draft.key}"' in shown
    assert "Bekijk het of gooi het weg" in shown


def test_without_a_script_a_button_keeps_it(client: Client, scene: Scene, place: tuple[str, str, int]) -> None:
    path, action, _subject = place
    browser = client.as_(scene.cast.colleague)
    kept = browser.post(action, {**form_on(browser, path, action), "text": WORDS, "do": "concept"})
    assert kept.status_code == 303
    (draft,) = own(scene, scene.cast.colleague)
    assert f"concept={draft.id}" in kept.headers["Location"]
    shown = seen(browser, kept.headers["Location"])
    assert WORDS in shown
    assert "Je concept is bewaard. Alleen jij ziet het." in shown
    assert len(scene.events("comment:posted")) == 1


def test_an_expired_sign_in_keeps_it_and_the_same_act_takes_the_draft_away(
    client: Client, scene: Scene, place: tuple[str, str, int]
) -> None:
    path, action, subject = place
    browser = client.as_(scene.cast.colleague)
    fields = types(browser, subject, form_on(browser, path, action), WORDS)
    stranger = client.post(action, {**fields, "text": WORDS})
    assert stranger.status_code == 401
    shown = stranger.get_data(as_text=True)
    resent = {name: html.unescape(value) for name, value in HIDDEN.findall(shown)}
    assert WORDS in html.unescape(shown)
    assert resent["concept"] == fields["concept"]
    assert len(own(scene, scene.cast.colleague)) == 1
    again = client.as_(scene.cast.colleague).post(action, {**fields, "text": WORDS})
    assert again.status_code == 303
    assert own(scene, scene.cast.colleague) == []


def test_an_unchanged_comment_is_no_draft(client: Client, scene: Scene) -> None:
    _thread, first = scene.ask(scene.cast.colleague, "Waar zijn de cijfers?", about=scene.page_id)
    browser, path = client.as_(scene.cast.colleague), f"/reacties/{first}/bewerken"
    fields = form_on(browser, path, path)
    types(browser, scene.page_id, fields, "Waar zijn de cijfers?\r\n")
    assert own(scene, scene.cast.colleague) == []
    fields = types(browser, scene.page_id, fields, "Waar zijn de cijfers nu?")
    assert "Wijziging van een reactie" in seen(browser, "/mijn/concepten")
    types(browser, scene.page_id, {**fields, "beurt": "2"}, "Waar zijn de cijfers?", beurt="3")
    assert own(scene, scene.cast.colleague) == []


def test_a_draft_of_an_older_text_of_a_comment_shows_both_texts_when_it_is_saved(
    client: Client, scene: Scene
) -> None:
    _thread, first = scene.ask(scene.cast.colleague, "Waar zijn de cijfers?", about=scene.page_id)
    browser, path = client.as_(scene.cast.colleague), f"/reacties/{first}/bewerken"
    types(browser, scene.page_id, form_on(browser, path, path), WORDS)
    scene.edit(scene.cast.colleague, first, "Op de telefoon veranderd.")
    again = form_on(browser, going_on(browser), path)
    assert again["base"] == "1"
    sent = browser.post(path, {**again, "text": WORDS})
    assert sent.status_code == 409
    assert WORDS in sent.get_data(as_text=True)
    assert "Op de telefoon veranderd." in sent.get_data(as_text=True)
    assert [draft.text for draft in own(scene, scene.cast.colleague)] == [WORDS]


def test_a_paste_of_five_megabytes_gets_a_sentence_and_is_kept(
    client: Client, scene: Scene, place: tuple[str, str, int]
) -> None:
    path, action, _subject = place
    browser = client.as_(scene.cast.colleague)
    huge = "Een lange plak. " * 330_000
    sent = browser.http.post(
        action, data={"csrf_token": browser.csrf_token, **form_on(browser, path, action), "text": huge}
    )
    assert sent.status_code == 422
    assert "er passen er 20.000 in" in sent.get_data(as_text=True)
    (draft,) = own(scene, scene.cast.colleague)
    assert len(draft.text) == len(huge)
    assert len(scene.events("comment:posted")) == 1


def test_where_nobody_speaks_any_more_the_draft_can_still_be_copied(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.cast.colleague)
    fields = form_on(browser, f"{scene.path}/gesprek", f"/gesprek/nieuw/{scene.pilot_id}")
    types(browser, scene.pilot_id, fields, WORDS, title="Een onderwerp van mij")
    with scene.database.transaction():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED
    (draft,) = own(scene, scene.cast.colleague)
    shown = seen(browser, f"/mijn/concepten/{draft.id}")
    assert WORDS in shown
    assert "Een onderwerp van mij" in shown
    assert "left-here" not in seen(browser, f"{scene.path}/gesprek")
