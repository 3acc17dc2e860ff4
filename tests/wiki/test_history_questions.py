"""The history answers: who wrote this, when did this sentence come or go, which versions are of whom."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import Database, session
from proeftuin.web.application import Application
from proeftuin.wiki import authors, phrases, queries, service
from proeftuin.wiki.models import HiddenVersion, PageKind
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

POT = "Elk team verdeelt zelf de helft van de pot."
SICK = "Ziekte telt gewoon mee bij het verdelen."
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.get_data(as_text=True).split())


def minor(scene: Scene, path: str, text: str, by: Actor) -> None:
    with scene.act():
        page = scene.row(path)
        service.save_page(by, page, base=page.current, text=text, summary="tikfout", minor=True)


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page with six versions on six days: a sentence goes in 3 and comes back in 5."""
    texts = (POT, f"{POT}\n\n{SICK}", POT, f"{POT} Met een begeleider.", f"{SICK}\n\n{POT} Met een begeleider.")
    path = ""
    for day, text in enumerate(texts):
        by = scene.cast.member if day % 2 else scene.cast.lead
        with clock.at(DAY + timedelta(days=day)):
            if path:
                scene.save(path, text, by=by)
            else:
                path = scene.page("De pot", text)
    with clock.at(DAY + timedelta(days=5)):
        minor(scene, path, f"{SICK}\n\n{POT} Met een  begeleider.", scene.cast.member)
    return path


def test_a_sentence_is_followed_through_every_version(client: Client, cast: Cast, page: str) -> None:
    answer = text_of(client.as_(cast.outsider), f"{page}/geschiedenis/zin?zin=ziekte+TELT,+**gewoon**+mee")
    assert "Deze woorden staan nu op de pagina." in answer
    found = re.findall(r"(Kwam erbij|Verdween|Kwam terug) in <a href=\"([^\"]+)\"", answer)
    assert [what for what, _ in found] == ["Kwam erbij", "Verdween", "Kwam terug"]
    assert [re.search(r"naar=(\d)", href)[1] for _, href in found] == ["2", "3", "5"]  # type: ignore[index]
    assert "door Bilal Aksoy" in answer


@pytest.mark.parametrize(
    ("language", "mark"), [("nl", ' title="kleine wijziging">k<'), ("en", ' title="minor change">m<')]
)
def test_a_minor_change_is_marked_with_the_letter_of_its_language(
    client: Client, cast: Cast, page: str, language: str, mark: str
) -> None:
    browser = client.as_(cast.outsider)
    browser.post("/taal", {"language": language, "back": "/"})
    assert text_of(browser, f"{page}/geschiedenis").count(f"<abbr{mark}/abbr>") == 1


