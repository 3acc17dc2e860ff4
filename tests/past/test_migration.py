"""What was there before the past was kept gets the past that can be known of it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import text

from proeftuin import create_app
from proeftuin.web.database_cli import alembic_config
from tests.conftest import settings_for_tests

BEFORE = (
    "INSERT INTO person (id, email, name, name_key, function, is_external, language, created_at)"
    " VALUES (1, 'a@b.nl', 'A', 'a', '', 0, 'nl', '2026-01-01 10:00:00.000000')",
    "INSERT INTO subject (id, kind, title, path, audience, circle_id, created_at) VALUES"
    " (50, 'pilot', 'P', '/proeftuinen/p', 'everyone', 50, '2026-01-05 10:00:00.000000'),"
    " (51, 'page', 'X', '/proeftuinen/p/x', 'everyone', 50, '2026-01-06 10:00:00.000000')",
    "INSERT INTO pilot (id, slug, code, title, title_key, state, state_since, summary, motive, changes, stays,"
    " question, hypothesis, measure, measurement, comparison, what_can_go_wrong, fallback, change_of_mind,"
    " voluntariness, counted_elsewhere, stopped_early, created_at, version) VALUES (50, 'p', 'PT-01', 'P', 'p',"
    " 'lopend', '2026-02-01', '', '', '', '', '', '', '', '', '', '', '', '', '', 3, 0,"
    " '2026-01-05 10:00:00.000000', 1)",
    'INSERT INTO transition (pilot_id, from_state, to_state, "on", reason, statements, recorded_at) VALUES'
    " (50, NULL, 'concept', '2026-01-05', '', '{}', '2026-01-05 10:00:00.000000'),"
    " (50, 'concept', 'voorbereiding', '2026-01-10', '', '{}', '2026-01-10 10:00:00.000000'),"
    " (50, 'voorbereiding', 'lopend', '2026-02-01', '', '{}', '2026-02-01 10:00:00.000000')",
    "INSERT INTO event (at, kind, subject_id, summary, minor, data) VALUES"
    " ('2026-01-10 10:00:00.000000', 'pilot:opened', 50, '', 0, '{}')",
    "INSERT INTO page (id, space_id, slug, title, title_key, kind, is_restricted, current, author_id, created_at,"
    " changed_at, deleted_reason) VALUES (51, 50, 'x', 'X', 'x', 'gewoon', 0, 3, 1, '2026-01-06 10:00:00.000000',"
    " '2026-03-01 23:30:00.000000', '')",
    "INSERT INTO revision (page_id, number, text, size, summary, is_minor, author_id, created_at) VALUES"
    " (51, 1, 'een', 3, '', 0, 1, '2026-01-06 10:00:00.000000'),"
    " (51, 2, 'twee', 4, '', 0, 1, '2026-01-20 10:00:00.000000'),"
    " (51, 3, 'drie', 4, '', 0, 1, '2026-03-01 23:30:00.000000')",
)


def test_pages_and_pilots_of_before_have_a_past(tmp_path: Path) -> None:
    app = create_app(settings_for_tests(tmp_path, f"sqlite:///{tmp_path / 'old.db'}"))
    config = alembic_config(app.database)
    command.upgrade(config, "0007")
    with app.database.transaction() as old:
        for statement in BEFORE:
            old.execute(text(statement))
    command.upgrade(config, "head")
    with app.database.reading() as reading:
        pages = reading.execute(text("SELECT current, since_day, until_day FROM page_past ORDER BY since_day")).all()
        pilots = reading.execute(text("SELECT state, since_day, until_day FROM pilot_past ORDER BY since_day")).all()
        opened = reading.scalar(text("SELECT since_day FROM subject_past WHERE id = 51"))
        number = reading.scalar(text("SELECT number FROM participant_count_past"))
    # Nothing is told of the days on which only the team could read it; a version late in the evening in UTC is of the
    # next day in Amsterdam.
    assert [tuple(row) for row in pages] == [
        (1, "2026-01-10", "2026-01-20"),
        (2, "2026-01-20", "2026-03-02"),
        (3, "2026-03-02", "9999-12-31"),
    ]
    assert [tuple(row) for row in pilots] == [
        ("voorbereiding", "2026-01-10", "2026-02-01"),
        ("lopend", "2026-02-01", "9999-12-31"),
    ]
    assert (opened, number) == ("2026-01-10", 3)
    command.downgrade(config, "0007")
    command.upgrade(config, "head")
    app.extensions["search"].close()
    app.database.close()
