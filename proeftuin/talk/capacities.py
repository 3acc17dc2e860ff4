"""Capacities in words: what stands behind a name, so that a reader always knows who speaks.

A pair is the kind of mark (`team`, `named`, `alias` or none) and the word on it, as the `role` component wants it.
"""

from __future__ import annotations

from proeftuin.i18n import _
from proeftuin.talk.models import Capacity

Marks = tuple[tuple[str, str], ...]


def word_for(capacity: Capacity) -> str:
    """Return the capacity as one word."""
    return {
        Capacity.EMPLOYEE: _("medewerker"),
        Capacity.NON_PARTICIPANT: _("niet-deelnemer"),
        Capacity.PARTICIPANT: _("deelnemer"),
        Capacity.TEAM: _("proeftuinteam"),
        Capacity.WORKS_COUNCIL: _("OR"),
        Capacity.UNION: _("bond"),
        Capacity.EMPLOYER: _("werkgever"),
        Capacity.HR: _("HR"),
        Capacity.EXTERNAL: _("extern"),
    }[capacity]


def marks_of(capacity: Capacity, *, alias: str | None = None, party_name: str | None = None) -> Marks:
    """Return the marks behind a name: a party in full, a pseudonym with the capacity beside it."""
    if alias is not None:
        return (("alias", _("schuilnaam")), ("", word_for(capacity)))
    if capacity is Capacity.TEAM:
        return (("team", word_for(capacity)),)
    if capacity is Capacity.WORKS_COUNCIL and party_name:
        return (("named", _("namens de OR")),)
    if party_name:
        return (("named", _("namens %(party)s", party=party_name)),)
    return (("", word_for(capacity)),)
