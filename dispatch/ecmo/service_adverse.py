"""Adverse events: put down in two taps, corrected, taken back. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.ecmo.events_journey import Noted
from dispatch.ecmo.queries_adverse import get_adverse, phase_at
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.service_journey import note
from dispatch.ecmo.states_adverse import USUALLY, AdverseCategory, AdverseItem
from dispatch.ecmo.tables_adverse import EcmoAdverse
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, Invalid

AHEAD: Final = timedelta(minutes=1)
"""By so much a clock may go before the service's; of such an event the service's time counts."""


@dataclass(frozen=True, slots=True)
class AdverseGiven:
    """What happened. severity: 1 to 4. category: None: the item's usual one; at: its true time, None: now."""

    id: UUID
    item: AdverseItem
    severity: int
    category: AdverseCategory | None = None
    at: datetime | None = None


async def put_down(act: Act, mission_id: UUID, given: AdverseGiven) -> EcmoAdverse:
    """Put an event down, also after the mission's end; the same id twice is one event.

    Raises NotFound (`ecmo_mission.not_found`), Conflict (`ecmo_adverse.known`), Invalid (`ecmo_adverse.time`).
    """
    async with act.together():
        mission = await get_mission(act.session, act.region, mission_id, lock=True)
        known = await act.session.get(EcmoAdverse, given.id)
        if known is not None:
            if (known.mission_id, known.item, known.severity) == (mission_id, given.item, given.severity):
                return known
            raise Conflict("ecmo_adverse.known", "Another event has this id.")
        row = await _made(act, mission_id, given, None)
        await note(act, mission, Noted.ADVERSE, row.id)
        return row


async def correct(act: Act, event_id: UUID, given: AdverseGiven) -> EcmoAdverse:
    """Put another event in the place of one, by name; the old one stays to be read. Without a time the old one counts.

    Raises NotFound (`ecmo_adverse.not_found`), Conflict (`ecmo_adverse.past`), Invalid (`ecmo_adverse.time`).
    """
    async with act.together():
        old = await _withdrawn(act, event_id)
        again = AdverseGiven(given.id, given.item, given.severity, given.category, given.at or old.at)
        row = await _made(act, old.mission_id, again, old.id)
        mission = await get_mission(act.session, act.region, old.mission_id, lock=True)
        await note(act, mission, Noted.ADVERSE_CORRECTED, row.id)
        return row


async def take_back(act: Act, event_id: UUID) -> EcmoAdverse:
    """Say by name that it did not happen. Raises as `correct`."""
    async with act.together():
        old = await _withdrawn(act, event_id)
        mission = await get_mission(act.session, act.region, old.mission_id, lock=True)
        await note(act, mission, Noted.ADVERSE_CORRECTED, old.id)
        return old


async def _withdrawn(act: Act, event_id: UUID) -> EcmoAdverse:
    old = await get_adverse(act.session, event_id, lock=True)
    if old.withdrawn_at is not None:
        raise Conflict("ecmo_adverse.past", "Somebody has corrected this already.", "Look at the list as it is now.")
    old.withdrawn_at, old.withdrawn_by = act.clock.now(), act.actor
    await act.session.flush()
    return old


async def _made(act: Act, mission_id: UUID, given: AdverseGiven, replaces: UUID | None) -> EcmoAdverse:
    now = act.clock.now()
    at = now if given.at is None else given.at
    if at > now + AHEAD:
        raise Invalid("ecmo_adverse.time", "It cannot have happened later than now.")
    at = min(at, now)
    row = EcmoAdverse(
        id=given.id, mission_id=mission_id, item=given.item, category=given.category or USUALLY[given.item],
        severity=given.severity, phase=await phase_at(act.session, mission_id, at), at=at, entered_at=now,
        actor=act.actor, replaces=replaces, withdrawn_at=None, withdrawn_by=None,
    )  # fmt: skip
    act.session.add(row)
    await act.session.flush()
    return row
