"""Files over HTTP: adding, reading, replacing, taking away, and who may do what."""

from __future__ import annotations

import html
import io
import re

import pytest
from PIL import Image

from proeftuin.db import session
from proeftuin.events.models import Event
from tests.files import crafted
from tests.files.desk import Desk


def text_of(response) -> str:  # type: ignore[no-untyped-def]  # of the test client
    """Return the words of an answer."""
    return html.unescape(response.get_data(as_text=True))


def test_a_picture_is_added_listed_and_shown(desk: Desk) -> None:
    number = desk.added(crafted.picture("PNG", (300, 200)), "Kaart van de wijk.png", description="Waar we begonnen")
    page = text_of(desk.browser(desk.scene.cast.colleague).get(f"{desk.page}/bestanden"))
    for words in ("Kaart-van-de-wijk.png", "Waar we begonnen", "Willemijn Smit", "png, 1", "300 × 200"):
        assert words in page
    assert "Voeg toe" not in page, "who may not write is offered a form"
    page = text_of(desk.browser(desk.scene.cast.colleague).get(f"/bestanden/{number}"))
    assert "Een kaart van de wijk" in page
    assert f'src="/bestanden/{number}/1/Kaart-van-de-wijk.png"' in page


def test_a_page_without_files_says_so(desk: Desk) -> None:
    assert "Nog geen bestanden" in text_of(desk.browser().get(f"{desk.page}/bestanden"))
    assert "Nog geen bestanden" in text_of(desk.browser().get(f"{desk.scene.path}/bestanden"))


def test_a_picture_needs_words_and_does_not_have_to_be_sent_again(desk: Desk) -> None:
    response = desk.add(crafted.picture(), alt="", description="Blijft staan")
    assert response.status_code == 422
    page = text_of(response)
    assert "Beschrijf wat er te zien is" in page
    assert "Blijft staan" in page
    assert "foto.png is binnen" in page
    token = re.search(r'name="upload" value="([^"]+)"', page)
    assert token is not None
    assert desk.counts() == (0, 0, 0, 1)
    again = desk.browser().post(
        f"{desk.page}/bestanden", {"upload": token[1], "alt": "Een kaart", "description": "x"}
    )
    assert again.status_code == 303
    assert desk.counts() == (1, 1, 1, 1)


def test_an_explicit_choice_makes_a_picture_decoration(desk: Desk) -> None:
    number = desk.added(alt="", decorative="1")
    assert "alleen versiering" in text_of(desk.browser().get(f"/bestanden/{number}"))


def test_a_refused_file_leaves_nothing_and_the_rest_of_the_form_stands(desk: Desk) -> None:
    before = desk.on_disk()
    response = desk.add(b"<svg></svg>", "tekening.png", alt="Mijn woorden", description="Mijn uitleg")
    assert response.status_code == 422
    page = text_of(response)
    for words in ("Een SVG-tekening kan scripts bevatten", "Mijn woorden", "Mijn uitleg"):
        assert words in page
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.on_disk() == before


def test_a_form_without_a_file_says_what_is_lacking(desk: Desk) -> None:
    response = desk.browser().post(f"{desk.page}/bestanden", {"alt": "x"})
    assert response.status_code == 422
    assert "Kies eerst een bestand" in text_of(response)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x.png", "foto\u202egnp.exe", "é" * 300 + ".png"])
def test_a_name_is_never_a_path(desk: Desk, name: str) -> None:
    desk.added(crafted.picture(), name)
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{62}|smaller/.*", path) for path in desk.on_disk())


def test_the_same_file_sent_twice_is_one_file_and_another_gets_a_number(desk: Desk) -> None:
    first = desk.added(crafted.picture())
    assert desk.added(crafted.picture()) == first
    response = desk.add(crafted.picture(colour="red"))
    page = text_of(desk.browser().get(f"{desk.page}/bestanden"))
    assert response.status_code == 303
    assert "foto-2.png" in page
    assert desk.counts()[0] == 2


def test_documents_come_as_downloads_that_can_do_nothing(desk: Desk) -> None:
    for name, content in (("plan.pdf", crafted.pdf()), ("plan.docx", crafted.docx()), ("plan.csv", crafted.csv())):
        number = desk.added(content, name, alt="")
        response = desk.browser().get(f"/bestanden/{number}/1/{name}")
        assert response.data == content
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert response.headers["ETag"]


