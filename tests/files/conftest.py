"""The scene in which the tests of files play: a pilot with a page, and a browser for whoever is asked."""

from __future__ import annotations

import shutil

import pytest

from proeftuin.db import Database
from proeftuin.web.application import Application
from tests.cast import Cast
from tests.client import Client
from tests.files.desk import Desk
from tests.wiki.scene import build


@pytest.fixture
def desk(app: Application, client: Client, database: Database, cast: Cast) -> Desk:
    """Give an open pilot with a page, of which `cast.lead` and `cast.member` are the team."""
    scene = build(database, cast)
    page = scene.page()
    scene.work()
    shutil.rmtree(app.settings.data_dir / "files", ignore_errors=True)  # of the test before, whose rows are undone
    return Desk(app, client, scene, page)
