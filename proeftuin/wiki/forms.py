"""What people send when they write pages, parsed and cleaned; the rules are the service's.

What must stay true: nothing that was typed is dropped here. A text keeps every sign, only its line ends become one
kind; a number that is none becomes None, so that the form can be shown again with the text in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from proeftuin.wiki import diff
from proeftuin.wiki.draft_rows import NO_MARK, SAID_WHERE, Draft, DraftPlace, Kept, Mark, Typed
from proeftuin.wiki.models import PageKind

_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
# What is kept of a form beside its text: everything that somebody chose or typed.
_KEPT_FIELDS = (
    "title",
    "summary",
    "minor",
    "kind",
    "restricted",
    "paragraaf",
    "kop",
    "voice",
    "is_question",
    "is_answer",
    "parent_id",
    *SAID_WHERE,
)

CHOOSABLE = (PageKind.PROGRESS, PageKind.PLAIN, PageKind.REVIEW, PageKind.DECISION)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two texts that met on the conflict screen: one that was sent, begun from `was`, and version `against`."""

    was: int | None
    against: int
    mine: str

    @classmethod
    def parse_all(cls, form: Mapping[str, str]) -> tuple[Meeting, ...]:
        """Read the earlier meetings that a form carries along."""
        found: list[Meeting] = []
        while (mine := form.get(f"opzij-{len(found) + 1}-tekst")) is not None:
            name = f"opzij-{len(found) + 1}"
            found.append(
                cls(_number(form.get(f"{name}-was")), _number(form.get(f"{name}-nu")) or 0, clean_text(mine))
            )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class EditForm:
    """A new text for a page or for one section of it, and the version it began from."""

    text: str
    summary: str
    minor: bool
    base: int | None
    do: str
    section: int | None = None
    heading: str = ""
    mark: Mark = NO_MARK
    meetings: tuple[Meeting, ...] = ()

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> EditForm:
        """Read the fields of a sent form."""
        return cls(
            text=clean_text(form.get("text", "")),
            summary=form.get("summary", ""),
            minor=form.get("minor") == "1",
            base=_number(form.get("base")),
            do=form.get("do", ""),
            section=_number(form.get("paragraaf")),
            heading=form.get("kop", "")[:200],
            mark=parse_mark(form),
            meetings=Meeting.parse_all(form),
        )

    @classmethod
    def of_draft(cls, draft: Draft) -> EditForm:
        """Return the form as its writer left it."""
        return cls(
            text=draft.text,
            summary=draft.fields.get("summary", ""),
            minor=draft.fields.get("minor") == "1",
            base=draft.base,
            do="",
            section=draft.section,
            heading=draft.heading,
            mark=Mark(draft.key, draft.number),
        )

    def typed(self) -> Typed:
        """Return what is to be kept while it is not saved."""
        fields = {"summary": self.summary, "minor": "1" if self.minor else ""}
        place = DraftPlace.PAGE
        if self.section is not None:
            place, fields = DraftPlace.SECTION, {**fields, "paragraaf": str(self.section), "kop": self.heading}
        return Typed(self.mark, place, self.text, self.base, fields)

    def kept_as(self, kept: Kept) -> EditForm:
        """Return the form with the draft that it writes from now on."""
        return replace(self, mark=_mark_of(kept, self.mark))


@dataclass(frozen=True, slots=True)
class NewPageForm:
    """A page to be."""

    title: str
    text: str
    kind: PageKind
    restricted: bool
    do: str
    mark: Mark = NO_MARK

    @classmethod
    def parse(cls, form: Mapping[str, str], *, on_site: bool) -> NewPageForm:
        """Read the fields of a sent form; a page of the site has no kind to choose."""
        return cls(
            title=form.get("title", ""),
            text=clean_text(form.get("text", "")),
            kind=PageKind.PLAIN if on_site else page_kind(form.get("kind")),
            restricted=form.get("restricted") == "1",
            do=form.get("do", ""),
            mark=parse_mark(form),
        )

    @classmethod
    def of_draft(cls, draft: Draft) -> NewPageForm:
        """Return the form as its writer left it."""
        return cls(
            title=draft.fields.get("title", ""),
            text=draft.text,
            kind=page_kind(draft.fields.get("kind")),
            restricted=draft.fields.get("restricted") == "1",
            do="",
            mark=Mark(draft.key, draft.number),
        )

    def typed(self) -> Typed:
        """Return what is to be kept while the page is not made."""
        fields = {"title": self.title, "kind": self.kind.value, "restricted": "1" if self.restricted else ""}
        return Typed(self.mark, DraftPlace.NEW_PAGE, self.text, None, fields)

    def kept_as(self, kept: Kept) -> NewPageForm:
        """Return the form with the draft that it writes from now on."""
        return replace(self, mark=_mark_of(kept, self.mark))


