"""The story of one demo pilot as acts on days: its plan, phases, pages with their versions, talk and promises."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.demo.deviation_story import DeviationStory
from proeftuin.demo.outcome_story import OutcomeStory
from proeftuin.demo.stage import Stage
from proeftuin.demo.talk_story import TalkStory
from proeftuin.demo.wiki_story import WikiStory
from proeftuin.pilots import queries, service
from proeftuin.pilots.models import Pilot, Promise, State
from proeftuin.wiki import queries as wiki
from proeftuin.wiki import service as wiki_service
from proeftuin.wiki.models import Page, PageKind

KINDS = {
    "startpagina": PageKind.START,
    "voortgang": PageKind.PROGRESS,
    "terugblik": PageKind.REVIEW,
    "besluit": PageKind.DECISION,
}
RUNNING_OR_LATER = {"lopend", "gepauzeerd", "afgerond", "afgebroken", "geevalueerd"}
"""States in the files that were reached by way of running."""


class PilotStory:
    """Turns the file of one pilot into acts on the stage."""

    def __init__(self, stage: Stage, data: dict[str, Any], number: int) -> None:
        self.stage = stage
        self.data = data
        self.number = number
        self.lead: str = data["trekker"]
        self.pilot_id = 0
        self.pages: dict[str, int] = {}
        self.talk = TalkStory(stage, data["id"], self.pages)
        self.wiki = WikiStory(stage, data["id"], self.pages)
        self.deviations = DeviationStory(stage, data)
        self.outcomes = OutcomeStory(stage, data)

    def plan(self) -> None:
        """Note every act of this pilot."""
        data = self.data
        start: date = data["periode"]["start"]
        locked: date = data["plan"]["vastgezet_op"] or data["paginas"][0]["datum"] + timedelta(days=14)
        conceived = min(locked, *(page["datum"] for page in data["paginas"])) - timedelta(days=35)
        submitted = [version["ingediend"] for item in data["afwijkingen"] for version in item["versies"]]
        conceived = min(conceived, *(day - timedelta(days=21) for day in submitted))
        self.stage.at(conceived, self.number, self._create)
        self.stage.at(conceived + timedelta(days=14), self.number, self._prepare)
        if data["status"] in RUNNING_OR_LATER:
            self.stage.at(start, 0, self._start)
        for change in data["plan"]["wijzigingen"]:
            if change["datum"] > conceived + timedelta(days=14):
                self.stage.at(change["datum"], 3, partial(self._change_plan, change))
        for page in data["paginas"]:
            self._plan_page(page)
        for place, comment in enumerate(data["reacties"], 1):
            self.stage.at(comment["datum"], 10 + place, partial(self.talk.say, place, comment))
        for promise in data["beloften"]:
            self._plan_promise(
                promise, max(conceived + timedelta(days=15), promise["uiterlijk"] - timedelta(days=90))
            )
        self._plan_end()
        self.deviations.plan()
        self.outcomes.plan(locked)
        self.wiki.plan()

    def _actor(self, key: str | None = None) -> Actor:
        return self.stage.actor(key or self.lead)

    def _pilot(self, key: str | None = None) -> Pilot:
        return queries.get_pilot_by_id(self._actor(key), self.pilot_id)

    def _create(self) -> None:
        data, stage = self.data, self.stage
        answers = stage.company.additions["antwoorden"][data["id"]]
        measure = next((m for m in data["maten"] if m.get("hoofdmaat")), data["maten"][0])
        difference = str(measure["kleinste_relevante_verschil"]).replace(".", ",")
        compared = data.get("vergelijkingsgroep")
        pilot = service.create_pilot(
            self._actor(),
            title=data["titel"],
            department_id=stage.departments[data["afdeling"]],
            theme_ids=[stage.themes[key] for key in data["themas"]],
            summary=data["samenvatting"],
            motive=data["aanleiding"],
            question=answers["vraag"],
            hypothesis=data["hypothese"],
            changes=data["wat_proberen_we"],
            stays=data["wat_verandert_niet"],
            measure=f"{measure['naam']} ({measure['schaal']}). De moeite waard vanaf een verschil van {difference}.",
            measurement="Dezelfde vragen, vooraf en achteraf, aan deelnemers en aan de groep waarmee we vergelijken.",
            comparison=compared["omschrijving"] if compared else data["vergelijkingsgroep_reden"],
            what_can_go_wrong="\n".join(f"- {risk['risico']}" for risk in data["risicos"]),
            fallback=data["terugvaloptie"],
            change_of_mind=answers["mening"],
            starts_on=data["periode"]["start"],
            ends_on=data["periode"]["tot_en_met"],
            max_participants=data["deelname"]["max_afgesproken"],
        )
        self.pilot_id = self.talk.pilot_id = pilot.id
        self.wiki.set_pilot(pilot.id)
        self.deviations.pilot_id = self.outcomes.pilot_id = pilot.id
        writers = [*data["team"], *(page["auteur"] for page in data["paginas"])]
        writers += [version["auteur"] for version in self._versions_of_pages()]
        writers += [c["auteur"] for c in data["reacties"] if c["hoedanigheid"] == "proeftuinteam"]
        for key in dict.fromkeys(writers):
            if key != self.lead:
                service.add_member(self._actor(), pilot, stage.people[key])

    def _prepare(self) -> None:
        for risk in self.data["risicos"]:
            service.add_risk(
                self._actor(),
                self._pilot(),
                risk=risk["risico"],
                measure=risk["maatregel"],
                owner_id=self.stage.people[risk["eigenaar"]],
            )
        self._move(State.PREPARATION)
        self.stage.follow_from_the_start(self.data["id"], self.pilot_id)

    def _start(self) -> None:
        joined = self.data["deelname"]
        self._move(State.RUNNING, measured=True, informed=True)
        service.count_elsewhere(self._actor(), self._pilot(), count=joined["gestart"] - joined["tussentijds_gestopt"])

    def _move(self, state: State, *, reason: str = "", by: str | None = None, **given: Any) -> None:
        service.move(self._actor(by), self._pilot(by), state, reason=reason, **given)

    def _change_plan(self, change: dict[str, Any]) -> None:
        pilot = self._pilot()
        service.change_plan(
            self._actor(),
            pilot,
            version=pilot.version,
            changes=f"{pilot.changes}\n\n{change['wat']} ({change['waarom']})",
        )

    def _plan_page(self, page: dict[str, Any]) -> None:
        paragraphs = page["tekst"].split("\n\n")
        first = "\n\n".join(paragraphs[:-1]) if len(paragraphs) > 2 else page["tekst"]
        self.stage.at(page["datum"], 4, lambda: self._create_page(page, first))
        if first != page["tekst"]:
            self.stage.at(
                page["datum"], 6, lambda: self._save(page["slug"], page["auteur"], page["tekst"], "Slot erbij")
            )
        for version in self._versions_of_pages():
            if version["pagina"] == page["slug"]:
                self.stage.at(version["datum"], 8, partial(self._add_version, version))
        hidden = self.stage.company.additions["besloten"]
        if hidden["proeftuin"] == self.data["id"] and page is self.data["paginas"][-1]:
            self.stage.at(hidden["datum"], 5, lambda: self._hidden_page(hidden))

    def _versions_of_pages(self) -> list[dict[str, Any]]:
        return [v for v in self.stage.company.additions["versies"] if v["proeftuin"] == self.data["id"]]

    def _create_page(self, page: dict[str, Any], text: str) -> None:
        made = wiki_service.create_page(
            self._actor(page["auteur"]),
            self.pilot_id,
            title=page["titel"],
            text=text,
            kind=KINDS[page["soort"]],
            summary="Eerste versie",
        )
        self.pages[page["slug"]] = made.id

    def _hidden_page(self, hidden: dict[str, Any]) -> None:
        wiki_service.create_page(
            self._actor(hidden["auteur"]),
            self.pilot_id,
            title=hidden["titel"],
            text=hidden["tekst"],
            kind=PageKind.PLAIN,
            summary="Alleen voor het team",
            restricted=True,
        )

    def _add_version(self, version: dict[str, Any]) -> None:
        page = session().get_one(Page, self.pages[version["pagina"]])
        text = wiki.get_text(page.id, page.current)
        if "voegt_toe" in version:
            text = f"{text}\n\n{version['voegt_toe']}"
        else:
            old, new = version["vervang"]
            text = text.replace(old, new)
        self._save(version["pagina"], version["auteur"], text, version["samenvatting"], version.get("klein", False))

    def _save(self, slug: str, author: str, text: str, summary: str, minor: bool = False) -> None:
        page = session().get_one(Page, self.pages[slug])
        wiki_service.save_page(self._actor(author), page, base=page.current, text=text, summary=summary, minor=minor)

    def _plan_promise(self, promise: dict[str, Any], made: date) -> None:
        kept: list[int] = []

        def make() -> None:
            owner = self.stage.people[promise["door"]]
            kept.append(
                service.make_promise(
                    self._actor(), self._pilot(), text=promise["belofte"], owner_id=owner, due_on=promise["uiterlijk"]
                ).id
            )

        def keep() -> None:
            row = session().get_one(Promise, kept[0])
            service.settle_promise(self._actor(), self._pilot(), row, note=promise["bewijs"])

        self.stage.at(made, 2, make)
        if promise["status"] == "nagekomen":
            settled = promise["uiterlijk"] - timedelta(days=5)
            self.stage.at(min(settled, self.stage.company.today - timedelta(days=1)), 12, keep)

    def _plan_end(self) -> None:
        data, status = self.data, self.data["status"]
        ends: date = data["periode"]["tot_en_met"]
        if status == "afgebroken":
            stopped: date = data["gestopt_op"]
            self.stage.at(
                stopped,
                1,
                lambda: self._move(
                    State.STOPPED, reason=data["uitkomst"]["conclusie"], participants_get=data["terugvaloptie"]
                ),
            )
        if status == "geevalueerd":
            review = next(page for page in data["paginas"] if page["soort"] == "terugblik")
            self.stage.at(
                ends + timedelta(days=1), 1, lambda: self._move(State.COMPLETED, reason="De looptijd is om.")
            )
            self.stage.at(review["datum"] + timedelta(days=1), 1, self._evaluate)

    def _evaluate(self) -> None:
        outcome = self.data["uitkomst"]
        lessons = " ".join(lesson["les"] for lesson in outcome["lessen"])
        self._move(
            State.EVALUATED,
            reason=f"{outcome['conclusie']} {lessons}",
            second_reader_id=self.stage.people["a.peters"],
        )
