"""The register over HTTP: rows, filters, order, numbers by role, and the two dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from proeftuin.db import Database, session
from proeftuin.deviations.models import Deviation, Version
from proeftuin.deviations.vocabulary import ActKind, ConditionState, Direction, PositionStatus, State, VersionKind
from proeftuin.pilots.models import Pilot, TeamMember
from tests.cast import Cast
from tests.client import Client
from tests.deviations.november import FIRST, TODAY
from tests.deviations.rows import Book

pytestmark = pytest.mark.usefixtures("in_november")


@pytest.fixture
def cast(cast_of_before: Cast) -> Cast:
    """The cast, which was there long before."""
    return cast_of_before


@pytest.fixture
def book(database: Database, cast: Cast) -> Book:
    with database.transaction():
        return Book.begin(cast)


@pytest.fixture
def shelf(database: Database, cast: Cast, book: Book) -> Book:
    """Four deviations: in force with too many, lapsed with an extension asked, asked, and rejected long ago."""
    with database.transaction():
        team = book.pilot("Helft via het team", on=date(2026, 1, 5), participants=14, department_id=cast.rail)
        days = book.pilot("Vier lange dagen", on=date(2026, 1, 5), participants=5)
        month = book.pilot("Maandkeuze", on=date(2026, 1, 5), theme_ids=[cast.themes["beoordeling"]])
        book.in_force(team, on=date(2026, 3, 1), until=date(2026, 12, 21), serial=1, title="Helft resultaatbeloning")
        lapsed, first = book.deviation(
            days,
            on=date(2026, 1, 10),
            serial=2,
            title="Dagen van negenenhalf uur",
            valid_from=date(2026, 3, 2),
            valid_until=date(2026, 10, 31),
            rules=(("2.2", "1"),),
        )
        book.agree(first, on=date(2026, 2, 20))
        second = book.version(
            lapsed,
            on=date(2026, 11, 2),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 12, 7),
            valid_until=date(2027, 3, 31),
            rules=(("2.2", "1"),),
        )
        book.position(second, "schakel", PositionStatus.WITH_RESERVATION, on=date(2026, 11, 5))
        asked, version = book.deviation(
            month,
            on=date(2026, 11, 2),
            serial=3,
            title="Per maand kiezen",
            valid_from=date(2027, 1, 1),
            valid_until=date(2027, 12, 31),
            direction=Direction.UNCLEAR,
        )
        book.position(version, "schakel", PositionStatus.CONSULTING, on=date(2026, 11, 16), direction=Direction.WORSE)
        refused, old = book.deviation(
            month,
            on=date(2025, 8, 1),
            serial=1,
            title="Geen urenregistratie",
            valid_from=date(2025, 11, 3),
            valid_until=date(2026, 7, 31),
        )
        book.act(refused, ActKind.REJECTED, on=date(2025, 9, 1), version=old.number)
        book.settle(lapsed, asked, refused)
    return book


def main(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return answer.get_data(as_text=True).split("<main")[1].split("</main>")[0]


def codes(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/afwijkingen/(AFW-\d+-\d+)', html)


def row(html: str, code: str) -> str:
    found = re.search(rf'<tr><th scope="row"><a href="/afwijkingen/{code}.*?</tr>', html, re.DOTALL)
    assert found is not None, code
    return found[0]


def test_a_row_tells_state_period_numbers_direction_and_positions(client: Client, cast: Cast, shelf: Book) -> None:
    html = main(client.as_(cast.colleague), "/afwijkingen")
    assert codes(html) == ["AFW-2026-01", "AFW-2026-03", "AFW-2026-02", "AFW-2025-01"]
    first = row(html, "AFW-2026-01")
    assert "Helft resultaatbeloning" in first
    assert "2.1 lid 2" in first
    assert "Van kracht" in first
    assert "nog 28 dagen" in first
    assert "Rail &amp; Tram" in first
    assert "Ondernemingsraad: instemming" in first
    lapsed = row(html, "AFW-2026-02")
    assert "Vervallen" in lapsed
    assert "verlenging voorgelegd" in lapsed
    assert 'class="gap"' in lapsed
    assert 'class="plan"' in lapsed
    assert "Vakbond De Schakel: akkoord onder voorbehoud" in lapsed
    asked = row(html, "AFW-2026-03")
    assert "antwoord t/m 14 dec" in asked
    assert "onduidelijk" in asked
    assert ">De Schakel: slechter<" in asked
    assert "Vakbond De Schakel: raadpleegt de achterban" in asked
    assert "Ondernemingsraad: open" in asked
    assert "4 afwijkingen, stand op" in html


def test_every_cell_has_a_label_for_narrow_screens_and_every_sign_a_word(
    client: Client, cast: Cast, shelf: Book
) -> None:
    html = main(client.as_(cast.colleague), "/afwijkingen")
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<td") == body.count("<td data-l=")
    for sign in re.findall(r"<li[^>]*title=\"([^\"]+)\">.*?</li>", body):
        assert ": " in sign
    bars = re.findall(r"<svg class=\"period\".*?</svg>", body)
    assert len(bars) == 4
    assert all("<title>" in bar for bar in bars)
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("toestand=van-kracht", ["AFW-2026-01"]),
        ("toestand=voorbij", ["AFW-2026-02"]),
        ("toestand=niet-doorgegaan", ["AFW-2025-01"]),
        ("toestand=onzin", ["AFW-2026-01", "AFW-2026-03", "AFW-2026-02", "AFW-2025-01"]),
        ("afdeling=rail-tram", ["AFW-2026-01"]),
        ("artikel=2.2", ["AFW-2026-02"]),
        ("thema=beoordeling", ["AFW-2026-03", "AFW-2025-01"]),
        ("tekst=KIEZEN", ["AFW-2026-03"]),
        ("tekst=2025-01", ["AFW-2025-01"]),
        ("tekst=%25", []),
        ("eindigt=30", ["AFW-2026-01"]),
        ("eindigt=7", []),
        ("proeftuin=vier-lange-dagen", ["AFW-2026-02"]),
        ("thema=beoordeling&toestand=voorgelegd", ["AFW-2026-03"]),
        ("toestand=voorgelegd", ["AFW-2026-03", "AFW-2026-02"]),
        ("artikel=2.2&toestand=voorgelegd", ["AFW-2026-02"]),
        ("toestand=overeengekomen", []),
        ("sorteer=nummer", ["AFW-2025-01", "AFW-2026-01", "AFW-2026-02", "AFW-2026-03"]),
        ("sorteer=-nummer", ["AFW-2026-03", "AFW-2026-02", "AFW-2026-01", "AFW-2025-01"]),
        ("sorteer=titel", ["AFW-2026-02", "AFW-2025-01", "AFW-2026-01", "AFW-2026-03"]),
        ("sorteer=einde", ["AFW-2025-01", "AFW-2026-02", "AFW-2026-01", "AFW-2026-03"]),
    ],
)
def test_filters_and_order_stand_in_the_address(
    client: Client, cast: Cast, shelf: Book, asked: str, found: list[str]
) -> None:
    browser = client.as_(cast.outsider)
    html = main(browser, f"/afwijkingen?{asked}")
    assert codes(html) == found
    assert found or "Geen afwijking met deze keuze" in html
    assert codes(main(browser, f"/afwijkingen?{asked}&bekend={TODAY - timedelta(days=1)}")) == found


def test_the_number_behind_a_value_is_what_it_gives_beside_the_other_choices(
    client: Client, cast: Cast, shelf: Book
) -> None:
    html = main(client.as_(cast.colleague), "/afwijkingen?toestand=voorgelegd")
    assert "Voorgelegd (2)" in html, "with the extension of one that lapsed"
    assert "Voorbij (1)" in html
    assert "Van kracht (1)" in html
    assert "Alle (4)" in html
    assert "2.1 (1)" in html
    assert "2.2 (1)" in html
    assert "Beoordeling (1)" in html


def test_an_extension_is_found_as_submitted_until_all_agreed_and_as_agreed_until_it_begins(
    client: Client, database: Database, cast: Cast, shelf: Book
) -> None:
    with database.transaction():
        version = session().query(Version).filter_by(number=2).one()
        shelf.agree(version, on=date(2026, 11, 20))
        shelf.settle(session().get_one(Deviation, version.deviation_id))
    browser = client.as_(cast.colleague)
    for known in ("", f"&bekend={TODAY - timedelta(days=1)}"):
        assert codes(main(browser, f"/afwijkingen?toestand=voorgelegd{known}")) == ["AFW-2026-03"]
        agreed = main(browser, f"/afwijkingen?toestand=overeengekomen{known}")
        assert codes(agreed) == ["AFW-2026-02"]
        assert "gaat in op 7 dec" in row(agreed, "AFW-2026-02")
    before = main(browser, "/afwijkingen?toestand=voorgelegd&op=2026-11-19&bekend=2026-11-19")
    assert codes(before) == ["AFW-2026-03", "AFW-2026-02"]
    with database.transaction():
        version = session().query(Version).filter_by(number=2).one()
        shelf.position(version, "schakel", PositionStatus.WITHDRAWN, on=date(2026, 11, 22))
        shelf.settle(session().get_one(Deviation, version.deviation_id))
    assert codes(main(browser, "/afwijkingen?toestand=voorgelegd")) == ["AFW-2026-03", "AFW-2026-02"]
    assert codes(main(browser, "/afwijkingen?toestand=overeengekomen")) == []


def test_columns_are_ordered_by_links_that_keep_the_filters(client: Client, cast: Cast, shelf: Book) -> None:
    html = main(client.as_(cast.colleague), "/afwijkingen?afdeling=geotechniek&sorteer=einde")
    assert 'href="/afwijkingen?afdeling=geotechniek&amp;sorteer=-einde"' in html
    assert 'href="/afwijkingen?afdeling=geotechniek&amp;sorteer=nummer"' in html
    assert 'aria-sort="ascending"' in html


def test_a_long_register_is_paged_and_a_page_beyond_the_end_is_not_there(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        pilot = book.pilot(on=date(2026, 1, 5))
        for serial in range(1, 23):
            made, _ = book.deviation(
                pilot,
                on=date(2026, 11, 2),
                serial=serial,
                valid_from=date(2027, 1, 1),
                valid_until=date(2027, 2, 1),
            )
            book.settle(made)
    browser = client.as_(cast.colleague)
    first, second = (main(browser, f"/afwijkingen?sorteer=nummer&bladzijde={n}") for n in (1, 2))
    assert len(codes(first)) == 20
    assert codes(second) == ["AFW-2026-21", "AFW-2026-22"]
    assert 'href="/afwijkingen?sorteer=nummer&amp;bladzijde=2" rel="next"' in first
    assert browser.get("/afwijkingen?bladzijde=3").status_code == 404
    assert browser.get("/afwijkingen?bladzijde=x").status_code == 404


@pytest.mark.parametrize(
    ("who", "small"),
    [
        *((who, "5 <") for who in ("council", "union", "hr")),
        *((who, "minder dan 8") for who in ("colleague", "outsider", "lead", "member", "admin")),
    ],
)
def test_numbers_of_small_groups_are_for_those_who_guard_them(
    client: Client, shelf: Book, who: str, small: str
) -> None:
    cast = shelf.cast
    with client.database.transaction():
        pilot = shelf.pilot("Klein", on=date(2026, 1, 5), participants=5)
        shelf.in_force(pilot, on=date(2026, 3, 1), until=date(2026, 12, 30), serial=9, most=3)
    html = main(client.as_(getattr(cast, who)), "/afwijkingen")
    hidden = row(html, "AFW-2026-09")
    assert small in hidden
    assert ("te veel" in hidden) == ("5" in small), "that there are too many tells how many a small group is"
    assert "2 te veel" in row(html, "AFW-2026-01")
    assert "14 <" in row(html, "AFW-2026-01")


def test_a_lead_is_told_no_more_of_the_own_pilot_also_at_hr(
    client: Client, database: Database, cast: Cast, shelf: Book
) -> None:
    with database.transaction():
        pilot = session().query(Pilot).filter_by(slug="vier-lange-dagen").one()
        session().query(TeamMember).filter_by(pilot_id=pilot.id, is_lead=True).one().person_id = cast.hr.id
        session().flush()
        shelf.in_force(pilot, on=date(2026, 3, 1), until=date(2026, 12, 30), serial=9)
    assert "minder dan 8" in row(main(client.as_(cast.hr), "/afwijkingen"), "AFW-2026-09")


def test_a_position_decided_early_and_recorded_late_shows_on_its_day_only_as_known_now(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    """Acceptance check 10 of the dossier."""
    with database.transaction():
        pilot = book.pilot(on=date(2026, 1, 5))
        made, version = book.deviation(
            pilot, on=date(2026, 2, 1), serial=1, valid_from=date(2026, 12, 1), valid_until=date(2027, 6, 1)
        )
        book.position(version, "schakel", on=date(2026, 3, 3), recorded=date(2026, 3, 20))
        book.settle(made)
    browser = client.as_(cast.colleague)
    said = "Vakbond De Schakel: akkoord"
    assert said in main(browser, "/afwijkingen?op=2026-03-10")
    assert said not in main(browser, "/afwijkingen?op=2026-03-10&bekend=2026-03-10")
    assert said in main(browser, "/afwijkingen?op=2026-03-10&bekend=2026-03-20")
    assert said not in main(browser, "/afwijkingen?op=2026-03-02")
    assert said not in main(browser, "/afwijkingen?bekend=2026-03-19")
    assert said in main(browser, "/afwijkingen?bekend=2026-03-20")


def test_a_day_of_the_past_is_not_made_of_what_is_so_now(client: Client, cast: Cast, shelf: Book) -> None:
    browser = client.as_(cast.hr)
    html = main(browser, "/afwijkingen?op=2026-10-31")
    assert codes(html) == ["AFW-2026-02", "AFW-2026-01", "AFW-2025-01"]
    assert "Van kracht" in row(html, "AFW-2026-02")
    assert "laatste dag vandaag" in row(html, "AFW-2026-02")
    assert "verlenging voorgelegd" not in html
    assert "Vervallen" in row(main(browser, "/afwijkingen?op=2026-11-01"), "AFW-2026-02")
    assert codes(main(browser, "/afwijkingen?op=2025-08-15")) == ["AFW-2025-01"]
    assert "Toen was er nog geen afwijking" in main(browser, "/afwijkingen?op=2025-07-01")
    assert "Van kracht (2)" in html
    assert 'href="/afwijkingen/AFW-2026-02?op=2026-10-31"' in html


def test_the_columns_of_today_have_no_part_in_another_day(
    client: Client, database: Database, cast: Cast, shelf: Book
) -> None:
    browser = client.as_(cast.hr)
    paths = ("/afwijkingen?op=2026-10-31", f"/afwijkingen?bekend={TODAY - timedelta(days=1)}")
    before = [main(browser, path) for path in paths]
    with database.transaction():
        for each in session().query(Deviation):
            each.state, each.state_since, each.last_day = State.WITHDRAWN, FIRST, FIRST
            each.first_day, each.governing, each.waiting, each.flags = FIRST, 1, None, ["terugval_open"]
    assert "Ingetrokken" in main(browser, "/afwijkingen")
    assert [main(browser, path) for path in paths] == before


def test_what_was_known_stays_in_every_link_and_says_so(client: Client, cast: Cast, shelf: Book) -> None:
    html = main(client.as_(cast.hr), "/afwijkingen?op=2026-10-31&bekend=2026-09-01")
    assert "zoals bekend op" in html
    assert 'href="/afwijkingen/AFW-2026-01?bekend=2026-09-01&amp;op=2026-10-31"' in html
    assert "bekend=2026-09-01" in re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', html)[0]
    assert 'name="bekend" value="2026-09-01"' in html
    assert 'href="/afwijkingen?op=2026-10-31">' in html


@pytest.mark.parametrize("given", ["2026-11-24", "2030-01-01", "gisteren"])
def test_nobody_can_ask_what_will_be_known(client: Client, cast: Cast, shelf: Book, given: str) -> None:
    assert client.as_(cast.hr).get(f"/afwijkingen?bekend={given}").status_code == 422


def test_a_letter_does_not_count_until_the_party_confirms_it(
    client: Client, database: Database, cast: Cast, shelf: Book
) -> None:
    with database.transaction():
        pilot = shelf.pilot("Brief", on=date(2026, 1, 5))
        made, version = shelf.deviation(
            pilot, on=date(2026, 11, 2), serial=8, valid_from=date(2027, 1, 1), valid_until=date(2027, 2, 1)
        )
        letter = shelf.position(version, "schakel", on=date(2026, 11, 10), letter=True)
        shelf.settle(made)
    browser = client.as_(cast.colleague)
    told = row(main(browser, "/afwijkingen"), "AFW-2026-08")
    assert "Vakbond De Schakel: brief, nog te bevestigen" in told
    assert "brief te bevestigen" in told
    with database.transaction():
        shelf.confirm(letter, on=date(2026, 11, 20))
    assert "Vakbond De Schakel: akkoord" in row(main(browser, "/afwijkingen"), "AFW-2026-08")
    known = main(browser, "/afwijkingen?op=2026-11-15&bekend=2026-11-15")
    assert "nog te bevestigen" in row(known, "AFW-2026-08")


def test_flags_of_conditions_are_told_now_and_on_the_day(
    client: Client, database: Database, cast: Cast, book: Book
) -> None:
    with database.transaction():
        pilot = book.pilot(on=date(2026, 1, 5))
        made, version = book.in_force(pilot, on=date(2026, 3, 1), until=date(2027, 2, 1), serial=1)
        condition = book.condition(version, due_on=date(2026, 10, 1))
        book.settle(made)
    browser = client.as_(cast.colleague)
    assert "voorwaarde te laat" in main(browser, "/afwijkingen")
    assert "voorwaarde te laat" in main(browser, "/afwijkingen?op=2026-10-02")
    assert "voorwaarde te laat" not in main(browser, "/afwijkingen?op=2026-10-01")
    with database.transaction():
        book.report(condition, ConditionState.BROKEN, on=date(2026, 11, 20))
        book.settle(made)
    assert "voorwaarde geschonden" in main(browser, "/afwijkingen")
    assert "voorwaarde geschonden" not in main(browser, "/afwijkingen?op=2026-11-21&bekend=2026-11-19")


def test_an_empty_register_says_what_it_is_for(client: Client, cast: Cast, book: Book) -> None:
    assert "Er is nog geen afwijking" in main(client.as_(cast.colleague), "/afwijkingen")


def test_a_page_costs_the_same_few_statements_however_many_there_are(
    client: Client, database: Database, cast: Cast, shelf: Book, statements: list[str]
) -> None:
    browser = client.as_(cast.colleague)
    main(browser, "/afwijkingen")

    def count() -> int:
        statements.clear()
        main(browser, "/afwijkingen")
        return len(statements)

    before = count()
    with database.transaction():
        pilot = shelf.pilot("Nog een", on=date(2026, 1, 5))
        for serial in range(20, 40):
            shelf.in_force(pilot, on=date(2026, 3, 1), until=date(2026, 12, 30), serial=serial)
    assert count() == before
    assert before <= 9


def test_the_menu_leads_to_the_register_and_to_the_watch(client: Client, cast: Cast, shelf: Book) -> None:
    html = client.as_(cast.union).get("/afwijkingen").get_data(as_text=True)
    for part in (html.split("<main")[0], html.split("</main>")[1]):
        assert 'href="/afwijkingen" aria-current="page"' in part
        assert 'href="/toezicht"' in part


def test_who_is_not_signed_in_reads_nothing(client: Client, shelf: Book) -> None:
    assert client.get("/afwijkingen").status_code == 303
    assert client.get("/toezicht").status_code == 303
