"""Reading and saving against a bare Flask application: the product and the floor side by side, in turns."""

from __future__ import annotations

import gzip
import random
import re
import sys
import time
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks import company
from benchmarks.client import Connection, Load, drive, drive_writes
from benchmarks.figures import Figure
from benchmarks.servers import ROOT, memory_mb, serving
from benchmarks.statements import statements_of_a_page

WARMING = 3.0
"""Seconds of requests before the first round: caches fill, and nobody counts."""
SECONDS = 1.0
BESIDE = 0.5
"""Seconds of the floor right before each measurement. A machine that is shared slows down and recovers in seconds,
so a rate means something beside the floor of the same moment, and a share is the median over many short rounds.
"""
ROUNDS = 11
SAVES_BEFORE, SAVES = 10, 120
"""Saves that nobody counts, as with screens, and saves that count: of fewer, the 95th in a hundred is chance."""
FLOOR_PORT, PORT, LARGE_PORT = 8101, 8102, 8103


def figures() -> list[Figure]:
    """Measure with the floor, the product and the larger product running side by side, in turns."""
    data_dir = ROOT / "var" / "bench"
    large_dir = ROOT / "var" / "bench-large"
    company.prepare(data_dir)
    company.multiply(large_dir, data_dir, 10)
    chance = random.Random(21)
    cookie, token = company.sign_in(data_dir)
    large_cookie, _ = company.sign_in(large_dir)
    known, large = company.addresses(data_dir), company.addresses(large_dir)
    chance.shuffle(known["pages"])
    chance.shuffle(large["pages"])
    with (
        serving("benchmarks.floor:app", FLOOR_PORT, {}),
        serving("wsgi:app", PORT, _environment(data_dir)) as pid,
        serving("wsgi:app", LARGE_PORT, _environment(large_dir)),
    ):
        found = _ratios(_rates(cookie, known))
        found.append(_growth(cookie, known["pages"], large_cookie, large["pages"]))
        found += _weight(cookie, known["pages"][0])
        found += _saves(cookie, token, known["pages"])
        found.append(Figure("memory of one process", memory_mb(pid), 200, False, "MB"))
    found.append(
        Figure("queries for a page view", statements_of_a_page(data_dir, cookie, known["pages"][:20]), 6, False)
    )
    return found


def _environment(data_dir: Path) -> dict[str, str]:
    return {
        "PROEFTUIN_SECRET_KEY": company.SECRET,
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_ORG_NAME": "Meting",
    }


def _rates(cookie: str, known: dict[str, list[str]]) -> dict[str, list[tuple[float, float]]]:
    """Return for every screen what it did in each round and what the floor did beside it, in requests a second."""
    queries = [
        line.split("\t")[1] for line in (company.DATA / "queries.tsv").read_text().splitlines() if "\t" in line
    ]
    searches = ["/zoeken?q=" + urllib.parse.quote(query) for query in queries]
    compare = [f"{path}/vergelijk?van={n}&naar={n + 9}" for path in known["long"] for n in range(1, 190, 4)]
    random.Random(3).shuffle(compare)
    targets: dict[str, tuple[int, str, list[str]]] = {
        "page view": (PORT, cookie, known["pages"]),
        "history": (PORT, cookie, [f"{p}/geschiedenis" for p in known["long"]]),
        "recent changes": (PORT, cookie, ["/wijzigingen", "/wijzigingen?pagina=2"]),
        "diff": (PORT, cookie, compare),
        "search": (PORT, cookie, searches),
    }
    for name, target in targets.items():
        _drive(name, *target, seconds=WARMING)
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in targets}
    late: dict[str, list[float]] = {name: [] for name in targets}
    for turn in range(ROUNDS):
        for name, (port, whose, paths) in targets.items():
            floor = _drive("floor", FLOOR_PORT, "", ["/"], seconds=BESIDE)
            start = turn * len(paths) // ROUNDS  # each round goes on where another did not begin
            load = _drive(name, port, whose, paths[start:] + paths[:start], seconds=SECONDS)
            rates[name].append((load.per_second, floor.per_second))
            late[name].append(load.percentile(0.95))
    for name, pairs in rates.items():
        rate, floor_rate = (median(each) for each in zip(*pairs, strict=True))
        spread = sorted(mine / floor for mine, floor in pairs)
        print(
            f"  {name:<26}{rate:>6.0f}/s beside {floor_rate:.0f}/s, p95 {median(late[name]):.1f} ms, "
            f"share {spread[0]:.3f} to {spread[-1]:.3f}",
            file=sys.stderr,
        )
    return rates


