"""OpenAPI from the message classes themselves: what a route takes and gives, with examples and refusals.

Bodies and answers are msgspec classes; they are the single definition that decodes, encodes and documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.errors import PROBLEM_JSON, Problem
from api.guarded import with_security

_REF: Final = "#/components/schemas/{name}"
_PROBLEMS: Final = {
    401: "Nobody is logged in, or the token holds no more.",
    403: "Logged in, but not allowed to do this; or sent by a page of another site.",
    404: "No such thing here.",
    405: "This address does not take that method.",
    409: "It clashes with what is there.",
    413: "The body is larger than 10 MB.",
    415: "The body is not JSON.",
    422: "The request cannot be right; `errors` names the fields.",
    429: "Too many wrong passwords; `Retry-After` says when the next try is looked at.",
    500: "A bug. `hint` gives the request id for the operator.",
    503: "The database or the road network is not there at the moment; `Retry-After` says when to come again.",
}
_EXAMPLE: Final = {
    "type": "urn:tarim:problem:place.coordinates",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": "80.26, 141.17 is far outside the region.",
    "instance": "/api/nearest",
    "code": "place.coordinates",
    "hint": "Latitude and longitude may be swapped.",
    "errors": [],
}
_documented: dict[str, type] = {"Problem": Problem}

GEO_JSON: Final = "application/geo+json"
JSON: Final = "application/json"
_ANY: Final[dict[str, Any]] = {}
"""A file of JSON: its columns are told in words."""
_BYTES: Final = {"type": "string", "format": "binary"}


def contract(
    answer: type | None = None,
    *,
    body: type | None = None,
    example: object = None,
    body_examples: Mapping[str, object] | None = None,
    problems: Sequence[int] = (),
    status: int = 200,
    media: Sequence[str] = (JSON,),
    others: Mapping[str, type] | None = None,
    told: str = "The answer.",
) -> dict[str, Any]:
    """Return keyword arguments for a route: its body, its answer and every refusal, for the OpenAPI document.

    `example` is one whole answer; `body_examples` are whole bodies by their short titles. others:
    what is answered instead where another form is asked for, by its media type.
    """
    good: dict[str, Any] = {"description": told}
    if answer is not None:
        shown = {"schema": _reference(answer)} | ({"example": example} if example is not None else {})
        good["content"] = dict.fromkeys(media, shown) | {
            kind: {"schema": _reference(other)} for kind, other in (others or {}).items()
        }
    elif status != 204:
        good["content"] = {kind: {"schema": _ANY if kind == JSON else _BYTES} for kind in media}
    responses: dict[int | str, dict[str, Any]] = {status: good}
    refused = {422, 500, 503, *problems} | ({413, 415} if body is not None else set())
    for code in sorted(refused):
        responses[code] = _refused(code)
    arguments: dict[str, Any] = {"response_model": None, "status_code": status, "responses": responses}
    if body is not None:
        examples = {title: {"value": value} for title, value in (body_examples or {}).items()}
        content = {JSON: {"schema": _reference(body), "examples": examples}}
        arguments["openapi_extra"] = {"requestBody": {"required": True, "content": content}}
    return arguments


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with the message classes as components."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
            license_info=app.license_info,
        )
        _, components = msgspec.json.schema_components(_documented.values(), ref_template=_REF)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas.update(components)
        _with_nulls(app, document)
        for item in with_security(app, document)["paths"].values():
            for operation in item.values():
                if operation.get("x-permission"):
                    refused = {str(code): _refused(code) for code in (401, 403)}
                    operation["responses"] = dict(sorted((refused | operation["responses"]).items()))
        app.openapi_schema = document
    return app.openapi_schema


def _with_nulls(app: FastAPI, document: dict[str, Any]) -> None:
    """Put the examples back as they were given: FastAPI leaves out what is null in them."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        for method in context.methods or ():
            operation = document["paths"].get(context.path, {}).get(method.lower())
            if operation is None or not isinstance(route, APIRoute):
                continue
            for code, given in route.responses.items():
                if "content" in given:
                    operation["responses"][str(code)]["content"] = given["content"]
            if route.openapi_extra is not None:
                operation["requestBody"] = route.openapi_extra["requestBody"]


def _refused(code: int) -> dict[str, Any]:
    return {
        "description": _PROBLEMS[code],
        "content": {PROBLEM_JSON: {"schema": _reference(Problem), "example": _EXAMPLE}},
    }


def _reference(kind: type) -> dict[str, Any]:
    _documented[kind.__name__] = kind
    return {"$ref": _REF.format(name=kind.__name__)}
