"""The pages of the demo company have lived: everything that can happen to a page happened to one of them."""

from __future__ import annotations

import pytest
import yaml
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.db import session
from proeftuin.demo.company import DATA
from proeftuin.demo.loader import Loader
from proeftuin.demo.wiki_story import replaced
from proeftuin.events.models import Event, Subject
from proeftuin.files.inventory import look
from proeftuin.files.models import EndKind, File, FileEnd, FileVersion
from proeftuin.talk.models import Comment, Thread
from proeftuin.wiki import texts
from proeftuin.wiki.anchors import Anchor
from proeftuin.wiki.draft_rows import Draft
from proeftuin.wiki.models import HiddenVersion, Page, Revision
from proeftuin.wiki.side_versions import SideVersion
from proeftuin.wiki.suggestions import Outcome, Suggestion, SuggestionDecision


def _newest(title: str) -> str:
    page = session().scalars(select(Page).where(Page.title == title)).one()
    return texts.get_text(page.id, page.current)


def test_no_act_has_words_without_a_name(company: Loader) -> None:
    """A sentence with a comma that is not quoted falls apart in YAML."""
    assert [act for acts in company.company.wiki.values() for act in acts if None in act.values()] == []


def test_every_kind_of_act_happens(company: Loader) -> None:
    acts = {act["doe"] for acts in company.company.wiki.values() for act in acts}
    assert acts == {
        *("pagina", "wijziging", "tegelijk", "voorstel", "overnemen", "afwijzen", "ongedaan", "verbergen"),
        *("hernoemen", "weg", "bestand", "bestand_versie", "bestand_weg", "passage", "antwoord", "concept"),
    }


def test_suggestions_wait_were_taken_over_whole_and_in_part_and_were_declined(company: Loader) -> None:
    decided = session().execute(select(SuggestionDecision.outcome, SuggestionDecision.taken)).all()
    assert sorted((row.outcome.value, row.taken) for row in decided if row.taken) == [("overgenomen", [1])]
    assert {Outcome.ACCEPTED, Outcome.DECLINED} == {row.outcome for row in decided}
    assert (session().scalar(select(func.count()).select_from(Suggestion)) or 0) >= len(decided) + 2
    assert "Woon je ver van een station?" in _newest("Een budget dat je mag houden")
    assert "gewoon verlies" not in _newest("Negen maanden")


def test_of_two_who_wrote_at_once_one_text_stands_and_the_other_is_kept_beside_it(company: Loader) -> None:
    side = session().scalars(select(SideVersion)).one()
    ((_where, mine, theirs),) = side.passages
    assert "kiest na de zomer" in mine
    assert theirs == ""
    newest = _newest("De maatstaven")
    assert "geen derde" in newest
    assert "verslag van de derde" in newest  # what did not meet went along


def test_passages_moved_along_and_one_is_gone_with_what_was_undone(company: Loader) -> None:
    rows = session().execute(select(Thread.title, Anchor).join(Anchor, Anchor.thread_id == Thread.id)).all()
    anchors: dict[str, Anchor] = {row[0]: row[1] for row in rows}
    moved = anchors["Moet dat op naam?"]
    assert moved.lost_in is None
    assert moved.quote != moved.made_quote
    assert anchors["Hoeveel drukker?"].lost_in is None
    assert anchors["Staat dit in de afspraak met de bonden?"].lost_in is not None
    assert "korter dan drie maanden" not in _newest("De maatstaven")


def test_a_page_was_renamed_and_what_led_to_it_followed(company: Loader) -> None:
    event = session().scalars(select(Event).where(Event.kind == "page:renamed")).one()
    assert event.data["was"] == "Tussenstand januari"
    assert "[[Tussenstand na het tweede gesprek]]" in _newest("Terugblik en lessen")


def test_what_had_to_go_left_a_trace_with_its_reason(company: Loader) -> None:
    page = session().scalars(select(Page).where(Page.deleted_at.is_not(None))).one()
    assert page.deleted_reason
    assert session().get_one(Subject, page.id).is_gone
    hidden = session().scalars(select(HiddenVersion)).one()
    named = select(Revision.text).where(Revision.page_id == hidden.page_id, Revision.number == hidden.number)
    assert "Gijs" in session().scalars(named).one()
    others = select(Revision.text).where(Revision.text.contains("Gijs"), Revision.number != hidden.number)
    assert not session().scalars(others).all()
    assert session().scalars(select(FileEnd.kind)).all() == [EndKind.ERASED]


def test_files_are_of_every_sort_that_people_bring_and_are_whole_on_the_disk(company: Loader) -> None:
    formats = set(session().scalars(select(File.format)))
    assert {"png", "jpeg", "csv", "docx", "odt", "pdf"} == {str(each) for each in formats}
    assert session().scalar(select(func.max(FileVersion.number))) == 2
    assert look().is_well
    used = {act["bron"] for acts in company.company.wiki.values() for act in acts if "bron" in act}
    assert used == {path.name for path in (DATA / "files").iterdir()}
    assert sum(path.stat().st_size for path in (DATA / "files").iterdir()) < 150_000


def test_people_find_what_they_were_writing(company: Loader) -> None:
    own = session().execute(select(Draft.place, Draft.person_id)).all()
    writers = {company.people[key] for key in ("r.dijkman", "s.dewit", "e.yildiz", "h.jansma")}
    assert {row.person_id for row in own} == writers
    assert len({row.place for row in own}) == len(own) == 5


def test_no_file_comment_or_draft_is_of_tomorrow(company: Loader) -> None:
    now = clock.now()
    for column in (File.created_at, Comment.created_at, Draft.touched_at, Suggestion.created_at):
        newest = session().scalar(select(func.max(column)))
        assert newest is not None
        assert newest <= now


def test_words_that_moved_on_make_the_loading_fail() -> None:
    with pytest.raises(ValueError, match="stands 0 times"):
        replaced("Een tekst.", {"vervang": [["een andere", "x"]]})
    with pytest.raises(ValueError, match="stands 2 times"):
        replaced("aa aa", {"vervang": [["aa", "b"]]})


def test_the_files_hold_everything_about_the_deviations() -> None:
    found = {}
    for path in sorted((DATA / "pilots").glob("*.yaml")):
        for deviation in yaml.safe_load(path.read_text(encoding="utf-8"))["afwijkingen"]:
            found[deviation["id"]] = deviation
    assert sorted(found) == [
        *(f"AFW-2025-0{n}" for n in (1, 2, 3)),
        *(f"AFW-2026-0{n}" for n in (1, 2, 3, 4, 5)),
    ]
    for deviation in found.values():
        for version in deviation["versies"]:
            assert version["artikelen"]
            assert version["standpunten"]
            assert all({"artikel", "tekst_cao", "tekst_proeftuin"} <= set(each) for each in version["artikelen"])
    assert "terugvalverklaring" in found["AFW-2025-01"]
    assert "herbevestigingen" in found["AFW-2025-03"]["versies"][0]
    assert {"onderbreking", "zonder_dekking"} <= set(found["AFW-2026-02"])
    assert [version["nr"] for version in found["AFW-2026-05"]["versies"]] == [1, 2]
