"""Counting the statements of a page view, on the measured database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

from benchmarks import company
from proeftuin import create_app


def statements_of_a_page(data_dir: Path, cookie: str, paths: list[str]) -> int:
    """Return the largest number of statements that one of the pages takes."""
    app = create_app(company.settings(data_dir))
    counts = []
    seen: list[str] = []
    event.listen(
        app.database.engine, "before_cursor_execute", lambda c, cur, statement, *rest: seen.append(statement)
    )
    browser = app.test_client()
    name, _, value = cookie.partition("=")
    browser.set_cookie(name, value)
    for path in paths:
        seen.clear()
        assert browser.get(path).status_code == 200
        counts.append(len([s for s in seen if not s.startswith("BEGIN")]))
    return max(counts)
