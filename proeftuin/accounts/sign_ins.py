"""The sign-ins themselves: one row for each browser in which someone is in, until it ends.

What must stay true: a new sign-in is a new token, of which only the hash is stored; whoever may not enter has none
that works. Nothing of it is an event.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import HalfSignIn, Person, SignIn
from proeftuin.accounts.queries import hash_token
from proeftuin.db import session
from proeftuin.errors import NotFound

LASTS = timedelta(hours=12)

after_sign_in: list[Callable[[int], None]] = []
"""Functions that hear the number of who signed in, inside the same transaction; nothing of it is recorded."""


def start(person: Person, device: str) -> str:
    """Begin a sign-in and return the token for the cookie."""
    moment = clock.now()
    token = secrets.token_urlsafe(32)
    session().execute(delete(SignIn).where(SignIn.ends_at <= moment))
    session().add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person.id,
            device=device[:120],
            started_at=moment,
            ends_at=moment + LASTS,
        )
    )
    session().flush()
    for told in after_sign_in:
        told(person.id)
    return token


def sign_out(actor: Actor) -> None:
    """End the sign-in of the browser at hand; its cookie is worthless from now on."""
    session().execute(delete(SignIn).where(SignIn.id == actor.sign_in_id))


def end_sign_in(actor: Actor, sign_in_id: int) -> None:
    """End one of the actor's own sign-ins.

    :raises NotFound: when it is not theirs, or over already.
    """
    ended = session().execute(
        delete(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == actor.id).returning(SignIn.id)
    )
    if ended.first() is None:
        raise NotFound


def end_other_sign_ins(actor: Actor) -> None:
    """End all of the actor's sign-ins but the one at hand."""
    session().execute(delete(SignIn).where(SignIn.person_id == actor.id, SignIn.id != actor.sign_in_id))


def end_all_sign_ins(person: Person) -> None:
    """End every sign-in of a person, those that are halfway included."""
    for each in (SignIn, HalfSignIn):
        session().execute(delete(each).where(each.person_id == person.id))
