"""The house stands as described in docs/architecture.md, and every rule can fail."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command

from proeftuin.web.application import Application
from proeftuin.web.database_cli import alembic_config
from tests.house import rules

SOURCE_RULES = [
    (rules.transaction_ends, "session().commit()"),
    (rules.flask_imports, "from flask import request"),
    (rules.system_clock, "datetime.now(UTC)"),
    (rules.markup_libraries, "import markdown"),
    (rules.missing_opening, "x = 1"),
]
TEMPLATE_RULES = [
    (rules.unsafe_template, "{{ text | safe }}"),
    (rules.unsafe_template, '<p style="color: red">'),
    (rules.unsafe_template, "<script>alert(1)</script>"),
    (rules.unsafe_template, '<a onclick="x()">'),
    (rules.unsafe_template, '<img src="https://elsewhere.example/x.png">'),
    (rules.long_template, "\n" * 151),
]


@pytest.mark.parametrize(
    "rule", [rule for rule, _ in SOURCE_RULES] + [rules.vague_name], ids=lambda rule: rule.__name__
)
def test_every_module_keeps_the_rule(rule) -> None:  # type: ignore[no-untyped-def]
    complaints = [complaint for path, source in rules.source_files() for complaint in rule(path, source)]
    assert complaints == []


@pytest.mark.parametrize(("rule", "breach"), SOURCE_RULES, ids=lambda x: getattr(x, "__name__", "breach"))
def test_a_breach_of_a_source_rule_is_seen(rule, breach: str) -> None:  # type: ignore[no-untyped-def]
    assert rule("pilots/service.py", breach)


def test_a_vague_module_name_is_seen() -> None:
    assert rules.vague_name("pilots/utils.py", "")


@pytest.mark.parametrize("rule", [rules.unsafe_template, rules.long_template], ids=lambda rule: rule.__name__)
def test_every_template_keeps_the_rule(rule) -> None:  # type: ignore[no-untyped-def]
    complaints = [complaint for path, text in rules.template_files() for complaint in rule(path, text)]
    assert complaints == []


@pytest.mark.parametrize(("rule", "breach"), TEMPLATE_RULES)
def test_a_breach_of_a_template_rule_is_seen(rule, breach: str) -> None:  # type: ignore[no-untyped-def]
    assert rule("pilots/view.html", breach)


def test_imports_go_down_only() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        cwd=rules.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 kept, 0 broken" in result.stdout


def test_nothing_tracked_names_a_machine() -> None:
    complaints = []
    for path in rules.tracked_files():
        if path.suffix in {".png", ".mo", ".xz", ".ico"} or path.name == "rules.py":
            continue
        complaints += rules.machine_paths(str(path.relative_to(rules.ROOT)), path.read_text(errors="replace"))
    assert complaints == []


def test_a_machine_path_is_seen() -> None:
    assert rules.machine_paths("x", f"see /{'root'}/secret.txt")


def test_models_and_migrations_describe_the_same_tables(app: Application) -> None:
    command.check(alembic_config(app.database))  # raises when a migration is missing


def test_every_setting_stands_in_the_readme() -> None:
    from dataclasses import fields

    from proeftuin.config import Config

    readme = (rules.ROOT / "README.md").read_text()
    hidden = {"testing", "password_memory_kib"}
    lacking = [f.name for f in fields(Config) if f.name not in hidden and f"PROEFTUIN_{f.name.upper()}" not in readme]
    assert lacking == []


def test_every_command_stands_in_the_operations_guide(app: Application) -> None:
    from flask.cli import AppGroup

    guide = (rules.ROOT / "docs" / "operations.md").read_text()
    lacking = [
        f"flask {group.name} {name}"
        for group in app.cli.commands.values()
        if isinstance(group, AppGroup)
        for name in group.commands
        if f"flask {group.name} {name}" not in guide
    ]
    assert lacking == []
