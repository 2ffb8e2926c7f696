"""What time brings by itself, in one process at a time."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import timedelta

import pytest
from factories.on_duty import OnDuty
from sqlalchemy import event, text

from api.deadlines import Deadlines

LOOKING = ContextVar("looking", default=False)
"""What the rest of the service asks at the same time does not count."""
pytestmark = pytest.mark.database


def deadlines(duty: OnDuty) -> Deadlines:
    found: Deadlines = duty.service.app.state.deadlines
    return found


async def sent(duty: OnDuty, call_sign: str, letter: str = "F", **told: object) -> str:
    incident = await duty.incident(letter)
    if "recommended" in told:
        told = {"recommendation_id": (await duty.post(f"incidents/{incident}/recommendation")).json()["id"]}
    answered = await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units[call_sign]), **told)
    assert answered.status_code == 201, answered.text
    return str(answered.json()["id"])


async def sent_to(duty: OnDuty, call_sign: str) -> str:
    return str((await duty.row(call_sign))["assignment"]["assignment_id"])


async def test_a_crew_that_never_answers_is_told_of_once(duty: OnDuty) -> None:
    silent, answers = await sent(duty, "阿-01"), await sent(duty, "阿-02")
    await duty.post(f"assignments/{answers}/times", duty.device("阿-02"), point="T4")
    duty.later(59)
    assert await deadlines(duty).look()
    assert await duty.lines("assignment.unacknowledged") == []
    duty.later(2)
    for _ in range(2):
        assert await deadlines(duty).look()
    assert [line["assignment_id"] for line in await duty.lines("assignment.unacknowledged")] == [silent]
    rows = (await duty.client.get("/api/assignments")).json()["assignments"]
    assert {row["id"]: row["escalated_at"] is not None for row in rows} == {silent: True, answers: False}


async def test_a_look_asks_as_much_of_one_vehicle_under_way_as_of_four(duty: OnDuty) -> None:
    told: list[str] = []

    def note(*arguments: object) -> None:
        if LOOKING.get():
            told.append(str(arguments[2]))

    async def asked() -> int:
        assert await deadlines(duty).look()  # reads what the orders wrote
        told.clear()
        looking = LOOKING.set(True)
        assert await deadlines(duty).look()
        LOOKING.reset(looking)
        return len(told)

    await sent(duty, "阿-01")
    duty.later(30)
    event.listen(duty.service.parts.database.engine.sync_engine, "before_cursor_execute", note)
    of_one = await asked()
    assert of_one > 0
    for name in ("阿-02", "师-07", "师-08"):
        await sent(duty, name)
    for name in ("阿-01", "阿-02"):
        await duty.say(name, "en_route", duty.device(name))
    duty.later(59)
    await duty.post(f"assignments/{await sent_to(duty, '师-07')}/times", duty.device("师-07"), point="T4")
    await duty.say("师-08", "en_route", duty.device("师-08"))
    duty.later(2)
    assert await asked() == of_one
    assert await duty.lines("assignment.unacknowledged") == []


async def test_one_process_looks_and_another_takes_over(duty: OnDuty) -> None:
    state = duty.service.app.state
    other = Deadlines(duty.service.parts, state.live, state.doorkeeper.digester, every_s=600.0)
    assert await deadlines(duty).look()
    assert not await other.look()
    async with other.running():
        await duty.stop_deadlines()
        assert await other.look()
        await sent(duty, "阿-01")
        duty.later(61)
        assert await other.look()
    assert len(await duty.lines("assignment.unacknowledged")) == 1


async def test_a_unit_that_frees_and_would_be_there_sooner_is_suggested(duty: OnDuty) -> None:
    slow = {"reason": "沙尘暴", "centre": duty.service.at("F"), "radius_m": 5_000, "speed_factor": 0.02}
    assert (await duty.client.post("/api/closures", json=slow)).status_code == 201
    for name in ("阿-01", "阿-02"):
        await duty.say(name, "relief")
    run = await sent(duty, "师-07", "E", recommended=True)
    assert await deadlines(duty).look()
    duty.later(1)
    await duty.say("阿-02", "at_station", duty.device("阿-02"))
    assert await deadlines(duty).look()
    (told,) = await duty.lines("assignment.swap_suggested")
    assert (told["assignment_id"], told["nearer_unit_id"]) == (run, str(duty.units["阿-02"]))
    assert told["nearer_s"] + 120 <= told["remaining_s"]
    assert (await duty.row("师-07"))["assignment"]["assignment_id"] == run, "never done"


async def test_days_are_made_ahead(duty: OnDuty) -> None:
    days = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'unit_positions_days'")
    counts = []
    for after in (timedelta(0), timedelta(minutes=59), timedelta(days=1)):
        duty.clock.advance(after)
        assert await deadlines(duty).look()
        async with duty.service.parts.database.read() as session:
            counts.append(await session.scalar(days))
    assert counts == [4, 4, 5], "today and three days ahead"
