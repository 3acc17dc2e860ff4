"""What is taken along of the register: complete, with its stamp, without formulas, and checkable without us."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from proeftuin import clock
from proeftuin.accounts.actor import Actor
from proeftuin.audit import seals, verifier
from proeftuin.db import Database, session
from proeftuin.deviations import service
from proeftuin.deviations.models import Deviation
from proeftuin.deviations.showing.folder import Folder, PilotPlace, open_folder
from proeftuin.deviations.vocabulary import PositionStatus, Severity, ShownTo
from proeftuin.evidence import statistics
from proeftuin.evidence.formats import as_csv, as_xlsx
from proeftuin.pilots.models import ParticipantCount
from tests.client import Client
from tests.deviations.stage import FIRST, SUBMITTED, Stage, morning

LATER = date(2026, 4, 1)


@pytest.fixture
def told(database: Database, stage: Stage) -> int:
    """Give a deviation in force with a withheld remark, a report, and a sealed log."""
    with clock.at(morning(SUBMITTED)), database.transaction():
        deviation, version = stage.submitted(title="=2+2 helft")
        stage.says(stage.director, "werkgever", version, PositionStatus.AGREED)
        stage.says(
            stage.cast.union,
            "schakel",
            version,
            PositionStatus.AGREED,
            remark="Alleen voor wie toeziet.",
            remark_shown_to=ShownTo.MONITORS,
        )
        stage.says(stage.cast.council, "or", version, PositionStatus.CONSENTED)
    with clock.at(morning(LATER)), database.transaction():
        row = session().get_one(Deviation, deviation.id)
        service.report_incident(
            stage.cast.colleague, row, severity=Severity.SERIOUS, about="rusttijd", text="Acht uur rust."
        )
        session().merge(ParticipantCount(pilot_id=stage.pilot.id, number=5))
        seals.seal_days(mail=False)
    return deviation.id


def fetch(client: Client, actor: Actor, path: str) -> bytes:
    with clock.at(morning(LATER) + timedelta(hours=1)):
        answer = client.as_(actor).http.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.get_data()


def test_the_table_is_for_spreadsheets_of_this_country(client: Client, stage: Stage, told: int) -> None:
    content = fetch(client, stage.cast.colleague, "/afwijkingen.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1
    row = rows[0]
    assert row["afwijking_id"] == "AFW-2026-01"
    assert row["titel"] == "'=2+2 helft", "no cell is a formula"
    assert (row["van"], row["tot_en_met"]) == ("2026-03-01", "2026-10-31")
    assert (row["standpunt_schakel"], row["datum_schakel"]) == ("akkoord", "2026-01-12")
    assert row["standpunt_or"] == "instemming_verleend"
    assert row["peildatum"] == LATER.isoformat()
    assert int(row["logregel"]) > 0
    assert len(row["zegel"]) == 64
    assert told


def test_a_small_group_is_hidden_from_who_may_not_count_it(client: Client, stage: Stage, told: int) -> None:
    def active(actor: Actor) -> str:
        text = fetch(client, actor, "/afwijkingen.csv").decode("utf-8-sig")
        return next(csv.DictReader(io.StringIO(text), delimiter=";"))["actief"]

    assert active(stage.cast.colleague) == ""
    assert active(stage.cast.council) == "5"
    assert told


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert f"'{text}".encode() in as_csv(["a"], [[text]], {})
    book = zipfile.ZipFile(io.BytesIO(as_xlsx(["a"], [[text]], {"peildatum": date(2026, 3, 1)})))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_workbook_has_typed_cells(client: Client, stage: Stage, told: int) -> None:
    book = zipfile.ZipFile(io.BytesIO(fetch(client, stage.cast.colleague, "/afwijkingen.xlsx")))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=2+2" not in sheet
    assert "<f>" not in sheet
    assert 't="s"' in sheet
    assert book.read("xl/workbook.xml").count(b"<sheet ") == 2
    assert told


def test_json_is_complete_and_marks_what_is_withheld(client: Client, stage: Stage, told: int) -> None:
    def of(actor: Actor) -> dict[str, Any]:
        found = json.loads(fetch(client, actor, "/afwijkingen.json"))
        assert found["logregel"] > 0
        deviation: dict[str, Any] = found["afwijkingen"][0]
        return deviation

    for_union, for_all = of(stage.cast.union), of(stage.cast.colleague)
    version = for_union["versies"][0]
    assert version["guarantee"] == "Niemand krijgt minder dan 90 procent."
    assert len(version["positions"]) == 3
    assert for_union["verloop"][0]["rule"] == "D1"
    remarks = [position["remark"] for position in for_all["versies"][0]["positions"]]
    assert {"afgeschermd": True} in remarks
    assert "Alleen voor wie toeziet." not in json.dumps(for_all)
    assert "Alleen voor wie toeziet." in json.dumps(for_union)
    assert "Acht uur rust." not in json.dumps(for_all)
    assert "Acht uur rust." in json.dumps(for_union)
    assert stage.cast.colleague.name not in json.dumps(for_union), "who reported stands nowhere"
    assert told


def test_an_export_of_a_day_tells_what_was_known_then(client: Client, stage: Stage, told: int) -> None:
    with clock.at(morning(LATER) + timedelta(hours=1)):
        day = SUBMITTED - timedelta(days=1)
        answer = client.as_(stage.cast.union).http.get(f"/afwijkingen.json?op={day}&bekend={day}")
    assert answer.get_json()["afwijkingen"] == []
    assert told


@pytest.mark.parametrize("who", ["colleague", "union", "lead"])
def test_a_pack_can_be_checked_without_us(
    client: Client, stage: Stage, told: int, *, who: str, tmp_path: Path, database: Database
) -> None:
    content = fetch(client, getattr(stage.cast, who), "/afwijkingen/AFW-2026-01/bewijsmap.zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    lines = [line.split("  ", 1) for line in (tmp_path / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, name in lines}
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert names == {*sums, "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    with database.reading():
        newest = seals.newest()
        assert newest is not None
        line = seals.line(newest)
    (tmp_path / "zegel.txt").write_text(line)
    seal = json.loads(line)
    report = verifier.verify(
        verifier.Bundle(tmp_path / "logboek.zip"),
        [verifier.Seal(seal["day"], seal["size"], seal["root"], seal["head"])],
    )
    assert not report.findings
    proofs = json.loads((tmp_path / "AFW-2026-01/bewijzen.json").read_text())
    assert len(proofs) >= 5
    assert all(verifier.check_proof(json.loads(json.dumps(proof)), []) == "fits" for proof in proofs)
    help_text = subprocess.run(
        [sys.executable, "nakijken.py", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "zegel" in help_text.stdout
    page = (tmp_path / "AFW-2026-01/dossier.html").read_text()
    assert "Niemand krijgt minder dan 90 procent." in page
    assert ("Alleen voor wie toeziet." in page) == (who == "union")
    assert told


@pytest.mark.parametrize(
    "path",
    [
        "/cao/artikel/2.1/bewijsmap.zip",
        "/afwijkingen/bewijsmap/2026-01-01/2026-12-31.zip",
        "/proeftuinen/het-team-verdeelt/meenemen/bewijsmap.zip",
    ],
)
def test_a_pack_of_an_article_a_period_and_a_pilot(client: Client, stage: Stage, told: int, path: str) -> None:
    names = zipfile.ZipFile(io.BytesIO(fetch(client, stage.cast.union, path))).namelist()
    assert "AFW-2026-01/alles.json" in names
    assert told


def test_a_pack_of_a_period_in_which_nothing_was(client: Client, stage: Stage, told: int) -> None:
    content = fetch(client, stage.cast.union, "/afwijkingen/bewijsmap/2020-01-01/2020-12-31.zip")
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.startswith("AFW")]
    assert told


def test_a_period_that_ends_before_it_begins_is_refused(client: Client, stage: Stage, told: int) -> None:
    with clock.at(morning(LATER)):
        browser = client.as_(stage.cast.union)
        refused = browser.get("/afwijkingen/bewijsmap?waarvan=&van=2026-03-02&tot=2026-03-01")
        assert refused.status_code == 422
        assert "De laatste dag ligt voor de eerste." in refused.text
        assert browser.get("/afwijkingen/bewijsmap/2026-03-02/2026-03-01.zip").status_code == 404
    assert told


def test_the_screens_can_be_read(client: Client, stage: Stage, told: int) -> None:
    with clock.at(morning(LATER)):
        browser = client.as_(stage.cast.colleague)
        for path in ("/afwijkingen/meenemen", "/afwijkingen/cijfers", "/afwijkingen/AFW-2026-01/dossier"):
            assert browser.get(path).status_code == 200
        assert browser.get("/afwijkingen/AFW-2026-99/dossier").status_code == 404
    assert FIRST
    assert told


def group_of(numbers: list[tuple[str, int]], folder: Folder) -> list[statistics.Group]:
    folders = []
    for name, number in numbers:
        place = PilotPlace(1, name, "/", name, None, None, number)
        folders.append(_with(folder, place))
    return statistics.by(folders, lambda each: [each.pilot.department] if each.pilot else [], small_group=8)


def _with(folder: Folder, place: PilotPlace) -> Folder:
    return replace(folder, pilot=place)


def test_small_groups_are_hidden_and_so_is_what_gives_them_away(database: Database, stage: Stage, told: int) -> None:
    """Chapter 12, check 8, for the register: with 6 of 29 hidden, 23 would give it away."""
    with clock.at(morning(LATER)), database.reading():
        folder = open_folder("AFW-2026-01")
        shown = {group.name: group.people for group in group_of([("deeltijd", 6), ("voltijd", 23)], folder)}
        assert shown == {"deeltijd": None, "voltijd": None}
        shown = {group.name: group.people for group in group_of([("noord", 9), ("zuid", 23)], folder)}
        assert shown == {"noord": 9, "zuid": 23}
        shown = {g.name: g.people for g in group_of([("a", 3), ("b", 12), ("c", 30)], folder)}
        assert shown == {"a": None, "b": None, "c": 30}
    assert stage
    assert told
