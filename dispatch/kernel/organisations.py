"""The two systems whose organisations stand interleaved in one region (`org_system`); never inferred from a place."""

from enum import StrEnum
from typing import Final


class System(StrEnum):
    """Who answers for an organisation."""

    CIVIL = "civil"
    """地方: the prefecture, its counties and cities."""
    CORPS = "corps"
    """兵团: the Corps, its divisions and regiments."""


SYSTEM_WORDS: Final = {"地方": "civil", "兵团": "corps", "civil": "civil", "corps": "corps"}
"""How a file may say it."""
