"""The commands: what they say, what they write, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select

from proeftuin.db import Database
from proeftuin.web.application import Application
from proeftuin.wiki.models import Revision
from tests.exchange.dumps import dump, page, revision


def run(app: Application, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["exchange", *arguments])


def count(database: Database) -> int:
    with database.reading() as reading:
        return reading.scalar(select(func.count()).select_from(Revision)) or 0


def test_a_dump_comes_in_with_a_report(
    app: Application, database: Database, pilot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "oud.xml").write_bytes(dump(page(1, "Rooster", revision(1, "een {{x}}"), revision(2, "twee"))))
    dry = run(app, "import-mediawiki", "oud.xml", "--space", pilot, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "er is niets bewaard" in dry.output
    assert count(database) == 0
    real = run(app, "import-mediawiki", "oud.xml", "--space", pilot, "--report", "verslag.txt")
    assert "Nieuw: 1 pagina’s, 2 versies." in real.output
    assert "{{x}}" in (tmp_path / "verslag.txt").read_text()
    assert count(database) == 2


def test_a_folder_comes_in_with_people_for_names(
    app: Application, database: Database, pilot: str, tmp_path: Path
) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "rooster.md").write_text("---\nauthor: Marjan\n---\n\nTekst.")
    (tmp_path / "namen.yaml").write_text("Marjan: hanneke.jansma@oeverbrug.example\n")
    report = str(tmp_path / "verslag.txt")
    done = run(
        app, "import-folder", str(tmp_path / "map"), "--space", pilot, "--authors", str(tmp_path / "namen.yaml"),
        "--report", report,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    with database.reading() as reading:
        assert reading.scalars(select(Revision)).one().alias is None


@pytest.mark.parametrize("names", ["- Marjan", "a: *b", "Marjan: niemand@oeverbrug.example"])
def test_a_refusal_is_a_sentence_and_an_exit_status(
    app: Application, database: Database, pilot: str, tmp_path: Path, names: str
) -> None:
    (tmp_path / "half.xml").write_bytes(dump(page(1, "Rooster", revision(1, "een")))[:300])
    (tmp_path / "namen.yaml").write_text(names)
    refused = run(app, "import-mediawiki", str(tmp_path / "half.xml"), "--space", pilot)
    assert (refused.exit_code, "niet heel" in refused.output) == (1, True)
    named = run(
        app, "import-folder", str(tmp_path), "--space", pilot, "--authors", str(tmp_path / "namen.yaml")
    )  # fmt: skip
    assert named.exit_code == 1
    assert "Traceback" not in refused.output + named.output
    assert count(database) == 0
