"""The rules of the house as functions from text to complaints, so that each can be shown to fail."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

KNOWS_FLASK = re.compile(
    r"(^|/)(views|\w+_views|admin|\w+_admin|forms|cli|\w+_cli|subscriptions)\.py$|^web/|^__init__\.py$|^logs\.py$"
)
ENDS_TRANSACTIONS = {"commit", "rollback", "begin", "begin_nested"}
WRITES_THE_INDEX = {"search/index.py", "search/writing.py"}  # Whoosh's own commit, of files and not of the database
PACKAGE_MODULES = {"utils", "util", "helpers", "helper", "common", "misc"}


def source_files() -> Iterator[tuple[str, str]]:
    """Give the path below proeftuin/ and the text of every module."""
    for path in sorted((ROOT / "proeftuin").rglob("*.py")):
        yield path.relative_to(ROOT / "proeftuin").as_posix(), path.read_text()


def template_files() -> Iterator[tuple[str, str]]:
    """Give the path below templates/ and the text of every template."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path.relative_to(ROOT / "templates").as_posix(), path.read_text()


def tracked_files() -> list[Path]:
    """Return every file that the repository holds or would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def transaction_ends(path: str, source: str) -> list[str]:
    """Complain about ending a transaction anywhere but in db.py (a savepoint may be opened with begin_nested)."""
    if path == "db.py" or path in WRITES_THE_INDEX:
        return []
    return [
        f"{path}:{node.lineno} calls .{node.func.attr}()"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ENDS_TRANSACTIONS - {"begin_nested"}
    ]


def flask_imports(path: str, source: str) -> list[str]:
    """Complain about knowing Flask outside views, forms, commands and web."""
    if KNOWS_FLASK.search(path):
        return []
    complaints = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        known = [name for name in names if name.split(".")[0] in ("flask", "werkzeug")]
        complaints += [f"{path}:{node.lineno} imports {name}" for name in known]
    return complaints


def system_clock(path: str, source: str) -> list[str]:
    """Complain about asking the system what time it is outside clock.py."""
    if path == "clock.py":
        return []
    return [
        f"{path}: {match.group()}"
        for match in re.finditer(r"\b(datetime\.now|datetime\.utcnow|date\.today)\(", source)
    ]


def markup_libraries(path: str, source: str) -> list[str]:
    """Complain about calling Markdown or bleach outside markup/."""
    if path.startswith("markup/"):
        return []
    return [f"{path}: {m.group()}" for m in re.finditer(r"^(import|from) (markdown|bleach)\b", source, re.M)]


def missing_opening(path: str, source: str) -> list[str]:
    """Complain about a module that does not open with why it exists."""
    return [] if ast.get_docstring(ast.parse(source)) else [f"{path} has no docstring"]


def vague_name(path: str, source: str) -> list[str]:
    """Complain about a module in which structure goes to die."""
    return [f"{path}: find a name from the field"] if Path(path).stem in PACKAGE_MODULES else []


def unsafe_template(path: str, text: str) -> list[str]:
    """Complain about unescaped output, inline styles and scripts, and addresses of other hosts."""
    forbidden = {
        r"\|\s*safe\b": "| safe",
        r"\sstyle\s*=": "inline style",
        r"<style\b": "inline style",
        r"<script(?![^>]*\bsrc=)": "inline script",
        r"\son[a-z]+\s*=\s*[\"']": "inline script",
        r"(?:src|href)=[\"']https?://": "address of another host",
        r"{%-?\s*autoescape": "autoescape",
    }
    return [f"{path}: {what}" for pattern, what in forbidden.items() if re.search(pattern, text)]


def long_template(path: str, text: str) -> list[str]:
    """Complain about a template that is two ideas."""
    lines = text.count("\n")
    return [f"{path}: {lines} lines"] if lines > 150 else []


def machine_paths(name: str, text: str) -> list[str]:
    """Complain about paths and hosts of one machine."""
    found = re.findall(
        r"/(?:work|root|home/\w+|Users/\w+)/[\w.]+|\b\w*pypi\w*\.(?:org|internal)\S*|--find-links \S+", text
    )
    return [f"{name}: {what}" for what in found]
