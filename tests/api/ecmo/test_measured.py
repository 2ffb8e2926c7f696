"""What is measured on board of a case's patient is told to those whom the case concerns, with the limits beside it."""

from __future__ import annotations

import pytest
from factories.desk import made, refused
from factories.on_duty import OnDuty
from factories.people import CORPS, make_person

from dispatch.accounts.states import Role
from dispatch.kernel.ids import new_id

pytestmark = pytest.mark.database


async def test_a_case_tells_what_is_measured_of_its_patient_and_the_limits(duty: OnDuty) -> None:
    incident = await duty.incident("F")
    added = await duty.post(f"incidents/{incident}/patients", sex="male", age_years=58)
    assert added.status_code == 201, added.text
    request_id = new_id(duty.clock)
    where = f"/api/ecmo/requests/{request_id}"
    made(await duty.client.put(where, json={"origin": "incident", "mode": "ecpr", "incident_id": str(incident)}))
    alone = made(await duty.client.get(f"{where}/measured"))
    # Nobody is on a circuit yet: of the saturation the limits for everybody are told.
    assert (alone["gives_way"], sum(one["signal"] == "spo2" for one in alone["limits"])) == ([], 1)
    assert (alone["patient_id"], alone["measured"], alone["needs_sign_off"]) == (None, None, True)
    drop = next(one for one in alone["limits"] if one["signal"] == "ecmo_drop")
    assert (drop["warn"], drop["critical"], drop["inclusive"]) == (
        {"low": None, "high": 50.0},
        {"low": None, "high": 80.0},
        True,
    )
    hand = next(one for one in alone["limits"] if one["signal"] == "spo2_right_hand")
    assert (hand["warn"]["low"], hand["critical"]["low"]) == (90.0, 85.0)
    patient = added.json()["id"]
    made(await duty.client.put(where, json={"patient_id": patient}))
    told = made(await duty.client.get(f"{where}/measured"))
    assert told["patient_id"] == patient
    assert (told["measured"]["attached"], told["measured"]["values"]) == (False, [])


async def test_whom_the_case_does_not_concern_is_told_nothing(duty: OnDuty) -> None:
    request_id = new_id(duty.clock)
    where = f"/api/ecmo/requests/{request_id}"
    refused(await duty.client.get(f"{where}/measured"), 404, "ecmo_request.not_found")
    made(await duty.client.put(where, json={"mode": "vv"}))
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "far", Role.ECMO_PHYSICIAN, organisation=CORPS)
    far = await duty.service.logged_in("far")
    refused(await far.get(f"{where}/measured"), 403, "permission.refused")
