"""`flask files check`: what is missing, broken or orphaned is said, and ends with a status."""

from __future__ import annotations

import os
import time

from click.testing import Result

from tests.files import crafted
from tests.files.desk import Desk


def check(desk: Desk, *options: str) -> Result:
    return desk.app.test_cli_runner().invoke(args=["files", "check", *options])


def whole(desk: Desk) -> str:
    return next(path for path in desk.on_disk() if path[2] == "/")


def age(desk: Desk, path: str) -> None:
    moment = time.time() - 100 * 3600
    os.utime(desk.folder / path, (moment, moment))


def test_when_rows_and_disk_agree_it_says_so(desk: Desk) -> None:
    desk.added()
    result = check(desk)
    assert result.exit_code == 0
    assert "whole: 1" in result.output
    assert "agree" in result.output


def test_a_missing_file_is_an_exit_status(desk: Desk) -> None:
    number = desk.added()
    (desk.folder / whole(desk)).unlink()
    result = check(desk)
    assert result.exit_code == 1
    assert "missing: 1" in result.output
    assert desk.browser().get(f"/bestanden/{number}/1/foto.png").status_code == 404


def test_a_file_that_is_not_what_its_name_says_is_broken(desk: Desk) -> None:
    desk.added()
    path = desk.folder / whole(desk)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    result = check(desk)
    assert result.exit_code == 1
    assert "broken: 1" in result.output


def test_orphans_are_said_and_thrown_away_only_when_asked_and_old(desk: Desk) -> None:
    desk.added()
    kept = desk.on_disk()
    orphan = "ab/" + "c" * 62
    leftover = "ab/" + "d" * 16 + "0" * 16 + ".new"
    part = "incoming/" + "e" * 27 + ".part"
    for path in (orphan, leftover, part):
        (desk.folder / path).parent.mkdir(exist_ok=True)
        (desk.folder / path).write_bytes(b"x")
    result = check(desk)
    assert result.exit_code == 1
    assert "orphaned: 3" in result.output
    assert check(desk, "--delete-orphans").exit_code == 1, "what is young may be on its way"
    assert kept < desk.on_disk()
    for path in (orphan, leftover, part):
        age(desk, path)
    assert check(desk, "--delete-orphans").exit_code == 0
    assert desk.on_disk() == kept


def test_an_upload_on_its_way_is_no_orphan(desk: Desk) -> None:
    token = desk.begin(crafted.pdf(), "plan.pdf").get_json()["upload"]
    desk.send(token, 0, crafted.pdf()[:100])
    result = check(desk)
    assert result.exit_code == 0
    assert "unfinished uploads: 1" in result.output


def test_words_can_be_read_again(desk: Desk) -> None:
    desk.added(crafted.csv(), "a.csv", alt="")
    runner = desk.app.test_cli_runner()
    assert "1 files read" in runner.invoke(args=["files", "read"]).output
    assert "0 files read" in runner.invoke(args=["files", "read"]).output
    assert "1 files read" in runner.invoke(args=["files", "read", "--all"]).output
