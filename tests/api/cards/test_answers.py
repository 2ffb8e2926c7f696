from __future__ import annotations

from typing import Any

import pytest
from factories.cards import CARDS
from factories.desk import Desk, made, refused
from factories.fleet import CONTEXT
from factories.incidents import ALAR, REGION, act_of

from dispatch.cards.rules_reading import builtin_text
from dispatch.cards.service_sets import import_cards
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority

pytestmark = pytest.mark.database


async def opened(desk: Desk) -> str:
    async with desk.database.write() as session:
        return str((await open_incident(act_of(session, desk.clock), NewIncident(Priority.P3, "", "", ALAR))).id)


async def test_answers_are_kept_and_the_incident_follows(desk: Desk) -> None:
    client = await desk.as_()
    path = f"/api/incidents/{await opened(desk)}/answers"
    empty = made(await client.get(path))
    assert (empty["card"], empty["assessment"], empty["answers"]) == ("", None, [])
    first = made(await client.put(path, json={"card": "K03", "answers": {"a": "yes", "b": "yes", "c": "yes"}}))
    assert (first["priority"], first["capabilities"], first["assessment"]["rule"]["id"]) == ("P1", "A", "K03.p1.sweat")
    desk.later(seconds=20)
    body: dict[str, Any] = {"card": "K03", "answers": {"c": "no", "i": 58, "j": ["heart"]}, "version": first["version"]}
    second = made(await client.put(path, json=body))
    assert (second["priority"], second["assessment"]["rule"]["id"]) == ("P2", "K03.p2.age")
    sweat = [one for one in second["answers"] if one["question"] == "c"]
    assert [(one["version"], one["value"], one["author_name"]) for one in sweat] == [
        (1, "yes", "示例 dispatcher"),
        (2, "no", "示例 dispatcher"),
    ]
    assert [one["priority"] for one in second["assessments"]] == ["P1", "P2"]
    assert made(await client.get(path)) == second
    told = refused(await client.put(path, json=body), 409, "incident.outdated")
    assert told["current"]["priority"] == "P2"


async def test_answers_that_cannot_be_are_refused(desk: Desk) -> None:
    client = await desk.as_()
    path = f"/api/incidents/{await opened(desk)}/answers"
    refused(await client.put(path, json={"card": "K77", "answers": {}}), 404, "card.not_found")
    refused(await client.put(path, json={"card": "K03", "answers": {"zz": "yes"}}), 422, "answer.question")
    refused(await client.put(path, json={"card": "K03", "answers": {"c": 3}}), 422, "answer.value")
    refused(await client.put(path, json={"card": "K03", "answers": {}, "source": "paper"}), 422, "time.missing")
    nobody = "/api/incidents/00000000-0000-7000-8000-000000000000/answers"
    refused(await client.put(nobody, json={"card": "K03", "answers": {}}), 404, "incident.not_found")
    refused(await (await desk.as_("crew")).put(path, json={"card": "K03", "answers": {}}), 403, "permission.refused")
    assert made(await client.get(path))["answers"] == []


async def test_a_region_has_its_own_cards_and_old_answers_stay_readable(desk: Desk) -> None:
    client = await desk.as_()
    path = f"/api/incidents/{await opened(desk)}/answers"
    made(await client.put(path, json={"card": "K03", "answers": {"a": "yes", "b": "yes", "e": "older"}}))
    before = (await client.get("/api/cards")).headers["etag"]
    own = (
        builtin_text()
        .replace('version = "2026.11"', 'version = "aksu-1"')
        .replace('"e", "f", "h_breath"', '"f", "h_breath"')
    )
    async with desk.database.write() as session:
        await import_cards(session, desk.clock, CONTEXT, REGION, own)
    told = await client.get("/api/cards", headers={"If-None-Match": before})
    assert (told.status_code, told.json()["version"]) == (200, "aksu-1")
    after = made(await client.get(path))
    assert [one["cards_version"] for one in after["answers"]] == [CARDS.version] * 3
    assert after["assessment"]["version"] == "aksu-1"
