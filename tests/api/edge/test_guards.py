"""Every route asks for a permission, proved over the whole app: without a login 401, with each wrong role 403."""

from __future__ import annotations

import httpx
import pytest
from factories.apps import document
from factories.service import Service

from api.app import create_app
from api.guarded import allows, guarded_routes, unguarded
from dispatch.accounts.rules_permissions import TABLE
from dispatch.accounts.states import Role

pytestmark = pytest.mark.database

APP = create_app()
DOCUMENT = document()
OPEN = {
    ("POST", "/api/session"),
    ("GET", "/api/health"),
    ("GET", "/"),
    ("GET", "/ecmo"),
    ("GET", "/er"),
    ("GET", "/reports"),
    ("GET", "/sw.js"),
    ("GET", "/unit"),
    ("GET", "/unit-sw.js"),
    ("GET", "/unit.webmanifest"),
    ("GET", "/assets/{name}"),
}
"""What needs no login: logging in, asking whether the service can answer, and the console's page: it tells nothing."""
NUMBERS = {"z": "0", "x": "0", "y": "0"}
OPERATIONS = [
    (verb.upper(), path, item)
    for path, methods in DOCUMENT["paths"].items()
    for verb, item in methods.items()
    if (verb.upper(), path) not in OPEN
]
IDS = [f"{verb} {path}" for verb, path, _ in OPERATIONS]


def filled(path: str) -> str:
    """The path with something in the place of each of its parameters."""
    for part in path.split("/"):
        name = part.strip("{}").split("}", maxsplit=1)[0]
        if part.startswith("{"):
            path = path.replace(f"{{{name}}}", NUMBERS.get(name, "00000000-0000-7000-8000-000000000000"))
    return path


async def ask(client: httpx.AsyncClient, verb: str, path: str) -> httpx.Response:
    return await client.request(verb, filled(path), json={} if verb in ("POST", "PUT", "PATCH") else None)


def test_no_route_is_open_without_saying_so() -> None:
    assert unguarded(APP) == []
    said_open = {(one.method, one.path) for one in guarded_routes(APP) if one.permissions == ("",)}
    assert said_open == OPEN


def test_the_document_says_what_each_operation_takes() -> None:
    assert len(OPERATIONS) >= 30
    for verb, path, item in OPERATIONS:
        assert item["x-permission"], f"{verb} {path}"
        assert item["security"], f"{verb} {path}"
        assert {"401", "403"} <= set(item["responses"]), f"{verb} {path}"


async def test_without_a_login_every_route_answers_401(service: Service) -> None:
    async with service.stranger() as nobody:
        for verb, path, _ in OPERATIONS:
            answered = await ask(nobody, verb, path)
            assert (answered.status_code, answered.json()["code"]) == (401, "session.none"), f"{verb} {path}"
            assert answered.headers["www-authenticate"]


@pytest.mark.parametrize("role", list(Role))
async def test_a_wrong_role_is_403_and_a_right_one_is_not(service: Service, role: Role) -> None:
    refused = 0
    client = await service.logged_in(str(role))
    # Logging out comes last: it ends what the others ask with.
    for verb, path, item in sorted(OPERATIONS, key=lambda one: one[:2] == ("DELETE", "/api/session")):
        wanted = item["x-permission"]
        allowed = allows(TABLE[role].any, [wanted] if isinstance(wanted, str) else wanted)
        answered = await ask(client, verb, path)
        told = answered.json()["code"] if answered.status_code == 403 else ""
        where = f"{role}: {verb} {path} {answered.status_code}"
        assert (told == "permission.refused") is not allowed, where
        assert answered.status_code != 401, where
        assert answered.status_code < 500, where
        refused += not allowed
    assert refused >= 1


async def test_a_page_of_another_site_cannot_close_a_road(service: Service) -> None:
    body = {"reason": "r", "centre": service.at("F"), "radius_m": 50}
    answered = await service.client.post("/api/closures", json=body, headers={"origin": "https://elsewhere.example"})
    assert (answered.status_code, answered.json()["code"]) == (403, "origin.refused")
    assert (await service.client.get("/api/closures")).json()["closures"] == []
