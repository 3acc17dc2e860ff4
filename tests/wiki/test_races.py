"""Many people saving at the very same moment: with real transactions, outside the one of other tests."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from proeftuin import clock, create_app
from proeftuin.db import session
from proeftuin.events.models import Event, Job
from proeftuin.web.application import Application
from proeftuin.wiki.anchors import Anchor
from proeftuin.wiki.models import Page, PageName, Revision
from tests.cast import Cast
from tests.client import Client
from tests.conftest import settings_for_tests
from tests.wiki.forms_on_screen import fields_of
from tests.wiki.scene import Scene, build

WRITERS = 8
ROUNDS = 5


class Stage:
    """An application on a database of its own, with a scene in it."""

    def __init__(self, app: Application) -> None:
        self.app = app
        with app.database.transaction():
            self.cast = Cast.create()
        self.scene: Scene = build(app.database, self.cast)

    def browser(self, number: int) -> Client:
        """Return a browser for one of two people of the team."""
        return Client(self.app, self.app.database, (self.cast.lead, self.cast.member)[number % 2])

    def all_at_once(self, act: Callable[[int, Client, Barrier], list[TestResponse]]) -> list[TestResponse]:
        """Let every writer do something in a thread of its own; return the answers."""
        barrier = Barrier(WRITERS)
        browsers = [self.browser(number) for number in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as pool:
            done = [pool.submit(act, number, browser, barrier) for number, browser in enumerate(browsers)]
        return [answer for future in done for answer in future.result()]


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, own_url: Callable[[str], str], tmp_path: Path) -> Iterator[Stage]:
    """Give an application on an empty database whose transactions are real."""
    app = create_app(settings_for_tests(tmp_path, own_url(request.param)))
    yield Stage(app)
    app.database.close()


def form_of(browser: Client, path: str) -> dict[str, str]:
    """Open the editor and return what its form would send."""
    page = browser.get(f"{path}/bewerken").get_data(as_text=True)
    base = re.search(r'name="base" value="(\d+)"', page)
    text = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert base is not None
    assert text is not None
    return {"base": base[1], "text": html.unescape(text[1]), "summary": ""}


def test_forty_saves_of_one_page_at_once_all_stay(stage: Stage) -> None:
    lines = [f"Regel {n} blijft staan.\n\nHier schrijft {n}:" for n in range(WRITERS)]
    path = stage.scene.page("Het logboek", "\n\n".join(lines))

    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        answers = []
        for turn in range(ROUNDS):
            form = form_of(browser, path)
            barrier.wait()  # everyone has the same version open
            mine = f"Hier schrijft {number}:"
            form["text"] = form["text"].replace(mine, f"{mine} woord-{number}-{turn}")
            answers.append(browser.post(f"{path}/bewerken", form))
        return answers

    answers = stage.all_at_once(write)
    assert Counter(answer.status_code for answer in answers) == {303: WRITERS * ROUNDS}
    text = stage.scene.text(path)
    assert {f"woord-{n}-{turn}" for n in range(WRITERS) for turn in range(ROUNDS)} <= set(text.split())
    assert all(f"Regel {n} blijft staan." in text for n in range(WRITERS))
    with stage.app.database.reading():
        page = session().scalars(select(Page)).one()
        numbers = list(session().scalars(select(Revision.number).order_by(Revision.number)))
        assert numbers == list(range(1, WRITERS * ROUNDS + 2))
        assert page.current == numbers[-1]
        saved = list(session().scalars(select(Event.object_id).where(Event.kind == "page:saved").order_by(Event.id)))
        assert sorted(number or 0 for number in saved) == numbers[1:]


def test_what_is_said_about_a_passage_while_others_save_stands_at_its_passage(stage: Stage) -> None:
    path = stage.scene.page(
        "Het logboek", "\n\n".join(f"Hier schrijft {n}, en niemand anders." for n in range(WRITERS))
    )

    def act(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        answers = []
        for turn in range(ROUNDS):
            form = form_of(browser, path)
            mine = f"Hier schrijft {number},"
            barrier.wait()
            if number % 2:
                text = form["text"].replace(mine, f"Ervoor {turn}.\n\n{mine} {'heel ' * turn}")
                answers.append(browser.post(f"{path}/bewerken", form | {"text": text}))
            else:
                said = {"versie": form["base"], "words": mine, "text": f"Nummer {turn}", "voice": "proeftuinteam"}
                answers.append(browser.post(f"{path}/passage", said))
        return answers

    assert {answer.status_code for answer in stage.all_at_once(act)} == {303}
    text = stage.scene.text(path)
    with stage.app.database.reading():
        anchors = session().scalars(select(Anchor)).all()
        assert len(anchors) == WRITERS // 2 * ROUNDS
        for anchor in anchors:
            assert anchor.lost_in is None
            assert text[anchor.begins : anchor.ends] == anchor.quote


def test_of_many_who_change_one_line_at_once_one_saves_and_each_other_gets_both_texts(stage: Stage) -> None:
    path = stage.scene.page("Het besluit", "We besluiten iets.")

    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        form = form_of(browser, path) | {"text": f"Voorstel-{number} wint."}
        barrier.wait()
        return [browser.post(f"{path}/bewerken", form)]

    answers = stage.all_at_once(write)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: WRITERS - 1}
    winner = stage.scene.text(path).split()[0]
    for number, answer in enumerate(answers):
        if answer.status_code == 409:
            screen = answer.get_data(as_text=True)
            assert f"Voorstel-{number} wint." in screen
            assert winner in screen
    assert stage.scene.current(path) == 2


def test_of_many_who_send_the_same_form_at_once_all_succeed_with_one_version(stage: Stage) -> None:
    path = stage.scene.page("Het besluit", "We besluiten iets.")

    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        barrier.wait()
        return [browser.post(f"{path}/bewerken", {"base": "1", "text": "We besluiten niets.", "summary": ""})]

    assert {answer.status_code for answer in stage.all_at_once(write)} == {303}
    assert stage.scene.current(path) == 2


def test_of_many_who_make_the_same_page_at_once_one_makes_it(stage: Stage) -> None:
    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        form = {"title": "Week twaalf", "kind": "voortgang", "text": f"Tekst-{number}"}
        barrier.wait()
        return [browser.post(f"{stage.scene.path}/nieuwe-pagina", form)]

    answers = stage.all_at_once(write)
    counts = Counter(answer.status_code for answer in answers)
    assert counts == {303: 1, 422: WRITERS - 1}
    for number, answer in enumerate(answers):
        if answer.status_code == 422:
            assert f"Tekst-{number}" in answer.get_data(as_text=True)
            assert f'href="{stage.scene.path}/week-twaalf"' in answer.get_data(as_text=True)
    with stage.app.database.reading():
        assert len(session().scalars(select(Page)).all()) == 1


def test_titles_that_get_one_address_at_once_get_addresses_of_their_own(stage: Stage) -> None:
    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        form = {"title": "Plan" + "!" * (number + 1), "kind": "gewoon", "text": f"Tekst {number}"}
        barrier.wait()
        return [browser.post(f"{stage.scene.path}/nieuwe-pagina", form)]

    answers = stage.all_at_once(write)
    assert {answer.status_code for answer in answers} <= {303, 409}
    made = [answer.location for answer in answers if answer.status_code == 303]
    assert len(set(made)) == len(made) > 0


def test_of_many_who_give_their_page_the_same_title_at_once_one_gets_it(stage: Stage) -> None:
    pages = [stage.scene.page(f"Pagina {n}", f"Tekst {n}") for n in range(WRITERS)]
    linking = stage.scene.page("Overzicht", " ".join(f"[[Pagina {n}]]" for n in range(WRITERS)))

    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        barrier.wait()
        return [browser.post(f"{pages[number]}/instellingen", {"title": "Het logboek", "kind": "gewoon"})]

    answers = stage.all_at_once(write)
    counts = Counter(answer.status_code for answer in answers)
    assert counts[303] == 1, counts
    assert set(counts) <= {303, 409, 422}
    new = f"{stage.scene.path}/het-logboek"
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    for number, answer in enumerate(answers):
        screen = answer.get_data(as_text=True)
        if answer.status_code == 422:
            assert f'href="{new}"' in screen
        if answer.status_code == 409:
            assert f'href="{pages[number]}/instellingen"' in screen
        assert answer.status_code == 303 or "Het logboek" in screen
    stage.scene.work()
    with stage.app.database.reading():
        titles = sorted(session().scalars(select(Page.title)))
        assert titles == sorted(["Het logboek", "Overzicht", *(f"Pagina {n}" for n in range(WRITERS) if n != winner)])
        assert len(session().scalars(select(PageName)).all()) == 1
        assert len(session().scalars(select(Event).where(Event.kind == "page:renamed")).all()) == 1
    assert stage.scene.current(linking) == 2
    assert stage.scene.text(linking) == " ".join(
        "[[Het logboek]]" if n == winner else f"[[Pagina {n}]]" for n in range(WRITERS)
    )


def test_pages_that_link_to_each_other_get_other_names_at_once(stage: Stage) -> None:
    everyone = " ".join(f"[[Pagina {n}]]" for n in range(WRITERS))
    pages = [stage.scene.page(f"Pagina {n}", everyone) for n in range(WRITERS)]
    stage.scene.work()

    def write(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        barrier.wait()
        return [browser.post(f"{pages[number]}/instellingen", {"title": f"Nieuw {number}", "kind": "gewoon"})]

    assert {answer.status_code for answer in stage.all_at_once(write)} == {303}
    for _ in range(200):  # what somebody held is done a second later
        with stage.app.database.transaction():
            waiting = session().scalars(select(Job)).all()
            for job in waiting:
                job.due_at = clock.now()
        if not waiting:
            break
        stage.scene.work()
    new = " ".join(f"[[Nieuw {n}]]" for n in range(WRITERS))
    assert {stage.scene.text(f"{stage.scene.path}/nieuw-{n}") for n in range(WRITERS)} == {new}


def _suggested(stage: Stage) -> str:
    """Let a colleague suggest a text for a page; return the address of the suggestion."""
    page = stage.scene.page("De maatstaven", "Eén.\n\nTwee.\n")
    colleague = Client(stage.app, stage.app.database, stage.cast.colleague)
    path = f"{page}/voorstel"
    form = fields_of(colleague.get(path).get_data(as_text=True), path)
    sent = colleague.post(path, {**form, "text": "Eén.\n\nTwee, en drie.\n", "summary": "Drie hoort erbij"})
    assert sent.status_code == 303
    return str(sent.location)


def _versions(stage: Stage, path: str) -> int:
    return stage.scene.current(path.rpartition("/voorstellen/")[0])


def test_of_many_who_decide_on_a_suggestion_at_once_one_decides(stage: Stage) -> None:
    path = _suggested(stage)

    def decide(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        act = "overnemen" if number % 2 else "afwijzen"
        form = fields_of(browser.get(path).get_data(as_text=True), f"{path}/{act}")
        barrier.wait()
        return [browser.post(f"{path}/{act}", {**form, "answer": f"Antwoord {number}"})]

    answers = stage.all_at_once(decide)
    counts = Counter(answer.status_code for answer in answers)
    assert counts == {303: 1, 409: WRITERS - 1}, counts
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    with stage.app.database.reading():
        kinds = session().scalars(select(Event.kind).where(Event.kind.like("suggestion:%"))).all()
    assert sorted(kinds) == sorted(
        ["suggestion:made", "suggestion:accepted" if winner % 2 else "suggestion:declined"]
    )
    assert _versions(stage, path) == (2 if winner % 2 else 1)


def test_taking_over_while_the_suggester_takes_it_back_gives_one_outcome(stage: Stage) -> None:
    path = _suggested(stage)
    colleague = Client(stage.app, stage.app.database, stage.cast.colleague)

    def act(number: int, browser: Client, barrier: Barrier) -> list[TestResponse]:
        if number:
            form = fields_of(browser.get(path).get_data(as_text=True), f"{path}/overnemen")
            barrier.wait()
            return [browser.post(f"{path}/overnemen", form)]
        barrier.wait()
        return [colleague.post(f"{path}/intrekken")]

    answers = stage.all_at_once(act)
    counts = Counter(answer.status_code for answer in answers)
    assert counts == {303: 1, 409: WRITERS - 1}, counts
    with stage.app.database.reading():
        kinds = set(session().scalars(select(Event.kind).where(Event.kind.like("suggestion:%"))))
    taken_back = answers[0].status_code == 303
    assert kinds == {"suggestion:made", "suggestion:withdrawn" if taken_back else "suggestion:accepted"}
    assert _versions(stage, path) == (1 if taken_back else 2)
