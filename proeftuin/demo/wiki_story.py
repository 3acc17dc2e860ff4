"""What happened to the pages of one demo pilot: changes, meetings of two writers, suggestions, undoing, hiding,
renaming and deleting.

Each act of `data/wiki.yaml` is done by the service that people use. Words that a change is to replace must be there:
a text that moved on makes the loading fail, so the two cannot drift apart unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.demo.beside_story import BesideStory
from proeftuin.demo.stage import Stage
from proeftuin.events.models import Subject
from proeftuin.wiki import deletion, hiding, queries, sections, service, settings, suggesting, undo
from proeftuin.wiki.conflict import EditConflict, mark_of
from proeftuin.wiki.forms import Choice, Meeting
from proeftuin.wiki.models import Page, PageKind
from proeftuin.wiki.suggestions import get_suggestion

Act = dict[str, Any]


class WikiStory:
    """Turns the acts about the pages of a pilot into acts on the stage. `pages` are those that were made so far."""

    def __init__(self, stage: Stage, code: str, pages: dict[str, int]) -> None:
        self.stage = stage
        self.acts: list[Act] = stage.company.wiki.get(code, [])
        self.pages = pages
        self.pilot_id = 0
        self.versions: dict[str, int] = {}
        self.suggestions: dict[str, tuple[int, int]] = {}
        self.beside = BesideStory(stage, pages)

    def plan(self) -> None:
        """Note every act."""
        doing: dict[str, Callable[[Act], None]] = {
            "pagina": self._create,
            "wijziging": self._change,
            "tegelijk": self._meet,
            "voorstel": self._suggest,
            "overnemen": self._accept,
            "afwijzen": self._decline,
            "ongedaan": self._undo,
            "verbergen": self._hide,
            "hernoemen": self._rename,
            "weg": self._delete,
            **self.beside.acts(),
        }
        for act in self.acts:
            self.stage.at(act["datum"], act["stap"], partial(doing[act["doe"]], act))

    def set_pilot(self, pilot_id: int) -> None:
        """Tell which pilot it is, now that it was made."""
        self.pilot_id = self.beside.pilot_id = pilot_id

    def _create(self, act: Act) -> None:
        made = service.create_page(
            self.stage.actor(act["auteur"]),
            self.pilot_id,
            title=act["titel"],
            text=act["tekst"],
            kind=PageKind.PLAIN,
            summary="Eerste versie",
        )
        self.pages[act["sleutel"]] = made.id

    def _change(self, act: Act) -> None:
        page = self._page(act)
        base = page.current
        whole = queries.get_text(page.id, base)
        section = sections.cut(whole, section_number(whole, act["kop"])) if "kop" in act else None
        text = replaced(section.text if section else whole, act)
        saved = service.save_page(
            self.stage.actor(act["auteur"]),
            page,
            base=base,
            text=section.filled_with(text) if section else text,
            summary=act["samenvatting"],
            section=section.number if section else None,
        )
        if "sleutel" in act:
            self.versions[act["sleutel"]] = saved.number

    def _meet(self, act: Act) -> None:
        """Let two people save from the same version; the second meets the first and keeps one text of each pair."""
        page, second = self._page(act), act["dan"]
        base = page.current
        text = queries.get_text(page.id, base)
        self._change({**act["eerst"], "pagina": act["pagina"]})
        save = partial(service.save_page, self.stage.actor(second["auteur"]), page, summary=second["samenvatting"])
        try:
            save(base=base, text=replaced(text, second))
        except EditConflict as met:
            clash = met.clash
            given = [Choice(act["houdt"], "", mark_of("")) for _passage in clash.merged.conflicts]
            meeting = Meeting(clash.was, clash.current, clash.mine)
            save(base=clash.current, text=clash.settle(given), meetings=(meeting,))
        else:
            raise AssertionError(f"the two texts on {act['pagina']} do not meet")

    def _suggest(self, act: Act) -> None:
        page = self._page(act)
        number = suggesting.suggest(
            self.stage.actor(act["auteur"]),
            page,
            base=page.current,
            text=replaced(queries.get_text(page.id, page.current), act),
            reason=act["reden"],
            key=f"demo-{self.pilot_id}-{act['sleutel']}",
        )
        self.suggestions[act["sleutel"]] = page.id, number

    def _accept(self, act: Act) -> None:
        page_id, number = self.suggestions[act["voorstel"]]
        suggesting.accept(
            self.stage.actor(act["door"]),
            session().get_one(Page, page_id),
            number,
            edition=get_suggestion(page_id, number).line.edition,
            taken=act.get("passages"),
            answer=act["woord"],
        )

    def _decline(self, act: Act) -> None:
        page_id, number = self.suggestions[act["voorstel"]]
        suggesting.decline(
            self.stage.actor(act["door"]),
            session().get_one(Page, page_id),
            number,
            edition=get_suggestion(page_id, number).line.edition,
            answer=act["antwoord"],
        )

    def _undo(self, act: Act) -> None:
        actor = self.stage.actor(act["door"])
        head = self._head(actor, act)
        undo.undo(actor, head, self.versions[act["versie"]], base=head.current, reason=act["reden"])

    def _hide(self, act: Act) -> None:
        actor = self.stage.actor(act["door"])
        hiding.hide(actor, self._head(actor, act), self.versions[act["versie"]], reason=act["reden"])

    def _rename(self, act: Act) -> None:
        page = self._page(act)
        settings.change_settings(
            self.stage.actor(act["door"]), page, title=act["titel"], kind=None, restricted=page.is_restricted
        )

    def _delete(self, act: Act) -> None:
        deletion.delete_page(self.stage.actor(act["door"]), self._page(act), reason=act["reden"])

    def _page(self, act: Act) -> Page:
        return session().get_one(Page, self.pages[act["pagina"]])

    def _head(self, actor: Actor, act: Act) -> queries.PageHead:
        page = self._page(act)
        return queries.get_page(actor, session().get_one(Subject, self.pilot_id).path.rpartition("/")[2], page.slug)


def replaced(text: str, act: Act) -> str:
    """Return a text with what an act replaces in it and adds to it."""
    for old, new in act.get("vervang", ()):
        if text.count(old) != 1:
            raise ValueError(f"“{old}” stands {text.count(old)} times in the text")
        text = text.replace(old, new)
    return f"{text}\n\n{act['voegt_toe']}" if "voegt_toe" in act else text


def section_number(text: str, heading: str) -> int:
    """Return which section of a text has a heading."""
    return next(section.number for section in sections.split(text) if section.heading == heading)
