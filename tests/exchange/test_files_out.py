"""Files go along with a pilot, for whoever may see them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.exchange import file_packing, pdf
from proeftuin.files import judging, service, storage
from proeftuin.files.models import File
from proeftuin.files.service import Words
from proeftuin.wiki import queries
from tests.client import Client
from tests.exchange.depot import CSV, MAP, Depot, listed
from tests.exchange.pdf_library import stand_in
from tests.files import crafted


def test_every_version_goes_along_under_a_clear_name(depot: Depot, home: str) -> None:
    first = crafted.picture(colour="teal")
    photo = depot.add(f"{home}/maatstaven", "foto.png", first)
    depot.replace(photo, crafted.picture(colour="red"))
    depot.replace(photo, None, replace(MAP, alt="De hele wijk"), day=4)
    depot.add(home, "uren.csv", CSV, Words(description="Gewerkt"))
    files = depot.taken(depot.cast.colleague)
    assert files["bestanden/uren.csv"] == CSV
    assert files["bestanden/paginas/maatstaven/oudere-versies/foto.versie-1.png"] == judging.judge(first).content
    assert sum(name.endswith(".png") for name in files) == 2
    uren, *versions = listed(files)
    assert (uren["place"], uren["who"], uren["description"]) == ("", "Willemijn Smit", "Gewerkt")
    assert [(each["version"], each["who"], each["alt"], each["at"][:10]) for each in versions] == [
        (1, "Willemijn Smit", "De wijk", "2026-03-02"),
        (2, "Bilal Aksoy", "De wijk", "2026-03-03"),
        (3, "Bilal Aksoy", "De hele wijk", "2026-03-04"),
    ]
    assert {each["place"] for each in versions} == {"paginas/maatstaven.md"}
    assert versions[1]["path"] == versions[2]["path"] == "bestanden/paginas/maatstaven/foto.png"
    with depot.app.app_context(), depot.database.reading():
        kept = storage.path_of(versions[2]["sha256"]).read_bytes()
    assert files[versions[2]["path"]] == kept


def test_equal_states_give_equal_bytes_with_files_too(depot: Depot, home: str) -> None:
    depot.add(home, "uren.csv", CSV, Words())
    depot.add(home, "foto.png", crafted.picture())
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        later = depot.packed(depot.cast.lead)
    assert later == depot.packed(depot.cast.lead)


def test_files_of_a_restricted_page_are_for_the_team(depot: Depot, home: str) -> None:
    depot.add(f"{home}/namen-van-het-team", "geheim.csv", CSV, Words(description="Wie wat doet"))
    assert b"geheim" in b"".join(name.encode() for name in depot.taken(depot.cast.member))
    for actor in (depot.cast.colleague, depot.cast.council, depot.cast.hr, depot.cast.admin, depot.cast.union):
        files = depot.taken(actor)
        assert "bestanden.jsonl" not in files
        assert not any(b"Wie wat doet" in content or "geheim" in name for name, content in files.items())


def test_of_what_was_taken_away_there_is_a_tombstone_and_of_what_was_erased_nothing(depot: Depot, home: str) -> None:
    removed = depot.add(home, "weg.csv", CSV, Words(description="Stil"))
    erased = depot.add(home, "gewist.csv", CSV + b"woensdag;6\n", Words())
    depot.act(5, lambda: service.remove(depot.cast.lead, removed, reason="Niet meer nodig"))
    depot.act(5, lambda: service.remove(depot.cast.lead, erased, reason="Namen", erase=True))
    for actor in (depot.cast.lead, depot.cast.outsider):
        files = depot.taken(actor)
        assert not any(name.startswith("bestanden/") for name in files)
        (line,) = listed(files)
        assert line == {
            "place": "",
            "name": "weg.csv",
            "removed": {"at": "2026-03-05T09:30:00Z", "who": "Willemijn Smit", "reason": "Niet meer nodig"},
        }
        assert not any(b"gewist.csv" in content for content in files.values())


def test_a_file_that_got_lost_on_the_disk_does_not_stop_the_rest(depot: Depot, home: str) -> None:
    depot.add(home, "uren.csv", CSV + b"zondag;0\n", Words())
    depot.add(home, "foto.png", crafted.picture(colour="olive"))
    line = next(each for each in listed(depot.taken(depot.cast.lead)) if each["name"] == "uren.csv")
    with depot.app.app_context(), depot.database.reading():
        storage.erase(line["sha256"])
    files = depot.taken(depot.cast.lead)
    assert "bestanden/foto.png" in files
    assert [each["path"] for each in listed(files)] == ["bestanden/foto.png", None]


def test_large_files_go_from_the_disk_to_the_stream_in_pieces(
    depot: Depot, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    depot.add(home, "groot.csv", b"a;b\n" * 500_000, Words())
    sizes: list[int] = []
    with depot.app.app_context(), depot.database.reading():
        pilot_id = queries.get_space(depot.cast.lead, depot.slug).id
        file_packing.pack_files(depot.cast.lead, pilot_id, lambda name, pieces, loose: sizes.extend(map(len, pieces)))
    assert max(sizes) <= 65_536
    assert sum(sizes) > 2_000_000


def test_the_dossier_shows_the_pictures_of_its_pages(stocked: Depot, client: Client) -> None:
    with stocked.database.reading():
        photo = session().scalars(select(File).where(File.name == "foto.png")).one()
    page = client.as_(stocked.cast.outsider).get(f"/proeftuinen/{stocked.slug}/dossier").get_data(as_text=True)
    assert f'src="/bestanden/{photo.id}/3/foto.png"' in page
    assert 'alt="De hele wijk"' in page
    text = page.partition('<article class="dossier"')[2].partition("</article>")[0]
    assert "lazy" not in text


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Give a function that fetches an address as the library for PDFs does, during the last request for a PDF."""
    wanted: list[str] = []
    found: list[Any] = []

    class Html:
        def __init__(self, *, string: str, base_url: str, url_fetcher: Callable[[str], object]) -> None:
            for path in wanted:
                try:
                    found.append(url_fetcher(f"{base_url.rstrip('/')}{path}"))
                except pdf.NotFetched:
                    found.append(None)

        def write_pdf(self, *, stylesheets: list[str]) -> bytes:
            return b"%PDF"

    monkeypatch.setitem(sys.modules, "weasyprint", stand_in(Html))
    pdf._library.cache_clear()

    def ask(path: str) -> list[Any]:
        wanted.append(path)
        return found

    yield ask
    monkeypatch.undo()
    pdf._library.cache_clear()


