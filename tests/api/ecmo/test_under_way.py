"""A circuit under way: what its stream alarms, told to the case and to dispatch, acknowledged by each side by name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from factories.desk import made, refused
from factories.live import Hall
from factories.missions import BY_ROAD, begin_mission
from factories.patience import PATIENCE_S
from factories.receiving import hospitals
from factories.vehicles import device, open_line
from factories.watching import attach, desk, patient, send, until

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.ecmo.rules_oxygen import Demand
from dispatch.ecmo.service_journey import choose_plan
from dispatch.ecmo.service_kit import tell_demand
from dispatch.ecmo.tables_missions import EcmoMission
from dispatch.kernel.ids import new_id
from dispatch.telemetry.rules_payloads import Value, Values
from dispatch.telemetry.states import Kind, Stream

pytestmark = pytest.mark.database
ECMO = Stream(Kind.ECMO, 1)
WELL = {"flow": 4.2, "speed": 3400, "pre_membrane": 200, "post_membrane": 175, "sweep": 6, "mains": 1}


def sent(**changed: float) -> Values:
    named = {**WELL, **changed}
    return Values(tuple(Value(SIGNALS.by_name[f"ecmo_{name}"].number, value) for name, value in named.items()))


async def looked(
    client: httpx.AsyncClient, where: str, shown: Callable[[list[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    """Look at a case until its alarms are so."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told: list[dict[str, Any]] = made(await client.get(f"{where}/measured"))["alarms"]
            if shown(told):
                return told
            await asyncio.sleep(0.05)


async def test_an_alarm_of_the_circuit_is_told_late_data_are_marked_and_each_side_acknowledges(hall: Hall) -> None:
    who = await patient(hall, 46)
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        await attach(hall, client, who, 3_600.0)
        request_id = new_id(hall.centre.clock)
        where = f"/ecmo/requests/{request_id}"
        made(await client.put(where, json={"mode": "va", "patient_id": str(who), "age_years": 46}))
        # Now the pressure drop is too high; what was sent in the gorge, forty minutes ago, comes after it.
        for second in range(12):
            await send(line, second + 100, sent(pre_membrane=230), second - 20.0, ECMO)
        (alarm,) = await looked(client, where, bool)
        assert (alarm["code"], alarm["priority"], alarm["signal"], alarm["unit"]) == (
            "circuit.drop_high", "medium", "ecmo_drop", "mm[Hg]",
        )  # fmt: skip
        assert (alarm["value"], alarm["bound"], alarm["late"]) == (55.0, 50.0, False)
        for second in range(14):
            await send(line, second + 1, sent(flow=1.4), second - 2_400.0, ECMO)
        told = await looked(client, where, lambda alarms: len(alarms) == 2)
        late = next(one for one in told if one["late"])
        assert (late["code"], late["priority"]) == ("circuit.flow_very_low", "high")
        # The dispatcher has it among the alarms of the incident.
        await until(client, ["circuit.drop_high", "circuit.flow_very_low"])
        seen = f"{where}/alarms/{alarm['id']}/acknowledgements"
        refused(await client.post(seen, json={"version": alarm["version"] + 1}), 409, "detection.changed")
        given = made(await client.post(seen, json={"version": alarm["version"]}))
        assert [(one["side"], one["name"]) for one in given["acknowledgements"]] == [("dispatch", "示例 dispatcher")]
        # Who coordinates at a centre has not seen it by that.
        headers = {"cookie": await hall.cookie("ecmo_coordinator")}
        async with httpx.AsyncClient(
            base_url=f"http://{hall.address}/api", headers=headers, timeout=PATIENCE_S
        ) as other:
            (own,) = [one for one in await looked(other, where, bool) if one["id"] == alarm["id"]]
            assert (own["acknowledged"], len(own["acknowledgements"])) == (False, 1)
            given = made(await other.post(seen, json={"version": own["version"]}))
            assert [one["side"] for one in given["acknowledgements"]] == ["dispatch", "hospital"]
        stranger = f"/ecmo/requests/{new_id(hall.centre.clock)}"
        made(await client.put(stranger, json={"mode": "vv"}))
        refused(
            await client.post(f"{stranger}/alarms/{alarm['id']}/acknowledgements", json={"version": 1}), 404,
            "detection.not_found",
        )  # fmt: skip


async def test_what_console_and_ventilator_tell_is_what_oxygen_is_reckoned_with(hall: Hall) -> None:
    who = await patient(hall, 46)
    near, far = await hospitals(hall.centre)
    async with hall.centre.database.write() as session:
        act = hall.centre.act(session)
        mission_id = await begin_mission(act, far, near)
        mission = await session.get_one(EcmoMission, mission_id)
        mission.patient_id = who
        await choose_plan(act, mission_id, BY_ROAD)
        await tell_demand(act, mission_id, Demand(5, 8, 2, 0.6))
    _, token = await device(hall)
    async with desk(hall) as client, open_line(hall, token) as line:
        await attach(hall, client, who)
        demand = made(await client.get(f"/ecmo/missions/{mission_id}"))["gas"]["demand"]
        assert (demand["sweep"], demand["fio2"], demand["minute_volume"], demand["measured"]) == (5, 0.6, 8, [])
        vitals = {"fio2": 80.0, "minute_volume": 6.5, "heart_rate": 90.0}
        await send(line, 1, Values(tuple(Value(SIGNALS.by_name[one].number, two) for one, two in vitals.items())), -2.0)
        await send(line, 1, sent(sweep=4.5), -1.0, ECMO)
        async with asyncio.timeout(PATIENCE_S):
            while len(demand["measured"]) < 3:
                await asyncio.sleep(0.05)
                demand = made(await client.get(f"/ecmo/missions/{mission_id}"))["gas"]["demand"]
        assert demand == {
            "sweep": 4.5, "minute_volume": 6.5, "fio2": 0.8, "bias": 2, "other": 0, "sweep_fio2": 1,
            "measured": ["fio2", "minute_volume", "sweep"],
        }  # fmt: skip
