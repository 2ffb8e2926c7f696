"""What simulated crews and vehicles do, as requests of the public API."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID, uuid5

from api.simulator.client import uuid_of
from api.simulator.player import Player, place_of
from dispatch.simulation import rules_actions as does
from dispatch.simulation.rules_news import News, WayFound
from dispatch.simulation.rules_path import straight, timed
from dispatch.simulation.service_words import outcome_of
from geo.points import GeoPoint

_NAMES: Final = UUID("6d0cf6f4-5a52-5d7c-9a2b-3f6a9d0e7c11")
"""Of the ids of reports: the same report sent twice has the same id."""


async def report(player: Player, action: does.Report) -> list[News]:
    """A status, by the device or by radio."""
    unit = player.units[action.call_sign]
    body: dict[str, Any] = {"status": action.status}
    if action.run_id is not None:
        body["run_id"] = action.run_id
    if action.reason is not None:
        body |= {"reason": action.reason, "expected_end_at": player.real(action.until)}
    path = f"/api/fleet/{unit.id}/status"
    if action.by_voice or unit.device is None:
        await player.dispatcher(action.call_sign, "POST", path, body | {"source": "voice"})
        return []
    body["report_id"] = uuid5(_NAMES, f"{player.run}/{action.call_sign}/{action}/{player.timeline.real()}")
    await player.client.device(unit.device, "POST", path, body | player.late(action.at))
    return []


async def tell(player: Player, action: does.TellTime) -> list[News]:
    """T4 or T10."""
    unit = player.units[action.call_sign]
    path, body = f"/api/assignments/{action.assignment_id}/times", {"point": action.point}
    if action.by_voice or unit.device is None:
        await player.dispatcher(action.call_sign, "POST", path, body | {"source": "voice"})
    else:
        await player.client.device(unit.device, "POST", path, body | player.late(action.at))
    return []


async def tell_clearing(player: Player, action: does.TellClearing) -> list[News]:
    """When and where the unit is free."""
    unit = player.units[action.call_sign]
    body = {
        "clear_at": player.real(action.clear_at), **place_of(action.point), "destination_id": action.hospital_id
    }  # fmt: skip
    path = f"/api/assignments/{action.assignment_id}/clearing"
    if unit.device is None:
        await player.dispatcher(action.call_sign, "POST", path, body)
    else:
        await player.client.device(unit.device, "POST", path, body)
    return []


async def take_patient(player: Player, action: does.TakePatient) -> list[News]:
    """Record a patient; the unit looks after them."""
    unit, patient, late = player.units[action.call_sign], action.patient, player.at(action.at)
    body = {"name": patient.name, "sex": patient.sex, "age_years": patient.age_years, **late}
    row = await player.record(action.call_sign, action.incident_id, action.place, body)
    player.patients[action.incident_id, action.place] = uuid_of(row["id"])
    await player.doctor(action.call_sign, f"/api/patients/{row['id']}/care", {"unit_id": unit.id, **late})
    return []


async def take_over(player: Player, action: does.TakeOver) -> list[News]:
    """A patient changes to this unit from the one that carries them."""
    unit, known = player.units[action.call_sign], player.patients[action.incident_id, action.place]
    body = {"unit_id": unit.id, "reason": action.reason, **player.at(action.at)}
    await player.doctor(action.call_sign, f"/api/patients/{known}/care/hand-over", body)
    return []


async def settle_patient(player: Player, action: does.SettlePatient) -> list[News]:
    """What came of a patient."""
    unit, given, late = player.units[action.call_sign], outcome_of(action), player.at(action.at)
    outcome = {
        "outcome": given.outcome, "destination_id": given.destination_id, "proof": given.proof,
        "witness": given.witness, "handed_to": given.handed_to,
    }  # fmt: skip
    known = player.patients.get((action.incident_id, action.place))
    if known is None:
        body = {"sex": action.patient.sex, "age_years": action.patient.age_years, "outcome": outcome, **late}
        row = await player.record(action.call_sign, action.incident_id, action.place, body)
        player.patients[action.incident_id, action.place] = uuid_of(row["id"])
        return []
    await player.doctor(action.call_sign, f"/api/patients/{known}/care/end", {"unit_id": unit.id, **late})
    await player.doctor(action.call_sign, f"/api/patients/{known}/outcome", {"outcome": outcome, **late})
    return []


async def change_shift(player: Player, action: does.ChangeShift) -> list[News]:
    """The next team."""
    unit = player.units[action.call_sign]
    coming = [{"person_id": one.person_id, "skill": one.skill, "seat": one.seat} for one in unit.teams[action.team]]
    await player.dispatcher(action.call_sign, "POST", f"/api/fleet/{unit.id}/shift-change", {"coming": coming})
    return []


async def positions(player: Player, action: does.Positions) -> list[News]:
    """Each vehicle's own device tells where it is."""
    of_unit: dict[str, list[does.FixTold]] = {}
    for one in action.fixes:
        of_unit.setdefault(one.call_sign, []).append(one)
    await asyncio.gather(*(player.fixes(player.units[name], fixes) for name, fixes in of_unit.items()))
    return []


async def find_way(player: Player, action: does.FindWay) -> list[News]:
    """The way, as the vehicle's own device asks it."""
    unit = player.units[action.call_sign]
    body = {"origin": place_of(action.origin), "target": place_of(action.target)}
    if unit.device is not None:
        found = await player.client.device(unit.device, "POST", "/api/route", body)
    else:
        found = await player.dispatcher(action.call_sign, "POST", "/api/route", body)
    path = straight(action.origin, action.target)
    if found["eta_s"] is not None and found["geometry"] is not None:
        points = [GeoPoint(lat=lat, lon=lon) for lon, lat in found["geometry"]["coordinates"]]
        path = timed(points, [(one["begins_at"], one["time_s"]) for one in found["steps"]], found["eta_s"])
    return [WayFound(action.call_sign, action.number, path)]
