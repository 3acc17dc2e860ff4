"""Outgoing mail: put aside with the change it belongs to, sent after the commit.

`send` puts a letter in a job; the worker delivers it by SMTP, or writes it to `outbox` in the data directory, which
is the default so that nothing leaves the machine before someone says how. What must stay true: letters are plain
text, headers cannot be forged by a name or a title, and a letter that fails is tried again on its own.
"""

from __future__ import annotations

import secrets
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import urlsplit

from proeftuin import clock, config
from proeftuin.accounts import links
from proeftuin.config import Config
from proeftuin.events import jobs, service
from proeftuin.events.models import Job
from proeftuin.naming import clean_line

KIND = "mail"
LINK = "\ue000"
"""Stands in a waiting letter for a secret link; no name or title can hold it (private use, see naming.py)."""
TIMEOUT = 20  # seconds; well within the lease of a job
PORT_WITH_TLS_FROM_THE_START = 465


def init() -> None:
    """Let the worker deliver letters, one at a time, so that one that fails holds up no other."""
    jobs.handles(KIND, _deliver_jobs, take=1, writes=False)


def send(*, to: str, subject: str, text: str, seed: str = "") -> None:
    """Put a letter aside; it is sent after the commit. `seed` is that of the mailed link in the text."""
    service.enqueue(KIND, to=to, subject=subject, text=text, seed=seed)


def deliver(*, to: str, subject: str, text: str) -> None:
    """Send a letter now; for jobs only, because what was sent cannot be rolled back."""
    settings = config.current()
    message = compose(settings, to=to, subject=subject, text=text)
    if settings.mail_backend == "smtp":
        _send_by_smtp(settings, message)
    else:
        _write_to_outbox(settings.data_dir / "outbox", message)


def compose(settings: Config, *, to: str, subject: str, text: str) -> EmailMessage:
    """Return the letter with its headers."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = clean_line(to)
    message["Subject"] = clean_line(subject)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _deliver_jobs(batch: Sequence[Job]) -> None:
    for job in batch:
        text, seed = job.payload["text"], job.payload["seed"]
        filled_in = text.replace(LINK, links.address_of(seed)) if seed else text
        deliver(to=job.payload["to"], subject=job.payload["subject"], text=filled_in)


def _send_by_smtp(settings: Config, message: EmailMessage) -> None:
    with _connect(settings) as server:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _connect(settings: Config) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    if settings.smtp_tls and settings.smtp_port == PORT_WITH_TLS_FROM_THE_START:
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=secure)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    if settings.smtp_tls:
        server.starttls(context=secure)
    return server


def _write_to_outbox(outbox: Path, message: EmailMessage) -> None:
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.eml"
    path = outbox / name
    path.touch(mode=0o600)
    path.write_bytes(message.as_bytes())
