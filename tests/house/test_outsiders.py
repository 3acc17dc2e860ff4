"""What someone from outside the company sees and does, over real HTTP (domain dossier 6.6 and chapter 10).

They read all that everyone may read about pilots, the register and the log, and write only in the name of their own
party. They do not learn who takes part, who works here, or what is not about a pilot. `access.ROWS` says who gets
through where; here stands what that may come to for people from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest

from proeftuin import clock
from proeftuin.accounts import queries
from proeftuin.accounts import service as accounts
from proeftuin.accounts.models import Mandate
from proeftuin.db import Database, session
from proeftuin.pilots import participation
from proeftuin.pilots import queries as pilots
from proeftuin.search import service as search
from proeftuin.talk.models import Capacity
from proeftuin.web.application import Application
from tests.cast import Cast
from tests.client import Client
from tests.house.access import ROWS, Row, World, create_site_page

OWN_ACCOUNT = {
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.second_step",
    "accounts.enrol",
    "accounts.prepare_second_factor",
    "accounts.enrol_own",
    "accounts.renew_recovery_codes",
    "accounts.keep_recovery_codes",
    "accounts.end_second_factor",
    "accounts.set_language",
    "accounts.forgot",
    "accounts.change_password",
    "accounts.end_other_sign_ins",
    "web.choose_keys",
    "following.follow",
    "following.read_notices",
    "following.catch_up",
    "following.feed_key",
}
"""What changes nothing that others see."""
IN_THE_NAME_OF_A_PARTY = {
    "talk.start",
    "talk.reply",
    "talk.reopen",  # only a question that they asked themselves
    "wiki.start_about",
    "wiki.keep_draft",  # what is being typed in one of these
    "deviations.record_position",
    "deviations.confirm",
    "deviations.act",  # suspending, and asking for something, as their party
    "deviations.handle_report",
    "deviations.close_alert",
    "deviations.report",
}
"""Comments, positions and reports: what 6.6 lets someone from outside write, and nothing more."""

READABLE = (
    "/",
    "/proeftuinen/{w.open.slug}",
    "/proeftuinen/{w.open.slug}/voortgang",
    "/proeftuinen/{w.open.slug}/geschiedenis",
    "/proeftuinen/{w.open.slug}/team",
    "/proeftuinen/{w.open.slug}/risicos",
    "/proeftuinen/{w.open.slug}/beloften",
    "/proeftuinen/{w.open.slug}/uitkomsten",
    "/proeftuinen/{w.open.slug}/uitkomsten/maten",
    "/proeftuinen/{w.open.slug}/{w.open.page}",
    "/proeftuinen/{w.open.slug}/{w.open.page}/versies/1",
    "/proeftuinen/{w.open.slug}/{w.open.page}/gesprek",
    "/proeftuinen/{w.open.slug}/meenemen/zip",
    "/proeftuinen/{w.open.slug}/dossier",
    "/zoeken?q=vergadervrije",
    "/wijzigingen",
    "/cao",
    "/afwijkingen",
    "/afwijkingen/{w.code}",
    "/afwijkingen/{w.code}/versies/1",
    "/afwijkingen/{w.code}/verloop",
    "/afwijkingen/{w.code}/dossier",
    "/afwijkingen.csv",
    "/afwijkingen.json",
    "/afwijkingen/cijfers",
    "/afwijkingen/{w.code}/bewijsmap.zip",
    "/toezicht",
    "/logboek",
    "/logboek/bundel",
)
"""All pilot pages, the register, exports and the log."""
NOT_READABLE = (
    ("/beheer", 403),
    ("/beheer/mensen", 403),
    ("/beheer/mensen?q=onur", 403),
    ("/beheer/mensen/{c.outsider.id}", 403),
    ("/beheer/mensen/{c.union.id}", 403),
    ("/beheer/afdelingen", 403),
    ("/beheer/partijen", 403),
    ("/cao/voorbereiden", 403),
    ("/proeftuinen/nieuw", 403),
    ("/proeftuinen/{w.open.slug}/bewerken", 403),
    ("/proeftuinen/{w.open.slug}/uitkomsten/publiceren", 403),
    ("/proeftuinen/{w.open.slug}/{w.open.page}/bewerken", 403),
    ("/proeftuinen/{w.open.slug}/{w.open.page}/bezig?base=1", 403),
    ("/proeftuinen/{w.open.slug}/{w.open.page}/voorstel", 403),
    ("/proeftuinen/{w.open.slug}/{w.restricted.page}", 404),
    ("/proeftuinen/{w.hidden.slug}", 404),
    ("/wiki/huisregels/bewerken", 403),
    ("/wiki/huisregels/voorstel", 403),
)
"""The directory of staff, the work in progress, and everything that only a team reads."""


@pytest.fixture
def world(app: Application, database: Database, cast: Cast) -> World:
    """Give the world of the access table, in which Wim takes part and Onur does nothing at all."""
    with app.app_context(), database.transaction():
        create_site_page(cast)
        made = World.create(cast)
        wim = accounts.create_person(None, email="wim.stille@oeverbrug.example", name="Wim Stille")
        actor = queries.find_actor(wim.id)
        assert actor is not None
        participation.join(actor, pilots.get_pilot(actor, made.open.slug))
        search.rebuild(app.extensions["search"].index)
        return made


def filled_in(address: str, world: World) -> str:
    return address.format(w=world, c=world.cast)


def test_someone_from_outside_reads_what_the_tables_say_and_not_the_rest(client: Client, world: World) -> None:
    karin = client.as_(world.cast.union)
    expected = {**dict.fromkeys(READABLE, 200), **dict(NOT_READABLE)}
    assert {address: karin.get(filled_in(address, world)).status_code for address in expected} == expected


def of_outsiders(method: str) -> Iterator[Row]:
    """Give the rows in which someone from outside is let through."""
    return (row for row in ROWS if row.method == method and "union" in row.allowed)


def test_someone_from_outside_writes_only_for_their_own_party() -> None:
    """A new act that lets outsiders through must be put in one of the two tables above, or not let them through."""
    assert {row.endpoint for row in of_outsiders("POST")} - OWN_ACCOUNT - IN_THE_NAME_OF_A_PARTY == set()


def test_no_screen_tells_someone_from_outside_who_takes_part_or_who_works_here(client: Client, world: World) -> None:
    """Wim takes part and Onur only works here: on no screen is there a trace of either."""
    browser = client.as_(world.cast.union)
    traces = ("Wim Stille", "wim.stille", "Onur Demir", "onur.demir", "@oeverbrug.example")
    told = []
    for row in of_outsiders("GET"):
        answer = browser.get(row.address(world, world.open))
        if (answer.mimetype or "").startswith(("text/", "application/json", "application/atom")):
            text = unescape(answer.get_data(as_text=True))
            text = text.replace("karin.oosterveld@oeverbrug.example", "")  # her own
            told += [(row.endpoint, trace) for trace in traces if trace in text]
    assert told == [], "\n".join(map(str, told))


def test_searching_and_completing_find_no_people(client: Client, world: World) -> None:
    browser = client.as_(world.cast.union)
    for words in ("Onur", "Wim", "Onur Demir", "onur.demir@oeverbrug.example", "Stille"):
        assert words not in browser.get(f"/wiki/titels?q={words}").get_data(as_text=True)
        assert 'class="hit"' not in browser.get(f"/zoeken?q={words}").get_data(as_text=True)


def test_the_forms_of_a_pilot_offer_no_names_to_someone_from_outside(client: Client, world: World) -> None:
    for place in ("team", "risicos", "beloften"):
        page = client.as_(world.cast.union).get(f"/proeftuinen/{world.open.slug}/{place}").get_data(as_text=True)
        assert 'name="person"' not in page
        assert 'name="owner"' not in page


def test_someone_from_outside_is_no_member_and_takes_no_part(client: Client, world: World, cast: Cast) -> None:
    lead = client.as_(cast.lead)
    added = lead.post(f"/proeftuinen/{world.open.slug}/team", {"act": "add", "person": "Karin Oosterveld"})
    assert added.status_code == 422
    karin = client.as_(cast.union)
    assert karin.post(f"/proeftuinen/{world.open.slug}/meedoen", {"meedoen": "1"}).status_code == 403


def test_without_a_mandate_someone_from_outside_reads_along_and_sees_no_small_number(
    client: Client, world: World, cast: Cast, database: Database
) -> None:
    karin, place = client.as_(cast.union), f"/proeftuinen/{world.open.slug}"
    assert "minder dan 8" not in karin.get(f"{place}/meedoen").get_data(as_text=True)
    with database.transaction():
        session().get_one(Mandate, world.mandate).ends_on = clock.today() - timedelta(days=1)
    assert "minder dan 8" in karin.get(f"{place}/meedoen").get_data(as_text=True)
    for voice in (Capacity.EMPLOYEE, Capacity.EXTERNAL, f"{Capacity.UNION}-{cast.parties['schakel']}"):
        said = karin.post(f"/gesprek/nieuw/{world.open.subject}", {"text": "Namens niemand", "voice": voice})
        assert said.status_code == 403, voice
    assert "Namens niemand" not in karin.get(f"{place}/{world.open.page}/gesprek").get_data(as_text=True)


def test_someone_from_outside_speaks_in_the_name_of_their_union_and_of_nothing_else(
    client: Client, world: World, cast: Cast
) -> None:
    karin, council = client.as_(cast.union), cast.parties["or"]
    talk = f"/proeftuinen/{world.open.slug}/{world.open.page}/gesprek"
    wrong = [*(each.value for each in Capacity), f"or-{council}", f"bond-{council}", "bond-999999"]
    for voice in wrong:
        answer = karin.post(f"/gesprek/nieuw/{world.open.subject}", {"text": f"Als {voice}!", "voice": voice})
        assert answer.status_code == 422, voice
    own = {"text": "Als de bond!", "voice": f"bond-{cast.parties['schakel']}"}
    assert karin.post(f"/gesprek/nieuw/{world.open.subject}", own).status_code == 303
    page = client.as_(cast.lead).get(talk).get_data(as_text=True)
    assert "Als de bond!" in page
    assert [voice for voice in wrong if f"Als {voice}!" in page] == []
