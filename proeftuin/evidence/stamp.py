"""What every export carries: which day it tells of, as known when, and where the sealed log stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from proeftuin import clock
from proeftuin.audit import queries as audit
from proeftuin.audit import seals
from proeftuin.deviations.look import Look


@dataclass(frozen=True, slots=True)
class Stamp:
    """`known` is None for what is known now. What begins with `seal` is of the last daily seal, empty when there is
    none yet."""

    reference_day: date
    known: date | None
    made_at: datetime
    log_position: int
    seal_day: date | None
    seal_size: int
    seal_root: str

    def plain(self) -> dict[str, str | int | None]:
        """Return it as plain values, by the names that stand in every export."""
        return {
            "peildatum": self.reference_day.isoformat(),
            "zoals_bekend_op": self.known.isoformat() if self.known else None,
            "gemaakt_op": self.made_at.isoformat(),
            "logregel": self.log_position,
            "zegel_dag": self.seal_day.isoformat() if self.seal_day else "",
            "zegel_regels": self.seal_size,
            "zegel": self.seal_root,
        }


def stamp(look: Look) -> Stamp:
    """Return the stamp of an export that is made now."""
    last = seals.newest()
    return Stamp(
        reference_day=look.day,
        known=look.known,
        made_at=clock.really_now(),
        log_position=audit.count_entries(),
        seal_day=last.day if last else None,
        seal_size=last.size if last else 0,
        seal_root=last.root if last else "",
    )
