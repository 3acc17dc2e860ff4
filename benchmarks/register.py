"""The register of 2,000 deviations with 10,000 positions, filtered and sorted, and /toezicht of a union officer,
against a page view: the same server, in turns, in one run."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic import command

from benchmarks import company, register_rows
from benchmarks.client import Connection
from benchmarks.figures import Figure
from benchmarks.servers import ROOT, serving
from proeftuin import clock, create_app
from proeftuin.web.database_cli import alembic_config

ROUNDS, WARM_UP = 600, 200
PORT = 8107


def figures(data_dir: Path = ROOT / "var" / "bench-register") -> list[Figure]:
    """Measure lists with ever other choices against pages."""
    prepare(data_dir)
    reader, _ = company.sign_in(data_dir)
    officer, _ = company.sign_in(data_dir, register_rows.OFFICER)
    pages = [path for path in company.addresses(data_dir)["pages"] if path.startswith("/proeftuinen/")]
    environment = {
        "PROEFTUIN_SECRET_KEY": company.SECRET,
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_ORG_NAME": "Meting",
        "PROEFTUIN_JOBS_IN_PROCESS": "0",
    }
    with serving("wsgi:app", PORT, environment):
        ask, watch = Connection(PORT, reader), Connection(PORT, officer)
        page, lists, home = _in_turns(ask, watch, pages)
    print(f"  page {page:.2f} ms, register {lists:.2f} ms, /toezicht {home:.2f} ms (p95)", file=sys.stderr)
    return [
        Figure("register of 2,000, filtered, p95 to that of a page", lists / page, 2.0),
        Figure("/toezicht of a union officer, p95 to that of a page", home / page, 6.0),
    ]


def _in_turns(ask: Connection, watch: Connection, pages: Sequence[str]) -> tuple[float, float, float]:
    """Return the p95 in milliseconds of a page, of the register and of /toezicht."""
    chance = random.Random(12)
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    for turn in range(ROUNDS):
        taken[0].append(ask.took(chance.choice(pages)))
        taken[1].append(ask.took(_address(chance)))
        taken[2].append(watch.took("/toezicht"))
        if turn == WARM_UP:  # what is made once for each process, and once for each row, was made
            for each in taken:
                each.clear()
    page, lists, home = (1000 * sorted(each)[int(0.95 * len(each))] for each in taken)
    return page, lists, home


def _address(chance: random.Random) -> str:
    """Return the register with one to three filters and an order."""
    choices = [
        ("toestand", chance.choice(["van-kracht", "voorgelegd", "voorbij", "opgeschort"])),
        ("afdeling", f"afdeling-{chance.randrange(8)}"),
        ("artikel", f"{chance.randrange(1, 3)}.{chance.randrange(1, 10)}"),
        ("thema", f"thema-{chance.randrange(6)}"),
        ("tekst", chance.choice(["rooster", "regel 12", "AFW-2026", "verlof"])),
        ("eindigt", "60"),
    ]
    chosen = chance.sample(choices, chance.randrange(1, 4))
    order = chance.choice(["toestand", "-toestand", "nummer", "-nummer", "titel", "einde", "-einde", "begin"])
    return "/afwijkingen?" + "&".join(f"{name}={value}" for name, value in [*chosen, ("sorteer", order)]).replace(
        " ", "+"
    )


def prepare(data_dir: Path) -> None:
    """Make the installation, unless it is there and of today."""
    if company.made_for(data_dir) == clock.today().isoformat():
        return
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.mkdir(parents=True)
    app = create_app(company.settings(data_dir))
    command.upgrade(alembic_config(app.database), "head")
    with app.app_context():
        register_rows.write(app)
    company.mark_made(data_dir, clock.today().isoformat())


if __name__ == "__main__":
    for each in figures():
        print(each.line())
