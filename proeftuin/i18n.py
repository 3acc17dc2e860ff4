"""Languages: Dutch is the language of the source, English a complete second catalogue.

The language of a request is held in a context variable, so that services can make sentences for people without
knowing Flask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LANGUAGES = ("nl", "en")

_language: ContextVar[str] = ContextVar("language", default="nl")


def _load() -> dict[str, NullTranslations]:
    catalogues: dict[str, NullTranslations] = {"nl": NullTranslations()}
    for language in LANGUAGES[1:]:
        path = Path(__file__).parent / "translations" / language / "LC_MESSAGES" / "messages.mo"
        if path.exists():
            with path.open("rb") as file:
                catalogues[language] = GNUTranslations(file)
        else:
            catalogues[language] = NullTranslations()
    return catalogues


catalogues: Mapping[str, NullTranslations] = _load()


def language() -> str:
    """Return the language of the present request: nl or en."""
    return _language.get()


def set_language(code: str) -> None:
    """Set the language for the rest of the present context."""
    _language.set(code if code in LANGUAGES else "nl")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make sentences in the given language inside the block (mail, jobs)."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def _(message: str, **values: object) -> str:
    """Translate a sentence and fill in its %(names)s."""
    text = catalogues[_language.get()].gettext(message)
    return text % values if values else text


def n_(singular: str, plural: str, n: int, **values: object) -> str:
    """Translate a sentence that depends on a number, which is filled in as %(n)s."""
    return catalogues[_language.get()].ngettext(singular, plural, n) % {"n": n, **values}
