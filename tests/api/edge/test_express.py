from __future__ import annotations

import pytest
from factories.service import Service
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from api.auth import requires
from api.express import Express, lanes_of
from api.roads.nearest import nearest


async def asked(request: Request) -> Response:
    return Response(await request.body())


async def wants_more(request: Request, k: int) -> Response:
    return Response(f"{k} {request.url}")


def app_of(router: APIRouter, endpoint: object) -> FastAPI:
    router.add_api_route("/asked", endpoint, methods=["POST"])  # type: ignore[arg-type]
    app = FastAPI()
    app.include_router(router, prefix="/api")
    return app


def test_a_lane_leads_to_the_endpoint_by_method_and_path() -> None:
    app = app_of(APIRouter(dependencies=[requires("roads.read")]), asked)
    assert set(lanes_of(app, [asked])) == {("POST", "/api/asked")}


def test_a_route_that_asks_for_no_permission_gets_no_lane() -> None:
    with pytest.raises(TypeError, match="/api/asked"):
        lanes_of(app_of(APIRouter(), asked), [asked])


def test_a_route_that_needs_parameters_gets_no_lane() -> None:
    app = app_of(APIRouter(dependencies=[requires("roads.read")]), wants_more)
    with pytest.raises(TypeError, match="/api/asked"):
        lanes_of(app, [wants_more])  # type: ignore[list-item]


def test_an_endpoint_without_a_route_is_told() -> None:
    with pytest.raises(TypeError, match="no route"):
        lanes_of(FastAPI(), [asked])


async def test_the_lane_asks_for_the_login_and_the_permission_of_its_route(service: Service) -> None:
    assert ("POST", "/api/nearest") in lanes_of(service.app, [nearest])
    body = {"target": service.at("B"), "units": [{"id": "a", **service.at("C")}]}
    async with service.stranger() as client:
        assert (await client.post("/api/nearest", json=body)).json()["code"] == "session.none"
    answered = await service.client.post("/api/nearest", json=body)
    assert [item["id"] for item in answered.json()["results"]] == ["a"]


async def test_lane_and_route_give_the_same_answer_and_the_same_refusals(service: Service) -> None:
    good = {"target": service.at("B"), "units": [{"id": "a", **service.at("C")}]}
    lanes = service.app.user_middleware
    assert any(layer.cls is Express for layer in lanes)
    by_lane = [await service.client.post("/api/nearest", json=body) for body in (good, {"target": 1}, {})]
    service.app.user_middleware = [layer for layer in lanes if layer.cls is not Express]
    service.app.middleware_stack = service.app.build_middleware_stack()
    by_route = [await service.client.post("/api/nearest", json=body) for body in (good, {"target": 1}, {})]
    assert [answer.status_code for answer in by_lane] == [200, 422, 422]
    assert [(one.status_code, one.json()) for one in by_lane] == [(one.status_code, one.json()) for one in by_route]
