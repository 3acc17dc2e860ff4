"""The screens of conversations over HTTP, for the people of the cast."""

from __future__ import annotations

import re

import pytest

from proeftuin import clock
from proeftuin.db import session
from proeftuin.pilots.models import Pilot, State
from proeftuin.talk import queries
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.queries import site_space_id
from tests.client import Client
from tests.talk.scene import Scene, at


def words(text: str) -> str:
    """Return the words of a page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def archive(scene: Scene) -> None:
    with scene.database.transaction():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED


def test_a_pilot_shows_its_threads_and_those_of_its_pages(client: Client, scene: Scene) -> None:
    scene.ask(scene.cast.outsider, "Vraag over het geheel")
    scene.ask(scene.cast.colleague, "Vraag over de maatstaven", about=scene.page_id)
    scene.ask(scene.cast.lead, "Vraag onder ons", about=scene.restricted_id)
    for name, person in scene.cast.everyone().items():
        page = client.as_(person).get(f"{scene.path}/gesprek")
        assert page.status_code == 200
        assert "Vraag over het geheel" in page.text
        assert f'bij <a href="{scene.path}/{scene.page_slug}">De maatstaven</a>' in page.text
        assert ("Vraag onder ons" in page.text) is (name in ("lead", "member"))
    own = client.as_(scene.cast.outsider).get(f"{scene.path}/{scene.page_slug}/gesprek")
    assert "Vraag over de maatstaven" in own.text
    assert "Vraag over het geheel" not in own.text


def test_the_talk_of_a_hidden_page_does_not_exist(client: Client, scene: Scene) -> None:
    thread, comment = scene.ask(scene.cast.lead, "Onder ons", about=scene.restricted_id)
    for name, person in scene.cast.everyone().items():
        browser, status = client.as_(person), 200 if name in ("lead", "member") else 404
        for address in (
            f"{scene.path}/{scene.restricted_slug}/gesprek",
            f"/gesprek/{thread}",
            f"/reacties/{comment}/versies",
        ):
            assert browser.get(address).status_code == status, (name, address)
        if status == 200:
            continue
        for address in (
            f"/gesprek/nieuw/{scene.restricted_id}",
            f"/gesprek/{thread}/antwoord",
            f"/gesprek/{thread}/heropenen",
            f"/reacties/{comment}/bewerken",
            f"/reacties/{comment}/verwijderen",
            f"/reacties/{comment}/antwoord-van-team",
        ):
            assert browser.post(address, {"text": "Hallo", "voice": "medewerker"}).status_code == 404, (name, address)
    assert scene.thread(thread).comments == 1


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "99999999999999999999"])
def test_what_does_not_exist_is_not_found(client: Client, scene: Scene, number: str) -> None:
    browser = client.as_(scene.cast.colleague)
    for address in ("/gesprek/{}", "/reacties/{}", "/reacties/{}/versies", "/reacties/{}/bewerken"):
        assert browser.get(address.format(number)).status_code == 404
    for address in ("/gesprek/nieuw/{}", "/gesprek/{}/antwoord", "/reacties/{}/verwijderen"):
        sent = browser.post(address.format(number), {"text": "Hallo", "voice": "medewerker"})
        assert sent.status_code in (404, 405)  # the second for a number that no address can hold
    thread, _ = scene.ask(scene.cast.outsider)
    assert browser.get(f"/gesprek/{thread}?aan={number}").status_code in (200, 404)
    sent = browser.post(f"/gesprek/{thread}/antwoord", {"text": "Hallo", "voice": "medewerker", "parent_id": number})
    assert sent.status_code == 404
    for page in ("0", "2", "-1", "x", "99999999"):
        assert browser.get(f"/gesprek/{thread}?pagina={page}").status_code == 404


def test_a_talk_about_the_site_itself_cannot_be_started(client: Client, scene: Scene) -> None:
    with scene.database.reading():
        site = site_space_id()
    sent = client.as_(scene.cast.colleague).post(f"/gesprek/nieuw/{site}", {"text": "Hallo", "voice": "medewerker"})
    assert sent.status_code == 404


def test_a_question_is_asked_answered_and_asked_again(client: Client, scene: Scene) -> None:
    asker, lead = client.as_(scene.cast.outsider), client.as_(scene.cast.lead)
    sent = asker.post(
        f"/gesprek/nieuw/{scene.pilot_id}",
        {"title": "De cijfers", "text": "Waar zijn ze?", "voice": "niet-deelnemer", "is_question": "1"},
    )
    assert sent.status_code == 303
    thread = int(sent.location.rsplit("/", 1)[1])
    page = asker.get(f"/gesprek/{thread}").text
    assert "Open vraag, sinds vandaag" in page
    assert "Dit is het antwoord op de vraag" not in page
    assert "Plaats en heropen" not in page
    answering = lead.get(f"/gesprek/{thread}").text
    assert "Dit is het antwoord op de vraag" in answering
    sent = lead.post(
        f"/gesprek/{thread}/antwoord", {"text": "In bijlage 2.", "voice": "proeftuinteam", "is_answer": "1"}
    )
    assert sent.status_code == 303
    answer = scene.comments(thread)[1].id
    assert sent.location.endswith(f"/gesprek/{thread}#r{answer}")
    page = asker.get(f"/gesprek/{thread}").text
    assert "Antwoord van het proeftuinteam" in page
    assert "Beantwoord op dezelfde dag" in page
    assert page.count("In bijlage 2.") == 1
    assert "Plaats en heropen mijn vraag" in page
    assert "Plaats en heropen mijn vraag" not in client.as_(scene.cast.colleague).get(f"/gesprek/{thread}").text
    assert asker.post(f"/gesprek/{thread}/heropenen", {"text": "Daar staan ze niet.", "voice": "medewerker"}).location
    page = asker.get(f"/gesprek/{thread}").text
    assert "Open vraag, sinds vandaag" in page
    assert "Eerder antwoord" in page
    assert page.count("In bijlage 2.") == 1


def test_a_comment_of_the_team_becomes_the_answer_with_one_button(client: Client, scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    comment = scene.reply(scene.cast.member, thread)
    button = f'action="/reacties/{comment}/antwoord-van-team"'
    assert button in client.as_(scene.cast.lead).get(f"/gesprek/{thread}").text
    for name in ("outsider", "council", "union", "hr", "admin"):
        browser = client.as_(scene.cast.everyone()[name])
        assert button not in browser.get(f"/gesprek/{thread}").text
        assert browser.post(f"/reacties/{comment}/antwoord-van-team").status_code == 403
    assert client.as_(scene.cast.lead).post(f"/reacties/{comment}/antwoord-van-team").status_code == 303
    assert "Antwoord van het proeftuinteam" in client.as_(scene.cast.outsider).get(f"{scene.path}/gesprek").text


def test_everyone_comments_in_the_role_they_have(client: Client, scene: Scene) -> None:
    parties = scene.cast.parties
    thread, _ = scene.ask(scene.cast.outsider)
    for name, voice, mark in (
        ("lead", "proeftuinteam", "proeftuinteam"),
        ("colleague", "niet-deelnemer", "niet-deelnemer"),
        ("outsider", "medewerker", "medewerker"),
        ("council", f"or-{parties['or']}", "namens de OR"),
        ("council", "medewerker", "medewerker"),
        ("union", f"bond-{parties['schakel']}", "namens Vakbond De Schakel"),
        ("hr", "hr", "HR"),
        ("admin", "medewerker", "medewerker"),
    ):
        person = scene.cast.everyone()[name]
        sent = client.as_(person).post(f"/gesprek/{thread}/antwoord", {"text": f"{name} als {voice}", "voice": voice})
        assert sent.status_code == 303, name
        newest = scene.comments(thread)[-1].id
        page = client.as_(scene.cast.colleague).get(f"/gesprek/{thread}").text
        post = words(page.split(f'id="r{newest}"')[1].split("</header>")[0])
        assert post.startswith(f"> {person.name} {mark} "), post


@pytest.mark.parametrize(
    "voice", ["proeftuinteam", "deelnemer", "hr", "extern", "or-1", "", "x" * 300, "medewerker-1"]
)
def test_a_role_that_is_not_yours_is_refused_and_the_text_stays(client: Client, scene: Scene, voice: str) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    browser = client.as_(scene.cast.outsider)
    for address in (f"/gesprek/{thread}/antwoord", f"/gesprek/nieuw/{scene.pilot_id}"):
        sent = browser.post(address, {"text": "Wij van het team <3", "title": "Ons plan", "voice": voice})
        assert sent.status_code == 422
        assert "Wij van het team &lt;3</textarea>" in sent.text
        assert 'href="#voice"' in sent.text
    assert 'value="Ons plan"' in sent.text
    assert len(scene.comments(thread)) == 1


def test_bad_input_keeps_what_was_typed(client: Client, scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider)
    browser = client.as_(scene.cast.outsider)
    start = f"/gesprek/nieuw/{scene.pilot_id}"
    empty = browser.post(start, {"title": "Mijn titel", "text": " ", "voice": "medewerker", "is_question": "1"})
    assert empty.status_code == 422
    assert 'value="Mijn titel"' in empty.text
    assert 'id="is_question" checked' in empty.text
    assert 'value="medewerker" id="voice-medewerker" checked' in empty.text
    long = "lang " * 4001
    for address in (start, f"/gesprek/{thread}/antwoord", f"/reacties/{first}/bewerken"):
        sent = browser.post(address, {"text": long, "voice": "medewerker", "parent_id": str(first), "base": "1"})
        assert sent.status_code == 422, address
        assert long.strip() in sent.text
        assert "20.000" in sent.text
    reply = browser.post(f"/gesprek/{thread}/antwoord", {"text": "", "voice": "medewerker", "parent_id": str(first)})
    assert f'name="parent_id" value="{first}"' in reply.text


def test_an_answer_that_comes_second_keeps_its_text(client: Client, scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    scene.reply(scene.cast.lead, thread, answers=True)
    sent = client.as_(scene.cast.member).post(
        f"/gesprek/{thread}/antwoord", {"text": "Mijn antwoord", "voice": "proeftuinteam", "is_answer": "1"}
    )
    assert sent.status_code == 422
    assert "Mijn antwoord</textarea>" in sent.text
    assert "intussen al beantwoord" in sent.text


def test_a_double_click_is_one_comment(client: Client, scene: Scene) -> None:
    browser = client.as_(scene.cast.outsider)
    form = {"text": "Waar zijn de cijfers?", "voice": "niet-deelnemer"}
    starts = [browser.post(f"/gesprek/nieuw/{scene.pilot_id}", form) for _ in range(2)]
    assert starts[0].location == starts[1].location
    thread = int(starts[0].location.rsplit("/", 1)[1])
    replies = [browser.post(f"/gesprek/{thread}/antwoord", {**form, "text": "Ah."}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [303, 303]
    assert replies[0].location == replies[1].location
    assert scene.thread(thread).comments == 2


def test_a_reply_lies_under_what_it_answers_and_deeper_ones_say_whom(client: Client, scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider)
    browser = client.as_(scene.cast.lead)
    assert "Antwoord aan Onur Demir" in words(browser.get(f"/gesprek/{thread}?aan={first}").text)
    second = scene.reply(scene.cast.lead, thread, "Bij ons.", to=first)
    third = scene.reply(scene.cast.outsider, thread, "Waar precies?", to=second)
    page = browser.get(f"/gesprek/{thread}").text
    assert f'antwoord aan <a href="/reacties/{second}">Willemijn Smit</a>' in page
    nested = page.split(f'id="r{first}"')[1].split("</section>")[0]
    assert [f'id="r{second}"' in nested, f'id="r{third}"' in nested] == [True, True]


def test_a_permalink_leads_to_the_comment_on_its_page(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COMMENTS_PER_PAGE", 2)
    thread, first = scene.ask(scene.cast.outsider)
    later = [scene.reply(scene.cast.lead, thread, f"Antwoord {number}") for number in range(3)]
    browser = client.as_(scene.cast.colleague)
    assert browser.get(f"/reacties/{first}").location == f"/gesprek/{thread}#r{first}"
    assert browser.get(f"/reacties/{later[2]}").location == f"/gesprek/{thread}?pagina=2#r{later[2]}"
    second = browser.get(f"/gesprek/{thread}?pagina=2").text
    assert f'id="r{later[2]}"' in second
    assert f'id="r{first}"' not in second


def test_a_change_shows_and_its_versions_can_be_read_by_all(client: Client, scene: Scene) -> None:
    thread, comment = scene.ask(scene.cast.outsider, "Eerste *versie*")
    writer = client.as_(scene.cast.outsider)
    form = writer.get(f"/reacties/{comment}/bewerken")
    assert "Eerste *versie*</textarea>" in form.text
    sent = writer.post(f"/reacties/{comment}/bewerken", {"text": "Tweede versie", "base": "1"})
    assert (sent.status_code, sent.location) == (303, f"/gesprek/{thread}#r{comment}")
    for person in scene.cast.everyone().values():
        browser = client.as_(person)
        assert f'href="/reacties/{comment}/versies"' in browser.get(f"/gesprek/{thread}").text
        versions = browser.get(f"/reacties/{comment}/versies").text
        assert "Eerste <em>versie</em>" in versions
        assert "Tweede versie" in versions
        assert browser.get(f"/reacties/{comment}/bewerken").status_code == (
            200 if person.id == scene.cast.outsider.id else 403
        )


def test_a_change_made_in_two_windows_shows_both_texts(client: Client, scene: Scene) -> None:
    _, comment = scene.ask(scene.cast.outsider, "Eén")
    writer = client.as_(scene.cast.outsider)
    writer.post(f"/reacties/{comment}/bewerken", {"text": "Twee", "base": "1"})
    sent = writer.post(f"/reacties/{comment}/bewerken", {"text": "Drie", "base": "1"})
    assert sent.status_code == 409
    assert "Drie</textarea>" in sent.text
    assert ">Twee</div>" in sent.text
    assert 'name="base" value="2"' in sent.text
    assert writer.post(f"/reacties/{comment}/bewerken", {"text": "Drie", "base": "2"}).status_code == 303


def test_a_deleted_comment_leaves_a_tombstone_and_no_word(client: Client, scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider, "Geheimpje", about=scene.page_id)
    scene.edit(scene.cast.outsider, first, "Geheimpje opnieuw")
    scene.reply(scene.cast.lead, thread, "Daar komen we op terug.", to=first)
    writer = client.as_(scene.cast.outsider)
    assert "Ook het onderwerp" in writer.get(f"/reacties/{first}/verwijderen").text
    for _ in range(2):
        sent = writer.post(f"/reacties/{first}/verwijderen")
        assert (sent.status_code, sent.location) == (303, f"/gesprek/{thread}#r{first}")
    for person in scene.cast.everyone().values():
        browser = client.as_(person)
        for address in (f"/gesprek/{thread}", f"{scene.path}/gesprek", f"{scene.path}/{scene.page_slug}/gesprek"):
            page = browser.get(address).text
            assert "Geheimpje" not in page
            assert "Deze reactie is door de schrijver verwijderd op" in page
            assert "de antwoorden blijven staan" in page
            assert "Daar komen we op terug." in page
            assert f'id="r{first}"' in page
        for address in ("versies", "bewerken", "verwijderen"):
            gone = browser.get(f"/reacties/{first}/{address}")
            assert gone.status_code == 410
            assert "Geheimpje" not in gone.text


def test_someone_elses_comment_cannot_be_taken_away(client: Client, scene: Scene) -> None:
    thread, comment = scene.ask(scene.cast.outsider)
    for name, person in scene.cast.everyone().items():
        if name == "outsider":
            continue
        browser = client.as_(person)
        assert browser.get(f"/reacties/{comment}/verwijderen").status_code == 403
        assert browser.post(f"/reacties/{comment}/verwijderen").status_code == 403
        assert browser.post(f"/reacties/{comment}/bewerken", {"text": "Mooi!", "base": "1"}).status_code == 403
    assert (scene.thread(thread).comments, scene.texts(comment)) == (1, ["Waar zijn de cijfers?"])


def test_an_archived_pilot_is_read_only_and_keeps_the_text_of_who_was_writing(client: Client, scene: Scene) -> None:
    thread, first = scene.ask(scene.cast.outsider)
    archive(scene)
    browser = client.as_(scene.cast.outsider)
    for address in (f"{scene.path}/gesprek", f"{scene.path}/{scene.page_slug}/gesprek", f"/gesprek/{thread}"):
        page = browser.get(address).text
        assert "Het gesprek is gesloten; lezen kan nog wel." in page
        assert "Plaats reactie" not in page
    for address in (
        f"/gesprek/{thread}/antwoord",
        f"/gesprek/nieuw/{scene.pilot_id}",
        f"/gesprek/{thread}/heropenen",
    ):
        sent = browser.post(address, {"text": "Nog één ding dan", "voice": "medewerker"})
        assert sent.status_code == 403
        assert "Nog één ding dan" in sent.text
    assert browser.post(f"/reacties/{first}/bewerken", {"text": "Anders", "base": "1"}).status_code == 403
    assert browser.post(f"/reacties/{first}/verwijderen").status_code == 303


def test_who_has_one_role_sees_it_as_text_and_who_speaks_for_a_party_chooses(client: Client, scene: Scene) -> None:
    page = client.as_(scene.cast.union).get(f"{scene.path}/gesprek").text
    assert "Je reageert als Karin Oosterveld namens Vakbond De Schakel ." in words(page)
    assert 'type="radio" name="voice"' not in page
    page = words(client.as_(scene.cast.council).get(f"{scene.path}/gesprek").text)
    assert "Namens Ondernemingsraad namens de OR" in page
    assert "Op persoonlijke titel medewerker" in page
    page = words(client.as_(scene.cast.colleague).get(f"{scene.path}/gesprek").text)
    assert "Als Hanneke Jansma niet-deelnemer" in page
    assert "Bij elke reactie staat in welke rol iemand haar schreef." in page


def test_a_list_can_show_open_questions_only_and_has_pages(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.list_threads, "__kwdefaults__", {"only_open": False, "per_page": 2})
    for number in range(3):
        scene.ask(scene.cast.outsider, f"Vraag {number}")
    scene.ask(scene.cast.outsider, "Gewoon een gesprek", question=False)
    browser = client.as_(scene.cast.colleague)
    everything = browser.get(f"{scene.path}/gesprek").text
    assert "Gewoon een gesprek" in everything
    assert f'href="{scene.path}/gesprek?open=1">Alleen open vragen</a>' in re.sub(r" \(\d+\)", "", everything)
    only_open = browser.get(f"{scene.path}/gesprek?open=1").text
    assert "Gewoon een gesprek" not in only_open
    assert f'href="{scene.path}/gesprek?pagina=2&open=1"' in only_open.replace("&amp;", "&")
    assert "Vraag 0" in browser.get(f"{scene.path}/gesprek?open=1&pagina=2").text
    assert browser.get(f"{scene.path}/gesprek?pagina=3").status_code == 404


def test_ages_are_written_out(client: Client, scene: Scene) -> None:
    with clock.at(at(1)):
        scene.ask(scene.cast.outsider, "Oude vraag")
        answered, _ = scene.ask(scene.cast.colleague, "Beantwoorde vraag")
    with clock.at(at(4)):
        scene.reply(scene.cast.lead, answered, answers=True)
    with clock.at(at(15)):
        page = client.as_(scene.cast.outsider).get(f"{scene.path}/gesprek").text
    assert "Open vraag, 14 dagen" in page
    assert "Beantwoord na 3 dagen" in page


def test_pages_of_the_site_are_talked_about_as_employees(client: Client, scene: Scene) -> None:
    with scene.database.transaction():
        page = wiki.create_page(
            scene.cast.hr, site_space_id(), title="Begrippen", text="Wat woorden betekenen.", kind=PageKind.PLAIN
        )
        page_id, slug = page.id, page.slug
    browser = client.as_(scene.cast.lead)
    shown = words(browser.get(f"/wiki/{slug}/gesprek").text)
    assert "Nog niemand heeft iets gezegd" in shown
    assert "Je reageert als Willemijn Smit medewerker ." in shown
    assert browser.post(f"/gesprek/nieuw/{page_id}", {"text": "Mooi", "voice": "proeftuinteam"}).status_code == 422
    sent = browser.post(f"/gesprek/nieuw/{page_id}", {"text": "Zie [[hulp]].", "voice": "medewerker"})
    assert sent.status_code == 303
    assert 'href="/wiki/hulp"' in browser.get(sent.location).text


def test_nobody_reads_along_without_signing_in(client: Client, scene: Scene) -> None:
    thread, _ = scene.ask(scene.cast.outsider)
    for address in (f"{scene.path}/gesprek", f"/gesprek/{thread}"):
        assert client.get(address).status_code == 303
    sent = client.post(f"/gesprek/{thread}/antwoord", {"text": "Een hele lap tekst", "voice": "medewerker"})
    assert sent.status_code == 401
    assert "Een hele lap tekst" in sent.text
    assert scene.thread(thread).comments == 1


def test_a_list_and_a_thread_cost_few_statements(client: Client, scene: Scene, statements: list[str]) -> None:
    for number in range(8):
        thread, first = scene.ask(scene.cast.outsider, f"Vraag {number}", about=scene.page_id)
        for reply in range(4):
            scene.reply(scene.cast.lead, thread, f"Antwoord {reply}", to=first)
    browser = client.as_(scene.cast.colleague)
    counts = {}
    for address in (f"{scene.path}/gesprek", f"{scene.path}/{scene.page_slug}/gesprek", f"/gesprek/{thread}"):
        statements.clear()
        assert browser.get(address).status_code == 200
        counts[address] = len(statements)
    assert max(counts.values()) <= 10, counts  # one of them for what the reader left unfinished there
