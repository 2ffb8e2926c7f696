"""`tarim ecmo rehearse`."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import click

from api.cli.progress import say
from api.cli.shared import by_hand, engine_of, store, waiting
from api.cli.vehicle import gateway_url, linked
from api.cli.vehicle_replay import token_for
from api.parts import Parts
from api.vehicle.circuit import LASTS_S, Trouble, circuit_at, patient_at
from api.vehicle.client import Vehicle
from api.vehicle.heart import Heart
from api.vehicle.store import Measured
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.ecmo.queries_missions import get_mission, list_missions
from dispatch.ecmo.queries_requests import get_request
from dispatch.ecmo.service_circuit import patient_of
from dispatch.ecmo.states_missions import MISSION_OVER, MissionState
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.hospitals.queries import get_hospital
from dispatch.incidents.service import Act
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import NotFound, Refused
from dispatch.simulation.rules_path import Path as Way
from dispatch.simulation.rules_path import path_of
from dispatch.telemetry.rules_payloads import PositionFix, encode_payload
from dispatch.telemetry.service_attachments import attach
from dispatch.telemetry.states import Kind, Stream
from dispatch.units.queries import get_unit_by_id
from geo.engine import RoadEngine
from geo.points import GeoPoint
from geo.travel import Question

_LOOK_S = 2.0
PLACE = 1
"""Of the vehicle in which the patient of a mission lies."""
_HEART_RATE = SIGNALS.by_name["heart_rate"].number
_BEFORE = frozenset({MissionState.PREPARING, MissionState.OUTBOUND})
_RUNS = frozenset({MissionState.ON_CIRCUIT, MissionState.RETURNING, MissionState.ARRIVED})


@dataclass(frozen=True, slots=True)
class Played:
    """What is played: the mission, its vehicle, and the three places between which it drives."""

    mission_id: UUID
    number: str
    call_sign: str
    centre: GeoPoint
    origin: GeoPoint
    bed: GeoPoint


@click.command()
@click.option("--mission", "number", help="The request's number; without it the newest mission that has a vehicle.")
@click.option(
    "--speed", type=click.FloatRange(1, 200), default=20.0, show_default=True, help="Drives so many times as fast."
)
@click.option(
    "--trouble",
    type=click.Choice([one.value for one in Trouble]),
    default=Trouble.FLOW.value,
    show_default=True,
    help="What goes wrong on the way back.",
)
@click.option(
    "--after",
    "after_s",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="Seconds on the way back until it does.",
)
@click.option("--url", help="The gateway, wss://HOST/api/ingest; without it this machine's.")
@waiting
async def rehearse(number: str | None, speed: float, trouble: Trouble, after_s: float, url: str | None) -> None:
    r"""Play the vehicle of a mission: it drives as the mission goes on, and sends an invented patient and circuit.

    It follows what is entered on the page: it leaves once the mission has left base, sends vital signs and an ECG from
    the patient on and the circuit from the first flow on, drives back, and ends with the mission. Beside a demo only.

    \b
    Example:
      tarim ecmo rehearse --speed 40 --trouble clot
    """
    async with store() as parts, AsyncExitStack() as stack:
        played = await _find(parts, number)
        _, engine = await engine_of(parts, parts.settings.region)
        token = await stack.enter_async_context(token_for(parts, played.call_sign, "rehearsal"))
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        vehicle = await stack.enter_async_context(linked(gateway_url(url), token, Path(folder, "log")))
        say(f"{played.call_sign} plays {played.number}; Ctrl-C ends it.")
        await Rehearsal(parts, engine, vehicle, played, speed, Trouble(trouble), after_s).play()
        await vehicle.emptied()
    say("The mission is over.")


async def _find(parts: Parts, number: str | None) -> Played:
    """Raises NotFound (`ecmo_mission.not_found`), Refused (`ecmo_mission.no_hospital`)."""
    region, now = parts.settings.region, parts.clock.now()
    async with parts.database.read() as session:
        for row in await list_missions(session, region, now - timedelta(days=1)):
            request = await get_request(session, region, row.request_id)
            if row.unit_id is None or row.state in MISSION_OVER or number not in (None, request.number):
                continue
            if row.from_hospital_id is None:
                raise Refused("ecmo_mission.no_hospital", "The patient is at no hospital yet.")
            centre, origin, bed = [
                await get_hospital(session, region, one)
                for one in (row.centre_id, row.from_hospital_id, row.to_hospital_id)
            ]
            unit = await get_unit_by_id(session, region, row.unit_id)
            points = [GeoPoint(lat=one.lat, lon=one.lon) for one in (centre, origin, bed)]
            return Played(row.id, request.number or "", unit.call_sign, *points)
    raise NotFound("ecmo_mission.not_found", "No mission under way has a vehicle.", "Ask for one on the case's page.")


class Rehearsal:
    """Plays one vehicle, second by second, as its mission goes on."""

    def __init__(
        self, parts: Parts, engine: RoadEngine, vehicle: Vehicle, played: Played, speed: float, trouble: Trouble,
        after_s: float,
    ) -> None:  # fmt: skip
        self._parts, self._engine, self._vehicle, self._played = parts, engine, vehicle, played
        self._speed, self._trouble, self._after_s = speed, trouble, after_s
        self._state, self._since_s = MissionState.PREPARING, 0.0
        self._place = played.centre
        self._way: Way | None = None
        self._heart = Heart()

    async def play(self) -> None:
        """Until the mission is over."""
        loop = asyncio.get_running_loop()
        begun_s = looked_s = loop.time() - _LOOK_S
        while True:
            now_s = loop.time()
            if now_s - looked_s >= _LOOK_S:
                looked_s = now_s
                await self._look(now_s)
                if self._state in MISSION_OVER:
                    return
            await self._second(now_s - begun_s, now_s - self._since_s)
            await asyncio.sleep(max(0.0, 1.0 - (loop.time() - now_s)))

    async def _look(self, now_s: float) -> None:
        async with self._parts.database.read() as session:
            row: EcmoMission = await get_mission(session, self._parts.settings.region, self._played.mission_id)
        state = MissionState(row.state)
        if state is self._state:
            return
        say(f"{self._played.call_sign}: {state}")
        if state not in _BEFORE and state not in MISSION_OVER:
            await self._attach(row)
        self._state, self._since_s, self._way = state, now_s, None
        goal = {MissionState.OUTBOUND: self._played.origin, MissionState.RETURNING: self._played.bed}.get(state)
        if goal is not None:
            question = Question(closures_at=self._parts.clock.now())
            route = await asyncio.to_thread(self._engine.route, self._place, goal, question)
            self._way = path_of(route, self._place, goal)
        elif state is MissionState.ARRIVED:
            self._place = self._played.bed
        elif state not in _BEFORE:
            self._place = self._played.origin

    async def _attach(self, row: EcmoMission) -> None:
        """As a crew does: the first place on board is the patient's from now on."""
        parts = self._parts
        digester = await asyncio.to_thread(Digester.of_home, parts.settings.home)
        async with parts.database.write() as session:
            act = Act(session, parts.clock, by_hand(parts), digester, row.region)
            patient = await patient_of(session, row)
            if row.unit_id is not None and patient is not None:
                await attach(act, row.unit_id, PLACE, patient)

    async def _second(self, second: float, since_s: float) -> None:
        vehicle, heading = self._vehicle, None
        if self._way is not None:
            placed = self._way.place(since_s * self._speed)
            self._place, heading = placed.point, placed.heading_deg
        # Its speed is nobody's who drives so many times as fast.
        fix = PositionFix(vehicle.now_us(), self._place.lat, self._place.lon, None, heading, 8.0)
        await vehicle.record(Stream(Kind.POSITION, 0), fix)
        if self._state in _BEFORE:
            return
        runs = self._state in _RUNS
        wrong_s = since_s - self._after_s if self._state is MissionState.RETURNING else None
        if wrong_s is not None and wrong_s > LASTS_S:
            wrong_s = None
        patient = patient_at(second, self._trouble, wrong_s, runs=runs)
        await vehicle.record(Stream(Kind.VITALS, PLACE), patient)
        rate = next(one.value for one in patient.values if one.number == _HEART_RATE)
        await vehicle.record_many(
            [
                Measured(Stream(Kind.ECG, PLACE), at_us, encode_payload(one))
                for at_us, one in self._heart.until(vehicle.now_us(), rate)
            ]
        )
        if runs:
            await vehicle.record(Stream(Kind.ECMO, PLACE), circuit_at(second, self._trouble, wrong_s))
