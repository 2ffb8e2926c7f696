"""The service's app for a test. Its routes are analysed once in a process, not once in a test (0.2 s each time)."""

from __future__ import annotations

from factories.people import quick_hasher
from fastapi import FastAPI
from fastapi.routing import _IncludedRouter

from api.app import create_app
from api.parts import Parts

_analysed: list[_IncludedRouter] = []


def app_on(parts: Parts) -> FastAPI:
    """The whole service on parts, with a quick hasher."""
    app = create_app(parts, hasher=quick_hasher())
    places = [place for place, route in enumerate(app.router.routes) if isinstance(route, _IncludedRouter)]
    if not _analysed:
        _analysed.extend(app.router.routes[place] for place in places)  # type: ignore[misc]  # told by `places`
    for place, router in zip(places, _analysed, strict=True):
        app.router.routes[place] = router
    return app
