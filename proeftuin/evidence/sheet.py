"""The register as a table to take along: one row for each version that governs or waits (domain dossier 6.4).

What must stay true: a number that is hidden on a screen is hidden here; nothing computed says more than the card of
the same day does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select

from proeftuin.db import session
from proeftuin.deviations.models import Version
from proeftuin.deviations.showing import card_parts
from proeftuin.deviations.showing.card_lines import Reader
from proeftuin.deviations.showing.folder import Folder
from proeftuin.deviations.states import due
from proeftuin.deviations.vocabulary import Duty
from proeftuin.pilots.models import PilotTheme, Theme

Value = str | int | float | date | None
BEFORE = (
    "afwijking_id",
    "versie",
    "titel",
    "proeftuin",
    "afdeling",
    "themas",
    "artikelen",
    "tekst_cao",
    "tekst_proeftuin",
    "grondslag",
    "van",
    "tot_en_met",
    "status",
    "richting_indiener",
    "richting_per_partij",
    "max_deelnemers",
    "actief",
    "garantie",
    "toets",
)
AFTER = ("voorbehoud", "voorwaarden_open", "verlengingen", "dagen_zonder_dekking", "peildatum")


def columns(parties: Sequence[tuple[int, str]]) -> list[str]:
    """Return the names of the columns; `parties` are number and key of each party, in their order."""
    of_parties = [name for _, key in parties for name in (f"standpunt_{key}", f"datum_{key}")]
    return [*BEFORE, *of_parties, *AFTER]


def rows(folders: Iterable[Folder], parties: Sequence[tuple[int, str]], reader: Reader) -> list[list[Value]]:
    """Return the rows, in the order of the columns."""
    themes = themes_by_pilot()
    names = columns(parties)
    found = []
    for folder in folders:
        waiting = folder.course.waiting
        numbers = {folder.number, waiting.facts.number if waiting else folder.number}
        for number in sorted(numbers):
            row = _row(folder, folder.version(number), parties, reader, themes)
            found.append([row.get(name) for name in names])
    return found


def themes_by_pilot() -> dict[int, list[str]]:
    """Return the names of the themes of every pilot, by number."""
    found: dict[int, list[str]] = {}
    query = select(PilotTheme.pilot_id, Theme.name).join(Theme, Theme.id == PilotTheme.theme_id)
    for pilot_id, name in session().execute(query.order_by(Theme.position)):
        found.setdefault(pilot_id, []).append(name)
    return found


def _row(
    folder: Folder,
    version: Version,
    parties: Sequence[tuple[int, str]],
    reader: Reader,
    themes: Mapping[int, Sequence[str]],
) -> dict[str, Value]:
    counted = card_parts.count(folder.pilot, version.max_participants, reader)
    conditions = due.lines(folder.deviation.id, version.number, today=folder.day, known=folder.known)
    rules = folder.rules.get(version.id, ())
    pilot = folder.pilot
    today = folder.day
    row: dict[str, Value] = {
        "afwijking_id": folder.code,
        "versie": version.number,
        "titel": version.title,
        "proeftuin": pilot.title if pilot else "",
        "afdeling": pilot.department if pilot else "",
        "themas": ", ".join(themes.get(folder.deviation.pilot_id, ())),
        "artikelen": "; ".join(
            f"{r.article_number} lid {r.paragraph}" if r.paragraph else r.article_number for r in rules
        ),
        "tekst_cao": "\n".join(rule.cao_text for rule in rules),
        "tekst_proeftuin": "\n".join(rule.text for rule in rules),
        "grondslag": version.basis.value,
        "van": version.valid_from,
        "tot_en_met": version.valid_until,
        "status": folder.course.tracks[version.number].state.value,
        "richting_indiener": version.direction.value,
        "richting_per_partij": _directions(folder, version),
        "max_deelnemers": version.max_participants,
        "actief": counted.number if counted else None,
        "garantie": version.guarantee,
        "toets": version.legal_outcome.value,
        "voorbehoud": _reservations(folder, version),
        "voorwaarden_open": sum(line.is_open for line in conditions),
        "verlengingen": folder.course.extensions,
        "dagen_zonder_dekking": sum(span.days(today) for span in folder.course.uncovered),
        "peildatum": today,
    }
    for party_id, key in parties:
        last = next((p for p in reversed(folder.positions_on(version.id, party_id)) if folder.counts(p)), None)
        unsaid = "open" if _is_asked(folder, version, party_id) else ""
        row[f"standpunt_{key}"] = last.status.value if last else unsaid
        row[f"datum_{key}"] = last.decided_on if last else None
    return row


def _directions(folder: Folder, version: Version) -> str:
    counting = [p for p in folder.positions if p.version_id == version.id and folder.counts(p)]
    said = {p.party_id: p.direction for p in counting if p.direction}
    return "; ".join(f"{folder.name_of(party)}: {direction.value}" for party, direction in said.items())


def _reservations(folder: Folder, version: Version) -> str:
    said = {p.party_id: p.reservation for p in folder.positions if p.version_id == version.id and folder.counts(p)}
    return "; ".join(f"{folder.name_of(party)}: {text}" for party, text in said.items() if text)


def _is_asked(folder: Folder, version: Version, party_id: int) -> bool:
    return any(
        asked.party_id == party_id and asked.duty is Duty.REQUIRED for asked in folder.asked.get(version.id, ())
    )
