"""Between the password and the code: someone whose password was right and who is not in yet.

What must stay true: this state is a row of its own and never a sign-in, so it gives access to nothing; it ends by
itself after some minutes, when the second step is done, and with every sign-in of the person.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select

from proeftuin import clock
from proeftuin.accounts import second_factor, sign_ins
from proeftuin.accounts.codes import Invitation
from proeftuin.accounts.models import HalfSignIn, Person
from proeftuin.accounts.queries import hash_token
from proeftuin.accounts.second_factor import Proof
from proeftuin.db import session
from proeftuin.errors import Gone
from proeftuin.i18n import _


class Step(StrEnum):
    """What has to be done after the right password."""

    NOTHING = "nothing"
    CODE = "code"
    ENROL = "enrol"


LASTS = {Step.CODE: timedelta(minutes=10), Step.ENROL: timedelta(minutes=30)}
"""Setting up the app takes longer than reading a code from it."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """How far someone got: with nothing left to do the token is of a sign-in, else of the way to one."""

    token: str
    step: Step


@dataclass(frozen=True, slots=True)
class Half:
    """Someone who is halfway in."""

    row: HalfSignIn
    person: Person

    @property
    def step(self) -> Step:
        return Step.ENROL if self.row.enrols else Step.CODE


def admit(person: Person, device: str) -> Entrance:
    """Let someone whose password was right in, or to the second step."""
    if second_factor.is_on(person):
        return Entrance(_start(person, device, Step.CODE), Step.CODE)
    if second_factor.is_required(person):
        second_factor.prepare(person)
        return Entrance(_start(person, device, Step.ENROL), Step.ENROL)
    return Entrance(sign_ins.start(person, device), Step.NOTHING)


def _start(person: Person, device: str, step: Step) -> str:
    moment, token = clock.now(), secrets.token_urlsafe(32)
    session().execute(delete(HalfSignIn).where(HalfSignIn.ends_at <= moment))
    session().add(
        HalfSignIn(
            token_hash=hash_token(token),
            person_id=person.id,
            device=device[:120],
            enrols=step is Step.ENROL,
            ends_at=moment + LASTS[step],
        )
    )
    session().flush()
    return token


def find(token: str) -> Half | None:
    """Return who is halfway in with this token, or None."""
    found = session().execute(
        select(HalfSignIn, Person)
        .join(Person, Person.id == HalfSignIn.person_id)
        .where(
            HalfSignIn.token_hash == hash_token(token),
            HalfSignIn.ends_at > clock.now(),
            Person.blocked_at.is_(None),
            or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
        )
    )
    row = found.first()
    return Half(row[0], row[1]) if row else None


def invitation(half: Half) -> Invitation | None:
    """Return what the app of someone who is to set it up needs; None when it was set up already."""
    return second_factor.find_invitation(half.person)


def finish(token: str, typed: str) -> tuple[str, Proof]:
    """Take the code of the second step; return the token of the sign-in and by what it was proved.

    :raises Gone: when the time is over.
    :raises Invalid: when the code is not right, without saying why.
    :raises TooMany: when wrong ones were tried too often.
    """
    half = _get(token, Step.CODE)
    proof = second_factor.prove(half.person, typed)
    return _go_in(half), proof


def enrol(token: str, typed: str) -> tuple[str, list[str]]:
    """Take the first code of a new app; return the token of the sign-in and the recovery codes.

    :raises Gone: when the time is over.
    :raises Invalid: when the code is not right.
    """
    half = _get(token, Step.ENROL)
    codes = second_factor.confirm(half.person, typed)
    return _go_in(half), codes


def _get(token: str, step: Step) -> Half:
    half = find(token)
    if half is None or half.step is not step:
        raise Gone(_("Het inloggen duurde te lang. Log opnieuw in."))
    return half


def _go_in(half: Half) -> str:
    session().execute(delete(HalfSignIn).where(HalfSignIn.person_id == half.person.id))
    return sign_ins.start(half.person, half.row.device)
