"""Logging in and out over HTTP: cookies, expiry, revocation, fixation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.doors import LOCAL, REMOTE, House
from factories.people import CIVIL, PASSWORD
from httpx import Response

pytestmark = pytest.mark.database
GOOD = {"name": "dispatcher", "password": PASSWORD}


def code(answered: Response) -> str:
    assert answered.headers["content-type"] == "application/problem+json"
    told: str = answered.json()["code"]
    return told


async def test_the_cookie_on_this_machine(house: House) -> None:
    answered = await house.client(LOCAL).post("/api/session", json=GOOD)
    name, _, rest = answered.headers["set-cookie"].partition("=")
    assert name == "tarim"
    assert rest.split("; ")[1:] == ["Path=/", "Max-Age=46800", "HttpOnly", "SameSite=Strict"]
    assert answered.headers["cache-control"] == "no-store"
    assert answered.json()["roles"] == [{"role": "dispatcher", "organisation": CIVIL}]


@pytest.mark.parametrize("base", [REMOTE, "http://192.0.2.80:8000", "https://127.0.0.1", "http://127.0.0.1.example"])
async def test_the_cookie_everywhere_else(house: House, base: str) -> None:
    answered = await house.client(base).post("/api/session", json=GOOD)
    name, _, rest = answered.headers["set-cookie"].partition("=")
    assert name == "__Host-tarim"
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(rest.split("; "))
    assert "Domain" not in rest


async def test_who_am_i_and_goodbye(house: House) -> None:
    client = await house.logged_in("dispatcher")
    told = (await client.get("/api/session")).json()
    assert told["display_name"] == "示例 dispatcher"
    assert told["expires_at"] == "2026-11-22T05:00:00Z"
    token = client.cookies["tarim"]
    gone = await client.delete("/api/session")
    assert gone.status_code == 204
    assert "tarim=; " in gone.headers["set-cookie"]
    assert "Max-Age=0" in gone.headers["set-cookie"]
    again = await house.client(cookie=f"tarim={token}").get("/api/session")
    assert (again.status_code, code(again)) == (401, "session.none")
    assert again.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("wrong", [{"name": "dispatcher"}, {"name": "nobody"}, {"name": ""}, {"name": "a b"}])
async def test_a_wrong_login_tells_nothing(house: House, wrong: dict[str, str]) -> None:
    answered = await house.client().post("/api/session", json=wrong | {"password": "not the password"})
    assert (answered.status_code, code(answered)) == (401, "login.refused")
    assert "set-cookie" not in answered.headers
    assert wrong["name"] not in answered.json()["detail"] or not wrong["name"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'{"name": 1, "password": "x"}', b'{"name": "a", "password": "\\ud800"}', b"\xff",
     b'{"name": "a", "password": "' + b"x" * 2_000 + b'"}', b'{"name": "a\\u0000", "password": "x"}'],
)  # fmt: skip
async def test_a_login_that_cannot_be_read(house: House, body: bytes) -> None:
    before = house.door.hasher.hashed
    answered = await house.client().post("/api/session", content=body)
    assert answered.status_code == 422
    assert "xxxx" not in answered.text
    assert house.door.hasher.hashed == before


async def test_too_many_wrong_passwords(house: House) -> None:
    client = house.client()
    wrong = {"name": "dispatcher", "password": "not the password"}
    statuses = [(await client.post("/api/session", json=wrong)).status_code for _ in range(100)]
    assert statuses == [401] * 6 + [429] * 94
    assert house.door.hasher.hashed == 6
    refused = await client.post("/api/session", json=GOOD)
    assert (refused.headers["retry-after"], code(refused)) == ("2", "login.wait")
    house.clock.advance(timedelta(seconds=2))
    assert (await client.post("/api/session", json=GOOD)).status_code == 200


async def test_an_expired_session(house: House) -> None:
    client = await house.logged_in("dispatcher")
    assert (await client.get("/api/session")).status_code == 200
    house.clock.advance(timedelta(hours=1))
    # Not even while it is remembered.
    assert (await client.get("/api/session")).status_code == 401


async def test_use_keeps_a_session_until_its_last_hour(house: House) -> None:
    client = await house.logged_in("dispatcher")
    for _ in range(15):
        house.clock.advance(timedelta(minutes=50))
        house.later(3_000)
        assert (await client.get("/api/session")).status_code == 200
    house.clock.advance(timedelta(minutes=31))
    assert (await client.get("/api/session")).status_code == 401


async def test_a_planted_token_is_never_taken_over(house: House) -> None:
    attacker = await house.logged_in("crew")
    planted = attacker.cookies["tarim"]
    victim = house.client(cookie=f"tarim={planted}")
    answered = await victim.post("/api/session", json=GOOD)
    fresh = answered.cookies["tarim"]
    assert fresh != planted
    house.later(3)
    assert (await attacker.get("/api/session")).status_code == 401, "the planted session ended with the login"
    made_up = "A" * 43
    answered = await house.client(cookie=f"tarim={made_up}").post("/api/session", json=GOOD)
    assert answered.cookies["tarim"] != made_up


async def test_two_cookies_of_one_name_and_the_wrong_name_are_not_believed(house: House) -> None:
    token = (await house.logged_in("dispatcher")).cookies["tarim"]
    for cookie in (
        f"tarim={token}; tarim={token}",
        f"tarim=x; tarim={token}",
        f"__Host-tarim={token}",
        "tarim=",
        "tarim",
    ):
        assert (await house.client(cookie=cookie).get("/api/session")).status_code == 401
    assert (await house.client(REMOTE, cookie=f"tarim={token}").get("/api/session")).status_code == 401
    assert (await house.client(REMOTE, cookie=f"__Host-tarim={token}").get("/api/session")).status_code == 200


async def test_revocation_bites_here_at_once_and_elsewhere_within_five_seconds(house: House) -> None:
    client, administrator = await house.logged_in("dispatcher"), await house.logged_in("administrator")
    assert (await client.get("/api/session")).status_code == 200
    remembering = dict(house.door._cache)
    revoked = await administrator.post(f"/api/people/{house.people['dispatcher']}/revoke")
    assert revoked.status_code == 204
    assert (await client.get("/api/session")).status_code == 401
    # As another process, which was not told, remembers it.
    house.door._cache.update(remembering)
    assert (await client.get("/api/session")).status_code == 200
    house.later(3)
    assert (await client.get("/api/session")).status_code == 401


async def test_ones_own_sessions(house: House) -> None:
    first, second, third = [await house.logged_in("crew") for _ in range(3)]
    listed = (await first.get("/api/sessions")).json()["sessions"]
    assert [item["this"] for item in listed] == [True, False, False]
    assert (await first.delete(f"/api/sessions/{listed[1]['id']}")).status_code == 204
    assert (await first.delete(f"/api/sessions/{listed[1]['id']}")).status_code == 404
    assert (await second.get("/api/session")).status_code == 401
    assert (await third.get("/api/session")).status_code == 200
    stranger = await house.logged_in("dispatcher")
    assert (await stranger.delete(f"/api/sessions/{listed[2]['id']}")).status_code == 404
    assert (await first.delete("/api/sessions")).status_code == 204
    assert (await third.get("/api/session")).status_code == 401
    assert (await first.get("/api/session")).status_code == 200


async def test_nothing_secret_is_logged_or_told(
    house: House, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    client = await house.logged_in("dispatcher")
    token = client.cookies["tarim"]
    answers = [
        await client.get("/api/session"),
        await client.post("/api/session", json={"name": "dispatcher", "password": "koshka koshka"}),
        await client.post("/api/session", json={"name": "dispatcher\x00", "password": PASSWORD}),
        await client.get("/api/people"),
        await client.delete("/api/session"),
        await client.get("/api/session"),
    ]
    for _ in range(10):
        await client.post("/api/session", json={"name": "somebody.real", "password": "koshka koshka"})
    written = "".join(capfd.readouterr()) + caplog.text + "".join(answer.text for answer in answers[1:])
    for secret in (token, PASSWORD, "koshka", "示例 dispatcher", "somebody.real", "192.0.2.1"):
        assert secret not in written
