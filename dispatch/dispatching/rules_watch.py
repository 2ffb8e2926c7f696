"""Which lines of the journal tell that a unit can be sent again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from dispatch.units.states_duty import FREE

_STATUS: Final = "unit.status_changed"
_SIGNED_ON: Final = "crew.signed_on"


def freed_by(event: str, payload: Mapping[str, Any]) -> UUID | None:
    """The unit that a line tells to be free, or to have somebody more on board; None: no unit."""
    if event == _SIGNED_ON:
        return UUID(payload["unit_id"])
    if event == _STATUS and payload["status"] in FREE and payload["from_status"] not in FREE:
        return UUID(payload["unit_id"])
    return None
