"""A colleague asks, the team answers, and whoever asked decides whether that was an answer."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.steps import HALF, LEAD, READER, press

QUESTION = "Telt een avond lezen ook als bijdrage?"
ANSWER = "Alleen als het team dat vooraf zo heeft afgesproken."


def test_a_question_stays_open_until_its_asker_is_content(visit: Visitor) -> None:
    """Asked in a role that everyone sees, answered by the team, and asked again."""
    asker, lead = visit(READER), visit(LEAD)
    before = _open_questions(asker)
    thread = _asks(asker)
    assert _open_questions(asker) == before + 1
    unread = _unread(asker)

    _answers(lead, thread)
    asker.goto(thread)
    expect(asker.locator(".official")).to_contain_text(ANSWER)
    expect(asker.locator(".official")).to_contain_text("proeftuinteam")
    _hears_of_it(asker, unread + 1)
    assert _open_questions(asker) == before

    _asks_again(asker, thread)
    assert _open_questions(asker) == before + 1
    asker.get_by_role("main").locator(f'a[href="{HALF}/gesprek?open=1"]').first.click()
    expect(asker.get_by_role("main").get_by_role("link", name=QUESTION).first).to_be_visible()


def _asks(page: Page) -> str:
    page.goto(f"{HALF}/gesprek")
    form = page.locator("#reageer")
    expect(form.locator(".choice", has=page.locator(":checked"))).to_contain_text(READER)
    expect(form.locator(".choice", has=page.locator(":checked")).locator(".role")).to_have_text("niet-deelnemer")
    form.get_by_label("Onderwerp").fill(QUESTION)
    form.get_by_label("Je reactie").fill("Ik lees de stukken ’s avonds. **Telt dat mee?**")
    form.get_by_label("Dit is een vraag aan het team").check()
    press(page, "Plaats reactie")
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    said = page.locator("article.post").first
    expect(said).to_contain_text(READER)
    expect(said.locator(".role")).to_have_text("niet-deelnemer")
    expect(page.get_by_role("main")).to_contain_text("Open vraag, sinds vandaag")
    return page.url


def _answers(page: Page, thread: str) -> None:
    page.goto(thread)
    page.get_by_label("Je reactie").fill(ANSWER)
    page.get_by_label("Dit is het antwoord op de vraag").check()
    press(page, "Plaats reactie")
    expect(page.get_by_role("main")).to_contain_text("Beantwoord op dezelfde dag")


def _asks_again(page: Page, thread: str) -> None:
    page.goto(thread)
    page.get_by_label("Je reactie").fill("En wie bepaalt wat ‘vooraf’ is?")
    press(page, "Plaats en heropen mijn vraag")
    expect(page.get_by_role("main")).to_contain_text("Open vraag")
    expect(page.get_by_role("main")).to_contain_text(ANSWER)


def _open_questions(page: Page) -> int:
    """Return how many questions of the pilot the front page counts."""
    page.goto("/")
    found = page.get_by_role("main").locator(f'a[href="{HALF}/gesprek?open=1"]')
    return _number(found.first.inner_text()) if found.count() else 0


def _unread(page: Page) -> int:
    """Return the number at the bell."""
    bell = page.locator(".bell .count")
    return _number(bell.inner_text()) if bell.count() else 0


def _hears_of_it(page: Page, number: int) -> None:
    """Wait until the bell shows a number: notices are made right after the commit, not in it."""
    for _ in range(50):
        page.reload()
        if _unread(page) == number:
            break
        page.wait_for_timeout(100)
    assert _unread(page) == number
    page.get_by_role("banner").get_by_role("link", name=re.compile("Berichten")).click()
    expect(page.get_by_role("main")).to_contain_text(LEAD)
    page.go_back()


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found is not None, text
    return int(found.group())