def _drive(name: str, port: int, cookie: str, paths: Sequence[str], *, seconds: float) -> Load:
    load = drive(port, cookie, paths, seconds=seconds)
    if load.unwanted:
        raise RuntimeError(f"{name}: answers {sorted(set(load.unwanted))}")
    return load


def _ratios(rates: dict[str, list[tuple[float, float]]]) -> list[Figure]:
    promised = {"page view": 0.35, "history": 0.25, "recent changes": 0.25, "diff": 0.25, "search": 0.08}
    return [
        Figure(f"{name}, share of the floor", median(mine / floor for mine, floor in rates[name]), least, True)
        for name, least in promised.items()
    ]


def _growth(cookie: str, small: list[str], large_cookie: str, large: list[str]) -> Figure:
    """Compare the two sizes in pairs of rounds, once with the one first and once with the other."""
    sizes = ((PORT, cookie, small), (LARGE_PORT, large_cookie, large))
    pairs: list[float] = []
    for turn in range(ROUNDS):
        seen = [0, 0]
        for which in (0, 1, 1, 0):
            port, whose, paths = sizes[which]
            start = turn * len(paths) // ROUNDS
            seen[which] += len(
                _drive("page view", port, whose, paths[start:] + paths[:start], seconds=BESIDE).latencies
            )
        pairs.append(seen[0] / seen[1])
    print(f"  growth {min(pairs):.2f} to {max(pairs):.2f}", file=sys.stderr)
    return Figure("page view time with 20,000 pages to 2,000", median(pairs), 1.1, False)


def _weight(cookie: str, path: str) -> list[Figure]:
    """Add up what a browser fetches at a first visit: the page and the files that it names."""
    connection = Connection(PORT, cookie)
    _, head, body = connection.request(path, extra="Accept-Encoding: gzip\r\n")
    weight, requests = len(head) + len(body), 1
    for address in sorted(set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', _plain(head, body)))):
        status, head, body = connection.request(address.decode(), extra="Accept-Encoding: gzip\r\n")
        if status != 200 or b"immutable" not in head:
            raise RuntimeError(f"{address.decode()} is not served as an immutable file")
        weight, requests = weight + len(head) + len(body), requests + 1
    return [
        Figure("first view of a page", weight / 1000, 60, False, "kB"),
        Figure("requests for a first view", requests, 6, False),
    ]


def _plain(head: bytes, body: bytes) -> bytes:
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def _saves(cookie: str, token: str, paths: list[str]) -> list[Figure]:
    words = " ".join(item["body"] for item in company.texts()[:40]).split()
    run = time.time_ns()

    def save(connection: Connection, writer: int, turn: int) -> int:
        path = paths[(writer * 61 + turn) % len(paths)]
        start = (writer * 131 + turn * 17) % (len(words) - 1_000)
        text = "\n\n".join(" ".join(words[n : n + 50]) for n in range(start, start + 1_000, 50))
        text = f"Meting {run} {writer} {turn}.\n\n{text}"  # a text that was saved before would make no version
        _, _, form = connection.request(f"{path}/bewerken")
        base = re.search(rb'name="base" value="(\d+)"', form)
        assert base is not None, "the form names no base version"
        fields = {"csrf_token": token, "base": base.group(1).decode(), "text": text, "summary": f"Meting {turn}"}
        started = time.perf_counter()
        status, _, _ = connection.request(f"{path}/bewerken", body=urllib.parse.urlencode(fields).encode())
        saves.append(time.perf_counter() - started)
        return status if status == 303 else 500

    saves: list[float] = []
    drive_writes(PORT, cookie, save, writers=1, times=SAVES_BEFORE)
    saves.clear()
    lone = drive_writes(PORT, cookie, save, writers=1, times=SAVES)
    alone = sorted(saves)[int(0.95 * len(saves))] * 1000
    together = drive_writes(PORT, cookie, save, writers=8, times=15)
    return [
        Figure("save of 1,000 words, p95, one writer", alone, 60, False, "ms"),
        Figure("saves that failed, with 1 and with 8 writers", len(lone.unwanted + together.unwanted), 0, False),
    ]
