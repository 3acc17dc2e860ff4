"""The English catalogue: collect the sentences of the source, keep what was translated, compile (`make messages`).

What must stay true: running it twice changes nothing, and what it writes depends on the sentences only. So there are
no line numbers and no dates in the files. The checks are functions from sentences to complaints, so that each can be
shown to fail.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from tests.house.rules import ROOT, source_files, template_files

FOLDER = ROOT / "proeftuin" / "translations" / "en" / "LC_MESSAGES"
PO = FOLDER / "messages.po"
MO = FOLDER / "messages.mo"

ALIKE = frozenset(
    {
        *(
            "Account",
            "Accounts",
            "Cao",
            "Dossier",
            "Download",
            "HR",
            "Link",
            "Moderator",
            "Moment",
            "Open",
            "Passages",
            "Team",
        ),
        *("art. %(article)s", "art. %(article)s lid %(lid)s", "cao art. %(number)s", "in", "link", "minimum", "open"),
        *("art. 25 lid 6 WOR", "art. 27 lid 5 WOR", "art. 4 Wet op de loonvorming"),
    }
)
"""Sentences that are the same in both languages."""

_VALUE = re.compile(r"%\(\w+\)s|%%")
_CACHES = {"cache", "lru_cache", "cached_property"}
Text = str | tuple[str, ...]


@dataclass
class Sentence:
    """A sentence of the source; `plural` is empty unless it depends on a number."""

    text: str
    plural: str = ""
    places: set[str] = field(default_factory=set)

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the one or two Dutch forms."""
        return (self.text, self.plural) if self.plural else (self.text,)


@dataclass
class Collected:
    """What the source says, and what is wrong with the way it says it."""

    sentences: dict[str, Sentence] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def add(self, place: str, line: int, name: str, arguments: list[object]) -> None:
        """Keep the sentence of one call; `arguments` are its constants, with None for what is made at run time."""
        wanted = arguments[: 2 if name == "n_" else 1]
        if not wanted or not all(isinstance(text, str) and text for text in wanted):
            self.complaints.append(f"{place}:{line} {name}() without a literal sentence")
            return
        text, plural = str(wanted[0]), str(wanted[1]) if len(wanted) > 1 else ""
        known = self.sentences.setdefault(text, Sentence(text, plural))
        if plural and known.plural and known.plural != plural:
            self.complaints.append(f"{place}:{line} another plural of {text!r}")
        known.plural = known.plural or plural
        known.places.add(place)


class _Calls(ast.NodeVisitor):
    """Collect the calls of a module; complain about those that are made once for every language."""

    def __init__(self, place: str, collected: Collected) -> None:
        self.place = place
        self.collected = collected
        self.late = False
        """Whether this code runs when it is called, not when the module is imported."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Go into a function; one that is cached keeps its first language, unless it is told which."""
        cached = any(_bare(decorator) in _CACHES for decorator in node.decorator_list)
        cached = cached and all(argument.arg != "language" for argument in node.args.args)
        early = [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]
        self._inside(early, late=self.late)
        self._inside(node.body, late=not cached)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Go into a function without a name."""
        self._inside([node.body], late=True)

    def visit_Call(self, node: ast.Call) -> None:
        """Keep the sentence of a call."""
        self.generic_visit(node)
        if not (isinstance(node.func, ast.Name) and node.func.id in ("_", "n_")):
            return
        constants: list[object] = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        self.collected.add(self.place, node.lineno, node.func.id, constants)
        if not self.late:
            self.collected.complaints.append(f"{self.place}:{node.lineno} is translated once, for every reader")

    def _inside(self, children: Iterable[ast.AST | None], *, late: bool) -> None:
        before, self.late = self.late, late
        for child in children:
            if child is not None:
                self.visit(child)
        self.late = before


def _bare(decorator: ast.expr) -> str:
    """Return the last name of a decorator: `functools.lru_cache(8)` is lru_cache."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def collect_python(place: str, source: str, collected: Collected) -> None:
    """Collect the sentences of a module."""
    _Calls(place, collected).visit(ast.parse(source))


