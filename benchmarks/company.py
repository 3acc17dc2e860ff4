"""The database to measure on: 2,000 pages, 10 of them with 200 versions, written through the services."""

from __future__ import annotations

import json
import lzma
import secrets
import shutil
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import func, select, text

from proeftuin import clock, create_app
from proeftuin.accounts import queries as accounts
from proeftuin.accounts import service as accounts_service
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import SignIn
from proeftuin.accounts.queries import hash_token
from proeftuin.config import Config
from proeftuin.db import Base
from proeftuin.events.models import Job
from proeftuin.markup import RENDERER_VERSION
from proeftuin.pilots import service as pilots
from proeftuin.search import service as search
from proeftuin.search.index import Index
from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from proeftuin.wiki import service as wiki
from proeftuin.wiki.models import Page, PageKind

DATA = Path(__file__).parent / "data"
PILOTS = 20
PAGES = 2_000
LONG = 10
VERSIONS = 200
SECRET = "a secret key for measuring that is long enough"


def settings(data_dir: Path) -> Config:
    """Return the settings of the measured installation."""
    return Config(
        secret_key=SECRET, data_dir=data_dir, database_url=f"sqlite:///{data_dir / 'proeftuin.db'}", org_name="Meting"
    )


def texts() -> list[dict[str, Any]]:
    """Return the 2,000 texts."""
    with lzma.open(DATA / "pages-2000.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def prepare(data_dir: Path) -> None:
    """Make the installation, unless a complete one is there."""
    if made_for(data_dir) is not None:
        _keep_the_index(data_dir)
        return
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    app = create_app(settings(data_dir))
    command.upgrade(alembic_config(app.database), "head")
    with app.database.transaction():
        person = accounts_service.create_person(None, email="meting@example.org", name="Meting")
    with app.app_context():
        _write(app, person.id)
    mark_made(data_dir)


def made_for(data_dir: Path) -> str | None:
    """Return what an installation was made for, or None when there is none that fits the tables of now."""
    made = data_dir / "complete"
    tables, _, purpose = made.read_text().partition("\n") if made.exists() else ("", "", "")
    return purpose if tables == _tables() else None


def mark_made(data_dir: Path, purpose: str = "") -> None:
    """Remember that an installation is complete, with the tables it has."""
    (data_dir / "complete").write_text(f"{_tables()}\n{purpose}")


def _tables() -> str:
    """Return a mark of the tables and of how pages are rendered; when it changes an installation is made anew."""
    tables = repr([(name, table.columns.keys()) for name, table in sorted(Base.metadata.tables.items())])
    return sha256(f"{tables} {RENDERER_VERSION}".encode()).hexdigest()


def _keep_the_index(data_dir: Path) -> None:
    """Make the index again when the rules of the search have changed since."""
    app = create_app(settings(data_dir))
    index = Index.open(data_dir / "search")
    if not index.is_usable():
        with app.database.reading():
            search.rebuild(index)


def _write(app: Application, person_id: int) -> None:
    corpus = texts()
    spaces: list[int] = []
    for number in range(PILOTS):
        with app.database.transaction():
            spaces.append(_pilot(_actor(person_id), number))
    for number in range(PAGES):
        item = corpus[number % len(corpus)]
        with app.database.transaction():
            actor = _actor(person_id)
            title = f"{item['title'][:110]} {number}"
            page = wiki.create_page(
                actor, spaces[number % PILOTS], title=title, text=item["body"][:90_000], kind=PageKind.PLAIN
            )
            if number < LONG:
                _versions(actor, page, item["body"][:6_000])
        if number % 100 == 99:
            print(f"\r  {number + 1} of {PAGES} pages", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    with app.database.transaction() as writing:
        writing.query(Job).delete()
        search.rebuild(Index.open(app.settings.data_dir / "search"))
        writing.execute(text("ANALYZE"))


def _actor(person_id: int) -> Actor:
    actor = accounts.find_actor(person_id)
    assert actor is not None
    return actor


def _pilot(actor: Actor, number: int) -> int:
    pilot = pilots.create_pilot(
        actor,
        title=f"Proef {number}",
        summary="Een proef om mee te meten.",
        question="Hoe snel?",
        hypothesis="Als …, dan …, omdat …",
        fallback="Terug naar hoe het was.",
        voluntariness="Vrijwillig.",
    )
    return pilot.id


def _versions(actor: Actor, page: Page, body: str) -> None:
    paragraphs = body.split("\n\n")
    for turn in range(VERSIONS):
        paragraphs[turn % len(paragraphs)] += f" Wijziging {turn}."
        wiki.save_page(actor, page, base=page.current, text="\n\n".join(paragraphs), summary=f"Wijziging {turn}")


def multiply(data_dir: Path, source: Path, times: int) -> None:
    """Make a copy of the installation in which every page stands `times` times (rows are copied, not written)."""
    if made_for(data_dir) is not None:
        return
    shutil.rmtree(data_dir, ignore_errors=True)
    shutil.copytree(source, data_dir)
    app = create_app(settings(data_dir))
    with app.database.transaction() as writing:
        step = (writing.scalar(select(func.max(Page.id))) or 0) + 1_000_000
        for copy in range(1, times):
            for statement in _copies():
                writing.execute(text(statement), {"shift": step * copy, "mark": f"-kopie-{copy}"})
        writing.execute(text("ANALYZE"))


def _copies() -> list[str]:
    """Return the statements that copy every page with what a reader sees of it."""
    newest = "number = (SELECT p.current FROM page p WHERE p.id = page_id)"
    return [
        _copy("subject", "id", "kind = 'page' AND id < 1000000", marked=("title", "path")),
        _copy("page", "id", "id < 1000000", marked=("slug", "title", "title_key")),
        _copy("revision", "page_id", f"page_id < 1000000 AND {newest}"),
        _copy("rendering", "page_id", "page_id < 1000000"),
        _copy("event", "subject_id", "subject_id < 1000000 AND kind = 'page:created'"),
    ]


def _copy(table: str, shifted: str, which: str, *, marked: tuple[str, ...] = ()) -> str:
    columns = [column.name for column in Base.metadata.tables[table].columns]
    names = [name for name in columns if name != "id" or shifted == "id"]
    given = {shifted: f"{shifted} + :shift", **{name: f"{name} || :mark" for name in marked}}
    values = ", ".join(given.get(name, name) for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {which}"


def sign_in(data_dir: Path, email: str = "meting@example.org") -> tuple[str, str]:
    """Sign somebody (the measuring person) in; return the cookie and a token against forged forms."""
    app = create_app(settings(data_dir))
    token, raw = secrets.token_urlsafe(32), secrets.token_hex(20)
    with app.database.transaction() as writing:
        person = accounts.find_person_by_email(email)
        assert person is not None
        moment = clock.now()
        writing.add(
            SignIn(
                token_hash=hash_token(token),
                person_id=person.id,
                started_at=moment,
                ends_at=moment + timedelta(hours=12),
            )
        )
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookie = serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": raw})
    from itsdangerous import URLSafeTimedSerializer

    return f"proeftuin={cookie}", str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw))


def addresses(data_dir: Path) -> dict[str, list[str]]:
    """Return addresses of pages, and of the pages with many versions."""
    app = create_app(settings(data_dir))
    with app.database.reading() as reading:
        from proeftuin.events.models import Subject

        rows = reading.execute(select(Subject.path, Page.current).join(Page, Page.id == Subject.id)).all()
    return {
        "pages": [path for path, _ in rows],
        "long": [path for path, current in rows if current >= VERSIONS],
    }
