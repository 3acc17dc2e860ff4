"""A conversation about a passage of a page: it moves along, gets lost, comes back, and shows what it may."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.events.models import Event
from proeftuin.pilots.models import Pilot, State
from proeftuin.talk.models import Thread
from proeftuin.wiki import anchors, deletion, hiding, queries, service, undo
from proeftuin.wiki.anchors import Anchor, Pointed
from proeftuin.wiki.arrivals import Arrival, ArrivingPage, open_space
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

PASSAGE = "Ziekte telt nooit mee als maatstaf."
TEXT = f"De pot is van allemaal.\n\n## Regels\n\nHet team verdeelt. {PASSAGE} Zo is het.\n\nCijfers naar de OR.\n"
WITHOUT = TEXT.replace(f" {PASSAGE}", "")
SAID = "Geldt dat ook voor zorg?"


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page with a passage."""
    return scene.page("De maatstaven", TEXT)


def _say(client: Client, path: str, words: str = PASSAGE, *, text: str = SAID, **fields: str) -> int:
    """Say something about words of a page, and return the number of the conversation."""
    given = {
        "versie": "1",
        "words": words,
        "voor": "",
        "na": "",
        "text": text,
        "voice": _voice(client, path),
        **fields,
    }
    answer = client.post(f"{path}/passage", given)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = re.search(r"#passage-(\d+)$", answer.headers["Location"])
    assert found
    return int(found[1])


def _voice(client: Client, path: str) -> str:
    form = client.get(f"{path}/passage?deel=formulier").get_data(as_text=True)
    found = re.search(r'name="voice" value="([^"]+)"', form)
    return found[1] if found else ""


def _anchor(database: Database, thread_id: int) -> Anchor:
    with database.reading():
        return session().get_one(Anchor, thread_id)


def _stands(scene: Scene, path: str, thread_id: int) -> str | None:
    """Return what an anchor quotes of the newest text, or None when it is lost."""
    anchor = _anchor(scene.database, thread_id)
    if anchor.lost_in is not None:
        return None
    assert scene.text(path)[anchor.begins : anchor.ends] == anchor.quote
    return anchor.quote


def _read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.get_data(as_text=True).split())


# -- making one