def test_a_picture_is_shown_in_its_own_type_and_answers_304_when_it_is_known(desk: Desk) -> None:
    number = desk.added(crafted.picture("PNG", (2_000, 1_000)))
    response = desk.browser().get(f"/bestanden/{number}/1/foto.png")
    assert response.mimetype == "image/png"
    assert not response.headers.get("Content-Disposition", "inline").startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    known = desk.browser().get(f"/bestanden/{number}/1/foto.png", headers={"If-None-Match": response.headers["ETag"]})
    assert known.status_code == 304
    small = desk.browser().get(f"/bestanden/{number}/1/pagina/foto.png")
    with Image.open(io.BytesIO(small.data)) as image:
        assert image.size == (1_200, 600)
    assert desk.browser().get(f"/bestanden/{number}/1/enorm/foto.png").status_code == 404


def test_replacing_keeps_the_old_version(desk: Desk) -> None:
    number = desk.added(crafted.pdf("Eerste"), "plan.pdf", alt="")
    file = (io.BytesIO(crafted.pdf("Tweede")), "iets-anders.pdf")
    response = desk.browser().post(f"/bestanden/{number}/vervangen", {"file": file, "description": "Bijgewerkt"})
    assert response.status_code == 303
    assert b"(Eerste)" in desk.browser().get(f"/bestanden/{number}/1/plan.pdf").data
    assert b"(Tweede)" in desk.browser().get(f"/bestanden/{number}/2/plan.pdf").data
    assert "Versie 1" in text_of(desk.browser().get(f"/bestanden/{number}"))


def test_a_file_is_only_replaced_by_one_of_its_own_kind(desk: Desk) -> None:
    number = desk.added(crafted.pdf(), "plan.pdf", alt="")
    response = desk.browser().post(
        f"/bestanden/{number}/vervangen", {"file": (io.BytesIO(crafted.docx()), "plan.docx"), "description": "Uitleg"}
    )
    assert response.status_code == 422
    assert "Vervang het door een pdf" in text_of(response)
    assert "Uitleg" in text_of(response)


def test_a_photo_that_replaces_a_png_becomes_a_png(desk: Desk) -> None:
    number = desk.added(crafted.picture("PNG"))
    photo = (io.BytesIO(crafted.picture("JPEG", colour="red")), "foto.jpg")
    desk.browser().post(f"/bestanden/{number}/vervangen", {"file": photo, "alt": "Rood"})
    assert desk.browser().get(f"/bestanden/{number}/2/foto.png").data.startswith(b"\x89PNG")


def test_better_words_are_a_version_with_the_same_picture(desk: Desk) -> None:
    number = desk.added()
    desk.browser().post(f"/bestanden/{number}/vervangen", {"alt": "Betere woorden"})
    assert desk.counts()[1:3] == (2, 1)
    same = desk.browser().post(f"/bestanden/{number}/vervangen", {"alt": "Betere woorden"})
    assert same.status_code == 303
    assert desk.counts()[1:3] == (2, 1)


def test_taking_away_asks_why_leaves_a_tombstone_and_can_be_undone(desk: Desk) -> None:
    number = desk.added()
    lead, reader = desk.browser(), desk.browser(desk.scene.cast.colleague)
    refused = lead.post(f"/bestanden/{number}/weghalen", {"reason": "  "})
    assert refused.status_code == 422
    assert "waarom" in text_of(refused)
    assert lead.post(f"/bestanden/{number}/weghalen", {"reason": "Er staat een gezicht op."}).status_code == 303
    stone = reader.get(f"/bestanden/{number}")
    assert stone.status_code == 410
    assert "Er staat een gezicht op." in text_of(stone)
    assert "Willemijn Smit" in text_of(stone)
    assert reader.get(f"/bestanden/{number}/1/foto.png").status_code == 410
    assert "Er staat een gezicht op." in text_of(reader.get(f"{desk.page}/bestanden"))
    assert lead.get(f"/bestanden/{number}/1/foto.png").status_code == 200
    assert lead.post(f"/bestanden/{number}/vervangen", {"alt": "x"}).status_code == 410
    assert reader.post(f"/bestanden/{number}/terugzetten").status_code == 403
    assert lead.post(f"/bestanden/{number}/terugzetten").status_code == 303
    assert reader.get(f"/bestanden/{number}").status_code == 200
    assert reader.get(f"/bestanden/{number}/1/foto.png").status_code == 200


