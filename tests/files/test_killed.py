"""A server that is killed during an upload, a real process and a real kill; what arrived is gone on with."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from alembic import command

from proeftuin import create_app
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.files import storage
from proeftuin.files.models import Blob, File, Upload
from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from tests.cast import Cast
from tests.client import Client
from tests.conftest import settings_for_tests
from tests.files import crafted
from tests.house.rules import ROOT
from tests.wiki.scene import build

CONTENT = crafted.pdf(head=b"%" + b"Een lang plan. " * 150_000 + b"\n")
PIECE = 500_000


class Served:
    """The product in a process of its own on a database of its own, and a browser that is signed in to it."""

    def __init__(self, app: Application, data_dir: Path) -> None:
        self.app = app
        with app.database.transaction():
            self.cast = Cast.create()
        self.scene = build(app.database, self.cast)
        self.page = self.scene.page()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PROEFTUIN_")},
            "PROEFTUIN_DATA_DIR": str(data_dir),
            "PROEFTUIN_DATABASE_URL": app.settings.database_url,
            "PROEFTUIN_SECRET_KEY": app.settings.secret_key,
            "PROEFTUIN_JOBS_IN_PROCESS": "0",
        }
        browser = Client(app, app.database, self.cast.lead)
        self.token = browser.csrf_token
        cookie = browser.http.get_cookie("proeftuin")
        assert cookie is not None
        self.cookie = f"proeftuin={cookie.value}"
        self.port = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {**self.environment, "PORT": str(self.port), "PROEFTUIN_BASE_URL": self.address}
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--log-level", "error"]
        process = subprocess.Popen([*gunicorn, "wsgi:app"], cwd=ROOT, env=environment, start_new_session=True)
        for _ in range(300):
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    return process
            except OSError:
                time.sleep(0.1)
        process.kill()
        raise RuntimeError("the server does not answer")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def headers(self, kind: str = "application/x-www-form-urlencoded") -> dict[str, str]:
        return {
            "Cookie": self.cookie,
            "X-CSRFToken": self.token,
            "X-Requested-With": "fetch",
            "Content-Type": kind,
            "Referer": f"{self.address}/",
        }

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, dict[str, object]]:
        with closing(self.connection()) as connection:
            connection.request(method, path, body, self.headers(kind) if kind else self.headers())
            answer = connection.getresponse()
            text = answer.read()
        return answer.status, json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else {}

    def begin(self) -> dict[str, object]:
        """Begin, or go on with, sending the file."""
        about = {"subject": self.subject, "name": "plan.pdf", "size": len(CONTENT)}
        about["digest"] = hashlib.sha256(CONTENT).hexdigest()
        status, answer = self.ask("POST", "/bestanden/onderweg", urlencode(about).encode())
        assert status == 200, answer
        return answer

    def send(self, token: object, at: int) -> int:
        """Send one piece and return how far the server is."""
        path = f"/bestanden/onderweg/{token}?vanaf={at}"
        status, answer = self.ask("POST", path, CONTENT[at : at + PIECE], "application/octet-stream")
        assert status == 200, answer
        return int(str(answer["received"]))

    @property
    def subject(self) -> int:
        with self.app.database.reading():
            return session().query(Subject).filter_by(path=self.page).one().id

    def kill(self) -> None:
        """End the server and everything it started, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)

    def restart(self) -> None:
        self.process = self._start()

    def counts(self) -> tuple[int, int, int]:
        with self.app.database.reading():
            files, blobs, uploads = (session().query(model).count() for model in (File, Blob, Upload))
            return files, blobs, uploads


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve an empty house with one page."""
    app = create_app(settings_for_tests(tmp_path, f"sqlite:///{tmp_path / 'killed.db'}"))
    command.upgrade(alembic_config(app.database), "head")
    house = Served(app, tmp_path)
    yield house
    house.kill()
    app.database.close()


def test_after_a_kill_between_pieces_and_one_in_a_piece_the_file_is_whole(served: Served) -> None:
    token = served.begin()["upload"]
    assert served.send(token, 0) == PIECE
    served.kill()
    served.restart()
    again = served.begin()
    assert (again["upload"], again["received"]) == (token, PIECE)

    connection = served.connection()  # a piece of which half is on its way when the server dies
    connection.putrequest("POST", f"/bestanden/onderweg/{token}?vanaf={PIECE}")
    for name, value in {**served.headers("application/octet-stream"), "Content-Length": str(PIECE)}.items():
        connection.putheader(name, value)
    connection.endheaders(CONTENT[PIECE : PIECE + PIECE // 2])
    served.kill()
    connection.close()
    assert served.counts() == (0, 0, 1)
    served.restart()

    at = int(str(served.begin()["received"]))
    assert at in (PIECE, 2 * PIECE)
    while at < len(CONTENT):
        at = served.send(token, at)
    form = urlencode({"upload": str(token)}).encode()
    status, _answer = served.ask("POST", f"{served.page}/bestanden", form)
    assert status in (200, 201, 303)
    with served.app.app_context(), served.app.database.reading():
        digest = session().query(Blob).one().digest
        assert storage.path_of(digest).read_bytes() == CONTENT
    assert served.counts()[:2] == (1, 1)
    assert list((served.app.settings.data_dir / "files").rglob("*.part")) == []


def test_a_kill_at_the_last_moment_leaves_the_whole_file_or_none(served: Served) -> None:
    token = served.begin()["upload"]
    at = 0
    while at < len(CONTENT):
        at = served.send(token, at)
    form = urlencode({"upload": str(token)}).encode()
    connection = served.connection()
    connection.request("POST", f"{served.page}/bestanden", form, served.headers())
    served.kill()  # the answer is not waited for
    connection.close()
    files, blobs, _uploads = served.counts()
    assert files == blobs
    served.restart()
    if not files:
        assert served.begin()["received"] == len(CONTENT)
    status, _answer = served.ask("POST", f"{served.page}/bestanden", form)
    assert status in (200, 201, 303)
    assert served.counts()[:2] == (1, 1)
    check = [sys.executable, "-m", "flask", "--app", "wsgi", "files", "check"]
    told = subprocess.run(check, cwd=ROOT, env=served.environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
