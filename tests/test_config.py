"""A weak or missing setting is refused at the start, with a sentence that says what to do."""

from __future__ import annotations

import pytest

from proeftuin.config import DEMO_SECRET, ConfigError, load

REAL = {"PROEFTUIN_SECRET_KEY": "x" * 40, "PROEFTUIN_BASE_URL": "https://proeftuin.example"}


def test_a_real_installation_starts_with_a_secret_and_https() -> None:
    config = load(REAL)
    assert config.is_https
    assert not config.demo
    assert config.database_url.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"PROEFTUIN_SECRET_KEY": ""}, "SECRET_KEY"),
        ({"PROEFTUIN_SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PROEFTUIN_SECRET_KEY": DEMO_SECRET}, "demo"),
        ({"PROEFTUIN_BASE_URL": "http://proeftuin.example"}, "https"),
        ({"PROEFTUIN_DEMO": "1"}, "localhost"),
        ({"PROEFTUIN_DEMO": "perhaps"}, "PROEFTUIN_DEMO"),
        ({"PROEFTUIN_LANGUAGE": "fr"}, "LANGUAGE"),
        ({"PROEFTUIN_SMALL_GROUP": "4"}, "SMALL_GROUP"),
        ({"PROEFTUIN_SMTP_PORT": "mail"}, "SMTP_PORT"),
        ({"PROEFTUIN_MAIL_BACKEND": "pigeon"}, "MAIL_BACKEND"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused(change: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load({**REAL, **change})


def test_the_demo_needs_nothing() -> None:
    assert load({"PROEFTUIN_DEMO": "1"}).demo
