"""What is measured of a case's patient and circuit on board, for both sides and whoever coordinates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Request
from msgspec import Meta
from starlette.responses import Response

from api.auth import DoorkeeperDep, requires
from api.bodies import answer
from api.contract import contract
from api.detections.schemas import DetectionOut
from api.ecmo.access import READ, must_see
from api.ecmo.adverse import AdverseOut, adverse_out
from api.ecmo.alarms import alarms_of, carried_of
from api.ecmo.mission_access import may_set_limits
from api.er.schemas import MeasuredOut, measured_out
from api.er.vitals import TRENDED, Vitals
from api.names import names_of_actors
from dispatch.accounts.rules_permissions import Principal
from dispatch.clinical.rules_circuit import (
    BATTERY,
    SIGNED_OFF_BY,
    SOURCE,
    VERSION,
    CircuitSetting,
    Ends,
    gives_way,
    limits_for,
)
from dispatch.clinical.rules_limits import LIMITS
from dispatch.clinical.rules_news2 import TABLE
from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.queries_missions import get_mission
from dispatch.telemetry.detection.queries_circuits import find_circuit, setting_of

router = APIRouter(prefix="/ecmo/requests", tags=["ecmo"])
_BESIDE = ("heart_rate", "spo2", "etco2_pressure")
Reader = Annotated[Principal, requires(READ)]


class EndsOut(msgspec.Struct, frozen=True):
    """Both ends in the signal's unit; null: no such end."""

    low: float | None
    high: float | None


class CircuitLimitsOut(msgspec.Struct, frozen=True):
    """Of one signal. `ecmo_drop` is the pressure before less that after the membrane."""

    signal: str
    expected: EndsOut
    warn: EndsOut
    critical: EndsOut
    inclusive: Annotated[bool, Meta(description="The limit itself counts already.")]


class CircuitSetOut(msgspec.Struct, frozen=True):
    """What was set for this patient's circuit. Flow and sweep gas in L/min."""

    flow_set: float | None
    sweep_set: float | None
    own_limits: Annotated[list[str], Meta(description="Signals whose limits somebody set for him.")]
    unplugged_until: Annotated[datetime | None, Meta(description="Until then a loss of mains is expected.")]
    on_circuit: Annotated[bool, Meta(description="A mission has him in its hands, cannulated.")]
    needed_until: Annotated[
        datetime | None,
        Meta(
            description="He is at his bed then, when all goes slowly: so long, and `battery_reserve_min` more, the "
            "console's battery is held to last. Null: no plan tells."
        ),
    ]
    battery_reserve_min: float
    set_at: datetime
    set_by_name: Annotated[str | None, Meta(description="Who set it last; null: erased, or the service itself.")]


class CaseMeasuredOut(msgspec.Struct, frozen=True):
    """What is measured of a case now."""

    at: datetime
    patient_id: Annotated[UUID | None, Meta(description="Null: the dispatch core has no record of him.")]
    mission_id: Annotated[UUID | None, Meta(description="The mission that goes on or is over; null: none.")]
    measured: MeasuredOut | None
    alarms: Annotated[
        list[DetectionOut],
        Meta(description="Of the last day, of patient and circuit; what waits for one's own side first."),
    ]
    adverse: Annotated[list[AdverseOut], Meta(description="Adverse events of the mission, the oldest first.")]
    set: Annotated[CircuitSetOut | None, Meta(description="Set for this patient; null: nothing was.")]
    limits: list[CircuitLimitsOut]
    gives_way: Annotated[
        list[str],
        Meta(description="Signals whose limits for everybody, and points of NEWS2, give way to those told here."),
    ]
    may_set_limits: Annotated[
        bool, Meta(description="Who asks is the mission's lead, an ECMO physician or the coordinator.")
    ]
    limits_version: str
    limits_source: str
    needs_sign_off: Annotated[bool, Meta(description="Needs sign-off by a medical director.")]


@router.get(
    "/{request_id}/measured",
    summary="What is measured on board of a case's patient and circuit",
    description="Newest values and trends of an hour, with the limits that count at this patient, and the alarms of "
    "the last day. What came late is marked so.",
    **contract(CaseMeasuredOut, problems=[404]),
)
async def measured(
    request: Request, door: DoorkeeperDep, actor: Reader, request_id: Annotated[UUID, Path(description="The request.")]
) -> Response:
    """Tell what is measured."""
    now, region = door.parts.clock.now(), door.parts.settings.region
    vitals: Vitals = request.app.state.vitals
    async with door.parts.database.read() as session:
        row = await must_see(session, region, actor, request_id)
        carried = await carried_of(session, row)
        patient_id = carried.patient_id
        mission = None if carried.mission_id is None else await get_mission(session, region, carried.mission_id)
        may_set = mission is not None and await may_set_limits(session, actor, mission)
        adverse = [] if carried.mission_id is None else await list_adverse(session, [carried.mission_id])
        events = await adverse_out(session, adverse)
        known = setting = circuit = setter = None
        names: dict[str, str] = {}
        alarms: list[DetectionOut] = []
        if patient_id is not None:
            known = await vitals.of(session, patient_id, now)
            alarms = list(await alarms_of(session, region, patient_id, actor, now))
            circuit = await find_circuit(session, patient_id)
            setter = None if circuit is None else circuit.set_by
            setting = None if circuit is None else setting_of(circuit)
            names = await names_of_actors(session, [setter])
    told = None if known is None else measured_out(known, now, TRENDED)
    adult = row.age_years is None or row.age_years >= TABLE.from_years
    counts = setting or CircuitSetting(mode=row.mode)
    limits = [
        CircuitLimitsOut(name, _ends(one.expected), _ends(one.warn), _ends(one.critical), one.inclusive)
        for name, one in limits_for(counts, adult=adult).items()
    ]
    instead = gives_way(counts, adult=adult)
    if adult:
        limits += [_usual(name) for name in _BESIDE if name not in instead]
    own = None if setting is None or circuit is None else CircuitSetOut(
        setting.flow_set, setting.sweep_set, sorted(setting.limits), setting.unplugged_until, setting.on_circuit,
        setting.needed_until, BATTERY.reserve_min, circuit.set_at, names.get(setter or ""),
    )  # fmt: skip
    return answer(
        CaseMeasuredOut(
            now, patient_id, carried.mission_id, told, alarms, events, own, limits, sorted(instead), may_set,
            VERSION, SOURCE,
            needs_sign_off=not SIGNED_OFF_BY,
        )
    )  # fmt: skip


def _usual(signal: str) -> CircuitLimitsOut:
    """The limits by which a patient's own signal alarms, on a circuit or not."""
    ends: dict[tuple[AlarmPriority, bool], float] = {
        (one.priority, one.is_upper): one.bound for one in LIMITS.limits.values() if one.signal == signal
    }
    warn, critical = (
        EndsOut(ends.get((priority, False)), ends.get((priority, True)))
        for priority in (AlarmPriority.MEDIUM, AlarmPriority.HIGH)
    )
    return CircuitLimitsOut(signal, warn, warn, critical, inclusive=False)


def _ends(one: Ends) -> EndsOut:
    return EndsOut(one.low, one.high)
