"""Undo what one version changed, and keep everything that was written since.

The change from the version before it is turned round and merged with the newest text. What must stay true: what
others wrote elsewhere on the page stays as it is; where it was changed again nothing is undone and nothing is chosen:
the passages are shown, and someone decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from proeftuin.accounts.actor import Actor
from proeftuin.errors import Conflict, NotFound
from proeftuin.i18n import _
from proeftuin.wiki import merge, service, texts
from proeftuin.wiki.checks import MAX_SUMMARY
from proeftuin.wiki.history import Version, get_version
from proeftuin.wiki.queries import PageHead


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing a version would come to. `result` is None when it does not fit any more; see `passages` then."""

    version: Version
    current: str
    result: str | None
    passages: tuple[merge.Passage, ...]

    @property
    def changes_nothing(self) -> bool:
        """Return whether nothing of the version is left on the page."""
        return self.result == self.current

    @property
    def empties(self) -> bool:
        """Return whether no text would be left."""
        return self.result is not None and not self.result.strip()


def plan_undo(page: PageHead, number: int) -> Undoing:
    """Return what undoing a version would change now.

    :raises NotFound: when there is no such version, or nothing before it; Gone when either was hidden.
    """
    if number < 2:
        raise NotFound
    version = get_version(page, number)
    done, before = texts.get_text(page.id, number), texts.get_text(page.id, number - 1)
    current = texts.get_text(page.id, page.current)
    merged = merge.merge(done, before, current)
    return Undoing(version, current, merged.text if merged.is_clean else None, merged.conflicts)


def undo(actor: Actor, page: PageHead, number: int, *, base: int | None, reason: str) -> service.Saved:
    """Save the newest text without what a version changed, as a new version that says so.

    :raises Conflict: when someone saved since it was shown, or when it does not fit.
    """
    here = f"{page.path}/ongedaan/{number}"
    if base != page.current:
        raise Conflict(_("Deze pagina is opgeslagen terwijl jij keek. Er is niets ongedaan gemaakt."), way_out=here)
    planned = plan_undo(page, number)
    if planned.result is None or planned.empties:
        raise Conflict(_("Dit past niet meer in de pagina. Er is niets ongedaan gemaakt."), way_out=here)
    who = planned.version.who or _("iemand")
    summary = _("Maakt versie %(n)s van %(who)s ongedaan", n=number, who=who)
    if reason.strip():
        summary = f"{summary}: {reason.strip()}"
    return service.save_page(actor, page, base=base, text=planned.result, summary=summary[:MAX_SUMMARY])
