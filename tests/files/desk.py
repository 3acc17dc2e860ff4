"""Acts with files over HTTP, as a form without scripts or as the script does them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from proeftuin.accounts.actor import Actor
from proeftuin.db import session
from proeftuin.events.models import Subject
from proeftuin.files.models import Blob, File, FileVersion, Upload
from proeftuin.web.application import Application
from tests.client import Client
from tests.files import crafted
from tests.wiki.scene import Scene


@dataclass
class Desk:
    """A page with its address, and what can be done with files there."""

    app: Application
    client: Client
    scene: Scene
    page: str

    @property
    def folder(self) -> Path:
        """Return where files are on the disk."""
        return self.app.settings.data_dir / "files"

    def add(
        self, content: bytes, name: str = "foto.png", *, by: Actor | None = None, at: str = "", **fields: Any
    ) -> TestResponse:
        """Send the form with a file."""
        given = {"alt": "Een kaart van de wijk", **fields}
        file = (io.BytesIO(content), name)
        return self.browser(by).post(f"{at or self.page}/bestanden", {**given, "file": file})

    def browser(self, actor: Actor | None = None) -> Client:
        """Return a browser in which someone is signed in; the lead unless told otherwise."""
        return self.client.as_(actor or self.scene.cast.lead)

    def added(self, content: bytes | None = None, name: str = "foto.png", **more: Any) -> int:
        """Add a file and return its number."""
        response = self.add(crafted.picture() if content is None else content, name, **more)
        assert response.status_code == 303, response.get_data(as_text=True)
        return int(response.location.rpartition("-")[2])

    def subject(self, path: str = "") -> int:
        """Return the number of the page, or of whatever is at another address."""
        with self.scene.database.reading():
            return session().query(Subject).filter_by(path=path or self.page).one().id

    def begin(self, content: bytes, name: str, *, browser: Client | None = None, **fields: Any) -> TestResponse:
        """Begin to send a file in pieces."""
        about = {"subject": self.subject(), "name": name, "size": len(content)}
        about["digest"] = hashlib.sha256(content).hexdigest()
        return (browser or self.browser()).post("/bestanden/onderweg", {**about, **fields})

    def send(self, token: str, at: int, piece: bytes, *, browser: Client | None = None) -> TestResponse:
        """Send a piece of a file."""
        browser = browser or self.browser()
        return browser.http.post(
            f"/bestanden/onderweg/{token}?vanaf={at}",
            data=piece,
            content_type="application/octet-stream",
            headers={"X-CSRFToken": browser.csrf_token, "X-Requested-With": "fetch"},
        )

    def counts(self) -> tuple[int, int, int, int]:
        """Return how many files, versions, blobs and uploads there are in the database."""
        with self.scene.database.reading():
            found = [session().query(model).count() for model in (File, FileVersion, Blob, Upload)]
        return found[0], found[1], found[2], found[3]

    def on_disk(self) -> set[str]:
        """Return everything that is on the disk, by its path below the folder."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
