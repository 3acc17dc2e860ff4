"""/toezicht: the home of the works council and the unions, which every employee may read.

With `?op=` and `&bekend=` it is that of those days, and nothing can be done. What must stay true: nobody is told what
somebody else saw or did here; a red alert is closed by who may close it, with a note, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Role
from proeftuin.audit import alerts as log_alerts
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Alert
from proeftuin.deviations.oversight import alerts, oversight, oversight_then
from proeftuin.deviations.oversight.oversight import Us, Waits, Wrong
from proeftuin.deviations.register import register as registers
from proeftuin.deviations.register import rows_now, rows_then
from proeftuin.deviations.register.editions import Edition, Place
from proeftuin.deviations.register.filters import Filters
from proeftuin.deviations.register.lines import Counting
from proeftuin.deviations.register.rows_then import Then
from proeftuin.errors import NotFound
from proeftuin.following import queries as following
from proeftuin.following import sentences
from proeftuin.following.changes import Filters as NewsFilters
from proeftuin.following.models import Bookmark
from proeftuin.i18n import _
from proeftuin.past.day import is_past
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

FIRST_YEAR, LAST_YEAR = 2000, 2100
NEWS = 8
"""How many changes stand beside the lists."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed: its lines, where more of it stands, and the day of it, or None for since the visit before."""

    lines: Sequence[sentences.Line]
    more: str
    day: date | None


def show() -> str:
    """Show what applies, what waits, what ends, what is wrong and what changed: now, or on another day."""
    actor, look = get_actor(), Look.parse(request.args.get("bekend"))
    then = None if look.is_present else rows_then.get_edition(look)
    edition, places = then.edition if then else rows_now.get_edition(), rows_now.list_places()
    parties = rows_now.list_parties()
    counting = registers.counting_for(actor, settings().small_group)
    us, waiting, wrong = _pressing(actor, look, then or edition, places, counting)
    submitted = [] if us.parties else oversight.list_submitted(edition)
    ending = oversight.list_ending(edition, look.day)
    listed = edition.choose(Filters(), places, look.day, per_page=oversight.SHOWN)
    lines = partial(registers.make_lines, places=places, parties=parties, counting=counting, look=look, then=then)
    year = _year(look.day.year)
    rows, in_year = oversight.list_year(edition, year)
    return render(
        "deviations/oversight.html",
        look=look,
        is_past=is_past(),
        us=us,
        is_secretary=actor.has(Role.CAO_SECRETARY),
        tiles=oversight.tiles(
            edition, places, ending, waiting=len(waiting) if us.parties else len(submitted), wrong=wrong
        ),
        waiting=waiting,
        submitted=lines(submitted[: oversight.SHOWN]),
        wrong=wrong,
        may_close=look.is_present and policy.may_close_alert(actor),
        ending=[(entry, oversight.days_left(entry, look.day)) for entry in ending],
        lines=lines(listed.rows),
        total=listed.total,
        axis=registers.axis(look.day),
        parties=list(parties.by_id.values()),
        year=year,
        rows=rows,
        in_year=in_year,
        articles=oversight.count_articles(edition),
        shown=oversight.SHOWN,
        news=_news(actor, look),
        is_log_wrong=look.is_present and log_alerts.is_any_open(),
    )


def _pressing(
    actor: Actor, look: Look, seen: Then | Edition, places: Mapping[int, Place], counting: Counting
) -> tuple[Us, list[Waits], list[Wrong]]:
    """Return for whom the actor watches, what waits for them and what is wrong; on another day nobody signs."""
    us = oversight.us_of(actor)
    if isinstance(seen, Edition):
        waiting = oversight.list_waiting(us, seen, look.day) if us.parties else []
        return us, waiting, oversight.list_wrong(actor, seen, places, counting, look.day)
    us = replace(us, signs=frozenset())
    wrong = oversight_then.list_wrong(actor, seen, places, counting, look)
    return us, oversight_then.list_waiting(us, seen, look), wrong


def _news(actor: Actor, look: Look) -> News:
    """Return what changed: since the visit before, or on the day that is shown."""
    if look.is_present:
        seen = session().get(Bookmark, actor.id)
        after = seen.seen_event_id if seen else None
        filters, rest = NewsFilters(sort="afwijkingen", after=after), f"sinds={after}" if after else ""
        day = None
    else:
        day = min(look.day, look.known or look.day)
        filters, rest = NewsFilters(sort="afwijkingen", first=day, last=day), f"van={day}&tot={day}"
    found = following.list_changes(actor, filters, per_page=NEWS)
    address = "/wijzigingen?soort=afwijkingen" + (f"&{rest}" if rest else "")
    return News([sentences.line(change) for change in found.rows], address if found.has_next else "", day)


def _year(usual: int) -> int:
    """Return the first year of the timeline: what the address asks for, when it is one."""
    given = request.args.get("jaar", "")
    asked = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else usual
    return asked if FIRST_YEAR <= asked <= LAST_YEAR else usual


def close(alert_id: int) -> ResponseReturnValue:
    """Close a red alert, with a note."""
    actor = get_actor()
    alert = session().get(Alert, alert_id)
    if alert is None:
        raise NotFound
    alerts.close(actor, alert, note=request.form.get("note", ""))
    flash(_("Het signaal is gesloten. Je toelichting blijft bewaard."), "good")
    return redirect("/toezicht#mis", 303)


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the register."""
    blueprint.add_url_rule("/toezicht", "oversight", show)
    blueprint.add_url_rule("/toezicht/signalen/<int:alert_id>", "close_alert", close, methods=["POST"])