def test_erasing_destroys_the_bytes_unless_another_file_holds_them(desk: Desk) -> None:
    number = desk.added(crafted.picture("PNG", (400, 400)))
    other = desk.added(crafted.picture("PNG", (400, 400)), "kopie.png")
    lead = desk.browser()
    lead.post(f"/bestanden/{number}/weghalen", {"reason": "Namen van mensen.", "erase": "1"})
    desk.scene.work()
    assert lead.get(f"/bestanden/{number}/1/foto.png").status_code == 410
    assert lead.get(f"/bestanden/{other}/1/kopie.png").status_code == 200
    lead.post(f"/bestanden/{other}/weghalen", {"reason": "Namen van mensen.", "erase": "1"})
    assert desk.on_disk() != set()
    desk.scene.work()
    assert desk.on_disk() == set()
    assert lead.post(f"/bestanden/{other}/terugzetten").status_code == 410
    again = desk.added(crafted.picture("PNG", (400, 400)), "opnieuw.png")
    assert lead.get(f"/bestanden/{again}/1/opnieuw.png").status_code == 200
    assert lead.get(f"/bestanden/{other}/1/kopie.png").status_code == 410


def test_what_only_the_team_may_read_does_not_exist_for_others(desk: Desk) -> None:
    hidden = desk.scene.page("Namen van het team", restricted=True)
    number = desk.added(at=hidden)
    addresses = [
        f"/bestanden/{number}",
        f"/bestanden/{number}/1/foto.png",
        f"/bestanden/{number}/1/lijst/foto.png",
        f"/bestanden/{number}/weghalen",
        f"{hidden}/bestanden",
    ]
    for name, actor in desk.scene.cast.everyone().items():
        expected = 200 if name in ("lead", "member") else 404
        for address in addresses:
            assert desk.browser(actor).get(address).status_code == expected, (name, address)
    outsider = desk.browser(desk.scene.cast.outsider)
    assert desk.client.get(addresses[1]).status_code == 303, "who is not signed in gets a file"
    for act in ("vervangen", "weghalen", "terugzetten"):
        assert outsider.post(f"/bestanden/{number}/{act}", {"reason": "x"}).status_code == 404
    assert desk.add(crafted.picture(), by=desk.scene.cast.outsider, at=hidden).status_code == 404


def test_only_the_team_adds_and_changes_files(desk: Desk) -> None:
    number = desk.added()
    for name, actor in desk.scene.cast.everyone().items():
        if name in ("lead", "member"):
            continue
        assert desk.add(crafted.picture(colour="red"), by=actor).status_code == 403, name
        assert desk.browser(actor).post(f"/bestanden/{number}/weghalen", {"reason": "x"}).status_code == 403
        assert desk.begin(b"x", "a.csv", browser=desk.browser(actor)).status_code == 403
    assert desk.counts()[0] == 1


def test_what_happened_is_told_with_the_name_of_the_file(desk: Desk) -> None:
    number = desk.added()
    lead = desk.browser()
    lead.post(f"/bestanden/{number}/vervangen", {"alt": "Beter"})
    lead.post(f"/bestanden/{number}/weghalen", {"reason": "Oud."})
    with desk.scene.database.reading():
        kinds = [event.kind for event in session().query(Event).filter(Event.kind.startswith("file:")).order_by("id")]
    assert kinds == ["file:added", "file:replaced", "file:removed"]
    page = text_of(desk.browser(desk.scene.cast.colleague).get("/wijzigingen?soort=bestanden"))
    for words in ("voegde een bestand toe bij", "verving een bestand bij", "haalde een bestand weg bij", "foto.png"):
        assert words in page
    desk.scene.work()


def test_a_pilot_has_files_of_its_own(desk: Desk) -> None:
    number = desk.added(crafted.csv(), "cijfers.csv", at=desk.scene.path, alt="")
    assert "cijfers.csv" in text_of(desk.browser(desk.scene.cast.union).get(f"{desk.scene.path}/bestanden"))
    assert desk.browser(desk.scene.cast.union).get(f"/bestanden/{number}/1/cijfers.csv").status_code == 200


def test_addresses_of_nothing_are_not_found(desk: Desk) -> None:
    number = desk.added()
    for address in (
        "/bestanden/999999",
        f"/bestanden/{number}/9/foto.png",
        "/bestanden/999999/1/x",
        "/bestanden/0/0/x",
    ):
        assert desk.browser().get(address).status_code == 404
