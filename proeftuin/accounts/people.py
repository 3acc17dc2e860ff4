"""Keeping people: who has an account, under which name, and whether it is open.

What must stay true: there is always an administrator left; names do not look like one another, nor like the former
name of somebody else.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from proeftuin import clock, i18n
from proeftuin.accounts import journal, letters, links, policy, queries, sign_ins, signing
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.grants import keep_an_administrator
from proeftuin.accounts.models import Person
from proeftuin.accounts.names import FUNCTION_LENGTH, clean_email, clean_name, look_alike_key, within
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotFound
from proeftuin.events.models import Event
from proeftuin.i18n import _
from proeftuin.naming import clean_line


def create_person(
    actor: Actor | None,
    *,
    email: str,
    name: str,
    function: str = "",
    department_id: int | None = None,
    is_external: bool = False,
    ends_on: date | None = None,
    language: str = "nl",
    password: str | None = None,
) -> Person:
    """Give someone an account. Without a password they need an invitation (`invite`).

    :raises Invalid: when the address or a name like it is taken, or a value cannot be used; for someone from outside
        also when no last day was chosen.
    """
    policy.require_manager(actor)
    plain_name, plain_email = clean_name(name), clean_email(email)
    _refuse_taken_email(plain_email, None)
    _refuse_look_alike(plain_name, None)
    person = Person(
        email=plain_email,
        name=plain_name,
        name_key=look_alike_key(plain_name),
        function=_function(function),
        department_id=_department(department_id),
        is_external=is_external,
        ends_on=_last_day(ends_on, is_external=is_external, was=None),
        language=_language(language),
        created_at=clock.now(),
    )
    if password is not None:
        signing.check_new_password(person, password)
        session().add(person)
        session().flush()
        signing.set_password(person, password)
    session().add(person)
    session().flush()
    journal.record(actor, "person_created", person.id, summary=person.name)
    return person


def change_person(
    actor: Actor | None,
    person: Person,
    *,
    name: str,
    function: str,
    department_id: int | None,
    language: str,
    is_external: bool,
    ends_on: date | None,
    email: str | None = None,
) -> None:
    """Change what is known of a person. The address, and that someone is from outside, can be corrected until a
    password was chosen.

    :raises Invalid: when a value cannot be used or is taken.
    :raises Conflict: when it would leave no administrator.
    """
    policy.require_manager(actor)
    plain_name, plain_email = clean_name(name), person.email if email is None else clean_email(email)
    plain_function, department, plain_language = _function(function), _department(department_id), _language(language)
    _refuse_look_alike(plain_name, person.id)
    _refuse_other_email(person, plain_email)
    _refuse_leaving(person, is_external)
    last_day = _last_day(ends_on, is_external=is_external, was=person.ends_on)
    if last_day is not None and last_day != person.ends_on:
        keep_an_administrator(person)
    if plain_email != person.email:
        person.email = plain_email
        links.end_all(person)
    if plain_name != person.name:
        renamed = f"{person.name} → {plain_name}"
        journal.record(actor, "person_renamed", person.id, summary=renamed, old_key=person.name_key)
        person.name, person.name_key = plain_name, look_alike_key(plain_name)
    person.function, person.department_id, person.language = plain_function, department, plain_language
    person.is_external = is_external
    session().flush()
    journal.record(actor, "person_changed", person.id, summary=person.name)
    _end_on(actor, person, last_day)


def _end_on(actor: Actor | None, person: Person, last_day: date | None) -> None:
    """Let an account end on another day, and record it. What had ended with the account does not begin again."""
    if last_day == person.ends_on:
        return
    if not queries.may_enter(person):
        sign_ins.end_all_sign_ins(person)
    was, person.ends_on = person.ends_on, last_day
    if not queries.may_enter(person):
        sign_ins.end_all_sign_ins(person)
    session().flush()
    days = {"was": was.isoformat() if was else None, "until": last_day.isoformat() if last_day else None}
    journal.record(actor, "person_last_day", person.id, summary=person.name, **days)


def invite(actor: Actor | None, person: Person) -> None:
    """Mail a person a link to choose a first password.

    :raises Conflict: when they have one, or may not enter.
    """
    policy.require_manager(actor)
    if person.password_hash is not None:
        raise Conflict(_("%(name)s heeft al een wachtwoord gekozen.", name=person.name))
    if not queries.may_enter(person):
        raise Conflict(_("Dit account is dicht. Open het eerst."))
    letters.write_invitation(person)
    journal.record(actor, "person_invited", person.id, summary=person.name)


def block(actor: Actor | None, person: Person) -> None:
    """Close an account at once: every sign-in and every mailed link ends.

    :raises Conflict: when it is the actor's own, or the last administrator's, or closed already.
    """
    policy.require_manager(actor)
    if actor is not None and actor.id == person.id:
        raise Conflict(_("Je kunt je eigen account niet blokkeren. Vraag het aan een andere beheerder."))
    if person.blocked_at is not None:
        raise Conflict(_("Dit account was al geblokkeerd."))
    keep_an_administrator(person)
    person.blocked_at = clock.now()
    sign_ins.end_all_sign_ins(person)
    links.end_all(person)
    journal.record(actor, "person_blocked", person.id, summary=person.name)


def unblock(actor: Actor | None, person: Person) -> None:
    """Open a blocked account again.

    :raises Conflict: when it is not blocked.
    """
    policy.require_manager(actor)
    if person.blocked_at is None:
        raise Conflict(_("Dit account is niet geblokkeerd."))
    person.blocked_at = None
    journal.record(actor, "person_unblocked", person.id, summary=person.name)


def set_language(actor: Actor, code: str) -> None:
    """Let the product speak a language to the actor from now on.

    :raises Invalid: when it does not speak it.
    """
    queries.get_person(actor.id).language = _language(code)


def _refuse_taken_email(email: str, person_id: int | None) -> None:
    holder = queries.find_person_by_email(email)
    if holder is not None and holder.id != person_id:
        raise Invalid({"email": _("Dit e-mailadres hoort al bij %(name)s.", name=holder.name)})


def _refuse_other_email(person: Person, email: str) -> None:
    if email == person.email:
        return
    if person.password_hash is not None:
        raise Invalid({"email": _("Dit adres kan niet meer veranderen: %(name)s gebruikt het al.", name=person.name)})
    _refuse_taken_email(email, person.id)


def _refuse_leaving(person: Person, is_external: bool) -> None:
    """Refuse to make an outsider of someone who came in as an employee: what they could do would go with them."""
    if is_external and not person.is_external and person.password_hash is not None:
        used = _("%(name)s gebruikt dit account als collega. Maak voor buiten een nieuw account.", name=person.name)
        raise Invalid({"is_external": used})


def _last_day(day: date | None, *, is_external: bool, was: date | None) -> date | None:
    """Return the last day of an account; from outside there always is one, and it does not lie in the past."""
    if not is_external:
        return day
    if day is None:
        raise Invalid({"ends_on": _("Kies de laatste dag: een account voor iemand van buiten eindigt altijd.")})
    if day != was and day < clock.today():
        raise Invalid({"ends_on": _("Deze dag is al voorbij. Kies een dag die nog komt.")})
    return day


def _refuse_look_alike(name: str, person_id: int | None) -> None:
    key = look_alike_key(name)
    alike = session().execute(select(Person.id, Person.name).where(Person.name_key == key)).first()
    if alike is not None and alike.id != person_id:
        like = _("Deze naam lijkt te veel op die van %(name)s. Voeg iets toe, zoals een voorletter.", name=alike.name)
        raise Invalid({"name": like})
    renamed = select(Event).where(Event.kind == "admin:person_renamed", Event.object_id != (person_id or 0))
    if any(event.data.get("old_key") == key for event in session().scalars(renamed)):
        raise Invalid({"name": _("Zo heette eerder iemand anders. Voeg iets toe, zoals een voorletter.")})


def _function(raw: str) -> str:
    return within(clean_line(raw), FUNCTION_LENGTH, field="function")


def _department(department_id: int | None) -> int | None:
    if department_id is None:
        return None
    try:
        return queries.get_department(department_id).id
    except NotFound:
        raise Invalid({"department_id": _("Kies een afdeling uit de lijst.")}) from None


def _language(code: str) -> str:
    if code not in i18n.LANGUAGES:
        raise Invalid({"language": _("Kies Nederlands of Engels.")})
    return code
