"""A folder of Markdown becomes pages, and what was taken along comes back to the letter."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database
from proeftuin.exchange.packing import pack
from proeftuin.web.application import Application
from proeftuin.wiki import queries, service
from proeftuin.wiki.models import Page, PageKind, Revision
from tests.cast import Cast
from tests.exchange.dumps import zipped
from tests.exchange.imports import Exchange

FILES: dict[str, str | bytes] = {
    "welkom.md": "# Welkom hier\n\nZie [het rooster](ploeg-a/rooster.md) en [elders](https://a.nl/x.md).",
    "ploeg-a/rooster.md": "---\nauthor: Marjan\ncreated: 2019-05-06\nlabels: [a]\n---\n\nMaandag vrij.",
    "ploeg-a/index.md": "Over de ploeg.",
    "met-titel.md": "---\ntitle: De titel\nkind: besluit\nchanged: 2020-01-02T03:04:05Z\n---\nBesloten.",
    "plaatje.png": b"\x89PNG",
}


Packed = Callable[[Actor, str], bytes]


@pytest.fixture
def packed(app: Application, database: Database) -> Packed:
    """Give a function that takes a pilot along as someone."""

    def take(actor: Actor, slug: str) -> bytes:
        stream = io.BytesIO()
        with app.app_context(), database.reading():
            pack(actor, slug, stream)
        return stream.getvalue()

    return take


MakePilot = Callable[[str], str]


def opened(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def texts(database: Database) -> dict[str, str]:
    with database.reading() as reading:
        newest = select(Page.title, Revision.text).join(
            Revision, (Revision.page_id == Page.id) & (Revision.number == Page.current)
        )
        return dict(reading.execute(newest).all())


def test_files_become_pages_with_titles_from_what_they_say(
    exchange: Exchange, database: Database, pilot: str
) -> None:
    told = exchange.zip(pilot, zipped(FILES))
    found = texts(database)
    assert found["Welkom hier"] == "Zie [[Ploeg a / Rooster|het rooster]] en [elders](https://a.nl/x.md)."
    assert found["Ploeg a / Rooster"] == "Maandag vrij."
    assert found["Ploeg a"] == "Over de ploeg."
    assert found["De titel"] == "Besloten."
    assert told.tells("plaatje.png: Dit is geen Markdown")
    assert told.tells("“labels” boven de tekst komt niet mee")
    with database.reading() as reading:
        row = reading.scalars(select(Page).where(Page.title == "De titel")).one()
        assert (row.kind, row.created_at) == (PageKind.DECISION, datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))
        version = reading.scalars(select(Revision).join(Page).where(Page.title == "Ploeg a / Rooster")).one()
        assert (version.alias, clock.day_of(version.created_at).isoformat()) == ("Marjan", "2019-05-06")


def test_a_folder_on_disk_reads_like_a_zip_and_links_are_passed_over(
    exchange: Exchange, database: Database, pilot: str, tmp_path: Path
) -> None:
    (tmp_path / "geheim.md").write_text("Geheim.")
    folder = tmp_path / "map"
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "link.md").symlink_to(tmp_path / "geheim.md")
    told = exchange.folder(pilot, folder)
    assert told.counts.new_pages == 4
    assert "Geheim." not in texts(database).values()
    assert exchange.folder(pilot, folder).counts.new_versions == 0
    (folder / "welkom.md").write_text("# Welkom hier\n\nAnders.")
    assert exchange.folder(pilot, folder).counts.new_versions == 1
    assert texts(database)["Welkom hier"] == "Anders."


@pytest.fixture
def written(app: Application, database: Database, cast: Cast, pilot: str) -> str:
    """Give a pilot with pages that have a past: merged, small, restored, by two people, restricted."""
    with app.app_context():
        _write(database, cast, pilot)
    return pilot


def _write(database: Database, cast: Cast, pilot: str) -> None:
    def act(day: int, do: Callable[[], Any]) -> Any:
        with clock.at(datetime(2026, 3, day, 9, 30, 0, 123456, tzinfo=UTC)), database.transaction():
            return do()

    def save(actor: Actor, base: int, text: str, **more: Any) -> None:
        service.save_page(actor, queries.get_page(actor, pilot, "maatstaven"), base=base, text=text, **more)

    def create(title: str, text: str, **more: Any) -> None:
        space = queries.get_space(cast.lead, pilot)
        service.create_page(cast.lead, space.id, title=title, text=text, **more)

    act(1, lambda: create("Maatstaven", "Een.\n\nTwee.\n", kind=PageKind.PLAIN, summary="Begin: “zo”"))
    act(2, lambda: save(cast.member, 1, "Een!\n\nTwee.\n", summary="", minor=True))
    act(3, lambda: save(cast.lead, 1, "Een.\n\nTwee?\n", summary="samengevoegd"))
    act(
        4,
        lambda: service.restore(cast.member, queries.get_page(cast.member, pilot, "maatstaven"), 1, summary="terug"),
    )
    act(5, lambda: create("---", "---\ntitle: niet dit\n---\n\r\n\n tekst met  spaties \n\n", kind=PageKind.PROGRESS))
    act(6, lambda: create("Alleen voor ons", "Besloten.", kind=PageKind.PLAIN, restricted=True))


def test_what_was_taken_along_comes_back_with_the_same_history(
    packed: Packed, exchange: Exchange, cast: Cast, written: str, make_pilot: MakePilot
) -> None:
    first = packed(cast.lead, written)
    other = make_pilot("Een lege proeftuin")
    told = exchange.zip(other, io.BytesIO(first))
    assert told.counts.new_pages == 3
    before, after = opened(first), opened(packed(cast.lead, other))
    for name, content in before.items():
        if name.startswith("paginas/"):
            assert after[name].replace(other, written) == content, name
    assert exchange.zip(other, io.BytesIO(first)).counts.new_versions == 0
    with exchange.database.reading() as reading:
        query = select(Revision).join(Page, Page.id == Revision.page_id).where(Page.title == "Maatstaven")
        rows = reading.scalars(query.order_by(Revision.page_id, Revision.number)).all()
        assert [(r.number, r.base, r.restores, r.is_minor) for r in rows[:4]] == [
            (r.number, r.base, r.restores, r.is_minor) for r in rows[4:]
        ]
        assert rows[4].alias == "Willemijn Smit"


def test_names_can_become_people_again(
    packed: Packed, exchange: Exchange, cast: Cast, written: str, make_pilot: MakePilot
) -> None:
    raw = packed(cast.lead, written)
    exchange.zip(
        make_pilot("Elders"), io.BytesIO(raw), authors={"Willemijn Smit": "willemijn.smit@oeverbrug.example"}
    )
    with exchange.database.reading() as reading:
        writers = {row.author_id for row in reading.scalars(select(Revision)) if row.alias is None}
    assert writers == {cast.lead.id, cast.member.id}


def test_an_edit_outside_comes_back_as_the_newest_version(
    packed: Packed, exchange: Exchange, cast: Cast, written: str, make_pilot: MakePilot
) -> None:
    files = opened(packed(cast.lead, written))
    files["paginas/maatstaven.md"] += "\nMet de hand erbij."
    exchange.zip(make_pilot("Elders"), zipped(dict(files)))
    with exchange.database.reading() as reading:
        newest = reading.scalars(select(Revision).where(Revision.number == 5)).one()
    assert newest.text.endswith("Met de hand erbij.")


def test_equal_states_give_equal_bytes(packed: Packed, cast: Cast, written: str) -> None:
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        later = packed(cast.lead, written)
    assert later == packed(cast.lead, written)


def test_who_is_not_in_the_team_takes_no_restricted_page(
    packed: Packed, app: Application, database: Database, cast: Cast, written: str
) -> None:
    assert any("alleen-voor-ons" in name for name in opened(packed(cast.lead, written)))
    for actor in (cast.colleague, cast.council, cast.hr, cast.admin, cast.union):
        files = opened(packed(actor, written))
        assert "Alleen voor ons" not in "".join([*files, *files.values()])


def test_a_restricted_page_does_not_come_in_where_everyone_would_read_it(exchange: Exchange, tmp_path: Path) -> None:
    (tmp_path / "geheim.md").write_text("---\ntitle: Geheim\nrestricted: true\n---\nNiet voor iedereen.")
    (tmp_path / "open.md").write_text("---\ntitle: Open\n---\nVoor iedereen.")
    told = exchange.folder("site", tmp_path)
    assert told.counts.new_pages == 1
    assert told.tells("besloten")


def test_the_number_of_participants_is_the_one_for_everyone(
    packed: Packed, app: Application, database: Database, cast: Cast, written: str
) -> None:
    from proeftuin.pilots import participation
    from proeftuin.pilots import queries as pilots

    with app.app_context(), database.transaction():
        participation.join(cast.colleague, pilots.get_pilot(cast.colleague, written))
    for actor in (cast.hr, cast.council, cast.lead, cast.colleague):
        about = opened(packed(actor, written))["proeftuin.md"]
        assert "participants: minder dan 8" in about
        assert "Hanneke" not in about


def test_a_deleted_comment_is_a_tombstone(
    packed: Packed, app: Application, database: Database, cast: Cast, written: str
) -> None:
    from proeftuin.events.models import Subject
    from proeftuin.pilots import policy
    from proeftuin.pilots import queries as pilots
    from proeftuin.talk import service as talk
    from proeftuin.talk.models import Comment

    with app.app_context(), database.transaction() as work:
        row = pilots.get_pilot(cast.colleague, written)
        allowed = policy.capacities(cast.colleague, pilots.standing(cast.colleague, row.id))
        thread = talk.start_thread(
            cast.colleague,
            work.get_one(Subject, row.id),
            title="Vraag",
            text="Het *blijft*.\n\n## Kop",
            capacity=allowed[0],
            allowed=allowed,
        )
        comment = talk.reply(cast.colleague, thread, text="Dit verdwijnt.", capacity=allowed[0], allowed=allowed)
        work.flush()
        talk.delete_comment(cast.colleague, work.get_one(Comment, comment.id))
    files = opened(packed(cast.outsider, written))
    (talked,) = [content for name, content in files.items() if name.startswith("gesprek/")]
    assert "> Het *blijft*." in talked
    assert "> ## Kop" in talked
    assert "(niet-deelnemer)" in talked
    assert "Dit verdwijnt" not in "".join(files.values())
    assert "Verwijderd op" in talked
