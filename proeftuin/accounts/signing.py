"""Signing in, and the password that it takes.

What must stay true: the answer and the time it takes never tell whether an account exists; wrong attempts are counted
even though the request is refused; a changed password ends the other sign-ins, and never takes the second step away.
Signing in is never recorded as an event.
"""

from __future__ import annotations

import logging

from proeftuin import config
from proeftuin.accounts import halfway, letters, links, passwords, queries, throttle
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.halfway import Entrance, Step
from proeftuin.accounts.models import MailedLinkKind, Person
from proeftuin.accounts.names import fold_email
from proeftuin.accounts.sign_ins import end_all_sign_ins, end_other_sign_ins, start
from proeftuin.db import session
from proeftuin.errors import Gone, Invalid, NotFound, TooMany
from proeftuin.i18n import _

log = logging.getLogger(__name__)


def sign_in(email: str, password: str, *, device: str, address: str) -> Entrance:
    """Take an address and a password; return how far that brings someone.

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
    entrance = halfway.admit(person, device)
    done = "signed in" if entrance.step is Step.NOTHING else "password right"
    log.info("%s: person=%s address=%s", done, person.id, network)
    return entrance


def sign_in_as(person_id: int, *, device: str) -> str:
    """Sign in as anyone of the demo company, without password or code, and return the token; outside the demo nobody
    can, so nobody gets around the second step there.

    :raises NotFound: outside the demo, and for whoever may not enter.
    """
    person = session().get(Person, person_id) if config.current().demo else None
    if person is None or not queries.may_enter(person):
        raise NotFound
    return start(person, device)


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
    require_password(person, old, network=network)
    if passwords.normalise(old) == passwords.normalise(new):
        raise Invalid({"password": _("Dit is hetzelfde wachtwoord. Kies een ander.")})
    check_new_password(person, new)
    _keep_password(person, new)
    end_other_sign_ins(actor)
    letters.write_password_changed(person)


def require_password(person: Person, password: str, *, network: str) -> None:
    """Ask the own password of who is signed in again, before something that a passer-by should not do.

    :raises Invalid: when it is wrong, under the field `old_password`.
    :raises TooMany: when a wrong one was tried too often.
    """
    _count_attempt(person.email, network)
    if not passwords.is_right(password, person.password_hash):
        log.info("own password refused: person=%s address=%s", person.id, network)
        raise Invalid({"old_password": _("Dit is niet je huidige wachtwoord.")})
    _forgive_attempts(person.email, network)


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
