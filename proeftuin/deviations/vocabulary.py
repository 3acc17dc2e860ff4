"""The words of the register, as they are stored: the lists of the domain dossier, chapters 3 and 4.

What must stay true: a value here stands in frozen records and in the sealed log, so it is never renamed.
"""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """The legal basis (*grondslag*), which decides who must agree (3.2)."""

    WITHIN_ROOM = "binnen_ruimte"
    FAVOUR = "begunstiging"
    EXPERIMENT = "experimenteerartikel"
    DISPENSATION = "dispensatie"
    ADDENDUM = "cao_addendum"
    DELEGATED = "decentralisatie_or"


class Direction(StrEnum):
    """What a deviation means for the employee, in the eyes of one party."""

    BETTER = "beter"
    WORSE = "slechter"
    NEUTRAL = "neutraal"
    MIXED = "gemengd"
    UNCLEAR = "onduidelijk"


class LegalOutcome(StrEnum):
    """The outcome of the legal check."""

    WITHIN_LAW = "binnen_wet"
    BY_CAO = "afwijkbaar_bij_cao"
    BY_COUNCIL = "afwijkbaar_met_or"
    CONTRARY = "strijdig"
    PENDING = "nog_te_toetsen"


class Consent(StrEnum):
    """Whether the works council has to consent (art. 27 WOR; 3.3)."""

    REQUIRED = "vereist"
    NOT_REQUIRED = "niet_vereist"
    BY_AGREEMENT = "bovenwettelijk"


class VersionKind(StrEnum):
    """What a version is to the one before it."""

    FIRST = "nieuw"
    AMENDMENT = "wijziging"
    EXTENSION = "verlenging"


class Duty(StrEnum):
    """What is asked of a party for one version: to take a position, or only to be informed."""

    REQUIRED = "vereist"
    INFORMED = "geinformeerd"


class PositionStatus(StrEnum):
    """A position of a party on one version (3.4). A party without one is open."""

    CONSIDERING = "in_beraad"
    CONSULTING = "achterbanraadpleging"
    AGREED = "akkoord"
    WITH_RESERVATION = "akkoord_onder_voorbehoud"
    REFUSED = "niet_akkoord"
    WITHDRAWN = "ingetrokken"
    NOTICE = "opgezegd"
    CONSENTED = "instemming_verleend"
    CONSENT_REFUSED = "instemming_geweigerd"
    NOT_NEEDED = "niet_vereist"
    ADVICE_POSITIVE = "advies_positief"
    ADVICE_NEGATIVE = "advies_negatief"
    COURT = "vervangende_toestemming"
    NULLITY = "nietigheid_ingeroepen"


class State(StrEnum):
    """The states of a deviation and of each of its versions (chapter 4)."""

    CONCEPT = "concept"
    SUBMITTED = "voorgelegd"
    AGREED = "overeengekomen"
    IN_FORCE = "van_kracht"
    SUSPENDED = "opgeschort"
    REJECTED = "afgewezen"
    WITHDRAWN = "ingetrokken"
    ENDED = "beeindigd"
    LAPSED = "vervallen"
    CLOSED = "afgesloten"
    REPLACED = "vervangen"  # of a version only: the next one took its place


class EndReason(StrEnum):
    """Why a version stopped, or never began."""

    END_DATE = "einddatum"
    NEVER_BEGAN = "nooit_ingegaan"
    CAO_ENDED = "einde_cao"
    NEW_CAO = "nieuwe_cao"
    CONDITION = "ontbindende_voorwaarde"
    NOTICE = "opgezegd"
    EMPLOYER = "door_werkgever"
    NULLITY = "nietigheid_ingeroepen"
    STALLED = "zestig_dagen_na_weigering"
    PROPOSER = "door_indiener"
    NEXT_VERSION = "volgende_versie"


class ActKind(StrEnum):
    """What people do with a deviation besides submitting a version and taking a position."""

    TAKEN_BACK = "teruggenomen"
    REJECTED = "afgewezen"
    WITHDRAWN = "ingetrokken"
    SUSPENDED = "opgeschort"
    RESUMED = "hervat"
    OBJECTED = "bezwaar"
    ENDED = "beeindigd"
    NOTIFIED = "aangemeld_szw"
    RECEIPT = "kennisgeving_szw"
    FALLBACK = "terugvalverklaring"
    RECONFIRMED = "herbevestigd"
    DECISION_TOLD = "besluit_meegedeeld"
    WITHOUT_RULES = "verder_zonder"
    REPORTED = "melding"
    HANDLED = "melding_afgehandeld"
    CLOSED = "afgesloten"


class ConditionKind(StrEnum):
    """A condition that must be kept, one that must be met before the start, or one that ends the deviation."""

    ORDINARY = "gewoon"
    PRECEDENT = "opschortend"
    SUBSEQUENT = "ontbindend"


class ConditionState(StrEnum):
    """What was reported of a condition. Late is not reported: it follows from the day."""

    OPEN = "open"
    PARTLY = "deels_voldaan"
    MET = "voldaan"
    BROKEN = "geschonden"


class Severity(StrEnum):
    """How serious a report (*melding*) is."""

    LOW = "laag"
    MEDIUM = "middel"
    SERIOUS = "ernstig"


class ShownTo(StrEnum):
    """Who reads reasons and annexes: everyone, or those who watch (OR, unions, the secretary of the cao)."""

    EVERYONE = "iedereen"
    MONITORS = "toezicht"


POSITIVE = frozenset(
    {PositionStatus.AGREED, PositionStatus.CONSENTED, PositionStatus.NOT_NEEDED, PositionStatus.COURT}
)
"""The positions that count as a yes. A reservation never does, nor does advice."""
REFUSING = frozenset({PositionStatus.REFUSED, PositionStatus.CONSENT_REFUSED})
COUNCIL_ONLY = frozenset(
    {
        PositionStatus.CONSENTED,
        PositionStatus.CONSENT_REFUSED,
        PositionStatus.NOT_NEEDED,
        PositionStatus.ADVICE_POSITIVE,
        PositionStatus.ADVICE_NEGATIVE,
        PositionStatus.COURT,
        PositionStatus.NULLITY,
    }
)
"""The positions that only the works council takes (art. 25 and 27 WOR)."""
NOT_FOR_COUNCIL = frozenset(
    {PositionStatus.AGREED, PositionStatus.WITH_RESERVATION, PositionStatus.REFUSED, PositionStatus.NOTICE}
)
LIVE = frozenset({State.SUBMITTED, State.AGREED, State.IN_FORCE, State.SUSPENDED})
"""The states of a version in which something can still happen by itself."""
OVER = frozenset({State.ENDED, State.LAPSED})
