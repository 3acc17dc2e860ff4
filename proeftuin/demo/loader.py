"""Writing the demo company through the same services as everyone else, in the order in which it happened.

Every act takes place at its own moment (`clock.at`), by the person who did it. What a service refuses, the demo
cannot have: the rules hold here too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from proeftuin import clock
from proeftuin.accounts import service as accounts_service
from proeftuin.accounts.models import PartyKind, Person, Role
from proeftuin.db import session
from proeftuin.demo.cao_story import CaoStory
from proeftuin.demo.company import Company, moment
from proeftuin.demo.deviation_story import plan_nights
from proeftuin.demo.pilot_story import PilotStory
from proeftuin.demo.stage import Stage
from proeftuin.deviations.acting import clerk
from proeftuin.deviations.oversight import alerts
from proeftuin.events.models import Event, Job
from proeftuin.following import service as following
from proeftuin.pilots import themes
from proeftuin.wiki import queries as wiki
from proeftuin.wiki import service as wiki_service
from proeftuin.wiki.models import PageKind

DOMAIN = "oeverbrug.example"


class Loader(Stage):
    """Collects the acts of the company, then does them in order."""

    def __init__(self, company: Company) -> None:
        super().__init__(company)
        self.seen_event_id = 0

    def load(self, progress: Callable[[int, int], None]) -> None:
        """Write everything, telling how many acts of how many are done. Call it inside a transaction."""
        with clock.at(moment(self.company.first_day)):
            self._found()
        self._plan()
        acts = sorted(self.acts)
        for number, act in enumerate(acts, 1):
            with clock.at(act.at):
                act.do()
                session().flush()  # what this act changed is of this day
            progress(number, len(acts))
        clerk.pass_time()
        session().execute(
            delete(Job).where(Job.kind.in_(("mail", alerts.MAIL)))
        )  # nobody is to get mail about the past

    def _found(self) -> None:
        organisation = self.company.organisation
        for item in organisation["afdelingen"]:
            parent = self.departments.get(item.get("onder", ""))
            department = accounts_service.create_department(
                None, key=item["sleutel"], name=item["naam"], headcount=item["medewerkers"], parent_id=parent
            )
            self.departments[item["sleutel"]] = department.id
        for item in organisation["themas"]:
            self.themes[item["sleutel"]] = themes.create_theme(None, key=item["sleutel"], name=item["naam"]).id
        for item in organisation["partijen"]:
            self.parties[item["sleutel"]] = accounts_service.create_party(
                None,
                key=item["sleutel"],
                name=item["naam"],
                kind=PartyKind(item["soort"]),
                signs_cao=item["cao_partij"],
            ).id
        for item in organisation["gebruikers"]:
            self._person(item)

    def _person(self, item: dict[str, Any]) -> None:
        person: Person = accounts_service.create_person(
            None,
            email=f"{item['sleutel']}@{DOMAIN}",
            name=item["naam"],
            function=item["functie"],
            department_id=self.departments.get(item.get("afdeling", "")),
            is_external=item.get("extern", False),
            ends_on=self.company.today + timedelta(days=365) if item.get("extern") else None,
        )
        self.people[item["sleutel"]] = person.id
        day = clock.today()
        for role in filter(None, (item["rol"], item.get("ook"))):
            if role != "medewerker":
                accounts_service.grant_role(None, person, Role(role), starts_on=day)
        if "partij" in item and item["rol"] != "kaderlid":
            accounts_service.give_mandate(
                None,
                person,
                self.parties[item["partij"]],
                function=item["functie"],
                may_sign=item.get("tekenbevoegd", False),
                starts_on=day,
            )

    def _plan(self) -> None:
        first = self.company.first_day
        self.at(first + timedelta(days=7), 0, self._site_pages)
        CaoStory(self).plan()
        stories = [PilotStory(self, pilot, number) for number, pilot in enumerate(self.company.pilots)]
        for story in stories:
            story.plan()
        plan_nights(self, [story.deviations for story in stories])
        self.at(self.company.additions["vorig_bezoek"], 900, self._everyone_was_here)

    def _everyone_was_here(self) -> None:
        for person_id in self.people.values():
            following.move_bookmark(person_id)
        self.seen_event_id = session().scalar(select(func.max(Event.id))) or 0

    def read_old_notices(self) -> None:
        """Let everyone have read what they were told before their last visit. Call it when the notices are made."""
        for key in self.people:
            following.mark_read(self.actor(key), through=self.seen_event_id)

    def _site_pages(self) -> None:
        writer = self.actor("e.yildiz")
        space = wiki.site_space_id()
        words = sorted(self.company.glossary, key=lambda item: item["woord"].casefold())
        glossary = "\n\n".join(f"{item['woord']}\n:   {item['uitleg']}" for item in words)
        intro = (
            "Woorden die je in proeftuinen tegenkomt, kort uitgelegd. Mis je er een? Vraag het in het gesprek.\n\n"
        )
        for title, text in (("Begrippen", f"{intro}\n\n{glossary}"), ("Hulp", self.company.help)):
            wiki_service.create_page(
                writer, space, title=title, text=text, kind=PageKind.PLAIN, summary="Eerste versie"
            )
