"""Files that were taken along come back with their versions, judged as if somebody sends them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from proeftuin import config
from proeftuin.db import session
from proeftuin.events.models import Event
from proeftuin.files import service
from proeftuin.files.models import File, FileVersion
from proeftuin.files.service import Words
from tests.exchange.depot import CSV, Depot, listed, relisted
from tests.files import crafted


def test_files_come_back_with_the_same_history_and_twice_changes_nothing(
    stocked: Depot, make_pilot: Callable[[str], str]
) -> None:
    before = stocked.taken(stocked.cast.lead)
    other = make_pilot("Elders")
    dry = stocked.brought(other, before, dry=True)
    assert "bestanden.jsonl" not in stocked.taken(stocked.cast.lead, other)
    told = stocked.brought(other, before)
    assert dry.summary[:3] == told.summary[:3]
    assert (told.counts.files, told.counts.new_files, told.counts.new_file_versions) == (3, 3, 5)
    after = stocked.taken(stocked.cast.lead, other)
    assert {name: each for name, each in after.items() if name.startswith("bestanden")} == {
        name: each for name, each in before.items() if name.startswith("bestanden")
    }
    again = stocked.brought(other, before)
    assert (again.counts.new_versions, again.counts.new_file_versions) == (0, 0)
    assert stocked.taken(stocked.cast.lead, other) == after
    assert "bestanden/paginas/namen-van-het-team/geheim.csv" not in stocked.taken(stocked.cast.hr, other)


def test_a_later_export_adds_what_is_new_until_somebody_changes_the_file_here(
    stocked: Depot, make_pilot: Callable[[str], str]
) -> None:
    other = make_pilot("Elders")
    stocked.brought(other, stocked.taken(stocked.cast.lead))
    with stocked.database.reading():
        there, here = session().scalars(select(File).where(File.name == "foto.png").order_by(File.id))
    stocked.replace(there.id, crafted.picture(colour="blue"), day=6)
    assert stocked.brought(other, stocked.taken(stocked.cast.lead)).counts.new_file_versions == 1
    stocked.replace(here.id, crafted.picture(colour="black"), day=7)
    stocked.replace(there.id, crafted.picture(colour="white"), day=8)
    told = stocked.brought(other, stocked.taken(stocked.cast.lead))
    assert told.counts.new_file_versions == 0
    assert told.tells("foto.png: Het bestand is hier intussen vervangen of weggehaald")


def test_names_of_makers_stay_names_or_become_people_and_nobody_gets_notices(
    stocked: Depot, make_pilot: Callable[[str], str]
) -> None:
    files = stocked.taken(stocked.cast.lead)
    stocked.brought(make_pilot("Elders"), files, authors={"Bilal Aksoy": "bilal.aksoy@oeverbrug.example"})
    with stocked.database.reading() as reading:
        made = reading.scalars(select(FileVersion).join(File).where(File.name == "foto.png").order_by(FileVersion.id))
        found = [(each.author_id, each.alias, each.created_at.day) for each in made]
        events = reading.scalars(select(Event).where(Event.kind.startswith("file:")).order_by(Event.id)).all()
    member = stocked.cast.member.id
    assert found[3:] == [(None, "Willemijn Smit", 2), (member, None, 3), (member, None, 4)]
    assert all(each.data["imported"] for each in events[5:])
    assert {each.at.day for each in events[5:]} == {2, 3, 4}


def test_a_file_that_stands_here_under_the_same_name_is_left_alone(
    stocked: Depot, make_pilot: Callable[[str], str]
) -> None:
    other = make_pilot("Elders")
    stocked.add(f"/proeftuinen/{other}", "plaat.jpg", crafted.picture("JPEG", colour="black"))
    files = stocked.taken(stocked.cast.lead)
    told = stocked.brought(other, files)
    assert told.tells("plaat.jpg: Er is hier al een bestand “plaat.jpg” met een andere inhoud.")
    assert told.counts.new_files == 2
    same = stocked.brought(stocked.slug, files)
    assert same.tells("stond er al: plaat.jpg")
    assert same.counts.new_file_versions == 0


def shifted(line: dict[str, Any], **changed: Any) -> None:
    if line["name"] == "plaat.jpg":
        line.update(changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sha256": "0" * 64}, "De inhoud is een andere dan in de lijst staat"),
        ({"path": "proeftuin.md"}, "De inhoud van deze versie ontbreekt"),
        ({"path": "bestanden/../../../etc/hostname"}, "De inhoud van deze versie ontbreekt"),
        ({"path": None}, "De inhoud van deze versie ontbreekt"),
        ({"place": "paginas/er-niet.md"}, "De pagina waar dit bestand bij hoort, ontbreekt"),
        ({"at": "2099-01-01T00:00:00Z"}, "ligt in de toekomst"),
        ({"at": "gisteren"}, "Deze regel is geen bestand"),
        ({"version": 0}, "Deze regel is geen bestand"),
        ({"version": "1"}, "Deze regel is geen bestand"),
        ({"name": 3}, "Deze regel is geen bestand"),
        ({"name": "..."}, "De naam van dit bestand kunnen we niet gebruiken"),
        ({"alt": ""}, "Beschrijf wat er te zien is"),
        ({"alt": "x" * 1_000}, "Maak deze tekst korter"),
    ],
)
def test_a_line_that_cannot_be_right_is_told_and_the_others_come_in(
    stocked: Depot, make_pilot: Callable[[str], str], changed: dict[str, Any], words: str
) -> None:
    files = relisted(stocked.taken(stocked.cast.lead), lambda line: shifted(line, **changed))
    told = stocked.brought(make_pilot("Elders"), files)
    assert told.tells(words)
    assert (told.counts.new_files, told.counts.new_file_versions) == (2, 4)


def test_what_a_file_is_is_judged_again(stocked: Depot, make_pilot: Callable[[str], str]) -> None:
    bad = b"<html><script>alert(1)</script></html>"
    files = stocked.taken(stocked.cast.lead)
    files["bestanden/plaat.jpg"] = bad
    files = relisted(files, lambda line: shifted(line, sha256=sha256(bad).hexdigest()))
    other = make_pilot("Elders")
    assert stocked.brought(other, files).tells("Een webpagina (HTML) nemen we niet aan")
    assert "bestanden/plaat.jpg" not in stocked.taken(stocked.cast.lead, other)


def test_a_photo_from_elsewhere_is_drawn_anew_and_still_comes_in_once(depot: Depot) -> None:
    photo = crafted.photo_with_place()
    line = {
        "place": "",
        "name": "foto.jpg",
        "version": 1,
        "at": "2020-01-01T00:00:00Z",
        "who": "Marjan",
        "alt": "De dijk",
        "sha256": sha256(photo).hexdigest(),
        "path": "bestanden/foto.jpg",
    }
    files = {"bestanden.jsonl": json.dumps(line).encode(), "bestanden/foto.jpg": photo}
    assert depot.brought(depot.slug, files).counts.new_files == 1
    assert depot.brought(depot.slug, files).counts.new_file_versions == 0
    taken = depot.taken(depot.cast.lead)
    assert b"Geheime" not in taken["bestanden/foto.jpg"]
    assert [each["who"] for each in listed(taken)] == ["Marjan"]


def test_another_ending_or_name_says_nothing_and_is_told(stocked: Depot, make_pilot: Callable[[str], str]) -> None:
    files = relisted(stocked.taken(stocked.cast.lead), lambda line: shifted(line, name="../plaat\ud800.exe"))
    other = make_pilot("Elders")
    assert stocked.brought(other, files).tells("Het bestand heet hier “plaat.jpg”")
    assert "bestanden/plaat.jpg" in stocked.taken(stocked.cast.lead, other)


def test_a_tombstone_comes_in_as_a_remark(stocked: Depot, home: str, make_pilot: Callable[[str], str]) -> None:
    number = stocked.add(home, "weg.csv", CSV + b"vrijdag;4\n", Words())
    stocked.act(9, lambda: service.remove(stocked.cast.lead, number, reason="Oud"))
    told = stocked.brought(make_pilot("Elders"), stocked.taken(stocked.cast.lead))
    assert told.tells("weg.csv: Dit bestand is in de bron weggehaald")
    assert told.counts.new_files == 3


def test_limits_hold_for_what_comes_in(
    stocked: Depot, home: str, make_pilot: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = b"".join(b"%d;%d\n" % (n, n * 7919) for n in range(90_000))
    stocked.add(home, "groot.csv", rows, Words())
    files = stocked.taken(stocked.cast.lead)
    extra = rows + b"1;2\n"
    files["bestanden/groot.csv"] = extra
    digest = sha256(extra).hexdigest()
    files = relisted(files, lambda line: line.update(sha256=digest) if line["name"] == "groot.csv" else None)
    tight = replace(stocked.app.settings, file_mb=1, files_mb=1)
    monkeypatch.setattr(config, "current", lambda: tight)
    for dry in (True, False):
        assert stocked.brought(make_pilot(f"Elders {dry}"), files, dry=dry).tells("groot.csv, versie 1: ")
    wide = replace(stocked.app.settings, file_mb=50, files_mb=2)
    monkeypatch.setattr(config, "current", lambda: wide)
    other = make_pilot("Vol")
    assert stocked.brought(other, files).tells("Dit bestand past er niet meer bij")
    assert "bestanden/groot.csv" not in stocked.taken(stocked.cast.lead, other)


def test_the_site_has_no_files_of_its_own(stocked: Depot) -> None:
    told = stocked.brought("site", stocked.taken(stocked.cast.lead))
    assert told.tells("De site zelf heeft geen bestanden")
    assert told.counts.new_files == 1  # the other is of a page that is for the team, and the site has none
