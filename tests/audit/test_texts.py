"""Versions of pages enter the log with their save, comments as bare hashes at night; both can be held against it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select, text

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.audit import bundle, checking, comments, entries, page_texts, queries, seals, service, verifier
from proeftuin.audit.kinds import COMMENTS, ERASED
from proeftuin.audit.models import LogComment, LogContent, LogEntry
from proeftuin.db import Base, Database, session
from proeftuin.events.models import Subject
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Comment
from proeftuin.wiki import service as wiki
from proeftuin.wiki.arrivals import Arrival, ArrivingPage, open_space
from proeftuin.wiki.hiding import hide, show
from proeftuin.wiki.models import PageKind, Revision
from proeftuin.wiki.queries import get_page
from tests.client import Client
from tests.talk.scene import Scene, build

NIGHT = clock.end_of(clock.today()) + timedelta(minutes=6)


@pytest.fixture
def scene(database: Database, cast: Any) -> Scene:
    """Give a pilot with a page."""
    return build(database, cast)


def save(scene: Scene, words: str, *, actor: Actor | None = None) -> int:
    with scene.database.transaction():
        newest = select(func.max(Revision.number)).where(Revision.page_id == scene.page_id)
        base = session().scalar(newest)
        saved = wiki.save_page(
            actor or scene.cast.lead,
            session().get_one(Subject, scene.page_id),
            base=base,
            text=words,
            summary="Beter",
        )
        return saved.number


def lines(database: Database, *acts: str) -> list[LogEntry]:
    with database.reading() as reading:
        return list(reading.scalars(select(LogEntry).where(LogEntry.act.in_(acts)).order_by(LogEntry.position)))


def content(database: Database, position: int) -> dict[str, Any] | None:
    with database.reading() as reading:
        found = reading.scalar(select(LogContent.content).where(LogContent.position == position))
    return json.loads(found) if found else None


def findings(database: Database) -> list[tuple[str, int]]:
    with database.reading():
        return [(finding.code, finding.first) for finding in checking.report().findings]


def spoil(database: Database, statement: str, **values: Any) -> None:
    with database.transaction() as work:
        work.connection().execute(text(statement), values)


# ---- pages


def test_every_version_enters_with_its_save_as_a_salted_sum(scene: Scene) -> None:
    number = save(scene, "Zo ging het beter.")
    entry = lines(scene.database, "page:saved")[-1]
    assert (entry.subject, entry.object, entry.role) == (scene.page_id, number, "medewerker")
    held = content(scene.database, entry.position)
    assert held is not None
    assert held["text"] == page_texts.text_hash("Zo ging het beter.")
    assert "Zo ging het beter." not in json.dumps(held), "the log holds no text"
    assert findings(scene.database) == []


def test_a_save_that_was_refused_or_undone_leaves_nothing(scene: Scene) -> None:
    before = len(lines(scene.database, "page:saved"))
    with scene.database.transaction() as work:
        undo = work.begin_nested()
        wiki.save_page(scene.cast.lead, session().get_one(Subject, scene.page_id), base=1, text="Nee.", summary="")
        undo.rollback()
    assert len(lines(scene.database, "page:saved")) == before
    save(scene, "Ja.")
    assert len(lines(scene.database, "page:saved")) == before + 1


def test_a_text_that_was_changed_behind_our_back_is_found(scene: Scene) -> None:
    save(scene, "Zo ging het beter.")
    place = lines(scene.database, "page:saved")[-1].position
    spoil(scene.database, "UPDATE revision SET text = 'Anders.' WHERE page_id = :p AND number = 2", p=scene.page_id)
    assert findings(scene.database) == [("text", place)]


def test_a_version_that_was_removed_or_put_in_between_is_found(scene: Scene) -> None:
    save(scene, "Twee.")
    place = lines(scene.database, "page:saved")[-1].position
    spoil(scene.database, "UPDATE revision SET number = 7 WHERE page_id = :p AND number = 2", p=scene.page_id)
    assert set(findings(scene.database)) == {("text_gone", place), ("unsealed", _first(scene))}


def test_a_page_that_was_put_among_the_others_by_hand_is_found(scene: Scene) -> None:
    with scene.database.transaction() as work:
        number_of_new = work.scalars(select(func.max(Subject.id))).one() + 1
        for name, number, changes in (
            ("subject", "id", {"path": "/wiki/geheim"}),
            ("page", "id", {"slug": "geheim", "title_key": "geheim"}),
            ("revision", "page_id", {}),
        ):
            table: Table = Base.metadata.tables[name]
            row = work.execute(select(table).where(table.c[number] == scene.page_id)).mappings().first()
            assert row is not None
            given = {key: value for key, value in row.items() if key != "id" or number == "id"}
            work.connection().execute(insert(table).values({**given, **changes, number: number_of_new}))
    assert findings(scene.database) == [("page", max(e.position for e in lines(scene.database, "page:created")))]


def _first(scene: Scene) -> int:
    return next(e.position for e in lines(scene.database, "page:created") if e.subject == scene.page_id)


def test_hiding_a_version_takes_its_sum_out_of_the_log_and_showing_it_enters_it_anew(scene: Scene) -> None:
    save(scene, "Iets dat niet mag.")
    save(scene, "Wat wel mag.")
    entry = lines(scene.database, "page:saved")[-2]
    assert entry.object == 2
    with scene.database.transaction():
        hide(scene.cast.hr, get_page(scene.cast.hr, scene.pilot_id, scene.page_slug), 2, reason="Een naam te veel")
    assert content(scene.database, entry.position) is None
    erased = lines(scene.database, ERASED)[-1]
    assert erased.object == entry.position
    with scene.database.reading():
        row = queries.get_entry(scene.cast.colleague, entry.position)
        assert (row.is_erased, row.erased_by) == (True, erased.position)
    assert findings(scene.database) == []
    with scene.database.transaction():
        show(scene.cast.hr, get_page(scene.cast.hr, scene.pilot_id, scene.page_slug), 2, reason="Mag toch")
    shown = lines(scene.database, "page:version_shown")[-1]
    held = content(scene.database, shown.position)
    assert held is not None
    assert held["text"] == page_texts.text_hash("Iets dat niet mag.")
    assert findings(scene.database) == []


def test_versions_that_come_in_from_elsewhere_enter_as_well_at_the_moment_they_came_in(scene: Scene) -> None:
    long_ago = clock.now() - timedelta(days=900)
    with scene.database.transaction():
        arrivals = [
            Arrival(long_ago + timedelta(days=n), f"Versie {n}.", None, "Iemand", "", False, n or None, None)
            for n in range(5)
        ]
        page = ArrivingPage.make(open_space(None), title="Van elders", kind=PageKind.PLAIN, is_restricted=False,
                                 first=arrivals[0])  # fmt: skip
        for arrival in arrivals:
            page.add(arrival)
        page.finish()
        number = page.page.id
    mine = [e for e in lines(scene.database, "page:created", "page:saved") if e.subject == number]
    assert [entry.object for entry in mine] == [1, 2, 3, 4, 5]
    assert {clock.day_of(entries.read_moment(entry.at)) for entry in mine} == {clock.today()}
    assert findings(scene.database) == []


def test_many_at_once_give_the_same_tree_as_one_by_one(database: Database) -> None:
    with database.transaction():
        for number in (1, 2, 5, 64, 3):
            entries.append_all(
                [entries.Act("cao:published", clock.now(), {"summary": f"{number}"}) for _each in range(number)]
            )
            entries.append("cao:published", clock.now(), {"summary": "een"})
    with database.reading():
        assert bundle.check_tree() == []
        assert verifier.verify(bundle.Stored()).findings == []


def test_the_bundle_is_checked_without_us_and_tells_the_sums(scene: Scene, client: Client, tmp_path: Path) -> None:
    save(scene, "Zo ging het beter.")
    path = tmp_path / "logboek.zip"
    path.write_bytes(client.as_(scene.cast.union).http.get("/logboek/bundel").data)
    assert verifier.verify(verifier.Bundle(path)).findings == []
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert page_texts.text_hash("Zo ging het beter.") in archive.read("contents.jsonl").decode()


def test_the_list_can_be_kept_to_decisions(scene: Scene, client: Client) -> None:
    save(scene, "Zo ging het beter.")
    reader = client.as_(scene.cast.colleague)
    assert "Versie van een pagina opgeslagen" in reader.get("/logboek").text
    assert "Versie van een pagina opgeslagen" not in reader.get("/logboek?alleen=besluiten").text
    place = lines(scene.database, "page:saved")[-1].position
    assert page_texts.text_hash("Zo ging het beter.") in reader.get(f"/logboek/regels/{place}").text


# ---- comments


def night(scene: Scene, at: datetime = NIGHT) -> int:
    with clock.at(at), scene.database.transaction():
        return comments.enter_days()


def test_the_comments_of_a_day_enter_the_night_after_as_bare_hashes(scene: Scene) -> None:
    _thread, first = scene.ask(scene.cast.outsider, "Waar zijn de cijfers?")
    for number in range(6):
        scene.ask(scene.cast.colleague, f"Vraag {number}?")
    scene.edit(scene.cast.outsider, first, "Waar staan de cijfers?")
    assert lines(scene.database, COMMENTS) == []
    assert night(scene) == 1
    (entry,) = lines(scene.database, COMMENTS)
    assert (entry.subject, entry.object, entry.actor, entry.party, entry.role) == (None, None, "", "", "systeem")
    held = content(scene.database, entry.position)
    assert held is not None
    assert set(held) == {"day", "hashes"}
    assert held["hashes"] == sorted(held["hashes"])
    assert len(set(held["hashes"])) == 8, "seven comments, one of which has two versions"
    assert night(scene) == 0, "once"
    assert findings(scene.database) == []


def test_nights_that_were_missed_give_an_entry_for_each_day(scene: Scene) -> None:
    for days in (0, 1, 3):
        with clock.at(clock.now() + timedelta(days=days)):
            scene.ask(scene.cast.outsider, f"Vraag van dag {days}?")
    assert night(scene, NIGHT + timedelta(days=5)) == 3
    told = [str((content(scene.database, e.position) or {})["day"]) for e in lines(scene.database, COMMENTS)]
    assert told == sorted(told)
    assert len(set(told)) == 3


def test_a_comment_that_was_changed_or_silently_removed_is_found(scene: Scene) -> None:
    _thread, first = scene.ask(scene.cast.outsider, "Waar zijn de cijfers?")
    _other, second = scene.ask(scene.cast.colleague, "En de planning?")
    night(scene)
    place = lines(scene.database, COMMENTS)[0].position
    with scene.database.transaction() as work:
        spoiled = work.begin_nested()
        spoil_in(work, "UPDATE comment_version SET text = 'Mooi zo.' WHERE comment_id = :c", c=first)
        assert [finding[:2] for finding in comments.check()] == [("comments", place)]
        spoiled.rollback()
        spoiled = work.begin_nested()
        version = "SELECT id FROM comment_version WHERE comment_id = :c"
        spoil_in(work, f"DELETE FROM log_comment WHERE version_id IN ({version})", c=second)
        assert [finding[:2] for finding in comments.check()] == [("comments", place)]
        spoiled.rollback()
        spoil_in(work, "UPDATE log_comment SET salt = NULL")
        assert [finding[:2] for finding in comments.check()] == [("comments", place)], "no tombstone says so"


def spoil_in(work: Any, statement: str, **values: Any) -> None:
    work.connection().execute(text(statement), values)


def test_a_comment_that_its_writer_takes_away_lets_its_salt_go_and_nothing_is_wrong(scene: Scene) -> None:
    _thread, first = scene.ask(scene.cast.outsider, "Waar zijn de cijfers?")
    scene.ask(scene.cast.colleague, "En de planning?")
    night(scene)
    scene.delete(scene.cast.outsider, first)
    with scene.database.reading() as reading:
        salts = [row.salt for row in reading.scalars(select(LogComment).order_by(LogComment.version_id))]
    assert salts[0] is None
    assert salts[1] is not None
    assert findings(scene.database) == []


def test_a_pseudonym_enters_like_any_other(scene: Scene) -> None:
    with scene.database.transaction():
        talk.post_alias(
            session().get_one(Subject, scene.page_id), "Wulp", text="Wie telt?", capacity=Capacity.NON_PARTICIPANT
        )
        assert session().scalars(select(Comment.alias)).all() == ["Wulp"]
    assert night(scene) == 1
    held = content(scene.database, lines(scene.database, COMMENTS)[0].position)
    assert held is not None
    assert "Wulp" not in json.dumps(held)
    assert findings(scene.database) == []


def test_the_job_of_the_seal_enters_the_comments_first(scene: Scene, client: Client) -> None:
    scene.ask(scene.cast.outsider, "Waar zijn de cijfers?")
    with clock.at(NIGHT):
        with scene.database.transaction():
            seals.do_job(())
        page = client.as_(scene.cast.union).get("/logboek").text
        place = lines(scene.database, COMMENTS)[0].position
        assert "Vingerafdrukken van de reacties van een dag" in page
        entry = client.as_(scene.cast.outsider).get(f"/logboek/regels/{place}").text
    held = content(scene.database, place)
    assert held is not None
    assert held["hashes"][0] in entry
    assert "Onur Demir" not in entry.replace('title="Onur Demir"', "").partition("<main")[2]


def test_what_waits_is_written_in_the_order_in_which_it_happened(scene: Scene) -> None:
    with scene.database.transaction():
        subject = session().get_one(Subject, scene.page_id)
        wiki.save_page(scene.cast.lead, subject, base=1, text="Een.", summary="")
        with clock.at(clock.end_of(clock.today()) + timedelta(hours=9)):
            wiki.save_page(scene.cast.lead, subject, base=2, text="Twee.", summary="")
            service.write_down()
            days = [
                clock.day_of(entries.read_moment(entry.at))
                for entry in session().scalars(
                    select(LogEntry).where(LogEntry.act == "page:saved").order_by(LogEntry.position)
                )
            ]
    assert days == [clock.today(), clock.today() + timedelta(days=1)]
