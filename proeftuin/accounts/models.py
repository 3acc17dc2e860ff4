"""People, departments, roles, parties and mandates; and what signing in needs.

What must stay true: nobody's membership of a union is stored, only who represents which party; a mandate has a
start and may have an end; passwords, recovery codes, invitations and sign-ins are stored as hashes only, and the
secret of a second factor is sealed.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from proeftuin.db import Base, enum_type
from proeftuin.past.tables import HasPast


class Role(StrEnum):
    """What someone may do beyond reading and talking (domain dossier, chapter 10)."""

    EXECUTIVE = "bestuurder_wor"
    HR = "hr"
    LINE_MANAGER = "leidinggevende"
    WORKS_COUNCIL = "or_lid"
    UNION_OFFICER = "vakbond_extern"
    UNION_ACTIVE = "kaderlid"
    CAO_SECRETARY = "cao_secretaris"
    PRIVACY_OFFICER = "fg"
    ADMINISTRATOR = "beheerder"
    RESEARCHER = "onderzoeker"
    MODERATOR = "moderator"


class PartyKind(StrEnum):
    EMPLOYER = "werkgever"
    UNION = "vakbond"
    WORKS_COUNCIL = "ondernemingsraad"


class Department(HasPast, Base):
    """A part of the company. A part of a part is counted in the whole already."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    headcount: Mapped[int | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    closed_on: Mapped[date | None]


class Party(HasPast, Base):
    """The employer, a union or the works council: whoever can take a position."""

    __tablename__ = "party"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[PartyKind] = mapped_column(enum_type(PartyKind))
    signs_cao: Mapped[bool]
    closed_on: Mapped[date | None]


class Person(Base):
    """Someone with an account. `name_key` makes names that look alike collide."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120), unique=True)
    function: Mapped[str] = mapped_column(String(120), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    is_external: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    blocked_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]


class RoleGrant(Base):
    """One person holds one role from a day through a day."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("ix_role_grant_person_id", "person_id"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Mandate(Base):
    """One person represents one party from a day through a day, and may sign for it or not."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_person_id", "person_id"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    function: Mapped[str] = mapped_column(String(120), default="")
    may_sign: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class SignIn(Base):
    """One browser in which one person is signed in. The cookie holds the token, we hold its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(String(120), default="")
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class HalfSignIn(Base):
    """One browser in which the password of a person was right and the second step is still to be done."""

    __tablename__ = "half_sign_in"
    __table_args__ = (Index("ix_half_sign_in_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device: Mapped[str] = mapped_column(String(120), default="")
    enrols: Mapped[bool] = mapped_column(default=False)
    ends_at: Mapped[datetime]


class SecondFactor(Base):
    """The secret that a person shares with an app. `pending` is one of which no code was typed yet."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(String(200))
    pending: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in for the app once; used ones are gone."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(200))


class MailedLinkKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class MailedLink(Base):
    """A link that was mailed to let someone choose a password: once, and for a limited time."""

    __tablename__ = "mailed_link"
    __table_args__ = (Index("ix_mailed_link_person_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[MailedLinkKind] = mapped_column(enum_type(MailedLinkKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """How often something limited was tried within one window; the key is a hash, no address is kept."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("key", "window_start"),
        Index("ix_attempt_window_start", "window_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    window_start: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=0)
