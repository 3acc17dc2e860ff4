"""Which passwords are good enough, and how they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import Type, extract_parameters

from proeftuin import config
from proeftuin.accounts import passwords
from proeftuin.errors import Invalid

ABOUT = ("Hanneke Jansma", "h.jansma@oeverbrug.example", "Oeverbrug")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "1234567",
        "Welkom01",
        "wachtwoord",
        "W@chtw00rd!",
        "Welkom2026!!",
        "welkomwelkom",
        "Zomer-2026-Zomer",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "Qwertyuiop1!",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "1q2w3e4r5t6y",
        "q1w2e3r4t5",
        "Password12345",
        "maandag maandag",
        "hannekejansma",
        "Hanneke1987!!",
        "Jansma.Hanneke",
        "Oeverbrug-2026",
        "Oeverbrug Hanneke",
        "proeftuin2026",
        "          ",
        "a" * 257,
        "x" * 1000,
    ],
)
def test_a_password_that_is_short_common_or_about_the_person_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_new(password, about=ABOUT)
    assert refused.value.fields["password"]


@pytest.mark.parametrize(
    "password",
    [
        "paarse olifant leest krant",
        "8305736201945",
        "kJ#92mfw!xQ",
        "éénhoorn op zolder",
        "🚲 naar 🌧 zonder jas",
        "p" + "Vq7!" * 16 + "x",
        "correct horse battery staple",
        "ab12" * 31 + "Zq9!wert",
        "hannekes geitenkaas smaakt",
    ],
)
def test_a_long_or_unusual_password_is_accepted(password: str) -> None:
    passwords.check_new(password, about=ABOUT)


def test_the_hash_is_argon2id_with_a_salt_of_its_own(unit: None) -> None:
    first, second = passwords.make_hash("paarse olifant"), passwords.make_hash("paarse olifant")
    assert first != second
    made_with = extract_parameters(first)
    assert (made_with.type, made_with.time_cost, made_with.parallelism) == (Type.ID, 2, 1)
    assert made_with.memory_cost == config.current().password_memory_kib


def test_a_real_installation_uses_19_mib_of_memory() -> None:
    assert config.Config.password_memory_kib == 19 * 1024


def test_one_password_typed_on_two_keyboards_is_the_same(unit: None) -> None:
    stored = passwords.make_hash("caf\u00e9 op de hoek")
    assert passwords.is_right("cafe\u0301 op de hoek", stored)
    assert not passwords.is_right("cafe op de hoek", stored)


@pytest.mark.parametrize("length", [64, 73, 128, 256])
def test_a_long_password_is_never_cut(unit: None, length: int) -> None:
    stored = passwords.make_hash("q" * length)
    assert passwords.is_right("q" * length, stored)
    assert not passwords.is_right("q" * (length - 1) + "x", stored)


def test_without_an_account_no_password_is_right(unit: None) -> None:
    assert not passwords.is_right("nobody has this password", None)
    assert not passwords.is_right("", None)


def test_an_endless_password_is_wrong_and_does_no_harm(unit: None) -> None:
    assert not passwords.is_right("x" * 1_000_000, passwords.make_hash(""))


def test_a_damaged_hash_is_never_right(unit: None) -> None:
    assert not passwords.is_right("paarse olifant", "not a hash")


def test_a_hash_is_outdated_when_more_memory_is_asked_for_and_not_when_less_is(unit: None) -> None:
    settings = config.current()
    stored = passwords.make_hash("paarse olifant")
    assert not passwords.is_outdated(stored)
    with config.using(replace(settings, password_memory_kib=settings.password_memory_kib * 2)):
        assert passwords.is_outdated(stored)
        stronger = passwords.make_hash("paarse olifant")
    assert not passwords.is_outdated(stronger)
