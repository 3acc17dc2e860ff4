"""Feeds: valid Atom, for whoever holds a key that still works, with only what that person may read."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Person
from proeftuin.following.models import FeedKey
from tests.client import Client
from tests.following.scene import Scene, build

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, path: str = "/wijzigingen/atom") -> ET.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.data)


def key_address(client: Client, actor: Actor) -> str:
    browser = client.as_(actor)
    browser.post("/mijn/feed")
    found = re.search(r"http://127\.0\.0\.1:8000(/wijzigingen/atom\?sleutel=[^<\s]+)", browser.get("/mijn").text)
    assert found
    return found[1]


def entries(root: ET.Element) -> dict[str, ET.Element]:
    return {entry.findtext(f"{ATOM}id", ""): entry for entry in root.findall(f"{ATOM}entry")}


def test_a_feed_holds_what_atom_asks(client: Client, scene: Scene) -> None:
    scene.page('Een & ander <zo> "x"')
    root = feed(client.as_(scene.cast.outsider))
    assert root.tag == f"{ATOM}feed"
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
            assert part.findtext(f"{ATOM}{name}")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", part.findtext(f"{ATOM}updated", ""))
        assert part.findtext(f"{ATOM}id", "").startswith("tag:127.0.0.1,2026:/")
        assert all(link.get("href", "").startswith("http://127.0.0.1:8000/") for link in part.findall(f"{ATOM}link"))
    assert all(entry.findtext(f"{ATOM}author/{ATOM}name") for entry in root.findall(f"{ATOM}entry"))
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert 'Een & ander <zo> "x"' in ET.tostring(root, encoding="unicode", method="text")


def test_ids_stay_when_time_passes(client: Client, scene: Scene) -> None:
    scene.page()
    reader = client.as_(scene.cast.outsider)
    before = entries(feed(reader))
    scene.page("Nog een")
    assert set(before) < set(entries(feed(reader)))


def test_the_host_of_a_request_does_not_end_up_in_a_feed(client: Client, scene: Scene) -> None:
    body = client.as_(scene.cast.outsider).get("/wijzigingen/atom", headers={"Host": "evil.example"}).text
    assert "evil.example" not in body


def test_a_pilot_has_a_feed_of_its_own(client: Client, scene: Scene) -> None:
    other = build(scene.database, scene.cast, "Maandkeuze")
    other.page("Van de ander")
    scene.page("Van de een")
    root = feed(client.as_(scene.cast.outsider), f"{scene.path}/atom")
    titles = " ".join(entry.findtext(f"{ATOM}title", "") for entry in entries(root).values())
    assert "Van de een" in titles
    assert "Van de ander" not in titles


def test_a_pilot_that_may_not_be_read_has_no_feed(client: Client, scene: Scene) -> None:
    concept = build(scene.database, scene.cast, "Nog een concept", opened=False)
    reader = client.as_(scene.cast.outsider)
    assert reader.get(f"{concept.path}/atom").status_code == 404
    assert reader.get("/proeftuinen/bestaat-niet/atom").status_code == 404


def test_without_a_key_or_a_sign_in_there_is_no_feed(client: Client, scene: Scene) -> None:
    assert client.get("/wijzigingen/atom").status_code == 303
    for wrong in ("", "x", "x.y", "\u00e9", "a" * 3000):
        assert client.get("/wijzigingen/atom", query_string={"sleutel": wrong}).status_code == 403


def test_a_key_reads_what_its_owner_may_read(client: Client, scene: Scene) -> None:
    scene.page("Besloten", restricted=True)
    scene.page("Open")
    for actor, sees in ((scene.cast.member, True), (scene.cast.outsider, False)):
        text = ET.tostring(feed(client, key_address(client, actor)), encoding="unicode")
        assert "Open" in text
        assert ("Besloten" in text) is sees


def test_a_key_works_for_feeds_only(client: Client, scene: Scene) -> None:
    key = key_address(client, scene.cast.member).split("?")[1]
    for path in ("/", "/wijzigingen", "/mijn", scene.path):
        assert client.get(f"{path}?{key}").status_code == 303


def test_a_renewed_or_withdrawn_key_is_dead(client: Client, scene: Scene) -> None:
    first = key_address(client, scene.cast.outsider)
    second = key_address(client, scene.cast.outsider)
    assert client.get(first).status_code == 403
    assert client.get(second).status_code == 200
    client.as_(scene.cast.outsider).post("/mijn/feed", {"intrekken": "1"})
    assert client.get(second).status_code == 403


@pytest.mark.parametrize("way", ["blocked", "ended"])
def test_the_key_of_somebody_blocked_or_gone_is_dead(client: Client, scene: Scene, way: str) -> None:
    address = key_address(client, scene.cast.outsider)
    with scene.database.transaction() as writing:
        person = writing.get_one(Person, scene.cast.outsider.id)
        if way == "blocked":
            person.blocked_at = clock.now()
        else:
            person.ends_on = clock.today().replace(year=2020)
    assert client.get(address).status_code == 403


def test_what_is_stored_of_a_key_opens_nothing(client: Client, scene: Scene) -> None:
    key_address(client, scene.cast.outsider)
    with scene.database.reading() as reading:
        stored = reading.scalars(select(FeedKey.key)).one()
    assert client.get("/wijzigingen/atom", query_string={"sleutel": stored}).status_code == 403


def test_an_unchanged_feed_is_not_sent_again(client: Client, scene: Scene) -> None:
    reader = client.as_(scene.cast.outsider)
    first = reader.get("/wijzigingen/atom")
    assert first.last_modified is not None
    again = reader.get("/wijzigingen/atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    scene.page()
    assert reader.get("/wijzigingen/atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_pages_tell_a_feed_reader_where_the_feed_is(client: Client, scene: Scene) -> None:
    link = '<link rel="alternate" type="application/atom+xml"'
    reader = client.as_(scene.cast.outsider)
    assert link in reader.get("/wijzigingen").text
    assert link in reader.get("/").text
    assert f'href="{scene.path}/atom"' in reader.get(scene.path).text


def test_characters_that_xml_forbids_are_left_out(client: Client, scene: Scene) -> None:
    from proeftuin.events.service import record

    with scene.database.transaction():
        record(scene.cast.lead.id, "pilot:changed", scene.pilot_id, summary="a\x0bb\ufffec")
    assert "abc" in ET.tostring(feed(client.as_(scene.cast.outsider)), encoding="unicode")
