"""A colleague outside the team suggests a change; the team decides; nothing that was written is lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from proeftuin.db import Database, session
from proeftuin.events.models import Event
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import proposals
from proeftuin.wiki.models import Revision
from proeftuin.wiki.suggestions import Suggestion, SuggestionText
from tests.cast import Cast
from tests.client import Client
from tests.wiki.edits import three
from tests.wiki.forms_on_screen import fields_of
from tests.wiki.scene import Scene

TEXT = "De pot.\n\n## Regels\n\nZiekte telt nooit mee als maatstaf.\n\n## Doen\n\nCijfers naar de OR.\n"
IDEA = TEXT.replace("Ziekte telt", "Ziekte en zorg tellen").replace("naar de OR", "naar de OR en de bonden")


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page of three parts."""
    return scene.page("De maatstaven", TEXT)


def suggest(browser: Client, page: str, text: str = IDEA, *, reason: str = "Zorg hoort erbij", **more: str) -> str:
    """Send the form of a suggestion as it was opened; return the address of the suggestion."""
    form = browser.get(f"{page}/voorstel").get_data(as_text=True)
    fields = {**fields_of(form, f"{page}/voorstel"), "text": text, "summary": reason, **more}
    response = browser.post(f"{page}/voorstel", fields)
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location)


