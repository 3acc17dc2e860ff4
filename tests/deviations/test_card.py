"""The one-minute card and the screens beside it: what they show, to whom, and as of which two days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.deviations.models import Deviation, Version
from proeftuin.deviations.vocabulary import (
    ActKind,
    ConditionState,
    Direction,
    PositionStatus,
    Severity,
    ShownTo,
    State,
    VersionKind,
)
from proeftuin.events.models import Event
from proeftuin.following.models import Bookmark
from proeftuin.pilots.models import Pilot
from tests.cast import Cast
from tests.client import Client
from tests.deviations.rows import Book

TODAY = date(2026, 11, 20)
SECTIONS = [
    "Wat is er anders",
    "Voor wie",
    "Van en tot en met",
    "Richting voor de medewerker",
    "Garantie",
    "Wettelijke toets",
    "Wie is akkoord",
    "Open voorwaarden",
    "Lopende meldingen",
    "Sinds je vorige bezoek",
]
SECRET = "Hier willen wij later op terugkomen."


@dataclass
class Shelf:
    """A deviation in force with everything on its card, and the book it was written with."""

    book: Book
    pilot: Pilot
    deviation: Deviation
    version: Version
    path: str


@pytest.fixture
def cast(database: Database) -> Cast:
    """Give the fixed cast, as it was there long before the story."""
    with clock.at(clock.start_of(date(2024, 1, 1))), database.transaction():
        return Cast.create()


@pytest.fixture
def shelf(database: Database, cast: Cast) -> Iterator[Shelf]:
    """Give a deviation in force on a day in November."""
    with clock.at(clock.start_of(TODAY) + timedelta(hours=12)):
        with database.transaction():
            book = Book.begin(cast)
            pilot = book.pilot(on=date(2026, 1, 5), participants=5)
            made, version = book.deviation(
                pilot,
                on=date(2026, 1, 12),
                serial=1,
                title="Helft via het team",
                valid_from=date(2026, 4, 1),
                valid_until=date(2026, 12, 21),
                direction_note="Wie meer bijdroeg krijgt meer.",
            )
            book.position(version, "werkgever", on=date(2026, 2, 2), signatory="J. Verbeek")
            book.position(
                version,
                "schakel",
                on=date(2026, 3, 3),
                recorded=date(2026, 3, 20),
                signatory="K. Oosterveld",
                direction=Direction.WORSE,
                remark=SECRET,
                remark_shown_to=ShownTo.MONITORS,
            )
            book.position(version, "or", on=date(2026, 3, 4), signatory="S. de Wit", remark="Met korte looptijd.")
            late = book.condition(version, due_on=date(2026, 10, 31))
            met = book.condition(version, due_on=date(2026, 4, 15))
            book.report(met, ConditionState.MET, on=date(2026, 4, 10))
            book.act(
                made,
                ActKind.REPORTED,
                on=date(2026, 6, 3),
                reason="Druk om een zieke collega erbuiten te houden.",
                severity=Severity.SERIOUS,
                data={"about": "sfeer"},
            )
            book.settle(made)
            assert late.id
            assert made.state is State.IN_FORCE
        yield Shelf(book, pilot, made, version, f"/afwijkingen/{made.code}")


def page(client: Client, actor: Actor, path: str, status: int = 200) -> str:
    answer = client.as_(actor).get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True)


def minute(html: str) -> str:
    """Return the ten sections as they are printed, without the tokens of forms below them."""
    return html[html.index('<div class="minute">') : html.index('<div class="halves section-gap-s')]


def cell(html: str, title: str) -> str:
    """Return the words of one section of the card."""
    found = re.search(rf"<section class=\"w\d+\"><h2>{title}.*?</section>", html, re.S)
    assert found, title
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_every_reader_sees_the_ten_sections_in_the_same_order(client: Client, cast: Cast, shelf: Shelf) -> None:
    for actor in cast.everyone().values():
        html = page(client, actor, shelf.path)
        titles = re.findall(r"<section class=\"w\d+\"><h2>([^<]+?)\s*(?:<|</h2>)", html)
        assert titles == SECTIONS, actor.name


def test_the_words_that_differ_are_marked_on_both_sides(client: Client, cast: Cast, shelf: Shelf) -> None:
    html = page(client, cast.colleague, shelf.path)
    assert "Zo <del>staat</del> het in de <del>cao</del>." in html
    assert "Zo <ins>is</ins> het in de <ins>proeftuin</ins>." in html


def test_a_small_number_is_exact_only_for_those_who_guard_the_maximum(
    client: Client, cast: Cast, shelf: Shelf
) -> None:
    for actor in (cast.union, cast.council, cast.hr):
        assert "5 van 12" in cell(page(client, actor, shelf.path), "Voor wie")
    for actor in (cast.colleague, cast.lead, cast.member, cast.admin):
        text = cell(page(client, actor, shelf.path), "Voor wie")
        assert "minder dan 8 van 12" in text
        assert "5" not in text


def test_too_many_is_told_only_where_the_number_is(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        made, _version = shelf.book.in_force(shelf.pilot, on=date(2026, 5, 1), until=TODAY, serial=2, most=4)
    path = f"/afwijkingen/{made.code}"
    assert "meer dan afgesproken" in page(client, cast.union, path)
    assert "meer dan afgesproken" not in page(client, cast.colleague, path)


def test_a_reason_that_is_withheld_is_a_marked_gap(client: Client, cast: Cast, shelf: Shelf) -> None:
    for tail in ("", "/versies/1", "/verloop"):
        for actor in (cast.council, cast.union):
            assert SECRET in page(client, actor, shelf.path + tail)
        for actor in (cast.colleague, cast.lead, cast.hr, cast.admin):
            html = page(client, actor, shelf.path + tail)
            assert SECRET not in html
            assert "[kanttekening niet voor iedereen]" in html or "[Hier staat tekst die alleen" in html


def test_a_remark_for_everyone_is_read_by_everyone(client: Client, cast: Cast, shelf: Shelf) -> None:
    assert "Met korte looptijd." in cell(page(client, cast.colleague, shelf.path), "Wie is akkoord")


def test_a_report_is_counted_for_all_and_read_by_monitors(client: Client, cast: Cast, shelf: Shelf) -> None:
    for actor in (cast.colleague, cast.lead, cast.hr, cast.admin):
        for tail in ("", "/verloop", "/versies/1"):
            html = page(client, actor, shelf.path + tail)
            assert "zieke collega" not in html
            assert "sfeer" not in html
        assert "1 melding: ernstig" in cell(page(client, actor, shelf.path), "Lopende meldingen")
    assert "zieke collega" in cell(page(client, cast.council, shelf.path), "Lopende meldingen")


def test_who_made_a_report_is_told_to_nobody(client: Client, cast: Cast, shelf: Shelf) -> None:
    html = page(client, cast.council, f"{shelf.path}/verloop")
    row = next(part for part in html.split("<tr>") if "Melding" in part and "ernstig" in part)
    assert cast.lead.name not in row


def test_late_conditions_come_first(client: Client, cast: Cast, shelf: Shelf, database: Database) -> None:
    with database.transaction():
        shelf.book.condition(shelf.version, due_on=date(2026, 3, 1), every_months=12)
        shelf.book.condition(shelf.version, due_on=date(2026, 12, 1))
    text = cell(page(client, cast.colleague, shelf.path), "Open voorwaarden")
    assert text.index("te laat") < text.index("1 dec 2026")
    assert "20 dagen te laat" in text
    assert "Voldaan" in text


def test_a_position_that_was_recorded_later_says_so(client: Client, cast: Cast, shelf: Shelf) -> None:
    assert "17 dagen later vastgelegd" in cell(page(client, cast.colleague, shelf.path), "Wie is akkoord")
    course = page(client, cast.colleague, f"{shelf.path}/verloop")
    row = next(part for part in course.split("<tr>") if "17 dagen later" in part)
    assert "3 mrt 2026" in row
    assert "20 mrt 2026" in row


def test_on_a_day_it_shows_what_counted_and_as_known_only_what_was_known(
    client: Client, cast: Cast, shelf: Shelf
) -> None:
    then = cell(page(client, cast.colleague, f"{shelf.path}?op=2026-03-10"), "Wie is akkoord")
    assert "De Schakel akkoord 3 mrt 2026" in then
    known = cell(page(client, cast.colleague, f"{shelf.path}?op=2026-03-10&bekend=2026-03-10"), "Wie is akkoord")
    assert "De Schakel open" in known
    assert "Overeengekomen" in page(client, cast.colleague, f"{shelf.path}?op=2026-03-10")
    html = page(client, cast.colleague, f"{shelf.path}?op=2026-03-10&bekend=2026-03-10")
    assert "Voorgelegd" in html
    assert "zoals het bekend was aan het einde van" in html


def test_the_days_stay_in_the_links_and_nothing_can_be_done_then(client: Client, cast: Cast, shelf: Shelf) -> None:
    html = page(client, cast.union, f"{shelf.path}?op=2026-03-10&bekend=2026-03-10")
    assert f'href="{shelf.path}/verloop?bekend=2026-03-10&amp;op=2026-03-10"' in html
    assert "Wat je nu kunt doen" not in html
    assert "Wat je nu kunt doen" not in page(client, cast.union, f"{shelf.path}?bekend=2026-03-10")
    assert client.as_(cast.union).get(f"{shelf.path}/opschorten?bekend=2026-03-10").status_code == 403
    assert client.as_(cast.union).get(f"{shelf.path}/opschorten?op=2026-03-10").status_code == 403
    for tail in ("/opschorten", "/standpunt", "/melding"):
        answer = client.as_(cast.union).post(f"{shelf.path}{tail}?op=2026-03-10", {"reason": "Nu."})
        assert answer.status_code == 403


def test_what_will_be_known_cannot_be_asked(client: Client, cast: Cast, shelf: Shelf) -> None:
    tomorrow = TODAY + timedelta(days=1)
    html = page(client, cast.colleague, f"{shelf.path}?bekend={tomorrow}", 422)
    assert "Wat dan bekend is, weet nu niemand" in html
    page(client, cast.colleague, f"{shelf.path}?bekend=gisteren", 422)


def test_today_is_the_present_and_an_empty_day_of_knowing_asks_for_nothing(
    client: Client, cast: Cast, shelf: Shelf
) -> None:
    answer = client.as_(cast.colleague).get(f"{shelf.path}?op={TODAY}&bekend=")
    assert answer.headers["Location"] == f"{shelf.path}?bekend="
    html = page(client, cast.colleague, f"{shelf.path}?op=&bekend=")
    assert "Van kracht" in html
    assert "Wat je nu kunt doen" in html
    assert "zoals het bekend was" not in page(client, cast.colleague, f"{shelf.path}?bekend={TODAY}")


def test_before_it_was_known_it_is_not_there(client: Client, cast: Cast, shelf: Shelf) -> None:
    page(client, cast.colleague, f"{shelf.path}?bekend=2026-01-11", 404)
    page(client, cast.colleague, f"{shelf.path}?op=2026-01-11", 404)
    page(client, cast.colleague, "/afwijkingen/AFW-2026-99", 404)


def test_the_card_never_comes_from_the_columns_of_today(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    addresses = [shelf.path + query for query in ("?op=2026-03-25", "?op=2026-03-10&bekend=2026-03-10", "")]
    before = [page(client, cast.colleague, address) for address in addresses]
    wrong = {"state": State.REJECTED, "governing": None, "last_day": date(2020, 1, 1), "title": "Onzin"}
    with database.transaction():
        session().execute(update(Deviation).values(**wrong))
    for address, html in zip(addresses, before, strict=True):
        after = page(client, cast.colleague, address)
        assert minute(after) == minute(html)
        assert "Onzin" not in after


def test_another_version_says_that_it_does_not_apply(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        shelf.book.version(
            shelf.deviation,
            on=date(2026, 11, 10),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 12, 22),
            valid_until=date(2027, 3, 31),
        )
    html = page(client, cast.colleague, shelf.path)
    assert "Dit is versie" not in html
    assert "versie 2 ligt voor" in html
    other = page(client, cast.colleague, f"{shelf.path}?versie=2")
    assert "Dit is versie 2. Dat is niet de versie die geldt." in other
    assert "De Schakel open" in cell(other, "Wie is akkoord")
    page(client, cast.colleague, f"{shelf.path}?versie=3", 404)
    page(client, cast.colleague, f"{shelf.path}?versie=x", 404)


def test_a_gap_shows_as_interruption_and_as_days_without_cover(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        book = shelf.book
        made, _first = book.in_force(shelf.pilot, on=date(2026, 2, 1), until=date(2026, 9, 30), serial=3)
        second = book.version(
            made,
            on=date(2026, 10, 5),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 11, 1),
            valid_until=date(2027, 1, 31),
        )
        book.agree(second, on=date(2026, 10, 20))
        back_on = {"back_on": "2026-10-11", "restored": "Alles.", "is_complete": True}
        book.act(made, ActKind.FALLBACK, on=date(2026, 10, 12), data=back_on)
        book.settle(made)
    text = cell(page(client, cast.colleague, f"/afwijkingen/{made.code}"), "Van en tot en met")
    assert "1 keer verlengd" in text
    assert "onderbroken 1 okt 2026 t/m 31 okt 2026" in text
    assert "10 dagen zonder dekking" in text


def test_a_letter_is_shown_as_to_be_confirmed_and_does_not_count(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        book = shelf.book
        made, version = book.deviation(
            shelf.pilot, on=date(2026, 11, 1), serial=4, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31)
        )
        letter = book.position(version, "schakel", on=date(2026, 11, 5), letter=True, signatory="K. Oosterveld")
    text = cell(page(client, cast.colleague, f"/afwijkingen/{made.code}"), "Wie is akkoord")
    assert "De Schakel open te bevestigen brief van 5 nov 2026" in text
    with database.transaction():
        book.confirm(letter, on=date(2026, 11, 9))
    text = cell(page(client, cast.colleague, f"/afwijkingen/{made.code}"), "Wie is akkoord")
    assert "De Schakel akkoord 5 nov 2026" in text
    assert "uit een brief, bevestigd op 9 nov 2026" in text


def test_what_changed_since_the_visit_before_this_one(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    assert "nog niet eerder geweest" in cell(page(client, cast.colleague, shelf.path), "Sinds je vorige bezoek")
    with database.transaction():
        visit = Event(at=clock.start_of(date(2026, 5, 1)), kind="pilot:changed", subject_id=shelf.pilot.id, data={})
        session().add(visit)
        session().flush()
        mark = Bookmark(
            person_id=cast.colleague.id, seen_event_id=visit.id, latest_event_id=visit.id, moved_at=clock.now()
        )
        session().add(mark)
    text = cell(page(client, cast.colleague, shelf.path), "Sinds je vorige bezoek")
    assert "3 jun : Melding: ernstig" in text
    assert "akkoord" not in text
    assert "nog niet eerder" in cell(page(client, cast.colleague, f"{shelf.path}?op=2026-10-01"), "Sinds je vorige")


def test_the_full_record_shows_every_field_the_digest_and_the_article(
    client: Client, cast: Cast, shelf: Shelf
) -> None:
    html = page(client, cast.colleague, f"{shelf.path}/versies/1")
    assert shelf.version.digest in html
    assert "/cao/artikel/2.1?versie=1#lid-2" in html
    for key in ("garantie", "terugval-een", "gelijke-behandeling", "reactie", "voorwaarden", "direct"):
        assert f'id="{key}"' in html
    page(client, cast.colleague, f"{shelf.path}/versies/2", 404)


def test_two_versions_are_compared_field_by_field_with_signs(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        shelf.book.version(
            shelf.deviation,
            on=date(2026, 11, 10),
            number=2,
            kind=VersionKind.EXTENSION,
            valid_from=date(2026, 12, 22),
            valid_until=date(2027, 3, 31),
            guarantee="Niemand krijgt meer.",
        )
    answer = client.as_(cast.colleague).get(f"{shelf.path}/vergelijk")
    assert answer.headers["Location"].endswith("/vergelijk?van=1&naar=2")
    html = page(client, cast.colleague, f"{shelf.path}/vergelijk?van=1&naar=2")
    assert "diff signs" in html
    assert "<del>minder</del>" in html
    assert "<ins>meer</ins>" in html
    assert "31-03-2027" in html
    assert "Gelijke behandeling" not in html


def test_a_term_counts_down_for_whom_it_concerns(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        shelf.book.act(shelf.deviation, ActKind.DECISION_TOLD, on=date(2026, 11, 2), party="werkgever")
    for actor in (cast.council, cast.hr):
        html = page(client, actor, shelf.path)
        assert "De OR kan nog nietigheid inroepen" in html
        assert "nog 12 dagen" in html
        assert "art. 27 lid 5 WOR" in html
    assert "nietigheid inroepen" not in page(client, cast.colleague, shelf.path)
    assert "nietigheid inroepen" in page(client, cast.colleague, f"{shelf.path}/verloop")


def test_a_fallback_statement_that_is_not_complete_is_told_as_such_and_not_as_late(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        made, _version = shelf.book.in_force(
            shelf.pilot, on=date(2026, 2, 1), until=date(2026, 10, 31), serial=6, title="Voorbij"
        )
    path = "/afwijkingen/AFW-2026-06"
    late = page(client, cast.lead, path)
    assert "<b>14 dagen te laat</b>" in late
    assert "Terugvalverklaring van de trekker<span" in late
    with database.transaction():
        data = {"back_on": None, "restored": "Bijna alles.", "open": "De kosten van de opvang.", "is_complete": False}
        shelf.book.act(made, ActKind.FALLBACK, on=date(2026, 11, 5), data=data)
    told = page(client, cast.lead, path)
    assert "<b>onvolledig</b>" in told
    assert "er staat niet in vanaf welke dag iedereen de cao weer volgt; nog te regelen is" in told
    assert "“De kosten van de opvang.”" in told
    assert "te laat</b>" not in told
    with database.transaction():
        data = {"back_on": "2026-11-02", "restored": "Alles.", "open": "", "is_complete": True}
        shelf.book.act(made, ActKind.FALLBACK, on=date(2026, 11, 19), data=data)
    assert "Terugvalverklaring van de trekker" not in page(client, cast.lead, path)


def test_a_reservation_stands_on_the_card_with_its_words(
    client: Client, cast: Cast, shelf: Shelf, database: Database
) -> None:
    with database.transaction():
        book = shelf.book
        made, version = book.deviation(
            shelf.pilot, on=date(2026, 11, 1), serial=5, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 31)
        )
        book.position(
            version,
            "schakel",
            PositionStatus.WITH_RESERVATION,
            on=date(2026, 11, 5),
            reservation="Als de cijfers er zijn.",
        )
    text = cell(page(client, cast.colleague, f"/afwijkingen/{made.code}"), "Wie is akkoord")
    assert "akkoord onder voorbehoud" in text
    assert "Voorbehoud: Als de cijfers er zijn." in text
