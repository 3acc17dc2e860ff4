"""The forms about pilots, from what a browser sends to values. Fields that nobody asked for are not looked at.

What must stay true: what cannot be read becomes a sentence and never an exception, and stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from proeftuin.i18n import _
from proeftuin.naming import clean_line
from proeftuin.pilots.models import PromiseState, State
from proeftuin.pilots.plan import TEXTS, Typed, Value, read_base
from proeftuin.talk.texts import tidy

Fields = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class PlanPosted:
    """The form with the eight questions as it was sent. `shown` is every field as text, to show it again."""

    typed: Typed
    shown: Mapping[str, str]
    theme_ids: tuple[int, ...]
    note: str
    wants_to_open: bool

    @classmethod
    def parse(cls, form: Fields) -> PlanPosted:
        """Read the form. Only fields that were sent are taken; a form without themes in it changes none."""
        key, base = read_base(form.get("base", ""))
        values: dict[str, Value] = {name: _text(form, name) for name in TEXTS if name in form}
        problems: dict[str, str] = {}
        if "title" in form:
            values["title"] = clean_line(form["title"])
        for name in ("department_id", "max_participants"):
            if name in form:
                _read(form, name, _number, values, problems)
        for name in ("starts_on", "ends_on"):
            if name in form:
                _read(form, name, _day, values, problems)
        themes = tuple(sorted({int(raw) for raw in form.getlist("theme_ids") if _is_number(raw)}))
        if "with_themes" in form:
            values["theme_ids"] = themes
        return cls(
            typed=Typed(key, base, values, problems),
            shown={name: form[name] for name in form if name not in ("base", "csrf_token")},
            theme_ids=themes,
            note=clean_line(form.get("note", ""))[:300],
            wants_to_open=form.get("next") == "open",
        )


@dataclass(frozen=True, slots=True)
class StepPosted:
    """The form for another phase."""

    to_state: State | None
    on: date | None
    reason: str
    measured: bool
    no_measurement: str
    informed: bool
    participants_get: str
    without_rules: str
    is_sure: bool
    second_reader: str
    problems: Mapping[str, str]

    @classmethod
    def parse(cls, form: Fields) -> StepPosted:
        """Read the form."""
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        _read(form, "on", _day, values, problems)
        day = values.get("on")
        if "on" not in problems and not isinstance(day, date):
            problems["on"] = _("Kies een dag.")
        state = form.get("to", "")
        return cls(
            to_state=State(state) if state in list(State) else None,
            on=day if isinstance(day, date) else None,
            reason=_text(form, "reason"),
            measured=form.get("measured") == "1",
            no_measurement=_text(form, "no_measurement"),
            informed=form.get("informed") == "1",
            participants_get=_text(form, "participants_get"),
            without_rules=_text(form, "without_rules"),
            is_sure=form.get("is_sure") == "1",
            second_reader=clean_line(form.get("second_reader", ""))[:200],
            problems=problems,
        )


@dataclass(frozen=True, slots=True)
class RiskPosted:
    """The form for a risk. `owner` is a name as it was typed."""

    risk: str
    measure: str
    owner: str

    @classmethod
    def parse(cls, form: Fields) -> RiskPosted:
        """Read the form."""
        return cls(_text(form, "risk"), _text(form, "measure"), clean_line(form.get("owner", ""))[:200])


@dataclass(frozen=True, slots=True)
class PromisePosted:
    """The form for a promise. `owner` is a name as it was typed; `typed_due_on` is the day as it was typed."""

    text: str
    owner: str
    due_on: date | None
    typed_due_on: str
    problems: Mapping[str, str]

    @classmethod
    def parse(cls, form: Fields) -> PromisePosted:
        """Read the form."""
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        _read(form, "due_on", _day, values, problems)
        day = values.get("due_on")
        if "due_on" not in problems and not isinstance(day, date):
            problems["due_on"] = _("Kies de dag waarop het klaar is.")
        return cls(
            _text(form, "text"),
            clean_line(form.get("owner", ""))[:200],
            day if isinstance(day, date) else None,
            form.get("due_on", ""),
            problems,
        )


@dataclass(frozen=True, slots=True)
class SettlingPosted:
    """The form with which a promise is kept or withdrawn."""

    state: PromiseState
    on: date | None
    note: str
    problems: Mapping[str, str]

    @classmethod
    def parse(cls, form: Fields) -> SettlingPosted:
        """Read the form."""
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        _read(form, "on", _day, values, problems)
        day = values.get("on")
        state = form.get("state", "")
        return cls(
            PromiseState(state) if state in list(PromiseState) else PromiseState.OPEN,
            day if isinstance(day, date) else None,
            _text(form, "note"),
            problems,
        )


def _text(form: Fields, name: str) -> str:
    return tidy(form.get(name, "")).strip()


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) <= 9


def _number(raw: str) -> int:
    if not _is_number(raw):
        raise ValueError(_("Vul een heel getal in, of laat dit leeg."))
    return int(raw)


def _day(raw: str) -> date:
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise ValueError(_("Deze dag kunnen we niet lezen. Schrijf hem als 2027-02-01.")) from None
    if not 2000 <= day.year <= 2100:
        raise ValueError(_("Kies een dag tussen 2000 en 2100."))
    return day


def _read(
    form: Fields, name: str, read: Callable[[str], Value], values: dict[str, Value], problems: dict[str, str]
) -> None:
    raw = form.get(name, "").strip()
    if not raw:
        values[name] = None
        return

    try:
        values[name] = read(raw)
    except ValueError as error:
        problems[name] = str(error)
