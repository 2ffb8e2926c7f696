"""Proof that every route asks for a permission: a walk over an app's routes and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import WebSocketRoute

from api.auth import OR, permission_asked
from api.cookies import COOKIE
from dispatch.accounts.rules_permissions import TABLE
from dispatch.accounts.states import DeviceKind, Role

WEBSOCKET: Final = "WEBSOCKET"
MOUNTED: Final = "MOUNTED"
DOCUMENTS: Final = frozenset({"/api/openapi.json", "/docs"})
"""Routes, with all below them, that tell nothing but the form of the service."""
_HOLDERS: Final[dict[str, tuple[Role | DeviceKind, ...]]] = {"session": tuple(Role), "device": tuple(DeviceKind)}
_VERBS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_SCHEMES: Final = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of POST /api/session; over TLS "
                "its name begins with `__Host-`."},
    "device": {"type": "http", "scheme": "bearer", "description": "A device's token, of `tarim device add`."},
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Guarded:
    """One method of one path and the permissions that it asks for: none is a hole, "" says that anyone may.

    Of "a | b" one is enough.
    """

    path: str
    method: str
    permissions: tuple[str, ...]


def guarded_routes(app: FastAPI) -> list[Guarded]:
    """All routes of an app, WebSockets and mounted ones too."""
    found: list[Guarded] = []
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        asked = tuple(sorted(set(_asked(dependant)))) if isinstance(dependant, Dependant) else ()
        other = WEBSOCKET if isinstance(context.original_route, WebSocketRoute) else MOUNTED
        methods = context.methods or {other}
        found += [Guarded(context.path or "/", method, asked) for method in methods if method != "HEAD"]
    return sorted(found)


def unguarded(app: FastAPI, *, besides: Collection[str] = DOCUMENTS) -> list[str]:
    """What is open without saying so: "GET /api/units", and what the OpenAPI document names but no route was found for.

    An empty list is the proof; a test asks for it.
    """
    routes = guarded_routes(app)
    holes = [
        f"{one.method} {one.path}"
        for one in routes
        if not one.permissions and not any(one.path == open_ or one.path.startswith(f"{open_}/") for open_ in besides)
    ]
    known = {(one.path, one.method) for one in routes}
    named = {
        (path, verb.upper()) for path, item in app.openapi().get("paths", {}).items() for verb in item if verb in _VERBS
    }
    return sorted([*holes, *(f"{verb} {path} (in the document only)" for path, verb in named - known)])


def with_security(app: FastAPI, document: dict[str, Any]) -> dict[str, Any]:
    """Write into an OpenAPI document what each operation takes; return it."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    paths = document.get("paths", {})
    for one in guarded_routes(app):
        operation = paths.get(one.path, {}).get(one.method.lower())
        wanted = [permission for permission in one.permissions if permission]
        if operation is None:
            continue
        operation["security"] = [{name: []} for name, kinds in _HOLDERS.items() if _may_hold(kinds, wanted)]
        if wanted:
            operation["x-permission"] = wanted[0] if len(wanted) == 1 else wanted
    return document


def _may_hold(kinds: Collection[Role | DeviceKind], wanted: Collection[str]) -> bool:
    return bool(wanted) and any(allows(TABLE[kind].any, wanted) for kind in kinds)


def allows(held: Collection[str], wanted: Collection[str]) -> bool:
    """Whether the permissions held are all that is wanted, or one of each "a | b"."""
    return all(not set(one.split(OR)).isdisjoint(held) for one in wanted)


def _asked(dependant: Dependant) -> Iterator[str]:
    asked = permission_asked(dependant.call)
    if asked is not None:
        yield asked
    for inner in dependant.dependencies:
        yield from _asked(inner)
