"""The words in files: read in a job, found by search, by whoever may read them; a hostile file hurts nobody."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from proeftuin.db import session
from proeftuin.files import extraction, reader
from proeftuin.files.formats import Format
from proeftuin.files.models import Blob
from proeftuin.search import service as search
from tests.files import crafted
from tests.files.desk import Desk

DOCUMENTS = {
    Format.PDF: crafted.pdf(),
    Format.DOCX: crafted.docx(),
    Format.ODT: crafted.odt(),
    Format.XLSX: crafted.xlsx(),
    Format.CSV: crafted.csv(),
}


@pytest.mark.parametrize("format", DOCUMENTS, ids=str)
def test_the_words_of_each_kind_are_read(format: Format, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DOCUMENTS[format])
    assert crafted.WORDS in extraction.words_of(format, path)


def test_words_in_a_paragraph_stay_together_and_paragraphs_apart(tmp_path: Path) -> None:
    path = tmp_path / "file"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "<w:p><w:r><w:t>Koren</w:t></w:r><w:r><w:t>wolf</w:t></w:r></w:p><w:p><w:r><w:t>Twee</w:t></w:r></w:p>"
    xml = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    path.write_bytes(crafted.docx(more={"word/document.xml": xml}))
    assert extraction.words_of(Format.DOCX, path) == "Korenwolf\nTwee"


def test_a_pdf_that_never_ends_costs_a_while_and_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "PATIENCE", 3.0)
    path = tmp_path / "file"
    path.write_bytes(crafted.endless_pdf())
    assert len(extraction.words_of(Format.PDF, path)) <= reader.LONGEST


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", crafted.with_entities(), crafted.docx()[:-60]])
def test_a_broken_file_has_no_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    for format in (Format.PDF, Format.DOCX, Format.ODT, Format.XLSX):
        assert extraction.words_of(format, path) == ""


def test_the_reader_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def look(command: list[str], **options: object) -> object:
        seen.update(options)
        raise OSError

    monkeypatch.setenv("PROEFTUIN_SECRET_KEY", "geheim")
    monkeypatch.setattr("proeftuin.files.extraction.subprocess.run", look)
    extraction.words_of(Format.PDF, tmp_path)
    assert "geheim" not in str(seen["env"])


def found(desk: Desk, query: str, *, by: object = None) -> str:
    desk.scene.work()
    return html.unescape(desk.browser(by).get(f"/zoeken?q={query}").get_data(as_text=True))  # type: ignore[arg-type]


@pytest.fixture
def searched(desk: Desk) -> Desk:
    """Give a desk with an index of what is there."""
    with desk.app.app_context(), desk.scene.database.reading():
        search.rebuild(desk.app.extensions["search"].index)
    return desk


def test_a_file_is_found_by_its_words_with_a_snippet_and_a_link(searched: Desk) -> None:
    number = searched.added(
        crafted.docx("De ploeg telde zevenentwintig korenwolven bij de sloot"), "telling.docx", alt=""
    )
    page = found(searched, "korenwolven", by=searched.scene.cast.colleague)
    assert f'href="/bestanden/{number}"' in page
    assert "<mark>korenwolven</mark>" in page
    assert "De maatstaven" in page
    assert "soort=file" in page


def test_a_file_is_found_by_its_name_and_what_was_said_of_it(searched: Desk) -> None:
    searched.added(
        crafted.picture(), "Otterkaart.png", alt="Roerdompen langs de vaart", description="Uit het zomerboek"
    )
    for word in ("otterkaart", "roerdompen", "zomerboek"):
        assert "Otterkaart.png" in found(searched, word).replace("<mark>", "").replace("</mark>", "")


def test_words_of_a_hidden_file_are_found_by_the_team_alone(searched: Desk) -> None:
    hidden = searched.scene.page("Namen van het team", restricted=True)
    searched.added(crafted.docx("Alleen voor korenwolven"), "geheim.docx", at=hidden, alt="")
    assert "geheim.docx" in found(searched, "korenwolven")
    page = found(searched, "korenwolven", by=searched.scene.cast.outsider)
    assert "geheim.docx" not in page
    assert "Niets gevonden" in page


def test_a_file_that_is_taken_away_or_replaced_is_no_longer_found_by_its_old_words(searched: Desk) -> None:
    number = searched.added(crafted.docx("Alleen korenwolven"), "telling.docx", alt="")
    assert "telling.docx" in found(searched, "korenwolven")
    searched.browser().post(f"/bestanden/{number}/weghalen", {"reason": "Oud."})
    assert "telling.docx" not in found(searched, "korenwolven")
    searched.browser().post(f"/bestanden/{number}/terugzetten")
    assert "telling.docx" in found(searched, "korenwolven")


def test_a_file_is_read_once_whatever_its_words(desk: Desk) -> None:
    desk.added(crafted.csv("leeg"), "a.csv", alt="")
    desk.scene.work()
    with desk.scene.database.reading():
        blob = session().query(Blob).one()
        assert blob.read_at is not None
        assert "leeg" in blob.text
        assert extraction.list_unread() == []
