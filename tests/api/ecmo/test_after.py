"""A transfer that is over, over HTTP: its times, what became of the patient, its report, the registry, figures."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.desk import made, refused
from factories.missions import begin_mission
from factories.on_duty import OnDuty
from factories.people import CIVIL, CORPS, make_person
from factories.service import REGION
from sqlalchemy import select

from api.ecmo.paper import EcmoSheet
from api.printing.render import Language, render
from dispatch.accounts.states import Role
from dispatch.ecmo.queries_missions import get_mission
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.incidents.service import Act
from dispatch.incidents.service_personal import keep_value
from dispatch.incidents.states_patients import PersonalKind
from dispatch.incidents.tables_personal import Owner
from dispatch.kernel.actor import Context, system
from dispatch.kernel.journal_table import JournalLine

pytestmark = pytest.mark.database
STATES = (
    ("outbound", 40), ("at_patient", 60), ("cannulating", 25), ("on_circuit", 35), ("returning", 80), ("arrived", 60),
    ("handed_over", 20),
)  # fmt: skip
"""With the minutes before each."""


async def begun(duty: OnDuty) -> tuple[str, str]:
    """A mission whose request has a name, and was decided; the ids of both."""
    async with duty.service.parts.database.write() as session:
        row = (await session.scalars(select(Hospital))).one()
        row.name_en, hospital = "Example Hospital", row.id
        digester = duty.service.app.state.doorkeeper.digester
        act = Act(session, duty.clock, Context.begin(duty.clock, system("tests")), digester, REGION)
        mission = await begin_mission(act, hospital, hospital)
        request = await session.get(EcmoRequest, (await get_mission(session, REGION, mission)).request_id)
        assert request is not None
        request.decided_at, request.age_years = duty.clock.now(), 46
        await session.flush()
        await keep_value(act, Owner.ECMO, request.id, PersonalKind.NAME, "示例刘某", act.moment())
        return str(mission), str(request.id)


async def walk(duty: OnDuty, mission: str, states: tuple[tuple[str, int], ...]) -> httpx.AsyncClient:
    """Whoever does nothing for long is logged out, and logs in again; the last one is returned."""
    client = duty.client
    for state, minutes in states:
        duty.later(minutes * 60)
        client = await duty.service.logged_in("ecmo")
        made(await client.post(f"/api/ecmo/missions/{mission}/state", json={"state": state}))
    return client


async def journal(duty: OnDuty, type_: str) -> list[dict[str, Any]]:
    async with duty.service.parts.database.read() as session:
        return list(
            await session.scalars(
                select(JournalLine.payload).where(JournalLine.type == type_).order_by(JournalLine.seq)
            )
        )


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> list[EcmoSheet]:
    """What was printed."""
    printed: list[EcmoSheet] = []

    async def kept(template: str, sheet: EcmoSheet, language: Language, at: datetime) -> bytes:
        printed.append(sheet)
        return await render(template, sheet, language, at)

    monkeypatch.setattr("api.ecmo.paper.render", kept)
    return printed


async def test_a_transfer_stays_in_the_list_until_it_is_told_what_became_of_the_patient(duty: OnDuty) -> None:
    mission, request = await begun(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
    client = await walk(duty, mission, STATES)

    async def awaited(**told: str) -> tuple[str, datetime | None] | None:
        if told:
            made(await client.post(f"/api/ecmo/missions/{mission}/outcomes", json=told))
            duty.later(1)
        rows = made(await client.get("/api/ecmo/requests"))["requests"]
        row = next((one for one in rows if one["id"] == request), None)
        if row is None:
            return None
        due = row["outcome_due_at"]
        return row["outcome_awaited"], None if due is None else datetime.fromisoformat(due)

    assert await awaited() == ("h24", duty.clock.now() + timedelta(hours=24))
    assert await awaited(moment="h24", outcome="died") is None
    # That was a mistake: he lives, and it is asked on.
    assert await awaited(moment="h24", outcome="off_circuit") == ("discharge", None)
    assert await awaited(moment="discharge", outcome="home") is None
    assert request in {one["id"] for one in made(await client.get("/api/ecmo/requests?hours=24"))["requests"]}


async def test_a_transfer_is_told_corrected_printed_and_counted(duty: OnDuty, sheets: list[EcmoSheet]) -> None:
    mission, request = await begun(duty)
    async with duty.service.parts.database.write() as session:
        await make_person(session, duty.clock, "ecmo", Role.ECMO_COORDINATOR, organisation=CIVIL)
        await make_person(session, duty.clock, "stranger", Role.EMERGENCY_DOCTOR, organisation=CORPS)
    outcomes, report = f"/api/ecmo/missions/{mission}/outcomes", f"/api/ecmo/missions/{mission}/report"
    weaned, died = {"moment": "h24", "outcome": "off_circuit"}, {"moment": "h24", "outcome": "died"}

    client = await walk(duty, mission, STATES[:4])
    refused(await client.post(outcomes, json=weaned), 409, "ecmo_outcome.early")
    client = await walk(duty, mission, STATES[4:])
    told = made(await client.get(f"/api/ecmo/requests/{request}/after"))
    assert {one["id"]: (one["minutes"], one["met"]) for one in told["kpis"]} == {
        "to_decision": (0, True), "to_wheels": (40, True), "to_puncture": (25, True), "to_flow": (35, False),
        "to_departure": (80, True), "total": (320, None),
    }  # fmt: skip
    assert [one["code"] for one in told["course"] if one["what"] == "state"] == [state for state, _ in STATES]
    assert [one["detail"] for one in told["course"] if one["what"] == "gate"] == ["open", "open"]
    # A centre comes with its names, for each screen to tell the one of its language.
    assert [(one["what"], one["detail"], one["hospital"]["name_en"]) for one in told["course"] if one["hospital"]] == [
        ("bound", "", "Example Hospital")
    ]

    # By name, corrected by a further entry; the first stays.
    refused(await client.post(outcomes, json={"moment": "h24", "outcome": "home"}), 422, "ecmo_outcome.kind")
    early = {**weaned, "at": "2020-01-01T00:00:00Z"}
    refused(await client.post(outcomes, json=early), 422, "ecmo_outcome.time")
    made(await client.post(outcomes, json=died))
    duty.later(1)
    told = made(await client.post(outcomes, json=weaned))
    assert [(one["outcome"], one["counts"], bool(one["name"])) for one in told["outcomes"]] == [
        ("died", False, True), ("off_circuit", True, True)
    ]  # fmt: skip
    assert [one["corrects"] for one in await journal(duty, "ecmo.outcome_entered")] == [False, True]

    chief = await duty.service.logged_in("supervisor")
    # On paper: without whom it was, unless the role has the right and a reason is told.
    for who, query, status in (
        (client, {}, 200),
        (client, {"reason": "care"}, 403),
        (chief, {"reason": "quality", "language": "ug"}, 200),
    ):
        paper = await who.get(report, params={"language": "en", **query})
        assert paper.status_code == status, paper.text
        assert status != 200 or paper.content.startswith(b"%PDF")
    # In the name of its language; where nobody gave one, the Chinese.
    assert [[line[5] for line in one.course if line[1] == "bound"] for one in sheets] == [
        ["Example Hospital"], ["示例医院"]
    ]  # fmt: skip
    assert [one["reason"] for one in await journal(duty, "report.ecmo_exported")] == [None, "quality"]
    assert len(await journal(duty, "report.ecmo_withheld")) == 1

    # The registry, and the figures of their own group.
    period = {"from": "2026-11-01T00:00:00Z", "until": "2026-12-31T00:00:00Z"}
    table = await client.get("/api/ecmo/registry", params=period)
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert (row["run.id"], row["patient.age_from"], row["outcome.h24"]) == ("1", "40.0", "off_circuit")
    assert "示例刘某" not in table.text
    refused(await client.get("/api/ecmo/registry", params={**period, "reason": "quality"}), 403, "permission.refused")
    figures = made(await chief.get("/api/reports/ecmo", params=period))
    flow = next(one for one in figures["figures"] if (one["id"], one["mode"]) == ("to_flow", None))
    assert (figures["transfers"], flow["n"], flow["completeness"], flow["suppressed"]) == (1, 1, 1.0, True)
    assert {one["id"] for one in figures["definitions"]} == {one["id"] for one in told["kpis"]}
    for form in ("csv", "xlsx", "json"):
        out = await chief.get("/api/reports/ecmo/export", params={**period, "format": form})
        assert out.status_code == 200
        assert out.content
    refused(await client.get("/api/reports/ecmo", params=period), 403, "permission.refused")

    # Whoever works for neither side sees none of it.
    stranger = await duty.service.logged_in("stranger")
    assert (await stranger.get(f"/api/ecmo/requests/{request}/after")).status_code in {403, 404}
    refused(await stranger.get(report), 404, "ecmo_mission.not_found")
    refused(await stranger.post(outcomes, json=weaned), 403, "permission.refused")
    assert list(csv.DictReader(io.StringIO((await stranger.get("/api/ecmo/registry", params=period)).text))) == []
    assert UUID(told["mission_id"]) == UUID(mission)
