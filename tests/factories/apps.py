"""The service's app for a test. Its routes are analysed once in a process, not once in a test (60 ms each time)."""

from __future__ import annotations

import functools
from typing import Any
from unittest.mock import patch

from factories.people import quick_hasher
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from api.app import create_app
from api.parts import Parts

_include = FastAPI.include_router
_analysed: dict[tuple[int, str], BaseRoute] = {}


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document of the whole service."""
    made: dict[str, Any] = create_app().openapi()
    return made


def app_on(parts: Parts) -> FastAPI:
    """The whole service on parts, with a quick hasher."""
    with patch.object(FastAPI, "include_router", _include_analysed):
        return create_app(parts, hasher=quick_hasher())


def _include_analysed(app: FastAPI, router: APIRouter, *, prefix: str = "", **options: Any) -> None:  # noqa: ANN401
    """Include a router as it was analysed for the first app, where it is a module's, for good: those of `/api`.

    One that is made for its app, as that of the console, would keep the app for ever.
    """
    known = _analysed.get((id(router), prefix))
    if known is not None:
        app.router.routes.append(known)
        return
    _include(app, router, prefix=prefix, **options)
    if prefix:
        _analysed[id(router), prefix] = app.router.routes[-1]
