"""Hiding small secrets in the database: what lies in it, or in a backup of it, is worth nothing without the secret of
the installation.

What must stay true: a sealed text opens only with the key it was sealed with and only for the row it was made for,
and every change of it shows; a key that was replaced still opens what it sealed, as long as it is configured
(`old_secret_keys`).

HMAC-SHA256 is the only primitive: as a stream of pad for hiding (counter mode over a random nonce) and, under a key
of its own, as the mark that is checked before anything is opened (encrypt, then mark). Decision 0082 says why no
library does this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from proeftuin import config

VERSION = "v1."
NONCE, MARK, BLOCK = 16, 32, 32


def seal(text: str, *, about: str) -> str:
    """Return a text sealed with the present key for one purpose and row (`about`)."""
    key = config.current().secret_key
    nonce = secrets.token_bytes(NONCE)
    body = nonce + _mix(text.encode(), key, nonce)
    return VERSION + base64.urlsafe_b64encode(body + _mark(body, key, about)).decode()


def unseal(sealed: str, *, about: str) -> str | None:
    """Return the text, or None when no configured key made it for this purpose and row."""
    try:
        whole = base64.urlsafe_b64decode(sealed.removeprefix(VERSION))
    except ValueError:  # no base64 at all
        return None
    body, mark = whole[:-MARK], whole[-MARK:]
    if not sealed.startswith(VERSION) or len(body) < NONCE:
        return None
    settings = config.current()
    for key in (settings.secret_key, *settings.old_secret_keys):
        if hmac.compare_digest(mark, _mark(body, key, about)):
            return _mix(body[NONCE:], key, body[:NONCE]).decode()
    return None


def is_of_present_key(sealed: str, *, about: str) -> bool:
    """Return whether a sealed text was made with the key of now, so that it need not be sealed again."""
    whole = base64.urlsafe_b64decode(sealed.removeprefix(VERSION))
    return hmac.compare_digest(whole[-MARK:], _mark(whole[:-MARK], config.current().secret_key, about))


def _mix(data: bytes, key: str, nonce: bytes) -> bytes:
    """Hide, or show again: the pad is as long as the data and used once."""
    own = _derived(key, "hiding")
    blocks = range(-(-len(data) // BLOCK))
    pad = b"".join(hmac.digest(own, nonce + number.to_bytes(4, "big"), hashlib.sha256) for number in blocks)
    return bytes(a ^ b for a, b in zip(data, pad, strict=False))


def _mark(body: bytes, key: str, about: str) -> bytes:
    return hmac.digest(_derived(key, "marking"), about.encode() + b"\n" + body, hashlib.sha256)


def _derived(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), f"sealed secrets: {purpose}".encode(), hashlib.sha256)
