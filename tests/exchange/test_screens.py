"""Taking a pilot along over HTTP: who gets what, the dossier on the screen, and the PDF where it can be made."""

from __future__ import annotations

import io
import sys
import types
import zipfile
from collections.abc import Callable, Iterator

import pytest

from proeftuin.db import Database
from proeftuin.exchange import pdf
from proeftuin.web.application import Application
from proeftuin.wiki import queries, service
from proeftuin.wiki.models import PageKind
from tests.cast import Cast
from tests.client import Client
from tests.exchange.pdf_library import stand_in


@pytest.fixture
def furnished(app: Application, database: Database, cast: Cast, pilot: str) -> str:
    """Give a pilot with a page for everyone, one for the team, and a decision."""
    with app.app_context(), database.transaction():
        space = queries.get_space(cast.lead, pilot).id
        for title, kind, restricted in (
            ("Maatstaven", PageKind.PLAIN, False),
            ("Namen van het team", PageKind.PLAIN, True),
            ("We gaan door", PageKind.DECISION, False),
        ):
            text = (
                f"# Kop\n\nTekst van {title} met [een link](https://a.nl/x).\n\n## Kop\n\n<script>alert(1)</script>"
            )
            service.create_page(cast.lead, space, title=title, text=text, kind=kind, restricted=restricted)
    return f"/proeftuinen/{pilot}"


def names(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return " ".join(archive.namelist())


def test_everyone_takes_along_what_they_can_read(client: Client, cast: Cast, furnished: str) -> None:
    for name, actor in cast.everyone().items():
        browser = client.as_(actor)
        response = browser.get(f"{furnished}/meenemen/zip")
        assert response.mimetype == "application/zip"
        assert response.content_length == len(response.data)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "maatstaven.geschiedenis.jsonl" in names(response.data)
        dossier = browser.get(f"{furnished}/dossier?gesprek=volledig").get_data(as_text=True)
        assert "Tekst van Maatstaven" in dossier
        in_team = name in ("lead", "member")
        assert ("namen-van-het-team" in names(response.data)) == in_team
        assert ("Namen van het team" in dossier) == in_team
    assert client.get(f"{furnished}/meenemen/zip").status_code == 303


def test_a_concept_is_taken_along_by_its_team_only(
    client: Client, app: Application, database: Database, cast: Cast
) -> None:
    from proeftuin.pilots import service as pilots

    with app.app_context(), database.transaction():
        slug = pilots.create_pilot(cast.lead, title="Nog geheim").slug
    for path in ("meenemen", "meenemen/zip", "dossier"):
        assert client.as_(cast.lead).get(f"/proeftuinen/{slug}/{path}").status_code == 200
        assert client.as_(cast.hr).get(f"/proeftuinen/{slug}/{path}").status_code == 404


def test_the_dossier_has_one_title_and_every_address_once(client: Client, cast: Cast, furnished: str) -> None:
    import re

    text = client.as_(cast.colleague).get(f"{furnished}/dossier").get_data(as_text=True)
    assert text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    inside = set(re.findall(r'href="#([^"]+)"', text))
    assert inside - set(ids) <= {"menu", "inhoud"} - set(ids)
    assert text.index("We gaan door") < text.index("Tekst van Maatstaven")
    assert "<script>alert" not in text


def test_the_pilot_leads_to_taking_it_along(client: Client, cast: Cast, furnished: str) -> None:
    assert f'href="{furnished}/meenemen"' in client.as_(cast.colleague).get(furnished).get_data(as_text=True)
    page = client.as_(cast.colleague).get(f"{furnished}/meenemen").get_data(as_text=True)
    assert f'href="{furnished}/meenemen/zip"' in page


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[types.ModuleType | None], None]]:
    """Give a function that puts a library for PDFs in place, or takes it away, whatever this machine has."""

    def put(module: types.ModuleType | None) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", module)
        pdf._library.cache_clear()

    yield put
    monkeypatch.undo()
    pdf._library.cache_clear()


def test_without_the_library_there_is_no_button_and_no_pdf(
    client: Client, cast: Cast, furnished: str, library: Callable[[types.ModuleType | None], None]
) -> None:
    old = types.ModuleType("weasyprint")  # one from before 68 asks for pictures in another way
    old.urls = types.SimpleNamespace()  # type: ignore[attr-defined]  # a module that is made up
    library(old)
    assert not pdf.is_available()
    library(None)
    browser = client.as_(cast.colleague)
    assert "Maak een PDF" not in browser.get(f"{furnished}/meenemen").get_data(as_text=True)
    answer = browser.get(f"{furnished}/dossier?vorm=pdf")
    assert answer.status_code == 404
    assert "Een PDF maken kan hier niet. Print het dossier" in answer.get_data(as_text=True)


def test_with_the_library_it_gets_the_dossier_and_can_fetch_nothing(
    client: Client, cast: Cast, furnished: str, library: Callable[[types.ModuleType | None], None]
) -> None:
    class Html:
        def __init__(self, *, string: str, base_url: str, url_fetcher: Callable[[str], object]) -> None:
            self.string = string
            for url in ("file:///etc/hostname", "https://a.nl/x.png", f"{base_url}proeftuinen", f"{base_url}../x"):
                with pytest.raises(pdf.NotFetched):
                    url_fetcher(url)

        def write_pdf(self, *, stylesheets: list[str]) -> bytes:
            return f"%PDF {self.string} {stylesheets}".encode()

    library(stand_in(Html))
    browser = client.as_(cast.colleague)
    assert "Maak een PDF" in browser.get(f"{furnished}/meenemen").get_data(as_text=True)
    response = browser.get(f"{furnished}/dossier?vorm=pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    made = response.get_data(as_text=True)
    assert "Tekst van Maatstaven" in made
    assert "Namen van het team" not in made
    assert "@page" in made
