"""The days of a proposal: in order, within what the cao allows, and beside other versions and deviations.

What must stay true: a last day is a last day (t/m); what an extension adds is counted with everything before it, from
the first day on which any version applied; an agreement does not work back in time unless the cao says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from proeftuin.deviations.days import months_later
from proeftuin.deviations.proposals.proposed import Against, CaoOfDay, Predecessor, Proposal
from proeftuin.deviations.vocabulary import Direction, State, VersionKind
from proeftuin.i18n import _

BEFORE_THE_END = timedelta(days=60)
DAY = timedelta(days=1)
NOBODY_WORSE = (Direction.BETTER, Direction.NEUTRAL)
_CAN_FOLLOW = frozenset(
    {State.CONCEPT, State.SUBMITTED, State.AGREED, State.IN_FORCE, State.SUSPENDED, State.LAPSED, State.ENDED}
)

Problem = tuple[str, str]


def problems(proposal: Proposal, against: Against) -> Iterator[Problem]:
    """Give what is wrong with the days."""
    first, last = proposal.valid_from, proposal.valid_until
    if first is None:
        yield "valid_from", _("Kies de eerste dag.")
    if last is None:
        yield "valid_until", _("Kies de laatste dag (tot en met). Zonder laatste dag geen afwijking.")
    if first is not None and last is not None and last < first:
        sentence = _(
            "De laatste dag (t/m) ligt vóór de eerste dag. Kies een latere dag: een afwijking heeft een begin en een "
            "einde (%(source)s).",
            source=_source(against.cao),
        )
        yield "valid_until", sentence
        return
    if against.is_history:
        return
    if first is not None:
        yield from _beginning(proposal, first, against)
        yield from _following(proposal, first, against)
    if first is not None and last is not None and against.cao is not None:
        yield from _longest(first, last, against, against.cao)
    if first is not None and last is not None:
        yield from _beside(proposal, first, last, against)
    if proposal.respond_by is not None and proposal.respond_by <= against.on:
        yield "respond_by", _("Kies een dag na vandaag, zodat de partijen tijd hebben.")


def _source(cao: CaoOfDay | None) -> str:
    return _("cao art. %(number)s", number=cao.experiment) if cao is not None and cao.experiment else _("cao")


def _beginning(proposal: Proposal, first: date, against: Against) -> Iterator[Problem]:
    if first >= against.on:
        return
    words = {"source": _source(against.cao)}
    if against.cao is None or not against.cao.is_retroactive:
        yield (
            "valid_from",
            _("De eerste dag is al voorbij. Een afwijking werkt niet terug in de tijd (%(source)s).", **words),
        )
    elif proposal.direction not in NOBODY_WORSE:
        yield (
            "valid_from",
            _("Terugwerken kan alleen als niemand erop achteruitgaat (%(source)s). Kies een latere dag.", **words),
        )


def _following(proposal: Proposal, first: date, against: Against) -> Iterator[Problem]:
    before = against.before
    if proposal.kind is VersionKind.FIRST:
        if before is not None:
            yield "change_note", _("Er is al een versie. Kies of dit een wijziging of een verlenging is.")
        return
    if before is None:
        yield "change_note", _("Er is nog geen versie om te wijzigen of te verlengen.")
        return
    words = {"n": before.number, "last": _day(before.last_day)}
    if before.state not in _CAN_FOLLOW:
        yield (
            "change_note",
            _("Versie %(n)s is voorbij en krijgt geen opvolger. Begin een nieuwe afwijking.", **words),
        )
    if proposal.kind is VersionKind.EXTENSION and first <= before.last_day:
        sentence = _(
            "Een verlenging begint na de laatste dag van versie %(n)s: dat is %(last)s. Twee versies gelden nooit op "
            "dezelfde dag (regel D12).",
            **words,
        )
        yield "valid_from", sentence
    if proposal.kind is VersionKind.AMENDMENT:
        yield from _amending(first, against, before)


def _amending(first: date, against: Against, before: Predecessor) -> Iterator[Problem]:
    words = {"n": before.number, "last": _day(before.last_day)}
    if before.has_begun and first <= against.on:
        yield (
            "valid_from",
            _("Mensen werken al met versie %(n)s. Een wijziging begint op een dag na vandaag.", **words),
        )
    if before.has_begun and first > before.last_day:
        sentence = _(
            "Versie %(n)s loopt tot en met %(last)s. Wat daarna begint is een verlenging, geen wijziging.", **words
        )
        yield "valid_from", sentence


def last_allowed(first: date, against: Against) -> date | None:
    """Return the last day that the cao allows, counted with everything that applied before."""
    if against.cao is None:
        return None
    begin = min(first, against.first_day) if against.first_day is not None else first
    last = months_later(begin, against.cao.max_months) - DAY
    return min(last, against.cao.valid_until) if against.cao.ends_with_cao else last


def _longest(first: date, last: date, against: Against, cao: CaoOfDay) -> Iterator[Problem]:
    if cao.ends_with_cao and last > cao.valid_until:
        sentence = _(
            "Afwijkingen eindigen met de cao, op %(last)s (%(source)s).",
            last=_day(cao.valid_until),
            source=_source(cao),
        )
        yield "valid_until", sentence
    allowed = last_allowed(first, against)
    if allowed is None or last <= allowed:
        return
    begin = min(first, against.first_day or first)
    sentence = _(
        "Een afwijking duurt samen met haar verlengingen hooguit %(months)s maanden (%(source)s). Gerekend vanaf "
        "%(begin)s is %(last)s de laatste dag.",
        months=cao.max_months,
        source=_source(cao),
        begin=_day(begin),
        last=_day(allowed),
    )
    yield "valid_until", sentence


def _beside(proposal: Proposal, first: date, last: date, against: Against) -> Iterator[Problem]:
    for other in against.neighbours:
        if other.first_day > last or other.last_day < first:
            continue
        for number, rule in enumerate(proposal.rules, start=1):
            if rule.place in other.places:
                sentence = _(
                    "%(other)s zet %(place)s in deze proeftuin al opzij, van %(first)s t/m %(last)s. Op één dag "
                    "geldt één afwijking van een lid (regel D1).",
                    other=other.name,
                    place=rule.citation,
                    first=_day(other.first_day),
                    last=_day(other.last_day),
                )
                yield f"rules-{number}", sentence


def evaluation(proposal: Proposal) -> Iterator[Problem]:
    """Give what is wrong with the day of the evaluation: in time for an orderly extension."""
    by, first, last = proposal.evaluate_by, proposal.valid_from, proposal.valid_until
    if by is None:
        yield "evaluate_by", _("Kies de dag waarop de evaluatie klaar is.")
        return
    if first is None or last is None or last < first:
        return
    limit = last - BEFORE_THE_END
    if by < first:
        yield "evaluate_by", _("De evaluatie ligt vóór de eerste dag. Kies een latere dag.")
    elif limit > first and by >= limit:
        sentence = _(
            "Evalueer vóór %(limit)s: zestig dagen voor de laatste dag, zodat verlengen nog op tijd kan.",
            limit=_day(limit),
        )
        yield "evaluate_by", sentence
    elif by > last:
        yield "evaluate_by", _("De evaluatie ligt na de laatste dag. Kies een eerdere dag.")


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"
