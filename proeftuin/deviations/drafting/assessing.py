"""The legal check: done by one person of HR, with name and day, against the rules as they are then.

What must stay true: nobody else writes it; it says which rules it saw (`mark`), so that it is outdated as soon as
they change.
"""

from __future__ import annotations

from collections.abc import Sequence

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.deviations import policy
from proeftuin.deviations.drafting import drafts, legal
from proeftuin.deviations.drafting.fields import Fields
from proeftuin.deviations.models import Deviation, Draft
from proeftuin.deviations.proposals.proposed import Proposal, mark_of
from proeftuin.deviations.vocabulary import LegalOutcome
from proeftuin.errors import Conflict, Invalid, NotAllowed
from proeftuin.i18n import _

MOST_WORDS = 10_000


def authorize(actor: Actor) -> None:
    """Refuse who does not do legal checks.

    :raises NotAllowed: for anyone but HR.
    """
    if not policy.may_assess(actor):
        raise NotAllowed(_("De wettelijke toets doet HR, met naam en datum."))


def assess(
    actor: Actor, deviation: Deviation, *, outcome: str, references: Sequence[str], others: str, note: str, mark: str
) -> Draft:
    """Write the legal check of the draft.

    :param others: references that are not in the list, as typed, with commas between them.
    :param mark: of the rules that the form showed.
    :raises Invalid: when no outcome was chosen, or nothing says what it rests on.
    :raises Conflict: when the rules changed meanwhile.
    """
    authorize(actor)
    draft = drafts.get(deviation, hold=True)
    rules = drafts.weigh(deviation, draft).proposal.rules
    wrong: dict[str, str] = {}
    if outcome not in set(LegalOutcome):
        wrong["outcome"] = _("Kies wat de toets oplevert.")
    known = [each.code for each in legal.find(references)]
    named = [*known, *(each.strip()[:60] for each in others.split(",") if each.strip())]
    if outcome != LegalOutcome.PENDING and not named and not note.strip():
        wrong["references"] = _("Kies waar de toets op steunt, of leg het uit in de toelichting.")
    if len(note) > MOST_WORDS:
        wrong["note"] = _("Maak dit korter: er passen 10.000 tekens in.")
    if not rules:
        wrong["outcome"] = _("Er is nog geen lid van de cao gekozen. Er is dus nog niets te toetsen.")
    if wrong:
        raise Invalid(wrong)
    if mark != mark_of(rules):
        raise Conflict(_("De regels zijn veranderd sinds je deze toets opende. Bekijk ze eerst opnieuw."))
    assessment: Fields = {
        "outcome": outcome,
        "references": named,
        "note": note.strip(),
        "by": actor.id,
        "on": clock.today().isoformat(),
        "mark": mark,
    }
    draft.assessment = assessment
    draft.edition += 1
    session().flush()
    return draft


def is_outdated(draft: Draft, proposal: Proposal) -> bool:
    """Return whether the rules changed after the legal check."""
    seen = draft.assessment.get("mark")
    return seen is not None and seen != mark_of(proposal.rules)
