"""The gate before a step, in sentences: what is asked, what stands in the way, and what to do about it.

What must stay true: every need of the table has a sentence of both kinds, and a step without problems here is a
step that may be made.
"""

from __future__ import annotations

from proeftuin import clock
from proeftuin.i18n import _
from proeftuin.pilots.states import TYPED_AS_REASON, Facts, Need, Said, Step, is_met, unanswered


def problems(step: Step, facts: Facts, said: Said, reason: str) -> dict[str, str]:
    """Return what stands in the way of a step: a sentence for each field, nothing when it can be made."""
    found = {need.value: refusal(need, facts) for need in step.needs if not is_met(need, facts, said, reason)}
    for need in TYPED_AS_REASON.intersection(step.needs):
        if need.value in found:
            found["reason"] = found.pop(need.value)
    if Need.RULES_HOLD.value in found and said.without_rules:
        found["is_sure"] = _(
            "Weet je het zeker? Beginnen zonder de afgeweken regels wordt direct gemeld aan de OR en de bonden. Tot "
            "de afwijking van kracht is, geldt voor iedereen de cao."
        )
        del found[Need.RULES_HOLD.value]
    if facts.on > clock.today():
        found["on"] = _("Deze dag moet nog komen. Kies vandaag of een dag daarvoor.")
    elif facts.on < facts.pilot.state_since:
        found["on"] = _("De vorige stap was later dan deze dag. Kies een dag daarna.")
    return found


def demand(need: Need) -> str:
    """Return a need as a sentence of the gate list."""
    return {
        Need.TITLE: lambda: _("De proeftuin heeft een titel."),
        Need.DEPARTMENT: lambda: _("Er is een afdeling gekozen."),
        Need.THEME: lambda: _("Er is een thema gekozen."),
        Need.A_LEAD: lambda: _("Er is een trekker."),
        Need.QUESTION: lambda: _("Vraag 1: er staat wat jullie willen weten."),
        Need.HYPOTHESIS: lambda: _("Vraag 2: er staat wat jullie denken, en waarom."),
        Need.FALLBACK: lambda: _("Vraag 7: er staat wat er gebeurt als jullie stoppen."),
        Need.VOLUNTARINESS: lambda: _("Er staat dat meedoen vrijwillig is."),
        Need.EIGHT_ANSWERS: lambda: _("Alle acht vragen hebben een antwoord."),
        Need.FIRST_DAY_REACHED: lambda: _("De eerste dag is bekend en is er."),
        Need.LAST_DAY: lambda: _("De laatste dag is bekend."),
        Need.MEASURED_OR_WHY_NOT: lambda: _("Er is vooraf gemeten, of er staat waarom niet."),
        Need.PARTICIPANTS_INFORMED: lambda: _("De deelnemers weten wat er gaat gebeuren."),
        Need.RULES_HOLD: lambda: _("Elke afwijking van de cao die de proef nodig heeft, is van kracht."),
        Need.REASON: lambda: _("Er staat waarom."),
        Need.WHAT_PARTICIPANTS_GET: lambda: _("Er staat wat deelnemers nu krijgen."),
        Need.SECOND_READER: lambda: _("Iemand buiten het team heeft meegelezen."),
        Need.LESSONS: lambda: _("Er staat wat jullie hebben geleerd, ook wat niet werkte."),
        Need.DECISION: lambda: _("Er staat welk besluit er is genomen, of dat er geen besluit is."),
    }[need]()


def refusal(need: Need, facts: Facts) -> str:
    """Return what to do when a need is not met."""
    if need is Need.EIGHT_ANSWERS:
        return _("Beantwoord nog vraag %(numbers)s.", numbers=", ".join(map(str, unanswered(facts.pilot))))
    if need is Need.FIRST_DAY_REACHED and facts.pilot.starts_on is not None:
        return _("De eerste dag moet nog komen. Wacht tot die dag, of verander hem in het plan.")
    if need is Need.RULES_HOLD:
        return _rules_do_not_hold(facts)
    return {
        Need.TITLE: lambda: _("Geef de proeftuin een titel."),
        Need.DEPARTMENT: lambda: _("Kies de afdeling."),
        Need.THEME: lambda: _("Kies een thema."),
        Need.A_LEAD: lambda: _("Kies een trekker."),
        Need.QUESTION: lambda: _("Schrijf op wat jullie willen weten."),
        Need.HYPOTHESIS: lambda: _("Schrijf op wat jullie denken dat er gebeurt, en waarom."),
        Need.FALLBACK: lambda: _("Schrijf op wat er gebeurt als jullie stoppen."),
        Need.VOLUNTARINESS: lambda: _("Schrijf op dat meedoen vrijwillig is."),
        Need.FIRST_DAY_REACHED: lambda: _("Kies de eerste dag."),
        Need.LAST_DAY: lambda: _("Kies de laatste dag."),
        Need.MEASURED_OR_WHY_NOT: lambda: _("Kruis aan dat er is gemeten, of schrijf op waarom niet."),
        Need.PARTICIPANTS_INFORMED: lambda: _("Vertel het eerst aan de deelnemers."),
        Need.REASON: lambda: _("Schrijf op waarom."),
        Need.WHAT_PARTICIPANTS_GET: lambda: _("Schrijf op wat deelnemers krijgen nu het stopt."),
        Need.SECOND_READER: lambda: _("Noem een collega van buiten het team die heeft meegelezen."),
        Need.LESSONS: lambda: _("Schrijf op wat jullie hebben geleerd."),
        Need.DECISION: lambda: _("Schrijf het besluit op, of “geen besluit”."),
    }[need]()


def _rules_do_not_hold(facts: Facts) -> str:
    waiting = ", ".join(f"{each.name} ({each.state})" for each in facts.linked if not each.holds)
    return _(
        "Nog niet van kracht: %(waiting)s. Wacht daarop, of leg uit hoe de proef zonder die regels kan.",
        waiting=waiting,
    )