def test_every_employee_can_say_something_about_words_they_selected(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    for name in ("lead", "colleague", "council", "union"):
        actor = getattr(cast, name)
        thread_id = _say(client.as_(actor), page, text=f"Van {name}: geldt dat ook voor zorg?")
        assert _stands(scene, page, thread_id) == PASSAGE
    shown = _read(client.as_(cast.outsider), page)
    assert shown.count('class="passage-mark"') == 4
    assert "1 reactie bij deze passage" in shown


def test_without_a_script_a_paragraph_is_chosen_from_a_list(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    reader = client.as_(cast.colleague)
    listed = _read(reader, f"{page}/passage")
    assert PASSAGE in listed
    number = re.findall(r'\?alinea=(\d+)"', listed)[2]
    form = _read(reader, f"{page}/passage?alinea={number}")
    assert f"Het team verdeelt. {PASSAGE} Zo is het." in form
    thread_id = _say(reader, page, words="", alinea=number)
    assert _stands(scene, page, thread_id) == f"Het team verdeelt. {PASSAGE} Zo is het."


def test_it_is_a_comment_like_any_other_and_the_event_tells_that_it_has_an_anchor(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    thread_id = _say(client.as_(cast.colleague), page, is_question="1", title="Zorg")
    with scene.database.reading() as reading:
        event = reading.scalars(select(Event).where(Event.kind == "comment:posted")).one()
        thread = session().get_one(Thread, thread_id)
        assert (thread.title, thread.state.value) == ("Zorg", "open")
        assert event.data["anchor"] == 1
        assert PASSAGE not in str(event.data)


def test_a_second_click_is_one_conversation_but_the_same_words_about_something_else_are_two(
    client: Client, cast: Cast, page: str
) -> None:
    reader = client.as_(cast.colleague)
    first = _say(reader, page, text="Waarom?")
    assert _say(reader, page, text="Waarom?") == first
    assert _say(reader, page, "De pot is van allemaal.", text="Waarom?") != first


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": "Deze woorden staan nergens op de pagina"}, "We kunnen deze woorden niet terugvinden"),
        ({"words": ""}, "Kies eerst een passage"),
        ({"words": " … "}, "Kies eerst een passage"),
        ({"words": "", "alinea": "99"}, "We kunnen deze woorden niet terugvinden"),
        ({"text": ""}, "Schrijf een reactie"),
    ],
)
def test_what_cannot_be_used_is_told_and_what_was_typed_is_kept(
    client: Client, cast: Cast, page: str, fields: dict[str, str], sentence: str
) -> None:
    reader = client.as_(cast.colleague)
    given = {"versie": "1", "words": PASSAGE, "text": SAID, "title": "Mijn onderwerp", "voice": _voice(reader, page)}
    answer = reader.post(f"{page}/passage", {**given, **fields})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert sentence in shown
    assert "Mijn onderwerp" in shown
    assert fields.get("text", SAID) in shown
    assert fields.get("words", PASSAGE) in shown


def test_too_much_text_is_refused_with_a_sentence(client: Client, scene: Scene, cast: Cast) -> None:
    long = "\n\n".join(f"Alinea {n} over de pot en wie wat krijgt." for n in range(200))
    path = scene.page("Lang", long)
    reader = client.as_(cast.colleague)
    answer = reader.post(f"{path}/passage", {"versie": "1", "words": long[:5000], "text": SAID, "voice": "x"})
    assert answer.status_code == 422
    given = {"versie": "1", "words": long[:5000], "text": SAID, "voice": _voice(reader, path)}
    answer = reader.post(f"{path}/passage", given)
    assert "Dit is te veel tekst" in answer.get_data(as_text=True)
    several = long[: long.index("Alinea 9 ")].strip()
    assert _stands(scene, path, _say(reader, path, several)) == several


def test_words_that_were_read_before_somebody_saved_are_found_where_they_are_now(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    scene.save(page, f"Nieuw begin.\n\n{TEXT.replace('nooit', 'nog steeds nooit')}")
    thread_id = _say(client.as_(cast.colleague), page)
    assert _stands(scene, page, thread_id) == PASSAGE.replace("nooit", "nog steeds nooit")
    scene.save(page, WITHOUT)
    answer = client.as_(cast.colleague).post(
        f"{page}/passage", {"versie": "1", "words": PASSAGE, "text": SAID, "voice": "niet-deelnemer"}
    )
    assert answer.status_code == 422
    assert "intussen uit de pagina gehaald" in answer.get_data(as_text=True)


# -- moving along


def test_it_moves_along_and_lands_under_the_text_has_changed_and_comes_back(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    reader = client.as_(cast.colleague)
    thread_id = _say(reader, page)
    scene.save(page, f"Een nieuwe eerste alinea.\n\n{TEXT}")
    assert _stands(scene, page, thread_id) == PASSAGE
    scene.save(page, WITHOUT)
    assert _stands(scene, page, thread_id) is None

    assert "passage-mark" not in _read(reader, page)
    talk = _read(reader, f"{page}/gesprek")
    assert "De tekst is veranderd" in talk
    assert PASSAGE in talk
    assert f'href="{page}/vergelijk?van=2&amp;naar=3"' in talk
    assert "<del>" in talk
    alone = _read(reader, f"/gesprek/{thread_id}")
    assert "Staat sinds versie 3 niet meer in de pagina." in alone
    assert "<del>" in alone

    with scene.act():
        service.restore(cast.lead, scene.row(page), 2, summary="Terug")
    assert _stands(scene, page, thread_id) == PASSAGE
    assert f'id="passage-{thread_id}"' in _read(reader, page)
    assert "De tekst is veranderd" not in _read(reader, f"{page}/gesprek")
    assert f'href="{page}#passage-{thread_id}"' in _read(reader, f"/gesprek/{thread_id}")


def test_a_lost_passage_comes_back_in_the_hands_of_whoever_undoes_the_deletion(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    thread_id = _say(client.as_(cast.colleague), page)
    scene.save(page, WITHOUT)
    scene.save(page, WITHOUT.replace("Zo is het.", "Zo blijft het."))
    with scene.act():
        undo.undo(cast.lead, queries.get_page(cast.lead, scene.pilot_id, "de-maatstaven"), 2, base=3, reason="")
    assert _stands(scene, page, thread_id) == PASSAGE


def test_versions_that_come_in_from_elsewhere_take_it_along(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    thread_id = _say(client.as_(cast.colleague), page)

    def arrive(*texts: str) -> None:
        with scene.act():
            arriving = ArrivingPage(open_space(scene.path.rsplit("/", 1)[1]), scene.row(page))
            for text in texts:
                arriving.add(Arrival(clock.now(), text, cast.lead.id, None, "", False, None, None))
            arriving.finish()

    arrive(f"Een.\n\n{TEXT}", f"Een.\n\nTwee.\n\n{TEXT}")
    assert _stands(scene, page, thread_id) == PASSAGE
    arrive("Een.", "Heel iets anders.")
    anchor = _anchor(scene.database, thread_id)
    assert (anchor.stood_in, anchor.lost_in) == (3, 5)


def test_a_merged_save_and_one_section_move_it_along(client: Client, scene: Scene, cast: Cast, page: str) -> None:
    thread_id = _say(client.as_(cast.colleague), page)
    scene.save(page, TEXT.replace("allemaal.", "allemaal samen."))
    scene.save(page, TEXT.replace("naar de OR", "naar de OR en de bonden"), base=1, by=cast.member)
    assert _stands(scene, page, thread_id) == PASSAGE
    assert "allemaal samen" in scene.text(page)


WORDS = ["pot", "team", "helft", "ziekte", "zorg", "meting", "vraag", "week"]
edits = st.lists(
    st.one_of(
        st.tuples(st.just("voor"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)),
        st.tuples(st.just("na"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)),
        st.tuples(st.just("weg"), st.just("")),
        st.tuples(st.just("terug"), st.just("")),
        st.tuples(st.just("verplaats"), st.just("")),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=edits)
def test_after_any_history_an_anchor_stands_exactly_when_its_passage_does(
    scene: Scene, cast: Cast, client: Client, steps: list[tuple[str, str]]
) -> None:
    with scene.act():
        name = f"Verhaal {scene.database.engine.name} {clock.now().timestamp()} {len(steps)} {id(steps)}"
    path = scene.page(name, TEXT)
    thread_id = _say(client.as_(cast.colleague), path)
    text = TEXT
    for step, words in steps:
        if step == "voor":
            text = f"Er kwam {words}.\n\n{text}"
        elif step == "na":
            text = f"{text}\n\nOok {words}."
        elif step == "weg":
            text = text.replace(PASSAGE, "")
        elif step == "terug" and PASSAGE not in text:
            text = f"{text}\n\nToch weer: {PASSAGE}"
        elif step == "verplaats" and PASSAGE in text:
            text = f"{text.replace(PASSAGE, '')}\n\n{PASSAGE}"
        scene.save(path, text)
        assert (_stands(scene, path, thread_id) == PASSAGE) is (PASSAGE in text)


# -- who sees what


def test_of_a_page_for_the_team_only_the_team_sees_the_passage(client: Client, scene: Scene, cast: Cast) -> None:
    path = scene.page("Van ons", TEXT, restricted=True)
    thread_id = _say(client.as_(cast.member), path)
    scene.save(path, WITHOUT)
    outsider = client.as_(cast.outsider)
    for address in (f"{path}/passage", f"/gesprek/{thread_id}", f"{path}/gesprek"):
        assert outsider.get(address).status_code == 404
    assert outsider.post(f"{path}/passage", {"words": PASSAGE, "text": SAID}).status_code == 404
    assert PASSAGE not in _read(outsider, f"{scene.path}/gesprek")
    assert PASSAGE in _read(client.as_(cast.member), f"{scene.path}/gesprek")


def test_the_words_of_a_hidden_version_are_shown_nowhere(client: Client, scene: Scene, cast: Cast, page: str) -> None:
    thread_id = _say(client.as_(cast.colleague), page)
    scene.save(page, WITHOUT)
    with scene.act():
        hiding.hide(cast.hr, queries.get_page(cast.hr, scene.pilot_id, "de-maatstaven"), 1, reason="Naam van iemand")
    for reader in (cast.colleague, cast.lead, cast.hr):
        for address in (f"{page}/gesprek", f"/gesprek/{thread_id}", f"{scene.path}/gesprek"):
            shown = _read(client.as_(reader), address)
            assert "Ziekte telt nooit mee" not in shown
            assert "De passage stond in een versie die verborgen is." in shown


def test_a_deleted_page_keeps_its_conversations_and_leads_nowhere(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    thread_id = _say(client.as_(cast.colleague), page)
    with scene.act():
        deletion.delete_page(cast.lead, scene.row(page), reason="Dubbel")
    shown = _read(client.as_(cast.colleague), f"/gesprek/{thread_id}")
    assert PASSAGE in shown
    assert "#passage-" not in shown
    assert client.as_(cast.colleague).get(f"{page}/passage").status_code == 410
    assert client.as_(cast.colleague).post(f"{page}/passage", {"words": PASSAGE, "text": SAID}).status_code == 410


def test_in_an_archived_pilot_marks_are_read_and_nothing_can_be_said(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    _say(client.as_(cast.colleague), page)
    with scene.act():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED
    shown = _read(client.as_(cast.colleague), page)
    assert "passage-mark" in shown
    assert "data-offer" not in shown
    answer = client.as_(cast.colleague).post(
        f"{page}/passage", {"words": PASSAGE, "text": SAID, "voice": "medewerker"}
    )
    assert answer.status_code == 403


def test_a_conversation_without_living_comments_is_not_told_of(
    client: Client, scene: Scene, cast: Cast, page: str
) -> None:
    reader = client.as_(cast.colleague)
    thread_id = _say(reader, page)
    with scene.database.reading() as reading:
        comment = reading.scalars(select(Event.object_id).where(Event.kind == "comment:posted")).one()
    reader.post(f"/reacties/{comment}/verwijderen")
    assert f"passage-{thread_id}" not in _read(reader, page)


def test_a_page_that_nobody_speaks_about_costs_no_statement_more(
    client: Client, cast: Cast, scene: Scene, page: str, statements: list[str]
) -> None:
    def cost(actor: Actor) -> int:
        reader = client.as_(actor)
        reader.get(page)
        statements.clear()
        reader.get(page)
        return sum("anchor" in statement and "FROM page" not in statement for statement in statements)

    assert cost(cast.colleague) == 0
    _say(client.as_(cast.colleague), page)
    assert cost(cast.colleague) <= 1


def test_finding_a_passage_says_where_it_stands_now(scene: Scene, page: str) -> None:
    with scene.act():
        span, text = anchors.find_passage(scene.row(page), Pointed(1, "ziekte TELT nooit"))
        assert text[slice(*span)] == "Ziekte telt nooit"