def shown(browser: Client, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def accept(browser: Client, path: str, **more: object) -> tuple[int, str]:
    """Send the form with which the team takes over; return the status and the address or the answer."""
    fields = {**fields_of(shown(browser, path), f"{path}/overnemen"), **more}
    response = browser.post(f"{path}/overnemen", fields)
    return response.status_code, response.location or response.get_data(as_text=True)


def newest(database: Database, page: str, scene: Scene) -> Revision:
    with database.reading() as reading:
        row = scene.row(page)
        return reading.scalars(
            select(Revision).where(Revision.page_id == row.id, Revision.number == row.current)
        ).one()


def test_a_reader_is_offered_to_suggest_where_the_team_is_offered_to_edit(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    for person in (cast.colleague, cast.outsider, cast.council, cast.hr):
        read = shown(client.as_(person), page)
        assert f'href="{page}/voorstel"' in read
        assert f'href="{page}/bewerken"' not in read
    for person in (cast.member, cast.union):
        assert f'href="{page}/voorstel"' not in shown(client.as_(person), page)
    answer = client.as_(cast.member).get(f"{page}/voorstel")
    assert (answer.status_code, answer.location) == (303, f"{page}/bewerken")


def test_a_suggestion_is_taken_over_and_the_history_names_both(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    assert scene.text(page) == TEXT
    team = client.as_(cast.member)
    assert re.search(r"Voorstellen <span class=\"num\">1</span>", shown(team, page))
    seen = shown(team, path)
    assert "<ins>en zorg tellen" in seen
    assert "Zorg hoort erbij" in seen
    status, address = accept(team, path, woord="Goed gezien")
    assert (status, address) == (303, page)
    assert scene.text(page) == IDEA
    version = newest(database, page, scene)
    assert (version.author_id, version.suggester_id) == (cast.member.id, cast.colleague.id)
    listed = shown(client.as_(cast.outsider), f"{page}/geschiedenis")
    assert "voorgesteld door Hanneke" in listed
    assert "overgenomen door Bilal Aksoy" in listed
    ended = shown(client.as_(cast.colleague), path)
    assert "Goed gezien" in ended
    assert f"{page}/versies/2" in ended
    assert "Voorstellen <span" not in shown(team, page)


def test_a_suggestion_for_an_older_text_is_merged_with_the_text_of_now(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    scene.save(page, TEXT.replace("De pot.", "De hele pot.") + "\nEn meer.\n", by=cast.member)
    team = client.as_(cast.lead)
    seen = shown(team, path)
    assert "Het voorstel past nog" in seen
    now = shown(team, f"{path}?tegen=nu")
    assert "Versie 2, zoals het nu is" in now
    assert accept(team, path)[0] == 303
    for words in ("De hele pot.", "en zorg tellen", "de OR en de bonden", "En meer."):
        assert words in scene.text(page)


def test_only_the_chosen_passages_are_taken_over_and_the_rest_stays_readable(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    team = client.as_(cast.lead)
    assert accept(team, path, neem="2")[0] == 303
    assert scene.text(page) == TEXT.replace("naar de OR", "naar de OR en de bonden")
    seen = shown(client.as_(cast.outsider), path)
    assert "deels overgenomen" in seen
    assert "en zorg tellen" in seen
    assert seen.index("niet overgenomen") < seen.index("bonden")


def test_choosing_no_passage_is_asked_about(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    team = client.as_(cast.lead)
    fields = fields_of(shown(team, path), f"{path}/overnemen")
    del fields["neem"]
    answer = team.post(f"{path}/overnemen", fields)
    assert answer.status_code == 422
    assert "Kies minstens één passage" in answer.get_data(as_text=True)
    assert scene.current(page) == 1


def test_a_suggestion_that_touches_what_was_written_since_goes_to_the_conflict_screen(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    scene.save(page, TEXT.replace("Ziekte telt", "Rouw telt"), by=cast.member)
    team = client.as_(cast.lead)
    assert "Wie het overneemt, kiest" in shown(team, path)
    status, screen = accept(team, path)
    assert status == 409
    assert "Voorgesteld door Hanneke" in screen
    sent = fields_of(screen, f"{path}/overnemen")
    assert sent["keuze-1"] == "beide"
    answer = team.post(f"{path}/overnemen", {**sent, "keuze-1": "hun"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "Rouw telt" in scene.text(page)
    assert "de OR en de bonden" in scene.text(page)
    assert newest(database, page, scene).suggester_id == cast.colleague.id
    listed = shown(team, f"{page}/geschiedenis")
    beside = re.search(rf'href="({page}/opzij/\d+)">niet gekozen: tekst van Hanneke', listed)
    assert beside is not None
    assert "Ziekte en zorg tellen" in shown(client.as_(cast.outsider), beside[1])


def test_somebody_saving_during_the_conflict_repeats_it(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    scene.save(page, TEXT.replace("Ziekte telt", "Rouw telt"), by=cast.member)
    team = client.as_(cast.lead)
    _, screen = accept(team, path, neem=["1"])
    scene.save(page, TEXT.replace("Ziekte telt", "Mantelzorg telt"), by=cast.member)
    sent = fields_of(screen, f"{path}/overnemen")
    again = team.post(f"{path}/overnemen", {**sent, "keuze-1": "mijn"})
    assert again.status_code == 409
    sent = fields_of(again.get_data(as_text=True), f"{path}/overnemen")
    assert team.post(f"{path}/overnemen", sent).status_code == 303
    for word in ("Mantelzorg", "en zorg tellen"):
        assert word in scene.text(page)
    assert "bonden" not in scene.text(page)  # that passage was not chosen at the start
    assert "deels overgenomen" in shown(team, path)


def test_declining_needs_a_reason_which_the_suggester_reads(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    team = client.as_(cast.lead)
    fields = fields_of(shown(team, path), f"{path}/afwijzen")
    refused = team.post(f"{path}/afwijzen", fields)
    assert refused.status_code == 422
    assert "Schrijf waarom" in refused.get_data(as_text=True)
    assert team.post(f"{path}/afwijzen", {**fields, "answer": "Dat regelt de wet al."}).status_code == 303
    scene.work()
    told = shown(client.as_(cast.colleague), "/mijn/berichten")
    assert "Dat regelt de wet al." in told
    assert f'href="{path}"' in told
    seen = shown(client.as_(cast.colleague), path)
    assert "afgewezen" in seen
    assert "en zorg tellen" in seen  # what was suggested stays readable


def test_the_team_is_told_and_finds_what_waits(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    scene.work()
    for person in (cast.lead, cast.member):
        browser = client.as_(person)
        assert f'href="{path}"' in shown(browser, "/mijn/berichten")
        assert f'href="{path}"' in shown(browser, "/mijn")
    assert f'href="{path}"' in shown(client.as_(cast.outsider), f"{scene.path}/voorstellen")
    assert f'href="{path}"' in shown(client.as_(cast.outsider), f"{page}/voorstellen")
    assert f'href="{path}"' not in shown(client.as_(cast.outsider), "/mijn")
    assert "Wat ik voorstelde" in shown(client.as_(cast.colleague), "/mijn")


def test_who_took_it_over_is_told_to_the_suggester_only(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    accept(client.as_(cast.lead), path)
    scene.work()
    assert "nam een voorstel over" in shown(client.as_(cast.colleague), "/mijn/berichten")
    assert "nam een voorstel over" not in shown(client.as_(cast.member), "/mijn/berichten")
    assert "nam een voorstel over" in shown(client.as_(cast.outsider), "/wijzigingen?soort=voorstellen")


def test_the_suggester_revises_and_withdraws_while_it_is_open(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser = client.as_(cast.colleague)
    path = suggest(browser, page)
    fields = fields_of(shown(browser, f"{path}/bewerken"), f"{path}/bewerken")
    better = IDEA.replace("zorg tellen", "mantelzorg tellen")
    assert browser.post(f"{path}/bewerken", {**fields, "text": better}).status_code == 303
    assert "mantelzorg tellen" in shown(browser, path)
    with database.reading() as reading:
        assert len(reading.scalars(select(SuggestionText)).all()) == 2
    assert browser.post(f"{path}/intrekken").status_code == 303
    assert "ingetrokken" in shown(client.as_(cast.lead), path)
    late = browser.post(f"{path}/bewerken", {**fields, "text": IDEA})
    assert late.status_code == 409
    assert "en zorg tellen" in late.get_data(as_text=True)  # the text is in the form, to be sent as a new suggestion
    assert "zelf ingetrokken" in late.get_data(as_text=True)


def test_what_was_revised_since_it_was_read_is_not_taken_over(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser, team = client.as_(cast.colleague), client.as_(cast.lead)
    path = suggest(browser, page)
    read = fields_of(shown(team, path), f"{path}/overnemen")
    fields = fields_of(shown(browser, f"{path}/bewerken"), f"{path}/bewerken")
    browser.post(f"{path}/bewerken", {**fields, "text": TEXT + "Iets heel anders."})
    answer = team.post(f"{path}/overnemen", read)
    assert answer.status_code == 409
    assert "intussen aangepast" in answer.get_data(as_text=True)
    assert scene.current(page) == 1


def test_only_the_suggester_revises_and_withdraws(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    for person in (cast.outsider, cast.lead):
        assert client.as_(person).post(f"{path}/intrekken").status_code == 403
        assert client.as_(person).get(f"{path}/bewerken").status_code == 403
        assert client.as_(person).post(f"{path}/bewerken", {"text": "x", "summary": "y"}).status_code == 403


def test_only_the_team_decides(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    for person in (cast.colleague, cast.outsider, cast.hr, cast.council, cast.admin):
        browser = client.as_(person)
        assert "/overnemen" not in shown(browser, path)
        for act in ("overnemen", "afwijzen"):
            assert browser.post(f"{path}/{act}", {"tekst": "1", "answer": "nee"}).status_code == 403
    assert scene.current(page) == 1


def test_a_double_click_is_one_suggestion(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser = client.as_(cast.colleague)
    form = shown(browser, f"{page}/voorstel")
    fields = {**fields_of(form, f"{page}/voorstel"), "text": IDEA, "summary": "Zorg"}
    answers = [browser.post(f"{page}/voorstel", fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    # Coming back with the back button and sending another text is a better text for the same suggestion.
    third = browser.post(f"{page}/voorstel", {**fields, "text": IDEA + "\nNog iets."})
    assert third.location == answers[0].location
    with database.reading() as reading:
        assert len(reading.scalars(select(Suggestion)).all()) == 1
        assert len(reading.scalars(select(SuggestionText)).all()) == 2
        assert len(reading.scalars(select(Event).where(Event.kind == "suggestion:made")).all()) == 1


def test_the_second_of_two_deciders_is_told_who_was_first(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    lead, member = client.as_(cast.lead), client.as_(cast.member)
    form = fields_of(shown(member, path), f"{path}/afwijzen")
    assert accept(lead, path)[0] == 303
    late = member.post(f"{path}/afwijzen", {**form, "answer": "Nee hoor"})
    assert late.status_code == 409
    told = late.get_data(as_text=True)
    assert "Willemijn" in told
    assert "al overgenomen" in told
    assert "Nee hoor" in told  # what was typed is not lost
    assert scene.current(page) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": TEXT, "summary": "Zorg"}, "Je hebt nog niets veranderd."),
        ({"text": "  ", "summary": "Zorg"}, "De pagina is leeg."),
        ({"text": IDEA, "summary": " "}, "Schrijf in één zin waarom."),
        ({"text": IDEA, "summary": "x" * 201}, "Houd het korter"),
        ({"text": "x" * 100_001, "summary": "Zorg"}, "De tekst is te lang"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    client: Client, cast: Cast, scene: Scene, page: str, *, fields: dict[str, str], sentence: str
) -> None:
    answer = client.as_(cast.colleague).post(f"{page}/voorstel", {"base": "1", **fields})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert sentence in text
    assert f'value="{fields["summary"]}"' in text
    assert fields["text"].strip() in text


def test_preview_and_changes_show_the_form_again(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.colleague)
    fields = {"base": "1", "text": TEXT + "\n**Nieuw**\n", "summary": "Waarom niet"}
    preview = browser.post(f"{page}/voorstel", {**fields, "do": "voorbeeld"}).get_data(as_text=True)
    assert "<strong>Nieuw</strong>" in preview
    changes = browser.post(f"{page}/voorstel", {**fields, "do": "wijzigingen"}).get_data(as_text=True)
    assert "Nieuw</ins>" in changes or "**Nieuw**" in changes
    for answer in (preview, changes):
        assert 'value="Waarom niet"' in answer
    fragment = browser.post(f"{page}/voorstel/voorbeeld", {"text": "*schuin*"}).get_data(as_text=True)
    assert "<em>schuin</em>" in fragment
    assert "<html" not in fragment


def test_a_closed_pilot_takes_no_suggestions(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    with scene.act():
        session().get_one(Pilot, scene.pilot_id).state = State.ARCHIVED
    browser = client.as_(cast.outsider)
    assert '/voorstel"' not in shown(browser, page)
    assert browser.get(f"{page}/voorstel").status_code == 403
    refused = browser.post(f"{page}/voorstel", {"base": "1", "text": IDEA, "summary": "Zorg"})
    assert refused.status_code == 403
    assert "en zorg tellen" in refused.get_data(as_text=True)
    assert "en zorg tellen" in shown(browser, path)  # what was suggested can still be read
    assert client.as_(cast.lead).post(f"{path}/overnemen", {"tekst": "1"}).status_code == 403


def test_a_restricted_page_hides_its_suggestions(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    path = suggest(client.as_(cast.colleague), page)
    team = client.as_(cast.lead)
    settings = fields_of(shown(team, f"{page}/instellingen"), f"{page}/instellingen")
    assert team.post(f"{page}/instellingen", {**settings, "restricted": "1"}).status_code == 303
    for address in (path, f"{page}/voorstellen", f"{page}/voorstel"):
        assert client.as_(cast.colleague).get(address).status_code == 404
    assert path not in shown(client.as_(cast.colleague), "/mijn")
    assert path not in shown(client.as_(cast.colleague), f"{scene.path}/voorstellen")
    assert team.get(path).status_code == 200


def test_on_the_site_those_who_write_there_decide(client: Client, cast: Cast, scene: Scene) -> None:
    page = scene.site_page("Hoe het hier gaat", TEXT)
    path = suggest(client.as_(cast.outsider), page)
    scene.work()
    council = client.as_(cast.council)
    assert f'href="{path}"' in shown(council, "/mijn")
    assert f'href="{path}"' in shown(council, "/wiki/voorstellen")
    assert f'href="{path}"' in shown(client.as_(cast.hr), "/mijn/berichten")
    assert accept(council, path)[0] == 303
    assert scene.text(page) == IDEA


def test_what_already_stands_on_the_page_is_taken_over_without_a_version(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    path = suggest(client.as_(cast.colleague), page)
    scene.save(page, IDEA, by=cast.member)
    team = client.as_(cast.lead)
    assert accept(team, path)[0] == 303
    assert scene.current(page) == 2
    assert "voorgesteld door" not in shown(team, f"{page}/geschiedenis")
    assert "overgenomen" in shown(team, path)


def test_every_choice_of_passages_is_a_text_between_the_two() -> None:
    for number in range(300):
        base, text, _ = three(number)
        changes = proposals.changes(base, text)
        numbers = [change.number for change in changes]
        assert numbers == list(range(1, len(changes) + 1))
        assert proposals.with_taken(base, text, numbers) == text
        assert proposals.with_taken(base, text, ()) == base
        for change in changes:
            alone = proposals.with_taken(base, text, [change.number])
            assert set(change.new_text.split()) <= set(alone.split())
