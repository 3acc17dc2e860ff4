"""Words that stand more than once in a page: what is said about one of them stays with that one, or is told lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin import clock
from proeftuin.db import session
from proeftuin.wiki import anchor_lists
from proeftuin.wiki.anchors import Anchor, Pointed
from proeftuin.wiki.passages import Span, find_words
from proeftuin.wiki.relocation import follow
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

TWIN = "Ziekte telt nooit mee als maatstaf."
OTHER = ["de pot", "het team", "de week", "de helft", "de meting", "een vraag", "de rest"]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with a name by which the test, and not the product, knows it again."""

    name: str
    text: str

    @property
    def is_twin(self) -> bool:
        return self.name.startswith("twin")


Paragraphs = tuple[Paragraph, ...]


def text_of(page: Paragraphs) -> str:
    return "\n\n".join(paragraph.text for paragraph in page)


def place_of(page: Paragraphs, name: str) -> Span | None:
    begins = 0
    for paragraph in page:
        if paragraph.name == name:
            return Span(begins + paragraph.text.index(TWIN), begins + paragraph.text.index(TWIN) + len(TWIN))
        begins += len(paragraph.text) + 2
    return None


def are_apart(page: Paragraphs) -> bool:
    """Tell whether something stands between all twins; of two in a row nobody can say which of them was deleted."""
    return not any(one.is_twin and other.is_twin for one, other in pairwise(page))


@st.composite
def pages(draw: st.DrawFn) -> Paragraphs:
    """Draw a page with two to four twins, each in a paragraph alone or all in the same sort of paragraph."""
    count, glued = draw(st.integers(2, 4)), draw(st.booleans())
    page: list[Paragraph] = []
    for number in range(count):
        page += [_ordinary(draw, len(page) + n) for n in range(draw(st.integers(0 if number == 0 else 1, 2)))]
        page.append(Paragraph(f"twin-{number}", f"Vooraf. {TWIN} En zo is het." if glued else TWIN))
    return (*page, *(_ordinary(draw, len(page) + n) for n in range(draw(st.integers(0, 2)))))


def _ordinary(draw: st.DrawFn, number: int) -> Paragraph:
    return Paragraph(f"gewoon-{number}", f"Alinea {number} gaat over {draw(st.sampled_from(OTHER))} en verder niets.")


@st.composite
def edits(draw: st.DrawFn, page: Paragraphs, number: int) -> Paragraphs:
    """Draw what somebody does in one save: a paragraph comes, goes or moves, and so does one of the twins."""
    act = draw(st.sampled_from(("insert", "delete", "move", "delete and insert")))
    after = list(page)
    if act.startswith("delete"):
        del after[draw(st.integers(0, len(after) - 1))]
    if act == "move":
        moved = after.pop(draw(st.integers(0, len(after) - 1)))
        after.insert(draw(st.integers(0, len(after))), moved)
    if act.endswith("insert"):
        new = Paragraph(f"nieuw-{number}", f"Nieuwe alinea {number} over {draw(st.sampled_from(OTHER))}.")
        after.insert(draw(st.integers(0, len(after))), new)
    return tuple(after)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_after_one_edit_around_twins_each_is_at_its_own_place_or_lost(data: st.DataObject) -> None:
    old = data.draw(pages())
    new = data.draw(edits(old, 1).filter(are_apart))
    twins = [paragraph.name for paragraph in old if paragraph.is_twin]
    spans = [place for name in twins if (place := place_of(old, name))]
    for name, found in zip(twins, follow(text_of(old), text_of(new), spans), strict=True):
        assert found == place_of(new, name), name


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_happens_two_twins_never_end_at_one_place(data: st.DataObject) -> None:
    old = data.draw(pages())
    new = data.draw(st.permutations(old))[: data.draw(st.integers(1, len(old)))]
    more = data.draw(st.integers(0, 2))
    text = text_of((*new, *(Paragraph("twin-new", TWIN) for _ in range(more))))
    spans = [place for paragraph in old if paragraph.is_twin and (place := place_of(old, paragraph.name))]
    found = [place for place in follow(text_of(old), text, spans) if place is not None]
    assert len(set(found)) == len(found)
    assert {text[slice(*place)] for place in found} <= {TWIN}


def test_a_deleted_twin_does_not_go_to_the_one_that_was_changed() -> None:
    old = f"{TWIN}\n\nDe pot is van allen.\n\n{TWIN}\n\nHet team verdeelt."
    new = "De pot is van allen.\n\nZiekte telt nooit mee als harde maatstaf.\n\nHet team verdeelt."
    first, second = follow(old, new, [Span(0, len(TWIN)), Span(old.rindex(TWIN), old.rindex(TWIN) + len(TWIN))])
    assert first is None
    assert second is not None
    assert new[slice(*second)] == "Ziekte telt nooit mee als harde maatstaf."


