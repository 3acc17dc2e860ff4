"""The form with the eight questions, over HTTP: nothing typed is lost, whatever else is wrong."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.events.models import Event
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.plan import QUESTIONS
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import concept, prepared, running, stored

NEW = "/proeftuinen/nieuw"


def hidden_base(page: str) -> str:
    """The hidden field with which a form knows what it was shown."""
    match = re.search(r'name="base" value="([^"]+)"', page)
    assert match is not None
    return unescape(match[1])


def typed(cast: Cast, page: str, **fields: Any) -> dict[str, Any]:
    """What a browser sends for the form of a page."""
    usual = {"department_id": str(cast.geo), "theme_ids": [str(cast.themes["belonen"])], "with_themes": "1"}
    return {"base": hidden_base(page), **usual, **fields}


def pilots(database: Database) -> list[Pilot]:
    with database.reading():
        return list(session().scalars(select(Pilot).order_by(Pilot.id)))


def events_of(database: Database, pilot: Pilot) -> list[Event]:
    with database.reading():
        return list(session().scalars(select(Event).where(Event.subject_id == pilot.id).order_by(Event.id)))


def test_the_form_asks_the_eight_questions_with_the_own_department_chosen(client: Client, cast: Cast) -> None:
    page = client.as_(cast.colleague).get(NEW).text
    for number in range(1, 9):
        assert f'<span class="q">{number}</span>' in page
    assert re.search(rf'<option value="{cast.geo}" selected>', page)
    assert "Je doet mee omdat je wilt" in page


def test_an_outside_union_officer_begins_no_pilot(client: Client, cast: Cast) -> None:
    browser = client.as_(cast.union)
    assert browser.get(NEW).status_code == 403
    assert browser.post(NEW, {"title": "Van buiten"}).status_code == 403
    assert browser.post(f"{NEW}/bewaar", {"title": "Van buiten"}).status_code == 403


def test_one_field_is_enough_for_a_concept_that_only_its_team_sees(
    client: Client, cast: Cast, database: Database
) -> None:
    browser = client.as_(cast.colleague)
    answer = browser.post(NEW, typed(cast, browser.get(NEW).text, question="Werkt het?"))
    (pilot,) = pilots(database)
    assert answer.status_code == 303
    assert answer.location == f"/proeftuinen/concept-{pilot.id}/bewerken"
    assert (pilot.title, pilot.state) == ("Naamloze proeftuin van Hanneke Jansma", State.CONCEPT)
    assert pilot.question == "Werkt het?"
    assert "Werkt het?" in browser.get(answer.location).text
    for name, actor in cast.everyone().items():
        for tail in ("", "/bewerken", "/voortgang", "/paginas", "/geschiedenis", "/team", "/fase", "/meedoen"):
            status = client.as_(actor).get(f"/proeftuinen/concept-{pilot.id}{tail}").status_code
            assert (status == 200) == (name == "colleague"), (name, tail, status)
            assert status in (200, 404)


def test_concepts_without_a_title_can_be_told_apart(client: Client, cast: Cast, database: Database) -> None:
    browser = client.as_(cast.lead)
    for _again in range(2):
        browser.post(NEW, typed(cast, browser.get(NEW).text))
    titles = [pilot.title for pilot in pilots(database)]
    assert titles == ["Naamloze proeftuin van Willemijn Smit", "Naamloze proeftuin van Willemijn Smit (2)"]


def test_sending_the_new_form_twice_begins_one_pilot(client: Client, cast: Cast, database: Database) -> None:
    browser = client.as_(cast.lead)
    form = typed(cast, browser.get(NEW).text, title="Maandkeuze")
    first = browser.post(NEW, form)
    second = browser.post(NEW, form)
    assert first.location == second.location
    assert len(pilots(database)) == 1


def test_a_form_saves_itself_again_and_again_and_is_then_sent(client: Client, cast: Cast, database: Database) -> None:
    browser = client.as_(cast.lead)
    page = browser.get(NEW).text
    for text in ("W", "Wat", "Wat als"):
        answer = browser.post(f"{NEW}/bewaar", typed(cast, page, question=text))
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["message"].startswith("Bewaard om ")
    browser.post(NEW, typed(cast, page, title="Maandkeuze", question="Wat als we kiezen?"))
    (pilot,) = pilots(database)
    assert (pilot.title, pilot.question) == ("Maandkeuze", "Wat als we kiezen?")
    kinds = [event.kind for event in events_of(database, pilot)]
    assert kinds == ["pilot:created", "pilot:changed"]


@pytest.mark.parametrize(
    ("language", "told"), [("nl", r"Bewaard om \d\d\.\d\d uur\."), ("en", r"Saved at \d\d:\d\d\.")]
)
def test_the_moment_of_saving_is_written_as_its_reader_writes_it(
    client: Client, cast: Cast, language: str, told: str
) -> None:
    browser = client.as_(cast.lead)
    browser.post("/taal", {"language": language, "back": "/"})
    answer = browser.post(
        f"{NEW}/bewaar", typed(cast, browser.get(NEW).text, title="Maandkeuze", question="Wat als?")
    )
    assert answer.json is not None
    assert re.match(told, answer.json["message"])


def test_every_answer_is_kept_when_others_are_wrong(client: Client, cast: Cast, database: Database) -> None:
    browser = client.as_(cast.lead)
    answers = {name: f"Antwoord op {name}." for name in QUESTIONS if name != "fallback"}
    form = typed(
        cast,
        browser.get(NEW).text,
        title="Vergadervrije donderdag",
        starts_on="2027-02-01",
        ends_on="2027-01-31",
        max_participants="veel",
        next="open",
        **answers,
        fallback="",
        voluntariness="Het mag.",
    )
    answer = browser.post(NEW, form)
    assert answer.status_code == 422
    page = answer.text
    assert "Je antwoorden zijn bewaard als concept." in page
    assert "Schrijf op wat er gebeurt als jullie stoppen." in page
    assert "Vraag 7" in page
    assert "De laatste dag ligt vóór de eerste dag" in page
    assert 'value="2027-01-31"' in page
    assert 'value="veel"' in page
    (pilot,) = pilots(database)
    assert pilot.title == "Vergadervrije donderdag"
    assert str(pilot.starts_on) == "2027-02-01"
    assert pilot.ends_on is None
    assert all(getattr(pilot, name) == text for name, text in answers.items())


def test_a_complete_concept_goes_on_to_the_question_whether_to_open_it(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, concept, cast)
    browser = client.as_(cast.lead)
    form = typed(cast, browser.get(f"/proeftuinen/{pilot.slug}/bewerken").text, next="open")
    answer = browser.post(f"/proeftuinen/{pilot.slug}/bewerken", form)
    assert answer.location == f"/proeftuinen/{pilot.slug}/fase?naar=voorbereiding"
    assert "Terug naar een concept kan niet" in browser.get(answer.location).text


def test_two_tabs_with_other_fields_both_count(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    lead, member = client.as_(cast.lead), client.as_(cast.member)
    first, second = lead.get(path).text, member.get(path).text
    old = {name: f"Antwoord op {name}." for name in QUESTIONS}
    assert lead.post(path, typed(cast, first, **{**old, "question": "Van haar."})).status_code == 303
    assert member.post(path, typed(cast, second, **{**old, "measure": "Van hem."})).status_code == 303
    (now,) = pilots(database)
    assert (now.question, now.measure) == ("Van haar.", "Van hem.")


def test_two_tabs_with_the_same_field_show_both_texts_and_lose_nothing(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    lead, member = client.as_(cast.lead), client.as_(cast.member)
    first, second = lead.get(path).text, member.get(path).text
    lead.post(path, typed(cast, first, question="Van haar."))
    answer = member.post(path, typed(cast, second, question="Van hem.", stays="Het loon."))
    assert answer.status_code == 409
    assert "Van haar." in answer.text
    assert "Van hem." in answer.text
    (now,) = pilots(database)
    assert (now.question, now.stays) == ("Van haar.", "Het loon.")
    again = member.post(path, typed(cast, answer.text, question="Van haar en van hem.", stays="Het loon."))
    assert again.status_code == 303
    assert pilots(database)[0].question == "Van haar en van hem."


def test_a_form_that_saves_itself_does_not_write_over_someone_else(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    lead, member = client.as_(cast.lead), client.as_(cast.member)
    first, second = lead.get(path).text, member.get(path).text
    assert lead.post(f"{path}/bewaar", typed(cast, first, question="Van haar.")).status_code == 200
    refused = member.post(f"{path}/bewaar", typed(cast, second, question="Van hem.", stays="Het loon."))
    assert refused.status_code == 409
    assert lead.post(f"{path}/bewaar", typed(cast, first, question="Van haar, langer.")).status_code == 200
    (now,) = pilots(database)
    assert (now.question, now.stays) == ("Van haar, langer.", "Het loon.")


def test_a_text_that_is_too_long_is_refused_and_stays_on_the_screen(
    client: Client, cast: Cast, database: Database
) -> None:
    browser = client.as_(cast.lead)
    page = browser.get(NEW).text
    form = typed(cast, page, title="Lang verhaal", question="a" * 10_001)
    assert browser.post(f"{NEW}/bewaar", form).status_code == 422
    answer = browser.post(NEW, form)
    assert answer.status_code == 422
    assert "a" * 10_001 in answer.text
    assert pilots(database)[0].title == "Lang verhaal"


def test_an_open_plan_is_changed_as_a_whole_or_not_at_all(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, prepared, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.member)
    answer = browser.post(path, typed(cast, browser.get(path).text, hypothesis="", stays="Het loon."))
    assert answer.status_code == 422
    assert "Er is nog niets veranderd" in answer.text
    (now,) = pilots(database)
    assert (now.hypothesis, now.stays) == ("Antwoord op hypothesis.", "")


def test_a_change_of_an_open_plan_is_recorded_with_old_and_new(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, running, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.member)
    form = typed(cast, browser.get(path).text, comparison="Twee teams.", note="Een team meer.")
    assert browser.post(path, form).location == f"/proeftuinen/{pilot.slug}"
    event = events_of(database, pilot)[-1]
    assert (event.kind, event.summary) == ("pilot:changed", "Een team meer.")
    assert event.data == {"changes": {"comparison": ["Antwoord op comparison.", "Twee teams."]}}


def test_an_open_plan_does_not_save_itself(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, prepared, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.member)
    page = browser.get(path).text
    assert "data-autosave-url" not in page
    assert browser.post(f"{path}/bewaar", typed(cast, page, question="Nieuw.")).status_code == 409


def test_the_first_day_of_a_running_pilot_is_fixed(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.lead)
    later = (clock.today() + timedelta(days=3)).isoformat()
    form = typed(cast, browser.get(path).text, starts_on=later, ends_on=str(pilot.ends_on))
    answer = browser.post(path, form)
    assert answer.status_code == 422
    assert "De eerste dag ligt vast" in answer.text


@pytest.mark.parametrize("who", ["colleague", "outsider", "council", "union", "hr", "admin"])
def test_only_the_team_changes_a_plan(who: str, client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, prepared, cast)
    browser = client.as_(getattr(cast, who))
    assert browser.get(f"/proeftuinen/{pilot.slug}/bewerken").status_code == 403
    answer = browser.post(f"/proeftuinen/{pilot.slug}/bewerken", {"question": "Van mij."})
    assert answer.status_code == 403
    assert pilots(database)[0].question == "Antwoord op question."


def test_fields_that_nobody_asked_for_change_nothing(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.member)
    sneaky = {"state": "lopend", "code": "PT-99", "id": "1", "counted_elsewhere": "40", "slug": "x", "version": "9"}
    assert browser.post(path, typed(cast, browser.get(path).text, **sneaky)).status_code == 303
    (now,) = pilots(database)
    assert (now.id, now.state, now.code, now.slug) == (pilot.id, State.CONCEPT, pilot.code, pilot.slug)
    assert now.counted_elsewhere == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"department_id": "99999999"},
        {"department_id": "-1"},
        {"department_id": "١"},
        {"theme_ids": ["1e3", "999999999"], "with_themes": "1"},
        {"starts_on": "31-12-2026"},
        {"ends_on": "0001-01-01"},
        {"max_participants": "0"},
        {"title": "x" * 121},
        {"title": "ﷺ" * 20},
    ],
)
def test_nonsense_is_a_sentence_and_not_a_crash(
    fields: dict[str, Any], client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, concept, cast)
    path = f"/proeftuinen/{pilot.slug}/bewerken"
    browser = client.as_(cast.lead)
    answer = browser.post(path, {**typed(cast, browser.get(path).text), **fields})
    assert answer.status_code == 422, fields
    assert "data-error-summary" in answer.text


def test_invisible_characters_do_not_reach_the_database(client: Client, cast: Cast, database: Database) -> None:
    browser = client.as_(cast.lead)
    form = typed(
        cast, browser.get(NEW).text, title="Een\x07 \u202etitel", question="Een\x07 vraag\r\nmet twee regels"
    )
    assert browser.post(NEW, form).status_code == 303
    (pilot,) = pilots(database)
    assert (pilot.title, pilot.question) == ("Een titel", "Een vraag\nmet twee regels")


def test_a_long_answer_is_in_full_view(client: Client, cast: Cast, database: Database) -> None:
    answer = "Wij willen weten of het zo beter gaat dan het nu gaat. " * 12
    for number, begin in enumerate((concept, running)):
        pilot = stored(database, begin, cast, f"Lang {number}", question=answer.strip())
        page = client.as_(cast.lead).get(f"/proeftuinen/{pilot.slug}/bewerken").text
        rows = {name: int(n) for name, n in re.findall(r'<textarea id="(\w+)"[^>]* rows="(\d+)"', page)}
        assert rows["question"] >= 10
        assert rows["motive"] == 2
