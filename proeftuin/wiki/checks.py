"""What may be typed into a page: how much, and what is asked of it."""

from __future__ import annotations

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line

MAX_TEXT = 100_000
MAX_SUMMARY = 200


class TitleTaken(Invalid):
    """The space has a page with this title, or with one that differs in case or accents only."""

    def __init__(self, title: str, path: str) -> None:
        super().__init__({"title": _("Er is al een pagina met deze titel.")})
        self.title = title
        self.path = path


def checked_text(text: str) -> str:
    """Return the text as it was given.

    :raises Invalid: when it is empty or longer than a page can be.
    """
    if not text.strip():
        raise Invalid({"text": _("De pagina is leeg. Schrijf eerst iets.")})
    check_length(text)
    return text


def check_length(text: str) -> None:
    """Refuse a text that is longer than a page can be.

    :raises Invalid: with the sentence that says how long it is and may be.
    """
    if len(text) > MAX_TEXT:
        size = f"{len(text):,}".replace(",", ".")
        sentence = _(
            "De tekst is te lang: %(n)s tekens. Het mogen er 100.000 zijn. Maak er twee pagina’s van.", n=size
        )
        raise Invalid({"text": sentence})


def checked_summary(raw: str) -> str:
    """Return what someone wrote about a change, as one clean line.

    :raises Invalid: when it is too long.
    """
    summary = clean_line(raw)
    if len(summary) > MAX_SUMMARY:
        raise Invalid({"summary": _("Houd het korter dan %(n)s tekens.", n=MAX_SUMMARY)})
    return summary


def checked_reason(raw: str) -> str:
    """Return why something is done, as one clean line.

    :raises Invalid: when nothing was said, or too much.
    """
    reason = clean_line(raw)
    if not reason:
        raise Invalid({"reason": _("Schrijf op waarom. Iedereen die de pagina mag lezen, kan dat zien.")})
    if len(reason) > MAX_SUMMARY:
        raise Invalid({"reason": _("Houd het korter dan %(n)s tekens.", n=MAX_SUMMARY)})
    return reason
