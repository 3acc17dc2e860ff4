"""Letters: what they hold, and the two ways in which they leave."""

from __future__ import annotations

import socketserver
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from proeftuin import config
from proeftuin.accounts import mail
from proeftuin.db import Database
from proeftuin.events import jobs
from proeftuin.web.application import Application
from tests.accounts.conftest import Letters, text_of


class Receiver(socketserver.StreamRequestHandler):
    """Just enough of a mail server (RFC 5321) to take one letter."""

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self.server.taken.append(self._take())  # type: ignore[attr-defined]  # MailServer
                self._say("250 taken")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it gets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.taken: list[bytes] = []


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Run a mail server during the test."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def compose(subject: str = "Onderwerp", text: str = "Tekst", to: str = "wim@oeverbrug.example") -> EmailMessage:
    return mail.compose(config.current(), to=to, subject=subject, text=text)


def test_a_letter_is_plain_text_with_the_headers_it_needs(unit: None) -> None:
    letter = compose(text="Één zin – met “aanhalingstekens”.")
    assert letter.get_content_type() == "text/plain"
    assert {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"} <= set(letter.keys())
    assert text_of(letter).strip() == "Één zin – met “aanhalingstekens”."


@pytest.mark.parametrize(
    "forged", ["Hallo\r\nBcc: dief@evil.example", "Hallo\nX-Evil: 1", "Hallo\u2028Bcc: x@y.example"]
)
def test_no_header_can_be_forged(unit: None, forged: str) -> None:
    letter = compose(subject=forged, to="wim@oeverbrug.example")
    assert b"\nBcc:" not in letter.as_bytes()
    assert b"\nX-Evil:" not in letter.as_bytes()
    assert letter["Bcc"] is None


@pytest.mark.parametrize("text", ["{{7*7}} {0.__class__} %s %(x)s", "\r\n.\r\nQUIT\r\n", "From me to you"])
def test_what_people_wrote_stays_what_they_wrote(database: Database, letters: Letters, text: str) -> None:
    with database.transaction():
        mail.send(to="wim@oeverbrug.example", subject="x", text=text)
    (letter,) = letters.sent()
    assert text_of(letter).split() == text.split()


def test_the_outbox_is_for_the_server_only(database: Database, letters: Letters) -> None:
    with database.transaction():
        mail.send(to="wim@oeverbrug.example", subject="x", text="y")
    letters.sent()
    paths = list(letters.outbox.glob("*.eml"))
    assert paths
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    assert stat.S_IMODE(letters.outbox.stat().st_mode) == 0o700


def test_nothing_is_sent_when_the_act_is_undone(app: Application, database: Database, letters: Letters) -> None:
    with app.app_context(), database.unit(writing=True) as unit:
        mail.send(to="wim@oeverbrug.example", subject="x", text="y")
        unit.rollback()
    assert letters.sent() == []


def test_a_letter_is_handed_to_the_mail_server(database: Database, mail_server: MailServer) -> None:
    usual = database.settings
    assert usual is not None
    database.settings = replace(
        usual, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=mail_server.server_address[1]
    )
    try:
        with database.transaction():
            mail.send(to="wim@oeverbrug.example", subject="Groet", text="Regel één\n.\nRegel drie")
        assert jobs.run_due(database) == 1
    finally:
        database.settings = usual
    (taken,) = mail_server.taken
    assert b"Subject: Groet" in taken
    assert b"To: wim@oeverbrug.example" in taken


def test_a_letter_waits_when_the_mail_server_is_away(database: Database, letters: Letters) -> None:
    usual = database.settings
    assert usual is not None
    with MailServer() as gone:
        port = gone.server_address[1]
    database.settings = replace(usual, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=port)
    try:
        with database.transaction():
            mail.send(to="wim@oeverbrug.example", subject="x", text="y")
        assert jobs.run_due(database) == 0
    finally:
        database.settings = usual
    with database.reading():
        assert jobs.count_waiting() == {"mail": 1}
