"""Preparing the next version: a change, or an extension ("verlenging voorbereiden"), with every field of the last
version copied.

What must stay true: what was agreed stays in force meanwhile; one version is prepared at a time; a deviation that is
over by refusal or withdrawal has no next version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations.days import months_later
from proeftuin.deviations.drafting import drafts
from proeftuin.deviations.drafting.fields import Fields, flat
from proeftuin.deviations.drafting.reading import fields_of
from proeftuin.deviations.drafting.weighing import party_lines
from proeftuin.deviations.models import Deviation, Draft, Rule, Version
from proeftuin.deviations.parties import duties
from proeftuin.deviations.proposals.proposed import ProposedRule, mark_of
from proeftuin.deviations.states import loading
from proeftuin.deviations.vocabulary import Duty, State, VersionKind
from proeftuin.errors import Conflict
from proeftuin.i18n import _

CAN_FOLLOW = frozenset({State.SUBMITTED, State.AGREED, State.IN_FORCE, State.SUSPENDED, State.LAPSED, State.ENDED})
DAY = timedelta(days=1)


def last_version(deviation: Deviation) -> Version | None:
    """Return the version that was submitted last, or None."""
    query = select(Version).where(Version.deviation_id == deviation.id).order_by(Version.number.desc()).limit(1)
    return session().scalars(query).first()


def kinds(deviation: Deviation) -> tuple[VersionKind, ...]:
    """Return what the next version can be, the usual one first."""
    state = loading.course(deviation.id).state
    if state in (State.LAPSED, State.ENDED):
        return (VersionKind.EXTENSION,)
    if state in (State.IN_FORCE, State.SUSPENDED):
        return VersionKind.AMENDMENT, VersionKind.EXTENSION
    return (VersionKind.AMENDMENT,)


def prepare(actor: Actor, deviation: Deviation, kind: VersionKind) -> Draft:
    """Put the next version ready, with every field of the last one; the one that is being prepared, if one is.

    :raises Conflict: when the deviation cannot have a next version.
    """
    drafts.authorize(actor, deviation)
    present = drafts.find(deviation, hold=True)
    if present is not None:
        return present
    version, course = last_version(deviation), loading.course(deviation.id)
    if version is None or course.state not in {*CAN_FOLLOW, State.CONCEPT}:
        raise Conflict(_("Deze afwijking is afgesloten. Begin een nieuwe."), way_out=f"/afwijkingen/{deviation.code}")
    last = course.last_day or version.valid_until
    draft = Draft(
        deviation_id=deviation.id,
        kind=kind,
        fields=_copied(version, kind, last),
        assessment=_assessment(version),
        changed_at=clock.now(),
        changed_by_id=actor.id,
    )
    session().add(draft)
    session().flush()
    return draft


def _copied(version: Version, kind: VersionKind, last: date) -> Fields:
    fields = fields_of(version, _computed(version))
    fields |= {"kind": kind.value, "change_note": "", "respond_by": ""}
    if kind is VersionKind.EXTENSION:
        first = max(last, clock.today()) + DAY
        fields |= {"valid_from": first.isoformat(), "valid_until": "", "evaluate_by": ""}
    for row in fields["conditions"].values():
        row["due_on"] = _next_due(row["due_on"], row["every_months"])
    return fields


def _next_due(due_on: str, every_months: str) -> str:
    """Return the first time to come that a recurring condition is due; another keeps its day."""
    if not every_months or not due_on:
        return due_on
    first, steps = date.fromisoformat(due_on), 0
    day = first
    while day < clock.today():
        steps += 1
        day = months_later(first, steps * int(every_months))
    return day.isoformat()


def _assessment(version: Version) -> dict[str, object]:
    """Return the legal check of a version. It holds for as long as the rules are the same."""
    rules = session().scalars(select(Rule).where(Rule.version_id == version.id))
    seen = [ProposedRule(r.article_key, r.article_number, r.paragraph, r.cao_text, r.text) for r in rules]
    return {
        "outcome": version.legal_outcome.value,
        "references": list(version.legal_references),
        "note": version.legal_note,
        "by": version.legal_by_id,
        "on": version.legal_on.isoformat(),
        "mark": mark_of(seen),
    }


def _computed(version: Version) -> Mapping[int, Duty]:
    return duties(version.basis, version.consent, party_lines(clock.today()))


def differences(version: Version, draft: Draft) -> list[tuple[str, str, str]]:
    """Return the fields that are different from a version: the name in the form, what it was and what it is."""
    old, new = flat(fields_of(version, _computed(version))), flat(draft.fields)
    left_out = {"kind", "change_note", "respond_by"}
    names = [name for name in {**old, **new} if name not in left_out]
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "").strip() != new.get(name, "").strip()
    ]
