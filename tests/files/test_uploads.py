"""A file that comes in pieces: cut off anywhere, by anyone, it goes on where it was."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from proeftuin import clock
from proeftuin.db import session
from proeftuin.files import limits, storage, uploads
from proeftuin.files.models import Upload
from tests.files import crafted
from tests.files.desk import Desk

CONTENT = crafted.pdf("lang " * 50_000)


def test_a_file_in_pieces_becomes_the_same_file(desk: Desk) -> None:
    browser = desk.browser()
    begun = desk.begin(CONTENT, "plan.pdf", browser=browser).get_json()
    for at in range(0, len(CONTENT), 100_000):
        answer = desk.send(begun["upload"], at, CONTENT[at : at + 100_000], browser=browser)
        assert answer.get_json()["received"] == min(len(CONTENT), at + 100_000)
    response = browser.post(
        f"{desk.page}/bestanden", {"upload": begun["upload"]}, headers={"X-Requested-With": "fetch"}
    )
    assert response.status_code == 201
    answer = response.get_json()
    assert answer["markdown"] == "[plan.pdf](bestand:plan.pdf)"
    assert browser.get(f"/bestanden/{answer['id']}/1/plan.pdf").data == CONTENT
    assert not [path for path in desk.on_disk() if path.startswith("incoming")]
    twice = browser.post(f"{desk.page}/bestanden", {"upload": begun["upload"]})
    assert twice.status_code == 303
    assert desk.counts()[0] == 1


def test_after_a_cut_the_same_file_goes_on_where_it_was(desk: Desk) -> None:
    first = desk.begin(CONTENT, "plan.pdf").get_json()
    desk.send(first["upload"], 0, CONTENT[:120_000])
    # Another browser of the same person, the next day perhaps: the part on the disk is all that is known.
    again = desk.begin(CONTENT, "ander pad.pdf").get_json()
    assert again["upload"] == first["upload"]
    assert again["received"] == 120_000
    assert desk.browser().get(f"/bestanden/onderweg/{first['upload']}").get_json() == {"received": 120_000}
    desk.send(first["upload"], 120_000, CONTENT[120_000:])
    assert desk.browser().post(f"{desk.page}/bestanden", {"upload": first["upload"]}).status_code == 303


def test_a_piece_that_was_written_twice_or_too_early_changes_nothing(desk: Desk) -> None:
    token = desk.begin(CONTENT, "plan.pdf").get_json()["upload"]
    desk.send(token, 0, CONTENT[:1000])
    for at in (0, 500, 2000):
        answer = desk.send(token, at, CONTENT[at : at + 1000])
        assert answer.status_code == 409
        assert answer.get_json()["received"] == 1000
    too_much = desk.send(token, 1000, CONTENT[1000:] + b"meer")
    assert too_much.status_code == 409


def test_half_a_file_is_refused_and_stays_to_go_on_with(desk: Desk) -> None:
    token = desk.begin(CONTENT, "plan.pdf").get_json()["upload"]
    desk.send(token, 0, CONTENT[:1000])
    response = desk.browser().post(f"{desk.page}/bestanden", {"upload": token}, headers={"X-Requested-With": "fetch"})
    assert response.status_code == 422
    assert "nog niet helemaal binnen" in response.get_json()["errors"]["file"]
    assert desk.counts() == (0, 0, 0, 1)
    assert desk.begin(CONTENT, "plan.pdf").get_json()["received"] == 1000


def test_what_is_not_what_was_promised_is_thrown_away(desk: Desk) -> None:
    other = CONTENT.replace(b"lang", b"kort")
    token = desk.begin(CONTENT, "plan.pdf").get_json()["upload"]
    desk.send(token, 0, other[: len(CONTENT)])
    response = desk.browser().post(f"{desk.page}/bestanden", {"upload": token})
    assert response.status_code == 422
    assert "kwam niet goed aan" in response.get_data(as_text=True)
    assert desk.on_disk() == set()


def test_nobody_sees_or_adds_to_the_upload_of_another(desk: Desk) -> None:
    token = desk.begin(CONTENT, "plan.pdf").get_json()["upload"]
    member = desk.browser(desk.scene.cast.member)
    assert member.get(f"/bestanden/onderweg/{token}").status_code == 404
    assert desk.send(token, 0, b"x", browser=member).status_code == 404
    assert member.post(f"{desk.page}/bestanden", {"upload": token}).status_code == 404
    assert desk.begin(CONTENT, "plan.pdf", browser=member).get_json()["upload"] != token


@pytest.mark.parametrize("token", ["x", "../../../etc/passwd", "a" * 41, "%2e%2e"])
def test_a_token_is_never_a_path(desk: Desk, token: str) -> None:
    assert desk.browser().get(f"/bestanden/onderweg/{token}").status_code == 404
    assert desk.browser().post(f"{desk.page}/bestanden", {"upload": token}).status_code == 404


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(desk: Desk) -> None:
    most = desk.app.settings.file_mb * limits.MB
    response = desk.begin(b"x", "groot.csv", size=most + 1)
    assert response.status_code == 422
    assert "hoogstens 25 MB" in response.get_json()["message"]
    assert desk.begin(b"", "leeg.csv").status_code == 422


def post_large(desk: Desk, address: str, content: bytes) -> TestResponse:
    """Send a form with a large file; made by hand, because the test client leaves its own files open."""
    browser = desk.browser()
    head = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{browser.csrf_token}\r\n--x\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="groot.pdf"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    return browser.http.post(address, data=body, content_type="multipart/form-data; boundary=x")


def test_a_form_with_a_file_may_be_larger_than_other_forms(desk: Desk) -> None:
    most = desk.app.settings.file_mb * limits.MB
    address = f"{desk.page}/bestanden"
    assert post_large(desk, address, crafted.pdf(head=b"%" + b"x" * 3_000_000 + b"\n")).status_code == 303
    assert post_large(desk, address, b"x" * (most + 300_000)).status_code == 413
    just_too_large = post_large(desk, address, b"x" * (most + 1))
    assert just_too_large.status_code == 422
    assert "hoogstens 25 MB" in just_too_large.get_data(as_text=True)
    assert post_large(desk, "/wiki/nieuwe-pagina", b"x" * (most - 1)).status_code == 413


def test_when_the_room_is_full_the_sentence_says_how_much_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MB", 10)
    for name in ("file_mb", "files_mb"):
        monkeypatch.setitem(desk.app.settings.__dict__, name, 100)
    assert "Er is nog" in desk.browser().get(f"{desk.page}/bestanden").get_data(as_text=True)
    response = desk.add(crafted.csv() * 30, "cijfers.csv")
    assert response.status_code == 422
    assert desk.counts() == (0, 0, 0, 0)


def test_what_is_never_finished_is_thrown_away(desk: Desk) -> None:
    token = desk.begin(CONTENT, "plan.pdf").get_json()["upload"]
    desk.send(token, 0, CONTENT[:1000])
    with clock.at(clock.now() + uploads.KEPT + timedelta(minutes=1)):
        desk.begin(b"iets;anders\n1;2\n", "anders.csv")
    assert desk.on_disk() == set()
    with desk.scene.database.reading():
        assert session().query(Upload).filter_by(token=token).count() == 0


def test_beginning_too_often_has_to_wait(desk: Desk) -> None:
    browser = desk.browser()
    statuses = [
        desk.begin(CONTENT, "a.pdf", browser=browser, digest=hashlib.sha256(b"x").hexdigest()).status_code
        for _ in range(41)
    ]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_bytes_appear_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(handle: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("proeftuin.files.storage.os.fsync", stop)
    with desk.scene.database.reading(), pytest.raises(OSError, match="no space"):
        storage.keep(b"half")
    assert desk.on_disk() == set()
