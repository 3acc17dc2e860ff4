"""Who is asking: one typed way to the signed-in person, over Flask-Login."""

from __future__ import annotations

from flask import Flask, g, session
from flask_login import LoginManager, login_user, logout_user

from proeftuin.accounts import queries
from proeftuin.accounts.actor import Actor


class SignInNeeded(Exception):
    """The address is for signed-in people only."""


def init_app(app: Flask) -> None:
    """Let Flask-Login keep the token of a sign-in in the cookie and turn it into an actor."""
    manager = LoginManager(app)
    manager.session_protection = None  # a sign-in can be ended on the server; addresses change while travelling
    manager.user_loader(queries.find_user)


def find_actor() -> Actor | None:
    """Return the signed-in person, or None."""
    if "actor" not in g:
        token = session.get("_user_id")  # where Flask-Login keeps it
        user = queries.find_user(token) if token else None
        g.actor = user.actor if user else None
    actor: Actor | None = g.actor
    return actor


def get_actor() -> Actor:
    """Return the signed-in person.

    :raises SignInNeeded: when nobody is signed in.
    """
    actor = find_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def enter(token: str) -> None:
    """Go on as the person of a sign-in that has just begun, with a cookie in which nothing of before is left."""
    user = queries.find_user(token)
    if user is None:
        raise SignInNeeded
    session.clear()
    login_user(user)
    session.pop("_id", None)  # Flask-Login's mark of the network address; we do not use it
    g.actor = user.actor


def leave() -> None:
    """Go on as nobody, with an empty cookie."""
    logout_user()
    session.clear()
    g.actor = None
