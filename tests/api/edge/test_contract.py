from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from factories.apps import document

from api.contract import _documented
from api.errors import STATUS_OF_CODE, STATUS_OF_KIND, refusal, status_of
from dispatch.incidents.rules_editing import Outdated
from dispatch.kernel import errors as domain
from geo import errors as geo

WITHOUT_BODY = {f"/api/people/{{person_id}}/{verb}" for verb in ("lock", "unlock", "revoke", "erase")} | {
    "/api/devices/{device_id}/revoke",
    "/api/hospital-limits/{limit_id}/end",
    "/api/ecmo/requests/{request_id}/close",
    "/api/ecmo/missions/{mission_id}/fit-to-move",
    "/api/ecmo/promises/{promise_id}/{answered}",
    "/api/ecmo/bookings/{booking_id}/return",
    "/api/ecmo/missions/{mission_id}/unplugging",
    "/api/ecmo/adverse/{event_id}/withdrawal",
    "/api/runs/{run_id}/cancel",
    "/api/assignments/{assignment_id}/undo",
    "/api/er/prealerts/{prealert_id}/acknowledgement",
    "/api/patients/{patient_id}/chart/{entry_id}/withdrawal",
    "/api/orders/{order_id}/seen",
    "/api/orders/{order_id}/cancellation",
}


@pytest.fixture(scope="module", name="document")
def _document() -> dict[str, Any]:
    return document()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, item) for path, methods in document["paths"].items() for method, item in methods.items()]


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for item in value.values() for ref in references(item)]
    return [ref for item in value for ref in references(item)] if isinstance(value, list) else []


def test_every_operation_is_described_with_every_refusal(document: dict[str, Any]) -> None:
    assert len(operations(document)) >= 18
    for path, method, item in operations(document):
        where = f"{method} {path}"
        assert item.get("summary"), where
        assert item.get("description"), where
        assert {"422", "500", "503"} <= set(item["responses"]), where
        for code, response in item["responses"].items():
            assert response["description"], where
            if int(code) >= 400:
                assert "application/problem+json" in response["content"], where
        assert method != "post" or "requestBody" in item or path in WITHOUT_BODY, where
        if "requestBody" in item:
            body = item["requestBody"]["content"]["application/json"]
            assert body["schema"], where
            assert body["examples"], where
            assert {"413", "415"} <= set(item["responses"]), where
        for parameter in item.get("parameters", []):
            assert parameter.get("description"), f"{where} {parameter['name']}"


def test_every_reference_leads_somewhere_and_outputs_have_no_defaults(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for ref in references(document):
        assert ref.removeprefix("#/components/schemas/") in schemas, ref
    for name, schema in schemas.items():
        if not name.endswith("Out"):
            continue
        properties = schema["properties"]
        assert set(schema.get("required", [])) == set(properties), name
        assert not [key for key, value in properties.items() if "default" in value], name


def test_every_example_is_whole(document: dict[str, Any]) -> None:
    shown = [
        (f"{method} {path} {code}", content["schema"], content["example"])
        for path, method, item in operations(document)
        for code, response in item["responses"].items()
        for content in response.get("content", {}).values()
        if "example" in content
    ] + [
        (f"{method} {path} {title}", content["schema"], example["value"])
        for path, method, item in operations(document)
        for content in item.get("requestBody", {}).get("content", {}).values()
        for title, example in content["examples"].items()
    ]
    assert len(shown) > 500
    for where, schema, example in shown:
        kind = _documented[schema["$ref"].removeprefix("#/components/schemas/")]
        try:
            msgspec.json.decode(json.dumps(example), type=kind)
        except msgspec.ValidationError as error:
            pytest.fail(f"{where}: {error}")


def test_every_kind_of_refusal_has_a_status() -> None:
    for kind in (domain.NotFound, domain.Conflict, domain.Invalid, domain.Refused, domain.Unavailable):
        assert 400 <= status_of(kind("some.code", "m")) < 600
        assert status_of(kind("some.code", "m")) != 500
    assert status_of(domain.TarimError("some.code", "m")) == 500
    for cls in vars(geo).values():
        if isinstance(cls, type) and issubclass(cls, geo.GeoError) and cls is not geo.GeoError:
            assert cls.code in STATUS_OF_CODE, cls
    assert {status for _, status in STATUS_OF_KIND} <= {404, 409, 422, 503}


def test_who_edited_an_older_version_is_told_what_it_is_now() -> None:
    told = json.loads(refusal(Outdated("note", {"version": 2}), "/api/notes/1").body)
    assert (told["status"], told["code"], told["current"]) == (409, "note.outdated", {"version": 2})
    assert "current" not in json.loads(refusal(domain.Conflict("note.x", "m"), "/api/notes/1").body)


def test_an_own_request_example_is_valid(document: dict[str, Any]) -> None:
    examples = document["paths"]["/api/nearest"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert all(
        set(item["value"]) <= set(document["components"]["schemas"]["NearestIn"]["properties"])
        for item in examples.values()
    )
