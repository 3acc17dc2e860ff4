"""The words and signs of the register: the same word for a state, a position or a direction on every screen.

What must stay true: a state is a word and a sign, never colour alone; a direction has no colour, because better or
worse is a view and not a state.
"""

from __future__ import annotations

from proeftuin.deviations.vocabulary import (
    ActKind,
    Basis,
    ConditionKind,
    ConditionState,
    Consent,
    Direction,
    EndReason,
    LegalOutcome,
    PositionStatus,
    Severity,
    ShownTo,
    State,
    VersionKind,
)
from proeftuin.i18n import _

Badge = tuple[str, str, str]
"""Kind, icon and word, as the macro `badge` takes them."""


def state(value: State) -> Badge:
    """Return the state of a deviation, or of a version."""
    return {
        State.CONCEPT: ("", "pencil", _("Concept")),
        State.SUBMITTED: ("info", "question", _("Voorgelegd")),
        State.AGREED: ("good", "check", _("Overeengekomen")),
        State.IN_FORCE: ("good", "check", _("Van kracht")),
        State.SUSPENDED: ("warn", "pause", _("Opgeschort")),
        State.REJECTED: ("bad", "cross", _("Afgewezen")),
        State.WITHDRAWN: ("done", "stop", _("Ingetrokken")),
        State.ENDED: ("done", "stop", _("Beëindigd")),
        State.LAPSED: ("bad", "stop", _("Vervallen")),
        State.CLOSED: ("done", "file", _("Afgesloten")),
        State.REPLACED: ("done", "reply", _("Vervangen")),
    }[value]


def status(value: PositionStatus | None) -> Badge:
    """Return the position of a party; None is a party that said nothing yet."""
    if value is None:
        return "", "p-open", _("open")
    return {
        PositionStatus.CONSIDERING: ("warn", "p-half", _("in beraad")),
        PositionStatus.CONSULTING: ("warn", "p-half", _("raadpleegt de achterban")),
        PositionStatus.AGREED: ("good", "p-yes", _("akkoord")),
        PositionStatus.WITH_RESERVATION: ("warn", "p-but", _("akkoord onder voorbehoud")),
        PositionStatus.REFUSED: ("bad", "p-no", _("niet akkoord")),
        PositionStatus.WITHDRAWN: ("bad", "p-no", _("ingetrokken")),
        PositionStatus.NOTICE: ("bad", "p-no", _("opgezegd")),
        PositionStatus.CONSENTED: ("good", "p-yes", _("instemming")),
        PositionStatus.CONSENT_REFUSED: ("bad", "p-no", _("instemming geweigerd")),
        PositionStatus.NOT_NEEDED: ("good", "p-yes", _("instemming niet nodig")),
        PositionStatus.ADVICE_POSITIVE: ("info", "p-half", _("positief advies")),
        PositionStatus.ADVICE_NEGATIVE: ("warn", "p-half", _("negatief advies")),
        PositionStatus.COURT: ("good", "p-yes", _("vervangende toestemming")),
        PositionStatus.NULLITY: ("bad", "p-no", _("nietigheid ingeroepen")),
    }[value]


def direction(value: Direction | None) -> Badge:
    """Return what it means for the employee, in the eyes of one party."""
    if value is None:
        return "", "", _("geen opgave")
    return {
        Direction.BETTER: ("", "up", _("beter")),
        Direction.WORSE: ("", "down", _("slechter")),
        Direction.NEUTRAL: ("", "equal", _("neutraal")),
        Direction.MIXED: ("", "mixed", _("gemengd")),
        Direction.UNCLEAR: ("", "question", _("onduidelijk")),
    }[value]


def legal(value: LegalOutcome) -> Badge:
    """Return the outcome of the legal check."""
    return {
        LegalOutcome.WITHIN_LAW: ("good", "check", _("Binnen de wet")),
        LegalOutcome.BY_CAO: ("good", "check", _("Mag bij cao")),
        LegalOutcome.BY_COUNCIL: ("good", "check", _("Mag met de OR")),
        LegalOutcome.CONTRARY: ("bad", "bad", _("Strijdig met de wet")),
        LegalOutcome.PENDING: ("warn", "question", _("Nog te toetsen")),
    }[value]


def condition(value: ConditionState) -> Badge:
    """Return what was reported of a condition."""
    return {
        ConditionState.OPEN: ("", "box", _("Open")),
        ConditionState.PARTLY: ("warn", "p-half", _("Deels voldaan")),
        ConditionState.MET: ("good", "check", _("Voldaan")),
        ConditionState.BROKEN: ("bad", "bad", _("Geschonden")),
    }[value]


