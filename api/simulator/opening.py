"""How everything stands when a day begins, asked of the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from api.simulator.client import uuid_of
from api.simulator.player import RECORDINGS, SUFFIX, Player
from dispatch.incidents.states_calls import CallState, Origin, Signal
from dispatch.incidents.states_incidents import IncidentState
from dispatch.incidents.states_patients import PatientState
from dispatch.simulation.rules_day import Day, begin
from dispatch.simulation.rules_resuming import IncidentStanding, RunStanding, UnitStanding, cases_of, owed_of, standing
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint

Row = Mapping[str, Any]


async def open_day(player: Player, played: frozenset[UUID]) -> Day:
    """Ask for units and incidents, and begin the day with them. played: the ids of people who are played."""
    setting, fleet = player.setting, await _ask(player, "/api/fleet")
    incidents: dict[UUID, Row] = {}
    for row in (await _ask(player, "/api/incidents"))["incidents"]:
        incidents[uuid_of(row["id"])] = await _ask(player, f"/api/incidents/{row['id']}")
    stands = [
        await _unit(player, row, incidents, played) for row in fleet["units"] if row["call_sign"] in setting.vehicles
    ]
    crews, scenes = standing(setting, stands)
    mine = [
        IncidentStanding(key, one["incident"]["number"], waits=one["incident"]["state"] == IncidentState.OPEN)
        for key, one in incidents.items()
        if _only_by(played, (*one["places"], *one["priorities"], *one["notes"]))
    ]
    player.openers |= {one.incident_id: one.key for one in mine}
    owed = await _left_over(player)
    return begin(
        setting, crews, scenes, cases_of(setting, mine), owed_of(setting, owed) if setting.habits.dispatcher else {}
    )


async def _left_over(player: Player) -> list[str]:
    """Hang up what still rings since an earlier day broke off; return keys for all who are to be called back."""
    for row in (await _ask(player, "/api/calls"))["calls"]:
        if row["state"] in (CallState.RINGING, CallState.ANSWERED) and row["origin"] == Origin.EXCHANGE:
            told = await _ask(player, f"/api/calls/{row['id']}?whole=true")
            ref = told["recording"].removeprefix(RECORDINGS).removesuffix(SUFFIX)
            if ref != told["recording"] and not ref.startswith(player.run):
                event = {
                    "event_id": f"{ref}-cut",
                    "call_ref": ref,
                    "signal": Signal.ENDED,
                    "at": player.timeline.real(),
                }
                await player.client.device(player.props.exchange, "POST", "/api/calls/events", event)
    keys: list[str] = []
    for entry in (await _ask(player, "/api/call-backs"))["call_backs"]:
        keys.append(f"before-{entry['call_id']}")
        player.calls[keys[-1]] = uuid_of(entry["call_id"])
    return keys


async def _unit(player: Player, row: Row, incidents: Mapping[UUID, Row], played: frozenset[UUID]) -> UnitStanding:
    unit = player.units[row["call_sign"]]
    run = None
    if row["assignment"] is not None:
        incident_id = uuid_of(row["assignment"]["incident_id"])
        if incident_id in incidents:
            run = await _run(player, row, incidents[incident_id], played)
    place = row["position"]
    return UnitStanding(
        row["call_sign"], UnitStatus(row["status"]), GeoPoint(lat=place["lat"], lon=place["lon"]),
        team=0 if row["crew"] and unit.teams else None, until=_time(row["expected_end_at"]), run=run,
    )  # fmt: skip


async def _run(player: Player, row: Row, known: Row, played: frozenset[UUID]) -> RunStanding:
    incident, assignment_id = known["incident"], uuid_of(row["assignment"]["assignment_id"])
    incident_id = uuid_of(incident["id"])
    carried = [
        uuid_of(one["id"])
        for one in known["patients"]
        if one["state"] == PatientState.OPEN and any(unit["unit_id"] == row["id"] for unit in one["units"])
    ]
    begun = sum(key[0] == incident_id for key in player.patients)
    player.patients |= {(incident_id, begun + place): one for place, one in enumerate(carried)}
    ordered = (await _ask(player, f"/api/assignments/{assignment_id}"))["times"]
    by_person = not _only_by(played, [one for one in ordered if one["point"] == "T3"], field="actor")
    point = None if incident["lat"] is None else GeoPoint(lat=incident["lat"], lon=incident["lon"])
    return RunStanding(
        assignment_id, incident_id, incident["number"], incident["complaint"], point, by_person, len(carried)
    )


def _only_by(played: frozenset[UUID], rows: Iterable[Row], field: str = "author") -> bool:
    """Whether nobody had a hand in it but those who are played."""
    authors = {str(row[field]) for row in rows}
    return bool(authors) and authors <= {f"person:{one}" for one in played}


async def _ask(player: Player, path: str) -> Any:  # noqa: ANN401 - JSON
    return await player.client.person(player.props.desks[0].dispatcher, "GET", path)


def _time(value: str | None) -> datetime | None:
    return None if value is None else msgspec.convert(value, datetime)
