"""What stands beside the pages of one demo pilot: files, conversations about a passage, and what people are writing.

A draft is nobody's business but its writer's; the demo has some, so that whoever signs in as that person finds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.demo.company import DATA
from proeftuin.demo.stage import Stage
from proeftuin.files import places
from proeftuin.files import service as files
from proeftuin.files.judging import Judged, judge
from proeftuin.files.service import Words
from proeftuin.pilots import policy
from proeftuin.pilots import queries as pilots
from proeftuin.talk import service as talk
from proeftuin.talk.models import Capacity, Thread
from proeftuin.wiki import anchors, drafts, queries, sections
from proeftuin.wiki.anchors import Pointed
from proeftuin.wiki.drafts import NO_MARK, DraftPlace, Typed
from proeftuin.wiki.models import Page

Act = dict[str, Any]


class BesideStory:
    """Does the acts about files, passages and drafts of one pilot."""

    def __init__(self, stage: Stage, pages: dict[str, int]) -> None:
        self.stage = stage
        self.pages = pages
        self.pilot_id = 0
        self.files: dict[str, int] = {}
        self.threads: dict[str, int] = {}

    def acts(self) -> dict[str, Callable[[Act], None]]:
        """Return what can be done, by the word for it in the file."""
        return {
            "bestand": self._add_file,
            "bestand_versie": self._replace_file,
            "bestand_weg": self._remove_file,
            "passage": self._point,
            "antwoord": self._reply,
            "concept": self._keep_draft,
        }

    def _add_file(self, act: Act) -> None:
        actor = self.stage.actor(act["door"])
        place = places.get_place(actor, self.pages[act["bij"]], writing=True)
        words = Words(alt=act.get("alt", ""), description=act["uitleg"])
        added = files.add(actor, place, name=act["naam"], judged=_judged(act["bron"]), words=words)
        self.files[act["sleutel"]] = added.id

    def _replace_file(self, act: Act) -> None:
        files.replace(
            self.stage.actor(act["door"]),
            self.files[act["bestand"]],
            judged=_judged(act["bron"]),
            words=Words(description=act["uitleg"]),
        )

    def _remove_file(self, act: Act) -> None:
        actor = self.stage.actor(act["door"])
        files.remove(actor, self.files[act["bestand"]], reason=act["reden"], erase=True)

    def _point(self, act: Act) -> None:
        actor, page = self.stage.actor(act["auteur"]), self._page(act)
        allowed = self._allowed(actor)
        thread = anchors.start_thread(
            actor,
            page,
            place=Pointed(page.current, act["woorden"]),
            title=act["titel"],
            text=act["tekst"],
            capacity=allowed[0],
            allowed=allowed,
            is_question=act.get("vraag", False),
        )
        self.threads[act["sleutel"]] = thread.id

    def _reply(self, act: Act) -> None:
        actor = self.stage.actor(act["auteur"])
        allowed = self._allowed(actor)
        talk.reply(
            actor,
            session().get_one(Thread, self.threads[act["gesprek"]]),
            text=act["tekst"],
            capacity=allowed[0],
            allowed=allowed,
            is_answer=act.get("is_antwoord", False),
        )

    def _keep_draft(self, act: Act) -> None:
        place = DraftPlace(act["soort"])
        fields: dict[str, str] = dict(act.get("velden", {}))
        subject_id, text, base = self.pilot_id, act.get("tekst", ""), None
        if place is not DraftPlace.NEW_PAGE:
            subject_id = self.pages[act["pagina"]]
        if "vervang" in act:
            page = self._page(act)
            text, base = queries.get_text(page.id, page.current), page.current
        if "kop" in act:
            section = next(each for each in sections.split(text) if each.heading == act["kop"])
            text = section.text
            fields |= {"paragraaf": str(section.number), "kop": section.heading}
        for old, new in act.get("vervang", ()):
            text = text.replace(old, new)
        drafts.keep(self.stage.actor(act["wie"]), subject_id, Typed(NO_MARK, place, text, base, fields))

    def _allowed(self, actor: Actor) -> list[Capacity]:
        return policy.capacities(actor, pilots.standing(actor, self.pilot_id))

    def _page(self, act: Act) -> Page:
        return session().get_one(Page, self.pages[act["pagina"]])


def _judged(name: str) -> Judged:
    return judge((DATA / "files" / name).read_bytes())
