"""An old wiki comes in with every version, writer and day, once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from proeftuin.db import Database
from proeftuin.errors import Invalid
from proeftuin.events.models import Event, Job
from proeftuin.exchange.intake import Intake
from proeftuin.exchange.models import Origin
from proeftuin.following.models import Notice
from proeftuin.following.notify import NOTIFY
from proeftuin.pilots.queries import get_pilot
from proeftuin.wiki import queries, service
from proeftuin.wiki.models import Page, Rendering, Revision
from tests.cast import Cast
from tests.client import Client
from tests.exchange.dumps import dump, page, revision
from tests.exchange.imports import Exchange

THREE = dump(
    page(
        1,
        "De maatstaven",
        revision(10, "Eerste '''tekst'''.", summary="Begin"),
        revision(11, "Tweede tekst, zie [[Rooster]].", at="2012-05-01T08:30:00Z", who="192.0.2.7", more="<minor/>"),
    ),
    page(2, "Rooster", revision(12, "== Waarom ==\n* een\n* twee\n{{Sjabloon|x}}", at="2013-01-01T00:00:00Z")),
)


def stored(database: Database) -> tuple[int, ...]:
    with database.reading() as reading:
        return tuple(
            reading.scalar(select(func.count()).select_from(t)) or 0 for t in (Page, Revision, Event, Origin)
        )


def versions(database: Database, title: str) -> list[Revision]:
    with database.reading() as reading:
        wanted = select(Revision).join(Page, Page.id == Revision.page_id).where(Page.title == title)
        return list(reading.scalars(wanted.order_by(Revision.number)))


def test_every_version_comes_in_with_its_writer_and_day(exchange: Exchange, database: Database, pilot: str) -> None:
    told = exchange.dump(pilot, THREE)
    assert (told.counts.new_pages, told.counts.new_versions) == (2, 3)
    first, second = versions(database, "De maatstaven")
    assert (first.alias, first.author_id, first.summary, first.base) == ("Marjan", None, "Begin", None)
    assert first.created_at == datetime(2012, 3, 4, 10, tzinfo=UTC)
    assert first.text == "Eerste **tekst**.\n"
    assert (second.alias, second.is_minor, second.base) == ("192.0.2.7", True, 1)
    with database.reading() as reading:
        row = reading.scalars(select(Page).where(Page.title == "De maatstaven")).one()
        assert (row.current, row.created_at.year, row.changed_at.month) == (2, 2012, 5)
        event = reading.scalars(select(Event).where(Event.subject_id == row.id, Event.kind == "page:saved")).one()
        assert (event.at, event.data["imported"], event.data["alias"]) == (second.created_at, True, "192.0.2.7")


def test_importing_twice_changes_nothing(exchange: Exchange, database: Database, pilot: str) -> None:
    exchange.dump(pilot, THREE)
    before = stored(database)
    told = exchange.dump(pilot, THREE)
    assert (told.counts.new_pages, told.counts.new_versions) == (0, 0)
    assert stored(database) == before


def test_a_dry_run_changes_nothing_and_tells_the_same(exchange: Exchange, database: Database, pilot: str) -> None:
    before = stored(database)
    dry = exchange.dump(pilot, THREE, dry=True)
    assert stored(database) == before
    real = exchange.dump(pilot, THREE)
    assert (dry.counts, dry.lines) == (real.counts, real.lines)
    assert dry.summary[-1] == "Dit was een proef: er is niets bewaard."


def test_a_later_file_adds_only_what_is_new(exchange: Exchange, database: Database, pilot: str) -> None:
    exchange.dump(pilot, dump(page(1, "Rooster", revision(10, "een"))))
    later = dump(page(1, "Rooster", revision(10, "een"), revision(11, "twee", at="2014-01-01T00:00:00Z")))
    told = exchange.dump(pilot, later)
    assert told.counts.new_versions == 1
    assert [v.text for v in versions(database, "Rooster")] == ["een\n", "twee\n"]


def test_an_import_that_was_killed_goes_on_where_it_was(exchange: Exchange, database: Database, pilot: str) -> None:
    from proeftuin.exchange import importing

    many = dump(
        page(
            1, "Lang", *(revision(n, f"Tekst {n}", at=f"2012-03-04T10:{n // 60:02}:{n % 60:02}Z") for n in range(250))
        ),
        page(2, "Daarna", revision(900, "Ook dit.")),
    )

    class Killed(BaseException):
        pass

    def kill(done: int, of: int) -> None:
        raise Killed

    def read(intake: Intake) -> str:
        import io

        from proeftuin.exchange import mediawiki

        return mediawiki.read(io.BytesIO(many), intake, namespaces=(0,))

    with pytest.raises(Killed), importing.importing(database, importing.Wish(pilot), read, kill):
        pass
    half = len(versions(database, "Lang"))
    assert 0 < half < 250
    told = exchange.dump(pilot, many)
    assert told.counts.new_versions == 251 - half
    assert [v.text for v in versions(database, "Lang")] == [f"Tekst {n}\n" for n in range(250)]
    with database.reading() as reading:
        assert reading.scalars(select(Rendering.number).join(Page).where(Page.title == "Lang")).one() == 250


def test_links_between_imported_pages_lead_somewhere(
    exchange: Exchange, database: Database, client: Client, cast: Cast, pilot: str
) -> None:
    from proeftuin.events import jobs

    exchange.dump(pilot, THREE)
    jobs.run_due(database)
    shown = client.as_(cast.colleague).get(f"/proeftuinen/{pilot}/de-maatstaven").get_data(as_text=True)
    assert f'href="/proeftuinen/{pilot}/rooster"' in shown
    history = client.as_(cast.colleague).get(f"/proeftuinen/{pilot}/de-maatstaven/geschiedenis")
    assert "Marjan (niet in Proeftuin)" in history.get_data(as_text=True)


def test_nobody_is_told_of_what_is_long_past(
    exchange: Exchange, database: Database, client: Client, cast: Cast, pilot: str
) -> None:
    from proeftuin.events import jobs
    from proeftuin.following import service as following

    with database.transaction():
        following.follow(cast.colleague, get_pilot(cast.colleague, pilot).id)
    jobs.run_due(database)
    with database.transaction() as writing:
        told_before = writing.scalar(select(func.count()).select_from(Notice))
    exchange.dump(pilot, THREE)
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Job).where(Job.kind == NOTIFY)) == 0
        searched = [job.key for job in reading.scalars(select(Job).where(Job.kind == "search.index"))]
        assert len(searched) == len(set(searched)) == 2
    jobs.run_due(database)
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Notice)) == told_before
    changes = client.as_(cast.colleague).get("/wijzigingen?van=2012-03-04&tot=2012-03-04").get_data(as_text=True)
    assert "Marjan" in changes
    assert "De maatstaven" not in client.as_(cast.colleague).get("/").get_data(as_text=True)


def test_names_are_people_only_when_somebody_says_so(
    exchange: Exchange, database: Database, cast: Cast, pilot: str
) -> None:
    exchange.dump(pilot, THREE, authors={"Marjan": "hanneke.jansma@oeverbrug.example"})
    first, second = versions(database, "De maatstaven")
    assert (first.author_id, first.alias) == (cast.colleague.id, None)
    assert second.author_id is None
    with pytest.raises(Invalid, match="niemand@"):
        exchange.dump(pilot, THREE, authors={"Marjan": "niemand@oeverbrug.example"})


def test_a_page_that_is_here_is_never_overwritten(
    exchange: Exchange, database: Database, cast: Cast, pilot: str
) -> None:
    with database.transaction():
        space = queries.get_space(cast.lead, pilot)
        service.create_page(cast.lead, space.id, title="Dé Maatstaven", text="Van ons.", kind="gewoon")  # type: ignore[arg-type]
    told = exchange.dump(pilot, THREE)
    assert told.counts.new_pages == 1
    assert told.tells("Er is hier al een pagina “Dé Maatstaven” met een andere tekst")
    assert [v.text for v in versions(database, "Dé Maatstaven")] == ["Van ons."]


def test_a_page_that_was_edited_here_does_not_grow_any_more(
    exchange: Exchange, database: Database, cast: Cast, pilot: str
) -> None:
    exchange.dump(pilot, dump(page(1, "Rooster", revision(10, "een"))))
    with database.transaction():
        head = queries.get_page(cast.lead, pilot, "rooster")
        service.save_page(cast.lead, head, base=1, text="Hier bewerkt.", summary="")
    later = dump(page(1, "Rooster", revision(10, "een"), revision(11, "twee", at="2014-01-01T00:00:00Z")))
    told = exchange.dump(pilot, later)
    assert told.counts.new_versions == 0
    assert told.tells("hier intussen bewerkt")
    assert versions(database, "Rooster")[-1].text == "Hier bewerkt."


def test_versions_come_in_the_order_of_time(exchange: Exchange, database: Database, pilot: str) -> None:
    mixed = dump(
        page(1, "Rooster", revision(11, "twee", at="2014-01-01T00:00:00Z"), revision(10, "een")),
        page(1, "Rooster", revision(9, "nul", at="2011-01-01T00:00:00Z"), revision(10, "een")),
    )
    exchange.dump(pilot, mixed)
    assert [v.text for v in versions(database, "Rooster")] == ["nul\n", "een\n", "twee\n"]


@pytest.mark.parametrize(
    ("at", "words"),
    [("2999-01-01T00:00:00Z", "toekomst"), ("1970-01-01T00:00:00Z", "ouder dan 1990"), ("gisteren", "geen datum")],
)
def test_a_day_that_cannot_be_is_refused_by_version(
    exchange: Exchange, database: Database, pilot: str, at: str, words: str
) -> None:
    told = exchange.dump(pilot, dump(page(1, "Rooster", revision(10, "een"), revision(11, "twee", at=at))))
    assert told.tells(words)
    assert [v.text for v in versions(database, "Rooster")] == ["een\n"]


def test_what_does_not_fit_is_told_by_page(exchange: Exchange, database: Database, pilot: str) -> None:
    told = exchange.dump(
        pilot,
        dump(
            page(
                1,
                "Rooster",
                revision(1, "a {{Sjabloon|x}} [[Categorie:Proeven]] [[Bestand:y.png]]"),
                revision(2, "x" * 100_001),
            ),
            page(3, "Overleg:Rooster", revision(3, "praat"), namespace=1),
            page(4, "T" * 130, revision(4, "lang")),
            page(5, "rooster", revision(5, "dubbel")),
        ),
    )
    for words in (
        "Een sjabloon",
        "Een categorie",
        "Een bestand",
        "te lang: 100.002",
        "naamruimte 1",
        "De titel is te lang",
        "nog een pagina met deze titel",
    ):
        assert told.tells(words), words
    assert [v.text for v in versions(database, "Rooster")] == [
        "a `{{Sjabloon|x}}` `[[Categorie:Proeven]]` `[[Bestand:y.png]]`\n"
    ]


def test_the_site_takes_pages_too_and_an_unknown_pilot_is_refused(
    exchange: Exchange, database: Database, pilot: str
) -> None:
    assert exchange.dump("site", THREE).counts.new_pages == 2
    with pytest.raises(Invalid, match="geen proeftuin"):
        exchange.dump("bestaat-niet", THREE)


def test_a_concept_keeps_what_comes_in_for_its_team(
    exchange: Exchange, database: Database, client: Client, cast: Cast
) -> None:
    from proeftuin.pilots import service as pilots

    with database.transaction():
        slug = pilots.create_pilot(cast.lead, title="Nog geheim").slug
    exchange.dump(slug, THREE)
    path = f"/proeftuinen/{slug}/rooster"
    assert client.as_(cast.lead).get(path).status_code == 200
    assert client.as_(cast.colleague).get(path).status_code == 404
