"""Reading the XML export of a MediaWiki: pages with all versions, as a stream.

What must stay true: memory does not grow with the file; entities and anything outside the file are refused; a file
that is cut in half, or is no export, is refused as a whole. Text that is longer than a page can be is measured and
dropped, not held.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from proeftuin.errors import Invalid
from proeftuin.exchange.intake import MAX_SUMMARY, Intake
from proeftuin.exchange.reporting import Fate
from proeftuin.exchange.spool import SourceVersion
from proeftuin.exchange.wikitext import convert
from proeftuin.i18n import _
from proeftuin.wiki.checks import MAX_TEXT

CHUNK = 65_536
_MOST_CHARACTERS = 4 * MAX_TEXT
_MOST_TOLD = 20
_IN_PAGE = frozenset({"title", "ns", "id"})
_IN_VERSION = frozenset({"id", "parentid", "timestamp", "comment", "text", "minor"})
_IN_CONTRIBUTOR = frozenset({"username", "ip"})

Progress = Callable[[int], None]


def read(
    stream: BinaryIO, intake: Intake, *, namespaces: Collection[int], progress: Progress = lambda done: None
) -> str:
    """Read an export into the spool and return the name of the wiki; `progress` hears how many bytes were read.

    :raises Invalid: when the file is no export, or not a whole one; then the spool is of no use.
    """
    target = _Export(intake, frozenset(namespaces))
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    done = 0
    try:
        while chunk := stream.read(CHUNK):
            parser.feed(chunk)
            done += len(chunk)
            progress(done)
        parser.close()
    except DefusedXmlException as error:
        raise Invalid({"file": _("Dit bestand gebruikt entiteiten of een DTD. Dat lezen we niet.")}) from error
    except ParseError as error:
        line = error.position[0]
        sentence = _("Het bestand is niet heel, of geen XML: het gaat mis op regel %(line)s.", line=line)
        raise Invalid({"file": sentence + " " + _("Er is niets bewaard.")}) from error
    if not target.is_export:
        raise Invalid({"file": _("Dit is geen export van MediaWiki: het eerste element heet niet “mediawiki”.")})
    return target.name


class _Export:
    """Hears the elements of an export, and keeps no more of it than one version."""

    def __init__(self, intake: Intake, namespaces: frozenset[int]) -> None:
        self.intake = intake
        self.namespaces = namespaces
        self.is_export = False
        self.name = "mediawiki"
        self._path: list[str] = []
        self._words: list[str] | None = None
        self._length = 0
        self._page: dict[str, str] = {}
        self._number: int | None = None
        self._version: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._misfits: set[tuple[str, str]] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if not self._path:
            self.is_export = name == "mediawiki"
        elif not self.is_export:
            return
        self._path.append(name)
        if name == "page":
            self._page, self._number = {}, None
            self._misfits = set()
        elif name == "revision":
            self._version, self._hidden = {}, set()
        if "deleted" in attributes:
            self._hidden.add(name)
        self._words, self._length = [], 0

    def data(self, words: str) -> None:
        if self._words is None:
            return
        self._length += len(words)
        if self._length <= _MOST_CHARACTERS:
            self._words.append(words)

    def end(self, tag: str) -> None:
        if not self.is_export or not self._path:
            return
        name = self._path.pop()
        words, self._words = "".join(self._words or ()), None
        around = self._path[-1] if self._path else ""
        if around == "siteinfo" and name in ("dbname", "base"):
            self.name = f"mediawiki:{words.strip()[:180]}" if words.strip() else self.name
        elif around == "page" and name in _IN_PAGE:
            self._page[name] = words.strip()
        elif around == "revision" and name in _IN_VERSION:
            self._version[name] = words
            if name == "text":
                self._version["length"] = str(self._length)
        elif around == "contributor" and name in _IN_CONTRIBUTOR:
            self._version["author"] = words.strip()
        elif name == "revision" and around == "page":
            self._keep()
        elif name == "page" and around == "mediawiki":
            self._tell_misfits()

    def close(self) -> None:
        """End the reading; whatever is unfinished makes the parser raise before."""

    def _keep(self) -> None:
        title = self._page.get("title", "")
        if self._number is None:
            self._number = self._open(title)
        if self._number < 0:
            return
        version = self._version
        name = _("versie %(n)s", n=version.get("id", "?")[:20])
        report = self.intake.report
        at = _moment(version.get("timestamp", ""))
        if "text" in self._hidden:
            report.add(Fate.REFUSED, title, name, _("De tekst van deze versie is in de bron verborgen."))
        elif at is None:
            words = version.get("timestamp", "").strip()[:40]
            report.add(Fate.REFUSED, title, name, _("“%(words)s” is geen datum.", words=words))
        elif int(version.get("length", "0")) > _MOST_CHARACTERS:
            size = f"{int(version['length']):,}".replace(",", ".")
            sentence = _("De tekst is te lang: %(n)s tekens. Het mogen er 100.000 zijn.", n=size)
            report.add(Fate.REFUSED, title, name, sentence)
        else:
            self._convert(title, name, at)

    def _open(self, title: str) -> int:
        """Take the page in; return -1 when it stays out."""
        raw = self._page.get("ns", "0")
        namespace = int(raw) if raw.lstrip("-").isdigit() and len(raw) < 8 else 0
        if namespace not in self.namespaces:
            sentence = _("Alleen gewone pagina’s komen mee; dit is naamruimte %(n)s.", n=namespace)
            self.intake.report.add(Fate.REFUSED, title, "", sentence)
            return -1
        number = self.intake.page(self._page.get("id") or title, title)
        return -1 if number is None else number

    def _convert(self, title: str, name: str, at: datetime) -> None:
        version = self._version
        converted = convert(version.get("text", ""))
        key = version.get("id", "").strip() or f"{at.isoformat()}-{len(version.get('text', ''))}"
        author = _("verborgen in de bron") if "contributor" in self._hidden else version.get("author", "")
        summary = (
            _("(samenvatting verborgen in de bron)") if "comment" in self._hidden else version.get("comment", "")
        )
        kept = SourceVersion(
            key=key,
            at=at,
            author=author,
            text=converted.text,
            summary=summary[: MAX_SUMMARY * 10],
            is_minor="minor" in version,
        )
        if self.intake.version(self._number or 0, title, name, kept):
            self._misfits.update((what, " ".join(piece.split())[:120]) for what, piece in converted.misfits)

    def _tell_misfits(self) -> None:
        """Tell once a page what of its versions has no counterpart here."""
        told = sorted(self._misfits)
        names = _names()
        for what, piece in told[:_MOST_TOLD]:
            sentence = _("%(what)s blijft leesbaar staan als code: %(piece)s", what=names[what], piece=piece)
            if what in ("tag", "redirect"):
                sentence = _("%(what)s bestaat hier niet: %(piece)s", what=names[what], piece=piece)
            self.intake.report.add(Fate.CHANGED, self._page.get("title", ""), "", sentence)
        if len(told) > _MOST_TOLD:
            more = _("En nog %(n)s van zulke stukjes.", n=len(told) - _MOST_TOLD)
            self.intake.report.add(Fate.CHANGED, self._page.get("title", ""), "", more)
        self._misfits = set()


def _names() -> dict[str, str]:
    return {
        "template": _("Een sjabloon"),
        "file": _("Een bestand"),
        "category": _("Een categorie"),
        "interwiki": _("Een link naar een andere wiki"),
        "comment": _("Een verborgen opmerking"),
        "table": _("Een ingewikkelde tabel"),
        "math": _("Een formule"),
        "gallery": _("Een galerij"),
        "magic": _("Een toverwoord"),
        "link": _("Een link"),
        "tag": _("Opmaak met HTML"),
        "redirect": _("Een doorverwijzing"),
    }


def _moment(raw: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
