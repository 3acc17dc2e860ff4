"""The demo company is loaded at a stroke, with the clock at the days on which things happened; each of them can be
read again."""

from __future__ import annotations

from datetime import date, timedelta

from tests.demo.watched import Watched
from tests.past.test_proof import STARTS, first_difference


def test_every_day_of_the_demo_can_be_read_again(watched: Watched) -> None:
    assert len({day for day, _name, _path in watched.copies}) >= 4
    wrong = [
        f"{day} {path}: {first_difference(copied, again)}"
        for (day, _name, path), copied in watched.copies.items()
        if (again := watched.reader.read(_on(path, day))) != copied
    ]
    assert not wrong, f"{len(wrong)} of {len(watched.copies)}:\n" + "\n".join(wrong[:20])


def _on(path: str, day: date) -> str:
    return f"{path}{'&' if '?' in path else '?'}op={day}"


def test_the_first_day_of_the_demo_is_the_first_day_that_can_be_shown(watched: Watched) -> None:
    first, browser = watched.loader.company.first_day, watched.reader.browser
    for path in STARTS[:3]:
        assert browser.http.get(_on(path, first)).status_code == 200
    refused = browser.get(_on("/", first - timedelta(days=1)))
    assert refused.status_code == 422
    assert f"op={first}" in refused.get_data(as_text=True)
