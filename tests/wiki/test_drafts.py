"""Drafts: what was typed is found again, is nobody else's, and never replaces something newer silently."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.wiki.drafts import MAX_DRAFT, Draft
from tests.cast import Cast
from tests.client import Client
from tests.wiki.scene import Scene

TEXT = "Vooraf.\n\n## Regels\n\nZiekte telt niet mee.\n\n## Doen\n\nCijfers naar de OR.\n"
KEY, TAB, OTHER_TAB = "sleutel-van-een", "venster-een", "venster-twee"
NEW = TEXT + "\nEen nieuwe zin.\n"


@pytest.fixture
def page(scene: Scene) -> str:
    """Give a page with two sections."""
    return scene.page("De maatstaven", TEXT)


def subject(scene: Scene, page: str) -> int:
    with scene.database.reading():
        return scene.row(page).id


def message(
    text: str, *, number: int = 0, turn: int = 1, tab: str = TAB, key: str = KEY, **more: str
) -> dict[str, str]:
    fields = {"concept": key, "concept_nr": str(number), "venster": tab, "beurt": str(turn), "plaats": "pagina"}
    return {**fields, "base": "1", "text": text, **more}


def keep(scene: Scene, browser: Client, page: str, text: str, **more: str | int) -> dict[str, object]:
    answer = browser.post(f"/concepten/{subject(scene, page)}", message(text, **more))  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return dict(answer.json)


def own(scene: Scene, actor: Actor) -> list[Draft]:
    with scene.database.reading():
        living = select(Draft).where(Draft.person_id == actor.id, Draft.finished_at.is_(None)).order_by(Draft.id)
        return list(session().scalars(living))


def shown(browser: Client, path: str) -> str:
    return html.unescape(browser.get(path).get_data(as_text=True))


def text_of(page: str) -> str:
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert found is not None
    return found[1]


def test_a_draft_is_offered_again_and_never_put_in_by_itself(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    answer = keep(scene, browser, page, NEW, summary="Een zin erbij")
    assert answer["number"] == 1
    opened = shown(browser, f"{page}/bewerken")
    assert "Je was hier eerder bezig (vandaag " in opened
    assert "versie 1)" in opened
    assert "<ins>Een nieuwe zin." in opened or "Een nieuwe zin." in opened[opened.index("Wat er in je concept") :]
    assert text_of(opened) == TEXT
    (draft,) = own(scene, cast.member)
    going_on = shown(browser, f"{page}/bewerken?concept={draft.id}")
    assert text_of(going_on) == NEW
    assert 'value="Een zin erbij"' in going_on
    assert "Je was hier eerder bezig" not in going_on


def test_a_draft_is_nobody_elses(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    keep(scene, client.as_(cast.member), page, TEXT + "\nGeheimpje.\n")
    (draft,) = own(scene, cast.member)
    for actor in (cast.lead, cast.hr, cast.admin, cast.outsider):
        other = client.as_(actor)
        assert other.get(f"/mijn/concepten/{draft.id}").status_code == 404
        assert other.post(f"/mijn/concepten/{draft.id}/weggooien").status_code == 404
        for path in ("/mijn/concepten", page, f"{page}/geschiedenis", "/wijzigingen", "/zoeken?q=geheimpje", "/mijn"):
            assert "Geheimpje" not in shown(other, path)
    assert text_of(shown(client.as_(cast.lead), f"{page}/bewerken?concept={draft.id}")) == TEXT
    with scene.database.reading():
        assert session().scalar(select(func.count()).where(Event.kind.like("%draft%"))) == 0
    assert len(own(scene, cast.member)) == 1


def test_a_draft_is_gone_once_it_is_saved(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, NEW)
    saved = browser.post(f"{page}/bewerken", message(NEW + "En nog een.\n", number=1, turn=2))
    assert saved.status_code == 303
    assert own(scene, cast.member) == []
    assert "Je hebt geen concepten" in shown(browser, "/mijn/concepten")


def test_a_message_that_was_overtaken_by_the_save_brings_nothing_back(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, NEW, turn=1)
    scene.save(page, TEXT.replace("Vooraf.", "Vooraf, van de trekker."))
    assert browser.post(f"{page}/bewerken", message(NEW + "Slot.\n", number=1, turn=3)).status_code == 303
    late = keep(scene, browser, page, NEW + "Slo", number=1, turn=2)
    assert late["number"] == 0
    assert own(scene, cast.member) == []
    keep(scene, browser, page, NEW + "Slot. Na de terugknop.\n", number=1, turn=4)
    assert [draft.text for draft in own(scene, cast.member)] == [NEW + "Slot. Na de terugknop.\n"]


def test_a_copy_in_a_browser_of_what_was_saved_at_once_brings_nothing_back(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    typed = message("Zo gemaakt", plaats="nieuw", title="In één keer", kind="gewoon", base="")
    assert browser.post(f"{scene.path}/nieuwe-pagina", typed).status_code == 303
    late = browser.post(f"/concepten/{scene.pilot_id}", typed)
    assert late.status_code == 200
    assert own(scene, cast.member) == []


def test_another_tab_gets_a_draft_of_its_own_and_nothing_is_overwritten(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, TEXT + "Van de telefoon.", turn=1)
    keep(scene, browser, page, TEXT + "Van de laptop.", number=1, tab=OTHER_TAB)
    answer = keep(scene, browser, page, TEXT + "Van de telefoon, later.", number=1, turn=2)
    assert answer["second"] is True
    assert "tweede concept" in str(answer["message"])
    texts = {draft.text for draft in own(scene, cast.member)}
    assert texts == {TEXT + "Van de laptop.", TEXT + "Van de telefoon, later."}
    again = keep(scene, browser, page, TEXT + "Nog later.", number=1, turn=3, key=str(answer["key"]))
    assert again["second"] is False
    assert len(own(scene, cast.member)) == 2
    opened = shown(browser, f"{page}/bewerken")
    assert "Er is hier nog een ander concept van je" in opened


def test_saving_in_a_stale_tab_keeps_what_the_other_tab_wrote(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, NEW, turn=1)
    keep(scene, browser, page, NEW + "Van het andere scherm.", number=1, tab=OTHER_TAB)
    assert browser.post(f"{page}/bewerken", message(NEW, number=1, turn=2)).status_code == 303
    assert [draft.text for draft in own(scene, cast.member)] == [NEW + "Van het andere scherm."]


def test_the_same_message_twice_and_an_overtaken_one_make_one_draft(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    for turn, text in ((1, "Een"), (1, "Een"), (3, "Drie"), (2, "Twee")):
        keep(scene, browser, page, text, turn=turn)
    assert [draft.text for draft in own(scene, cast.member)] == ["Drie"]


def test_a_text_that_is_no_change_is_no_draft(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    assert keep(scene, browser, page, TEXT)["number"] == 0
    keep(scene, browser, page, NEW, turn=2)
    keep(scene, browser, page, TEXT, turn=3, number=1)
    assert own(scene, cast.member) == []
    start = {"plaats": "nieuw", "title": ""}
    assert keep(scene, browser, page, "", turn=1, key="een-nieuwe-sleutel", **start)["number"] == 0


def test_an_old_draft_is_merged_with_what_was_saved_since(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, TEXT.replace("naar de OR", "naar de OR en HR"))
    scene.save(page, TEXT.replace("Vooraf.", "Vooraf, van de trekker."))
    (draft,) = own(scene, cast.member)
    going_on = shown(browser, f"{page}/bewerken?concept={draft.id}")
    assert "Intussen is versie 2 opgeslagen" in going_on
    assert 'name="base" value="1"' in going_on
    browser.post(f"{page}/bewerken", message(text_of(going_on), number=1))
    assert scene.text(page) == TEXT.replace("Vooraf.", "Vooraf, van de trekker.").replace("de OR", "de OR en HR")


def test_a_draft_is_kept_by_hand_without_a_script(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    answer = browser.post(f"{page}/bewerken", message(NEW, tab="", turn=0, do="concept"))
    (draft,) = own(scene, cast.member)
    assert answer.location == f"{page}/bewerken?concept={draft.id}"
    again = shown(browser, answer.location)
    assert "Je concept is bewaard." in again
    assert f'name="concept_nr" value="{draft.number}"' in again
    assert text_of(again) == NEW
    nothing = browser.post(f"{page}/bewerken", message(TEXT, tab="", turn=0, key="nog-een-sleutel", do="concept"))
    assert nothing.location == f"{page}/bewerken"


def test_a_stale_form_without_a_script_becomes_a_second_draft(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    for text, number in (("Eerste", 0), ("Tweede", 1), ("Van een oud scherm", 1)):
        browser.post(f"{page}/bewerken", message(text, tab="", turn=0, number=number, do="concept"))
    assert [draft.text for draft in own(scene, cast.member)] == ["Tweede", "Van een oud scherm"]


def test_a_new_page_has_a_draft_too(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    typed = message("Bijna klaar", plaats="nieuw", title="Een idee", kind="besluit", base="")
    assert browser.post(f"/concepten/{scene.pilot_id}", typed).json["number"] == 1  # type: ignore[index]
    opened = shown(browser, f"{scene.path}/nieuwe-pagina")
    assert "bezig met een nieuwe pagina, “Een idee”" in opened
    (draft,) = own(scene, cast.member)
    going_on = shown(browser, f"{scene.path}/nieuwe-pagina?concept={draft.id}")
    assert text_of(going_on) == "Bijna klaar"
    assert 'value="Een idee"' in going_on
    assert re.search(r'value="besluit"[^>]* checked', going_on)
    made = browser.post(f"{scene.path}/nieuwe-pagina", {**typed, "text": "Klaar", "concept_nr": "1", "beurt": "2"})
    assert made.status_code == 303
    assert own(scene, cast.member) == []


def test_a_draft_of_a_place_that_may_not_be_seen_any_more_can_still_be_copied(
    client: Client, cast: Cast, concept: Scene
) -> None:
    page = concept.page("Namen", TEXT, restricted=True)
    keep(concept, client.as_(cast.member), page, NEW)
    with concept.act():
        session().execute(Draft.__table__.update().values(person_id=cast.outsider.id))  # type: ignore[attr-defined]
    browser = client.as_(cast.outsider)
    listed = shown(browser, "/mijn/concepten")
    assert "Je kunt deze plek niet meer zien." in listed
    assert page not in listed
    (draft,) = own(concept, cast.outsider)
    assert "Een nieuwe zin." in shown(browser, f"/mijn/concepten/{draft.id}")


def test_a_draft_is_thrown_away_after_it_was_asked(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    browser = client.as_(cast.member)
    keep(scene, browser, page, NEW)
    (draft,) = own(scene, cast.member)
    listed = shown(browser, "/mijn/concepten")
    assert f"/mijn/concepten/{draft.id}" in listed
    assert "1 tekst" in shown(browser, "/mijn") or "één tekst die je niet opsloeg" in shown(browser, "/mijn")
    asked = shown(browser, f"/mijn/concepten/{draft.id}")
    assert "Een nieuwe zin." in asked
    assert len(own(scene, cast.member)) == 1  # looking throws nothing away
    browser.post(f"/mijn/concepten/{draft.id}/weggooien")
    assert own(scene, cast.member) == []
    with scene.database.reading():
        assert session().scalar(select(func.count()).where(Draft.text != "")) == 0  # the words went at once


def test_without_a_sign_in_the_answer_to_a_script_is_json(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    address, script = f"/concepten/{subject(scene, page)}", {"X-Requested-With": "fetch"}
    answer = client.post(address, message(NEW), headers=script)
    assert (answer.status_code, answer.mimetype) == (401, "application/json")
    gone = client.post_bare(address, message(NEW), headers=script)
    assert (gone.status_code, gone.mimetype) == (401, "application/json")
    stale = client.as_(cast.member).post_bare(address, message(NEW), headers=script)
    assert (stale.status_code, stale.mimetype) == (403, "application/json")


def test_who_writes_is_told_to_writers_only_and_for_some_minutes(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    keep(scene, client.as_(cast.member), page, NEW)
    told = "Bilal Aksoy is deze pagina aan het bewerken."
    lead = client.as_(cast.lead)
    assert told in shown(lead, page)
    assert "Bilal Aksoy is deze pagina ook aan het bewerken." in shown(lead, f"{page}/bewerken")
    assert lead.get(f"{page}/bezig?base=1").json == {
        "writers": "Bilal Aksoy is deze pagina ook aan het bewerken.",
        "newer": 0,
        "told": "",
        "compare": "",
    }
    assert "aan het bewerken" not in shown(client.as_(cast.member), page)  # not about oneself
    assert "aan het bewerken" not in shown(client.as_(cast.outsider), page)
    assert client.as_(cast.outsider).get(f"{page}/bezig").status_code == 403
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert "aan het bewerken" not in shown(lead, page)


def test_new_versions_since_the_writer_began_are_counted(client: Client, cast: Cast, scene: Scene, page: str) -> None:
    for n in range(2):
        scene.save(page, f"{TEXT}{n}")
    answer = client.as_(cast.member).get(f"{page}/bezig?base=1").json
    assert answer is not None
    assert answer["told"] == "2 nieuwe versies sinds je begon."
    assert answer["compare"] == f"{page}/vergelijk?van=1&naar=3"


def test_a_paste_of_five_megabytes_is_refused_in_words_and_kept(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser, huge = client.as_(cast.member), "Een heel lange plak.\n" * 250_000
    answer = browser.post(f"{page}/bewerken", message(huge))
    assert answer.status_code == 422
    words = answer.get_data(as_text=True)
    assert "De tekst is te lang: 5.250.000 tekens." in words
    assert len(text_of(words)) == len(huge)
    assert [len(draft.text) for draft in own(scene, cast.member)] == [len(huge)]
    assert scene.current(page) == 1
    for do in ("voorbeeld", "wijzigingen"):
        assert browser.post(f"{page}/bewerken", message(huge, number=1, turn=2, do=do)).status_code == 422
    too_much = browser.post(f"/concepten/{subject(scene, page)}", message("x" * (MAX_DRAFT + 1), turn=3))
    assert too_much.status_code == 422
    assert "zo groot" in too_much.json["message"]  # type: ignore[index]
    assert client.post(f"{page}/bewerken", message(huge)).status_code == 413  # for strangers the door stays small


def test_a_text_that_met_another_is_kept_while_its_writer_chooses(
    client: Client, cast: Cast, scene: Scene, page: str
) -> None:
    browser = client.as_(cast.member)
    scene.save(page, TEXT.replace("Ziekte telt niet mee.", "Ziekte en verlof tellen niet mee."))
    mine = TEXT.replace("Ziekte telt niet mee.", "Niets telt mee.")
    assert browser.post(f"{page}/bewerken", message(mine)).status_code == 409
    assert [(draft.text, draft.base) for draft in own(scene, cast.member)] == [(mine, 1)]


def test_nobody_can_keep_more_drafts_than_can_be_listed(
    client: Client, cast: Cast, scene: Scene, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proeftuin.wiki.drafts.MAX_DRAFTS", 2)
    browser = client.as_(cast.member)
    for n in range(2):
        keep(scene, browser, page, f"Tekst {n}", key=f"sleutel-nummer-{n}")
    full = browser.post(f"/concepten/{subject(scene, page)}", message("Nog een", key="sleutel-nummer-3"))
    assert full.status_code == 422
    assert "Je hebt al 2 concepten." in full.json["message"]  # type: ignore[index]


@pytest.mark.parametrize("broken", [{"plaats": "elders"}, {"plaats": ""}])
def test_a_message_about_nothing_is_refused(
    client: Client, cast: Cast, scene: Scene, page: str, broken: dict[str, str]
) -> None:
    answer = client.as_(cast.member).post(f"/concepten/{subject(scene, page)}", {**message(NEW), **broken})
    assert answer.status_code == 400
