"""Reading the forms of this package: text from a request in, clean values out, with every mistake said at once.

What must stay true: a field that is not in a form here is never looked at, whatever is sent along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from proeftuin.accounts.models import PartyKind, Role
from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.naming import clean_line

Form = MultiDict[str, str]
Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 1950, 2100


class Reader:
    """Reads the fields of one form and gathers what is wrong with them."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return a field as it was typed."""
        return self.form.get(name, "")

    def box(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return self.form.get(name, "") == "1"

    def number(self, name: str) -> int | None:
        """Return a whole number, or None for an empty field."""
        return self._read(name, parse_number)

    def day(self, name: str) -> date | None:
        """Return a day, or None for an empty field."""
        return self._read(name, parse_day)

    def first_day(self, name: str, default: date) -> date:
        """Return a day, or another one for an empty field."""
        return self.day(name) or default

    def choice(self, name: str, kind: type[Choice], default: Choice) -> Choice:
        """Return one of the values of an enum; noting an error when it is none of them."""
        try:
            return kind(self.text(name))
        except ValueError:
            self.errors[name] = _("Kies iets uit de lijst.")
            return default

    def done(self) -> None:
        """Say what was wrong.

        :raises Invalid: when anything was.
        """
        if self.errors:
            raise Invalid(self.errors)

    def _read(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(self.text(name))
        except ValueError as error:
            self.errors[name] = str(error)
            return None


def parse_number(raw: str) -> int | None:
    """Return a whole number of at most nine digits, or None for nothing.

    :raises ValueError: with a sentence, when it is something else.
    """
    text = raw.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(_("Vul een heel getal in."))
    return int(text)


def parse_day(raw: str) -> date | None:
    """Return a day written as 2026-03-02, or None for nothing.

    :raises ValueError: with a sentence, when it is something else.
    """
    text = raw.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_("Vul een dag in, zoals 2026-03-02."))
    return day


@dataclass(frozen=True, slots=True)
class PersonForm:
    """What an administrator types about a person."""

    name: str
    email: str
    function: str
    department_id: int | None
    language: str
    is_external: bool
    ends_on: date | None

    @classmethod
    def parse(cls, form: Form) -> PersonForm:
        """Read the form.

        :raises Invalid: when a number or a day cannot be read.
        """
        reader = Reader(form)
        read = cls(
            name=reader.text("name"),
            email=reader.text("email"),
            function=reader.text("function"),
            department_id=reader.number("department_id"),
            language=reader.text("language") or "nl",
            is_external=reader.box("is_external"),
            ends_on=reader.day("ends_on"),
        )
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class InvitationForm(PersonForm):
    """What an administrator types about someone new: also for which party they speak, when they do."""

    party_id: int | None
    may_sign: bool

    @classmethod
    def parse(cls, form: Form) -> InvitationForm:
        """Read the form.

        :raises Invalid: when a number or a day cannot be read.
        """
        person, reader = PersonForm.parse(form), Reader(form)
        read = cls(**asdict(person), party_id=reader.number("party_id"), may_sign=reader.box("may_sign"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class RoleForm:
    """Which role someone gets, from when until when."""

    role: Role
    starts_on: date
    ends_on: date | None

    @classmethod
    def parse(cls, form: Form, today: date) -> RoleForm:
        """Read the form; without a first day it is today.

        :raises Invalid: when the role or a day cannot be read.
        """
        reader = Reader(form)
        role = reader.choice("role", Role, Role.HR)
        read = cls(role, reader.first_day("starts_on", today), reader.day("ends_on"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class MandateForm:
    """For which party someone speaks, from when until when."""

    party_id: int
    function: str
    may_sign: bool
    starts_on: date
    ends_on: date | None

    @classmethod
    def parse(cls, form: Form, today: date) -> MandateForm:
        """Read the form; without a first day it is today.

        :raises Invalid: when the party or a day cannot be read.
        """
        reader = Reader(form)
        read = cls(
            party_id=reader.number("party_id") or 0,
            function=reader.text("function"),
            may_sign=reader.box("may_sign"),
            starts_on=reader.first_day("starts_on", today),
            ends_on=reader.day("ends_on"),
        )
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class DepartmentForm:
    """What an administrator types about a department."""

    name: str
    headcount: int | None
    parent_id: int | None

    @classmethod
    def parse(cls, form: Form) -> DepartmentForm:
        """Read the form.

        :raises Invalid: when a number cannot be read.
        """
        reader = Reader(form)
        read = cls(reader.text("name"), reader.number("headcount"), reader.number("parent_id"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class PartyForm:
    """What an administrator types about a party. The kind is only asked for a new one."""

    name: str
    kind: PartyKind
    signs_cao: bool

    @classmethod
    def parse(cls, form: Form, kind: PartyKind | None = None) -> PartyForm:
        """Read the form.

        :raises Invalid: when the kind is none that exists.
        """
        reader = Reader(form)
        chosen = kind or reader.choice("kind", PartyKind, PartyKind.UNION)
        read = cls(reader.text("name"), chosen, reader.box("signs_cao"))
        reader.done()
        return read


def parse_last_day(form: Form, default: date) -> date:
    """Return the last day of a role or mandate.

    :raises Invalid: when it cannot be read.
    """
    reader = Reader(form)
    day = reader.first_day("ends_on", default)
    reader.done()
    return day


class Typed:
    """What stands in the fields of a form, each one line: an absent field is empty."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return clean_line(str(self._values.get(name, "")))
