"""Pilots by verdict, among the statistics of the register."""

from __future__ import annotations

from html import unescape

from proeftuin.db import Database, session
from proeftuin.events.models import Audience, Subject
from proeftuin.evidence.statistics import by_verdict
from proeftuin.outcomes.statistics import Verdict
from tests.cast import Cast
from tests.client import Client
from tests.outcomes.scene import Scene, both


def test_every_verdict_is_counted_in_one_order_and_the_rest_published_nothing() -> None:
    counts = by_verdict([Verdict.WORSE, None, Verdict.BETTER, Verdict.WORSE], begun=6)
    assert [(each.name, each.pilots) for each in counts] == [
        ("beter", 1),
        ("slechter", 2),
        ("geen_relevant_verschil", 0),
        ("onbeslist", 0),
        ("", 1),
        ("niet_gepubliceerd", 2),
    ]


def read(client: Client) -> dict[str, int]:
    found: dict[str, int] = client.get("/afwijkingen.json").get_json()["proeftuinen_naar_oordeel"]
    return found


def test_only_the_newest_publication_of_what_somebody_may_read_counts(
    client: Client, database: Database, cast: Cast
) -> None:
    scene = Scene.set(database, cast)
    scene.published(both(scene.pilot, later="tussenmeting"))
    scene.published(both(scene.pilot, change=-3.0), reason="De nameting is binnen.")
    browser = client.as_(cast.colleague)
    assert {name: count for name, count in read(browser).items() if count} == {"slechter": 1}
    page = unescape(browser.get("/afwijkingen/cijfers").get_data(as_text=True))
    assert "Proeftuinen naar oordeel" in page
    with database.transaction():
        session().get_one(Subject, scene.pilot.id).audience = Audience.TEAM
    assert not any(read(client.as_(cast.colleague)).values())
    assert read(client.as_(cast.member))["slechter"] == 1
