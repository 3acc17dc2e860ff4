"""Deviations through the services, as people do it: for tests of the verbs themselves.

Fixtures give a cao, a pilot in preparation and a signatory of the employer; `proposal` is complete and right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from proeftuin import clock
from proeftuin.accounts import queries as accounts
from proeftuin.accounts.actor import Actor
from proeftuin.accounts.models import Mandate, Role, RoleGrant
from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.deviations import service
from proeftuin.deviations.acting import positions
from proeftuin.deviations.models import Deviation, Version
from proeftuin.deviations.proposals.proposed import Proposal, ProposedCondition, ProposedRule
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    Consent,
    Direction,
    LegalOutcome,
    PositionStatus,
    VersionKind,
)
from proeftuin.pilots import service as pilots
from proeftuin.pilots.models import Pilot
from proeftuin.pilots.models import State as PilotState
from tests.cao import scene
from tests.cast import LONG_AGO, Cast
from tests.pilots.builders import concept

FIRST, LAST = date(2026, 3, 1), date(2026, 10, 31)
SUBMITTED = date(2026, 1, 12)


def morning(day: date) -> datetime:
    """Return nine o'clock of a day, in UTC."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@dataclass
class Stage:
    """Who and what a story needs."""

    cast: Cast
    secretary: Actor
    director: Actor
    pilot: Pilot

    @classmethod
    def set(cls, cast: Cast) -> Stage:
        """Publish a cao, give the employer a signatory and begin a pilot; call it inside a unit that writes."""
        with clock.at(morning(date(2026, 1, 5))):
            secretary = scene.make_secretary()
            scene.publish_both(secretary)
            mandate = Mandate(
                person_id=cast.admin.id, party_id=cast.parties["werkgever"], may_sign=True, starts_on=LONG_AGO
            )
            session().add_all([mandate, RoleGrant(person_id=cast.admin.id, role=Role.EXECUTIVE, starts_on=LONG_AGO)])
            session().flush()
            pilot = concept(cast, "Het team verdeelt")
            pilots.move(cast.lead, pilot, PilotState.PREPARATION)
        director = accounts.find_actor(cast.admin.id)
        assert director is not None
        return cls(cast, secretary, director, pilot)

    def proposal(self, **fields: Any) -> Proposal:
        """Return a proposal with nothing wrong in it, for the cao of today."""
        head = cao.find_version()
        assert head is not None
        article = cao.get_article(head, "2.1").article
        text = next(each.text for each in article.paragraphs if each.number == "2")
        whole = Proposal(
            title="Helft via het team",
            rules=(ProposedRule(article.key, "2.1", "2", text, "De helft verdeelt het team zelf."),),
            group="Drie teams",
            max_participants=12,
            selection="Wie zich aanmeldt.",
            is_voluntary=True,
            valid_from=FIRST,
            valid_until=LAST,
            direction=Direction.MIXED,
            direction_note="De een krijgt meer, de ander minder.",
            shifts="Niets.",
            guarantee="Niemand krijgt minder dan 90 procent.",
            fallback_person="Wie stopt, krijgt het gewone percentage.",
            fallback_all="Iedereen krijgt het gewone percentage.",
            legal_outcome=LegalOutcome.WITHIN_LAW,
            legal_references=("BW 7:648",),
            legal_note="Let op deeltijders.",
            legal_by_id=self.cast.hr.id,
            legal_on=clock.today(),
            equal_treatment="Geen verschil; elk kwartaal nagekeken.",
            basis=Basis.EXPERIMENT,
            basis_reason="Artikel 1.2 laat dit toe.",
            consent=Consent.REQUIRED,
            consent_ground="27.1.c",
            conditions=(
                ProposedCondition(
                    ConditionKind.ORDINARY, "Kwartaalcijfers aan de OR.", date(2026, 5, 1), self.cast.hr.id
                ),
            ),
            evaluate_by=date(2026, 8, 15),
            reporting="Elk kwartaal aan de OR.",
        )
        return replace(whole, **fields)

    def submitted(self, **fields: Any) -> tuple[Deviation, Version]:
        """Submit a deviation of the pilot now."""
        deviation = service.create(self.cast.lead, self.pilot, title="Helft via het team")
        return deviation, service.submit(self.cast.lead, deviation, self.proposal(**fields))

    def extension(self, **fields: Any) -> Proposal:
        """Return a proposal for an extension of half a year."""
        wanted = {
            "kind": VersionKind.EXTENSION,
            "change_note": "Een half jaar langer.",
            "valid_from": date(2026, 11, 1),
            "valid_until": date(2027, 3, 31),
            "evaluate_by": date(2027, 1, 15),
            "conditions": (),
        }
        return self.proposal(**{**wanted, **fields})

    def says(self, who: Actor, party: str, version: Version, status: PositionStatus, **more: Any) -> Any:
        """Record the position of a party by a person, knowing what was there."""
        number = self.cast.parties[party]
        last = positions.last_of(version, number)
        base = last.serial if last else 0
        return positions.record(who, version, party_id=number, status=status, base=base, **more)

    def all_agree(self, version: Version) -> None:
        """Let every party agree, now."""
        self.says(self.director, "werkgever", version, PositionStatus.AGREED)
        self.says(self.cast.union, "schakel", version, PositionStatus.AGREED)
        self.says(self.cast.council, "or", version, PositionStatus.CONSENTED)
