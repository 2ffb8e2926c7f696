"""An express lane for the few routes that are asked without pause: past the walk through all routes, past no check.

FastAPI looks through its routers one by one and prepares for every kind of dependency; beside a search of a tenth of a
millisecond that is much. A route of the lane is an ordinary route, documented and guarded as any other. The lane takes
its checks from that route, so none can be left out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]
Lanes = dict[tuple[str, str], ASGIApp]
_NEEDS: Final = ("path_params", "query_params", "header_params", "cookie_params", "body_params")


class Express:
    """Serves requests whose method and path are a lane's, and hands the others on. What is raised passes through."""

    def __init__(self, app: ASGIApp, *, lanes: Lanes) -> None:
        self._app = app
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        lane = self._lanes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        await (lane or self._app)(scope, receive, send)


def lanes_of(app: FastAPI, endpoints: Collection[Endpoint]) -> Lanes:
    """Return a lane for each endpoint, which takes the request and nothing else, by its method and path.

    Raises TypeError for an endpoint without a route, or of a route that needs more than the lane gives.
    """
    lanes: Lanes = {}
    served = []
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        if not isinstance(dependant, Dependant):
            continue
        endpoint = dependant.call
        if endpoint is None or endpoint not in endpoints:
            continue
        served.append(endpoint)
        checks = [_check(inner) for inner in dependant.dependencies]
        if not checks or dependant.request_param_name is None or _needs_more(dependant) or "{" in (context.path or "{"):
            raise TypeError(f"{context.path} is no route for the express lane")
        for method in context.methods or ():
            lanes[method, context.path or ""] = _lane(endpoint, checks)
    if len(served) != len(endpoints):
        raise TypeError("an endpoint of the express lane has no route")
    return lanes


def _lane(endpoint: Endpoint, checks: list[Endpoint]) -> ASGIApp:
    async def lane(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        for check in checks:
            await check(request)
        response = await endpoint(request)
        await response(scope, receive, send)

    return lane


def _check(dependant: Dependant) -> Any:  # noqa: ANN401 - FastAPI's dependencies are callables of any kind
    """Return a check that takes the connection only."""
    if dependant.call is None or dependant.http_connection_param_name is None or _needs_more(dependant):
        raise TypeError(f"{dependant.call} is no check for the express lane")
    if dependant.dependencies:
        raise TypeError(f"{dependant.call} asks for more than the express lane gives")
    return dependant.call


def _needs_more(dependant: Dependant) -> bool:
    return any(getattr(dependant, name) for name in _NEEDS)
