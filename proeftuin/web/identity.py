"""Who is asking: one typed way to the signed-in person, over Flask-Login."""

from __future__ import annotations

from functools import partial
from typing import cast

from flask import current_app, g, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import ColumnElement

from proeftuin.accounts import queries
from proeftuin.accounts.actor import Actor
from proeftuin.web.application import Application

_UNASKED = object()
_HALF = "half"


class SignInNeeded(Exception):
    """The address is for signed-in people only."""


def init_app(app: Application, *, unread: ColumnElement[int]) -> None:
    """Let Flask-Login keep the token of a sign-in in the cookie and turn it into an actor.

    `unread` is the column on `Person` that counts unread notices: every screen shows the number, and asking for it
    with the person saves a statement.
    """
    # Given to the application directly: `init_app` would add a handler for "remember me" cookies, which we have not.
    app.login_manager = LoginManager()
    app.login_manager.session_protection = None  # sign-ins end on the server; addresses change while travelling
    app.find_user = partial(queries.find_user, statement=queries.by_token(unread))
    app.login_manager.user_loader(app.find_user)


def find_actor() -> Actor | None:
    """Return the signed-in person, or None."""
    actor = g.get("actor", _UNASKED)
    if actor is _UNASKED:
        token = session.get("_user_id")  # where Flask-Login keeps it
        actor = _remember(cast(Application, current_app).find_user(token) if token else None)
    return cast("Actor | None", actor)


def count_unread() -> int:
    """Return of how many subjects the signed-in person has unread notices, as counted when the request began."""
    find_actor()
    unread: int = g.unread
    return unread


def _remember(user: queries.User | None) -> Actor | None:
    g.unread = user.more[0] if user else 0
    actor = g.actor = user.actor if user else None
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
    user = cast(Application, current_app).find_user(token)
    if user is None:
        raise SignInNeeded
    session.clear()
    login_user(user)
    session.pop("_id", None)  # Flask-Login's mark of the network address; we do not use it
    _remember(user)


def enter_halfway(token: str) -> None:
    """Go on as nobody, with a cookie that holds only the token of who is to do the second step."""
    leave()
    session[_HALF] = token


def find_half() -> str:
    """Return the token of who is to do the second step in this browser, or nothing."""
    return str(session.get(_HALF, ""))


def leave() -> None:
    """Go on as nobody, with an empty cookie."""
    logout_user()
    session.clear()
    _remember(None)
