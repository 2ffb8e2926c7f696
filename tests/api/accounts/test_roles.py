"""Every route: without a login, and with each wrong role."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from factories.doors import House, make_app, with_holes
from factories.people import CIVIL

from api.guarded import MOUNTED, WEBSOCKET, guarded_routes, unguarded, with_security
from dispatch.accounts.rules_permissions import TABLE
from dispatch.accounts.states import Role

pytestmark = pytest.mark.database
SOME = "0198c0de-0000-7000-8000-000000000001"


def asked(house: House) -> list[tuple[str, str, str]]:
    """Every guarded route as (method, a path of it, permission)."""
    return [
        (one.method, one.path.replace("{call_sign}", "x").replace("{person_id}", SOME).replace("{device_id}", SOME)
         .replace("{session_id}", SOME), one.permissions[0])
        for one in guarded_routes(house.app)
        if one.permissions and one.permissions[0] and one.method != WEBSOCKET
    ]  # fmt: skip


async def send(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    body: dict[str, Any] = {"content": b"{}"} if method in ("POST", "PUT") else {}
    return await client.request(method, path, **body)


def test_every_route_says_what_it_takes(house: House) -> None:
    assert unguarded(house.app) == []
    routes = guarded_routes(house.app)
    assert len(routes) > 18
    assert [(one.method, one.path) for one in routes if one.permissions == ("",)] == [("POST", "/api/session")]


def test_a_hole_is_found(house: House) -> None:
    app = with_holes(make_app(house.door))
    app.mount("/files", make_app(house.door))
    assert unguarded(app) == ["GET /api/half", "GET /api/open", f"{MOUNTED} /files", f"{WEBSOCKET} /api/hole"]


def test_the_document_tells_the_permission(house: House) -> None:
    document = with_security(house.app, house.app.openapi())
    operation = document["paths"]["/api/people"]["post"]
    assert operation["x-permission"] == "people.manage"
    assert operation["security"] == [{"session": []}]
    assert document["paths"]["/api/session"]["get"]["security"] == [{"session": []}, {"device": []}]
    assert document["paths"]["/api/session"]["post"]["security"] == []
    assert set(document["components"]["securitySchemes"]) == {"session", "device"}
    assert {"401", "403"} <= set(operation["responses"])


async def test_nothing_without_a_login(house: House) -> None:
    client = house.client()
    for method, path, _ in asked(house):
        answered = await send(client, method, path)
        assert (answered.status_code, answered.json()["code"]) == (401, "session.none"), (method, path)
        assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", list(Role))
async def test_nothing_with_a_wrong_role(house: House, role: Role) -> None:
    client = await house.logged_in(role)
    refused = 0
    for method, path, permission in asked(house):
        if path == "/api/session" and method == "DELETE":
            continue
        answered = await send(client, method, path)
        if permission in TABLE[role].any:
            assert answered.status_code not in (401, 500), (method, path)
        else:
            assert (answered.status_code, answered.json()["code"]) == (403, "permission.refused"), (method, path)
            refused += 1
    assert refused >= 2


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", f"Bearer tarim-device-{'A' * 43}", "\xff"])
async def test_a_bearer_that_is_none_goes_before_a_good_cookie(house: House, header: str) -> None:
    client = await house.logged_in("administrator")
    answered = await client.get("/api/people", headers=[(b"authorization", header.encode("latin-1"))])
    assert answered.status_code == 401


async def test_an_administrator_reaches_no_other_organisation(house: House) -> None:
    ours, theirs = await house.logged_in("administrator"), await house.logged_in("other")
    crew = house.people["crew"]
    assert len((await ours.get("/api/people")).json()["people"]) == 7
    assert [one["login_name"] for one in (await theirs.get("/api/people")).json()["people"]] == ["other"]
    new = {"login_name": "li", "display_name": "示例", "organisation": CIVIL, "roles": []}
    answers = [
        await theirs.get(f"/api/people/{crew}"),
        await theirs.post("/api/people", json=new),
        await theirs.post(
            "/api/people", json=new | {"organisation": "xpcc-1", "roles": [{"role": "crew", "organisation": CIVIL}]}
        ),
        await theirs.put(f"/api/people/{crew}/roles", json={"roles": []}),
        await theirs.post(f"/api/people/{crew}/password", json={"password": "four words nobody guesses"}),
        *[await theirs.post(f"/api/people/{crew}/{verb}") for verb in ("lock", "unlock", "revoke", "erase")],
        await theirs.post("/api/devices", json={"organisation": CIVIL, "kind": "exchange"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * len(answers)
    # A role given by the other organisation does not open the way to a password that carries it.
    given = await theirs.put(
        f"/api/people/{crew}/roles",
        json={"roles": [{"role": "crew", "organisation": CIVIL}, {"role": "supervisor", "organisation": "xpcc-1"}]},
    )
    assert given.status_code == 200
    taken = await ours.post(f"/api/people/{crew}/password", json={"password": "four words nobody guesses"})
    assert taken.status_code == 403
    assert (await ours.post(f"/api/people/{crew}/revoke")).status_code == 204