def test_a_twin_that_moves_past_the_other_is_not_taken_for_it() -> None:
    old = f"Een.\n\n{TWIN}\n\nTwee.\n\n{TWIN}\n\nDrie.\n\nVier."
    new = f"Een.\n\nTwee.\n\n{TWIN}\n\nDrie.\n\n{TWIN}\n\nVier."
    spans = [Span(found.start(), found.end()) for found in re.finditer(re.escape(TWIN), old)]
    moved, stayed = follow(old, new, spans)
    assert stayed is not None
    assert moved is not None
    assert moved.begins > stayed.begins


def test_when_nothing_tells_two_that_lost_their_place_apart_both_are_lost() -> None:
    old = f"Een.\n\n{TWIN}\n\nTwee.\n\n{TWIN}\n\nDrie."
    new = f"Heel iets anders staat hier.\n\n{TWIN}\n\nEn hier ook."
    spans = [Span(found.start(), found.end()) for found in re.finditer(re.escape(TWIN), old)]
    found = follow(old, new, spans)
    assert len([place for place in found if place is not None]) <= 1


# -- choosing one of them


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 6), st.data())
def test_of_twins_with_the_same_words_around_them_the_chosen_one_is_found(count: int, data: st.DataObject) -> None:
    around = "Dit staat er elke keer precies zo voor, en het is lang genoeg om alles te vullen wat men bekijkt. "
    text = "\n\n".join(f"{around}{TWIN} {around}" for _ in range(count))
    places = [found.start() for found in re.finditer(re.escape(TWIN), text)]
    chosen = data.draw(st.integers(0, count - 1))
    ahead = sum(sign.isalnum() for sign in text[: places[chosen]]) + data.draw(st.integers(-20, 20))
    found = find_words(text, TWIN, before=around, after=around, ahead=ahead)
    assert found == Span(places[chosen], places[chosen] + len(TWIN))


# -- over the whole life of a page


def _chosen(client: Client, path: str, page: Paragraphs, name: str) -> int:
    place = place_of(page, name)
    assert place is not None
    text = text_of(page)
    given_fields = {
        "versie": "1",
        "words": TWIN,
        "voor": text[: place.begins][-120:],
        "na": text[place.ends :][:120],
        "vooraf": str(sum(sign.isalnum() for sign in text[: place.begins])),
        "text": f"Over {name}.",
        "voice": "niet-deelnemer",
    }
    answer = client.post(f"{path}/passage", given_fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return int(answer.headers["Location"].rsplit("-", 1)[1])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_through_a_history_a_comment_stays_at_its_twin_or_under_the_text_has_changed(
    scene: Scene, cast: Cast, client: Client, data: st.DataObject
) -> None:
    page = data.draw(pages())
    path = scene.page(f"Tweelingen {clock.now().timestamp()} {id(data)}", text_of(page))
    reader = client.as_(cast.colleague)
    said = {twin.name: _chosen(reader, path, page, twin.name) for twin in page if twin.is_twin}
    for number in range(data.draw(st.integers(1, 4))):
        page = data.draw(edits(page, number).filter(lambda after: are_apart(after) and bool(after)))
        scene.save(path, text_of(page))
        with scene.database.reading():
            for name, thread in said.items():
                anchor, place = session().get_one(Anchor, thread), place_of(page, name)
                assert (anchor.lost_in is None) is (place is not None), name
                if place is not None:
                    assert anchor.span == place, name
    lost = {said[name] for name in said if place_of(page, name) is None}
    talk = reader.get(f"{path}/gesprek").get_data(as_text=True)
    assert ("De tekst is veranderd" in talk) is bool(lost)
    with scene.database.reading():
        told = anchor_lists.list_lost([scene.row(path).id])
        assert {passage.thread_id for passage in told} == lost
        assert {passage.words for passage in told} <= {TWIN}


def test_a_lost_twin_does_not_come_back_at_the_place_of_the_other(scene: Scene, cast: Cast, client: Client) -> None:
    """Its words are in the page all the time, and a version adds words like them: that is not its return."""
    one, between, two = Paragraph("twin-1", TWIN), Paragraph("a", "De pot is van allen."), Paragraph("twin-2", TWIN)
    page = (one, between, two)
    path = scene.page("Tweeling", text_of(page))
    thread = _chosen(client.as_(cast.colleague), path, page, "twin-1")
    scene.save(path, text_of((between, two)))
    scene.save(
        path,
        text_of(
            (
                between,
                two,
                Paragraph(
                    "b",
                    "Ziekte en zorg en al het andere waar iemand voor thuis blijft: dat telt dus in dit team nooit.",
                ),
            )
        ),
    )
    with scene.database.reading():
        assert session().get_one(Anchor, thread).lost_in == 2
    scene.save(path, text_of(page))
    with scene.database.reading():
        anchor = session().get_one(Anchor, thread)
        assert anchor.lost_in is None
        assert anchor.span == Span(0, len(TWIN))


def test_pointing_without_the_number_of_letters_ahead_still_uses_what_stands_around() -> None:
    text = f"De eerste keer. {TWIN}\n\nDe tweede keer. {TWIN}"
    found = Pointed(1, TWIN, before="De tweede keer.").find(text)
    assert found is not None
    assert found.begins == text.rindex(TWIN)
