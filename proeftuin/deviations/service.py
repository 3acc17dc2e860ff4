"""Every change of a deviation: the verbs, from the modules in which they are at home."""

from proeftuin.deviations.acting.acts import (
    close,
    end,
    go_on_without,
    handle_incident,
    object_to,
    reconfirm,
    record_ministry,
    reject,
    report_incident,
    resume,
    state_fallback,
    suspend,
    take_back,
    tell_decision,
    withdraw,
)
from proeftuin.deviations.acting.submitting import create, submit

__all__ = [
    "close",
    "create",
    "end",
    "go_on_without",
    "handle_incident",
    "object_to",
    "reconfirm",
    "record_ministry",
    "reject",
    "report_incident",
    "resume",
    "state_fallback",
    "submit",
    "suspend",
    "take_back",
    "tell_decision",
    "withdraw",
]
