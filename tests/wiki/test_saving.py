"""Saving pages: nothing gets lost, whoever was at it at the same time."""

from __future__ import annotations

import html
import re

import pytest

from proeftuin.db import Database
from proeftuin.events.models import Event
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

TEXT = """\
Team Bovenleiding koos hulp aan collega’s.

## Regels

Ziekte telt nooit mee als maatstaf.

## Doen

Kwartaalcijfers naar de OR.
"""


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page of three parts."""
    return scene.page("De maatstaven", TEXT)


def save(client: Client, page: str, text: str, *, base: int = 1, **fields: str) -> tuple[int, str]:
    """Send the edit form; return the status and the answer, or the address that it leads to."""
    answer = client.post(f"{page}/bewerken", {"text": text, "base": str(base), "summary": "", **fields})
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def fields_of(answer: str) -> dict[str, str]:
    """Return the fields of the conflict form as a browser would send them, with nothing chosen."""
    form = answer[answer.index("<form", answer.index("<h1>Jullie schreven tegelijk")) :]
    form = form[: form.index("</form>")]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S))
    del found["csrf_token"]
    return {name: html.unescape(value).replace("\n", "\r\n") for name, value in found.items()}


def test_a_save_is_a_new_version_with_its_summary(
    client: Client, cast: Cast, scene: Scene, page: str, database: Database
) -> None:
    browser = client.as_(cast.member)
    form = browser.get(f"{page}/bewerken").get_data(as_text=True)
    assert 'name="base" value="1"' in form
    status, address = save(browser, page, TEXT + "\nEinde.\n", summary=" Slot\u202e erbij ", minor="1")
    assert (status, address) == (303, page)
    assert scene.text(page) == TEXT + "\nEinde.\n"
    listed = browser.get(f"{page}/geschiedenis").get_data(as_text=True)
    assert "Slot erbij" in listed
    assert ">k</abbr>" in listed
    with database.reading() as reading:
        event = reading.query(Event).order_by(Event.id.desc()).first()
        assert event is not None
        assert (event.kind, event.object_id, event.minor, event.data["delta"]) == ("page:saved", 2, True, 8)


def test_line_ends_of_a_browser_are_no_change_and_the_rest_is_kept_as_typed(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.lead)
    status, _ = save(browser, page, TEXT.replace("\n", "\r\n"))
    assert (status, scene.current(page)) == (303, 1)
    odd = "  tab\there,\u00a0een harde spatie \N{ADULT}\N{ZERO WIDTH JOINER}"
    save(browser, page, odd + "\n\n\n")
    assert scene.text(page) == odd + "\n\n\n"


def test_a_text_that_is_no_change_makes_no_version(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.lead)
    assert save(browser, page, TEXT)[0] == 303
    assert scene.current(page) == 1
    assert "Er is niets veranderd" in browser.get(page).get_data(as_text=True)


def test_a_double_click_is_one_version(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.lead)
    for _ in range(2):
        assert save(browser, page, TEXT + "Nog iets.")[0] == 303
    assert scene.current(page) == 2
    assert browser.get(page).get_data(as_text=True).count("Opgeslagen als versie 2") == 2


def test_edits_that_do_not_touch_are_merged_and_told(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    save(client.as_(cast.member), page, TEXT.replace("hulp", "steun"))
    browser = client.as_(cast.lead)
    assert save(browser, page, TEXT.replace("naar de OR", "naar de OR en de bonden"))[0] == 303
    merged = scene.text(page)
    assert "steun" in merged
    assert "en de bonden" in merged
    assert scene.current(page) == 3
    told = browser.get(page).get_data(as_text=True)
    assert "Bilal Aksoy had intussen versie 2 opgeslagen" in told
    assert f'href="{page}/vergelijk?van=2&amp;naar=3"' in told
    assert "samengevoegd" in browser.get(f"{page}/geschiedenis").get_data(as_text=True)
    assert save(browser, page, TEXT.replace("naar de OR", "naar de OR en de bonden"))[0] == 303
    assert scene.current(page) == 3  # the same form again


def clash(client: Client, cast: Cast, page: str) -> tuple[Client, str]:
    """Let two people change the same passage; return the browser of the later one and the screen it gets."""
    save(client.as_(cast.member), page, TEXT.replace("Ziekte telt nooit", "Ziekte en rouw tellen nooit"))
    browser = client.as_(cast.lead)
    mine = TEXT.replace("Ziekte telt nooit mee", "Zorgverlof telt niet").replace("Team", "Groep")
    status, screen = save(browser, page, mine, summary="Zorgverlof <erbij>")
    assert status == 409
    return browser, screen


def test_saving_on_a_stale_base_shows_both_texts_and_begins_with_both(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    _, screen = clash(client, cast, page)
    assert "Bilal Aksoy" in screen
    assert "<ins>en rouw tellen" in screen
    assert "<ins>Zorgverlof" in screen
    assert "onder Regels" in screen
    assert re.findall(r'value="(\w+)" checked', screen) == ["beide"]
    sent = fields_of(screen)
    assert sent["tekst-1"].split("\r\n") == [
        "Ziekte en rouw tellen nooit mee als maatstaf.",
        "",
        "Zorgverlof telt niet als maatstaf.",
    ]
    assert "Groep Bovenleiding" in sent["mijn"]
    assert scene.current(page) == 2  # nothing was saved


def test_sending_the_conflict_screen_on_without_choosing_keeps_both(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser, screen = clash(client, cast, page)
    assert browser.post(f"{page}/bewerken", fields_of(screen)).status_code == 303
    text = scene.text(page)
    assert "Ziekte en rouw tellen nooit mee als maatstaf.\n\nZorgverlof telt niet als maatstaf." in text
    assert "Groep Bovenleiding" in text
    assert not re.search(r"[<>=|]{4,}", text)
    assert "Zorgverlof &lt;erbij&gt;" in browser.get(f"{page}/geschiedenis").get_data(as_text=True)


@pytest.mark.parametrize(
    ("keep", "kept", "gone"),
    [
        ("hun", "Ziekte en rouw", "Zorgverlof"),
        ("mijn", "Zorgverlof", "rouw"),
        ("beide", "Zorgverlof", "niets hiervan"),
    ],
)
def test_a_choice_is_what_comes_on_the_page(
    client: Client, cast: Cast, scene: Scene, page: str, *, keep: str, kept: str, gone: str
) -> None:
    browser, screen = clash(client, cast, page)
    assert browser.post(f"{page}/bewerken", {**fields_of(screen), "keuze-1": keep}).status_code == 303
    assert kept in scene.text(page)
    assert gone not in scene.text(page)
    assert "Groep Bovenleiding" in scene.text(page)


@pytest.mark.parametrize("keep", ["", "zelf", "beide"])
def test_what_is_written_in_the_box_comes_on_the_page(
    client: Client, cast: Cast, scene: Scene, page: str, keep: str
) -> None:
    browser, screen = clash(client, cast, page)
    own = {**fields_of(screen), "keuze-1": keep, "tekst-1": "Ziekte, rouw en zorgverlof tellen nooit mee."}
    assert browser.post(f"{page}/bewerken", own).status_code == 303
    assert "Ziekte, rouw en zorgverlof tellen nooit mee." in scene.text(page)


def test_a_choice_and_other_words_in_the_box_are_asked_about_again(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser, screen = clash(client, cast, page)
    both = {**fields_of(screen), "keuze-1": "hun", "tekst-1": "Mijn derde versie."}
    again = browser.post(f"{page}/bewerken", both)
    assert again.status_code == 409
    screen = again.get_data(as_text=True)
    assert "schreef ook zelf" in screen
    assert "Mijn derde versie." in screen
    assert scene.current(page) == 2
    assert browser.post(f"{page}/bewerken", {**fields_of(screen), "keuze-1": "hun"}).status_code == 303
    assert "Ziekte en rouw" in scene.text(page)
    assert "derde" not in scene.text(page)


def test_someone_saving_during_the_conflict_repeats_it_and_loses_nothing(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser, screen = clash(client, cast, page)
    third = scene.text(page).replace("rouw tellen nooit", "rouw en mantelzorg tellen nooit")
    save(client.as_(cast.member), page, third, base=2)
    again = browser.post(f"{page}/bewerken", {**fields_of(screen), "keuze-1": "mijn"})
    assert again.status_code == 409
    screen = again.get_data(as_text=True)
    for word in ("mantelzorg", "Zorgverlof", "Groep"):
        assert word in screen
    assert browser.post(f"{page}/bewerken", fields_of(screen)).status_code == 303
    for word in ("mantelzorg", "Zorgverlof", "Groep"):
        assert word in scene.text(page)


def test_the_whole_text_can_be_taken_into_the_editor(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser, screen = clash(client, cast, page)
    editor = browser.post(f"{page}/bewerken", {**fields_of(screen), "do": "hele"})
    text = editor.get_data(as_text=True)
    assert editor.status_code == 200
    assert 'name="base" value="2"' in text
    assert "Ziekte en rouw tellen nooit mee als maatstaf.\n\nZorgverlof telt niet als maatstaf." in text
    assert scene.current(page) == 2


def test_a_form_that_names_no_version_still_loses_nothing(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    answer = client.as_(cast.lead).post(f"{page}/bewerken", {"text": "Heel iets anders", "base": "x"})
    assert answer.status_code == 409
    screen = answer.get_data(as_text=True)
    assert "Heel iets anders" in screen
    assert "Kwartaalcijfers" in screen


@pytest.mark.parametrize("text", ["", " \r\n\t ", "x" * 100_001])
def test_an_empty_or_too_long_text_is_refused_and_stays_in_the_form(
    client: Client, cast: Cast, scene: Scene, page: str, text: str
) -> None:
    status, answer = save(client.as_(cast.lead), page, text, summary="Reden")
    assert status == 422
    assert text.strip() in answer
    assert 'value="Reden"' in answer
    assert scene.current(page) == 1


def test_a_text_of_the_longest_length_is_saved(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    text = ("é" * 99 + "\n") * 1000
    assert save(client.as_(cast.lead), page, text.replace("\n", "\r\n"))[0] == 303
    assert scene.text(page) == text


def test_a_summary_that_is_too_long_is_refused_with_the_text_kept(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    status, answer = save(client.as_(cast.lead), page, TEXT + "Nieuw werk.", summary="x" * 201)
    assert status == 422
    assert "Nieuw werk." in answer


def test_preview_and_changes_show_the_form_again_with_everything_in_it(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.lead)
    status, shown = save(
        browser, page, TEXT + "\n**Nieuw** [[Niet]]", summary="Mijn reden", minor="1", do="voorbeeld"
    )
    assert status == 200
    assert "<strong>Nieuw</strong>" in shown
    assert 'class="missing"' in shown
    status, changes = save(
        browser, page, TEXT.replace("Ziekte", "Verlof"), summary="Mijn reden", minor="1", do="wijzigingen"
    )
    assert status == 200
    assert "<ins>Verlof </ins>" in changes
    for answer in (shown, changes):
        assert 'value="Mijn reden"' in answer
        assert " checked" in answer[answer.index('name="minor"') :][:60]
        assert 'name="base" value="1"' in answer
    assert scene.current(page) == 1


def test_the_preview_for_the_script_is_a_fragment(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    answer = client.as_(cast.lead).post(f"{page}/voorbeeld", {"text": "- [x] klaar\n"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "klaar" in text
    assert "<html" not in text
    new = client.as_(cast.lead).post(f"{scene.path}/nieuwe-pagina/voorbeeld", {"text": "**vet**"})
    assert "<strong>vet</strong>" in new.get_data(as_text=True)


def test_the_editor_warns_when_someone_saved_meanwhile(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    scene.save(page, TEXT + "Van een ander.", by=cast.member)
    _, shown = save(client.as_(cast.lead), page, TEXT + "Van mij.", do="voorbeeld")
    assert "Intussen is versie 2 opgeslagen" in shown


def test_only_the_team_saves(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    for person in (cast.outsider, cast.colleague, cast.hr, cast.council, cast.admin):
        browser = client.as_(person)
        assert browser.get(f"{page}/bewerken").status_code == 403
        assert save(browser, page, "Anders")[0] == 403
    assert scene.current(page) == 1


def test_without_a_token_nothing_is_saved_and_the_text_comes_back(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    answer = client.as_(cast.lead).post_bare(f"{page}/bewerken", {"text": "Lang getypt werk", "base": "1"})
    assert answer.status_code == 403
    assert "Lang getypt werk" in answer.get_data(as_text=True)
    assert scene.current(page) == 1
