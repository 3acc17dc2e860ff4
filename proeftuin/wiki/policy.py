"""Who may write pages, and which pages may be kept for the team.

Reading is decided where subjects are (`pilots.policy`): a page is a subject like any other. What must stay true:
the role of administrator gives no right here (decision 0030).
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.events.models import Audience
from proeftuin.past.day import is_past
from proeftuin.pilots import policy as pilots
from proeftuin.pilots.models import State
from proeftuin.pilots.policy import Standing
from proeftuin.wiki.models import PageKind

ALWAYS_OPEN = frozenset({PageKind.START, PageKind.DECISION})
CLOSED = frozenset({State.ARCHIVED, State.NEVER_STARTED})


def may_write(actor: Actor, state: State | None, standing: Standing) -> bool:
    """Return whether the actor may make and change pages; `state` is that of the pilot, None is the site."""
    if is_past():
        return False
    if state is None:
        return actor.has(Role.HR) or pilots.is_council(actor)
    return state is not State.ARCHIVED and pilots.may_edit(standing)


def may_suggest(state: State | None, *, from_outside: bool) -> bool:
    """Return whether a reader may suggest a change: colleagues, as long as there are people who can take it over."""
    return not (is_past() or from_outside or state in CLOSED)


def may_restrict(state: State | None, kind: PageKind) -> bool:
    """Return whether a page can be kept for the team: never the start page, a decision or a page of the site."""
    return state is not None and kind not in ALWAYS_OPEN


def may_hide(actor: Actor, audience: Audience, standing: Standing) -> bool:
    """Return whether the actor may hide a version that the law forbids to show: HR, the works council and the privacy
    officer; and of what only a team may read, its lead, because nobody else may read it."""
    if is_past():
        return False
    if actor.has(Role.HR) or actor.has(Role.PRIVACY_OFFICER) or pilots.is_council(actor):
        return True
    return audience is Audience.TEAM and standing.is_lead
