"""The codes of the second step: six digits from an app (RFC 6238), and the recovery codes for when the app is gone.

What must stay true: a code is right for its own half minute and for one on either side, no more; a recovery code is
kept as an Argon2id hash, like a password, because it can be read over a shoulder and typed at leisure.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from argon2 import Type, extract_parameters
from argon2.low_level import hash_secret

from proeftuin import config

STEP = 30  # seconds, as every app expects
SKEW = 1  # steps
DIGITS = 6
ISSUER = "Proeftuin"

RECOVERY_CODES = 10
RECOVERY_DIGITS = 16  # digits, so that one field and the keyboard with numbers will do
_SALT = 16


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an app needs to make codes: the picture to scan, and the secret to type where scanning does not work."""

    picture: str
    """The QR code as an address that holds the picture itself, so that it is never asked for and never kept."""
    secret: str
    """In groups of four letters."""


def new_secret() -> str:
    """Return a new secret of 160 bits."""
    return str(pyotp.random_base32(32))


def invitation(secret: str, *, account: str, org: str) -> Invitation:
    """Return how a secret is brought to an app; `account` and `org` are what the app shows beside the code."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=f"{ISSUER} {org}" if org != ISSUER else org)
    picture = segno.make_qr(uri, error="m").svg_data_uri(scale=1, border=4, dark="#000", light="#fff", omitsize=True)
    return Invitation(picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def step_at(moment: datetime) -> int:
    """Return the number of the half minute of a moment."""
    return int(moment.timestamp()) // STEP


def find_step(secret: str, typed: str, moment: datetime, *, after: int) -> int | None:
    """Return the half minute of which this is the code, when it may be used: not before, and not twice.

    `after` is the step of the last code that was accepted. Every candidate is compared: the time tells nothing.
    """
    totp, code, present = pyotp.TOTP(secret), "".join(typed.split()), step_at(moment)
    found = None
    for step in range(present - SKEW, present + SKEW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()) and step > after:
            found = step
    return found


def is_app_code(typed: str) -> bool:
    """Return whether something looks like a code from an app; else it is taken for a recovery code."""
    code = "".join(typed.split())
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def new_recovery_codes() -> list[str]:
    """Return ten new recovery codes (53 bits each) as they are shown."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        digits = f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}"
        codes.add("-".join(digits[at : at + 4] for at in range(0, RECOVERY_DIGITS, 4)))
    return sorted(codes)


def hash_recovery_codes(codes: Iterable[str]) -> list[str]:
    """Return how a set of recovery codes is stored: one salt for the set, so that checking one costs one hash."""
    salt = secrets.token_bytes(_SALT)
    return [_hash(code, salt, config.current().password_memory_kib) for code in codes]


def find_recovery_hash(typed: str, stored: Iterable[str]) -> str | None:
    """Return the hash of a set to which a typed recovery code belongs, or None."""
    hashes = list(stored)
    if not hashes or len(_bare(typed)) != RECOVERY_DIGITS:
        return None
    first = hashes[0]
    own = _hash(typed, _salt_of(first), extract_parameters(first).memory_cost)
    return next((each for each in hashes if hmac.compare_digest(each, own)), None)


def _hash(code: str, salt: bytes, memory_kib: int) -> str:
    made = hash_secret(
        _bare(code).encode(), salt, time_cost=2, memory_cost=memory_kib, parallelism=1, hash_len=32, type=Type.ID
    )
    return made.decode()


def _salt_of(encoded: str) -> bytes:
    salt = encoded.split("$")[4]
    return base64.b64decode(salt + "=" * (-len(salt) % 4))


def _bare(code: str) -> str:
    return "".join(code.split()).replace("-", "")
