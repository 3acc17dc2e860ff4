"""Reading a folder of Markdown: any folder, and the one that we write ourselves, with its history.

A file is a page. Its title is what the block above the text says, else its first heading, else its name; folders
stand before the title. What must stay true: a file that cannot be read is told and the others come in; the same
folder read twice gives the same keys.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from proeftuin import clock
from proeftuin.exchange import file_reading, frontmatter, layout
from proeftuin.exchange.file_reading import FileReader
from proeftuin.exchange.intake import Intake, digest
from proeftuin.exchange.layout import HISTORY
from proeftuin.exchange.reporting import Fate
from proeftuin.exchange.spool import SourceVersion
from proeftuin.exchange.trees import File, TooLong, Tree, read_lines, read_text
from proeftuin.i18n import _
from proeftuin.wiki.checks import MAX_TEXT

MARKDOWN = (".md", ".markdown")
_MAX_BYTES = 4 * MAX_TEXT + 100_000
_MAX_LINE = 12 * MAX_TEXT
_INDEX = frozenset({"index", "readme", "leesmij"})
_KNOWN = frozenset(
    {"format", "title", "kind", "address", "created", "changed", "authors", "author", "version", "restricted"}
)
_HEADING = re.compile(r"\s*#[ \t]+([^\n]*\S)")
_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\(<?([^()\s<>:#]{1,300}\.(?:md|markdown))(?:#[^()\s<>]*)?>?\)")

Progress = Callable[[int], None]


def read(tree: Tree, intake: Intake, *, progress: Progress = lambda n: None) -> str:
    """Read a folder into the spool and return the name of the source; `progress` hears how many files were read."""
    reader = _Reader(tree, intake)
    for file in reader.files:
        if file_reading.is_list(file.path):
            reader.lists.read(file.path)
    for number, file in enumerate(reader.files, 1):
        reader.take(file)
        progress(number)
    return f"map:{tree.name}"[:180]


class _Reader:
    """One reading of one folder."""

    def __init__(self, tree: Tree, intake: Intake) -> None:
        self.tree = tree
        self.intake = intake
        self.report = intake.report
        self.files = tree.files()
        self._paths = {file.path for file in self.files}
        self.lists = FileReader(tree, intake, self._paths)
        self._titles: dict[str, str] = {}
        self._now = clock.now()

    def take(self, file: File) -> None:
        """Take a file in as a page, or tell why not."""
        if file_reading.is_list(file.path) or file.path in self.lists.taken:
            return
        if file.path.endswith(HISTORY):
            if file.path.removesuffix(HISTORY) + ".md" not in self._paths:
                self._refuse(file, _("De pagina bij deze geschiedenis ontbreekt."))
            return
        if not file.path.lower().endswith(MARKDOWN):
            self._refuse(file, _("Dit is geen Markdown."))
            return
        try:
            document = read_text(self.tree, file.path, limit=_MAX_BYTES)
            values, text = frontmatter.split(document)
        except TooLong:
            self._refuse(file, _("Het bestand is te groot: meer dan %(n)s kB.", n=_MAX_BYTES // 1000))
        except UnicodeDecodeError:
            self._refuse(file, _("Het bestand is geen UTF-8. Bewaar het opnieuw als UTF-8."))
        except frontmatter.NoFrontMatter as error:
            self._refuse(file, _("De regels boven de tekst zijn niet te lezen (%(why)s).", why=str(error)[:100]))
        else:
            self._page(file, values, text)

    def _refuse(self, file: File, sentence: str) -> None:
        self.report.add(Fate.REFUSED, file.path[:200], "", sentence)

    def _page(self, file: File, values: dict[str, Any], text: str) -> None:
        is_ours = values.get("format") == layout.FORMAT
        if is_ours and not values.get("version"):
            self._refuse(file, _("Dit hoort bij de proeftuin zelf en is geen pagina."))
            return
        if not is_ours:
            text = text.replace("\r\n", "\n")
        title, text = self._titled(file, values, text)
        if not is_ours:
            text = self._linked(file, text)
            for name in sorted(values.keys() - _KNOWN):
                sentence = _("“%(name)s” boven de tekst komt niet mee: %(value)s", name=name, value=str(values[name]))
                self.report.add(Fate.CHANGED, title[:120], "", sentence[:300])
        page = self.intake.page(
            file.path,
            title,
            kind=str(values.get("kind") or ""),
            is_restricted=values.get("restricted") is True,
        )
        if page is None:
            return
        history = file.path.rpartition(".")[0] + HISTORY
        newest = self._history(page, title, history) if is_ours and history in self._paths else None
        if newest is None or newest.text != text:
            self._newest(page, title, file, values, text, after=newest.at if newest else None)

    def _titled(self, file: File, values: dict[str, Any], text: str) -> tuple[str, str]:
        """Return the title of a page, and its text without the heading that became the title."""
        given = values.get("title")
        if isinstance(given, str) and given.strip():
            return given, text
        *folders, name = file.path.split("/")
        stem = name.rpartition(".")[0]
        heading = _HEADING.match(text)
        if heading:
            stem, text = heading[1].rstrip(" \t#"), text[heading.end() :].partition("\n")[2].lstrip("\n")
        elif stem.lower() in _INDEX and folders:
            stem = _spoken(folders.pop())
        else:
            stem = _spoken(stem)
        return " / ".join([*map(_spoken, folders), stem]), text

    def _linked(self, file: File, text: str) -> str:
        """Return a text in which links to other files of the folder are links to their pages."""

        def link(found: re.Match[str]) -> str:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), found[2]))
            if path not in self._paths or "[" in found[1] or "|" in found[1]:
                return found[0]
            title = self._title_of(path)
            return f"[[{title}]]" if title == found[1] else f"[[{title}|{found[1]}]]"

        return _LINK.sub(link, text)

    def _title_of(self, path: str) -> str:
        """Return the title that another file of the folder gets."""
        if path not in self._titles:
            file = File(path, 0, None)
            try:
                values, text = frontmatter.split(read_text(self.tree, path, limit=_MAX_BYTES))
            except (TooLong, UnicodeDecodeError, frontmatter.NoFrontMatter):
                values, text = {}, ""
            self._titles[path] = self._titled(file, values, text)[0]
        return self._titles[path]

    def _history(self, page: int, title: str, path: str) -> SourceVersion | None:
        """Take the versions of a page in and return the newest that came in."""
        newest = None
        number = 0
        try:
            for number, line in enumerate(read_lines(self.tree, path, limit=_MAX_LINE), 1):
                name = _("regel %(n)s", n=number)
                try:
                    found = layout.read_version(line)
                except (ValueError, OverflowError):
                    self.report.add(Fate.REFUSED, title, name, _("Deze regel is geen versie."))
                    continue
                version = self._versioned(page, title, found)
                if version is not None and (newest is None or version.at >= newest.at):
                    newest = version
        except (TooLong, UnicodeDecodeError):
            sentence = _("Vanaf hier is de geschiedenis niet te lezen.")
            self.report.add(Fate.REFUSED, title, _("regel %(n)s", n=number + 1), sentence)
        return newest

    def _versioned(self, page: int, title: str, found: dict[str, Any]) -> SourceVersion | None:
        """Take one version in and return it, or None when it stays out."""
        name = _("versie %(n)s", n=found["number"])
        if found["text"] is None:
            self.report.add(Fate.REFUSED, title, name, _("De tekst van deze versie is in de bron verborgen."))
            return None
        if found["suggester"]:
            sentence = _(
                "Dit was een voorstel van %(who)s; alleen wie het overnam is bewaard.", who=found["suggester"]
            )
            self.report.add(Fate.CHANGED, title, name, sentence)
        version = _version(found)
        return version if self.intake.version(page, title, name, version) else None

    def _newest(
        self, page: int, title: str, file: File, values: dict[str, Any], text: str, *, after: datetime | None
    ) -> None:
        """Take the text of a file in as a version of its own; `after` is when the last of its history was saved."""
        given = (values.get("changed") or values.get("created")) if after is None else None
        at = _moment(given)
        if given is not None and at is None:
            words = _("“%(words)s” is geen datum; de datum van het bestand telt.", words=str(given)[:40])
            self.report.add(Fate.CHANGED, title[:120], "", words)
        at = at or file.changed or self._now
        version = SourceVersion(
            key=digest(text),
            at=at if after is None else max(at, after),
            author=_author(values),
            text=text,
            summary="" if after is None else _("Buiten Proeftuin bewerkt"),
        )
        self.intake.version(page, title, "", version)


def _version(found: dict[str, Any]) -> SourceVersion:
    return SourceVersion(
        key=f"{found['number']}-{digest(found['text'])}",
        at=found["at"],
        author=found["author"],
        text=found["text"],
        summary=found["summary"],
        is_minor=found["minor"],
        number=found["number"],
        base=found["base"],
        restores=found["restores"],
    )


def _author(values: dict[str, Any]) -> str:
    """Return who wrote a text according to the block above it: the last of several."""
    given = values.get("author") or values.get("authors") or ""
    if isinstance(given, list):
        given = given[-1] if given else ""
    return str(given)


def _spoken(name: str) -> str:
    """Return the name of a file or a folder as words."""
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _moment(value: object) -> datetime | None:
    """Return what stands for a day or a moment as a moment; a day begins at noon, so that it is the same day."""
    try:
        if isinstance(value, str):
            value = (
                datetime.fromisoformat(value.strip())
                if len(value.strip()) > 10
                else date.fromisoformat(value.strip())
            )
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, 12, tzinfo=clock.AMSTERDAM).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None