def test_a_pdf_gets_the_pictures_that_its_reader_may_see_and_nothing_else(
    stocked: Depot, home: str, client: Client, fetched: Callable[[str], Any]
) -> None:
    secret = stocked.add(f"{home}/namen-van-het-team", "geheim.png", crafted.picture(colour="gold"))
    gone = stocked.add(home, "weg.png", crafted.picture(colour="navy"))
    stocked.act(9, lambda: service.remove(stocked.cast.lead, gone, reason="Oud"))
    with stocked.database.reading():
        ids = {row.name: row.id for row in session().scalars(select(File))}
    for path in (
        f"/bestanden/{ids['foto.png']}/3/foto.png",
        f"/bestanden/{ids['foto.png']}/3/pagina/foto.png",
        f"/bestanden/{secret}/1/geheim.png",
        f"/bestanden/{gone}/1/weg.png",
        f"/bestanden/{ids['geheim.csv']}/1/geheim.csv",
        "/bestanden/999999/1/x.png",
        "/bestanden/../../etc/hostname",
        "/instellingen",
    ):
        found = fetched(path)
    for actor, count in ((stocked.cast.outsider, 2), (stocked.cast.lead, 3)):
        found.clear()
        assert client.as_(actor).get(f"{home}/dossier?vorm=pdf").status_code == 200
        assert [each is not None for each in found] == [place < count for place in range(8)]
        assert all(each.headers["Content-Type"] == "image/png" for each in found[:count])
