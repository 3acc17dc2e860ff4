"""What a browser gets: the banner, links that keep the day, no way to change anything, and sentences for odd days."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot, State
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.past.story import FIRST
from tests.pilots.builders import concept

SECOND, LAST = FIRST + timedelta(days=1), FIRST + timedelta(days=9)
PILOT = "/proeftuinen/kwartaalkeuze"
PAGE = f"{PILOT}/de-regels"


@pytest.fixture
def reader(database: Database, client: Client, cast: Cast) -> Client:
    """A browser of the lead of a pilot that was opened on the first day and got a page on the second."""
    with clock.at(clock.start_of(FIRST) + timedelta(hours=9)), database.transaction():
        pilot = concept(cast, "Kwartaalkeuze")
        pilots.move(cast.lead, pilot, State.PREPARATION)
        number = pilot.id
    with clock.at(clock.start_of(SECOND) + timedelta(hours=9)), database.transaction():
        text = f"Zie [[Rood]], [zeg het]({PILOT}/bewerken) en [het overzicht]({PILOT}#feiten)."
        wiki.create_page(cast.lead, number, title="De regels", text=text, kind=PageKind.PROGRESS)
    with clock.at(clock.start_of(LAST) - timedelta(days=1)), database.transaction():
        pilot = session().get_one(Pilot, number)
        pilots.change_plan(cast.lead, pilot, version=pilot.version, title="Jaarkeuze")
    with clock.at(clock.start_of(LAST)):
        return client.as_(cast.lead)


def get(reader: Client, path: str) -> str:
    with clock.at(clock.start_of(LAST)):
        return reader.get(path).get_data(as_text=True)


def status(reader: Client, path: str) -> int:
    with clock.at(clock.start_of(LAST)):
        return reader.get(path).status_code


def test_the_banner_says_which_day_it_is_and_leads_to_other_days(reader: Client) -> None:
    html = get(reader, f"{PILOT}?op={SECOND}")
    assert "vrijdag" in html
    assert "27 maart 2026" in html
    assert "Kwartaalkeuze" in html
    assert "Jaarkeuze" not in html
    assert f'<a data-now href="{PILOT}">' in html
    assert f'href="{PILOT}?op={FIRST}" rel="prev"' in html
    assert f'href="{PILOT}?op={SECOND + timedelta(days=1)}" rel="next"' in html
    assert f'name="op" value="{SECOND}" max="{LAST - timedelta(days=1)}"' in html


def test_the_first_day_has_no_day_before_it_and_yesterday_is_followed_by_today(reader: Client) -> None:
    assert 'rel="prev"' not in get(reader, f"/?op={FIRST}").split("<main")[0]
    yesterday = get(reader, f"{PILOT}?op={LAST - timedelta(days=1)}")
    assert f'<a data-now href="{PILOT}" rel="next">' in yesterday


def test_links_and_forms_that_ask_keep_the_day(reader: Client) -> None:
    html = get(reader, f"{PAGE}?op={SECOND}")
    main = html.split("<main")[1].split("</main>")[0]
    inside = [link for link in re.findall(r'href="(/[^"]*)"', main) if link.startswith((PILOT, "/gesprek"))]
    assert f"{PILOT}?op={SECOND}#feiten" in inside
    assert "Rood" in main  # a page that is missing leads nowhere, its words stay
    assert "<span>zeg het</span>" in main
    assert [link for link in inside if f"op={SECOND}" not in link] == []
    changes = get(reader, f"/wijzigingen?op={SECOND}")
    assert f'<input type="hidden" name="op" value="{SECOND}">' in changes.split("<main")[1]
    assert f'href="{PILOT}/geschiedenis?op={SECOND}"' in get(reader, f"{PILOT}?op={SECOND}")


def test_files_feeds_and_style_do_not_get_a_day(reader: Client) -> None:
    html = get(reader, f"{PILOT}?op={SECOND}")
    assert not re.search(r'(?:src|href)="/static/[^"]*op=', html)
    assert f'href="{PILOT}/atom"' in html


def test_nothing_in_the_past_leads_to_changing_something(reader: Client) -> None:
    for path in (PILOT, f"{PILOT}/team", f"{PILOT}/risicos", f"{PILOT}/beloften", f"{PILOT}/gesprek", PAGE, "/"):
        now, then = get(reader, path), get(reader, f"{path}?op={SECOND}")
        assert path == "/" or 'method="post"' in now.split("<main")[1].split("</main>")[0]
        main = then.split("<main")[1].split("</main>")[0]
        assert 'method="post"' not in main
        assert not re.search(r'href="[^"]*/(bewerken|nieuwe-pagina|fase|meedoen|instellingen)["?]', main)


@pytest.mark.parametrize("path", [f"{PILOT}/risicos", f"{PILOT}/team", "/volgen/2", f"{PAGE}/bewerken", "/taal"])
def test_sending_something_to_the_past_is_refused(reader: Client, path: str) -> None:
    with clock.at(clock.start_of(LAST)):
        answer = reader.post(f"{path}?op={SECOND}", {"risk": "KANARIE in de kooi", "text": "KANARIE in de kooi"})
    assert answer.status_code == 403
    assert "verleden" in answer.get_data(as_text=True)
    assert "KANARIE" in answer.get_data(as_text=True)  # what was typed is not lost
    assert "KANARIE" not in get(reader, f"{PILOT}/risicos")


def test_a_screen_that_changes_something_is_not_shown_of_the_past(reader: Client) -> None:
    assert status(reader, f"{PAGE}/bewerken?op={SECOND}") == 403
    assert status(reader, f"/proeftuinen/nieuw?op={SECOND}") == 403


def test_search_says_that_it_finds_what_is_there_now_and_leads_back(reader: Client) -> None:
    html = get(reader, f"/zoeken?q=regels&op={SECOND}")
    assert "Zoeken vindt altijd wat er vandaag staat." in html
    assert f'href="/?op={SECOND}"' in html
    assert f'name="op" value="{SECOND}"' in get(reader, f"/?op={SECOND}").split("<main")[0]


@pytest.mark.parametrize(
    "given",
    ["gisteren", "2026-13-01", "2026-02-30", "26-03-27", "", "2026-03-27T10:00", "9999-12-31", "0000-00-00", "١٢"],
)
def test_what_is_no_day_gets_a_sentence_and_a_field(reader: Client, given: str) -> None:
    with clock.at(clock.start_of(LAST)):
        answer = reader.get(PILOT, query_string={"op": given})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is geen dag" in html
    assert '<input type="date" id="andere-dag" name="op"' in html


def test_a_day_that_must_come_is_refused_and_today_is_the_present(reader: Client) -> None:
    html = get(reader, f"{PILOT}?op={LAST + timedelta(days=1)}")
    assert "Die dag moet nog komen" in html
    with clock.at(clock.start_of(LAST)):
        answer = reader.get(f"{PILOT}?op={LAST}&x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PILOT}?x=1")


def test_a_day_before_the_first_leads_to_the_first(reader: Client) -> None:
    html = get(reader, "/?op=2001-01-01")
    assert "De eerste dag is donderdag 26 maart 2026" in html
    assert f'href="/?op={FIRST}"' in html


def test_what_was_not_there_yet_says_since_when_it_is(reader: Client) -> None:
    assert status(reader, f"{PAGE}?op={FIRST}") == 404
    html = get(reader, f"{PAGE}?op={FIRST}")
    assert "“De regels” bestond nog niet op donderdag 26 maart 2026" in html
    assert f'href="{PAGE}?op={SECOND}"' in html
    assert "bestond nog niet" not in get(reader, f"{PILOT}/bestaat-niet?op={FIRST}")


def test_versions_comparisons_and_permanent_links_work_on_a_day(reader: Client) -> None:
    for path in (f"{PAGE}/geschiedenis", f"{PAGE}/versies/1", f"{PAGE}/verwijzingen", f"{PAGE}/auteurs"):
        assert status(reader, f"{path}?op={SECOND}") == 200
    assert status(reader, f"{PAGE}/versies/2?op={SECOND}") == 404
    assert status(reader, f"{PAGE}/vergelijk?van=1&naar=2&op={SECOND}") == 404


def test_every_page_of_now_has_a_field_for_a_day(reader: Client) -> None:
    html = get(reader, f"{PILOT}/paginas")
    foot = html.split("<footer")[1]
    assert f'action="{PILOT}/paginas" data-day' in foot
    assert 'type="date" id="op" name="op"' in foot
    assert 'action="/" data-day' in get(reader, "/mijn").split("<footer")[1]
