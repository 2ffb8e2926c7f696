"""Acts of invented people on a region of their own, for tests of calls, incidents and patients."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from factories.fleet import START
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_exchange import ExchangeReport
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.service_progress import mark_dispatched, mark_on_scene
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.actor import Actor, ActorKind, Context, system
from dispatch.kernel.clock import Clock, ManualClock
from dispatch.kernel.digests import Digester

REGION: Final = "aksu"
DIGESTER: Final = Digester(bytes(range(32)))
PHONE: Final = "13812341234"
ALAR: Final = PlaceGiven(lat=40.5475, lon=81.2807, words="示例路12号2单元301")

DISPATCHER: Final = Actor(ActorKind.PERSON, "p-dispatcher", "示例调度", frozenset({"dispatcher"}))
DOCTOR: Final = Actor(ActorKind.PERSON, "p-doctor", "示例医院", frozenset({"emergency_doctor"}))
SUPERVISOR: Final = Actor(ActorKind.PERSON, "p-supervisor", "示例调度", frozenset({"supervisor"}))
EXCHANGE: Final = Actor(ActorKind.DEVICE, "d-exchange", "示例调度")
SYSTEM: Final = system("tests")


def act_of(session: AsyncSession, clock: Clock | None = None, actor: Actor = DISPATCHER) -> Act:
    """One transaction's work."""
    clock = clock or ManualClock(START)
    return Act(session, clock, Context.begin(clock, actor), DIGESTER, REGION)


async def a_call(act: Act, phone: str = PHONE) -> Call:
    """A call taken by hand."""
    return await open_call(act, NewCall(phone=phone))


async def an_incident(act: Act, priority: Priority = Priority.P2, complaint: str = "K03") -> Incident:
    """An incident of a call, with a place."""
    call = await a_call(act)
    return await open_incident(act, NewIncident(priority, complaint, "AB", ALAR, call_id=call.id))


async def on_scene(act: Act) -> Incident:
    """An incident that a unit has reached."""
    incident = await an_incident(act)
    await mark_dispatched(act, incident.id)
    return await mark_on_scene(act, incident.id)


def signal(
    kind: Signal,
    after_s: float = 0.0,
    *,
    call: str = "X-1",
    event: str | None = None,
    start: datetime = START,
    **told: str,
) -> ExchangeReport:
    """What the exchange reports of a call."""
    at = start + timedelta(seconds=after_s)
    return ExchangeReport(event or f"{call}-{kind}-{after_s}", call, kind, at, **told)
