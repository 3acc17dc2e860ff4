"""Passwords: which are good enough, how they are kept, and how one is checked.

What must stay true: only an Argon2id hash is stored (19 MiB, two passes, RFC 9106 and the OWASP advice of the same
numbers); a password is brought to one Unicode form before hashing and before checking, so an é typed on another
keyboard is the same é; checking takes as long when there is no account.

A password has 10 to 256 characters and no other rule of composition (NIST SP 800-63B 5.1.1.2), but common ones and
those made of the name of the person or the company are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from proeftuin import config
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import title_key

SHORTEST = 10
LONGEST = 256
ADVISED = 15

# Words that passwords are built from in Dutch and English offices. Digits and signs around and between them, and the
# usual replacements of letters by digits, do not make them better.
_LIST = """
wachtwoord welkom geheim inloggen toegang admin administrator beheer beheerder gebruiker testen proef proeftuin
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april juni juli augustus
september oktober november december lente voorjaar zomer herfst najaar winter kerst vakantie weekend nederland
holland amsterdam rotterdam utrecht zwolle eindhoven ajax feyenoord psv oranje liefde schatje lieverd mama papa
hallo doei koffie fiets voetbal hond poes konijn vogel vlinder zonnetje bloem regenboog computer laptop kantoor
password passwort passw welcome secret letmein login access monkey dragon master shadow sunshine princess
football baseball superman batman pokemon iloveyou trustno changeme default guest qwerty qwertz azerty asdf asdfgh
zxcv zxcvbn qazwsx spring summer autumn monday friday hello freedom whatever starwars charlie jordan michael
"""
_WORDS = frozenset(_LIST.split())
_ROWS = (
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertzuiop",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()",
)
_INSTEAD = str.maketrans("0134578@$!€", "oieastbasie")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LETTERS_ONLY = re.compile(r"[^a-z]")


def normalise(password: str) -> str:
    """Return the password in the Unicode form (NFC) that is hashed."""
    return unicodedata.normalize("NFC", password)


def check_new(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a new password that is too short, too long or easy to guess; `about` holds names and the like.

    :raises Invalid: with the reason, under the field `password`.
    """
    plain = normalise(password)
    reason = ""
    if len(plain) < SHORTEST:
        reason = _("Kies een wachtwoord van minstens %(n)s tekens.", n=SHORTEST)
    elif len(plain) > LONGEST:
        reason = _("Kies een wachtwoord van hoogstens %(n)s tekens.", n=LONGEST)
    elif _is_pattern(plain.casefold()):
        reason = _("Dit wachtwoord is een rijtje of een herhaling en snel te raden. Kies een ander.")
    elif _is_words(plain, _WORDS | _words_about(about)):
        reason = _("Dit wachtwoord bestaat uit woorden die veel mensen kiezen of uit je naam. Kies een ander.")
    if reason:
        raise Invalid({"password": reason})


def _is_pattern(plain: str) -> bool:
    compact = "".join(plain.split())
    if len(set(compact)) < 5:
        return True
    core = _EDGES.sub("", compact) if compact[0].isalpha() else compact
    if any(len(piece) >= 5 and (piece in row or piece in row[::-1]) for row in _ROWS for piece in (compact, core)):
        return True
    period = (compact + compact).find(compact, 1)
    return period < len(compact) and period < 8


def _words_about(about: Iterable[str]) -> frozenset[str]:
    words: set[str] = set()
    for text in about:
        key = title_key(text.partition("@")[0])
        words |= {_LETTERS_ONLY.sub("", part) for part in re.split(r"[\s.\-_']+", key)}
        words.add(_LETTERS_ONLY.sub("", key))
    return frozenset(word for word in words if len(word) >= 4)


def _is_words(plain: str, words: Iterable[str]) -> bool:
    """Return whether hardly anything is left when the known words are taken out."""
    folded = title_key(plain)
    core = _EDGES.sub("", folded)
    readings = (core, core.translate(_INSTEAD), folded.translate(_INSTEAD))
    letters = {_LETTERS_ONLY.sub("", reading) for reading in readings}
    ordered = sorted(words, key=len, reverse=True)
    return any(_hardly_left(text, ordered) for text in letters)


def _hardly_left(letters: str, words: Iterable[str]) -> bool:
    rest = letters
    for word in words:
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < 4


def make_hash(password: str) -> str:
    """Return the Argon2id hash of a password, with a salt of its own."""
    return _hasher(config.current().password_memory_kib).hash(normalise(password))


def is_right(password: str, stored: str | None) -> bool:
    """Return whether the password belongs to the hash; without a hash it takes as long and is never right."""
    memory = config.current().password_memory_kib
    usable = len(password) <= LONGEST * 4
    try:
        _hasher(memory).verify(stored or _hash_of_nobody(memory), normalise(password) if usable else "")
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None and usable


def is_outdated(stored: str) -> bool:
    """Return whether the hash was made with less memory or fewer passes than is asked for now."""
    made_with = extract_parameters(stored)
    wanted = _hasher(config.current().password_memory_kib)
    return (
        made_with.type is not Type.ID
        or made_with.memory_cost < wanted.memory_cost
        or made_with.time_cost < wanted.time_cost
    )


@lru_cache
def _hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1, type=Type.ID)


@lru_cache
def _hash_of_nobody(memory_kib: int) -> str:
    return _hasher(memory_kib).hash("nobody has this password")
