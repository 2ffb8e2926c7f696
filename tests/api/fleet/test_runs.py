"""Timed runs over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.on_duty import OnDuty

from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database


def plan(duty: OnDuty, after_s: float = 0.0, hours: float = 4.0) -> dict[str, Any]:
    begin = duty.clock.now() + timedelta(seconds=after_s)
    end = begin + timedelta(hours=hours)
    return {"kind": "standby", "from_at": begin.isoformat(), "until_at": end.isoformat(), "place": "示例体育馆"}


async def test_a_stand_by_is_planned_moved_begun_and_ended_and_the_unit_is_offered(duty: OnDuty) -> None:
    unit = duty.units["阿-01"]
    made = await duty.post(f"fleet/{unit}/runs", **plan(duty), **duty.service.at("G"))
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    run, times = made.json()["id"], plan(duty, hours=5)
    moved = await duty.client.patch(
        f"/api/runs/{run}", json={"from_at": times["from_at"], "until_at": times["until_at"], "version": 1}
    )
    assert (moved.status_code, moved.json()["version"]) == (200, 2)
    stale = await duty.client.patch(
        f"/api/runs/{run}", json={"from_at": times["from_at"], "until_at": times["until_at"], "version": 1}
    )
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["version"]) == (409, "run.outdated", 2)
    begun = await duty.post(f"runs/{run}/start")
    assert (begun.json()["run"]["state"], begun.json()["unit"]["status"]) == ("started", "standby")
    assert begun.json()["unit"]["expected_end_at"] == times["until_at"].replace("+00:00", "Z")
    twice = await duty.post(f"runs/{run}/start")
    assert (twice.status_code, twice.json()["code"]) == (409, "run.not_planned")
    late = await duty.client.post(f"/api/runs/{run}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "run.begun")
    waits = await duty.incident(priority=Priority.P1)
    duty.later(60)
    ended = await duty.post(f"runs/{run}/end", source="voice")
    assert (ended.json()["run"]["state"], ended.json()["unit"]["available"]) == ("ended", True)
    assert [line["incident_id"] for line in await duty.lines("queue.offered")] == [str(waits)]
    listed = (await duty.client.get(f"/api/fleet/{unit}/runs")).json()["runs"]
    assert [one["id"] for one in listed] == [run]


async def test_runs_that_cannot_be_are_refused(duty: OnDuty) -> None:
    unit = duty.units["阿-01"]
    assert (await duty.post(f"fleet/{unit}/runs", **plan(duty))).status_code == 201
    unknown = "00000000-0000-7000-8000-000000000000"
    later = (await duty.post(f"fleet/{unit}/runs", **plan(duty, 20_000))).json()["id"]
    told = [
        await duty.post(f"fleet/{unit}/runs", **plan(duty, 60)),
        await duty.post(f"fleet/{unit}/runs", **plan(duty, 0, -1)),
        await duty.post(f"fleet/{unit}/runs", **plan(duty) | {"place": ""}),
        await duty.post(f"fleet/{unit}/runs", **plan(duty) | {"lat": 41.0}),
        await duty.post(f"fleet/{unknown}/runs", **plan(duty)),
        await duty.post(f"runs/{unknown}/start"),
        await duty.post(f"runs/{later}/end"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [
        (409, "run.overlap"),
        (422, "run.times"),
        (422, "request.invalid"),
        (422, "request.invalid"),
        (404, "unit.not_found"),
        (404, "run.not_found"),
        (409, "run.not_begun"),
    ]
    gone = await duty.client.post(f"/api/runs/{later}/cancel")
    assert (gone.json()["state"], (await duty.client.post(f"/api/runs/{later}/cancel")).status_code) == (
        "cancelled",
        200,
    )
