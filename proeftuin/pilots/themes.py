"""Keeping the themes: the company's own list of what pilots are about. A theme is closed, never removed, because
pilots go on belonging to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts import journal, policy
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.names import clean_name
from proeftuin.accounts.organisation import refuse_look_alike, refuse_unless
from proeftuin.db import session
from proeftuin.errors import Invalid, NotFound
from proeftuin.events.models import Audience, Subject
from proeftuin.i18n import _
from proeftuin.naming import slugify
from proeftuin.pilots.models import PilotTheme, Theme

KEY_LENGTH = 56
LAST_POSITION = 999


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One line of the register of themes."""

    id: int
    name: str
    position: int
    pilots: int
    closed_on: date | None


def list_theme_rows() -> list[ThemeRow]:
    """Return every theme with the number of pilots that everyone may read, closed ones last."""
    pilots = (
        select(func.count())
        .select_from(PilotTheme)
        .join(Subject, Subject.id == PilotTheme.pilot_id)
        .where(PilotTheme.theme_id == Theme.id, Subject.audience == Audience.EVERYONE)
        .scalar_subquery()
    )
    rows = session().execute(
        select(Theme.id, Theme.name, Theme.position, pilots, Theme.closed_on).order_by(
            Theme.closed_on.is_not(None), Theme.position, Theme.name
        )
    )
    return [ThemeRow(*row) for row in rows]


def get_theme(theme_id: int) -> Theme:
    """Return a theme.

    :raises NotFound: when there is none with this number.
    """
    theme = session().get(Theme, theme_id)
    if theme is None:
        raise NotFound
    return theme


def create_theme(actor: Actor | None, *, name: str, key: str = "", position: int | None = None) -> Theme:
    """Add a theme, at the end unless a place is given.

    :raises Invalid: when a name like it is taken, or the place is none.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, _names(), None)
    last = session().scalar(select(func.max(Theme.position)))
    place = _position(position) if position is not None else (0 if last is None else last + 1)
    theme = Theme(key=_free_key(key or plain), name=plain, position=place)
    session().add(theme)
    session().flush()
    journal.record(actor, "theme_created", theme.id, summary=plain)
    return theme


def change_theme(actor: Actor | None, theme: Theme, *, name: str, position: int) -> None:
    """Change the name of a theme or its place in the list.

    :raises Invalid: when a name like it is taken, or the place is none.
    """
    policy.require_manager(actor)
    plain = clean_name(name)
    refuse_look_alike(plain, _names(), theme.id)
    place, was = _position(position), theme.name
    theme.name, theme.position = plain, place
    session().flush()
    journal.record(actor, "theme_changed", theme.id, summary=plain if was == plain else f"{was} → {plain}")


def close_theme(actor: Actor | None, theme: Theme) -> None:
    """Let a theme be chosen no more for new pilots.

    :raises Conflict: when it is closed already.
    """
    policy.require_manager(actor)
    refuse_unless(theme.closed_on is None, _("%(name)s was al gesloten.", name=theme.name))
    theme.closed_on = clock.today()
    journal.record(actor, "theme_closed", theme.id, summary=theme.name)


def reopen_theme(actor: Actor | None, theme: Theme) -> None:
    """Let a closed theme be chosen again.

    :raises Conflict: when it is open.
    """
    policy.require_manager(actor)
    refuse_unless(theme.closed_on is not None, _("%(name)s is niet gesloten.", name=theme.name))
    theme.closed_on = None
    journal.record(actor, "theme_reopened", theme.id, summary=theme.name)


def _names() -> Sequence[tuple[int, str]]:
    return session().execute(select(Theme.id, Theme.name)).all()


def _free_key(text: str) -> str:
    key = slugify(text, length=KEY_LENGTH)
    taken = set(session().scalars(select(Theme.key)))
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def _position(position: int) -> int:
    if not 0 <= position <= LAST_POSITION:
        raise Invalid({"position": _("Kies een plaats van 0 tot en met %(last)s.", last=LAST_POSITION)})
    return position
