"""That somebody looked: a line in the journal for each view of personal values."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dispatch.audit.queries import was_told
from dispatch.incidents.events_calls import CallViewed
from dispatch.incidents.events_incidents import IncidentViewed
from dispatch.incidents.events_patients import PatientViewed
from dispatch.incidents.service import Act

ONE_LOOK: Final = timedelta(minutes=10)
"""Who looks at the same again within this time is still looking: a screen asks anew after every change."""


async def note_view(act: Act, view: CallViewed | IncidentViewed | PatientViewed) -> None:
    """Leave a line that the actor looked, unless one of the last ten minutes says so. Call it last: it takes a lock."""
    if not await was_told(act.session, view, act.actor, act.clock.now() - ONE_LOOK):
        async with act.together():
            act.tell(view)
