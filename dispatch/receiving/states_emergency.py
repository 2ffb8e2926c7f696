"""What a hospital does for a patient before and after it is there."""

from __future__ import annotations

from enum import StrEnum


class Withdrawal(StrEnum):
    """Why a pre-alert holds no longer."""

    ELSEWHERE = "elsewhere"
    """The patient is brought to another hospital."""
    OVER = "over"
    """The patient is brought to none any more: delivered, settled, or not to be brought."""
