"""Chapter 12, check 11: with tracing off no table, export, mail, log or page joins a pseudonymous comment to a user.

Hanneke wrote it, on a busy afternoon, signed in and following the pilot; the product was never told that it was her.
Everything that searches here finds her at once when the same words stand there under her name: that is the control.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.audit import comments, seals
from proeftuin.audit.kinds import COMMENTS
from proeftuin.db import session
from proeftuin.deviations.acting import clerk
from proeftuin.events import jobs
from proeftuin.events.models import Event, Subject
from proeftuin.following import service as following
from proeftuin.logs import JsonFormatter
from proeftuin.search import documents
from proeftuin.talk import queries, service
from proeftuin.talk.models import Capacity, Comment, Thread
from tests.client import Client
from tests.talk.scene import Scene
from tests.talk.trail import Trail, follow, is_day_only

ALIAS = "Zeearend"
WORDS = ("Het ijsvogelrooster liep vast in week drie.", "Ook de roerdomplijst klopt niet.")
MARKS = (ALIAS, "ijsvogelrooster", "roerdomplijst")
"""Words that stand nowhere else: what holds one of them is about these comments."""
PARTS = ("li", "article", "tr", "entry", "section", "header", "main", "h1", "h2", "h3")
ROLES = ("lead", "member", "colleague", "outsider", "council", "union", "hr", "admin")
DAY = clock.today() + timedelta(days=1)
AFTERNOON = clock.start_of(DAY) + timedelta(hours=14, minutes=27, seconds=31)
NIGHT = clock.start_of(DAY + timedelta(days=1)) + timedelta(minutes=10)


@dataclass
class Said:
    """A thread that was begun, and a comment in a thread of somebody else."""

    scene: Scene
    first: int
    thread: int
    second: int
    elsewhere: int

    def trail(self) -> Trail:
        """Return every row that belongs to the comments."""
        with self.scene.database.reading():
            return follow((self.first, self.second), (self.thread,), MARKS)

    def names(self) -> list[str]:
        """Return every name and address of a person."""
        people = self.scene.cast.everyone().values()
        return [word for person in people for word in (person.name, person.name.lower().replace(" ", "."))]

    def pages(self) -> list[str]:
        """Return the addresses that can tell of the comments; those without a number are added by who asks."""
        own = [f"/reacties/{number}" for number in (self.first, self.second)]
        threads = [f"/gesprek/{self.thread}", f"/gesprek/{self.elsewhere}"]
        page = f"{self.scene.path}/{self.scene.page_slug}"
        of_pilot = [f"{self.scene.path}{end}" for end in ("", "/gesprek", "/voortgang", "/geschiedenis", "/atom")]
        dossier = f"{self.scene.path}/dossier?gesprek=volledig"
        found = [f"/zoeken?q={word}" for word in MARKS]
        people = [f"/beheer/mensen/{self.scene.cast.colleague.id}", "/beheer/mensen?q=Hanneke"]
        return [*own, *threads, page, f"{page}/gesprek", *of_pilot, dossier, *found, *people]


@pytest.fixture
def under_alias(scene: Scene, client: Client) -> Said:
    """Give what Hanneke said under an alias, with all that follows from it done."""
    return said_by(scene, client, None)


@pytest.fixture
def by_name(scene: Scene, client: Client) -> Said:
    """Give the same words under her own name."""
    return said_by(scene, client, scene.cast.colleague)


def said_by(scene: Scene, client: Client, author: Actor | None) -> Said:
    elsewhere, _ = scene.ask(scene.cast.outsider, "Wie kan hier iets over zeggen?")
    with clock.at(AFTERNOON):
        for actor in scene.cast.everyone().values():
            with scene.database.transaction():
                following.follow(actor, scene.pilot_id)
        writer = client.as_(scene.cast.colleague)
        assert writer.get(f"{scene.path}/{scene.page_slug}").status_code == 200
        with scene.database.transaction():
            first, second = under_a_name(scene, author, elsewhere) if author else under_an_alias(scene, elsewhere)
            said = Said(scene, first.id, first.thread_id, second.id, elsewhere)
        jobs.run_due(scene.database)
    with clock.at(NIGHT):
        with scene.database.transaction():
            clerk.pass_time()
            comments.enter_days()
            seals.seal_days()
        jobs.run_due(scene.database)
    return said


def under_an_alias(scene: Scene, elsewhere: int) -> tuple[Comment, Comment]:
    page, thread = session().get_one(Subject, scene.page_id), session().get_one(Thread, elsewhere)
    first = service.post_alias(
        page, ALIAS, text=WORDS[0], capacity=Capacity.NON_PARTICIPANT, title=WORDS[0], is_question=True
    )
    return first, service.post_alias(thread, ALIAS, text=WORDS[1], capacity=Capacity.NON_PARTICIPANT)


def under_a_name(scene: Scene, author: Actor, elsewhere: int) -> tuple[Comment, Comment]:
    page, thread = session().get_one(Subject, scene.page_id), session().get_one(Thread, elsewhere)
    how, allowed = Capacity.NON_PARTICIPANT, scene.allowed(author)
    begun = service.start_thread(
        author, page, title=WORDS[0], text=WORDS[0], is_question=True, capacity=how, allowed=allowed
    )
    first = session().scalars(select(Comment).where(Comment.thread_id == begun.id)).one()
    return first, service.reply(author, thread, text=WORDS[1], capacity=how, allowed=allowed)


# ---- tables


def test_no_row_about_a_pseudonymous_comment_leads_to_a_person(under_alias: Said) -> None:
    trail = under_alias.trail()
    assert {"comment", "comment_version", "comment_past", "thread", "thread_past", "event", "notice"} <= trail.tables
    assert "log_comment" in trail.tables, "its hash is in the log"
    assert trail.persons() == set()
    assert [name for name in under_alias.names() if name in trail.text()] == []


def test_the_same_search_finds_who_wrote_under_their_own_name(by_name: Said) -> None:
    writer = by_name.scene.cast.colleague
    trail = by_name.trail()
    assert trail.persons() == {writer.id}
    assert writer.id not in trail.told()
    assert any(not is_day_only(moment) for _table, _column, moment in trail.moments())


def test_of_when_it_was_written_only_the_day_is_kept(under_alias: Said) -> None:
    moments = list(under_alias.trail().moments())
    assert moments
    assert [(table, column) for table, column, moment in moments if not is_day_only(moment)] == []
    assert {clock.day_of(moment) for _table, _column, moment in moments} == {clock.day_of(AFTERNOON)}


def test_on_a_day_of_talk_it_stands_behind_what_was_said_last_without_an_hour_of_its_own(scene: Scene) -> None:
    with clock.at(AFTERNOON - timedelta(hours=3)):
        thread, first = scene.ask(scene.cast.outsider)
    with clock.at(AFTERNOON), scene.database.transaction():
        said = service.post_alias(
            session().get_one(Thread, thread), ALIAS, text=WORDS[0], capacity=Capacity.NON_PARTICIPANT
        ).id
    assert scene.comment(said).created_at == scene.comment(first).created_at
    with scene.database.reading():
        _view, posts = queries.read_thread(
            session().get_one(Thread, thread), session().get_one(Subject, scene.pilot_id)
        )
    assert [post.id for post in posts.rows] == [first, said]


def test_who_wrote_it_is_told_of_it_like_everyone_who_follows(under_alias: Said) -> None:
    scene = under_alias.scene
    assert under_alias.trail().told() == {actor.id for actor in scene.cast.everyone().values()}


def test_an_event_of_it_holds_no_word_and_no_person(under_alias: Said) -> None:
    events = [event for event in under_alias.scene.events("comment:") if event.actor_id is None]
    assert [event.object_id for event in events] == [under_alias.first, under_alias.second]
    assert {key for event in events for key in event.data} == {"thread_id", "capacity", "question"}
    assert {event.summary for event in events} == {""}


# ---- the index, letters and lines for the operator


def test_the_index_does_not_tell_who_wrote_it(under_alias: Said) -> None:
    scene = under_alias.scene
    with scene.database.reading():
        found = list(documents.documents([f"comment:{under_alias.first}", f"comment:{under_alias.second}"]))
    assert len(found) == 2
    for document in found:
        assert [name for name in under_alias.names() if name in str(document)] == []
        assert is_day_only(document.changed)
        assert document.department in ("", "geotechniek"), "that of the pilot, not of who wrote it"


def test_no_letter_tells_of_it(under_alias: Said, client: Client) -> None:
    outbox = client.app.settings.data_dir / "outbox"
    letters = [path.read_text(errors="replace") for path in outbox.glob("*.eml")]
    assert letters, "the seal was mailed"
    assert [letter for letter in letters if any(mark in letter for mark in MARKS)] == []


def test_no_line_for_the_operator_tells_of_it(scene: Scene, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        said = said_by(scene, client, None)
        reader = client.as_(scene.cast.colleague)
        for page in said.pages():
            reader.get(page, follow_redirects=True)
        logging.getLogger("proeftuin").info("a line, so that there is one")
    lines = [JsonFormatter().format(record) for record in caplog.records if record.name.startswith("proeftuin")]
    assert lines
    wrong = (*MARKS, *said.names())
    assert [line for line in lines if any(word in line for word in wrong)] == []


# ---- pages, feeds and what is taken along


def is_part(element: Any, above: dict[Any, Any]) -> bool:
    """Return whether an element holds one comment or one line with all that belongs to it."""
    if element.get("class") == "said":
        return True
    return element.tag in PARTS and not (element.tag == "header" and above[element].tag == "article")


def blocks(html: str) -> Iterator[str]:
    """Give the text and the addresses of each smallest part of a page that is about the comments."""
    whole = html5lib.parse(html, namespaceHTMLElements=False)
    above = {child: parent for parent in whole.iter() for child in parent}
    for element in whole.iter():
        own = f"{element.text or ''} {' '.join(child.tail or '' for child in element)}"
        if not isinstance(element.tag, str) or not any(mark in own for mark in MARKS):
            continue
        if element.tag in ("title", "script"):
            continue
        part = element
        while part in above and not is_part(part, above):
            part = above[part]
        addresses = [value for each in part.iter() for key, value in each.items() if key in ("href", "action")]
        yield " ".join([*part.itertext(), *addresses])


def addresses(client: Client, said: Said) -> list[str]:
    """Return every screen that needs no number, and those about the comments."""
    plain = {
        rule.rule
        for rule in client.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(("/static", "/statisch"))
    }
    return [*sorted(plain - {"/logboek/bundel"}), *said.pages()]


def named(client: Client, said: Said, actor: Actor) -> tuple[int, list[str]]:
    """Return in how many parts of pages the comments stand for somebody, and the names that stand beside them."""
    reader, count, found = client.as_(actor), 0, []
    for address in addresses(client, said):
        answer = reader.get(address, follow_redirects=True)
        if not (answer.mimetype or "").endswith(("html", "xml", "json")):
            continue
        for block in blocks(answer.text):
            count += 1
            found += [f"{address}: {name}" for name in said.names() if name in block]
    return count, found


@pytest.mark.parametrize("role", ROLES)
def test_no_page_names_anybody_beside_it(client: Client, under_alias: Said, role: str) -> None:
    with clock.at(NIGHT + timedelta(hours=9)):
        count, found = named(client, under_alias, under_alias.scene.cast.everyone()[role])
    assert count > 8
    assert found == []


def test_on_pages_the_search_finds_a_name_that_is_there(client: Client, by_name: Said) -> None:
    with clock.at(NIGHT + timedelta(hours=9)):
        _count, found = named(client, by_name, by_name.scene.cast.outsider)
    told = {line.partition(":")[0] for line in found if line.endswith("Hanneke Jansma")}
    assert {f"/gesprek/{by_name.thread}", "/wijzigingen", f"{by_name.scene.path}/dossier?gesprek=volledig"} <= told


def test_who_wrote_it_sees_the_same_as_a_colleague(client: Client, under_alias: Said) -> None:
    scene = under_alias.scene
    with clock.at(NIGHT + timedelta(hours=9)):
        writer, other = client.as_(scene.cast.colleague), client.as_(scene.cast.outsider)
        for address in (f"/gesprek/{under_alias.thread}", "/wijzigingen", f"{scene.path}/gesprek"):
            assert list(blocks(writer.get(address).text)) == list(blocks(other.get(address).text))


def records(content: bytes) -> Iterator[str]:
    """Give what stands together in the files of a zip: a contribution to a talk, or a line."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            parts = re.split(r"\n(?=## )", text) if "/gesprek/" in name else text.splitlines()
            yield from (part for part in parts if any(mark in part for mark in MARKS))


def test_what_is_taken_along_names_nobody_beside_it(client: Client, under_alias: Said) -> None:
    scene = under_alias.scene
    for actor in (scene.cast.outsider, scene.cast.lead, scene.cast.council):
        found = list(records(client.as_(actor).http.get(f"{scene.path}/meenemen/zip").data))
        assert len(found) >= 3
        assert [name for name in under_alias.names() for part in found if name in part] == []
        assert [part for part in found if re.search(r"\d\d:\d\d", part.partition("\n")[0])] == [], "no hour"
        evidence = client.as_(actor).http.get(f"{scene.path}/meenemen/bewijsmap.zip")
        assert evidence.status_code == 200
        assert [name for name in under_alias.names() for part in records(evidence.data) if name in part] == []


def test_in_what_is_taken_along_the_search_finds_a_name_that_is_there(client: Client, by_name: Said) -> None:
    found = list(records(client.as_(by_name.scene.cast.outsider).http.get(f"{by_name.scene.path}/meenemen/zip").data))
    assert [part for part in found if "Hanneke Jansma" in part]


# ---- the sealed log


def test_the_sealed_log_knows_nothing_of_it(client: Client, under_alias: Said) -> None:
    scene = under_alias.scene
    content = client.as_(scene.cast.council).http.get("/logboek/bundel").data
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        entries = [json.loads(line)["entry"] for line in bundle.read("entries.jsonl").splitlines()]
        everything = b"".join(bundle.read(name) for name in bundle.namelist()).decode()
    assert [mark for mark in MARKS if mark in everything] == []
    with scene.database.reading() as reading:
        told = set(reading.scalars(select(Event.kind).where(Event.object_id == under_alias.first)))
    assert "comment:posted" in told
    about = [entry for entry in entries if entry["act"].startswith("comment")]
    assert [(entry["act"], entry["actor"], entry["subject"], entry["object"]) for entry in about] == [
        (COMMENTS, "", None, None),
        (COMMENTS, "", None, None),
    ], "one for each of the two days, that tell of nobody and nothing"
