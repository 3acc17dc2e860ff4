"""Importing 10,000 revisions of an old wiki: how many a second, and how much memory that takes."""

from __future__ import annotations

import json
import lzma
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from alembic import command

from benchmarks import company
from benchmarks.figures import Figure
from benchmarks.servers import ROOT
from proeftuin import create_app
from proeftuin.accounts import queries as accounts
from proeftuin.accounts import service as accounts_service
from proeftuin.pilots import service as pilots
from proeftuin.web.database_cli import alembic_config

REVISIONS = 10_000
PAGES = 400
PER_SECOND = 150
MEMORY_MB = 200
_MEASURED = """
import json, os, sys, time
from benchmarks.servers import memory_mb
from wsgi import app
started = time.perf_counter()
result = app.test_cli_runner().invoke(args=["exchange", "import-mediawiki", *sys.argv[1:]])
seconds = time.perf_counter() - started
print(json.dumps({"status": result.exit_code, "output": result.output[-300:], "seconds": seconds,
                  "memory": memory_mb(os.getpid(), "VmHWM")}))
"""


def figures(data_dir: Path = ROOT / "var" / "bench-exchange") -> list[Figure]:
    """Measure importing the export of a MediaWiki into an empty site, by the command."""
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    _prepare(data_dir)
    large, small = data_dir / "large.xml", data_dir / "small.xml"
    _write(large, REVISIONS, PAGES)
    _write(small, REVISIONS // 10, PAGES // 10)
    first = _import(data_dir, small, "klein")
    done = _import(data_dir, large, "groot")
    again = _import(data_dir, large, "groot")
    return [
        Figure("import, revisions a second", REVISIONS / done["seconds"], PER_SECOND, True, "/s"),
        Figure("import of 10,000 revisions, memory", done["memory"], MEMORY_MB, False, "MB"),
        Figure("import, memory of 10,000 revisions to 1,000", done["memory"] / first["memory"], 1.25, False),
        Figure("the same import again, to the first", again["seconds"] / done["seconds"], 0.8, False),
    ]


def _prepare(data_dir: Path) -> None:
    app = create_app(company.settings(data_dir))
    command.upgrade(alembic_config(app.database), "head")
    with app.app_context(), app.database.transaction():
        person = accounts_service.create_person(None, email="meting@example.org", name="Meting")
        actor = accounts.find_actor(person.id)
        assert actor is not None
        pilots.create_pilot(actor, title="Proef")
    app.database.close()


def _import(data_dir: Path, dump: Path, source: str) -> dict[str, float]:
    environment = {
        **os.environ,
        "PROEFTUIN_SECRET_KEY": company.SECRET,
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_JOBS_IN_PROCESS": "0",
    }
    asked = [str(dump), "--space", "site", "--source", source, "--report", str(data_dir / "report.txt")]
    run = subprocess.run(
        [sys.executable, "-c", _MEASURED, *asked],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    if told["status"]:
        raise RuntimeError(f"the import failed: {told['output']}")
    return told


def _write(path: Path, revisions: int, pages: int) -> None:
    """Write an export in which every page grows and changes, as texts of people do."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<mediawiki><siteinfo><dbname>meting</dbname></siteinfo>\n")
        number = 0
        for page, item in enumerate(_texts(pages)):
            file.write(f"<page><title>Bladzijde {pages}-{page}</title><ns>0</ns><id>{page + 1}</id>\n")
            count = revisions // pages
            for text in _growing(item, count, random.Random(page)):
                number += 1
                at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(hours=7 * number)
                file.write(
                    f"<revision><id>{number}</id><timestamp>{at:%Y-%m-%dT%H:%M:%SZ}</timestamp><contributor><username>"
                    f"Schrijver {number % 40}</username></contributor><comment>Wijziging {number}</comment>"
                    f'<text xml:space="preserve">{escape(text)}</text></revision>\n'
                )
            file.write("</page>\n")
        file.write("</mediawiki>\n")


def _texts(count: int) -> Iterator[str]:
    with lzma.open(company.DATA / "pages-2000.jsonl.xz", "rt", encoding="utf-8") as lines:
        for _number, line in zip(range(count), lines, strict=False):
            yield json.loads(line)["body"][:6_000]


def _growing(text: str, count: int, chance: random.Random) -> Iterator[str]:
    """Give versions of a text, with the marks of a wiki in it."""
    parts = text.split("\n\n")
    for turn in range(count):
        parts[chance.randrange(len(parts))] += f" '''Wijziging {turn}''' in [[Bladzijde {turn}|een pagina]]."
        yield "== Begin ==\n" + "\n\n".join(parts) + "\n* een\n* twee\n"
