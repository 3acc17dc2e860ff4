"""`?op=` and `&bekend=` where deviations touch something else: the article of the cao, the pilot and its pages, and
what is taken along. Nowhere does a screen silently show today."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.models import Person
from proeftuin.db import Database, session
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.vocabulary import ActKind, Direction, VersionKind
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from tests.cao import scene as cao
from tests.cast import Cast
from tests.client import Client
from tests.deviations.rows import Book

PILOT = "/proeftuinen/vier-lange-dagen"


pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def cast(cast_of_before: Cast) -> Cast:
    """The cast, which was there long before."""
    return cast_of_before


@pytest.fixture
def book(database: Database, cast: Cast) -> Book:
    """One deviation that a union suspended on 9 November, and whose extension bears another name."""
    with database.transaction():
        made = Book.begin(cast)
        pilot = made.pilot("Vier lange dagen", on=date(2026, 1, 5), participants=14)
        with clock.at(clock.start_of(date(2026, 1, 6))):
            wiki.create_page(cast.lead, pilot.id, title="De regels", text="Tekst.", kind=PageKind.PLAIN)
        first, _ = made.in_force(
            pilot,
            on=date(2026, 3, 1),
            until=date(2026, 12, 21),
            serial=1,
            title="Lange dagen",
            rules=(("2.2", "1"),),
        )
        made.act(first, ActKind.SUSPENDED, on=date(2026, 11, 9), party="schakel", reason="Te weinig rust.")
        made.version(
            first,
            on=date(2026, 11, 12),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 12, 22),
            valid_until=date(2027, 3, 31),
            rules=(("2.2", "1"),),
            title="Lange dagen, langer",
        )
        first.title = "Lange dagen, langer"
        made.settle(first)
        return made


def main(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("path", [PILOT, f"{PILOT}/de-regels"])
def test_a_pilot_and_its_pages_tell_of_both_days(client: Client, cast: Cast, book: Book, path: str) -> None:
    browser = client.as_(cast.colleague)
    assert "AFW-2026-01</a> is opgeschort." in main(browser, path)
    assert "AFW-2026-01</a> is van kracht t/m" in main(browser, f"{path}?op=2026-11-08")
    known = main(browser, f"{path}?bekend=2026-11-08")
    assert "Over afwijkingen lees je wat op" in known
    assert known.count("Over afwijkingen lees je wat op") == 1
    assert "AFW-2026-01</a> is van kracht t/m" in known
    assert 'href="/afwijkingen/AFW-2026-01?bekend=2026-11-08"' in known
    both = main(browser, f"{path}?op=2026-11-10&bekend=2026-11-08")
    assert "is opgeschort" not in both
    assert 'href="/afwijkingen/AFW-2026-01?bekend=2026-11-08&amp;op=2026-11-10"' in both
    assert "AFW-2026-01" not in main(browser, f"{path}?op=2026-11-10&bekend=2026-01-20")


def test_a_pilot_of_which_nothing_was_known_says_which_day_it_tells_of(
    client: Client, cast: Cast, book: Book
) -> None:
    html = main(client.as_(cast.colleague), f"{PILOT}?bekend=2026-01-20")
    assert "Over afwijkingen lees je wat op" in html
    assert "AFW-2026-01" not in html


def test_the_list_of_a_pilot_and_its_badge_are_of_the_day(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.colleague)
    listed = "/afwijkingen?proeftuin=vier-lange-dagen"
    assert "Opgeschort" in main(browser, listed).split("<tbody>")[1]
    for days in ("op=2026-11-08", "bekend=2026-11-08", "op=2026-11-10&bekend=2026-11-08"):
        rows = main(browser, f"{listed}&{days}").split("<tbody>")[1]
        assert "Van kracht" in rows
        assert "langer" not in rows, "the name that it got later"
    assert "Afwijking opgeschort" in main(browser, "/")
    assert "Afwijking van kracht" in main(browser, "/?op=2026-11-08")


def test_an_article_tells_of_both_days(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.colleague)

    def touching(days: str) -> str:
        return main(browser, f"/cao/artikel/2.2{days}").split('id="afwijkingen"')[1].split("</section>")[0]

    assert "Opgeschort" in touching("")
    for days in ("?op=2026-11-08", "?bekend=2026-11-08", "?op=2026-11-10&bekend=2026-11-08"):
        assert "Van kracht" in touching(days)
        assert "langer" not in touching(days)
    assert "Van dit artikel is nooit afgeweken." in touching("?op=2026-11-10&bekend=2026-01-20")
    assert "bekend=2026-11-08" in touching("?bekend=2026-11-08")


def test_the_text_of_an_article_is_the_one_that_was_known(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    """A correction that was published on 12 November counts from 1 July 2024, but nobody knew it before."""
    with clock.at(clock.start_of(date(2026, 11, 12)) + timedelta(hours=9)), database.transaction():
        lotte = session().query(Person.id).filter_by(email="lotte@oeverbrug.example").scalar()
        secretary = accounts.find_actor(lotte)
        assert secretary is not None
        terms = {"label": "2024-2029, verbeterd", "correction_reason": "Drukfout.", "corrects": "1"}
        cao.publish(
            secretary,
            cao.FIRST.replace("0,21 euro", "0,22 euro"),
            valid_from="2024-07-01",
            valid_until="2029-06-30",
            **terms,
        )
    browser = client.as_(cast.colleague)
    now = main(browser, "/cao/artikel/2.2")
    assert "0,22 euro" in now.split('id="versies"')[0]
    known = main(browser, "/cao/artikel/2.2?bekend=2026-11-11")
    assert "0,21 euro" in known.split('id="versies"')[0]
    assert "verbeterd in versie" not in known
    assert "verbeterd" not in known
    assert "zoals het bekend was aan het einde van" in known
    assert browser.get("/cao/artikel/2.2?bekend=2026-11-11&versie=2").status_code == 404
    then = main(browser, "/cao/artikel/2.2?op=2026-11-11")
    assert "0,21 euro" in then.split('id="versies"')[0]


EXPORTS = ("/afwijkingen.csv", "/afwijkingen.json", "/afwijkingen.xlsx", "/afwijkingen/AFW-2026-01.json")
PACKS = (
    "/afwijkingen/AFW-2026-01/bewijsmap.zip",
    f"{PILOT}/meenemen/bewijsmap.zip",
    "/cao/artikel/2.2/bewijsmap.zip",
    "/afwijkingen/bewijsmap/2026-01-01/2026-12-31.zip",
)


def test_the_table_of_a_day_is_of_that_day_and_says_so(client: Client, cast: Cast, book: Book) -> None:
    def row(days: str) -> dict[str, str]:
        text = client.as_(cast.colleague).http.get(f"/afwijkingen.csv{days}").get_data().decode("utf-8-sig")
        return next(csv.DictReader(io.StringIO(text), delimiter=";"))

    assert (row("")["status"], row("")["peildatum"]) == ("opgeschort", "2026-11-23")
    then = row("?op=2026-11-08")
    assert (then["status"], then["peildatum"], then["zoals_bekend_op"]) == ("van_kracht", "2026-11-08", "")
    known = row("?op=2026-11-10&bekend=2026-11-08")
    assert (known["status"], known["zoals_bekend_op"]) == ("van_kracht", "2026-11-08")
    assert int(then["logregel"]) == int(row("")["logregel"]), "where the log stood when the export was made"


@pytest.mark.parametrize("path", [*EXPORTS, *PACKS])
def test_everything_that_is_taken_along_takes_the_day(
    client: Client, database: Database, cast: Cast, book: Book, path: str
) -> None:
    with database.transaction():  # what is so now has no part in it
        for each in session().query(Deviation):
            each.title = "Nu heet het anders"
    browser = client.as_(cast.colleague)
    for days in ("op=2026-11-10&bekend=2026-11-10", "op=2026-11-08"):
        answer = browser.http.get(f"{path}?{days}")
        assert answer.status_code == 200, path
        assert b"Nu heet het anders" not in answer.get_data()
    assert browser.http.get(f"{path}?op=morgen").status_code == 422
    assert browser.http.get(f"{path}?bekend=2030-01-01").status_code == 422


@pytest.mark.parametrize(
    "path", ["/afwijkingen/cijfers", "/afwijkingen/meenemen", "/afwijkingen/AFW-2026-01/dossier"]
)
def test_no_screen_about_the_register_shows_today_for_another_day(
    client: Client, cast: Cast, book: Book, path: str
) -> None:
    browser = client.as_(cast.council)
    whole = browser.get(f"{path}?op=2026-11-08").get_data(as_text=True)
    assert "Dit scherm laat altijd zien hoe het nu is." not in whole
    assert "Stand op" in whole
    assert '<time datetime="2026-11-08">8 november 2026</time>' in whole
    known = main(browser, f"{path}?bekend=2026-11-08")
    assert "zoals het bekend was aan het einde van" in known
    assert "langer" not in known
    for address in ("/afwijkingen.csv", "/afwijkingen/cijfers"):
        if f'href="{address}' in known:
            assert f'href="{address}?bekend=2026-11-08"' in known


def test_the_choice_of_a_pack_keeps_both_days(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.council)
    form = main(browser, "/afwijkingen/meenemen?op=2026-11-08&bekend=2026-11-10")
    assert '<input type="hidden" name="bekend" value="2026-11-10">' in form
    assert '<input type="hidden" name="op" value="2026-11-08">' in form
    assert "AFW-2026-01" in form
    asked = "/afwijkingen/bewijsmap?waarvan=afwijking:AFW-2026-01&op=2026-11-08&bekend=2026-11-10"
    location = browser.get(asked).headers["Location"]
    assert location == "/afwijkingen/AFW-2026-01/bewijsmap.zip?bekend=2026-11-10&op=2026-11-08"
    assert "AFW-2026-01" not in main(browser, "/afwijkingen/meenemen?op=2026-01-08")


def test_what_a_letter_says_of_the_direction_is_no_view_of_the_party(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        made, version = book.deviation(
            book.pilot("Brief", on=date(2026, 1, 5)),
            on=date(2026, 11, 2),
            serial=4,
            valid_from=date(2027, 1, 1),
            valid_until=date(2027, 2, 1),
        )
        letter = book.position(version, "schakel", on=date(2026, 11, 10), letter=True, direction=Direction.WORSE)
        book.settle(made)
    browser = client.as_(cast.colleague)

    def views() -> str:
        text = browser.http.get("/afwijkingen.csv").get_data().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))[-1]["richting_per_partij"]

    assert views() == ""
    with database.transaction():
        book.confirm(session().merge(letter), on=date(2026, 11, 12))
    assert views() == "Vakbond De Schakel: slechter"
