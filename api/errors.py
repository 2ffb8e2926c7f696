"""The one table from error to HTTP status, and the form in which a refusal is told (RFC 9457).

A refusal of the domain (`TarimError`) or of the roads (`GeoError`) carries a stable `code`. The status is looked up by
code first, then by the kind of the error. Anything else is a bug: 500, logged with its trace, told without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from dispatch.kernel.errors import Conflict, Invalid, NotFound, Refused, TarimError, Unavailable
from geo.errors import GeoError

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 2

STATUS_OF_CODE: dict[str, int] = {
    "place.coordinates": 422,
    "place.not_found": 404,
    "closure.invalid": 422,
    "zones.invalid": 422,
    "roads.not_osm": 422,
    "roads.none": 422,
    "roads.unreadable": 503,
    "roads.download": 503,
    "tile.out_of_range": 404,
    "region.not_served": 404,
    "region.no_roads": 503,
    "session.none": 401,
    "login.refused": 401,
    "login.wait": 429,
    "password.current": 403,
    "permission.refused": 403,
    "ecmo_circuit.not_lead": 403,
    "priority.not_allowed": 403,
    "priority.clinician_on_duty": 403,
    "priority.supervisor_off_duty": 403,
    "duty.not_yours": 403,
    "device.other_vehicle": 403,
    "crew.other_vehicle": 403,
    "policy.not_yours": 403,
    "assignment.other_vehicle": 403,
    "origin.refused": 403,
    "session.not_found": 404,
    "request.body_too_large": 413,
    "request.invalid": 422,
    "request.not_found": 404,
    "request.method": 405,
    "request.media_type": 415,
}
"""Wins over the kind of the error."""

FIELD_OF_CODE: dict[str, str] = {
    "text.phone": "phone",
    "call.language": "language",
    "call.outcome": "outcome",
    "transfer.prefecture": "prefecture",
    "incident.complaint": "complaint",
    "incident.capabilities": "capabilities",
    "incident.duplicate": "duplicate_of",
    "priority.reason": "reason",
    "duty.until": "until",
    "outcome.destination": "outcome.destination_id",
    "outcome.proof": "outcome.proof",
    "outcome.witness": "outcome.witness",
    "outcome.handed_to": "outcome.handed_to",
    "outcome.reason": "reason",
    "patient.age": "age_years",
    "patient.itself": "into",
    "time.missing": "at",
    "time.zone": "at",
    "time.future": "at",
    "time.too_old": "at",
    "time.order": "at",
}
"""Which field of a body the domain refused, where every body that holds it names it so."""

STATUS_OF_KIND: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (Refused, 409),
    (Invalid, 422),
    (Unavailable, 503),
    (GeoError, 422),
)


class ProblemError(TarimError):
    """A refusal at the edge itself. `fields` are the places in the request that were wrong."""

    def __init__(self, code: str, message: str, hint: str = "", *, fields: Sequence[FieldError] = ()) -> None:
        super().__init__(code, message, hint)
        self.fields = tuple(fields)


class FieldError(msgspec.Struct, frozen=True):
    """One wrong field: where it stands (`units[3].lat`, `query.k`) and what is wrong with it."""

    path: str
    message: str


class Problem(msgspec.Struct, frozen=True):
    """A refusal as RFC 9457 wants it. `code` is stable: compare that, not the sentences."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    hint: str
    errors: tuple[FieldError, ...]
    current: Annotated[dict[str, Any], Meta(description="409: what is there now, where that helps.")] | UnsetType = (
        UNSET
    )


def status_of(error: TarimError | GeoError) -> int:
    """Return the HTTP status of a refusal. A TarimError of no known kind is a bug in the table: 500."""
    by_code = STATUS_OF_CODE.get(error.code)
    if by_code is not None:
        return by_code
    return next((status for kind, status in STATUS_OF_KIND if isinstance(error, kind)), 500)


def refusal(error: TarimError | GeoError, instance: str) -> Response:
    """Return the answer that tells a refusal."""
    if isinstance(error, ProblemError):
        fields = error.fields
    else:
        field = FIELD_OF_CODE.get(error.code)
        fields = (FieldError(field, error.message),) if field else ()
    current = error.current if isinstance(error, Conflict) else None
    return problem(
        status_of(error), error.code, error.message, instance, hint=error.hint, fields=fields, current=current
    )


def problem(
    status: int,
    code: str,
    detail: str,
    instance: str,
    *,
    hint: str = "",
    fields: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    current: dict[str, Any] | None = None,
) -> Response:
    """Return a problem+json answer; 503 tells when to come again."""
    body = Problem(
        type=f"urn:tarim:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        code=code,
        hint=hint,
        errors=tuple(fields),
        current=UNSET if current is None else current,
    )
    extra = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        extra["Retry-After"] = str(RETRY_AFTER_S)
    if status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = 'Bearer realm="tarim"'
    return Response(msgspec.json.encode(body), status, extra, PROBLEM_JSON)


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Turn pydantic's error list into ours; the values given are not repeated."""
    return [FieldError(_path(item["loc"]), str(item["msg"])) for item in errors]


def _path(location: Sequence[object]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
