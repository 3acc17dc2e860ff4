"""The door of an import: every page and version of a source is looked at here before it is laid in the spool.

What must stay true: whatever cannot be kept as it is is refused or changed with a sentence about it; nothing that
came through can be refused later for what it says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from proeftuin import clock
from proeftuin.errors import Invalid
from proeftuin.exchange.models import MAX_KEY
from proeftuin.exchange.reporting import Fate, Report
from proeftuin.exchange.spool import SourceVersion, Spool
from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.wiki.checks import MAX_TEXT
from proeftuin.wiki.models import PageKind
from proeftuin.wiki.titles import checked_title

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No wiki is older. A date before it is a clock that was never set."""
MAX_SUMMARY = 300
MAX_AUTHOR = 120
_AHEAD = timedelta(minutes=10)  # clocks differ
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class Intake:
    """Takes the pages and versions of one source in, as far as they can be kept."""

    def __init__(self, spool: Spool, report: Report) -> None:
        self.spool = spool
        self.report = report
        self._newest = clock.now() + _AHEAD

    def page(self, key: str, title: str, *, kind: str = "", is_restricted: bool = False) -> int | None:
        """Take a page in and return its number in the spool, or None when it cannot be kept."""
        try:
            checked = checked_title(title)
        except Invalid as refused:
            self.report.add(Fate.REFUSED, clean_line(title)[:100] or key[:100], "", refused.message)
            return None
        known = {each.value for each in PageKind}
        if kind and kind not in known:
            sentence = _("De soort “%(kind)s” kennen we niet; het is een gewone pagina geworden.", kind=kind[:40])
            self.report.add(Fate.CHANGED, checked, "", sentence)
        return self.spool.add_page(
            short_key(key), checked, kind if kind in known else PageKind.PLAIN.value, is_restricted=is_restricted
        )

    def version(self, page: int, title: str, name: str, version: SourceVersion) -> bool:
        """Take a version in; `name` is what the source calls it, for the report."""
        problem = self._problem(version)
        if problem:
            self.report.add(Fate.REFUSED, title, name, problem)
            return False
        if _NO_TEXT.search(version.text):
            version = replace(version, text=_NO_TEXT.sub("\ufffd", version.text))
            self.report.add(Fate.CHANGED, title, name, _("Tekens die geen tekst zijn, zijn vervangen."))
        summary = clean_line(_NO_TEXT.sub("", version.summary))
        if len(summary) > MAX_SUMMARY:
            sentence = _("De samenvatting was te lang en is ingekort. Hij luidde: %(words)s", words=summary)
            self.report.add(Fate.CHANGED, title, name, sentence)
            summary = summary[: MAX_SUMMARY - 1] + "…"
        kept = replace(version, summary=summary, author=self.name_of(version.author), key=version.key[:80])
        return self.spool.add_version(page, kept)

    def name_of(self, author: str) -> str:
        """Return the name of a writer as it is kept."""
        name = clean_line(_NO_TEXT.sub("", author))
        return (name if len(name) <= MAX_AUTHOR else name[: MAX_AUTHOR - 1] + "…") or _("onbekend")

    def problem_of(self, at: datetime) -> str:
        """Return why a moment cannot be right, or ""."""
        if at > self._newest:
            return _("De datum %(day)s ligt in de toekomst.", day=at.date().isoformat())
        if at < OLDEST:
            return _("De datum %(day)s is ouder dan 1990 en kan niet kloppen.", day=at.date().isoformat())
        return ""

    def _problem(self, version: SourceVersion) -> str:
        if problem := self.problem_of(version.at):
            return problem
        if len(version.text) > MAX_TEXT:
            size = f"{len(version.text):,}".replace(",", ".")
            return _("De tekst is te lang: %(n)s tekens. Het mogen er 100.000 zijn.", n=size)
        return ""


def short_key(key: str) -> str:
    """Return a key as it fits its column, still different for different keys."""
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 41]}#{sha256(key.encode()).hexdigest()[:40]}"


def plain_text(text: str) -> str:
    """Return a text without what no database takes for text."""
    return _NO_TEXT.sub("\ufffd", text)


def digest(text: str) -> str:
    """Return a short text that is the same for the same text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
