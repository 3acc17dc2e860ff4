"""Names and e-mail addresses as people type them: cleaned, checked, and comparable by how they look.

What must stay true: two people, departments, themes or parties whose names look the same on a screen have the same
key, so that nobody can pass for somebody else (Unicode TR 39 calls such characters confusable).
"""

from __future__ import annotations

import re
import unicodedata

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line, title_key

NAME_LENGTH = 120
FUNCTION_LENGTH = 120
EMAIL_LENGTH = 200

# Letters of other scripts, without accents, that are drawn like a Latin letter in common typefaces. Any other letter
# of another script stays itself and is told apart by eye.
_CYRILLIC = dict(zip("АВСЕНІЈКМОРЅТХУасеорхуіјѕһԁԛԝкмнвт", "ABCEHIJKMOPSTXYaceopxyijshdqwkmhbt", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιγηκνορτυχωε", "ABEZHIKMNOPTYXaiynkvoptuxwe", strict=True))
_SIGNS = dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("’‘ʼ`´", "'")
_LATIN = {"ı": "i", "ɑ": "a", "ɡ": "g", "ȷ": "j", "ʟ": "l", "0": "o", "|": "l"}
_LOOKS = str.maketrans({**_CYRILLIC, **_GREEK, **_SIGNS, **_LATIN})

_LOCAL = r"[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*")


def look_alike_key(name: str) -> str:
    """Return what two names share when a reader could take one for the other."""
    letters = (c for c in unicodedata.normalize("NFKD", clean_line(name)) if not unicodedata.combining(c))
    return title_key("".join(letters).translate(_LOOKS))[:NAME_LENGTH]


def clean_name(raw: str, *, field: str = "name") -> str:
    """Return a name on one line, without invisible characters.

    :raises Invalid: when nothing is left that can be read, or it is too long.
    """
    name = clean_line(raw)
    if not any(unicodedata.category(character).startswith("L") for character in name):
        raise Invalid({field: _("Vul een naam in.")})
    return within(name, NAME_LENGTH, field=field)


def within(text: str, most: int, *, field: str) -> str:
    """Return the text.

    :raises Invalid: when it is longer than a number of characters.
    """
    if len(text) > most:
        raise Invalid({field: _("Maak dit korter: hier passen %(most)s tekens.", most=most)})
    return text


def fold_email(raw: str) -> str:
    """Return an e-mail address as it is stored and looked up, whatever was typed."""
    return clean_line(raw).lower()


def clean_email(raw: str) -> str:
    """Return an e-mail address in small letters.

    :raises Invalid: when mail could not be sent to it.
    """
    email = fold_email(raw)
    if len(email) > EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise Invalid({"email": _("Dit is geen e-mailadres. Voorbeeld: voornaam.achternaam@bedrijf.nl")})
    return email
