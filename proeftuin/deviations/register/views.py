"""/afwijkingen: the public register, with every choice in the address.

What must stay true: everyone who is signed in reads it; with `?op=` and `&bekend=` it is that of those days, and
nothing on it can be done then.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request

from proeftuin.deviations import policy
from proeftuin.deviations.look import Look
from proeftuin.deviations.register import filters as choosing
from proeftuin.deviations.register import register as registers
from proeftuin.deviations.register.filters import ENDS_WITHIN, Filters, Sort
from proeftuin.errors import NotFound
from proeftuin.past.day import is_past
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.heads import Head
from proeftuin.pilots.policy import NOBODY
from proeftuin.web.application import settings
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render


def show() -> str:
    """Show a page of the register."""
    actor = get_actor()
    look = Look.parse(request.args.get("bekend"))
    filters = Filters.parse(request.args)
    of_pilot = _pilot(filters.pilot)
    if of_pilot is None:
        filters = replace(filters, pilot="")
    counting = registers.counting_for(actor, settings().small_group)
    return render(
        "deviations/register.html",
        register=registers.get_register(filters, look, counting),
        filters=filters,
        look=look,
        of_pilot=of_pilot,
        may_prepare=look.is_present and policy.may_prepare(actor, of_pilot.standing if of_pilot else NOBODY),
        sorts=[(sort, choosing.sort_name(sort)) for sort in Sort],
        ends_within=ENDS_WITHIN,
        is_past=is_past(),
    )


def _pilot(slug: str) -> Head | None:
    """Return the pilot whose deviations are asked for; one that the reader may not know is none."""
    if not slug:
        return None
    try:
        return pilots.get_head(get_actor(), slug)
    except NotFound:
        return None


def register(blueprint: Blueprint) -> None:
    """Join these addresses to the blueprint of the register."""
    blueprint.add_url_rule("/afwijkingen", "register", show)
