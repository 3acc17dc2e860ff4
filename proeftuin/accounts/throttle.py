"""How often something may be tried, counted in the database so that a restart or a second server forgets nothing.

What must stay true: no address and no name is kept, only a keyed hash of them; an attempt counts before it is judged,
so that many at once cannot slip through; a refused attempt does not lengthen the wait; what succeeded is given back,
so that an office behind one address can start its day.

Windows slide: the attempts of the window before weigh in for the part of it that is less than one window ago.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from proeftuin import clock, config
from proeftuin.accounts.models import Attempt
from proeftuin.db import keep_on_refusal, session
from proeftuin.errors import TooMany
from proeftuin.i18n import n_

KEPT = timedelta(hours=3)  # longer than two of the longest window


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts of one kind within a window."""

    name: str
    most: int
    window: timedelta

    def start(self, moment: datetime) -> datetime:
        """Return when the window around a moment began."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


SIGN_IN_ACCOUNT = Limit("sign-in-account", 10, timedelta(minutes=5))
"""Wrong passwords for one account from one address."""
SIGN_IN_SPREAD = Limit("sign-in-spread", 20, timedelta(minutes=1))
"""Wrong passwords for one account from anywhere: it slows down a guesser with many addresses, and waits are short
because the owner shares them."""
SIGN_IN_ADDRESS = Limit("sign-in-address", 100, timedelta(minutes=5))
"""Wrong passwords from one address, whoever they are for."""
FORGOT_ACCOUNT = Limit("forgot-account", 3, timedelta(hours=1))
FORGOT_ADDRESS = Limit("forgot-address", 60, timedelta(hours=1))
LINK_ADDRESS = Limit("link-address", 50, timedelta(minutes=5))


def count(limit: Limit, *about: str) -> None:
    """Count one attempt, and keep it even when the request is refused.

    :raises TooMany: when there were too many already.
    """
    keep_on_refusal()
    moment = clock.now()
    key, start = _key(limit, about), limit.start(moment)
    earlier = session().scalar(
        select(Attempt.count).where(Attempt.key == key, Attempt.window_start == start - limit.window)
    )
    elapsed = (moment - start) / limit.window
    room = limit.most - math.ceil((earlier or 0) * (1 - elapsed))
    if room < 1 or not _add(key, start, room):
        raise _too_many(limit, key, start, earlier or 0, moment)
    _forget_old(moment)


def give_back(limit: Limit, *about: str) -> None:
    """Take back one counted attempt: it was a good one."""
    start = limit.start(clock.now())
    session().execute(
        update(Attempt)
        .where(Attempt.key == _key(limit, about), Attempt.window_start == start, Attempt.count > 0)
        .values(count=Attempt.count - 1)
    )


def clear(limit: Limit, *about: str) -> None:
    """Forget the attempts: whoever made them turned out to be the owner."""
    session().execute(delete(Attempt).where(Attempt.key == _key(limit, about)))


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 connection commands."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(limit: Limit, about: tuple[str, ...]) -> str:
    text = "\n".join((limit.name, *about))
    return hmac.new(config.current().secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _add(key: str, start: datetime, room: int) -> bool:
    """Add one to the counter unless that would make it more than `room`; one statement, so none slips through."""
    values = {"key": key, "window_start": start, "count": 1}
    raised = {"count": Attempt.count + 1}
    unique = [Attempt.key, Attempt.window_start]
    if session().get_bind().dialect.name == "postgresql":
        on_postgresql = postgresql.insert(Attempt).values(values)
        statement = on_postgresql.on_conflict_do_update(
            index_elements=unique, set_=raised, where=Attempt.count < room
        ).returning(Attempt.count)
    else:
        on_sqlite = sqlite.insert(Attempt).values(values)
        statement = on_sqlite.on_conflict_do_update(
            index_elements=unique, set_=raised, where=Attempt.count < room
        ).returning(Attempt.count)
    return session().execute(statement).first() is not None


def _too_many(limit: Limit, key: str, start: datetime, earlier: int, moment: datetime) -> TooMany:
    counted = session().scalar(select(Attempt.count).where(Attempt.key == key, Attempt.window_start == start)) or 0
    return too_many(math.ceil(_wait(limit, counted, earlier, moment - start).total_seconds()))


def too_many(seconds: int) -> TooMany:
    """Return the refusal of something that was tried too often, with how long to wait."""
    message = n_(
        "Dit is te vaak geprobeerd. Wacht %(n)s minuut en probeer het dan nog eens.",
        "Dit is te vaak geprobeerd. Wacht %(n)s minuten en probeer het dan nog eens.",
        math.ceil(seconds / 60),
    )
    return TooMany(message, retry_after=max(1, seconds))


def _wait(limit: Limit, counted: int, earlier: int, elapsed: timedelta) -> timedelta:
    """Return how long it takes until one more attempt fits."""
    if counted < limit.most:  # the window before still weighs
        return limit.window * (1 - (limit.most - counted - 1) / earlier) - elapsed
    return limit.window * (2 - (limit.most - 1) / counted) - elapsed


def _forget_old(moment: datetime) -> None:
    session().execute(delete(Attempt).where(Attempt.window_start < moment - KEPT))
