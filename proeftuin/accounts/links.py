"""Links that are mailed to let someone choose a password: an invitation (seven days) or a reset (one hour).

What must stay true: a link works once, dies when the password changes in any way, and is stored as a hash. The letter
waits in a job with a random seed in place of the link; the token is made from the seed and the secret of the
installation when the letter is sent, so the database alone never opens an account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from proeftuin import clock, config
from proeftuin.accounts.models import MailedLink, MailedLinkKind, Person
from proeftuin.accounts.queries import hash_token
from proeftuin.db import session

VALID = {MailedLinkKind.INVITATION: timedelta(days=7), MailedLinkKind.RESET: timedelta(hours=1)}


def create(person: Person, kind: MailedLinkKind) -> str:
    """Add a link for a person and return its seed."""
    moment = clock.now()
    seed = secrets.token_urlsafe(32)
    session().execute(delete(MailedLink).where(MailedLink.person_id == person.id, MailedLink.ends_at < moment))
    session().add(
        MailedLink(
            token_hash=hash_token(token_of(seed)),
            kind=kind,
            person_id=person.id,
            created_at=moment,
            ends_at=moment + VALID[kind],
        )
    )
    return seed


def token_of(seed: str) -> str:
    """Return the token that stands in the address (256 bits)."""
    digest = hmac.new(config.current().secret_key.encode(), f"mailed link\n{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def address_of(seed: str) -> str:
    """Return the full address; the host is a setting and never what a request says."""
    return f"{config.current().base_url}/wachtwoord/kiezen/{token_of(seed)}"


def find(token: str) -> tuple[MailedLink, Person] | None:
    """Return a link that still works and whose it is, or None."""
    row = session().execute(
        select(MailedLink, Person)
        .join(Person, Person.id == MailedLink.person_id)
        .where(
            MailedLink.token_hash == hash_token(token),
            MailedLink.used_at.is_(None),
            MailedLink.ends_at > clock.now(),
            Person.blocked_at.is_(None),
            or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
        )
    )
    found = row.first()
    return (found[0], found[1]) if found else None


def use(link: MailedLink) -> bool:
    """Mark a link as used and return whether it was still free (two at once: one wins)."""
    taken = session().execute(
        update(MailedLink)
        .where(MailedLink.id == link.id, MailedLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(MailedLink.id)
    )
    return taken.first() is not None


def end_all(person: Person) -> None:
    """Let no link of a person work any more."""
    session().execute(
        update(MailedLink)
        .where(MailedLink.person_id == person.id, MailedLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
