"""The Monday in November on which the register is looked at, and the day from which everyone was there."""

from __future__ import annotations

from datetime import date

FIRST = date(2025, 6, 1)
TODAY = date(2026, 11, 23)
