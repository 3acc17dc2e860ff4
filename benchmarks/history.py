"""A page with 5,000 versions: leafing through its history costs the same everywhere, and its questions are answered.

The versions are written through the models, not one by one through the services; else the page is like any other.
"""

from __future__ import annotations

import random
import shutil
import statistics
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from alembic import command

from benchmarks import company
from benchmarks.client import Connection
from benchmarks.figures import Figure
from benchmarks.servers import ROOT, serving
from proeftuin import clock, create_app
from proeftuin.accounts import queries as accounts
from proeftuin.accounts import service as accounts_service
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.web.database_cli import alembic_config
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import PageKind, Revision

VERSIONS = 5_000
PARAGRAPHS, WORDS = 25, 40
ROUNDS = 60
PORT = 8104


def figures(data_dir: Path = ROOT / "var" / "bench-history") -> list[Figure]:
    """Measure the history of a page with 5,000 versions of 1,000 words."""
    path = prepare(data_dir)
    cookie, _ = company.sign_in(data_dir)
    environment = {
        "PROEFTUIN_SECRET_KEY": company.SECRET,
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_ORG_NAME": "Meting",
        "PROEFTUIN_JOBS_IN_PROCESS": "0",
    }
    with serving("wsgi:app", PORT, environment):
        ask = Connection(PORT, cookie)
        list_ratio = _ratio(ask, f"{path}/geschiedenis?pagina=", [1, 2, 3], [VERSIONS // 20 - n for n in range(3)])
        filtered = _ratio(ask, f"{path}/geschiedenis?soort=klein&voor=", [5_001, 4_900, 4_800], [400, 300, 200])
        words = ["wijziging 4711", "wijziging", "de", "geen van deze woorden"]
        searches = [ask.took(f"{path}/geschiedenis/zin?zin={word.replace(' ', '+')}") for word in words]
        return [
            Figure("history, last page to first page of 5,000 versions", list_ratio, 1.2, False),
            Figure("filtered history, deep to first", filtered, 1.2, False),
            Figure("since when is this sentence there, slowest of four", max(searches), 1.5, False, "s"),
            Figure("who wrote what, first time", ask.took(f"{path}/auteurs"), 2.0, False, "s"),
            Figure("who wrote what, again", ask.took(f"{path}/auteurs"), 0.15, False, "s"),
            Figure("who wrote what, version 2,500", ask.took(f"{path}/auteurs?versie=2500"), 0.3, False, "s"),
        ]


def _ratio(ask: Connection, address: str, near: list[int], far: list[int]) -> float:
    """Ask for near and far pages in turns, and return how the middle times compare."""
    times: dict[str, list[float]] = {"near": [], "far": []}
    for turn in range(ROUNDS):
        for name, pages in (("near", near), ("far", far)):
            times[name].append(ask.took(f"{address}{pages[turn % len(pages)]}"))
    return statistics.median(times["far"]) / statistics.median(times["near"])


def prepare(data_dir: Path) -> str:
    """Make the installation with the page, unless it is there, and return the address of the page."""
    known = company.made_for(data_dir)
    if known is not None:
        return known
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    app = create_app(company.settings(data_dir))
    command.upgrade(alembic_config(app.database), "head")
    with app.database.transaction():
        people = [
            accounts_service.create_person(None, email=f"{name}@example.org", name=name.title()).id
            for name in ("meting", "bilal", "willemijn")
        ]
    with app.app_context(), app.database.transaction():
        path = write_page(people, versions(VERSIONS))
    company.mark_made(data_dir, path)
    return path


def versions(count: int) -> Callable[[int], str]:
    """Return what gives the text of a version: every version changes a few words, some move a paragraph."""
    chance = random.Random(7)
    words = " ".join(text["body"] for text in company.texts()[:60]).split()
    paragraphs = [" ".join(words[n * WORDS : (n + 1) * WORDS]) for n in range(PARAGRAPHS)]
    made: list[str] = []
    for number in range(1, count + 1):
        place = chance.randrange(PARAGRAPHS)
        changed = paragraphs[place].split(" ")[: WORDS + 10]
        for _ in range(3):
            changed[chance.randrange(len(changed))] = chance.choice(words)
        paragraphs[place] = " ".join([*changed, "wijziging", str(number)])
        if number % 50 == 0:
            paragraphs.append(paragraphs.pop(chance.randrange(PARAGRAPHS)))
        made.append("\n\n".join(paragraphs))
    return lambda number: made[number - 1]


def write_page(people: list[int], text_of: Callable[[int], str], count: int = VERSIONS) -> str:
    """Write a page with many versions by some people and return its address; call it inside a transaction."""
    actor = accounts.find_actor(people[0])
    assert actor is not None
    space_id = company._pilot(actor, 5_000)
    page = wiki.create_page(actor, space_id, title="Vijfduizend versies", text=text_of(1), kind=PageKind.PLAIN)
    start = clock.now() - timedelta(days=2_000)
    rows = [
        Revision(
            page_id=page.id,
            number=number,
            base=number - 1 if number % 40 else max(1, number - 3),
            text=text_of(number),
            size=len(text_of(number)),
            summary=f"Wijziging {number}",
            is_minor=number % 3 == 0,
            restores=None,
            author_id=people[number % len(people)],
            created_at=start + timedelta(hours=9 * number),
        )
        for number in range(2, count)
    ]
    session().add_all(rows)
    page.current = count - 1
    session().flush()
    wiki.save_page(actor, page, base=count - 1, text=text_of(count), summary=f"Wijziging {count}")
    path: str = session().get_one(Subject, page.id).path
    return path