def condition_kind(value: ConditionKind) -> str:
    """Return which kind of condition it is."""
    return {
        ConditionKind.ORDINARY: _("gewone voorwaarde"),
        ConditionKind.PRECEDENT: _("moet vóór de start zijn vervuld"),
        ConditionKind.SUBSEQUENT: _("beëindigt de afwijking als zij intreedt"),
    }[value]


def severity(value: Severity) -> Badge:
    """Return how serious a report is."""
    return {
        Severity.LOW: ("", "info", _("laag")),
        Severity.MEDIUM: ("warn", "warn", _("middel")),
        Severity.SERIOUS: ("bad", "bad", _("ernstig")),
    }[value]


def basis(value: Basis) -> str:
    """Return the legal basis."""
    return {
        Basis.WITHIN_ROOM: _("ruimte in het artikel zelf"),
        Basis.FAVOUR: _("begunstiging: in alles beter of gelijk"),
        Basis.EXPERIMENT: _("experimenteerartikel in de cao"),
        Basis.DISPENSATION: _("dispensatie van de cao-partijen"),
        Basis.ADDENDUM: _("addendum: wijziging van de cao zelf"),
        Basis.DELEGATED: _("de cao laat het aan werkgever en OR"),
    }[value]


def consent(value: Consent) -> str:
    """Return whether the works council has to consent."""
    return {
        Consent.REQUIRED: _("instemming van de OR vereist"),
        Consent.NOT_REQUIRED: _("instemming van de OR niet vereist"),
        Consent.BY_AGREEMENT: _("instemming van de OR op grond van een afspraak"),
    }[value]


def version_kind(value: VersionKind) -> str:
    """Return what a version is to the one before it."""
    return {
        VersionKind.FIRST: _("eerste versie"),
        VersionKind.AMENDMENT: _("wijziging"),
        VersionKind.EXTENSION: _("verlenging"),
    }[value]


def shown_to(value: ShownTo) -> str:
    """Return who reads reasons or annexes."""
    return {
        ShownTo.EVERYONE: _("iedereen"),
        ShownTo.MONITORS: _("alleen OR, bonden en cao-secretaris"),
    }[value]


def end_reason(value: EndReason) -> str:
    """Return why a version stopped, or never began."""
    return {
        EndReason.END_DATE: _("de einddatum is voorbij"),
        EndReason.NEVER_BEGAN: _("het is nooit ingegaan"),
        EndReason.CAO_ENDED: _("de cao liep af"),
        EndReason.NEW_CAO: _("niet op tijd herbevestigd na een nieuwe cao"),
        EndReason.CONDITION: _("een ontbindende voorwaarde trad in"),
        EndReason.NOTICE: _("de opzegtermijn is om"),
        EndReason.EMPLOYER: _("de werkgever stopte ermee"),
        EndReason.NULLITY: _("de OR riep de nietigheid in"),
        EndReason.STALLED: _("na een weigering bewoog er zestig dagen niets"),
        EndReason.PROPOSER: _("de indiener stopte ermee"),
        EndReason.NEXT_VERSION: _("er kwam een volgende versie"),
    }[value]


def act(value: ActKind) -> str:
    """Return what was done, as a line of the course."""
    return {
        ActKind.TAKEN_BACK: _("Teruggenomen voor een volgende versie"),
        ActKind.REJECTED: _("Afgewezen"),
        ActKind.WITHDRAWN: _("Ingetrokken"),
        ActKind.SUSPENDED: _("Opgeschort"),
        ActKind.RESUMED: _("Hervat"),
        ActKind.OBJECTED: _("Bezwaar tegen het hervatten"),
        ActKind.ENDED: _("Beëindigd"),
        ActKind.NOTIFIED: _("Aangemeld bij SZW"),
        ActKind.RECEIPT: _("Kennisgeving van ontvangst van SZW"),
        ActKind.FALLBACK: _("Terugvalverklaring"),
        ActKind.RECONFIRMED: _("Herbevestigd na een nieuwe cao"),
        ActKind.DECISION_TOLD: _("Besluit en ingangsdatum schriftelijk gemeld aan de OR"),
        ActKind.WITHOUT_RULES: _("De proeftuin gaat verder zonder de afgeweken regels"),
        ActKind.REPORTED: _("Melding"),
        ActKind.HANDLED: _("Melding afgehandeld"),
        ActKind.CLOSED: _("Afgesloten"),
    }[value]
