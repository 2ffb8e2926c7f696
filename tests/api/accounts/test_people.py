"""People, passwords and devices over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from factories.doors import House
from factories.fleet import CONTEXT, STATION, UNIT, make_region, table
from factories.people import CIVIL, CORPS, PASSWORD
from sqlalchemy import select

from dispatch.kernel.journal_table import JournalLine
from dispatch.units import service as units

pytestmark = pytest.mark.database
FRESH = "four words nobody guesses"
NEW = {
    "login_name": "Li.Na",
    "display_name": "示例 李娜",
    "organisation": CIVIL,
    "roles": [{"role": "dispatcher", "organisation": CIVIL}],
    "password": FRESH,
}


async def test_a_person_is_added_and_logs_in(house: House) -> None:
    administrator = await house.logged_in("administrator")
    added = await administrator.post("/api/people", json=NEW)
    assert added.status_code == 201, added.text
    told: dict[str, Any] = added.json()
    assert (told["login_name"], told["has_password"], told["state"]) == ("li.na", True, "active")
    assert FRESH not in added.text
    assert "argon2" not in added.text
    assert (await administrator.get(added.headers["location"])).json() == told
    client = house.client()
    assert (await client.post("/api/session", json={"name": "LI.NA", "password": FRESH})).status_code == 200
    again = await administrator.post("/api/people", json=NEW)
    assert (again.status_code, again.json()["code"]) == (409, "person.name_taken")
    assert "na" not in again.json()["detail"].split()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "password2026"}, 422, "password.common"),
        ({"password": "short"}, 422, "password.too_short"),
        ({"login_name": "a b"}, 422, "person.login_name"),
        ({"display_name": " "}, 422, "person.display_name"),
        ({"roles": [{"role": "king", "organisation": CIVIL}]}, 422, "request.invalid"),
        ({"organisation": "nowhere"}, 403, "permission.refused"),
        ({"display_name": "x\x00"}, 422, "request.invalid"),
        ({"surprise": 1}, 422, "request.invalid"),
    ],
)
async def test_a_person_that_cannot_be(house: House, change: dict[str, Any], status: int, code: str) -> None:
    administrator = await house.logged_in("administrator")
    answered = await administrator.post("/api/people", json=NEW | change)
    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_ones_own_password_takes_the_present_one_and_ends_the_other_sessions(house: House) -> None:
    here, there = await house.logged_in("crew"), await house.logged_in("crew")
    path = f"/api/people/{house.people['crew']}/password"
    for given in ({}, {"current_password": "wrong wrong wrong"}):
        refused = await here.post(path, json={"password": FRESH} | given)
        assert (refused.status_code, refused.json()["code"]) == (403, "password.current")
    weak = await here.post(path, json={"password": "password2026", "current_password": PASSWORD})
    assert weak.json()["code"] == "password.common"
    changed = await here.post(path, json={"password": FRESH, "current_password": PASSWORD})
    assert changed.status_code == 204
    assert (await here.get("/api/session")).status_code == 200
    assert (await there.get("/api/session")).status_code == 401
    assert (await house.client().post("/api/session", json={"name": "crew", "password": PASSWORD})).status_code == 401
    assert (await house.client().post("/api/session", json={"name": "crew", "password": FRESH})).status_code == 200


async def test_guessing_the_present_password_waits_like_a_login(house: House) -> None:
    here = await house.logged_in("crew")
    path = f"/api/people/{house.people['crew']}/password"
    before = house.door.hasher.hashed
    wrong = {"password": FRESH, "current_password": "wrong wrong wrong"}
    statuses = [(await here.post(path, json=wrong)).status_code for _ in range(20)]
    assert statuses == [403] * 6 + [429] * 14
    assert house.door.hasher.hashed == before + 6


async def test_an_administrator_sets_a_password_and_all_sessions_end(house: House) -> None:
    administrator, crew = await house.logged_in("administrator"), await house.logged_in("crew")
    path = f"/api/people/{house.people['crew']}/password"
    assert (await administrator.post(path, json={"password": FRESH})).status_code == 204
    assert (await crew.get("/api/session")).status_code == 401
    not_theirs = f"/api/people/{house.people['supervisor']}/password"
    dispatcher = await house.logged_in("dispatcher")
    assert (await dispatcher.post(not_theirs, json={"password": FRESH})).status_code == 403


async def test_new_roles_hold_within_five_seconds(house: House) -> None:
    administrator, crew = await house.logged_in("administrator"), await house.logged_in("crew")
    assert (await crew.get("/api/journal")).status_code == 403
    given = await administrator.put(
        f"/api/people/{house.people['crew']}/roles", json={"roles": [{"role": "supervisor", "organisation": CIVIL}]}
    )
    assert given.json()["roles"] == [{"role": "supervisor", "organisation": CIVIL}]
    assert (await crew.get("/api/journal")).status_code == 200


async def test_the_life_of_an_account_over_http(house: House) -> None:
    administrator, crew = await house.logged_in("administrator"), await house.logged_in("crew")
    path = f"/api/people/{house.people['crew']}"
    assert (await administrator.post(f"{path}/lock")).status_code == 204
    assert (await crew.get("/api/session")).status_code == 401
    assert (await administrator.post(f"{path}/lock")).status_code == 409
    assert (await administrator.post(f"{path}/unlock")).status_code == 204
    assert (await administrator.post(f"{path}/erase")).status_code == 409
    assert (await administrator.post(f"{path}/revoke")).status_code == 204
    assert (await administrator.post(f"{path}/erase")).status_code == 204
    told = (await administrator.get(path)).json()
    assert (told["state"], told["login_name"], told["display_name"]) == ("revoked", "—", "—")
    missing = await administrator.post("/api/people/0198c0de-0000-7000-8000-000000000001/revoke")
    assert missing.status_code == 404


async def test_the_journal_names_who_did_it(house: House) -> None:
    administrator = await house.logged_in("administrator")
    await administrator.post("/api/people", json=NEW)
    async with house.door.parts.database.read() as session:
        line = await session.scalar(select(JournalLine).order_by(JournalLine.seq.desc()).limit(1))
    assert line is not None
    assert (line.type, line.actor) == ("person.added", f"person:{house.people['administrator']}")


@pytest.fixture
async def fleet(house: House) -> None:
    """Two vehicles, one of each organisation."""
    async with house.door.parts.database.write() as session:
        await make_region(session)
        await units.import_stations(session, house.clock, CONTEXT, "aksu", table(STATION))
        ours, theirs = UNIT | {"organisation": CIVIL}, UNIT | {"call_sign": "示例-02", "organisation": CORPS}
        await units.import_units(session, house.clock, CONTEXT, "aksu", table(ours, theirs))


@pytest.mark.usefixtures("fleet")
async def test_a_device_speaks_for_its_own_vehicle_only(house: House) -> None:
    administrator = await house.logged_in("administrator")
    added = await administrator.post(
        "/api/devices", json={"organisation": CIVIL, "call_sign": "示例-01", "note": "平板"}
    )
    assert added.status_code == 201, added.text
    token, device = added.json()["token"], added.json()["device"]
    assert token.startswith("tarim-device-")
    assert token not in (await administrator.get("/api/devices")).text
    tablet = house.client(authorization=f"Bearer {token}")
    assert (await tablet.post("/api/vehicles/示例-01/position")).json() == {"call_sign": "示例-01"}
    other = await tablet.post("/api/vehicles/示例-02/position")
    assert (other.status_code, other.json()["code"]) == (403, "device.other_vehicle")
    assert (await tablet.get("/api/session")).json()["call_sign"] == "示例-01"
    for path in ("/api/people", "/api/journal", "/api/devices", "/api/sessions"):
        assert (await tablet.get(path)).status_code == 403
    # A session's cookie is no device's token, nor the other way round.
    assert (await house.client(cookie=f"tarim={token}").get("/api/session")).status_code == 401
    assert (await administrator.delete(f"/api/devices/{device['id']}")).status_code == 200
    assert (await tablet.get("/api/session")).status_code == 401
    assert (await administrator.delete(f"/api/devices/{device['id']}")).status_code == 409
    assert (await administrator.get("/api/devices")).json() == {"devices": []}
    assert len((await administrator.get("/api/devices?include_revoked=true")).json()["devices"]) == 1


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"organisation": CIVIL, "call_sign": "示例-09"}, 404),
        ({"organisation": CIVIL, "call_sign": "示例-02"}, 422),
        ({"organisation": CORPS, "call_sign": "示例-02"}, 403),
        ({"organisation": CIVIL, "kind": "exchange", "call_sign": "示例-01"}, 422),
        ({"organisation": CIVIL, "kind": "exchange"}, 201),
        ({"organisation": CIVIL}, 404),
    ],
)
async def test_devices_that_can_and_cannot_be(house: House, body: dict[str, str], status: int) -> None:
    administrator = await house.logged_in("administrator")
    assert (await administrator.post("/api/devices", json=body)).status_code == status


async def test_two_administrators_revoke_at_once_and_nothing_is_half_done(house: House) -> None:
    administrator = await house.logged_in("administrator")
    house.clock.advance(timedelta(seconds=1))
    second = await house.logged_in("administrator")
    path = f"/api/people/{house.people['crew']}/revoke"
    statuses = sorted([(await client.post(path)).status_code for client in (administrator, second)])
    assert statuses == [204, 409]
