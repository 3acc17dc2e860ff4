"""`flask accounts`: the first administrator of a new installation, and a way back in without mail or a phone."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from proeftuin import clock
from proeftuin.accounts import links, queries, registers, service
from proeftuin.accounts.models import MailedLinkKind, Person, Role
from proeftuin.errors import Refusal
from proeftuin.web.application import database

group = AppGroup("accounts", help="Make the first administrator; set a password; remove a lost second step.")


@group.command("create-admin")
@click.option("--email", required=True, help="Where letters go; also what they sign in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--password", is_flag=True, help="Ask for a password here instead of printing a link.")
def create_admin(email: str, name: str, password: bool) -> None:
    """Make someone administrator and print, once, a link to choose a password.

    Someone who has an account with this address already gets the role, and no new link unless they never chose a
    password.
    """
    chosen = _ask_password() if password else None
    with database().transaction():
        try:
            person = queries.find_person_by_email(email) or service.create_person(None, email=email, name=name)
            if Role.ADMINISTRATOR not in registers.roles_today([person.id]).get(person.id, ()):
                service.grant_role(None, person, Role.ADMINISTRATOR, starts_on=clock.today())
            if chosen is not None:
                _give_password(person, chosen)
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from refusal
        seed = links.create(person, MailedLinkKind.INVITATION) if person.password_hash is None else ""
        link = links.address_of(seed) if seed else ""
    click.echo(f"{person.name} <{person.email}> is administrator.")
    if link:
        click.echo(f"This link works once, for {links.VALID[MailedLinkKind.INVITATION].days} days:\n{link}")


@group.command("set-password")
@click.option("--email", required=True, help="Whose password.")
def set_password(email: str) -> None:
    """Set a password here, and end every sign-in of that person."""
    chosen = _ask_password()
    with database().transaction():
        person = queries.find_person_by_email(email)
        if person is None:
            raise click.ClickException("Nobody has an account with this address.")
        try:
            _give_password(person, chosen)
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from refusal
    click.echo(f"The password of {person.name} was set; they are signed out everywhere.")


@group.command("reset-second-factor")
@click.option("--email", required=True, help="Who lost the app and the recovery codes.")
def reset_second_factor(email: str) -> None:
    """Take the second step of signing in away from someone, end their sign-ins, and tell them by mail."""
    with database().transaction():
        person = queries.find_person_by_email(email)
        if person is None:
            raise click.ClickException("Nobody has an account with this address.")
        try:
            service.reset_second_factor(None, person)
        except Refusal as refusal:
            raise click.ClickException(refusal.message) from refusal
    click.echo(f"The second step of {person.name} was removed; they are signed out everywhere.")


def _ask_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _give_password(person: Person, password: str) -> None:
    service.check_new_password(person, password)
    service.set_password(person, password)
