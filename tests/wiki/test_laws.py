"""What must hold for every pair of edits: each word that someone added is in the page, or on the screen that asks."""

from __future__ import annotations

import re
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.wiki import queries, service
from proeftuin.wiki.conflict import Shown
from proeftuin.wiki.forms import Choice
from proeftuin.wiki.models import PageKind
from tests.wiki.scene import Scene

WORD = re.compile(r"\w+")
_number = count()

words = st.sampled_from(["pot", "maat", "uur", "team", "loon", "rooster", "bond", "OR"])
line = st.lists(words, max_size=5).map(" ".join)
heading = st.sampled_from(["## Regels", "## Doen", "- punt", "> citaat", ""])
text = st.lists(line | heading, min_size=1, max_size=7).map("\n".join).filter(lambda raw: raw.strip() != "")


def marked(text: str, mark: str) -> str:
    """Return a text in which some words are of one writer only."""
    return WORD.sub(lambda match: f"{match[0]}{mark}" if len(match[0]) % 2 else match[0], text)


def added(text: str, base: str) -> set[str]:
    """Return the words of a text that its base does not have."""
    return set(WORD.findall(text)) - set(WORD.findall(base))


three = st.tuples(text, text.map(lambda raw: marked(raw, "1")), text.map(lambda raw: marked(raw, "2")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=three)
def test_no_word_that_someone_added_is_lost(
    app: Application, database: Database, scene: Scene, texts: tuple[str, str, str]
) -> None:
    base, mine, theirs = texts
    new = added(mine, base) | added(theirs, base)
    with app.app_context(), database.unit(writing=True):
        page = service.create_page(
            scene.cast.lead, scene.pilot_id, title=f"Pagina {next(_number)}", text=base, kind=PageKind.PLAIN
        )
        service.save_page(scene.cast.member, page, base=1, text=theirs, summary="")
        try:
            service.save_page(scene.cast.lead, page, base=1, text=mine, summary="")
        except service.EditConflict as refused:
            clash = refused.clash
            parts = list(clash.show(()))
            boxes = [(part.box, part.start) for part in parts if isinstance(part, Shown)]
            screen = [part.box if isinstance(part, Shown) else part.text for part in parts]
            assert new <= set(WORD.findall("\n".join(screen)))
            assert clash.mine == mine
            as_sent = clash.settle([Choice("", box, start) for box, start in boxes])
            if as_sent.strip():
                service.save_page(scene.cast.lead, page, base=clash.current, text=as_sent, summary="")
        assert new <= set(WORD.findall(queries.get_text(page.id, page.current)))
        assert not re.search(r"^[<>=|]{3,}", queries.get_text(page.id, page.current), re.MULTILINE)
