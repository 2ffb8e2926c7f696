"""How treatments are grouped."""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """Under which a treatment stands on the crew's page."""

    BREATHING = "breathing"
    CIRCULATION = "circulation"
    DRUG = "drug"
    WOUND = "wound"
    """Wounds, fractures and cold."""
