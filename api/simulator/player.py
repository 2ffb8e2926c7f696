"""Who asks the public API for whom, and what the simulation's names stand for there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from api.simulator.client import Client, Refusal, uuid_of
from api.simulator.ear import Ear
from api.simulator.props import Account, Desk, Props, Unit
from api.simulator.timeline import Timeline
from dispatch.incidents.states_calls import Signal
from dispatch.simulation.rules_actions import FixTold
from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_setting import Setting
from geo.points import GeoPoint

RECORDINGS: Final = "demo/"
SUFFIX: Final = ".opus"
"""Where recordings of calls are said to lie; the name between is the exchange's own id of the call."""


@dataclass
class Player:
    """Asks in the names of those who are played: dispatchers, doctors, the exchange, and each vehicle's own device."""

    client: Client
    props: Props
    setting: Setting
    ear: Ear
    timeline: Timeline
    run: str
    units: Mapping[str, Unit]
    calls: dict[str, UUID] = field(default_factory=dict)
    patients: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    tours: dict[str, UUID] = field(default_factory=dict)
    openers: dict[UUID, str] = field(default_factory=dict)
    """The key of the call that each incident was opened for."""

    async def exchange(self, caller: Caller, signal: Signal, at: datetime) -> None:
        """Report an event of a call as the exchange does."""
        ref = f"{self.run}-{caller.key}"
        told: dict[str, Any] = {"event_id": f"{ref}-{signal}", "call_ref": ref, "signal": signal, "at": at}
        if signal is Signal.RINGING:
            told |= {"phone": caller.phone, "language": caller.language, "recording": f"{RECORDINGS}{ref}{SUFFIX}"}
            if caller.position is not None:
                told["position"] = {**place_of(caller.position), "accuracy_m": caller.accuracy_m}
        row = await self.client.device(self.props.exchange, "POST", "/api/calls/events", told)
        self.calls[caller.key] = uuid_of(row["id"])
        self.ear.calls[uuid_of(row["id"])] = caller.key

    def call(self, key: str) -> UUID:
        """The service's id of a call. Raises Refusal (`call.not_found`): its ringing was refused."""
        if key not in self.calls:
            raise Refusal(404, "call.not_found", "The service never took this call.")
        return self.calls[key]

    def desk_of(self, key: str) -> Desk:
        """Who takes a call, or hears a vehicle: both organisations answer as one."""
        return self.setting.dice.of("seat", key).choice(self.props.desks)

    async def dispatcher(self, key: str, method: str, path: str, body: object, *, part: str = "") -> Any:  # noqa: ANN401 - JSON
        """Ask as the simulated dispatcher who has that call or hears that vehicle; part: of an idempotency key."""
        account = self.desk_of(key).dispatcher
        return await self.client.person(account, method, path, body, key=f"{self.run}-{key}-{part}" if part else "")

    async def doctor(self, call_sign: str, path: str, body: object, *, key: str = "") -> Any:  # noqa: ANN401 - JSON
        """Ask as the doctor of a vehicle's organisation."""
        return await self.client.person(self.doctor_of(call_sign), "POST", path, body, key=key)

    def doctor_of(self, call_sign: str) -> Account:
        """The doctor of a vehicle's organisation."""
        organisation = self.units[call_sign].organisation
        return next(one.doctor for one in self.props.desks if one.organisation == organisation)

    async def record(self, call_sign: str, incident_id: UUID, place: int, body: object) -> Any:  # noqa: ANN401 - JSON
        """Record a patient of an incident."""
        key = f"{self.run}-patient-{incident_id}-{place}"
        return await self.doctor(call_sign, f"/api/incidents/{incident_id}/patients", body, key=key)

    async def of_incident(self, incident_id: UUID, what: str, body: object) -> None:
        """Do something with an incident, as who opened it."""
        await self.dispatcher(self.openers[incident_id], "POST", f"/api/incidents/{incident_id}/{what}", body)

    async def fixes(self, unit: Unit, fixes: list[FixTold]) -> None:
        """Tell where a vehicle was, as its own receiver does."""
        if unit.device is None:
            return
        told = [
            {
                "at": self.real(one.at), **place_of(one.point), "speed_mps": round(min(one.speed_mps, 60.0), 2),
                "heading_deg": one.heading_deg, "accuracy_m": 8.0,
            }
            for one in fixes
        ]  # fmt: skip
        body = {"fixes": told, "sent_at": self.timeline.real()}
        await self.client.device(unit.device, "POST", "/api/fleet/positions", body)

    def real(self, at: datetime | None) -> datetime | None:
        """A time of the day as it is on the real clock."""
        return None if at is None else self.timeline.real(at)

    def at(self, at: datetime | None) -> dict[str, object]:
        """When it was, of what is entered late."""
        return {} if at is None else {"at": self.real(at)}

    def late(self, at: datetime | None) -> dict[str, object]:
        """The device's clock then and now, of what is sent late."""
        return {} if at is None else {"at": self.real(at), "sent_at": self.timeline.real()}


def place_of(point: GeoPoint) -> dict[str, float]:
    """A place as bodies have it."""
    return {"lat": point.lat, "lon": point.lon}
