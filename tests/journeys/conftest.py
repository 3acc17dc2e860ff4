"""Stories in a real Chromium against the demo company, served as in production.

One server and one browser for all of them: every story makes what it changes, and no two change the same thing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect, sync_playwright

from tests.conftest import lacking
from tests.house.rules import ROOT

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST_WAIT = 10_000
"""Milliseconds; a story waits for what it expects to see, and never longer than this."""
FIRST_DAY = ("journeys/test_first_minute.py", "::test_a_sample_of_screens_in_english")
"""Stories about the company as it is on its first day; the tour along every screen hides a version and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys. They share a server and a browser, so one worker walks them all (see `TOGETHER`)."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in FIRST_DAY))
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_() -> Iterator[Browser]:
    """Give Debian's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        lacking("no Chromium on this machine: the journeys are not walked (apt install chromium)")
    expect.set_options(timeout=LONGEST_WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the demo company, with its database, its index and the mail that it sends."""
    return tmp_path_factory.mktemp("demo")


class Server:
    """The server of the demo company, that can be killed and started again."""

    def __init__(self, address: str, environment: dict[str, str]) -> None:
        self.address = address
        self._environment = environment
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "gunicorn.conf.py",
            "--log-level",
            "error",
            "wsgi:app",
        ]
        process = subprocess.Popen(command, cwd=ROOT, env=self._environment, start_new_session=True)
        _wait(f"{self.address}/healthz")
        return process

    def crash(self) -> None:
        """End it at once, with everything it was doing, and start it again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process = self._start()

    def stop(self) -> None:
        """Let it finish what it is doing."""
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[Server]:
    """Serve a fresh demo company."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PROEFTUIN_")},
        "PROEFTUIN_DEMO": "1",
        "PROEFTUIN_DATA_DIR": str(data_dir),
        "PROEFTUIN_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "prepare"], cwd=ROOT, env=environment, check=True
    )
    served = Server(f"http://127.0.0.1:{port}", environment)
    try:
        yield served
        assert served.process.poll() is None, "the server stopped by itself"
    finally:
        served.stop()


@pytest.fixture(scope="session")
def site(server: Server) -> str:
    """Give the address of the demo company."""
    return server.address


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


class Visitor(Protocol):
    """Opens an address in a browser of its own in which someone of the demo is signed in."""

    def __call__(self, name: str | None, path: str = "/", *, again: bool = False, **options: Any) -> Page:
        """Open `path` as `name` (nobody when None); `again` signs in anew, for stories in which a sign-in ends."""


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Give the cookies of everyone who has signed in before."""
    return {}


@pytest.fixture
def visit(browser_: Browser, site: str, signed_in: dict[str, StorageState]) -> Iterator[Visitor]:
    """Give a `Visitor`. At the end of the story no script may have failed and no policy may have been broken."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 on purpose is an error to the console too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def open_as(name: str | None, path: str = "/", *, again: bool = False, **options: Any) -> Page:
        known = signed_in.get(name) if name and not again else None
        context = browser_.new_context(base_url=site, locale="nl-NL", storage_state=known, **options)
        context.set_default_timeout(LONGEST_WAIT)
        contexts.append(context)
        page = context.new_page()
        context.on("weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}"))
        context.on("console", note)
        if name is not None and known is None:
            page.goto("/inloggen")
            sign_in_as(page, name)
            if not again:
                signed_in[name] = context.storage_state()
        page.goto(path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in_as(page: Page, name: str) -> None:
    """Click on a person of the demo company."""
    open_groups(page)
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("banner").get_by_text(name)).to_be_attached()


def open_groups(page: Page) -> None:
    """Open the folded part of the cast, so that everyone can be clicked."""
    folded = page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
