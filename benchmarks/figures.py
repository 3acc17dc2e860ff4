"""What was measured, beside what was promised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure against what was promised."""

    name: str
    measured: float
    promised: float
    at_least: bool = False
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the promise was kept."""
        return self.measured >= self.promised if self.at_least else self.measured <= self.promised

    def line(self) -> str:
        """Return the figure as a line of the table."""
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.holds else "FALLS SHORT"
        return f"{self.name:<56}{self.measured:>10.3f} {self.unit:<5} {sign} {self.promised:<8g} {verdict}"
