"""Reading the files of a pilot that was taken along: by its list, each one judged as if somebody sends it.

What must stay true: the list is believed about who, when and what is said of a file, never about what the file is;
no path is opened that is not a file below the folder of files; a file that is refused is told, the others come in.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

from proeftuin.errors import Invalid
from proeftuin.exchange import layout
from proeftuin.exchange.file_spool import SourceFile, SourceFileVersion
from proeftuin.exchange.intake import Intake, digest, plain_text, short_key
from proeftuin.exchange.layout import FILE_LIST, FILES, FileLine, GoneLine
from proeftuin.exchange.reporting import Fate
from proeftuin.exchange.trees import TooLong, Tree, read_bytes, read_lines
from proeftuin.files import blobs, judging, limits
from proeftuin.files.filenames import checked_name, name_key, shown_name
from proeftuin.files.judging import Judged
from proeftuin.files.service import Words, check_words
from proeftuin.i18n import _

_MAX_LINE = 20_000


def is_list(path: str) -> bool:
    """Return whether a file of a folder is a list of files."""
    return posixpath.basename(path) == FILE_LIST


class FileReader:
    """Takes the files of one list into the spool. `paths` are the files of the folder."""

    def __init__(self, tree: Tree, intake: Intake, paths: Collection[str]) -> None:
        self.tree = tree
        self.intake = intake
        self.paths = paths
        self.taken: set[str] = set()
        """The paths that the lists told of, so that nobody takes them for pages."""

    def read(self, path: str) -> None:
        """Take in what a list tells of."""
        base = path.removesuffix(FILE_LIST)
        number = 0
        try:
            for number, line in enumerate(read_lines(self.tree, path, limit=_MAX_LINE), 1):
                try:
                    found = layout.read_file_line(line)
                except (ValueError, OverflowError):
                    self._refuse(path[:200], _("regel %(n)s", n=number), _("Deze regel is geen bestand."))
                    continue
                self._take(base, found)
        except (TooLong, UnicodeDecodeError):
            sentence = _("Vanaf hier is de lijst niet te lezen.")
            self._refuse(path[:200], _("regel %(n)s", n=number + 1), sentence)

    def _refuse(self, name: str, version: str, sentence: str) -> None:
        self.intake.report.add(Fate.REFUSED, name, version, sentence)

    def _take(self, base: str, found: FileLine | GoneLine) -> None:
        name = shown_name(plain_text(found.name))
        if isinstance(found, GoneLine):
            self._refuse(name, "", _("Dit bestand is in de bron weggehaald. Er is alleen nog dat het er was."))
            return
        version = _("versie %(n)s", n=found.number)
        try:
            self._version(base, found, name, version)
        except Invalid as refused:
            self._refuse(name, version, refused.message)

    def _version(self, base: str, found: FileLine, name: str, label: str) -> None:
        """Take a version in.

        :raises Invalid: when it stays out.
        """
        content = self._content(base, found)
        if problem := self.intake.problem_of(found.at):
            raise Invalid({"at": problem})
        place = f"{base}{found.place}" if found.place else ""
        if place and place not in self.paths:
            raise Invalid({"place": _("De pagina waar dit bestand bij hoort, ontbreekt in de bron.")})
        # Whatever ending the content asks for, a file is the same file in every version.
        key = short_key(f"{base}{found.place}:{name_key(plain_text(found.name))}")
        known = self.intake.spool.files.find_file(key)
        judged, sent = self._judged(content, known)
        kept_name = known.name if known else checked_name(found.name, judged.format)
        given = Words(plain_text(found.alt), found.is_decorative, plain_text(found.description))
        words = check_words(given, judged.format)
        file = known or self.intake.spool.files.add_file(key, short_key(place), kept_name, judged.format)
        said = digest(f"{words.alt}\n{words.is_decorative}\n{words.description}")
        version = SourceFileVersion(
            key=f"{found.number}-{sent[:40]}-{said[:16]}",
            number=found.number,
            at=found.at,
            author=self.intake.name_of(found.who),
            words=words,
        )
        if not self.intake.spool.files.add_version(file, version, judged):
            raise Invalid({"version": _("Deze versie staat twee keer in de bron. De eerste telt.")})
        if known is None and kept_name != found.name:
            sentence = _("Het bestand heet hier “%(name)s”.", name=kept_name)
            self.intake.report.add(Fate.CHANGED, name, label, sentence)

    def _judged(self, content: bytes, known: SourceFile | None) -> tuple[Judged, str]:
        """Return what bytes are, and their sum. What was kept here before needs not be drawn once more."""
        sent = sha256(content).hexdigest()
        judged = judging.judge(content, known.format if known else None)
        if known is not None and judged.format is not known.format:
            raise Invalid({"file": _("Deze versie is van een andere soort dan de versie ervoor.")})
        if judged.picture is not None and judged.content != content and blobs.find_kept([sent]):
            judged = replace(judged, content=content, picture=replace(judged.picture, content=content))
        return judged, sent

    def _content(self, base: str, found: FileLine) -> bytes:
        path = f"{base}{found.path}"
        if found.path is None or path not in self.paths or not path.startswith(f"{base}{FILES}/"):
            raise Invalid({"file": _("De inhoud van deze versie ontbreekt in de bron.")})
        self.taken.add(path)
        most = limits.room().per_file
        try:
            content = read_bytes(self.tree, path, limit=most)
        except TooLong as too_long:
            raise Invalid({"file": limits.too_large(most)}) from too_long
        if sha256(content).hexdigest() != found.sha256:
            raise Invalid({"file": _("De inhoud is een andere dan in de lijst staat. Misschien is hij beschadigd.")})
        return content
