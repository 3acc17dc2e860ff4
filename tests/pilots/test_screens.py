"""The screens of a pilot and the cards of the front page: what they show, to whom, and in how many statements."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.events.models import Subject
from proeftuin.pilots import course, queries, service
from proeftuin.pilots.models import Pilot, State
from proeftuin.pilots.queries import Filters, Phase
from proeftuin.pilots.records import StepTaken
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.pilots.builders import completed, concept, prepared, running, stored


def lively(cast: Cast) -> Pilot:
    """A running pilot with progress, a restricted page, a question, risks and promises."""
    pilot = running(cast)
    for number in range(3):
        wiki.create_page(
            cast.lead, pilot.id, title=f"Voortgang {number}", text=f"Deel {number}.", kind=PageKind.PROGRESS
        )
    wiki.create_page(cast.lead, pilot.id, title="Namenlijst", text="Besloten.", kind=PageKind.PLAIN, restricted=True)
    subject = session().get_one(Subject, pilot.id)
    talk.start_thread(
        cast.outsider,
        subject,
        title="",
        text="Wordt dit ook gemeten?",
        capacity=Capacity.NON_PARTICIPANT,
        allowed=[Capacity.NON_PARTICIPANT],
        is_question=True,
    )
    service.add_risk(cast.lead, pilot, risk="Ruzie", owner_id=cast.lead.id)
    service.make_promise(cast.lead, pilot, text="Cijfers", owner_id=cast.lead.id, due_on=clock.today())
    return pilot


def test_the_page_of_a_pilot_takes_at_most_eight_statements(
    client: Client, cast: Cast, database: Database, statements: list[str]
) -> None:
    pilot = stored(database, lively, cast)
    browser = client.as_(cast.outsider)
    statements.clear()
    page = browser.get(f"/proeftuinen/{pilot.slug}")
    assert page.status_code == 200
    assert len(statements) <= 8, statements
    for text in ("Voortgang 2", "Wordt dit ook gemeten?", "Ruzie", "Cijfers", "Willemijn Smit", "dag 84 van 365"):
        assert text in page.text
    assert "Namenlijst" not in page.text


def test_the_head_counts_what_the_reader_may_read(unit: None, cast: Cast) -> None:
    pilot = lively(cast)
    outside, inside = queries.get_head(cast.outsider, pilot.slug), queries.get_head(cast.lead, pilot.slug)
    assert (outside.progress, outside.pages, outside.talk) == (3, 3, 1)
    assert (inside.progress, inside.pages) == (3, 4)
    assert inside.themes == ("Belonen",)


@pytest.mark.parametrize("tail", ["/voortgang", "/paginas", "/geschiedenis", "/team", "/meedoen", "/risicos"])
def test_every_tab_opens_for_everyone_and_hides_the_restricted_page(
    tail: str, client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, lively, cast)
    for name, actor in cast.everyone().items():
        page = client.as_(actor).get(f"/proeftuinen/{pilot.slug}{tail}")
        assert page.status_code == 200
        if name not in ("lead", "member"):
            assert "Namenlijst" not in page.text


def test_the_phase_page_is_for_those_who_can_make_a_step(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    expected = {"lead": 200, "council": 200}
    for name, actor in cast.everyone().items():
        status = client.as_(actor).get(f"/proeftuinen/{pilot.slug}/fase").status_code
        assert status == expected.get(name, 403), name


def test_a_step_is_made_in_the_browser_and_told_on_the_timeline(
    client: Client, cast: Cast, database: Database
) -> None:
    pilot = stored(database, prepared, cast)
    path = f"/proeftuinen/{pilot.slug}/fase"
    browser = client.as_(cast.lead)
    assert "Alle acht vragen hebben een antwoord." in browser.get(f"{path}?naar=lopend").text
    form = {"to": "lopend", "on": clock.today().isoformat(), "no_measurement": "Het seizoen liep al."}
    refused = browser.post(path, form)
    assert refused.status_code == 422
    assert "Het seizoen liep al." in refused.text
    assert "Vertel het eerst aan de deelnemers." in refused.text
    done = browser.post(path, {**form, "informed": "1"})
    assert done.status_code == 303
    page = browser.get(done.location).text
    assert "Proeftuin begonnen." in page
    assert "Het seizoen liep al." in page
    assert browser.post(path, {**form, "informed": "1"}).status_code == 409


def test_an_unknown_second_reader_or_day_is_asked_again(client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, completed, cast)
    path = f"/proeftuinen/{pilot.slug}/fase"
    browser = client.as_(cast.lead)
    assert "Er is nog geen terugblik" in browser.get(path).text
    form = {"to": "geevalueerd", "on": "gisteren", "reason": "Geleerd.", "second_reader": "Niemand"}
    refused = browser.post(path, form)
    assert refused.status_code == 422
    assert 'value="Niemand"' in refused.text
    assert 'value="gisteren"' in refused.text
    form |= {"on": clock.today().isoformat(), "second_reader": "ONUR demir"}
    assert browser.post(path, form).status_code == 303
    assert "Meegelezen door Onur Demir." in browser.get(f"/proeftuinen/{pilot.slug}").text


def test_what_is_wrong_with_a_step_is_listed_as_it_stands_on_the_page(
    client: Client, cast: Cast, database: Database
) -> None:
    cases = (
        (completed, {"to": "geevalueerd", "on": "gisteren", "second_reader": "Niemand"}),
        (running, {"to": "afgebroken", "on": clock.today().isoformat()}),
        (prepared, {"to": "lopend", "on": clock.today().isoformat()}),
    )
    for number, (begin, form) in enumerate(cases):
        pilot = stored(database, begin, cast, f"Nummer {number}")
        page = client.as_(cast.lead).post(f"/proeftuinen/{pilot.slug}/fase", form).text
        summary = page[page.index("data-error-summary") :].split("</ul>")[0]
        named = re.findall(r'<a href="#([^"]+)"', summary)
        places = [page.index(f'id="{name}"') for name in named]
        assert len(named) >= 2
        assert places == sorted(places), named


@pytest.mark.parametrize("to_state", ["", "bestaat-niet", "concept"])
def test_a_state_that_leads_nowhere_is_refused(to_state: str, client: Client, cast: Cast, database: Database) -> None:
    pilot = stored(database, running, cast)
    form = {"to": to_state, "on": clock.today().isoformat(), "reason": "Zomaar."}
    assert client.as_(cast.lead).post(f"/proeftuinen/{pilot.slug}/fase", form).status_code in (404, 409)


def test_a_pilot_past_its_last_day_says_so(client: Client, cast: Cast, database: Database) -> None:
    yesterday = clock.today() - timedelta(days=1)
    pilot = stored(database, running, cast, ends_on=yesterday)
    assert "De laatste dag van deze proeftuin was" in client.as_(cast.outsider).get(f"/proeftuinen/{pilot.slug}").text


def test_a_pilot_without_anything_says_what_to_do(client: Client, cast: Cast, database: Database) -> None:
    with database.transaction():
        pilot = service.create_pilot(cast.lead)
    browser = client.as_(cast.lead)
    for tail in ("", "/voortgang", "/paginas", "/geschiedenis", "/risicos", "/beloften", "/team", "/fase"):
        assert browser.get(f"/proeftuinen/{pilot.slug}{tail}").status_code == 200


def test_cards_cost_the_same_however_many_there_are(unit: None, cast: Cast, statements: list[str]) -> None:
    def cost() -> int:
        session().flush()
        statements.clear()
        cards = queries.list_cards(cast.outsider, Filters())
        queries.open_questions(cast.outsider, [card.id for card in cards])
        return len(statements)

    running(cast, "Een")
    few = cost()
    for number in range(6):
        prepared(cast, f"Nog een {number}")
    assert cost() == few == 2


def test_cards_are_filtered_and_hide_concepts(unit: None, cast: Cast) -> None:
    running(cast, "Lopend")
    prepared(cast, "Voorbereid", theme_ids=[cast.themes["beoordeling"]], department_id=cast.rail)
    completed(cast, "Klaar")
    concept(cast, "Geheim")

    def titles(filters: Filters, who: str = "outsider") -> list[str]:
        return [card.title for card in queries.list_cards(getattr(cast, who), filters)]

    assert titles(Filters()) == ["Lopend", "Voorbereid"]
    assert titles(Filters(theme="beoordeling")) == ["Voorbereid"]
    assert titles(Filters(department="geotechniek")) == ["Lopend"]
    assert titles(Filters(phase=Phase.DONE)) == ["Klaar"]
    assert titles(Filters(phase=Phase.CONCEPT)) == []
    assert titles(Filters(phase=Phase.CONCEPT), "member") == ["Geheim"]
    counts = queries.count_states(cast.outsider)
    assert counts == {State.RUNNING: 1, State.PREPARATION: 1, State.COMPLETED: 1}


def step(from_state: State | None, to_state: State, on: date) -> StepTaken:
    return StepTaken(from_state, to_state, on, "", {}, None, None)


def test_the_strip_shows_what_was_what_is_and_what_may_come(unit: None, cast: Cast) -> None:
    pilot = running(cast)
    steps = [
        step(None, State.CONCEPT, date(2026, 1, 1)),
        step(State.CONCEPT, State.PREPARATION, date(2026, 2, 1)),
        step(State.PREPARATION, State.RUNNING, date(2026, 3, 1)),
    ]
    assert [(phase.label, phase.state) for phase in course.phases(pilot, steps)] == [
        ("Concept", "past"),
        ("In voorbereiding", "past"),
        ("Lopend", "now"),
        ("Afgerond", "next"),
        ("Geëvalueerd", "next"),
        ("In het archief", "next"),
    ]
    service.move(cast.lead, pilot, State.STOPPED, reason="Op.", participants_get="De oude regels.")
    steps.append(step(State.RUNNING, State.STOPPED, clock.today()))
    assert [phase.label for phase in course.phases(pilot, steps)][2:4] == ["Lopend", "Gestopt"]


def test_a_pilot_that_never_began_has_no_more_to_come(unit: None, cast: Cast) -> None:
    pilot = prepared(cast)
    service.move(cast.lead, pilot, State.NEVER_STARTED, reason="Geen animo.")
    assert [phase.label for phase in course.phases(pilot, [])] == ["Concept", "In voorbereiding", "Niet begonnen"]
    assert course.phases(pilot, [])[-1].state == "now"


def test_days_count_from_the_first_through_the_last(unit: None, cast: Cast) -> None:
    period = course.period(running(cast), clock.today())
    assert period is not None
    assert (period.day, period.days, period.is_over_time) == (84, 365, False)
    assert all(period.first <= a <= b <= period.last for _kind, a, b in period.spans)
