"""The law of not losing words, from the form to the database: through the real save and conflict screens.

Whoever has a conflict screen before them does one of four things, and what they leave out must stand beside the
version.
"""

from __future__ import annotations

import re
from collections import Counter
from random import Random

from sqlalchemy import select

from proeftuin.db import Database
from proeftuin.wiki.models import Page, Revision
from proeftuin.wiki.side_versions import SideVersion
from tests.cast import Cast
from tests.client import Client
from tests.wiki.edits import Editor, page
from tests.wiki.forms_on_screen import fields_of
from tests.wiki.scene import Scene

PAIRS = {"sqlite": 300, "postgresql": 40}
MARKS = re.compile(r"^(<{4,}|>{4,}|={4,}|\|{4,})", re.MULTILINE)
OWN = "Helemaal zelf geschreven."


def new_words(text: str, base: str) -> set[str]:
    return set(text.split()) - set(base.split())


def answer(screen: str, path: str, chance: Random) -> dict[str, str | list[str]]:
    """Return the fields of the conflict screen, as somebody sends them who chooses something for each passage."""
    sent = fields_of(screen, f"{path}/bewerken")
    for name in [name for name in sent if name.startswith("keuze-")]:
        sent[name] = chance.choice(["beide", "hun", "mijn", "zelf"])
        if sent[name] == "zelf":
            sent[name.replace("keuze", "tekst")] = OWN
    return sent


def write(browser: Client, path: str, text: str, base: int, chance: Random) -> str:
    """Save through the form, and through the conflict screen when that comes; return which it was."""
    fields = {"text": text.replace("\n", "\r\n"), "base": str(base), "summary": ""}
    response = browser.post(f"{path}/bewerken", fields)
    if response.status_code == 409:
        response = browser.post(f"{path}/bewerken", answer(response.get_data(as_text=True), path, chance))
        assert response.status_code == 303, response.get_data(as_text=True)
        return "asked"
    assert response.status_code == 303, response.get_data(as_text=True)
    return "saved"


def test_every_word_is_on_the_page_or_beside_it(client: Client, cast: Cast, scene: Scene, database: Database) -> None:
    theirs_browser, mine_browser = client.as_(cast.member), client.as_(cast.lead)
    seen: Counter[str] = Counter()
    path = scene.page("Steeds opnieuw", "Begin.")
    pairs = PAIRS[database.engine.dialect.name]
    for number in range(pairs):
        chance = Random(number)
        base = page(chance)
        mine, theirs = Editor(f"m{number}x", chance).edit(base), Editor(f"h{number}x", chance).edit(base)
        if not (base.strip() and mine.strip() and theirs.strip()):
            continue
        scene.save(path, base)
        start = scene.current(path)
        write(theirs_browser, path, theirs, start, chance)
        seen[write(mine_browser, path, mine, start, chance)] += 1
        with database.reading() as session:
            stands = scene.text(path)
            row = session.scalars(select(Page).where(Page.slug == "steeds-opnieuw")).one()
            beside = session.scalars(
                select(SideVersion).where(SideVersion.page_id == row.id, SideVersion.number > start)
            ).all()
            made = session.scalars(
                select(Revision.text).where(Revision.page_id == row.id, Revision.number > start)
            ).all()
        aside = {word for side in beside for passage in side.passages for word in " ".join(passage).split()}
        lost = (new_words(mine, base) | new_words(theirs, base)) - set(stands.split()) - aside
        assert not lost, f"pair {number} lost {lost}"
        assert not any(MARKS.search(text) for text in made)
        assert all(side.text == mine for side in beside)
    assert seen.total() >= pairs * 0.9
    assert min(seen["saved"], seen["asked"]) > pairs / 5
