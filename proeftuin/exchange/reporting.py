"""What of a source did not fit, told per item and counted.

What must stay true: whatever was left out, kept in another form or shortened is in the report, with the page and
the version it is about, in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from proeftuin.exchange.spool import Spool
from proeftuin.i18n import _


class Fate(StrEnum):
    """What became of something in the source."""

    REFUSED = "refused"
    CHANGED = "changed"
    KNOWN = "known"

    @property
    def label(self) -> str:
        """Return it in words."""
        words = {
            Fate.REFUSED: _("niet overgenomen"),
            Fate.CHANGED: _("anders overgenomen"),
            Fate.KNOWN: _("stond er al"),
        }
        return words[self]


@dataclass(slots=True)
class Counts:
    """The numbers of an import; of a dry run what they would be."""

    pages: int = 0
    new_pages: int = 0
    versions: int = 0
    new_versions: int = 0
    files: int = 0
    new_files: int = 0
    new_file_versions: int = 0
    remarks: dict[Fate, int] = field(default_factory=dict)


class Report:
    """The remarks about one import, kept beside the source so that they may be many."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self.counts = Counts()

    def add(self, fate: Fate, page: str, version: str, sentence: str) -> None:
        """Note what became of a page or a version."""
        self.counts.remarks[fate] = self.counts.remarks.get(fate, 0) + 1
        self._spool.add_remark(fate.value, page, version, sentence)

    def lines(self) -> Iterator[str]:
        """Give the remarks, one on a line: what became of it, the page, the version, and the sentence."""
        for fate, page, version, sentence in self._spool.remarks():
            about = f"{page}, {version}" if version else page
            label = Fate(fate).label
            yield f"{label}: {about}: {sentence}" if about else f"{label}: {sentence}"

    def summary(self, *, dry: bool) -> list[str]:
        """Return the numbers in words."""
        counts = self.counts
        words = [
            _("%(pages)s pagina’s met %(versions)s versies gelezen.", pages=counts.pages, versions=counts.versions),
            _(
                "Nieuw: %(pages)s pagina’s, %(versions)s versies.",
                pages=counts.new_pages,
                versions=counts.new_versions,
            ),
        ]
        if counts.files:
            sentence = _(
                "%(files)s bestanden gelezen; nieuw: %(new)s bestanden, %(versions)s versies.",
                files=counts.files,
                new=counts.new_files,
                versions=counts.new_file_versions,
            )
            words.append(sentence)
        for fate in Fate:
            if number := counts.remarks.get(fate):
                words.append(f"{fate.label.capitalize()}: {number}.")
        if dry:
            words.append(_("Dit was een proef: er is niets bewaard."))
        return words
