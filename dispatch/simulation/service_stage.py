"""What the carrying out of actions shares: who acts, what stands for what, and what is heard of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.dispatching.events import AssignmentEnded, IncidentReturned
from dispatch.dispatching.service_reach import DEFAULT, Choosing
from dispatch.incidents.rules_times import Moment
from dispatch.incidents.service import Act
from dispatch.kernel.actor import Actor, Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.digests import Digester
from dispatch.kernel.events import Event, Late
from dispatch.simulation.rules_news import News, Returned, RunOver
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.service_cast import Cast
from dispatch.units.rules_position import Fix
from dispatch.units.service_position import MAX_FIXES, add_fixes
from geo.travel import TravelTimes


@dataclass(slots=True)
class HeardAct(Act):
    """An act that remembers what it told, so that simulated people hear of it."""

    told: list[Event] = field(default_factory=list)

    def tell(self, event: Event, when: Moment | None = None) -> None:
        """Note an event, for the journal and for who listens."""
        self.told.append(event)
        Act.tell(self, event, when)

    def tell_all(self, lines: Sequence[Event | Late]) -> None:
        """Note what another feature has to tell."""
        self.told.extend(line.event if isinstance(line, Late) else line for line in lines)
        Act.tell_all(self, lines)


@dataclass(slots=True)
class Stage:
    """Where a day is played on the services: what the simulation's names stand for, and positions not written yet."""

    setting: Setting
    cast: Cast
    clock: Clock
    digester: Digester
    region: str
    travel: TravelTimes
    choosing: Choosing = DEFAULT
    calls: dict[str, UUID] = field(default_factory=dict)
    patients: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    tours: dict[str, UUID] = field(default_factory=dict)
    """The timed runs that were begun, by their keys."""
    openers: dict[UUID, str] = field(default_factory=dict)
    """The key of the call that each incident was opened for."""
    fixes: list[Fix] = field(default_factory=list)

    def act(self, session: AsyncSession, actor: Actor) -> HeardAct:
        """Begin an act in somebody's name."""
        return HeardAct(session, self.clock, Context.begin(self.clock, actor), self.digester, self.region)

    def dispatcher(self, session: AsyncSession, key: str) -> HeardAct:
        """Begin an act of the dispatcher who took a call."""
        return self.act(session, self.cast.seat_of(self.setting.dice, key).actor)

    def crew(self, session: AsyncSession, call_sign: str) -> HeardAct:
        """Begin an act of a unit's crew."""
        return self.act(session, self.cast.crews[self.cast.members[call_sign].organisation])

    def device(self, session: AsyncSession, call_sign: str) -> HeardAct:
        """Begin an act of a unit's own device."""
        device = self.cast.devices.get(call_sign)
        return self.act(session, device) if device is not None else self.crew(session, call_sign)

    def unit_id(self, call_sign: str) -> UUID:
        """The id of a unit."""
        return self.cast.members[call_sign].id

    def forget(self, incident_id: UUID) -> None:
        """Forget the names of what is over."""
        key = self.openers.pop(incident_id, "")
        self.calls.pop(key, None)
        for place in [place for place in self.patients if place[0] == incident_id]:
            del self.patients[place]

    async def write_fixes(self, session: AsyncSession) -> None:
        """Write the positions that wait."""
        while self.fixes:
            await add_fixes(session, self.clock, self.fixes[:MAX_FIXES])
            del self.fixes[:MAX_FIXES]

    def heard(self, act: HeardAct) -> list[News]:
        """What simulated people hear of an act."""
        names = {member.id: call_sign for call_sign, member in self.cast.members.items()}
        found: list[News] = []
        for event in act.told:
            if isinstance(event, AssignmentEnded):
                found.append(RunOver(names[event.unit_id], event.assignment_id))
            elif isinstance(event, IncidentReturned) and event.waits:
                found.append(Returned(event.incident_id))
        return found
