"""Destinations over HTTP, on real roads: ranked, chosen, answered, and the vehicle sent there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.desk import made, refused
from factories.fleet import CONTEXT
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION

from dispatch.accounts.states import Role
from dispatch.hospitals.service import import_hospitals
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.tabular import read_table

pytestmark = pytest.mark.database
HOSPITALS = {"near": ("G", CIVIL, "地方", "emergency"), "centre": ("L", CORPS, "兵团", "emergency;chest_pain;pci"),
             "island": ("X", CIVIL, "地方", "emergency;chest_pain")}  # fmt: skip


async def hospitals(duty: OnDuty) -> dict[str, str]:
    """The keys of three hospitals: one near, a centre further on, one that no road leads to."""
    at = duty.service.map.points
    rows = "".join(
        f"{code},示例医院{code},{owner},{system},{at[letter].lat},{at[letter].lon},{able}\n"
        for code, (letter, owner, system, able) in HOSPITALS.items()
    )
    head = "id,name_zh,organisation,system,lat,lon,capabilities\n"
    async with duty.service.parts.database.write() as session:
        table = read_table((head + rows).encode())
        report = await import_hospitals(session, duty.clock, CONTEXT, REGION, table, replace=True)
        assert report.ok, report.errors
    listed = made(await duty.client.get("/api/hospitals"))["hospitals"]
    return {one["id"]: one["key"] for one in listed}


async def patient(duty: OnDuty) -> tuple[UUID, str]:
    """An incident of chest pain at F with a man found there."""
    incident = await duty.incident("F", Priority.P1, needs="AB")
    found = made(await duty.client.post(f"/api/incidents/{incident}/patients", json={"sex": "male"}))
    return incident, found["id"]


async def ranked(duty: OnDuty, who: str, client: httpx.AsyncClient | None = None, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - a body
    return made(await (client or duty.client).post(f"/api/patients/{who}/destinations/ranking", json=asked))


async def test_a_centre_goes_first_and_for_an_arrest_the_nearest(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    _, who = await patient(duty)
    told = await ranked(duty, who)
    assert (told["pathway"], told["unheld"], told["bed"]) == ("chest", None, "resuscitation")
    assert [one["hospital_id"] for one in told["ranked"]] == [keys["centre"], keys["near"], keys["island"]]
    first, near, island = told["ranked"]
    assert first["eta_s"] > near["eta_s"] > 0
    assert set(first["remarks"]) == {"centre", "better", "bed_unknown", "bypass"}
    assert set(near["remarks"]) == {"no_centre", "bed_unknown", "nearest"}
    assert "estimate" in island["remarks"]
    arrest = await ranked(duty, who, unheld="arrest")
    assert arrest["ranked"][0]["hospital_id"] == keys["near"]
    assert set(arrest["ranked"][0]["remarks"]) == {"no_centre", "nearest", "nearest_rule"}
    lines = await duty.lines("destination.ranked")
    assert [(one["first_id"], one["unheld"]) for one in lines] == [(keys["centre"], None), (keys["near"], "arrest")]


async def test_a_choice_sends_the_vehicle_and_another_than_the_first_says_why(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    incident, who = await patient(duty)
    unit = str(duty.units["阿-01"])
    run = made(await duty.post(f"incidents/{incident}/assignments", unit_id=unit))
    told = await ranked(duty, who, unit_id=unit)
    choose = {"ranking_id": told["id"], "hospital_id": keys["near"]}
    path = f"patients/{who}/destinations"
    refused(await duty.post(path, **choose), 422, "destination.reason")
    refused(await duty.post(path, **choose | {"hospital_id": str(UUID(int=3))}), 422, "destination.hospital")
    refused(await duty.post(path, **choose | {"ranking_id": str(UUID(int=3))}), 404, "ranking.not_found")
    made(await duty.post(path, **choose, reason="family_wish"))
    again = made(await duty.post(path, **choose | {"hospital_id": keys["centre"]}))
    assert [(one["place"], one["reason"], one["superseded_at"] is None) for one in again["choices"]] == [
        (2, "family_wish", False), (1, None, True)
    ]  # fmt: skip
    there = made(await duty.client.get(f"/api/assignments/{run['id']}"))
    assert keys["centre"] in str(there)
    assert made(await duty.client.get(f"/api/{path}")) == again
    chosen = await duty.lines("destination.chosen")
    assert [(one["hospital_id"], one["place"]) for one in chosen] == [(keys["near"], 2), (keys["centre"], 1)]


async def test_a_crew_ranks_and_chooses_for_its_own_patient_only(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    incident, who = await patient(duty)
    crew = await duty.service.logged_in("crew-0-driver")
    refused(await crew.post(f"/api/patients/{who}/destinations/ranking", json={}), 403, "permission.refused")
    made(await duty.post(f"incidents/{incident}/assignments", unit_id=str(duty.units["阿-01"])))
    told = await ranked(duty, who, crew)
    choose = {"ranking_id": told["id"], "hospital_id": keys["centre"]}
    made(await crew.post(f"/api/patients/{who}/destinations", json=choose))


async def test_a_hospital_advises_and_refuses_only_where_another_has_accepted(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    _, who = await patient(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "corps-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    corps, civil = await duty.service.logged_in("corps-doctor"), await duty.service.logged_in("emergency_doctor")
    path = f"/api/patients/{who}/destinations/answers"
    say = {"hospital_id": keys["centre"], "answer": "refused", "other_id": keys["near"]}
    refused(await corps.post(path, json=say), 409, "answer.not_accepted")
    refused(await civil.post(path, json=say), 403, "permission.refused")
    refused(await corps.post(path, json=say | {"other_id": None}), 422, "answer.other")
    made(await corps.post(path, json=say | {"answer": "advised"}))
    made(await civil.post(path, json={"hospital_id": keys["near"], "answer": "accepted"}))
    told = made(await corps.post(path, json=say))
    assert [(one["answer"], one["other_id"]) for one in told["answers"]] == [
        ("advised", keys["near"]), ("accepted", None), ("refused", keys["near"])
    ]  # fmt: skip
    assert len(await duty.lines("destination.answered")) == 3


async def test_what_is_settled_or_nowhere_is_refused(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    _, who = await patient(duty)
    told = await ranked(duty, who)
    refused(await duty.post(f"patients/{UUID(int=4)}/destinations/ranking"), 404, "patient.not_found")
    body = {"unit_id": str(UUID(int=4))}
    refused(await duty.post(f"patients/{who}/destinations/ranking", **body), 404, "unit.not_found")
    made(await duty.post(f"patients/{who}/outcome", outcome={"outcome": "treated_left"}))
    choose = {"ranking_id": told["id"], "hospital_id": keys["centre"]}
    refused(await duty.post(f"patients/{who}/destinations", **choose), 409, "patient.settled")
    bare = made(await duty.client.post("/api/incidents", json={"priority": "P2", "complaint": "K03"}))
    nowhere = made(await duty.client.post(f"/api/incidents/{bare['id']}/patients", json={}))
    refused(await duty.post(f"patients/{nowhere['id']}/destinations/ranking"), 409, "destination.no_place")


async def test_whoever_is_chosen_sees_score_and_alarms_before_a_vehicle_is_sent_there(duty: OnDuty) -> None:
    keys = await hospitals(duty)
    incident, who = await patient(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "corps-doctor", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    corps = await duty.service.logged_in("corps-doctor")
    asked = (f"/api/patients/{who}/news2", f"/api/detections?patient_id={who}", f"/api/incidents/{incident}")
    told = await ranked(duty, who)
    choose = {"ranking_id": told["id"], "hospital_id": keys["centre"]}
    for one in asked:
        refused(await corps.get(one), 403, "permission.refused")
    made(await duty.post(f"patients/{who}/destinations", **choose))
    for one in asked:
        made(await corps.get(one))
    assert [one["id"] for one in made(await corps.get("/api/incidents"))["incidents"]] == [str(incident)]
    made(
        await duty.post(f"patients/{who}/destinations", **choose | {"hospital_id": keys["near"]}, reason="family_wish")
    )
    for one in asked:
        refused(await corps.get(one), 403, "permission.refused")
