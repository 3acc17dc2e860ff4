"""Who may do what with a deviation (domain dossier, chapters 4, 6.6 and 10).

What must stay true: a party's position is in the hands of who has a mandate today to sign for that party, and of
nobody else: not of the employer, not of an administrator, not of the secretary. On a day of the past nothing can be
done. Everyone reads the rules themselves; only reasons that a party keeps to those who watch are withheld.
"""

from __future__ import annotations

from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Party, PartyKind, Role
from proeftuin.deviations.vocabulary import ShownTo
from proeftuin.past.day import is_past
from proeftuin.pilots.policy import Standing


def may_prepare(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor writes on a draft: the team of the pilot, and HR."""
    return not is_past() and (standing.is_member or actor.has(Role.HR))


def may_read_draft(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor finds a deviation that was never submitted."""
    return standing.is_member or actor.has(Role.HR)


def may_submit(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor submits a version (D1), takes it back, rejects or withdraws it: the lead, and HR."""
    return not is_past() and (standing.is_lead or actor.has(Role.HR))


def may_assess(actor: Actor) -> bool:
    """Return whether the actor does the legal check."""
    return not is_past() and actor.has(Role.HR)


def signs_for(actor: Actor) -> frozenset[int]:
    """Return the parties for which the actor may sign today."""
    if is_past():
        return frozenset()
    return frozenset(mandate.party_id for mandate in actor.mandates if mandate.may_sign)


def may_enter_letter(actor: Actor, party: Party) -> bool:
    """Return whether the actor enters a letter of a party: HR and the secretary, for a union or the works council.

    It does not count until the party confirms it.
    """
    writes = not is_past() and actor.has(Role.CAO_SECRETARY, Role.HR)
    return writes and party.kind is not PartyKind.EMPLOYER and party.id not in signs_for(actor)


def may_suspend(actor: Actor, party: Party) -> bool:
    """Return whether the actor suspends for a party: the works council, a party of the cao, the employer (D8)."""
    has_part = party.signs_cao or party.kind is not PartyKind.UNION
    return has_part and party.id in signs_for(actor)


def may_end(actor: Actor) -> bool:
    """Return whether the actor ends a deviation at once: a signatory of the employer (D10)."""
    return _signs_as(actor, PartyKind.EMPLOYER)


def may_tell_decision(actor: Actor) -> bool:
    """Return whether the actor records that the works council was told of the decision (art. 27 lid 5 WOR)."""
    return _signs_as(actor, PartyKind.EMPLOYER) or (not is_past() and actor.has(Role.HR))


def may_record_ministry(actor: Actor) -> bool:
    """Return whether the actor records what was sent to and came from SZW: the secretary of the cao parties, HR."""
    return not is_past() and actor.has(Role.CAO_SECRETARY, Role.HR)


def may_state_fallback(actor: Actor, standing: Standing) -> bool:
    """Return whether the actor makes the fallback statement: the lead (4.1)."""
    return not is_past() and standing.is_lead


def may_report_condition(actor: Actor, standing: Standing, owner_id: int) -> bool:
    """Return whether the actor reports on a condition: its owner, the team, the works council, the secretary."""
    reports = actor.id == owner_id or standing.is_member or actor.has(Role.CAO_SECRETARY)
    return not is_past() and (reports or _signs_as(actor, PartyKind.WORKS_COUNCIL))


def may_report(actor: Actor) -> bool:
    """Return whether the actor makes a report (*melding*): everyone who is signed in."""
    return not is_past()


def may_read_reports(actor: Actor) -> bool:
    """Return whether the actor reads what reports say: they go to the works council and the unions first."""
    return is_monitor(actor)


def may_handle_report(actor: Actor) -> bool:
    """Return whether the actor writes what was done with a report: the works council, or a union with a mandate."""
    return not is_past() and _watches(actor)


def may_close(actor: Actor) -> bool:
    """Return whether the actor closes a deviation that is over (D13)."""
    return not is_past() and (actor.has(Role.CAO_SECRETARY) or _signs_as(actor, PartyKind.WORKS_COUNCIL))


def may_close_alert(actor: Actor) -> bool:
    """Return whether the actor closes a red alert: the works council and the unions, never the employer (6.2)."""
    return not is_past() and _watches(actor)


def is_monitor(actor: Actor) -> bool:
    """Return whether the actor watches for others: the works council, unions, the secretary of the cao parties."""
    return _watches(actor) or actor.has(Role.WORKS_COUNCIL, Role.UNION_OFFICER, Role.CAO_SECRETARY)


def may_read_reasons(actor: Actor, shown_to: ShownTo) -> bool:
    """Return whether the actor reads a remark or an annex that a party keeps to a circle."""
    return shown_to is ShownTo.EVERYONE or is_monitor(actor)


def _watches(actor: Actor) -> bool:
    return any(mandate.kind is not PartyKind.EMPLOYER and mandate.may_sign for mandate in actor.mandates)


def _signs_as(actor: Actor, kind: PartyKind) -> bool:
    return not is_past() and any(mandate.kind is kind and mandate.may_sign for mandate in actor.mandates)
