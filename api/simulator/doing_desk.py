"""What the exchange and the simulated dispatchers do, as requests of the public API."""

from __future__ import annotations

from api.simulator.client import uuid_of
from api.simulator.player import Player, place_of
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_patients import PatientOutcome, PatientState
from dispatch.simulation import rules_actions as does
from dispatch.simulation.rules_news import CalledBack, CallTaken, Choice, IncidentMade, News, Recommended, Refused
from dispatch.simulation.service_words import incident_of, moved_place


async def signals(player: Player, action: does.Signals) -> list[News]:
    """The exchange reports."""
    await player.exchange(action.caller, action.signal, player.timeline.real())
    return []


async def answer(player: Player, action: does.Answer) -> list[News]:
    """The simulated dispatcher takes a call; the exchange tells it too."""
    key = action.caller.key
    await player.dispatcher(key, "POST", f"/api/calls/{player.call(key)}/answer", {})
    await player.exchange(action.caller, Signal.ANSWERED, player.timeline.real())
    return [CallTaken(key, by_person=False)]


async def settle(player: Player, action: does.Settle) -> list[News]:
    """A call without an incident."""
    path = f"/api/calls/{player.call(action.key)}/outcome"
    await player.dispatcher(action.key, "POST", path, {"outcome": action.outcome})
    return []


async def pass_on(player: Player, action: does.PassOn) -> list[News]:
    """A call for the police."""
    path = f"/api/calls/{player.call(action.key)}/transfers"
    await player.dispatcher(action.key, "POST", path, {"kind": "passed", "agency": "110"}, part="pass")
    return []


async def call_back(player: Player, action: does.CallBack) -> list[News]:
    """Somebody is called back, or given up; refused when nobody waits for it any more."""
    key = action.caller.key
    waiting = (await player.dispatcher(key, "GET", "/api/call-backs", None))["call_backs"]
    entry = next((one["id"] for one in waiting if one["call_id"] == str(player.call(key))), None)
    if entry is None:
        return [Refused(action, "call_back.transition")]
    if action.met is None:
        await player.dispatcher(key, "POST", f"/api/call-backs/{entry}/give-up", {})
    else:
        await player.dispatcher(key, "POST", f"/api/call-backs/{entry}/attempts", {"met": action.met})
    return [CalledBack(key, action.met)]


async def link(player: Player, action: does.Link) -> list[News]:
    """A further call about an incident."""
    path = f"/api/calls/{player.call(action.key)}/link"
    await player.dispatcher(action.key, "POST", path, {"incident_id": action.incident_id, "kind": action.kind})
    return []


async def open_(player: Player, action: does.Open) -> list[News]:
    """The incident of a call."""
    key = action.caller.key
    new = incident_of(player.setting.figures, action.caller, player.call(key))
    place = new.place
    body = {
        "priority": new.priority, "complaint": new.complaint, "capabilities": new.capabilities, "note": new.note,
        "call_id": new.call_id,
        "place": None if place is None else {"lat": place.lat, "lon": place.lon, "words": place.words, "source": "map"},
    }  # fmt: skip
    row = await player.dispatcher(key, "POST", "/api/incidents", body, part="open")
    incident_id = uuid_of(row["id"])
    player.openers[incident_id] = key
    return [IncidentMade(key, incident_id, row["number"])]


async def recommend(player: Player, action: does.Recommend) -> list[News]:
    """Whom to send."""
    key = player.openers[action.incident_id]
    made = await player.dispatcher(key, "POST", f"/api/incidents/{action.incident_id}/recommendation", {})
    choices = [
        Choice(one["call_sign"], one["eta_s"], diverted=one["diverted_from"] is not None)
        for one in made["offers"]
        if one["can_go"]
    ]
    return [Recommended(action.incident_id, uuid_of(made["id"]), tuple(choices))]


async def order(player: Player, action: does.Order) -> list[News]:
    """Send a unit; the feed tells it."""
    key, unit = player.openers[action.incident_id], player.units[action.call_sign]
    body = {
        "unit_id": unit.id, "recommendation_id": action.recommendation_id, "reason": action.reason,
        "divert": action.divert,
    }  # fmt: skip
    path = f"/api/incidents/{action.incident_id}/assignments"
    await player.dispatcher(key, "POST", path, body, part=f"{action.recommendation_id}-{unit.id}")
    return []


async def close(player: Player, action: does.Close) -> list[News]:
    """Close an incident; the feed tells it."""
    await player.of_incident(action.incident_id, "close", {})
    return []


async def settle_left(player: Player, action: does.SettleLeft) -> list[News]:
    """Patients of whom nobody speaks any more were treated, and left, as far as anybody knows."""
    key = player.openers[action.incident_id]
    known = await player.dispatcher(key, "GET", f"/api/incidents/{action.incident_id}", None)
    for patient in known["patients"]:
        if patient["state"] != PatientState.OPEN:
            continue
        path = f"/api/patients/{patient['id']}"
        for unit in patient["units"]:
            await player.dispatcher(key, "POST", f"{path}/care/end", unit)
        await player.dispatcher(key, "POST", f"{path}/outcome", {"outcome": {"outcome": PatientOutcome.TREATED_LEFT}})
    return []


async def cancel(player: Player, action: does.CancelIncident) -> list[News]:
    """Cancel an incident; the feed tells it."""
    await player.of_incident(action.incident_id, "cancel", {"reason": action.reason})
    return []


async def watch(_player: Player, _action: does.Watch) -> list[News]:
    """The service watches by itself."""
    return []


async def move_place(player: Player, action: does.MovePlace) -> list[News]:
    """The patients of an incident are somewhere else now."""
    key, path = player.openers[action.incident_id], f"/api/incidents/{action.incident_id}"
    known = await player.dispatcher(key, "GET", path, None)
    place = moved_place(action)
    body = {
        "version": known["incident"]["version"],
        "place": {"lat": place.lat, "lon": place.lon, "words": place.words, "source": "map"},
    }
    await player.dispatcher(key, "PATCH", path, body)
    return []


async def begin_tour(player: Player, action: does.BeginTour) -> list[News]:
    """A timed run is planned and begun."""
    unit = player.units[action.call_sign]
    body = {
        "kind": action.kind, "from_at": player.timeline.real(), "until_at": player.real(action.until),
        "place": action.words, **place_of(action.point),
    }  # fmt: skip
    run = await player.dispatcher(action.key, "POST", f"/api/fleet/{unit.id}/runs", body)
    player.tours[action.key] = uuid_of(run["id"])
    await player.dispatcher(action.key, "POST", f"/api/runs/{run['id']}/start", {})
    return []


async def end_tour(player: Player, action: does.EndTour) -> list[News]:
    """A timed run is over."""
    await player.dispatcher(action.key, "POST", f"/api/runs/{player.tours.pop(action.key)}/end", {})
    return []
