from __future__ import annotations

import pytest
from factories.service import Service

pytestmark = pytest.mark.database


async def test_the_whole_set_comes_at_once_and_only_once(service: Service) -> None:
    told = await service.client.get("/api/cards")
    assert told.status_code == 200
    cards = told.json()
    assert len(cards["cards"]) == 36
    assert cards["sign_off"] == "needs sign-off by a medical director"
    chest = next(card for card in cards["cards"] if card["id"] == "K03")
    assert chest["name"] == {"zh": "胸痛", "en": "Chest pain", "ug": "كۆكرەك ئاغرىقى"}
    assert "xt" in chest["keys"]
    assert chest["p1"][0]["when"] == {"q": "c", "is": "yes"}
    questions = {question["id"]: question for question in cards["questions"]}
    assert set(chest["ask"]) <= set(questions)
    assert questions["h_breath"]["letter"] == "h"
    assert [option["code"] for option in questions["h_breath"]["options"]] == ["none", "mild", "severe"]
    again = await service.client.get("/api/cards", headers={"If-None-Match": told.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", told.headers["etag"])


async def test_answers_are_assessed(service: Service) -> None:
    body = {"answers": {"a": "yes", "b": "yes", "c": "unknown", "i": 58, "j": ["heart"]}}
    told = await service.client.post("/api/cards/K03/assess", json=body)
    assert told.status_code == 200
    found = told.json()
    assert (found["priority"], found["provisional"], found["ask_again"]) == ("P1", True, ["c"])
    assert found["rule"]["text"]["zh"] == "面色苍白、发青或大汗"
    assert found["open"] == ["e", "f", "h_breath"]
    assert found["capabilities"] == "A"


@pytest.mark.parametrize(
    ("card", "answers", "status", "code"),
    [
        ("K99", {}, 404, "card.not_found"),
        ("K03", {"zz": "yes"}, 422, "answer.question"),
        ("K03", {"a": "vielleicht"}, 422, "answer.value"),
        ("K03", {"i": 1e300}, 422, "answer.value"),
        ("K03", {"a": None}, 422, "request.invalid"),
        ("K03", {"a": {"b": 1}}, 422, "request.invalid"),
        ("K03", [], 422, "request.invalid"),
    ],
)
async def test_what_is_no_answer_is_refused(
    service: Service, card: str, answers: object, status: int, code: str
) -> None:
    told = await service.client.post(f"/api/cards/{card}/assess", json={"answers": answers})
    assert (told.status_code, told.json()["code"]) == (status, code)