def test_words_that_were_never_there_are_said_to_be_nowhere(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    assert "In geen enkele versie gevonden" in text_of(browser, f"{page}/geschiedenis/zin?zin=vier+lange+dagen")
    assert "In geen enkele versie" not in text_of(browser, f"{page}/geschiedenis/zin")
    assert "Typ een zin" in text_of(browser, f"{page}/geschiedenis/zin?zin=%20**", 422)
    assert "kortere zin" in text_of(browser, f"{page}/geschiedenis/zin?zin={'woord+' * 120}", 422)


def test_the_answer_goes_on_after_new_versions(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.outsider)
    address = f"{page}/geschiedenis/zin?zin=met+een+begeleider"
    assert "staan nu op de pagina" in text_of(browser, address)
    scene.save(page, POT)
    answer = text_of(browser, address)
    assert "staan nu niet op de pagina" in answer
    assert "naar=7&amp;" in answer


def test_a_search_that_is_too_much_for_one_request_shows_how_far_it_is(
    client: Client, cast: Cast, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "BUDGET", 1)
    monkeypatch.setattr(authors, "BUDGET", 1)
    browser = client.as_(cast.outsider)
    for path, go_on in ((f"{page}/geschiedenis/zin?zin=ziekte", "Zoek verder"), (f"{page}/auteurs", "Ga verder")):
        first = text_of(browser, path)
        assert go_on in first
        assert "van 6." in first
        for _ in range(7):
            last = text_of(browser, path)
        assert go_on not in last
    assert "Verdween" in text_of(browser, f"{page}/geschiedenis/zin?zin=ziekte")


def test_each_passage_says_who_wrote_it_and_who_put_it_back(client: Client, cast: Cast, page: str) -> None:
    shown = text_of(client.as_(cast.outsider), f"{page}/auteurs")
    passages = re.findall(r"<section aria-labelledby=.*?</section>", shown)
    assert len(passages) == 2
    assert "Bilal Aksoy" in passages[0]
    assert "Ziekte telt" in passages[0]
    assert "teruggezet door Willemijn Smit" in passages[0]
    assert "<strong>Willemijn Smit</strong>" in passages[1]
    assert "laatst aangepast door Bilal Aksoy" in passages[1]
    assert "vergelijk?van=5&amp;naar=6" in passages[1]


def test_who_wrote_what_is_known_of_older_versions_too(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    text_of(browser, f"{page}/auteurs")  # what is remembered of the newest must not show in older ones
    shown = text_of(browser, f"{page}/auteurs?versie=2")
    assert "teruggezet" not in shown
    assert "Versie 2 van 6" in shown
    text_of(browser, f"{page}/auteurs?versie=7", 404)
    text_of(browser, f"{page}/auteurs?versie=x", 404)


def test_a_hidden_version_gives_its_text_to_no_screen(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    secret = "Jan de Vries was ziek."
    scene.save(page, f"{POT}\n\n{secret}")
    scene.save(page, POT)
    with scene.act():
        row = scene.row(page)
        session().add(
            HiddenVersion(
                page_id=row.id,
                number=7,
                is_hidden=True,
                reason="privacy",
                actor_id=cast.lead.id,
                created_at=clock.now(),
            )
        )
    browser = client.as_(cast.member)
    for tail in ("/vergelijk?van=6&naar=7", "/vergelijk?van=7&naar=8&weergave=zoals-gelezen", "/auteurs?versie=7"):
        answer = browser.get(page + tail)
        assert answer.status_code == 410
        assert secret not in answer.get_data(as_text=True)
    for tail in ("/ongedaan/7", "/ongedaan/8"):
        assert browser.get(page + tail).status_code == 410
    found = text_of(browser, f"{page}/geschiedenis/zin?zin=Jan+de+Vries")
    assert "In geen enkele versie gevonden" in found
    assert "In 1 verborgen versie is niet gezocht." in found
    assert secret not in text_of(browser, f"{page}/auteurs")


def numbers(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="versie-(\d+)"', html)]


def test_the_history_can_be_of_one_person_or_of_one_kind(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.outsider)
    with scene.act():
        service.restore(cast.lead, scene.row(page), 1, summary="terug")
    scene.save(page, f"{POT} Iets anders nog.")
    scene.save(page, f"Vooraf.\n\n{POT}", base=7, by=cast.member)
    history = f"{page}/geschiedenis"
    assert numbers(text_of(browser, f"{history}?wie={cast.member.id}")) == [9, 6, 4, 2]
    assert numbers(text_of(browser, f"{history}?soort=klein")) == [6]
    assert numbers(text_of(browser, f"{history}?soort=teruggezet")) == [7]
    assert numbers(text_of(browser, f"{history}?soort=samengevoegd")) == [9]
    assert numbers(text_of(browser, f"{history}?soort=gewoon&wie={cast.member.id}")) == [9, 4, 2]
    assert "Geen versie past hierbij" in text_of(browser, f"{history}?soort=voorgesteld")
    assert "Geen versie past hierbij" in text_of(browser, f"{history}?wie={cast.hr.id}")
    choice = re.search(r'<select id="wie".*?</select>', text_of(browser, history))
    assert choice is not None
    assert re.findall(r">([^<]+)</option>", choice[0]) == ["iedereen", "Bilal Aksoy", "Willemijn Smit"]


def test_a_filtered_history_can_be_leafed_through_both_ways(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    for number in range(60):
        scene.save(page, f"Versie {number}", by=cast.member if number % 2 else cast.lead)
    browser, history = client.as_(cast.outsider), f"{page}/geschiedenis?wie={cast.member.id}"
    first = text_of(browser, history)
    assert len(numbers(first)) == 20
    older = text_of(browser, f"{history}&voor={numbers(first)[-1]}")
    assert numbers(older)[0] < numbers(first)[-1]
    assert numbers(text_of(browser, f"{history}&na={numbers(older)[0]}")) == numbers(first)
    oldest = numbers(text_of(browser, f"{history}&na=0"))
    assert oldest[-1] == 2
    assert len(numbers(text_of(browser, f"{history}&toon=50"))) == 33


def test_the_history_can_be_opened_at_a_day(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    there = browser.get(f"{page}/geschiedenis?dag=2026-03-04&toon=20")
    assert there.status_code == 303
    assert there.location.endswith("/geschiedenis?toon=20&pagina=1#versie-3")
    filtered = browser.get(f"{page}/geschiedenis?dag=2026-03-04&wie={cast.lead.id}")
    assert f"wie={cast.lead.id}&voor=4#versie-3" in filtered.location
    assert "was deze pagina er nog niet" in text_of(browser, f"{page}/geschiedenis?dag=2026-03-01")
    assert "Dat is geen dag" in text_of(browser, f"{page}/geschiedenis?dag=gisteren")


def test_the_versions_can_be_compared_in_three_ways(client: Client, cast: Cast, page: str) -> None:
    browser = client.as_(cast.outsider)
    base = f"{page}/vergelijk?van=3&naar=4"
    assert "<table" in text_of(browser, base)
    assert "diff-inline" in text_of(browser, f"{base}&weergave=onder-elkaar")
    read = text_of(browser, f"{base}&weergave=zoals-gelezen")
    assert re.search(r'pot.<ins id="eerste-wijziging"> Met een begeleider.</ins>|Met een begeleider', read)
    assert 'href="#eerste-wijziging"' in read
    assert "weergave=zoals-gelezen" in re.findall(r"<nav class=\"pager\".*?</nav>", read)[-1]
    same = text_of(browser, f"{page}/vergelijk?van=5&naar=6&weergave=zoals-gelezen")
    assert "ziet geen verschil" in same


sentence = st.lists(st.sampled_from(["pot", "maat", "uur", "team", "loon"]), min_size=1, max_size=4).map(" ".join)
body = st.lists(sentence, min_size=1, max_size=4).map("\n\n".join)
_count = iter(range(10_000))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(body, min_size=2, max_size=6), wanted=sentence)
def test_a_sentence_is_there_exactly_in_the_versions_that_are_told(
    app: Application, database: Database, scene: Scene, texts: list[str], wanted: str
) -> None:
    with app.app_context(), database.unit(writing=True):
        actor = scene.cast.lead
        row = service.create_page(
            actor, scene.pilot_id, title=f"Zoek {next(_count)}", text=texts[0], kind=PageKind.PLAIN
        )
        for text in texts[1:]:
            service.save_page(actor, row, base=row.current, text=text, summary="")
        head = queries.get_page(actor, scene.pilot_id, row.slug)
        answer = phrases.find_phrase(head, wanted)
        told, is_there = [], False
        turns = {moment.version.number for moment in answer.moments}
        for number in range(1, head.current + 1):
            is_there = is_there != (number in turns)
            told.append(is_there)
        whole = [f" {' '.join(queries.get_text(head.id, n).split())} " for n in range(1, head.current + 1)]
        assert told == [f" {wanted} " in text for text in whole]
        assert answer.is_there == told[-1]
