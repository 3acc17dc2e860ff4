"""The deviations of one demo pilot as acts on days: versions, positions, conditions, reports, ends and fallbacks.

Everything goes through the services of the register, on the day on which it was recorded and by who did it; what was
decided earlier says so. One version was submitted before its legal check was ready: it enters as history, because
today the register refuses that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from proeftuin.cao import queries as cao
from proeftuin.db import session
from proeftuin.demo.stage import Stage
from proeftuin.deviations import service
from proeftuin.deviations.acting import clerk, conditions, positions
from proeftuin.deviations.models import Act, Alert, Condition, Deviation, Version
from proeftuin.deviations.oversight import alerts
from proeftuin.deviations.proposals.proposed import Proposal, ProposedCondition, ProposedRule
from proeftuin.deviations.vocabulary import (
    Basis,
    ConditionKind,
    ConditionState,
    Consent,
    Direction,
    LegalOutcome,
    PositionStatus,
    Severity,
    VersionKind,
)
from proeftuin.pilots.models import Pilot

SUBMITS, POSITIONS, ACTS = 2, 5, 9
"""In which order things happen on one day."""
BEFORE_THE_END = timedelta(days=61)
REPORTED = {
    "voldaan": ConditionState.MET,
    "geschonden": ConditionState.BROKEN,
    "deels_voldaan": ConditionState.PARTLY,
}
WHY_BASIS = {
    Basis.EXPERIMENT: "De cao laat proeven toe met de instemming van alle partijen.",
    Basis.ADDENDUM: "De tekst van de cao zelf verandert voor een tijd. Daarom wordt het bij SZW aangemeld.",
}
SELECTION = "Wie zich aanmeldt. Zijn er te veel aanmeldingen, dan wordt er geloot."
REPORTING = "Elk kwartaal op de pagina’s van de proeftuin, en aan de OR en de bonden."
NOT_SURE = "Dat weten we nog niet precies. We kijken het elk kwartaal na."


class DeviationStory:
    """Turns the deviations of one pilot into acts on the stage."""

    def __init__(self, stage: Stage, data: dict[str, Any]) -> None:
        self.stage = stage
        self.data = data
        self.pilot_id = 0
        self.ids: dict[str, int] = {}

    def plan(self) -> None:
        """Note every act about the deviations of this pilot."""
        for item in self.data.get("afwijkingen") or ():
            for version in item["versies"]:
                self._plan_version(item, version)
            self._plan_course(item)
        for report in self.data.get("meldingen") or ():
            self._plan_report(report)

    def nights(self) -> Iterable[date]:
        """Return the days on which time does something, so that the clerk writes it down on its own day."""
        for item in self.data.get("afwijkingen") or ():
            for version in item["versies"]:
                first, last = version["van"], version["tot_en_met"]
                yield from (first, last + timedelta(days=1), last + timedelta(days=9))
                yield from (last - timedelta(days=number) for number in (60, 30, 7))
                yield from (each["uiterlijk"] + timedelta(days=1) for each in version.get("voorwaarden") or ())

    def _deviation(self, code: str) -> Deviation:
        return session().get_one(Deviation, self.ids[code])

    def _version(self, code: str, number: int) -> Version:
        query = select(Version).where(Version.deviation_id == self.ids[code], Version.number == number)
        return session().scalars(query).one()

    def _plan_version(self, item: dict[str, Any], version: dict[str, Any]) -> None:
        self.stage.at(version["ingediend"], SUBMITS, partial(self._submit, item, version))
        for place, said in enumerate(version["standpunten"]):
            if said["status"] != "open":
                self.stage.at(
                    said["vastgelegd_op"], POSITIONS + place, partial(self._say, item["id"], version["nr"], said)
                )
        for said in version.get("herbevestigingen") or ():
            if said["status"] == "herbevestigd":
                self.stage.at(said["datum"], ACTS, partial(self._reconfirm, item["id"], said))
        for place, condition in enumerate(version.get("voorwaarden") or ()):
            if condition["status"] in REPORTED:
                day = condition.get("voldaan_op") or condition.get("gemeld_op") or condition["uiterlijk"]
                self.stage.at(day, ACTS + place, partial(self._report, item["id"], version["nr"], place, condition))

    def _submit(self, item: dict[str, Any], version: dict[str, Any]) -> None:
        actor = self.stage.actor(version["ingediend_door"])
        if item["id"] not in self.ids:
            pilot = session().get_one(Pilot, self.pilot_id)
            self.ids[item["id"]] = service.create(actor, pilot, title=item["titel"]).id
        proposal = self._proposal(item, version)
        as_history = proposal.legal_outcome is LegalOutcome.CONTRARY
        made = service.submit(actor, self._deviation(item["id"]), proposal, as_history=as_history)
        assert made.number == version["nr"], (item["id"], made.number)
        assert self._deviation(item["id"]).serial == int(item["id"].rpartition("-")[2]), item["id"]

    def _proposal(self, item: dict[str, Any], version: dict[str, Any]) -> Proposal:
        basis, check = Basis(item["grondslag"]), version["wettelijke_toets"]
        return Proposal(
            title=item["titel"],
            kind=_kind(version),
            change_note=version.get("wijziging_toelichting") or ("Verlenging." if version["nr"] > 1 else ""),
            rules=tuple(self._rule(rule) for rule in version["artikelen"]),
            group=version["groep"],
            max_participants=version["max_deelnemers"],
            selection=SELECTION,
            is_voluntary=version["vrijwillig"],
            valid_from=version["van"],
            valid_until=version["tot_en_met"],
            direction=Direction(version["richting"]),
            direction_note=version.get("richting_toelichting") or NOT_SURE,
            shifts=" ".join(risk["risico"] for risk in self.data["risicos"]),
            guarantee=version["garantie"],
            fallback_person=self.data["terugvaloptie"],
            fallback_all="Voor iedereen geldt dan weer de tekst van de cao, vanaf de dag na de laatste dag.",
            legal_outcome=LegalOutcome(check["uitkomst"]),
            legal_references=tuple(check["bepalingen"]),
            legal_note=check["toelichting"],
            legal_by_id=self.stage.people[check["door"]],
            legal_on=check["datum"],
            equal_treatment=NOT_SURE,
            basis=basis,
            basis_reason=WHY_BASIS[basis],
            consent=Consent.REQUIRED if version["wor"]["vereist"] else Consent.NOT_REQUIRED,
            consent_ground=version["wor"]["grond"],
            consent_reason=version["wor"].get("toelichting", ""),
            respond_by=version.get("reactie_uiterlijk"),
            conditions=tuple(
                ProposedCondition(
                    ConditionKind.ORDINARY,
                    each["tekst"],
                    each["uiterlijk"],
                    self.stage.people[each["eigenaar"]],
                )
                for each in version.get("voorwaarden") or ()
            ),
            evaluate_by=max(version["van"], version["tot_en_met"] - BEFORE_THE_END),
            reporting=REPORTING,
        )

    def _rule(self, rule: dict[str, str]) -> ProposedRule:
        head = cao.find_version()
        assert head is not None, "the cao was published in the first days"
        article = cao.get_article(head, rule["artikel"]).article
        return ProposedRule(article.key, rule["artikel"], rule["lid"], rule["tekst_cao"], rule["tekst_proeftuin"])

    def _say(self, code: str, number: int, said: dict[str, Any]) -> None:
        version, party = self._version(code, number), self.stage.parties[said["partij"]]
        last = positions.last_of(version, party)
        positions.record(
            self.stage.actor(said["door"]),
            version,
            party_id=party,
            status=PositionStatus(said["status"]),
            base=last.serial if last else 0,
            decided_on=said["datum"],
            direction=Direction(said["eigen_richting"]) if "eigen_richting" in said else None,
            reservation=said.get("voorbehoud", ""),
            remark=said.get("kanttekening", ""),
        )

    def _reconfirm(self, code: str, said: dict[str, Any]) -> None:
        service.reconfirm(
            self.stage.actor(said["door"]),
            self._deviation(code),
            party_id=self.stage.parties[said["partij"]],
            remark=said.get("kanttekening", ""),
        )

    def _report(self, code: str, number: int, place: int, item: dict[str, Any]) -> None:
        version = self._version(code, number)
        query = select(Condition).where(Condition.version_id == version.id, Condition.position == place)
        condition = session().scalars(query).one()
        conditions.report(
            self.stage.actor(item["eigenaar"]),
            condition,
            due_on=condition.due_on,
            state=REPORTED[item["status"]],
            note=item.get("toelichting", "") or item["tekst"],
        )

    def _plan_course(self, item: dict[str, Any]) -> None:
        code = item["id"]
        if "afgewezen_op" in item:
            self.stage.at(item["afgewezen_op"], ACTS, partial(self._reject, code, item["afgewezen_reden"]))
        for event in item.get("gebeurtenissen") or ():
            # Before the pilot itself stops on that day.
            self.stage.at(event["datum"], 0, partial(self._happen, code, event))
        stated = item.get("terugvalverklaring")
        if stated:
            self.stage.at(stated["datum"], ACTS, partial(self._fall_back, code, stated))

    def _reject(self, code: str, reason: str) -> None:
        service.reject(self.stage.actor(self.data["trekker"]), self._deviation(code), reason=reason)

    def _happen(self, code: str, event: dict[str, Any]) -> None:
        actor, party = self.stage.actor(event["door"]), self.stage.parties[event["partij"]]
        deviation = self._deviation(code)
        if event["soort"] == "opgeschort":
            service.suspend(actor, deviation, party_id=party, reason=event["reden"])
        else:
            service.end(actor, deviation, party_id=party, reason=event["reden"])

    def _fall_back(self, code: str, stated: dict[str, Any]) -> None:
        service.state_fallback(
            self.stage.actor(stated["door"]),
            self._deviation(code),
            back_on=stated["terug_op"],
            restored=stated["tekst"],
            still_open=stated.get("open", ""),
            is_complete=stated.get("volledig", True),
        )

    def _plan_report(self, report: dict[str, Any]) -> None:
        made: list[int] = []

        def tell() -> None:
            deviation = self._deviation(next(iter(self.ids)))
            act = service.report_incident(
                self.stage.actor("s.dewit"),
                deviation,
                severity=Severity(report["ernst"]),
                about=report["soort"],
                text=report["omschrijving"],
            )
            made.append(act.id)

        self.stage.at(report["datum"], ACTS, tell)
        if report.get("afgehandeld"):
            self.stage.at(report["afgehandeld"], ACTS, lambda: self._handle(made[0], report["afhandeling"]))

    def _handle(self, act_id: int, text: str) -> None:
        deviation = self._deviation(next(iter(self.ids)))
        service.handle_incident(self.stage.actor("s.dewit"), deviation, session().get_one(Act, act_id), text=text)


def _kind(version: dict[str, Any]) -> VersionKind:
    if version["nr"] == 1:
        return VersionKind.FIRST
    return VersionKind.EXTENSION if version.get("soort") == "verlenging" else VersionKind.AMENDMENT


SEEN_BEFORE = timedelta(days=21)


def plan_nights(stage: Stage, stories: Iterable[DeviationStory]) -> None:
    """Let the clerk write down at midnight what time did on the days on which it did something; what is long solved
    was closed by the works council."""
    stage.at(stage.company.today - SEEN_BEFORE, ACTS, partial(_close_what_is_solved, stage))
    for day in sorted({day for story in stories for day in story.nights() if day <= stage.company.today}):
        stage.at_midnight(day, _pass_time)


def _pass_time() -> None:
    clerk.pass_time()


def _close_what_is_solved(stage: Stage) -> None:
    chair = stage.actor("s.dewit")
    for alert in session().scalars(alerts.is_open().where(Alert.settled_on.is_not(None))).all():
        alerts.close(chair, alert, note="Besproken in de OR. Het is opgelost.")
