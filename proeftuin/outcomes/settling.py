"""Settling what is measured, by whom and in which direction it gets better; before the start, when all is well.

What must stay true: a pilot has one primary measure at most; nothing is settled in the place of something else, so
that everyone sees when it was changed; a measure that was published about stays of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.events import service as events
from proeftuin.i18n import _
from proeftuin.naming import clean_line, slugify
from proeftuin.outcomes import policy, queries, reading
from proeftuin.outcomes.figures import Kind
from proeftuin.outcomes.models import Measure, Result
from proeftuin.outcomes.statistics import Favourable
from proeftuin.pilots import queries as pilots
from proeftuin.pilots.models import Pilot, State

LONGEST_TITLE = 160
MOST_MEASURES = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to settle about a measure; without a key it is a new one."""

    title: str
    kind: Kind
    favourable: Favourable
    smallest: float
    scale: str = ""
    key: str = ""
    is_primary: bool = False
    is_dropped: bool = False


def require_settler(actor: Actor, pilot: Pilot) -> None:
    """Refuse who does not settle what is measured in this pilot, and a pilot that lies in the archive.

    :raises NotAllowed: for anyone but its team and researchers.
    :raises Conflict: when the pilot lies in the archive.
    """
    if not policy.may_settle(actor, pilots.standing(actor, pilot.id)):
        raise NotAllowed(_("Wat er wordt gemeten, legt het team van de proeftuin vast, of een onderzoeker."))
    if pilot.state is State.ARCHIVED:
        raise Conflict(_("Deze proeftuin ligt in het archief."), way_out=f"/proeftuinen/{pilot.slug}")


def settle(actor: Actor, pilot: Pilot, wanted: Wanted) -> Measure:
    """Settle what is measured: a new measure, or an earlier one in another way.

    :raises Invalid: when something lacks, or there would be two primary measures.
    """
    require_settler(actor, pilot)
    title, scale = clean_line(wanted.title), clean_line(wanted.scale)
    key = wanted.key or slugify(title, length=60).replace("-", "_")
    held = {each.measure.key: each.measure for each in queries.list_measures(pilot.id, with_dropped=True)}
    if problems := _wrong_with(wanted, title, scale, key, held):
        raise Invalid(problems)
    row = Measure(
        pilot_id=pilot.id,
        key=key,
        title=title,
        scale=scale,
        kind=wanted.kind,
        favourable=wanted.favourable,
        smallest=wanted.smallest,
        is_primary=wanted.is_primary and not wanted.is_dropped,
        is_dropped=wanted.is_dropped,
        settled_at=clock.now(),
        settled_by_id=actor.id,
    )
    session().add(row)
    session().flush()
    act = "dropped" if row.is_dropped else "changed" if key in held else "added"
    events.record(actor.id, "outcome:measure", pilot.id, object_id=row.id, summary=title, act=act, key=key)
    return row


def _wrong_with(wanted: Wanted, title: str, scale: str, key: str, held: Mapping[str, Measure]) -> dict[str, str]:
    problems = {}
    if not title:
        problems["title"] = _("Schrijf op wat je meet.")
    elif not wanted.key and key in held:
        problems["title"] = _("Er is al een maat met bijna deze naam. Kies een andere naam.")
    for name, text in (("title", title), ("scale", scale)):
        if len(text) > LONGEST_TITLE:
            problems[name] = _("Maak dit korter: er passen 160 tekens in.")
    if not 0 < wanted.smallest <= reading.LARGEST:
        problems["smallest"] = _("Kies een getal boven nul: vanaf welk verschil vinden jullie het de moeite waard?")
    elif wanted.kind is Kind.SHARE and wanted.smallest >= 100:
        problems["smallest"] = _("Een verschil tussen aandelen is kleiner dan 100 procentpunt.")
    primary = next((each for each in held.values() if each.is_primary and each.key != key), None)
    if wanted.is_primary and not wanted.is_dropped and primary is not None:
        problems["is_primary"] = _(
            "Er is één hoofdmaat, en dat is nu “%(title)s”. Maak die eerst verkennend.", title=primary.title
        )
    if len(held) >= MOST_MEASURES and key not in held:
        problems["title"] = _("Er zijn al 20 maten. Meet liever minder, en dat goed.")
    earlier = held.get(key)
    if earlier is not None and earlier.kind is not wanted.kind and _is_reported(earlier):
        problems["kind"] = _("Over deze maat is al gepubliceerd. Leg een nieuwe maat vast in plaats van deze.")
    return problems


def _is_reported(measure: Measure) -> bool:
    of_key = select(Measure.id).where(Measure.pilot_id == measure.pilot_id, Measure.key == measure.key)
    return session().scalar(select(Result.id).where(Result.measure_id.in_(of_key)).limit(1)) is not None
