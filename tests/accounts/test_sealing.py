"""Sealed secrets open only with their key, for their row, and unchanged; and codes are those of the standard."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin import config
from proeftuin.accounts import codes, sealing
from proeftuin.config import Config

SETTINGS = Config(
    secret_key="k" * 40, data_dir=Path("var"), database_url="sqlite://", testing=True, password_memory_kib=8
)
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@given(st.text(max_size=100), st.text(max_size=30))
def test_what_was_sealed_opens_and_never_looks_the_same(text: str, about: str) -> None:
    with config.using(SETTINGS):
        one, two = sealing.seal(text, about=about), sealing.seal(text, about=about)
        assert one != two
        assert sealing.unseal(one, about=about) == text
        assert sealing.is_of_present_key(one, about=about)


def test_a_sealed_secret_opens_for_its_own_row_and_key_only() -> None:
    with config.using(SETTINGS):
        sealed = sealing.seal("JBSWY3DPEHPK3PXP", about="second factor of 1")
        assert sealing.unseal(sealed, about="second factor of 2") is None
    other = replace(SETTINGS, secret_key="m" * 40)
    with config.using(other):
        assert sealing.unseal(sealed, about="second factor of 1") is None
    with config.using(replace(other, old_secret_keys=("n" * 40, "k" * 40))):
        assert sealing.unseal(sealed, about="second factor of 1") == "JBSWY3DPEHPK3PXP"
        assert not sealing.is_of_present_key(sealed, about="second factor of 1")


def test_every_change_of_a_sealed_secret_shows() -> None:
    with config.using(SETTINGS):
        sealed = sealing.seal("JBSWY3DPEHPK3PXP", about="x")
        whole = base64.urlsafe_b64decode(sealed.removeprefix("v1."))
        for at in range(len(whole)):
            changed = bytes(byte ^ (at == position) for position, byte in enumerate(whole))
            assert sealing.unseal("v1." + base64.urlsafe_b64encode(changed).decode(), about="x") is None
        for broken in ("", "v1.", sealed[3:], sealed[:-9], "v1.AAAA", "v2" + sealed[2:], "v1.é"):
            assert sealing.unseal(broken, about="x") is None


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """The vectors of RFC 6238, appendix B, cut to six digits."""
    moment = datetime.fromtimestamp(seconds, UTC)
    assert codes.find_step(RFC_SECRET, code, moment, after=0) == seconds // 30
    assert codes.find_step(RFC_SECRET, code, moment, after=seconds // 30) is None


def test_a_secret_has_160_bits_and_is_shown_in_groups() -> None:
    with config.using(SETTINGS):
        secret = codes.new_secret()
        assert len(base64.b32decode(secret)) == 20
        shown = codes.invitation(secret, account="k@x.example", org="Oeverbrug")
    assert shown.secret.replace(" ", "") == secret
    assert {len(group) for group in shown.secret.split()} == {4}
    assert shown.picture.startswith("data:image/svg+xml")


def test_recovery_codes_are_ten_and_differ_and_are_kept_as_hashes() -> None:
    with config.using(SETTINGS):
        made = codes.new_recovery_codes()
        stored = codes.hash_recovery_codes(made)
        assert len(set(made)) == len(set(stored)) == 10
        assert codes.find_recovery_hash(made[4], stored) == stored[4]
        assert codes.find_recovery_hash(made[4], [*stored[:4], *stored[5:]]) is None
        assert codes.find_recovery_hash("0000-0000-0000-000", stored) is None
        assert codes.find_recovery_hash(made[0], []) is None
