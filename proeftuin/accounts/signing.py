"""Signing in and out, and the password that it takes.

What must stay true: the answer and the time it takes never tell whether an account exists; wrong attempts are counted
even though the request is refused; a new sign-in is a new token, and a changed password ends the other ones. Signing
in is never recorded as an event.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete

from proeftuin import clock, config
from proeftuin.accounts import letters, links, passwords, queries, throttle
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import MailedLinkKind, Person, SignIn
from proeftuin.accounts.names import fold_email
from proeftuin.accounts.queries import hash_token
from proeftuin.db import session
from proeftuin.errors import Gone, Invalid, NotFound, TooMany
from proeftuin.i18n import _

log = logging.getLogger(__name__)

LASTS = timedelta(hours=12)

after_sign_in: list[Callable[[int], None]] = []
"""Functions that hear the number of who signed in, inside the same transaction; nothing of it is recorded."""


def sign_in(email: str, password: str, *, device: str, address: str) -> str:
    """Sign someone in and return the token for the cookie.

    :raises Invalid: when the two do not belong together or the account is closed, without saying which.
    :raises TooMany: when this was tried too often.
    """
    account, network = fold_email(email), throttle.network_of(address)
    _count_attempt(account, network)
    person = queries.find_person_by_email(account)
    right = passwords.is_right(password, person.password_hash if person else None)
    if person is None or not right or not queries.may_enter(person):
        log.info("sign-in refused: person=%s address=%s", person.id if person else None, network)
        raise Invalid({"": _("E-mailadres en wachtwoord horen niet bij elkaar. Probeer het nog eens.")})
    _forgive_attempts(account, network)
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.make_hash(password)
    log.info("signed in: person=%s address=%s", person.id, network)
    return _start(person, device)


def sign_in_as(person_id: int, *, device: str) -> str:
    """Sign in as anyone of the demo company, and return the token; outside the demo nobody can.

    :raises NotFound: outside the demo, and for whoever may not enter.
    """
    person = session().get(Person, person_id) if config.current().demo else None
    if person is None or not queries.may_enter(person):
        raise NotFound
    return _start(person, device)


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
    """End every sign-in of a person."""
    session().execute(delete(SignIn).where(SignIn.person_id == person.id))


def forgot_password(email: str, *, address: str) -> None:
    """Ask for a link to choose a new password; nothing tells whether someone has the address.

    :raises TooMany: when this was asked too often.
    """
    account = fold_email(email)
    throttle.count(throttle.FORGOT_ADDRESS, throttle.network_of(address))
    throttle.count(throttle.FORGOT_ACCOUNT, account)
    letters.ask_for_reset(account)


def find_link_owner(token: str) -> Person:
    """Return who a mailed link is for.

    :raises Gone: when it does not work, for whatever reason.
    """
    found = links.find(token)
    if found is None:
        raise Gone(_("Deze link werkt niet meer. Vraag een nieuwe aan."))
    return found[1]


def choose_password(token: str, *, password: str, address: str) -> Person:
    """Choose a password with a mailed link, and end every sign-in of that person.

    :raises Gone: when the link does not work (any more).
    :raises Invalid: when the password is not good enough; the link still works.
    """
    network = throttle.network_of(address)
    throttle.count(throttle.LINK_ADDRESS, network)
    found = links.find(token)
    if found is None:
        raise Gone(_("Deze link werkt niet meer. Vraag een nieuwe aan."))
    link, person = found
    check_new_password(person, password)
    if not links.use(link):
        raise Gone(_("Deze link werkt niet meer. Vraag een nieuwe aan."))
    set_password(person, password)
    throttle.give_back(throttle.LINK_ADDRESS, network)
    if link.kind is MailedLinkKind.RESET:
        letters.write_password_changed(person)
    return person


def change_password(actor: Actor, *, old: str, new: str, address: str) -> None:
    """Change the actor's own password and end the other sign-ins.

    :raises Invalid: when the old one is wrong or the new one is not good enough.
    :raises TooMany: when a wrong one was tried too often.
    """
    person = queries.get_person(actor.id)
    network = throttle.network_of(address)
    _count_attempt(person.email, network)
    if not passwords.is_right(old, person.password_hash):
        log.info("password change refused: person=%s address=%s", person.id, network)
        raise Invalid({"old_password": _("Dit is niet je huidige wachtwoord.")})
    _forgive_attempts(person.email, network)
    if passwords.normalise(old) == passwords.normalise(new):
        raise Invalid({"password": _("Dit is hetzelfde wachtwoord. Kies een ander.")})
    check_new_password(person, new)
    _keep_password(person, new)
    end_other_sign_ins(actor)
    letters.write_password_changed(person)


def set_password(person: Person, password: str) -> None:
    """Give a person a password that was checked, and end every sign-in and mailed link."""
    _keep_password(person, password)
    end_all_sign_ins(person)


def check_new_password(person: Person, password: str) -> None:
    """Refuse a password that is not good enough for this person.

    :raises Invalid: with the reason.
    """
    passwords.check_new(password, about=(person.name, person.email, config.current().org_name))


def _keep_password(person: Person, password: str) -> None:
    person.password_hash = passwords.make_hash(password)
    links.end_all(person)
    log.info("password set: person=%s", person.id)


def _start(person: Person, device: str) -> str:
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


def _count_attempt(account: str, network: str) -> None:
    try:
        throttle.count(throttle.SIGN_IN_ADDRESS, network)
        throttle.count(throttle.SIGN_IN_ACCOUNT, account, network)
        throttle.count(throttle.SIGN_IN_SPREAD, account)
    except TooMany:
        log.warning("too many wrong passwords: address=%s", network)
        raise


def _forgive_attempts(account: str, network: str) -> None:
    throttle.give_back(throttle.SIGN_IN_ADDRESS, network)
    throttle.give_back(throttle.SIGN_IN_SPREAD, account)
    throttle.clear(throttle.SIGN_IN_ACCOUNT, account, network)
