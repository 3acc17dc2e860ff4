"""/toezicht over HTTP, and where deviations touch articles, pilots and their pages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from proeftuin import clock
from proeftuin.db import Database, session
from proeftuin.deviations.models import Alert, Deviation, Version
from proeftuin.deviations.vocabulary import ActKind, PositionStatus, VersionKind
from proeftuin.events.models import Event
from proeftuin.following.models import Bookmark
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.queries import site_space_id
from tests.cast import Cast
from tests.client import Client
from tests.deviations.rows import Book

PAGE = "/proeftuinen/vier-lange-dagen/de-regels"


pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def cast(cast_of_before: Cast) -> Cast:
    """The cast, which was there long before."""
    return cast_of_before


@pytest.fixture
def book(database: Database, cast: Cast) -> Book:
    """One that ends soon with two too many, one that lapsed, and one that waits for the union and the council."""
    with database.transaction():
        made = Book.begin(cast)
        team = made.pilot("Helft via het team", on=date(2026, 1, 5), participants=14)
        days = made.pilot("Vier lange dagen", on=date(2026, 1, 5), participants=5)
        with clock.at(clock.start_of(date(2026, 1, 6))):
            wiki.create_page(cast.lead, days.id, title="De regels", text="Tekst.", kind=PageKind.PLAIN)
        first, _ = made.in_force(team, on=date(2026, 3, 1), until=date(2026, 12, 21), serial=1, title="De helft")
        lapsed, _ = made.in_force(
            days,
            on=date(2026, 3, 2),
            until=date(2026, 10, 31),
            serial=2,
            title="Lange dagen",
            rules=(("2.2", "1"),),
        )
        asked, version = made.deviation(
            team,
            on=date(2026, 11, 2),
            serial=3,
            title="Per maand",
            valid_from=date(2027, 1, 1),
            valid_until=date(2027, 12, 31),
        )
        made.position(version, "werkgever", on=date(2026, 11, 5))
        made.position(version, "schakel", PositionStatus.CONSULTING, on=date(2026, 11, 16))
        made.settle(first, lapsed, asked)
        made.alert(lapsed, "terugval_open", on=date(2026, 11, 9))
        made.alert(first, "aantal_overschreden", on=date(2026, 9, 1))
        made.alert(first, "melding_ernstig", on=date(2026, 10, 1))
        made.alert(first, "verloopt_30", on=date(2026, 11, 21), level="actie")
        return made


def main(client: Client, path: str = "/toezicht") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]


def tiles(html: str) -> str:
    return html.split('<nav class="tiles')[1].split("</nav>", maxsplit=1)[0]


def test_a_union_sees_for_whom_it_watches_and_what_waits_for_it(client: Client, cast: Cast, book: Book) -> None:
    html = main(client.as_(cast.union))
    assert "namens Vakbond De Schakel" in html
    assert "Wacht op ons" in tiles(html)
    waits = html.split('id="wacht"')[1].split("</section>")[0]
    assert "Per maand" in waits
    assert "Jullie raadplegen de achterban." in waits
    assert "Antwoord t/m 14 december 2026, nog 21 dagen" in waits
    assert 'href="/afwijkingen/AFW-2026-03/standpunt"' in waits


def test_what_the_party_decided_does_not_wait_for_it(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        version = session().query(Version).filter_by(valid_from=date(2027, 1, 1)).one()
        book.position(version, "schakel", on=date(2026, 11, 20))
    assert "Er wacht nu niets op jullie." in main(client.as_(cast.union))
    assert "Per maand" in main(client.as_(cast.council)).split('id="wacht"')[1].split("</section>")[0]


def test_a_letter_waits_for_the_party_it_speaks_for(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        version = session().query(Version).filter_by(valid_from=date(2027, 1, 1)).one()
        letter = book.position(version, "schakel", on=date(2026, 11, 20), letter=True)
        number = letter.id
    html = main(client.as_(cast.union))
    assert f'href="/afwijkingen/AFW-2026-03/bevestigen/{number}"' in html
    assert f"/bevestigen/{number}" not in main(client.as_(cast.council))


@pytest.mark.parametrize("who", ["colleague", "outsider", "lead", "member", "hr", "admin"])
def test_everyone_reads_it_without_us(client: Client, cast: Cast, book: Book, who: str) -> None:
    html = main(client.as_(getattr(cast, who)))
    assert "namens" not in html
    assert "Wacht op een partij" in tiles(html)
    assert "Vakbond De Schakel: raadpleegt de achterban" in html
    assert "/standpunt" not in html
    assert "Signaal sluiten" not in html
    for heading in ("Er klopt iets niet", "Eindigt binnen 60 dagen", "Per artikel", "Looptijden 2026 en 2027"):
        assert heading in html


def test_the_tiles_count_and_lead_on(client: Client, cast: Cast, book: Book) -> None:
    told = tiles(main(client.as_(cast.council)))
    assert [part.split("</b>")[0].rsplit(">", 1)[-1] for part in told.split("<b>")[1:]][:4] == ["1", "1", "1", "2"]
    assert 'href="/afwijkingen?toestand=van-kracht"' in told
    assert "AFW-2026-01, over 28 dagen" in told


def test_fourteen_of_twelve_is_a_red_alert_without_a_name(client: Client, cast: Cast, book: Book) -> None:
    """Acceptance check 7 of the dossier."""
    html = main(client.as_(cast.union))
    wrong = html.split('id="mis"')[1].split("</section>")[0]
    assert "Bij AFW-2026-01 doen meer mensen mee dan is afgesproken." in wrong
    assert "Ernstig" in wrong
    for name in (cast.lead.name, cast.member.name, cast.colleague.name):
        assert name not in wrong


def test_a_group_that_is_small_and_too_large_is_told_to_those_who_guard_it_only(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        pilot = book.pilot("Klein", on=date(2026, 1, 5), participants=5)
        small, _ = book.in_force(pilot, on=date(2026, 3, 1), until=date(2027, 3, 1), serial=9, most=3)
        book.alert(small, "aantal_overschreden", on=date(2026, 9, 1))
    told = "Bij AFW-2026-09 doen meer mensen mee"
    for who in ("union", "council", "hr"):
        assert told in main(client.as_(getattr(cast, who)))
    for who in ("colleague", "lead", "admin"):
        assert told not in main(client.as_(getattr(cast, who)))


def test_what_a_serious_report_is_about_stays_with_those_who_watch(client: Client, cast: Cast, book: Book) -> None:
    for who in ("union", "council"):
        assert "ernstige melding" in main(client.as_(getattr(cast, who)))
    for who in ("colleague", "lead", "hr", "admin"):
        assert "ernstige melding" not in main(client.as_(getattr(cast, who)))


def test_only_who_watches_closes_a_red_alert_and_says_why(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.reading() as reading:
        number = reading.query(Alert.id).filter_by(code="terugval_open").scalar()
    path = f"/toezicht/signalen/{number}"
    for who in ("hr", "lead", "admin", "colleague"):
        assert client.as_(getattr(cast, who)).post(path, {"note": "Klaar."}).status_code == 403
    union = client.as_(cast.union)
    assert union.post(path, {"note": " "}).status_code == 422
    before = main(union)
    assert "Signaal sluiten" in before
    assert "nog geen volledige terugvalverklaring" in before
    assert union.post(path, {"note": "Besproken met de trekker."}).status_code == 303
    assert "nog geen volledige terugvalverklaring" not in main(union)
    assert union.post(path, {"note": "Nog eens."}).status_code == 409
    assert union.post("/toezicht/signalen/999999", {"note": "x"}).status_code == 404


def test_what_changed_is_counted_from_the_own_visit(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        newest = max(number for (number,) in session().query(Event.id))
        session().add(
            Bookmark(person_id=cast.union.id, seen_event_id=newest, latest_event_id=newest, moved_at=clock.now())
        )
        version = book.version(
            session().query(Deviation).filter_by(code="AFW-2026-02").one(),
            on=date(2026, 11, 20),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 12, 7),
            valid_until=date(2027, 3, 31),
        )
        assert version.number == 2
    news = main(client.as_(cast.union)).split('id="nieuw"')[1].split("</section>")[0]
    assert news.count("<li>") == 1
    assert "Lange dagen" in news
    assert main(client.as_(cast.council)).split('id="nieuw"')[1].split("</section>")[0].count("<li>") > 1


def test_the_timeline_of_another_year_is_an_address_away(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.colleague)
    assert "Looptijden 2027 en 2028" in main(browser, "/toezicht?jaar=2027")
    assert "In deze jaren gold er geen afwijking." in main(browser, "/toezicht?jaar=2030")
    assert "Looptijden 2026 en 2027" in main(browser, "/toezicht?jaar=onzin")


def test_another_day_shows_what_waited_and_what_was_wrong_then(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        version = session().query(Version).filter_by(valid_from=date(2027, 1, 1)).one()
        book.position(version, "schakel", on=date(2026, 11, 20))
        alert = session().query(Alert).filter_by(code="terugval_open").one()
        alert.closed_at, alert.closed_by_id = clock.start_of(date(2026, 11, 12)), cast.union.id
    union = client.as_(cast.union)
    assert "Er wacht nu niets op jullie." in main(union)
    then = main(union, "/toezicht?op=2026-11-11")
    waits = then.split('id="wacht"')[1].split("</section>")[0]
    assert "Jullie hebben nog niets laten weten." in waits
    assert "nog 33 dagen" in waits
    wrong = then.split('id="mis"')[1].split("</section>")[0]
    assert "nog geen volledige terugvalverklaring" in wrong
    assert "nog geen volledige terugvalverklaring" not in main(union, "/toezicht?op=2026-11-12")
    earlier = main(union, "/toezicht?op=2026-10-31")
    assert "Er wachtte toen niets op jullie." in earlier
    assert "Er was geen signaal" not in earlier
    assert [part.split("</b>")[0].rsplit(">", 1)[-1] for part in tiles(earlier).split("<b>")[1:]][:4] == [
        "2",
        "0",
        "2",
        "1",
    ]


def test_on_another_day_the_days_stay_in_the_links_and_nothing_can_be_done(
    client: Client, cast: Cast, book: Book
) -> None:
    union = client.as_(cast.union)
    for days in ("op=2026-11-17", "bekend=2026-11-17", "op=2026-11-17&bekend=2026-11-18"):
        html = union.get(f"/toezicht?{days}").get_data(as_text=True).split("<main")[1].split("</main>")[0]
        for act in ("Signaal sluiten", "/standpunt", 'method="post"', "Standpunt vastleggen"):
            assert act not in html, (days, act)
        for address in re.findall(r'<a [^>]*href="(/(?:afwijkingen|toezicht)[^"]*)"', html):
            for each in days.split("&"):
                assert each in address, (days, address)
    html = union.get("/toezicht?op=2026-11-17&bekend=2026-11-18").get_data(as_text=True)
    assert "zoals het bekend was aan het einde van" in html
    assert "Dit scherm laat altijd zien hoe het nu is." not in html
    assert 'name="bekend" value="2026-11-18"' in html
    assert 'name="op" value="2026-11-17"' in html


def test_what_was_recorded_later_is_not_on_the_screen_of_what_was_known(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    """Acceptance check 10 of the dossier, for who watches."""
    with database.transaction():
        version = session().query(Version).filter_by(valid_from=date(2027, 1, 1)).one()
        book.position(version, "schakel", on=date(2026, 11, 17), recorded=date(2026, 11, 20))
    union = client.as_(cast.union)
    assert "Er wachtte toen niets op jullie." in main(union, "/toezicht?op=2026-11-18")
    assert "Per maand" in main(union, "/toezicht?op=2026-11-18&bekend=2026-11-18").split('id="mis"')[0]
    assert "Er wachtte toen niets op jullie." in main(union, "/toezicht?bekend=2026-11-20")
    assert "Per maand" in main(union, "/toezicht?bekend=2026-11-19").split('id="mis"')[0]


def test_who_may_not_know_of_an_alert_is_not_told_of_it_on_another_day(
    client: Client, cast: Cast, book: Book
) -> None:
    for who, knows in (("union", True), ("council", True), ("colleague", False), ("lead", False), ("hr", False)):
        html = main(client.as_(getattr(cast, who)), "/toezicht?op=2026-10-05")
        assert ("ernstige melding" in html) is knows, who


def test_an_extension_before_the_parties_waits_also_while_or_after_the_first_one_applied(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        for code, first in (("AFW-2026-01", date(2026, 12, 22)), ("AFW-2026-02", date(2026, 12, 7))):
            made = session().query(Deviation).filter_by(code=code).one()
            version = book.version(
                made,
                on=date(2026, 11, 10),
                number=2,
                kind=VersionKind.EXTENSION,
                valid_from=first,
                valid_until=date(2027, 3, 31),
            )
            book.settle(made)
    browser = client.as_(cast.colleague)
    for path in ("/toezicht", "/toezicht?op=2026-11-20"):
        waits = main(browser, path).split('id="wacht"')[1].split("</section>")[0]
        assert re.findall(r"AFW-2026-\d\d(?=,)", waits) == ["AFW-2026-03", "AFW-2026-01", "AFW-2026-02"]
    with database.transaction():
        book.agree(session().merge(version), on=date(2026, 11, 21))
        book.settle(session().query(Deviation).filter_by(code="AFW-2026-02").one())
    waits = main(browser).split('id="wacht"')[1].split("</section>")[0]
    assert "AFW-2026-02," not in waits, "what everyone agreed to waits for nobody"
    assert "AFW-2026-01," in waits


def test_an_article_tells_what_deviates_from_it_now_and_before(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.colleague)
    html = main(browser, "/cao/artikel/2.1").split('id="afwijkingen"')[1].split("</section>")[0]
    assert "De helft" in html.split("Eerder")[0]
    assert "Per maand" in html.split("Eerder")[0]
    lapsed = main(browser, "/cao/artikel/2.2").split('id="afwijkingen"')[1].split("</section>")[0]
    assert "Lange dagen" in lapsed.split("Eerder")[1]
    then = main(browser, "/cao/artikel/2.2?op=2026-10-31").split('id="afwijkingen"')[1].split("</section>")[0]
    assert "Van kracht" in then
    assert "Eerder" not in then
    assert 'href="/afwijkingen/AFW-2026-02?op=2026-10-31"' in then
    unknown = main(browser, "/cao/artikel/2.2?op=2026-10-31&bekend=2026-01-10")
    assert "Van dit artikel is nooit afgeweken." in unknown
    assert "Van dit artikel is nooit afgeweken." in main(browser, "/cao/artikel/1.1")


@pytest.mark.parametrize("path", ["/proeftuinen/vier-lange-dagen", PAGE])
def test_a_pilot_and_its_pages_say_that_the_cao_holds_again(
    client: Client, cast: Cast, book: Book, path: str
) -> None:
    browser = client.as_(cast.colleague)
    html = main(browser, path)
    assert "1 november 2026</time> geldt voor deelnemers weer artikel 2.2 lid 1." in html
    assert "AFW-2026-02</a> is vervallen." in html
    then = main(browser, f"{path}?op=2026-10-03")
    assert "31 oktober 2026</time> (nog 28 dagen)" in then
    assert "is vervallen" not in then
    assert "AFW-2026" not in main(browser, f"{path}?op=2026-01-20")


def test_a_pilot_tells_too_many_by_number_and_says_so_to_who_may_know(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    path = "/proeftuinen/helft-via-het-team"
    for who in ("colleague", "union"):
        assert "Er doen 14 mensen mee; afgesproken is hooguit 12." in main(client.as_(getattr(cast, who)), path)
    with database.transaction():
        pilot = book.pilot("Klein", on=date(2026, 1, 5), participants=5)
        book.in_force(pilot, on=date(2026, 3, 1), until=date(2027, 3, 1), serial=9, most=3)
    for who, knows in (("council", True), ("colleague", False), ("lead", False)):
        html = main(client.as_(getattr(cast, who)), "/proeftuinen/klein")
        assert ("afgesproken is hooguit 3" in html) is knows


def test_suspended_submitted_and_ended_are_told_on_the_pilot(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        pilot = book.pilot("Kwartaal", on=date(2026, 1, 5))
        first, _ = book.in_force(pilot, on=date(2026, 3, 1), until=date(2027, 3, 1), serial=7)
        book.act(first, ActKind.SUSPENDED, on=date(2026, 11, 1), party="schakel")
        second, _ = book.in_force(pilot, on=date(2026, 3, 1), until=date(2027, 3, 1), serial=8)
        book.act(second, ActKind.ENDED, on=date(2026, 11, 2), party="werkgever")
        third, _ = book.deviation(
            pilot, on=date(2026, 11, 3), serial=9, valid_from=date(2027, 1, 1), valid_until=date(2027, 2, 1)
        )
        book.settle(first, second, third)
    html = main(client.as_(cast.colleague), "/proeftuinen/kwartaal")
    assert "AFW-2026-07</a> is opgeschort." in html
    assert "AFW-2026-08</a> is beëindigd." in html
    assert "AFW-2026-09</a> is voorgelegd aan de partijen." in html
    known = main(client.as_(cast.colleague), "/proeftuinen/kwartaal?op=2026-11-05&bekend=2026-10-31")
    assert "opgeschort" not in known
    assert "AFW-2026-09" not in known


def test_cards_on_the_front_page_carry_the_badge(client: Client, cast: Cast, book: Book) -> None:
    browser = client.as_(cast.colleague)
    html = main(browser, "/")
    assert "Afwijking van kracht" in html
    assert "Afwijking vervallen" in html
    then = main(browser, "/?op=2026-10-31")
    assert then.count("Afwijking van kracht") == 2
    assert "Afwijking" not in main(browser, "/?op=2026-01-20")


def test_the_banner_costs_a_page_one_statement_and_a_page_of_the_site_none(
    client: Client, database: Database, cast: Cast, book: Book, statements: list[str]
) -> None:
    with database.transaction():
        wiki.create_page(cast.hr, site_space_id(), title="Huisregels", text="Tekst.", kind=PageKind.PLAIN)
    browser = client.as_(cast.colleague)
    for path, number in ((PAGE, 1), ("/wiki/huisregels", 0)):
        main(browser, path)
        statements.clear()
        main(browser, path)
        assert len([each for each in statements if "FROM deviation JOIN" in each]) == number