def collect_template(place: str, source: str, collected: Collected) -> None:
    """Collect the sentences of a template."""
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "n_"):
            constants = [arg.value if isinstance(arg, nodes.Const) else None for arg in call.args]
            collected.add(place, call.lineno, call.node.name, constants)


def collect() -> Collected:
    """Collect the sentences of the whole source."""
    collected = Collected()
    for path, source in source_files():
        collect_python(f"proeftuin/{path}", source, collected)
    for path, source in template_files():
        if path.endswith((".html", ".txt", ".xml")):
            collect_template(f"templates/{path}", source, collected)
    return collected


class English(Catalog):
    """A catalogue without dates and versions in its head."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the head of the file."""
        return [
            ("Language", "en"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def read(path: Path = PO) -> dict[str, Message]:
    """Return the messages of a catalogue by their Dutch sentence."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {_first(message.id): message for message in read_po(file, locale="en") if message.id}


def merge(sentences: Mapping[str, Sentence], known: Mapping[str, Message]) -> English:
    """Return a catalogue of the sentences, with the translations that are known."""
    catalogue = English(locale="en", fuzzy=False, header_comment="# Collected by `make messages`.")
    for text, sentence in sorted(sentences.items()):
        old = known.get(text)
        identity: Text = sentence.forms if sentence.plural else text
        kept = old.string if old is not None and old.id == identity else ("", "") if sentence.plural else ""
        places = [(place, 0) for place in sorted(sentence.places)]
        flags = {"fuzzy"} if old is not None and old.fuzzy else set()
        catalogue.add(identity, kept, places, flags)
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """Return the file for translators."""
    file = io.BytesIO()
    write_po(file, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the file for the product."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def lacking(sentences: Mapping[str, Sentence], known: Mapping[str, Message]) -> list[str]:
    """Complain about a sentence that the catalogue does not have in this form."""
    return [
        text
        for text, sentence in sentences.items()
        if text not in known or forms_of(known[text].id) != sentence.forms
    ]


def obsolete(sentences: Mapping[str, Sentence], known: Mapping[str, Message]) -> list[str]:
    """Complain about a sentence that the source no longer has."""
    return sorted(known.keys() - sentences.keys())


def untranslated(known: Mapping[str, Message]) -> list[str]:
    """Complain about a translation that is empty or a guess."""
    return [text for text, message in known.items() if message.fuzzy or not all(forms_of(message.string, message))]


def other_values(known: Mapping[str, Message]) -> list[str]:
    """Complain about a translation in which other values are filled in."""
    return [
        text
        for text, message in known.items()
        for dutch, english in zip(forms_of(message.id), forms_of(message.string, message), strict=True)
        if set(_VALUE.findall(dutch)) != set(_VALUE.findall(english))
    ]


def left_dutch(known: Mapping[str, Message], alike: frozenset[str] = ALIKE) -> list[str]:
    """Complain about a translation that is the Dutch sentence, and about words wrongly said to be alike."""
    same = {text for text, message in known.items() if message.id == message.string}
    return sorted(same - alike) + sorted(alike - same)


def _first(text: Any) -> str:
    return str(text) if isinstance(text, str) else str(text[0])


def forms_of(text: Any, like: Message | None = None) -> tuple[str, ...]:
    """Return every form of a sentence; nothing stands for as many empty ones as the Dutch has."""
    forms = (text,) if isinstance(text, str) else tuple(text or ())
    return forms or ("",) * len(forms_of(like.id if like else ""))


def summary(catalogue: Catalog) -> Iterator[str]:
    """Give the lines that say what is left to do."""
    messages = {_first(message.id): message for message in catalogue if message.id}
    empty = untranslated(messages)
    yield f"{len(messages)} sentences, {len(empty)} to be translated"
    yield from (f"  {text}" for text in empty)


def main() -> None:
    """Bring the catalogue up to date."""
    collected = collect()
    catalogue = merge(collected.sentences, read())
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalogue))
    MO.write_bytes(as_mo(catalogue))
    for line in [*collected.complaints, *summary(catalogue)]:
        print(line)


if __name__ == "__main__":
    main()
