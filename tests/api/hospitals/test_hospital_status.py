"""Hospitals say what they can take; both sides move their beds."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from factories.desk import Desk, made, refused
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role

pytestmark = pytest.mark.database


def saying(desk: Desk, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
    doctor = str(desk.people["emergency_doctor"])
    return {"service": "ecmo", "kind": "diverted", "reason": "staff", "doctor_id": doctor, **other}


async def the_hospital(desk: Desk, who: str = "dispatcher") -> dict[str, Any]:
    (hospital,) = made(await (await desk.as_(who)).get("/api/hospitals"))["hospitals"]
    return dict(hospital)


def state(hospital: dict[str, Any], service: str = "ecmo") -> tuple[str, bool]:
    return next((one["state"], one["overruled"]) for one in hospital["services"] if one["service"] == service)


async def test_a_diversion_is_told_lapses_and_is_ended(desk: Desk) -> None:
    doctor = await desk.as_("emergency_doctor")
    path = f"/api/hospitals/{desk.hospital}/limits"
    assert state(await the_hospital(desk)) == ("open", False)
    soon = (desk.clock.now() + timedelta(minutes=10)).isoformat()
    told = made(await doctor.post(path, json=saying(desk, until=soon)))
    # It is the only one that offers it: all divert, so none does.
    assert state(told) == ("open", True)
    assert state(told, "emergency") == ("open", False)
    limit = next(one["limit"] for one in told["services"] if one["service"] == "ecmo")
    refused(await doctor.post(path, json=saying(desk)), 409, "limit.holds")
    desk.later(minutes=10)
    assert state(await the_hospital(desk)) == ("open", False)
    refused(await doctor.post(f"/api/hospital-limits/{limit['id']}/end"), 409, "limit.over")

    until = (desk.clock.now() + timedelta(days=3)).isoformat()
    closed = made(await doctor.post(path, json=saying(desk, kind="closed", reason="equipment", until=until)))
    assert state(closed) == ("closed", False)
    limit = next(one["limit"] for one in closed["services"] if one["service"] == "ecmo")
    assert state(made(await doctor.post(f"/api/hospital-limits/{limit['id']}/end"))) == ("open", False)
    lines = await desk.lines("hospital.limited")
    assert [(one["kind"], one["doctor_id"]) for one in lines] == [
        ("diverted", str(desk.people["emergency_doctor"])),
        ("closed", str(desk.people["emergency_doctor"])),
    ]
    assert len(await desk.lines("hospital.limit_ended")) == 1


async def test_what_is_diverted_thrice_in_a_week_is_reported(desk: Desk) -> None:
    client = await desk.as_()
    for _ in range(3):
        soon = (desk.clock.now() + timedelta(minutes=5)).isoformat()
        made(await client.post(f"/api/hospitals/{desk.hospital}/limits", json=saying(desk, until=soon)))
        desk.later(minutes=5)
    told = made(await client.get("/api/hospital-limits"))
    assert [(one["kind"], one["doctor_name"] is not None) for one in told["limits"]] == [("diverted", True)] * 3
    assert told["repeated"] == [{"hospital_id": str(desk.hospital), "service": "ecmo", "times": 3}]


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [
        ({"service": "stroke"}, 422, "limit.service"),
        ({"service": "tea"}, 422, "request.invalid"),
        ({"until": "2026-01-01T00:00:00Z"}, 422, "limit.until"),
        ({"until": "2099-01-01T00:00:00Z"}, 422, "limit.too_long"),
        ({"until": "2026-01-01T00:00:00"}, 422, "request.invalid"),
        ({"kind": "closed"}, 422, "limit.until"),
        ({"doctor_id": "0198c0de-0000-7000-8000-000000000011"}, 404, "person.not_found"),
    ],
)
async def test_what_cannot_be_said_is_refused(desk: Desk, other: dict[str, Any], status: int, code: str) -> None:
    client = await desk.as_()
    refused(await client.post(f"/api/hospitals/{desk.hospital}/limits", json=saying(desk, **other)), status, code)
    assert await desk.lines("hospital.limited") == []


async def test_a_doctor_answers_for_it_and_speaks_for_the_own_hospital_only(desk: Desk) -> None:
    client = await desk.as_()
    path = f"/api/hospitals/{desk.hospital}/limits"
    nobody = saying(desk, doctor_id=str(desk.people["dispatcher"]))
    refused(await client.post(path, json=nobody), 422, "limit.doctor")
    async with desk.database.write() as session:
        await make_person(session, desk.clock, "other-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    other = await desk.as_("other-doctor")
    refused(await other.post(path, json=saying(desk)), 403, "permission.refused")
    count = {"kind": "icu", "move": "counted", "number": 3, "total": 20}
    refused(await other.post(f"/api/hospitals/{desk.hospital}/beds", json=count), 403, "permission.refused")
    refused(
        await client.post(path.replace(str(desk.hospital), str(desk.people["crew"])), json=saying(desk)),
        404,
        "hospital.not_found",
    )


async def test_both_sides_move_the_same_beds(desk: Desk) -> None:
    centre, doctor = await desk.as_(), await desk.as_("emergency_doctor")
    path = f"/api/hospitals/{desk.hospital}/beds"
    refused(await centre.post(path, json={"kind": "icu", "move": "held", "number": 1}), 409, "beds.unknown")
    counted = made(await doctor.post(path, json={"kind": "icu", "move": "counted", "number": 1, "total": 20}))
    (beds,) = counted["free_beds"]
    assert (beds["free"], beds["total"], beds["version"], beds["side"]) == (1, 20, 1, "hospital")
    held = made(await centre.post(path, json={"kind": "icu", "move": "held", "number": 1, "version": 1}))
    (beds,) = held["free_beds"]
    assert (beds["free"], beds["version"], beds["side"]) == (0, 2, "centre")
    refused(
        await doctor.post(path, json={"kind": "icu", "move": "admitted", "number": 1, "version": 1}),
        409,
        "beds.version",
    )
    refused(await doctor.post(path, json={"kind": "icu", "move": "admitted", "number": 1}), 409, "beds.none")
    made(await doctor.post(path, json={"kind": "icu", "move": "discharged", "number": 2}))
    moves = made(await centre.get(path))["moves"]
    assert [(one["move"], one["free"], one["side"]) for one in moves] == [
        ("discharged", 2, "hospital"),
        ("held", 0, "centre"),
        ("counted", 1, "hospital"),
    ]


async def test_of_two_who_hold_the_last_bed_one_gets_it(desk: Desk) -> None:
    client = await desk.as_()
    path = f"/api/hospitals/{desk.hospital}/beds"
    made(await client.post(path, json={"kind": "icu", "move": "counted", "number": 1, "total": 2}))
    hold = {"kind": "icu", "move": "held", "number": 1}
    answers = await asyncio.gather(*(client.post(path, json=hold) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409]
    assert (await the_hospital(desk))["free_beds"][0]["free"] == 0
