"""/cao/vergelijk: what changed between two versions of the cao, word by word; and the same for a text in preparation.

What must stay true: only what changed is shown; an article that is new or gone is named and not compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.cao import queries
from proeftuin.cao.comparing import Changed, Differences
from proeftuin.cao.comparing import compare as compare_versions
from proeftuin.cao.queries import VersionHead
from proeftuin.cao.structure import Annex, Article
from proeftuin.errors import NotFound
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki.history import ShownRow, compare_texts


@dataclass(frozen=True, slots=True)
class Shown:
    """One part that changed, with its words compared."""

    title: str
    changed: Changed | None
    rows: Sequence[ShownRow]


def compare() -> ResponseReturnValue:
    """Show what changed between two versions."""
    get_actor()
    versions = queries.list_versions()
    old, new = asked_version("van"), asked_version("naar")
    if old is None or new is None:
        new = new or queries.find_version() or (versions[0] if versions else None)
        old = old or (before(versions, new) if new else None)
        if old is None or new is None:
            raise NotFound
        return redirect(f"/cao/vergelijk?van={old.number}&naar={new.number}", 303)
    differences = compare_versions(queries.load_text(old.id), queries.load_text(new.id))
    return render(
        "cao/compare.html",
        old=old,
        new=new,
        versions=versions,
        differences=differences,
        shown=list_changes(differences),
    )


def list_changes(differences: Differences) -> list[Shown]:
    """Return what changed, word by word."""
    shown = [Shown(_title(each.new), each, compare_texts(*_lines(each))) for each in differences.changed]
    for was, now in differences.annexes:
        if was is not None and now is not None:
            shown.append(Shown(_annex_title(now), None, compare_texts(_annex_lines(was), _annex_lines(now))))
    return shown


def _title(article: Article) -> str:
    return _("Artikel %(number)s", number=article.number) + (f" {article.title}" if article.title else "")


def _annex_title(annex: Annex) -> str:
    return _("Bijlage %(letter)s", letter=annex.letter) + (f" {annex.title}" if annex.title else "")


def _lines(changed: Changed) -> tuple[str, str]:
    """Return an article on both sides as lines: what it says, and before it what it is (called) if that changed."""
    old, new = changed.old, changed.new
    heads = [(f"{old.number} {old.title}", f"{new.number} {new.title}"), (_facts(old), _facts(new))]
    shown = [pair for pair in heads if pair[0] != pair[1]]
    return "\n".join([*(was for was, _now in shown), old.text]), "\n".join([*(now for _was, now in shown), new.text])


def _facts(article: Article) -> str:
    return "; ".join(filter(None, [article.nature.value, article.character or "", *article.statutes]))


def _annex_lines(annex: Annex) -> str:
    return "\n".join(filter(None, (f"{annex.letter} {annex.title}", annex.text)))


def asked_version(name: str, known: date | None = None) -> VersionHead | None:
    """Return the version that the address names, or None when it names none.

    :raises NotFound: when there is no such version, or it was not published yet on the day of knowing.
    """
    raw = request.args.get(name)
    if not raw:
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise NotFound
    if known is None:
        return queries.get_version(int(raw))
    found = next((each for each in queries.list_versions(known) if each.number == int(raw)), None)
    if found is None:
        raise NotFound
    return found


def before(versions: Sequence[VersionHead], head: VersionHead) -> VersionHead | None:
    """Return the version with which one is compared first: what it corrects, else the one that held before it."""
    if head.corrects is not None:
        return next((each for each in versions if each.number == head.corrects), None)
    return next((each for each in versions if each.is_live and each.valid_from < head.valid_from), None)


def register(blueprint: Blueprint) -> None:
    """Join this address to the blueprint of the cao."""
    blueprint.add_url_rule("/cao/vergelijk", "compare", compare)
