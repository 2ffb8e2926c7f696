"""Past moments: as they were live then, whatever came afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from factories.desk import PLACE, Desk, made, refused
from factories.incidents import REGION
from factories.on_duty import OnDuty
from factories.playing import make_fleet_and_people, play_hours
from factories.simulation import START

from api.dispatching import board as assignments
from api.fleet import board as fleet
from api.incidents import board as incidents
from api.replay.telling import told_then
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.simulation.rules_figures import INVENTED

pytestmark = pytest.mark.database
State = dict[str, dict[str, dict[str, Any]]]
_UNKNOWN_THEN = {"version"}


def keyed(rows: list[Any], only: set[str] | None = None) -> dict[str, dict[str, Any]]:
    told = [msgspec.to_builtins(row) for row in rows]
    return {
        row["id"]: {key: row[key] for key in row if key not in _UNKNOWN_THEN and (only is None or key in only)}
        for row in told
    }


async def live(database: Database, now: datetime) -> State:
    async with database.read() as session:
        rows = await assignments.rows(session, REGION, now)
        return {
            "incidents": keyed(await incidents.rows(session, REGION, now)),
            "units": keyed(await fleet.rows(session, REGION, now)),
            "assignments": keyed(rows, {"id", "unit_id", "incident_id", "status", "acknowledged_at", "promised_at"}),
        }


async def replayed(database: Database, at: datetime) -> State:
    async with database.read() as session:
        told = await told_then(session, REGION, at)
    only = {"id", "unit_id", "incident_id", "status", "acknowledged_at", "promised_at"}
    return {
        "incidents": keyed(told.incidents),
        "units": keyed(told.units),
        "assignments": keyed(told.assignments, only),
    }


async def test_a_played_day_is_told_as_it_was_live(database: Database) -> None:
    clock = ManualClock(START)
    await make_fleet_and_people(database, clock, vehicles=6, figures=INVENTED)
    then: dict[datetime, State] = {}
    for part in range(3):
        await play_hours(database, 0.3, clock=clock, seed=7 + part, per_day=150.0)
        then[clock.now()] = await live(database, clock.now())
        clock.advance(timedelta(seconds=1))
    assert any(state["assignments"] for state in then.values())
    for at, state in then.items():
        told = await replayed(database, at)
        for what, rows in state.items():
            words = {key: row.pop("words") for key, row in told[what].items()} if what == "incidents" else {}
            for key in words:
                rows[key].pop("words")
            assert told[what] == rows, (at, what)


async def test_what_was_corrected_later_stands_as_it_was_told(duty: OnDuty) -> None:
    duty.later(1)
    told = await duty.say("阿-01", "out_of_service", reason="fuel")
    duty.later(60)
    before = duty.clock.now()
    duty.later(60)
    at = (before - timedelta(seconds=30)).isoformat()
    corrected = await duty.post(f"status-entries/{told['entry_id']}/correction", at=at)
    assert corrected.status_code == 200, corrected.text
    now = duty.clock.now()

    async def since(moment: datetime) -> Any:  # noqa: ANN401 - a value of JSON
        answered = made(await duty.client.get("/api/replay", params={"at": moment.isoformat()}))
        (row,) = (row for row in answered["units"] if row["call_sign"] == "阿-01")
        return row["status"], row["reason"], datetime.fromisoformat(row["since"])

    assert await since(before) == ("out_of_service", "fuel", before - timedelta(seconds=60))
    assert await since(now) == ("out_of_service", "fuel", before - timedelta(seconds=30))


async def test_an_incident_goes_back_to_its_earlier_place_and_priority(desk: Desk) -> None:
    client, incident = await desk.as_(), await desk.incident()
    first = desk.clock.now()
    desk.later(minutes=1)
    made(await client.post(f"/api/incidents/{incident['id']}/priority", json={"priority": "P1"}))
    place = {"lat": 41.17, "lon": 80.27, "words": "示例路13号"}
    body = {"version": incident["version"] + 1, "place": place, "people": 4}
    made(await client.patch(f"/api/incidents/{incident['id']}", json=body))
    second = desk.clock.now()
    desk.later(minutes=1)
    made(await client.post(f"/api/incidents/{incident['id']}/cancel", json={"reason": "no_emergency"}))

    async def row(moment: datetime) -> list[Any]:
        answered = made(await client.get("/api/replay", params={"at": moment.isoformat()}))
        names = ("priority", "lat", "words", "people", "active")
        return [tuple(one[name] for name in names) for one in answered["incidents"]]

    assert await row(first - timedelta(seconds=1)) == []
    assert await row(first) == [("P2", PLACE["lat"], "示例路****", None, True)]
    assert await row(second) == [("P1", 41.17, "示例路****", 4, True)]
    assert await row(desk.clock.now()) == []


async def test_a_track_has_one_position_of_each_span(duty: OnDuty) -> None:
    duty.later(10)
    start, unit = duty.clock.now(), duty.units["阿-01"]
    for step in range(4):
        fix = {"lat": 41.17 + step / 1_000, "lon": 80.26, "at": duty.clock.now().isoformat()}
        assert (await duty.post("fleet/positions", duty.device("阿-01"), fixes=[fix])).status_code == 200
        duty.later(5)
    await duty.say("阿-02", "out_of_service", reason="meal")
    duty.later(1)
    asked = {"from": start.isoformat(), "until": duty.clock.now().isoformat(), "every_s": 10}
    told = made(await duty.client.get("/api/replay/track", params=asked))
    ((track_of, points),) = ((one["unit_id"], one["points"]) for one in told["tracks"])
    assert track_of == str(unit)
    assert [point[:2] for point in points] == [[5.0, 41.171], [15.0, 41.173]]
    assert [one["type"] for one in told["happened"]] == ["unit.status_changed"]
    longer = {**asked, "from": (start - timedelta(hours=2)).isoformat()}
    refused(await duty.client.get("/api/replay/track", params=longer), 422, "replay.span")


async def test_the_past_is_for_those_who_see_all_of_the_present(desk: Desk) -> None:
    now = {"at": desk.clock.now().isoformat()}
    made(await (await desk.as_("supervisor")).get("/api/replay", params=now))
    for role in ("crew", "administrator"):
        refused(await (await desk.as_(role)).get("/api/replay", params=now), 403, "permission.refused")
    later = {"at": (desk.clock.now() + timedelta(minutes=1)).isoformat()}
    refused(await (await desk.as_()).get("/api/replay", params=later), 422, "replay.moment")
    refused(await (await desk.as_()).get("/api/replay"), 422, "request.invalid")
