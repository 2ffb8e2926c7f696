from __future__ import annotations

import pytest
from factories.desk import Desk, made, refused

pytestmark = pytest.mark.database


async def test_earlier_calls_of_a_masked_number_are_told_without_it(desk: Desk) -> None:
    client = await desk.as_()
    earlier = await desk.call(phone="138 1234 1234")
    incident = await desk.incident(call_id=earlier["id"])
    await desk.call(phone="13900000000")
    call = await desk.call(phone="138-1234-1234")
    told = made(await client.get(f"/api/calls/{call['id']}/history"))
    assert [one["id"] for one in told["calls"]] == [earlier["id"]]
    assert [one["number"] for one in told["incidents"]] == [incident["number"]]
    assert "13812341234" not in str(told)
    assert await desk.lines("call.viewed") == []
    nameless = await desk.call()
    assert made(await client.get(f"/api/calls/{nameless['id']}/history")) == {"calls": [], "incidents": []}
    refused(await (await desk.as_("crew")).get(f"/api/calls/{call['id']}/history"), 403, "permission.refused")
