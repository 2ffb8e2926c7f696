"""Pages of other sites can change nothing and open no WebSocket."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
from factories.doors import LOCAL, REMOTE, House
from factories.people import PASSWORD
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from api.origins import Origins, is_own

GOOD = {"name": "dispatcher", "password": PASSWORD}
Message = MutableMapping[str, Any]


def scope(kind: str = "http", scheme: str = "http", host: str = "dispatch.example", **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": kind, "method": "POST", "scheme": scheme, "path": "/x", "headers": [(b"host", host.encode()), *raw]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "scheme", "origin", "own"),
    [
        ("127.0.0.1:8000", "http", "http://127.0.0.1:8000", True),
        ("127.0.0.1:8000", "http", "http://127.0.0.1:8001", False),
        ("127.0.0.1:8000", "http", "http://localhost:8000", False),
        ("dispatch.example", "https", "https://dispatch.example", True),
        ("dispatch.example:443", "https", "https://dispatch.example", True),
        ("Dispatch.Example", "https", "https://dispatch.example", True),
        # A proxy in front took TLS off.
        ("dispatch.example", "http", "https://dispatch.example", True),
        ("dispatch.example", "https", "http://dispatch.example", False),
        ("dispatch.example", "wss", "http://dispatch.example", False),
        ("dispatch.example", "https", "https://evil.example", False),
        ("dispatch.example", "https", "https://dispatch.example.evil.example", False),
        ("dispatch.example", "https", "https://dispatch.example@evil.example", False),
        ("dispatch.example", "https", "https://evil.example/dispatch.example", False),
        ("dispatch.example", "https", "null", False),
        ("dispatch.example", "https", "", False),
        ("dispatch.example", "https", "https://", False),
        ("", "https", "https://", False),
        ("dispatch.example", "https", "file://dispatch.example", False),
        ("dispatch.example", "https", "https://[::1", False),
        ("[::1]:8000", "http", "http://[::1]:8000", True),
        ("dispatch.example", "https", "https://console.example", True),
    ],
)
def test_whose_page_it_is(host: str, scheme: str, origin: str, own: bool) -> None:
    assert is_own(scope(host=host, scheme=scheme, origin=origin), {"https://console.example"}) == own


@pytest.mark.parametrize(
    ("relation", "own"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False), ("nonsense", False)],
)
def test_where_only_the_relation_is_told(relation: str, own: bool) -> None:
    assert is_own(scope(sec_fetch_site=relation), ()) == own


def test_a_program_tells_neither_and_two_origins_are_a_lie() -> None:
    assert is_own(scope(), ())
    doubled = scope(origin="https://dispatch.example")
    doubled["headers"].append((b"origin", b"https://dispatch.example"))
    assert not is_own(doubled, ())


@given(st.text(st.characters(max_codepoint=255), max_size=60), st.text(st.characters(max_codepoint=127), max_size=30))
def test_no_text_whatever_breaks_it(origin: str, host: str) -> None:
    if is_own(scope(origin=origin, host=host), ()):
        assert origin.lower().startswith(("http://", "https://"))


async def through(made: dict[str, Any]) -> tuple[bool, list[Message]]:
    reached: list[bool] = []
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(True)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await Origins(app)(made, receive, send)
    return bool(reached), sent


async def test_websockets_are_guarded_too() -> None:
    assert (await through(scope("websocket", "wss", origin="https://dispatch.example")))[0]
    reached, sent = await through(scope("websocket", "wss", origin="https://evil.example"))
    assert not reached
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "origin.refused"}]
    told = scope("websocket", "wss", origin="https://evil.example") | {"extensions": {"websocket.http.response": {}}}
    reached, sent = await through(told)
    assert not reached
    assert sent[0]["status"] == 403


async def test_reading_is_free() -> None:
    assert (await through(scope(origin="https://evil.example") | {"method": "GET"}))[0]
    assert (await through({"type": "lifespan"}))[0]


@pytest.mark.database
async def test_over_http(house: House) -> None:
    client = house.client(REMOTE)
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        refused = await client.post("/api/session", json=GOOD, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "origin.refused")
    assert house.door.hasher.hashed == 0
    for origin in (REMOTE, "https://console.example"):
        assert (await client.post("/api/session", json=GOOD, headers={"origin": origin})).status_code == 200
    local = house.client(LOCAL)
    assert (await local.post("/api/session", json=GOOD, headers={"origin": LOCAL})).status_code == 200
