"""What is refused before it was read still gets a designed page with every header."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from proeftuin.web.application import Application

TOO_LARGE = b"text=" + b"a" * 2_100_000


@pytest.mark.parametrize("path", ["/inloggen", "/nergens"])
def test_a_form_that_is_too_large_is_refused_with_a_page_and_not_a_failure(app: Application, path: str) -> None:
    answer = app.test_client().post(path, data=TOO_LARGE, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "<h1" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database is locked"),
        OperationalError("BEGIN", {}, sqlite3.Error("locked")),
    ],
)
def test_a_database_that_others_hold_for_too_long_is_said_and_can_be_tried_again(
    app: Application, error: Exception
) -> None:
    with app.test_request_context("/", method="POST"):
        answer = app.make_response(app.handle_user_exception(error))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
