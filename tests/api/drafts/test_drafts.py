from __future__ import annotations

from typing import Any

import pytest
from factories.desk import Desk, made, refused

pytestmark = pytest.mark.database
BODY: dict[str, Any] = {
    "phone": "1381234", "caller": "", "language": "zh", "place_words": "塔南路", "place": None, "direction": "",
    "card": "K03", "answers": {"a": "yes", "i": 58, "j": ["heart"]}, "people": None, "patients": [],
    "notes": "胸口压痛 🚑", "more": {"scene": "安全"},
}  # fmt: skip


async def test_typing_is_saved_and_another_seat_goes_on(desk: Desk) -> None:
    mine, theirs = await desk.as_(), await desk.as_("supervisor")
    call = await desk.call()
    path = f"/api/calls/{call['id']}/draft"
    refused(await mine.get(path), 404, "draft.not_found")
    first = made(await mine.put(path, json={"seat": "01", "version": 0, "body": BODY}))
    assert (first["draft"]["version"], first["draft"]["holder_name"], first["body"]) == (1, "示例 dispatcher", BODY)
    typed = {
        **BODY,
        "notes": "胸口压痛，出冷汗",
        "place": {"lat": 41.17, "lon": 80.26, "label": "塔南路", "source": "gazetteer"},
    }
    second = made(await mine.put(path, json={"seat": "01", "version": 1, "body": typed}))
    assert (second["draft"]["version"], second["body"]) == (2, typed)

    told = refused(await theirs.put(path, json={"seat": "02", "version": 2, "body": BODY}), 409, "draft.held")
    assert (told["current"]["holder_name"], told["current"]["seat"]) == ("示例 dispatcher", "01")
    assert (told["current"]["dropped"], "body" in told["current"]) == (False, False)
    refused(await theirs.post(f"{path}/take-over", json={"seat": "02"}), 409, "draft.held")
    assert made(await theirs.get("/api/drafts"))["drafts"] == [second["draft"]]
    assert made(await theirs.get(path))["body"] == typed
    assert await desk.lines("call.viewed") == [{"call_id": call["id"]}], "who does not hold it and looks leaves a line"

    desk.later(seconds=16)
    assert made(await theirs.get("/api/drafts"))["drafts"][0]["dropped"] is True
    taken = made(await theirs.post(f"{path}/take-over", json={"seat": "02"}))
    assert (taken["draft"]["holder_name"], taken["draft"]["seat"], taken["body"]) == ("示例 supervisor", "02", typed)
    assert [line["gone"] for line in await desk.lines("call.draft_taken_over")] == [True]


async def test_a_draft_ends_with_its_call(desk: Desk) -> None:
    client = await desk.as_()
    call = await desk.call()
    path = f"/api/calls/{call['id']}/draft"
    made(await client.put(path, json={"seat": "01", "version": 0, "body": BODY}))
    refused(await (await desk.as_("supervisor")).delete(f"{path}?seat=02"), 409, "draft.held")
    assert (await client.delete(f"{path}?seat=01")).status_code == 204
    assert made(await client.get("/api/drafts"))["drafts"] == []
    made(await client.post(f"/api/calls/{call['id']}/outcome", json={"outcome": "misdial"}))
    told = refused(await client.put(path, json={"seat": "01", "version": 0, "body": BODY}), 409, "draft.over")
    assert told["current"]["outcome"] == "misdial"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": -1}, "request.invalid"),
        ({"seat": ""}, "request.invalid"),
        ({"seat": "\n"}, "draft.seat"),
        ({"body": {**BODY, "notes": "x" * 20_001}}, "request.invalid"),
        ({"body": {**BODY, "notes": "a\0b"}}, "request.invalid"),
        ({"body": {"phone": "1"}}, "request.invalid"),
        ({"body": {**BODY, "unknown": 1}}, "request.invalid"),
    ],
)
async def test_what_is_no_draft_is_refused(desk: Desk, changed: dict[str, Any], code: str) -> None:
    call = await desk.call()
    told = {"seat": "01", "version": 0, "body": BODY, **changed}
    refused(await (await desk.as_()).put(f"/api/calls/{call['id']}/draft", json=told), 422, code)


async def test_only_those_who_take_calls_see_what_is_typed(desk: Desk) -> None:
    call = await desk.call()
    path = f"/api/calls/{call['id']}/draft"
    made(await (await desk.as_()).put(path, json={"seat": "01", "version": 0, "body": BODY}))
    for role in ("crew", "emergency_doctor", "ecmo_coordinator", "administrator"):
        refused(await (await desk.as_(role)).get(path), 403, "permission.refused")
