"""Signing on and off for a shift over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.desk import Desk, made, refused
from factories.people import context
from sqlalchemy import select

from dispatch.accounts.service_people import lock
from dispatch.kernel.journal_table import JournalLine

pytestmark = pytest.mark.database


async def present(desk: Desk) -> list[tuple[str, str]]:
    told = made(await (await desk.as_()).get("/api/duty"))
    return [(one["role"], one["name"]) for one in told["on_duty"]]


async def test_who_signed_on_is_on_duty_until_signing_off(desk: Desk) -> None:
    supervisor = await desk.as_("supervisor")
    told = made(await supervisor.post("/api/duty", json={"role": "supervisor"}))
    (one,) = told["on_duty"]
    assert (one["name"], one["organisation"]) == ("示例 supervisor", "aksu-prefecture")
    assert one["until"] == (desk.clock.now() + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    doctor = await desk.as_("emergency_doctor")
    made(await doctor.post("/api/duty", json={"role": "emergency_doctor"}))
    assert await present(desk) == [
        ("supervisor", "示例 supervisor"),
        ("emergency_doctor", "示例 emergency_doctor"),
    ]
    assert made(await supervisor.delete("/api/duty/supervisor"))["on_duty"][0]["role"] == "emergency_doctor"
    refused(await supervisor.delete("/api/duty/supervisor"), 409, "duty.none")
    assert [line["role"] for line in await desk.lines("duty.began")] == ["supervisor", "emergency_doctor"]
    assert len(await desk.lines("duty.ended")) == 1
    assert "示例" not in str(await desk.lines("duty.began"))


async def test_a_duty_runs_out_is_made_longer_and_begins_anew(desk: Desk) -> None:
    supervisor = await desk.as_("supervisor")
    until = (desk.clock.now() + timedelta(minutes=20)).isoformat()
    made(await supervisor.post("/api/duty", json={"role": "supervisor", "until": until}))
    later = (desk.clock.now() + timedelta(minutes=40)).isoformat()
    made(await supervisor.post("/api/duty", json={"role": "supervisor", "until": later}))
    desk.later(minutes=30)
    assert len(await present(desk)) == 1
    desk.later(minutes=10)
    assert await present(desk) == []
    refused(await supervisor.delete("/api/duty/supervisor"), 409, "duty.none")
    made(await supervisor.post("/api/duty", json={"role": "supervisor"}))
    assert len(await present(desk)) == 1


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"role": "emergency_doctor"}, 403, "duty.not_yours"),
        ({"role": "supervisor", "until": "2020-01-01T00:00:00Z"}, 422, "duty.until"),
        ({"role": "supervisor", "until": "2030-01-01T00:00:00Z"}, 422, "duty.until"),
        ({"role": "chief"}, 422, "request.invalid"),
    ],
)
async def test_what_cannot_be_is_refused(desk: Desk, told: dict[str, Any], status: int, code: str) -> None:
    refused(await (await desk.as_("supervisor")).post("/api/duty", json=told), status, code)
    assert await present(desk) == []


async def test_who_may_not_log_in_is_not_on_duty(desk: Desk) -> None:
    made(await (await desk.as_("supervisor")).post("/api/duty", json={"role": "supervisor"}))
    async with desk.database.write() as session:
        await lock(session, desk.clock, context(desk.clock), desk.people["supervisor"])
    assert await present(desk) == []


async def test_who_forgot_to_sign_off_is_signed_off_by_somebody_who_may(desk: Desk) -> None:
    doctor, supervisor = await desk.as_("emergency_doctor"), await desk.as_("supervisor")
    made(await doctor.post("/api/duty", json={"role": "emergency_doctor"}))
    path = f"/api/people/{desk.people['emergency_doctor']}/duty"
    refused(await (await desk.as_()).delete(f"{path}/emergency_doctor"), 403, "permission.refused")
    refused(await supervisor.delete(f"{path}/supervisor"), 409, "duty.none")
    assert made(await supervisor.delete(f"{path}/emergency_doctor"))["on_duty"] == []
    refused(await supervisor.delete(f"{path}/emergency_doctor"), 409, "duty.none")
    refused(await doctor.delete("/api/duty/emergency_doctor"), 409, "duty.none")
    async with desk.database.read() as session:
        (line,) = await session.scalars(select(JournalLine).where(JournalLine.type == "duty.ended"))
    assert line.payload["person_id"] == str(desk.people["emergency_doctor"])
    assert line.actor == f"person:{desk.people['supervisor']}"


async def test_an_administrator_signs_off_only_people_of_their_own_organisation(desk: Desk) -> None:
    made(await (await desk.as_("supervisor")).post("/api/duty", json={"role": "supervisor"}))
    path = f"/api/people/{desk.people['supervisor']}/duty/supervisor"
    refused(await (await desk.as_("other")).delete(path), 403, "permission.refused")
    assert len(await present(desk)) == 1
    assert made(await (await desk.as_("administrator")).delete(path))["on_duty"] == []
