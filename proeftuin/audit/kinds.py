"""Which acts are formal, so that they enter the sealed log: the one table of them. Versions of pages are among them.

An act that is to be sealed gets a line here and nothing else: `audit` hears of every event inside the transaction
of the act. A kind that ends in a colon stands for everything that begins so. Joining, leaving, following and reading
leave no event, so they can never get here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from proeftuin import i18n
from proeftuin.events.models import Event
from proeftuin.i18n import _

STARTED = "log:started"
ERASED = "log:erased"
HIDDEN, SHOWN = "page:version_hidden", "page:version_shown"
VERSIONS = ("page:created", "page:saved", "page:restored")
"""The acts that add a version to a page."""
COMMENTS = "comments:day"
"""The hashes of what was said on a day; it is no event, a job of the night enters it."""
TEXTS = (*VERSIONS, COMMENTS)
"""What is in the log because it was written, and not because it was decided."""


@dataclass(frozen=True, slots=True)
class Formal:
    """A kind of formal act: which of its events count, and whether only administrators read what it holds."""

    counts: Callable[[Event], bool] = lambda event: True
    for_keepers: bool = False


def _changes_lead(event: Event) -> bool:
    return any(event.data.get(key) for key in ("lead", "is_lead", "was_lead"))


FORMAL: dict[str, Formal] = {
    "pilot:opened": Formal(),
    "pilot:state": Formal(),
    "pilot:team": Formal(_changes_lead),
    "pilot:promise_settled": Formal(),
    **{kind: Formal() for kind in VERSIONS},
    "page:deleted": Formal(),
    "page:undeleted": Formal(),
    HIDDEN: Formal(),
    SHOWN: Formal(),
    "page:restricted": Formal(),
    "file:removed": Formal(),
    "file:erased": Formal(),
    "admin:role_given": Formal(for_keepers=True),
    "admin:role_ended": Formal(for_keepers=True),
    "admin:second_factor_reset": Formal(for_keepers=True),
    "admin:mandate_given": Formal(),
    "admin:mandate_ended": Formal(),
    "admin:party_created": Formal(),
    "admin:party_changed": Formal(),
    "admin:party_closed": Formal(),
    "admin:party_reopened": Formal(),
    "cao:": Formal(),
    "deviation:": Formal(lambda event: event.kind != "deviation:created"),  # a concept is the team's own
    "alert:closed": Formal(),
    "log:alert_closed": Formal(),
    "position:": Formal(),
    "outcome:": Formal(),
    "condition:": Formal(),
}
FOR_KEEPERS = [kind for kind, formal in FORMAL.items() if formal.for_keepers]


def is_formal(event: Event) -> bool:
    """Return whether an event enters the log."""
    formal = FORMAL.get(event.kind) or FORMAL.get(event.kind.partition(":")[0] + ":")
    return formal is not None and formal.counts(event)


def label(act: str) -> str:
    """Return an act in words of the reader; one without words of its own is told by its name."""
    return _labels(i18n.language()).get(act, act.replace(":", " ").replace("_", " "))


@cache
def _labels(language: str) -> dict[str, str]:
    return {
        STARTED: _("Het logboek begon"),
        ERASED: _("Inhoud gewist"),
        "cao:published": _("Cao gepubliceerd"),
        "deviation:submitted": _("Afwijking voorgelegd"),
        "deviation:taken_back": _("Versie van een afwijking teruggenomen"),
        "deviation:rejected": _("Afwijking afgewezen"),
        "deviation:withdrawn": _("Afwijking ingetrokken"),
        "deviation:agreed": _("Afwijking overeengekomen"),
        "deviation:in_force": _("Afwijking van kracht"),
        "deviation:suspended": _("Afwijking opgeschort"),
        "deviation:resumed": _("Afwijking hervat"),
        "deviation:objected": _("Bezwaar tegen hervatten"),
        "deviation:ended": _("Afwijking beëindigd"),
        "deviation:lapsed": _("Afwijking vervallen"),
        "deviation:replaced": _("Versie van een afwijking vervangen"),
        "deviation:ministry": _("Aanmelding bij of kennisgeving van SZW"),
        "deviation:fallback": _("Terugvalverklaring"),
        "deviation:reconfirmed": _("Afwijking herbevestigd"),
        "deviation:decision_told": _("Besluit meegedeeld aan de OR"),
        "deviation:without_rules": _("Verder zonder de afgeweken regels"),
        "deviation:incident": _("Melding bij een afwijking"),
        "deviation:incident_handled": _("Melding afgehandeld"),
        "deviation:closed": _("Afwijking afgesloten"),
        "alert:closed": _("Rood signaal gesloten"),
        "log:alert_closed": _("Rood signaal over het logboek gesloten"),
        "position:recorded": _("Standpunt vastgelegd"),
        "position:letter": _("Standpunt uit een brief ingevoerd"),
        "position:confirmed": _("Standpunt uit een brief beantwoord"),
        "outcome:measure": _("Vastgelegd wat er wordt gemeten"),
        "outcome:published": _("Uitkomsten gepubliceerd"),
        "condition:reported": _("Gemeld over een voorwaarde"),
        "pilot:opened": _("Proeftuin open voor iedereen"),
        "pilot:state": _("Proeftuin naar een andere fase"),
        "pilot:team": _("Andere trekker"),
        "pilot:promise_settled": _("Belofte afgerond"),
        "page:created": _("Pagina gemaakt"),
        "page:saved": _("Versie van een pagina opgeslagen"),
        "page:restored": _("Oude versie van een pagina teruggezet"),
        COMMENTS: _("Vingerafdrukken van de reacties van een dag"),
        "page:deleted": _("Pagina verwijderd"),
        "page:undeleted": _("Pagina teruggehaald"),
        "page:version_hidden": _("Versie verborgen"),
        "page:version_shown": _("Versie weer zichtbaar"),
        "page:restricted": _("Pagina besloten gemaakt"),
        "file:removed": _("Bestand weggehaald"),
        "file:erased": _("Inhoud van een bestand vernietigd"),
        "admin:role_given": _("Rol gegeven"),
        "admin:role_ended": _("Rol beëindigd"),
        "admin:second_factor_reset": _("Tweede stap van iemand gewist"),
        "admin:mandate_given": _("Mandaat gegeven"),
        "admin:mandate_ended": _("Mandaat beëindigd"),
        "admin:party_created": _("Partij toegevoegd"),
        "admin:party_changed": _("Partij gewijzigd"),
        "admin:party_closed": _("Partij gesloten"),
        "admin:party_reopened": _("Partij heropend"),
    }
