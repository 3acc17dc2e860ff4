"""Settings from the environment, typed and checked at the start.

A default is only allowed when it is safe in production and harmless in public. What production cannot do without
is refused at the start with a sentence that says what to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from pathlib import Path

DEMO_SECRET = "proeftuin-demo-secret-not-for-real-installations"


class ConfigError(Exception):
    """A setting is missing or weak; the message says which and what to do."""


@dataclass(frozen=True)
class Config:
    """Every setting of the product. The names in the environment are `PROEFTUIN_` and the field in capitals."""

    secret_key: str
    data_dir: Path
    database_url: str
    demo: bool = False
    base_url: str = "http://127.0.0.1:8000"
    org_name: str = "Proeftuin"
    language: str = "nl"
    mail_backend: str = "file"
    mail_from: str = "proeftuin@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = False
    trusted_proxies: int = 0
    jobs_in_process: bool = True
    small_group: int = 8
    file_mb: int = 25
    files_mb: int = 2000
    password_memory_kib: int = 19456
    second_factor: str = "external"
    old_secret_keys: tuple[str, ...] = ()
    testing: bool = False

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


_current: ContextVar[Config] = ContextVar("settings")


def current() -> Config:
    """Return the settings of the unit of work at hand, for services and jobs, which do not know Flask."""
    return _current.get()


def use(settings: Config | None) -> Token[Config] | None:
    """Let `current()` return these settings (None: leave them as they are) until `leave` is called with the token."""
    return _current.set(settings) if settings is not None else None


def leave(token: Token[Config] | None) -> None:
    """Let `current()` return again what it did before `use`."""
    if token is not None:
        _current.reset(token)


@contextmanager
def using(settings: Config | None) -> Iterator[None]:
    """Let `current()` return these settings inside the block (None: leave them as they are)."""
    token = use(settings)
    try:
        yield
    finally:
        leave(token)


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings from the environment.

    :raises ConfigError: when a setting is missing, weak or not understood.
    """
    env = os.environ if environ is None else environ

    def get(name: str, default: str = "") -> str:
        return env.get(f"PROEFTUIN_{name}", default).strip()

    demo = _boolean("DEMO", get("DEMO", "0"))
    data_dir = Path(get("DATA_DIR", "var")).absolute()
    config = Config(
        secret_key=get("SECRET_KEY") or (DEMO_SECRET if demo else ""),
        data_dir=data_dir,
        database_url=_database_url(get("DATABASE_URL"), data_dir),
        demo=demo,
        base_url=get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        org_name=get("ORG_NAME", "Oeverbrug" if demo else "Proeftuin"),
        language=get("LANGUAGE", "nl"),
        mail_backend=get("MAIL_BACKEND", "file"),
        mail_from=get("MAIL_FROM", "proeftuin@localhost"),
        smtp_host=get("SMTP_HOST", "localhost"),
        smtp_port=_integer("SMTP_PORT", get("SMTP_PORT", "25")),
        smtp_user=get("SMTP_USER"),
        smtp_password=get("SMTP_PASSWORD"),
        smtp_tls=_boolean("SMTP_TLS", get("SMTP_TLS", "0")),
        trusted_proxies=_integer("TRUSTED_PROXIES", get("TRUSTED_PROXIES", "0")),
        jobs_in_process=_boolean("JOBS_IN_PROCESS", get("JOBS_IN_PROCESS", "1")),
        small_group=_integer("SMALL_GROUP", get("SMALL_GROUP", "8")),
        file_mb=_integer("FILE_MB", get("FILE_MB", "25")),
        files_mb=_integer("FILES_MB", get("FILES_MB", "2000")),
        second_factor=get("SECOND_FACTOR", "external"),
        old_secret_keys=tuple(filter(None, map(str.strip, get("OLD_SECRET_KEYS").split(",")))),
    )
    _check(config)
    return config


def _check(config: Config) -> None:
    if not config.demo and len(config.secret_key) < 32:
        raise ConfigError(
            "PROEFTUIN_SECRET_KEY is missing or shorter than 32 characters. Make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if not config.demo and config.secret_key == DEMO_SECRET:
        raise ConfigError("PROEFTUIN_SECRET_KEY is the one of the demo. Make your own.")
    local = config.base_url.startswith(("http://127.0.0.1", "http://localhost"))
    if not config.is_https and not local:
        raise ConfigError("PROEFTUIN_BASE_URL must start with https:// (http only works for localhost).")
    if config.demo and not local:
        raise ConfigError("PROEFTUIN_DEMO lets anyone sign in as anyone; it only runs on localhost.")
    if config.language not in ("nl", "en"):
        raise ConfigError("PROEFTUIN_LANGUAGE must be nl or en.")
    if config.mail_backend not in ("file", "smtp"):
        raise ConfigError("PROEFTUIN_MAIL_BACKEND must be file or smtp.")
    if not 5 <= config.small_group <= 15:
        raise ConfigError("PROEFTUIN_SMALL_GROUP must be between 5 and 15 (domain rule for small groups).")
    if config.second_factor not in ("external", "roles", "everyone"):
        raise ConfigError("PROEFTUIN_SECOND_FACTOR must be external, roles or everyone.")
    _check_files(config)


def _check_files(config: Config) -> None:
    if not 1 <= config.file_mb <= 100:
        raise ConfigError("PROEFTUIN_FILE_MB must be between 1 and 100: a file is judged in memory.")
    if config.files_mb < config.file_mb:
        raise ConfigError("PROEFTUIN_FILES_MB must be at least PROEFTUIN_FILE_MB.")


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'proeftuin.db'}"
    if url.startswith("postgres://"):
        return url.replace("postgres://", "postgresql://", 1)
    return url


def _boolean(name: str, value: str) -> bool:
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ConfigError(f"PROEFTUIN_{name} must be 1 or 0, not {value!r}.")


def _integer(name: str, value: str) -> int:
    if not value.isdigit():
        raise ConfigError(f"PROEFTUIN_{name} must be a whole number, not {value!r}.")
    return int(value)
