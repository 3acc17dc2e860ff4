"""What a proposal may be, and yet asks for a look before it is submitted. Pure."""

from __future__ import annotations

from datetime import date

from proeftuin.deviations.proposals.proposed import RESPONSE_TERM, Against, Proposal
from proeftuin.deviations.vocabulary import Direction
from proeftuin.i18n import _


def remarks(proposal: Proposal, against: Against) -> list[tuple[str, str]]:
    """Return what asks for a look, each by its field."""
    found = []
    last, ends = proposal.valid_until, against.pilot_ends_on
    if last is not None and ends is not None and last < ends:
        sentence = _(
            "De afwijking eindigt op %(last)s en de proeftuin pas op %(ends)s. Daarna geldt de cao weer.",
            last=_day(last),
            ends=_day(ends),
        )
        found.append(("valid_until", sentence))
    respond_by = proposal.respond_by or against.on + RESPONSE_TERM
    if proposal.valid_from is not None and respond_by >= proposal.valid_from:
        sentence = _(
            "Partijen mogen reageren tot en met %(day)s. Dat is niet vóór de eerste dag; de start kan te vroeg zijn.",
            day=_day(respond_by),
        )
        found.append(("respond_by", sentence))
    if proposal.is_voluntary is False:
        found.append(("is_voluntary", _("Meedoen is niet vrijwillig. Leg uit waarom dat mag.")))
    if proposal.direction is Direction.MIXED and not proposal.subgroups:
        found.append(("subgroups", _("Het pakt gemengd uit. Noem de groepen voor wie het beter of slechter is.")))
    return found


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"
