"""A pack of evidence: one zip that can be read and checked without us (`/logboek` says what that proves).

It holds the deviations as text, table and JSON, the conversations about them, the whole log with its seals and the
verifier, the proof that each formal act stands in the log, and a list of hashes (`SHA256SUMS`, which `sha256sum -c`
reads). What must stay true: what the reader may not read is a marked gap; the list names every other file.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO, Any

from sqlalchemy import select

from proeftuin import i18n
from proeftuin.accounts.actor import Actor
from proeftuin.audit import bundle
from proeftuin.audit import queries as audit
from proeftuin.audit.models import LogEntry
from proeftuin.db import session
from proeftuin.deviations.showing.card_lines import Reader
from proeftuin.deviations.showing.folder import Folder
from proeftuin.evidence import complete, formats, gathering, sheet
from proeftuin.evidence.stamp import Stamp
from proeftuin.exchange import gathering as talks
from proeftuin.i18n import _
from proeftuin.web.rendering import ROOT, render_bare

SUMS, MANIFEST, READ_ME = "SHA256SUMS", "inhoud.json", "LEESMIJ.txt"
PIECE = 65_536
STYLE = ROOT / "static" / "css" / "dossier.css"


def pack(actor: Actor, folders: Iterable[Folder], stamp: Stamp, about: str, stream: IO[bytes]) -> None:
    """Write a pack of deviations for a reader."""
    reader = gathering.reader_of(actor)
    with i18n.speaking("nl"), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _Pack(actor, reader, stamp, archive).write(list(folders), about)


class _Pack:
    """The writing of one zip."""

    def __init__(self, actor: Actor, reader: Reader, stamp: Stamp, archive: zipfile.ZipFile) -> None:
        self.actor = actor
        self.reader = reader
        self.stamp = stamp
        self.archive = archive
        self.hashes: dict[str, str] = {}

    def write(self, folders: list[Folder], about: str) -> None:
        parties = gathering.list_parties()
        rows = sheet.rows(folders, parties, self.reader)
        self._add("register.csv", formats.as_csv(sheet.columns(parties), rows, self.stamp.plain()))
        self._add("stijl.css", STYLE.read_bytes())
        for folder in folders:
            self._deviation(folder)
        for pilot_id in dict.fromkeys(folder.deviation.pilot_id for folder in folders):
            self._talks(pilot_id)
        self._log()
        self._add(bundle.VERIFIER, bundle.verifier_source())
        self._add(READ_ME, _read_me(about, self.stamp).encode())
        listed = {"over": about, **self.stamp.plain(), "bestanden": self.hashes}
        self._add(MANIFEST, _json(listed))
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.hashes.items()))
        self.archive.writestr(SUMS, sums)

    def _deviation(self, folder: Folder) -> None:
        self._add(f"{folder.code}/alles.json", _json(complete.everything(folder, self.reader)))
        text = gathering.as_text(folder, self.reader)
        page = render_bare("evidence/file_alone.html", stamp=self.stamp, **text)
        self._add(f"{folder.code}/dossier.html", page.encode())
        positions = session().scalars(
            select(LogEntry.position)
            .where(LogEntry.subject == folder.deviation.id, LogEntry.position <= self.stamp.log_position)
            .order_by(LogEntry.position)
        )
        proofs = [audit.prove_entry(position) | {"position": position} for position in positions]
        self._add(f"{folder.code}/bewijzen.json", _json(proofs))

    def _talks(self, pilot_id: int) -> None:
        """Add what was said in the open about a pilot and its pages; a removed comment is a gap."""
        found = [
            {
                "titel": thread.title,
                "over": thread.about,
                "adres": thread.path,
                "toestand": thread.state,
                "reacties": [
                    {
                        "nummer": comment.id,
                        "antwoord_op": comment.parent_id,
                        "naam": comment.name,
                        "hoedanigheid": comment.capacity,
                        "op": comment.at.isoformat(),
                        "tekst": comment.text if comment.text is not None else {"verwijderd": comment.reason or True},
                    }
                    for comment in talks.comments(thread)
                ],
            }
            for thread in talks.threads(self.actor, pilot_id)
        ]
        self._add(f"gesprekken/proeftuin-{pilot_id}.json", _json(found))

    def _log(self) -> None:
        """Add the whole log, piece by piece: it may be large."""
        with tempfile.TemporaryFile() as stream, self.archive.open("logboek.zip", "w") as file:
            bundle.pack(self.actor, stream)
            stream.seek(0)
            sha256 = hashlib.sha256()
            while piece := stream.read(PIECE):
                sha256.update(piece)
                file.write(piece)
        self.hashes["logboek.zip"] = sha256.hexdigest()

    def _add(self, name: str, content: bytes) -> None:
        self.hashes[name] = hashlib.sha256(content).hexdigest()
        self.archive.writestr(name, content)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _read_me(about: str, stamp: Stamp) -> str:
    return _(
        """Bewijsmap: %(about)s
Stand op %(day)s, regel %(position)s van het logboek.

WAT ERIN ZIT
register.csv        de afwijkingen als tabel
AFW-…/dossier.html  alles over één afwijking, om te lezen (open het in een browser)
AFW-…/alles.json    hetzelfde, voor een computer
AFW-…/bewijzen.json voor elke formele handeling het bewijs dat zij in het logboek staat
gesprekken/         wat er in het openbaar over de proeftuin is gezegd
logboek.zip         het hele verzegelde logboek, met alle dagzegels
nakijken.py         het programma waarmee je het logboek nakijkt
inhoud.json         wat deze map is, en de vingerafdruk van elk bestand
SHA256SUMS          dezelfde vingerafdrukken, voor sha256sum

WAT ER NIET IN STAAT
Waar staat dat iets is afgeschermd, mag wie deze map maakte het niet lezen. Een verwijderde reactie staat er als gat.
Wie meedoet aan een proeftuin staat nergens.

ZELF NAKIJKEN
1. Pak de map uit en kijk of geen bestand is veranderd:
       sha256sum -c SHA256SUMS
2. Kijk het logboek na tegen een zegel dat jij zelf bewaarde (uit je mail, niet uit deze map):
       python3 nakijken.py logboek.zip --zegel <regel uit de mail>
   Zonder eigen zegel zie je alleen of het logboek in zichzelf klopt.
3. De regel van een handeling in bewijzen.json vind je in logboek.zip terug; het pad erbij leidt naar de wortel van
   een zegel.

WAT DIT BEWIJST
Dat wat hier staat na die dag niet is veranderd, als het zegel van jou klopt. Niet dat wat iemand destijds opschreef
waar was, en niet dat er niets is verzwegen.
""",
        about=about,
        day=stamp.reference_day.isoformat(),
        position=stamp.log_position,
    )
