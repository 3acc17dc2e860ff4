"""Style sheet, script and drawings: complete, compressed, kept for ever, and small."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from proeftuin.web import assets as module
from proeftuin.web.assets import Assets

STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.fixture(scope="module")
def assets() -> Assets:
    """Give the assets of the product."""
    return Assets(STATIC)


@pytest.fixture
def client(assets: Assets) -> FlaskClient:
    """Give a client of an application that serves nothing else."""
    app = Flask("assets", static_folder=None)
    app.register_blueprint(assets.blueprint)
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "mimetype"),
    [
        ("proeftuin.css", "text/css"),
        ("proeftuin.js", "text/javascript"),
        ("writing.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
    ],
)
def test_an_asset_is_kept_for_ever_at_its_address(
    client: FlaskClient, assets: Assets, name: str, mimetype: str
) -> None:
    answer = client.get(assets.url(name))
    assert answer.status_code == 200
    assert answer.mimetype == mimetype
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


def test_a_browser_that_can_gets_it_compressed(client: FlaskClient, assets: Assets) -> None:
    plain = client.get(assets.url("proeftuin.css"))
    packed = client.get(assets.url("proeftuin.css"), headers={"Accept-Encoding": "br, gzip"})
    refused = client.get(assets.url("proeftuin.css"), headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert "Content-Encoding" not in plain.headers


def test_an_old_address_gives_the_present_text_and_is_not_kept(client: FlaskClient, assets: Assets) -> None:
    answer = client.get("/static/0000000000/proeftuin.css")
    assert answer.data == client.get(assets.url("proeftuin.css")).data
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/0000000000/tokens.css", "/static/x/..%2f..%2fconfig.py", "/static/a"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_every_part_on_disk_is_in_the_bundle() -> None:
    styles = {str(file.relative_to(STATIC / "css").with_suffix("")) for file in (STATIC / "css").rglob("*.css")}
    scripts = {file.stem for file in (STATIC / "js").glob("*.js")}
    assert styles == {part for parts in module.STYLES.values() for part in parts}
    assert scripts == {part for parts in module.SCRIPTS.values() for part in parts}


def test_another_text_has_another_address(tmp_path: Path) -> None:
    styles = [f"css/{part}.css" for parts in module.STYLES.values() for part in parts]
    scripts = [f"js/{part}.js" for parts in module.SCRIPTS.values() for part in parts]
    for name in (*styles, *scripts):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a{}")
    (tmp_path / "mark.svg").write_text("<svg/>")
    before = Assets(tmp_path).url("proeftuin.css")
    (tmp_path / "css/base.css").write_text("b{}")
    assert Assets(tmp_path).url("proeftuin.css") != before
    assert Assets(tmp_path).url("proeftuin.js") == Assets(tmp_path).url("proeftuin.js")


def test_style_and_script_together_stay_under_a_third_of_the_budget(client: FlaskClient, assets: Assets) -> None:
    sizes = [
        len(client.get(assets.url(name), headers={"Accept-Encoding": "gzip"}).data)
        for name in ("proeftuin.css", "proeftuin.js", "mark.svg")
    ]
    assert sum(sizes) < 20_000


def test_the_script_for_writing_is_small_too(client: FlaskClient, assets: Assets) -> None:
    assert len(client.get(assets.url("writing.js"), headers={"Accept-Encoding": "gzip"}).data) < 12_000


def test_colours_are_named_in_one_file_only() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", re.IGNORECASE)
    found = {
        file.name for file in (STATIC / "css").rglob("*.css") if raw.search(re.sub(r"#i-", "", file.read_text()))
    }
    assert found == {"tokens.css"}


def test_scripts_keep_to_the_strict_policy() -> None:
    for file in (STATIC / "js").glob("*.js"):
        text = file.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write|\.style\.", text), file.name
