"""How far an order is."""

from __future__ import annotations

from enum import StrEnum


class OrderState(StrEnum):
    """Where an order stands. What was done stays done, even if it was cancelled while the crew had no link."""

    SENT = "sent"
    SEEN = "seen"
    """The crew's page has shown it."""
    CONFIRMED = "confirmed"
    """The crew has read it back (复诵确认)."""
    DONE = "done"
    NOT_DONE = "not_done"
    CANCELLED = "cancelled"
