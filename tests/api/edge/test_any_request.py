"""Whatever anybody sends to any route, the answer is no fault of ours, and is one that the document tells of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from factories.apps import document
from factories.patience import PATIENCE_S, times
from factories.postgres import TestServer
from factories.served import Served, busy, served
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.guarded import allows
from dispatch.accounts.rules_permissions import TABLE

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]

OPERATIONS = [(method.upper(), path) for path, methods in document()["paths"].items() for method in methods]
WHO = [*map(str, TABLE), "nobody"]
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
PAIRS = {"/api/roads/at"}
"""Its answer has pairs of numbers, whose schema (`prefixItems`) schemathesis rewrites into one that it then refuses."""
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def server(postgres_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("served")
    with postgres_server.scene(busy, home) as (url, filled), served(url, home, filled) as made:
        yield made


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        yield made


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    return schemathesis.openapi.from_dict(document())


def with_what_is_there(value: object, there: dict[str, list[object]], data: st.DataObject) -> object:
    """The same, but that most of what it names is there, and its places and times can be."""
    if isinstance(value, list):
        return [with_what_is_there(item, there, data) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: data.draw(st.sampled_from([*there[key], item]))
        if there.get(key)
        else with_what_is_there(item, there, data)
        for key, item in value.items()
    }


def who_may(operation: dict[str, Any]) -> list[str]:
    """Who holds the permission that the operation asks for."""
    asked = operation.get("x-permission") or ""
    wanted = asked if isinstance(asked, list) else [asked]
    return [str(holder) for holder in TABLE if allows(TABLE[holder].any, wanted)] or WHO


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[" ".join(one) for one in OPERATIONS])
def test_no_request_brings_a_fault(
    server: Served, session: requests.Session, schema: BaseSchema, method: str, path: str
) -> None:
    operation, told = schema[path][method.lower()], document()["paths"][path][method.lower()]
    there = server.there()
    asking = st.sampled_from(who_may(told)) | st.sampled_from(who_may(told)) | st.sampled_from(WHO)

    @settings(max_examples=times(5, 500), suppress_health_check=list(HealthCheck))
    @given(who=asking, mode=st.sampled_from([RIGHT, RIGHT, WRONG]), is_likely=st.booleans(), data=st.data())
    def ask(who: str, mode: GenerationMode, is_likely: bool, data: st.DataObject) -> None:
        case: Case = data.draw(operation.as_strategy(mode))
        if is_likely:
            for part in ("path_parameters", "query", "body"):
                setattr(case, part, with_what_is_there(getattr(case, part), there, data))
        if who != "nobody":  # who has a login sends no other
            case.cookies.clear()
            case.headers.pop("authorization", None)
        answered = case.call(server.address, session, server.headers(who), timeout=PATIENCE_S)
        session.cookies.clear()
        if answered.status_code == 401:
            server.cookies.pop(who, None)  # logged out, perhaps by this very request
        sent = f"{who}: {answered.content[:4_000]!r}\n{case.as_curl_command(base_url=server.address)}"
        assert answered.status_code < 500, sent
        case.validate_response(answered, CHECKS[:2] if path in PAIRS else CHECKS)

    ask()
