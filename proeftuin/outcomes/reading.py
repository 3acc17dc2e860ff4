"""Reading a file with answers: every row is understood, or told with its number and what is wrong with it.

What must stay true: a file with one row that is not understood gives no answers at all; a code is never something by
which a person is known; a sentence about a row repeats no more of it than a column that is not an answer.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from proeftuin.errors import Invalid
from proeftuin.i18n import _
from proeftuin.outcomes.figures import Answer, Arm, Kind, Moment

COLUMNS = ("proeftuin", "maat", "groep", "moment", "respondentcode", "subgroep", "waarde")
LARGEST = 1e9
LONGEST_SUBGROUP = 60
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{1,20}")
_NUMBER = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,9})?")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds about one pilot: answers by key of the measure, and how many rows are about other pilots.
    `text` are the rows of this pilot alone, written in one way; `problems` are sentences."""

    answers: Mapping[str, Sequence[Answer]]
    others: int
    text: str
    problems: Sequence[str]

    @property
    def digest(self) -> str:
        """Return the hash of the rows of this pilot."""
        return sha256(self.text.encode()).hexdigest()


def decode(content: bytes) -> str:
    """Return the text of a file.

    :raises Invalid: when it is no text in UTF-8.
    """
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        sentence = _("Dit bestand is geen tekst in UTF-8. Sla het in je rekenprogramma op als “CSV UTF-8”.")
        raise Invalid({"bestand": sentence}) from None


def read(text: str, pilot: str, kinds: Mapping[str, Kind]) -> Read:
    """Return what a text says about a pilot; `kinds` are the measures that were settled for it."""
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        lines = csv.DictReader(text.splitlines(), delimiter=separator, restval="", strict=True)
        names = lines.fieldnames = [name.strip().lower() for name in lines.fieldnames or ()]
        rows = [(lines.line_num, row) for row in lines]
    except csv.Error:
        return Read({}, 0, "", [_("Dit bestand is geen CSV: controleer de aanhalingstekens en scheidingstekens.")])
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        return Read({}, 0, "", [_no_columns(missing)])
    numbered = [(number, row) for number, row in rows if any(_cells(row))]
    mine = [(number, row) for number, row in numbered if row["proeftuin"].strip() == pilot]
    reader = _Reader(kinds)
    for number, row in mine:
        reader.take(number, row)
    reader.look_back(pilot, bool(mine))
    plain = [",".join(_quoted(row[name].strip()) for name in COLUMNS) for _number, row in mine]
    whole = "\n".join([",".join(COLUMNS), *plain, ""])
    return Read(reader.answers, len(numbered) - len(mine), whole, reader.problems)


def _no_columns(missing: Sequence[str]) -> str:
    return _(
        "De eerste regel moet de namen van de kolommen bevatten: %(all)s. Er ontbreekt: %(missing)s.",
        all=", ".join(COLUMNS),
        missing=", ".join(missing),
    )


def _cells(row: Row) -> list[str]:
    return [cell.strip() for cell in row.values() if isinstance(cell, str)]


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell


class _Reader:
    """Takes the rows of one pilot, one by one."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.answers: dict[str, list[Answer]] = {}
        self.problems: list[str] = []
        self._seen: dict[tuple[str, str, str, str], int] = {}

    def take(self, number: int, row: Row) -> None:
        """Take one row."""
        cells = {name: row[name].strip() for name in COLUMNS}
        problems = [*self._named(number, cells), *self._valued(number, cells)]
        if None in row:
            problems.append(_("Rij %(row)s: er staan meer kolommen in dan in de eerste regel.", row=number))
        if not problems:
            problems = self._again(number, cells)
        self.problems += problems
        if not problems:
            value = float(cells["waarde"].replace(",", "."))
            answer = Answer(
                Arm(cells["groep"]), Moment(cells["moment"]), cells["respondentcode"], cells["subgroep"], value
            )
            self.answers.setdefault(cells["maat"], []).append(answer)

    def _named(self, number: int, cells: Row) -> list[str]:
        found = []
        if cells["maat"] not in self.kinds:
            found.append(
                _("Rij %(row)s: de maat “%(given)s” is niet vastgelegd.", row=number, given=cells["maat"][:60])
            )
        for name, allowed in (("groep", Arm), ("moment", Moment)):
            if cells[name] not in tuple(allowed):
                found.append(
                    _(
                        "Rij %(row)s: bij %(column)s staat “%(given)s”. Dat moet zijn: %(allowed)s.",
                        row=number,
                        column=name,
                        given=cells[name][:60],
                        allowed=", ".join(allowed),
                    )
                )
        if cells["respondentcode"] and not _CODE.fullmatch(cells["respondentcode"]):
            found.append(
                _(
                    "Rij %(row)s: de respondentcode is geen code. Gebruik hooguit 20 letters en cijfers, met "
                    "minstens één cijfer, en nooit een naam of e-mailadres.",
                    row=number,
                )
            )
        if len(cells["subgroep"]) > LONGEST_SUBGROUP:
            found.append(_("Rij %(row)s: de naam van de subgroep is langer dan 60 tekens.", row=number))
        return found

    def _valued(self, number: int, cells: Row) -> list[str]:
        value, kind = cells["waarde"], self.kinds.get(cells["maat"])
        if not _NUMBER.fullmatch(value):
            return [_("Rij %(row)s: de waarde is geen getal.", row=number)]
        if abs(float(value.replace(",", "."))) > LARGEST:
            return [_("Rij %(row)s: de waarde is te groot.", row=number)]
        if kind is Kind.SHARE and value not in ("0", "1"):
            return [_("Rij %(row)s: bij een aandeel is de waarde 1 (ja) of 0 (nee).", row=number)]
        if kind is Kind.AMOUNT and cells["moment"] == Moment.BASELINE:
            return [_("Rij %(row)s: een bedrag is al een verschil, daar hoort geen 0-meting bij.", row=number)]
        return []

    def _again(self, number: int, cells: Row) -> list[str]:
        if not cells["respondentcode"]:
            return []
        key = (cells["maat"], cells["groep"], cells["moment"], cells["respondentcode"])
        first = self._seen.setdefault(key, number)
        if first == number:
            return []
        return [_("Rij %(row)s: dit antwoord staat er ook in rij %(first)s.", row=number, first=first)]

    def look_back(self, pilot: str, has_rows: bool) -> None:
        """Look at each measure as a whole, when every row was taken."""
        if not has_rows:
            self.problems.append(_("In dit bestand staat geen enkele rij over proeftuin %(code)s.", code=pilot))
        for key, answers in self.answers.items():
            if len({bool(each.code) for each in answers}) > 1:
                self.problems.append(
                    _(
                        "Bij de maat “%(key)s” hebben niet alle rijen een code. Geef elke rij een code of geen.",
                        key=key,
                    )
                )
            if not any(each.arm is Arm.PARTICIPANTS for each in answers):
                self.problems.append(_("Bij de maat “%(key)s” staat geen enkel antwoord van deelnemers.", key=key))
            self.problems += _changed_parts(key, answers)


def _changed_parts(key: str, answers: Iterable[Answer]) -> list[str]:
    """Return a sentence when somebody is in one part before and in another after: parts could not be compared."""
    parts: dict[tuple[Arm, str], set[str]] = {}
    for each in answers:
        if each.code:
            parts.setdefault((each.arm, each.code), set()).add(each.subgroup)
    if any(len(held) > 1 for held in parts.values()):
        return [_("Bij de maat “%(key)s” staat dezelfde code in meer dan één subgroep.", key=key)]
    return []
