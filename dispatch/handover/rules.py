"""Who may sign a sheet, and until when. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.handover.states import HandoverState
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.texts import text_fault

LONGEST_NOTES: Final = 5_000
GOOD_FOR: Final = timedelta(minutes=30)
"""After that the next shift would take over what is no more. Proposed by the project."""


def checked_notes(notes: str) -> str:
    """Return the notes of the shift as they are kept. Raises Invalid (`handover.notes`)."""
    text = notes.strip()
    fault = text_fault(text, LONGEST_NOTES) if text else None
    if fault:
        raise Invalid("handover.notes", f"These notes cannot be kept: {fault[1]}.")
    return text


def check_sign(state: HandoverState, made_at: datetime, leaving: UUID, coming: UUID, now: datetime) -> None:
    """Say whether `coming` may sign now.

    Raises: Conflict: `handover.signed`, `handover.same_person`, `handover.too_old`.
    """
    if state is HandoverState.SIGNED:
        raise Conflict("handover.signed", "This sheet is signed by both already.")
    if coming == leaving:
        raise Conflict(
            "handover.same_person", "Nobody hands over to oneself.", "The one who comes signs with their own name."
        )
    if now - made_at > GOOD_FOR:
        raise Conflict(
            "handover.too_old",
            f"This sheet is more than {GOOD_FOR.seconds // 60} minutes old.",
            "Make it anew: things have changed.",
        )
