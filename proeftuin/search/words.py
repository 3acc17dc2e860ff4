"""The results page in words: kinds, phases, and why something was found."""

from __future__ import annotations

from proeftuin.i18n import _
from proeftuin.pilots.models import State
from proeftuin.search.results import Hit, Why


def kind_names() -> dict[str, str]:
    """Return what the kinds of things are called, in the order of the list."""
    return {
        "pilot": _("Proeftuinen"),
        "page": _("Pagina’s"),
        "comment": _("Reacties"),
        "file": _("Bestanden"),
        "cao": _("Cao"),
        "department": _("Afdelingen"),
    }


def phase_names() -> dict[str, str]:
    """Return what the phases are called, in their order."""
    return {
        State.CONCEPT.value: _("Concept"),
        State.PREPARATION.value: _("In voorbereiding"),
        State.RUNNING.value: _("Lopend"),
        State.PAUSED.value: _("Gepauzeerd"),
        State.COMPLETED.value: _("Afgerond"),
        State.STOPPED.value: _("Gestopt"),
        State.EVALUATED.value: _("Geëvalueerd"),
        State.ARCHIVED.value: _("Archief"),
        State.NEVER_STARTED.value: _("Niet gestart"),
    }


def why_found(hit: Hit) -> str:
    """Return in a few words why a document matched."""
    return "; ".join(dict.fromkeys(_reason(why) for why in hit.why))


def _reason(why: Why) -> str:
    places = {"title": _("in de titel"), "body": _("in de tekst")}
    sentences = {
        "word": _("“%(typed)s” staat %(where)s"),
        "phrase": _("deze woorden staan zo achter elkaar %(where)s"),
        "prefix": _("een woord dat met “%(typed)s” begint staat %(where)s"),
        "synonym": _("een ander woord voor “%(typed)s” staat %(where)s"),
    }
    return sentences[why.how] % {"typed": why.typed.rstrip("*"), "where": places[why.where]}