@dataclass(frozen=True, slots=True)
class Choice:
    """What someone made of one passage: a choice (or none), the text in the box, and a mark of how it began."""

    keep: str
    text: str
    start: str


@dataclass(frozen=True, slots=True)
class ConflictForm:
    """The answer to the conflict screen: my whole text, the version it began from, and a choice for each passage."""

    edit: EditForm
    was: int | None
    mine: str
    choices: tuple[Choice, ...]

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> ConflictForm:
        """Read the fields of a sent form."""
        count = 0
        while f"tekst-{count + 1}" in form:
            count += 1
        choices = (
            Choice(
                keep=form.get(f"keuze-{n}", ""),
                text=clean_text(form[f"tekst-{n}"]),
                start=form.get(f"begin-{n}", ""),
            )
            for n in range(1, count + 1)
        )
        return cls(
            edit=EditForm.parse(form),
            was=_number(form.get("was")),
            mine=clean_text(form.get("mijn", "")),
            choices=tuple(choices),
        )

    def meetings_with(self, current: int) -> tuple[Meeting, ...]:
        """Return every meeting of this text, the one with version `current` last."""
        return (*self.edit.meetings, Meeting(self.was, current, self.mine))


@dataclass(frozen=True, slots=True)
class SuggestForm:
    """A decision about a suggestion: the numbers of the passages to take (None when it was not asked), which text of
    it was shown, a word to the suggester, and the reason to decline."""

    taken: tuple[int, ...] | None
    edition: int
    answer: str
    reason: str

    @classmethod
    def parse(cls, marks: Sequence[str], form: Mapping[str, str]) -> SuggestForm:
        """Read the fields of a sent form."""
        numbers = tuple(number for number in map(_number, marks) if number is not None)
        return cls(
            taken=numbers if form.get("per_passage") == "1" else None,
            edition=_number(form.get("tekst")) or 0,
            answer=form.get("woord", ""),
            reason=form.get("answer", ""),
        )

    def carried(self) -> list[tuple[str, str]]:
        """Return the fields with which another screen sends the same decision on."""
        fields = [("tekst", str(self.edition)), ("woord", self.answer)]
        if self.taken is not None:
            fields += [("per_passage", "1"), *(("neem", str(number)) for number in self.taken)]
        return fields


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """The title, kind and readers of a page; no kind when it was not asked."""

    title: str
    kind: PageKind | None
    restricted: bool

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> SettingsForm:
        """Read the fields of a sent form."""
        kind = page_kind(form.get("kind")) if "kind" in form else None
        return cls(form.get("title", ""), kind, form.get("restricted") == "1")


def parse_mark(form: Mapping[str, str]) -> Mark:
    """Return which draft a form writes."""
    key, tab = form.get("concept", ""), form.get("venster", "")
    return Mark(
        key=key if _KEY.fullmatch(key) else "",
        number=_number(form.get("concept_nr")) or 0,
        tab=tab if _KEY.fullmatch(tab) else "",
        turn=_number(form.get("beurt")) or 0,
    )


def parse_typed(form: Mapping[str, str]) -> Typed | None:
    """Return what a form that keeps itself sends; None when it does not say what is being written."""
    try:
        place = DraftPlace(form.get("plaats", ""))
    except ValueError:
        return None
    fields = {name: form[name] for name in _KEPT_FIELDS if form.get(name)}
    return Typed(parse_mark(form), place, clean_text(form.get("text", "")), _number(form.get("base")), fields)


def _mark_of(kept: Kept, mark: Mark) -> Mark:
    return replace(mark, key=kept.draft.key, number=kept.draft.number) if kept.draft is not None else mark


def page_kind(raw: str | None) -> PageKind:
    """Return a kind from an address or a form; an ordinary page when it is none that can be chosen."""
    return PageKind(raw) if raw in CHOOSABLE else PageKind.PLAIN


def version_number(raw: str | None) -> int | None:
    """Return the number of a version from an address, or None."""
    return _number(raw)


def clean_text(raw: str) -> str:
    """Return a text with one kind of line end, whatever the browser sent."""
    return diff.normalize_newlines(raw)


def _number(raw: str | None) -> int | None:
    if raw is None or not (raw.isascii() and raw.isdigit() and len(raw) <= 9):
        return None
    return int(raw)
