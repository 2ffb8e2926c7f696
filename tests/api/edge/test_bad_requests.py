from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from factories.service import Service

from api.regions.live import LiveRegion

pytestmark = pytest.mark.database


def is_problem(answer: object, status: int, code: str) -> bool:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "instance", "code", "hint", "errors"}
    assert told["type"] == f"urn:tarim:problem:{code}"
    return told["code"] == code


async def test_unknown_route_and_method(service: Service) -> None:
    assert is_problem(await service.client.get("/api/nothing"), 404, "request.not_found")
    assert is_problem(await service.client.put("/api/nearest"), 405, "request.method")


async def test_a_body_of_more_than_10_mb_is_refused_by_its_declared_length(service: Service) -> None:
    answer = await service.client.post("/api/nearest", content=b"[" + b"0," * 5_000_001 + b"0]")
    assert is_problem(answer, 413, "request.body_too_large")


async def test_a_body_without_declared_length_is_stopped_at_10_mb(service: Service) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1_000_000
            yield b" " * 1_000_000

    answer = await service.client.post("/api/nearest", content=endless())
    assert is_problem(answer, 413, "request.body_too_large")
    assert sent <= 12_000_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"target": {"lat": NaN, "lon": 80}}',
        b'{"target": {"lat": 1e999, "lon": 80}}',
        b'{"target": {"lat": 41, "lon": 80}, "units": [{"id": "\\ud800", "lat": 41, "lon": 80}]}',
        b'{"target": {"lat": 41, "lon": 80}, "units": [{"id": "a\\u0000b", "lat": 41, "lon": 80}]}',
        b'{"target": {"lat": 41, "lon": 80}, "units": [{"id": "a\x00b", "lat": 41, "lon": 80}]}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_json_is_422_and_never_500(service: Service, raw: bytes) -> None:
    answer = await service.client.post("/api/nearest", content=raw, headers={"content-type": "application/json"})
    assert is_problem(answer, 422, "request.invalid")


async def test_another_media_type_is_415(service: Service) -> None:
    answer = await service.client.post("/api/nearest", content=b"<a/>", headers={"content-type": "application/xml"})
    assert is_problem(answer, 415, "request.media_type")


async def test_nul_in_the_address_is_422(service: Service) -> None:
    assert is_problem(await service.client.get("/api/places?q=a%00b"), 422, "request.invalid")
    assert is_problem(await service.client.get("/api/regions/a%00b"), 422, "request.invalid")


async def test_query_errors_name_the_parameter(service: Service) -> None:
    answer = await service.client.get("/api/nearest?lat=abc&lon=80&k=0")
    assert is_problem(answer, 422, "request.invalid")
    assert {item["path"] for item in answer.json()["errors"]} == {"query.lat", "query.k"}


async def test_a_bug_is_a_500_without_its_trace(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: LiveRegion) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(LiveRegion, "ask", broken)
    answer = await service.client.get("/api/nearest?lat=41&lon=80", headers={"x-request-id": "r-1"})
    assert is_problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "r-1" in answer.json()["hint"]


async def test_each_answer_carries_a_request_id(service: Service) -> None:
    kept = await service.client.get("/api/regions", headers={"x-request-id": "abc-123"})
    assert kept.headers["x-request-id"] == "abc-123"
    made = await service.client.get("/api/regions", headers={"x-request-id": "bad id\t"})
    assert made.headers["x-request-id"] not in ("bad id\t", "")


async def test_many_at_once_are_all_answered(service: Service) -> None:
    answers = await asyncio.gather(*(service.client.get(f"/api/nearest?{service.query('B')}") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
