"""Files in the text of pages: shown, linked to, missing, replaced, and never told to who may not know."""

from __future__ import annotations

import html

from tests.files import crafted
from tests.files.desk import Desk


def page_text(desk: Desk, path: str = "") -> str:
    return html.unescape(desk.browser(desk.scene.cast.colleague).get(path or desk.page).get_data(as_text=True))


def write(desk: Desk, text: str, path: str = "") -> None:
    desk.scene.save(path or desk.page, text)


def test_a_picture_is_shown_small_with_its_sides_and_leads_to_the_whole(desk: Desk) -> None:
    number = desk.added(crafted.picture("PNG", (2_400, 1_200)))
    write(desk, "Kijk: ![De wijk](bestand:foto.png)")
    page = page_text(desk)
    assert f'<a href="/bestanden/{number}/1/foto.png"><img alt="De wijk" height="600" loading="lazy"' in page
    assert f'src="/bestanden/{number}/1/pagina/foto.png" width="1200"' in page


def test_a_picture_without_words_takes_those_of_the_file(desk: Desk) -> None:
    desk.added(crafted.picture(), alt='Een "kaart" & <meer>')
    write(desk, "![](bestand:foto.png)")
    assert 'alt="Een "kaart" & <meer>"' in page_text(desk)


def test_a_document_is_a_link_with_its_kind_and_size(desk: Desk) -> None:
    number = desk.added(crafted.pdf(), "plan.pdf", alt="")
    write(desk, f"[Het plan](bestand:plan.pdf) en [nog eens](/bestanden/{number}/1/plan.pdf)")
    page = page_text(desk)
    assert f'<a href="/bestanden/{number}/1/plan.pdf">Het plan<span class="about"> (pdf, 1 kB)</span></a>' in page
    assert 'nog eens<span class="about"> (pdf, 1 kB)</span></a>' in page


def test_a_file_that_is_not_there_says_so_and_appears_when_it_is_added(desk: Desk) -> None:
    write(desk, "![De wijk](bestand:foto.png)")
    assert 'De wijk<span class="missing"> (dit bestand is er niet)</span>' in page_text(desk)
    number = desk.added()
    assert f'src="/bestanden/{number}/1/foto.png"' in page_text(desk)
    desk.scene.work()
    assert f'src="/bestanden/{number}/1/foto.png"' in page_text(desk)


def test_a_page_shows_the_newest_version_and_nothing_of_what_was_taken_away(desk: Desk) -> None:
    number = desk.added()
    write(desk, "![De wijk](bestand:foto.png)")
    desk.browser().post(f"/bestanden/{number}/vervangen", {"alt": "Anders"})
    assert f"/bestanden/{number}/2/foto.png" in page_text(desk)
    desk.browser().post(f"/bestanden/{number}/weghalen", {"reason": "Oud."})
    assert "dit bestand is er niet" in page_text(desk)
    desk.browser().post(f"/bestanden/{number}/terugzetten")
    assert f"/bestanden/{number}/2/foto.png" in page_text(desk)


def test_a_page_may_show_the_files_of_its_pilot_and_prefers_its_own(desk: Desk) -> None:
    of_pilot = desk.added(at=desk.scene.path)
    write(desk, "![x](bestand:foto.png)")
    assert f"/bestanden/{of_pilot}/1/foto.png" in page_text(desk)
    own = desk.added(crafted.picture(colour="red"))
    page = page_text(desk)
    assert f"/bestanden/{own}/1/foto.png" in page
    assert f"/bestanden/{of_pilot}/1/" not in page


def test_a_page_never_tells_of_a_file_that_its_readers_may_not_see(desk: Desk) -> None:
    hidden = desk.scene.page("Namen van het team", restricted=True)
    number = desk.added(crafted.pdf("x" * 5_000), "geheim.pdf", at=hidden, alt="")
    picture = desk.added(crafted.picture("PNG", (777, 555)), "geheim.png", at=hidden)
    write(
        desk, f"[a](bestand:geheim.pdf) [b](/bestanden/{number}/1/geheim.pdf) ![c](/bestanden/{picture}/1/geheim.png)"
    )
    page = page_text(desk)
    assert "pdf, " not in page
    assert "777" not in page
    assert "555" not in page


def test_a_picture_from_anywhere_else_is_not_shown(desk: Desk) -> None:
    write(
        desk, "![a](https://elders.example/x.png) ![b](/static/x/mark.svg) ![c](/uitloggen) ![d](/bestanden/../x/y)"
    )
    body = page_text(desk).partition("<main")[2].partition("</main")[0]
    assert "<img" not in body


def test_the_preview_shows_the_files_of_the_page(desk: Desk) -> None:
    number = desk.added()
    shown = desk.browser().post(f"{desk.page}/voorbeeld", {"text": "![De wijk](bestand:foto.png)"})
    assert f'src="/bestanden/{number}/1/foto.png"' in shown.get_data(as_text=True)


def test_an_old_version_of_a_page_shows_its_files_too(desk: Desk) -> None:
    number = desk.added()
    write(desk, "![De wijk](bestand:foto.png)")
    write(desk, "Zonder kaart.")
    old = page_text(desk, f"{desk.page}/versies/2")
    assert f'src="/bestanden/{number}/1/foto.png"' in old
