"""How often a report is made by itself."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """How long its period is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
