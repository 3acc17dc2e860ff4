"""/toezicht: the home of the works council and the unions, which every employee may read.

What must stay true: nobody is told what somebody else saw or did here; a red alert is closed by who may close it,
with a note, and by nobody else.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin import clock
from proeftuin.accounts.models import Role
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.look import Look
from proeftuin.deviations.models import Alert
from proeftuin.deviations.oversight import alerts, oversight
from proeftuin.deviations.register import register as registers
from proeftuin.deviations.register import rows_now
from proeftuin.deviations.register.filters import Filters
from proeftuin.errors import NotFound
from proeftuin.following import queries as following
from proeftuin.following import sentences
from proeftuin.following.changes import Filters as NewsFilters
from proeftuin.following.models import Bookmark
from proeftuin.i18n import _
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render

FIRST_YEAR, LAST_YEAR = 2000, 2100
NEWS = 8
"""How many changes stand beside the lists."""


def show() -> str:
    """Show what applies, what waits, what ends, what is wrong and what changed."""
    actor, today = get_actor(), clock.today()
    edition, places = rows_now.get_edition(), rows_now.list_places()
    parties = rows_now.list_parties()
    counting = registers.counting_for(actor, settings().small_group)
    look = Look(today, None, today)
    us = oversight.us_of(actor)
    waiting = oversight.list_waiting(us, edition, today) if us.parties else []
    submitted = [] if us.parties else oversight.list_submitted(edition)
    wrong = oversight.list_wrong(actor, edition, places, counting, today)
    ending = oversight.list_ending(edition, today)
    listed = edition.choose(Filters(), places, today, per_page=oversight.SHOWN)
    year = _year(today.year)
    rows, in_year = oversight.list_year(edition, year)
    seen = session().get(Bookmark, actor.id)
    news = following.list_changes(
        actor, NewsFilters(sort="afwijkingen", after=seen.seen_event_id if seen else None), per_page=NEWS
    )
    return render(
        "deviations/oversight.html",
        us=us,
        is_secretary=actor.has(Role.CAO_SECRETARY),
        tiles=oversight.tiles(
            edition, places, ending, waiting=len(waiting) if us.parties else len(submitted), wrong=wrong
        ),
        waiting=waiting,
        submitted=registers.make_lines(submitted[: oversight.SHOWN], places, parties, counting, look=look),
        wrong=wrong,
        may_close=policy.may_close_alert(actor),
        ending=[(entry, oversight.days_left(entry, today)) for entry in ending],
        lines=registers.make_lines(listed.rows, places, parties, counting, look=look),
        total=listed.total,
        axis=registers.axis(today),
        parties=list(parties.by_id.values()),
        year=year,
        rows=rows,
        in_year=in_year,
        articles=oversight.count_articles(edition),
        shown=oversight.SHOWN,
        news=[sentences.line(change) for change in news.rows],
        has_more=news.has_next,
        seen=seen.seen_event_id if seen else 0,
    )


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
