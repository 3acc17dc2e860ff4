"""A pilot with a cao that holds today and a draft that is complete, for the tests of drafting."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.drafting import assessing, drafts
from proeftuin.deviations.drafting.drafts import Typed
from proeftuin.deviations.drafting.fields import flat
from proeftuin.deviations.models import Deviation, Draft, Version
from proeftuin.deviations.proposals.proposed import mark_of
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.plan import fingerprints
from proeftuin.pilots.policy import NOBODY
from tests.cao import scene as cao
from tests.cast import Cast
from tests.client import Client
from tests.pilots import builders

DAY = timedelta(days=1)
TEXT = "De medewerker krijgt 145 euro per maand, ongeacht de afstand."


def publish_cao(*, months: int = 18, **terms: str) -> Actor:
    """Publish a cao that holds for two years around today; return the secretary who did."""
    today = clock.today()
    secretary = cao.make_secretary()
    days = {
        "valid_from": (today - timedelta(days=200)).isoformat(),
        "valid_until": (today + timedelta(days=500)).isoformat(),
        "max_deviation_months": str(months),
    }
    cao.publish(secretary, **{**days, **terms})
    return secretary


def words(**changes: str) -> dict[str, str]:
    """Return what is typed in a draft that lacks nothing but rules and the legal check."""
    today = clock.today()
    return {
        "title": "Vast reisbudget",
        "group": "Deelnemers van Geotechniek",
        "max_participants": "30",
        "selection": "Wie zich aanmeldt, op volgorde.",
        "is_voluntary": "ja",
        "valid_from": (today + 60 * DAY).isoformat(),
        "valid_until": (today + 260 * DAY).isoformat(),
        "direction": "gemengd",
        "direction_note": "Wie dichtbij woont gaat erop vooruit.",
        "shifts": "Niets.",
        "guarantee": "Per kwartaal aanvulling tot de cao.",
        "fallback_person": "De volgende maand terug naar kilometers.",
        "fallback_all": "Iedereen terug naar kilometers.",
        "equal_treatment": "Nagegaan: deeltijders krijgen het naar rato.",
        "consent": "vereist",
        "consent_ground": "27.1.k",
        "basis": "experimenteerartikel",
        "basis_reason": "Artikel 1.2 staat proeven toe.",
        "evaluate_by": (today + 190 * DAY).isoformat(),
        "reporting": "Elk kwartaal aan bonden en OR.",
        **changes,
    }


def typed(**values: str) -> Typed:
    """Return a form that changes these fields, whatever stood there."""
    return Typed("", {}, values)


def write(actor: Actor, deviation: Deviation, **values: str) -> None:
    """Put words in a draft as somebody would who saw what stands there."""
    stored = flat(drafts.get(deviation).fields)
    saved = drafts.save(actor, deviation, Typed("", fingerprints({**dict.fromkeys(values, ""), **stored}), values))
    assert not saved.conflicts


def begin(cast: Cast, pilot: Pilot | None = None, *, article: str = "2.2", **changes: str) -> Deviation:
    """Begin a draft that is complete, legal check included."""
    deviation = service.create(cast.lead, pilot or builders.prepared(cast))
    write(cast.lead, deviation, **words(**changes))
    (row,) = drafts.add_rules(cast.lead, deviation, article, ["1"])
    write(cast.lead, deviation, **{f"rules-{row}-text": TEXT})
    assess(cast, deviation)
    return deviation


def assess(cast: Cast, deviation: Deviation, outcome: str = "binnen_wet", *references: str) -> Draft:
    """Let Esra of HR do the legal check on the rules as they are."""
    mark = mark_of(drafts.weigh(deviation, drafts.get(deviation)).proposal.rules)
    codes = references or ("BW 7:631",)
    return assessing.assess(
        cast.hr, deviation, outcome=outcome, references=codes, others="", note="Nagekeken.", mark=mark
    )


def missing(deviation: Deviation) -> dict[str, str]:
    """Return what keeps the draft from being submitted."""
    return dict(drafts.weigh(deviation, drafts.get(deviation)).problems)


def submit(cast: Cast, deviation: Deviation) -> Version:
    """Submit the draft."""
    weighed = drafts.weigh(deviation, drafts.get(deviation))
    assert not weighed.problems, weighed.problems
    return service.submit(cast.lead, deviation, weighed.proposal)


def again(cast: Cast, number: int) -> Deviation:
    """Submit a draft that was stored before."""
    deviation = session().get_one(Deviation, number)
    submit(cast, deviation)
    return deviation


def stored(database: Database, build: Any, *, expunge: bool = True) -> Any:
    """Build something in a transaction of its own, for tests over HTTP."""
    with database.transaction() as unit:
        made = build()
        unit.flush()
        if expunge:
            unit.expunge_all()
    return made


def hidden_base(page: str) -> str:
    """Return the hidden field with which a form knows what it was shown."""
    match = re.search(r'name="base" value="([^"]+)"', page)
    assert match is not None
    return unescape(match[1])


def post(browser: Client, path: str, *, do: str = "save", **fields: Any) -> Any:
    """Open the draft and send its form with these fields."""
    page = browser.get(path)
    assert page.status_code == 200, page.status_code
    return browser.post(path, {"base": hidden_base(page.text), "do": do, **fields})


def fields_of(database: Database, deviation: Deviation) -> dict[str, str]:
    """Return what stands in the draft."""
    with database.reading():
        draft = session().get(Draft, deviation.id)
        return flat(draft.fields) if draft is not None else {}


def day(days: int) -> str:
    """Return the day so many days from today, as a form has it."""
    return (clock.today() + days * DAY).isoformat()


__all__ = ["NOBODY"]
