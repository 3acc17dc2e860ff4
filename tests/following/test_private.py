"""What the team keeps for itself reaches nobody else, and who reads or follows what reaches nobody at all.

The words of a restricted page are canaries: they are looked for in everything that these screens send to anyone
outside the team.
"""

from __future__ import annotations

import pytest

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Audience, Subject
from proeftuin.following import service
from tests.client import Client
from tests.following.scene import Scene, build

CANARY = "Kanarie"
OUTSIDE = ["colleague", "outsider", "council", "union", "hr", "admin"]
PATHS = [
    "/",
    "/?fase=concept",
    "/?fase=klaar",
    "/wijzigingen",
    "/wijzigingen?klein=1",
    "/wijzigingen?soort=paginas",
    "/wijzigingen?soort=reacties",
    "/wijzigingen?soort=proeftuinen",
    "/wijzigingen?proeftuin=groen-reisbudget",
    "/wijzigingen?thema=belonen&afdeling=geotechniek",
    "/wijzigingen/atom",
    "/proeftuinen/groen-reisbudget/atom",
    "/mijn",
    "/mijn/berichten",
]


@pytest.fixture
def secret(scene: Scene, client: Client) -> Scene:
    """Give a scene with a restricted page full of canaries, its talk, and a concept; everyone follows all of it."""
    page = scene.page(f"{CANARY}titel")
    scene.save(page, f"{CANARY}tekst", summary=f"{CANARY}samenvatting")
    scene.save(page, f"{CANARY}tekst anders", summary=f"{CANARY}klein", minor=True)
    for actor in scene.cast.everyone().values():
        client.as_(actor).post(f"/volgen/{page}", {"follow": "1"})
        client.as_(actor).post(f"/volgen/{scene.pilot_id}", {"follow": "1"})
    with scene.database.transaction() as writing:
        writing.get_one(Subject, page).audience = Audience.TEAM
    scene.save(page, f"{CANARY}tekst nieuw", summary=f"{CANARY}nasleep")
    thread = scene.ask(scene.cast.member, f"{CANARY}vraag?", subject_id=page, title=f"{CANARY}gesprek")
    scene.reply(scene.cast.lead, thread, f"{CANARY}antwoord", answers=True)
    scene.ask(scene.cast.member, f"{CANARY}open?", subject_id=page, title=f"{CANARY}openstaand")
    build(scene.database, scene.cast, f"{CANARY}concept", opened=False)
    return scene


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_of_a_restricted_page_or_a_concept_gets_out(client: Client, secret: Scene, name: str) -> None:
    reader = client.as_(secret.cast.everyone()[name])
    for path in PATHS:
        response = reader.get(path)
        assert response.status_code == 200, path
        assert CANARY.lower() not in response.text.lower(), path
    assert 'class="count"' not in reader.get("/mijn").text


@pytest.mark.parametrize("name", ["lead", "member"])
def test_the_team_does_see_it(client: Client, secret: Scene, name: str) -> None:
    reader = client.as_(secret.cast.everyone()[name])
    for path in ("/wijzigingen", "/wijzigingen/atom", "/mijn/berichten"):
        assert f"{CANARY}titel" in reader.get(path).text, path


def test_counts_and_pages_are_the_same_with_and_without_what_is_hidden(client: Client, secret: Scene) -> None:
    """The pages of someone outside do not change by what the team does among itself."""
    reader = client.as_(secret.cast.outsider)
    before = {path: _body(reader, path) for path in PATHS}
    with secret.database.reading() as reading:
        page = reading.query(Subject.id).filter(Subject.title == f"{CANARY}titel").scalar()
    for n in range(60):
        secret.save(page, f"{CANARY} {n}")
    secret.ask(secret.cast.member, f"{CANARY}nog een vraag?", subject_id=page)
    assert {path: _body(reader, path) for path in PATHS} == before


def test_nobody_sees_what_someone_else_reads_or_follows(client: Client, scene: Scene) -> None:
    """Every page is the same for the others, whether someone follows, reads and visits or not."""
    page = scene.page()
    scene.save(page, "Een versie om bericht van te krijgen.")
    others = [actor for name, actor in scene.cast.everyone().items() if name != "outsider"]
    before = [_all(client, actor) for actor in others]
    watcher = client.as_(scene.cast.outsider)
    for subject in (scene.pilot_id, page):
        watcher.post(f"/volgen/{subject}", {"follow": "1"})
    for path in (*PATHS, scene.path, f"{scene.path}/de-maatstaven"):
        watcher.get(path)
    watcher.post("/mijn/berichten")
    watcher.post("/mijn/bij")
    watcher.post("/mijn/feed")
    with scene.act():
        service.move_bookmark(scene.cast.outsider.id)
        session().flush()
    assert [_all(client, actor) for actor in others] == before
    assert "Onur Demir" not in "".join(text for texts in before for text in texts.values())


def _all(client: Client, actor: Actor) -> dict[str, str]:
    browser = client.as_(actor)
    return {path: _body(browser, path) for path in PATHS}


def _body(browser: Client, path: str) -> str:
    """Return a page without the tokens that differ each time."""
    import re

    return re.sub(r'name="csrf_token" value="[^"]*"', "", browser.get(path).text)
