"""Figures over HTTP: of a period, live, beside targets, over time, and the rows behind them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from factories.desk import Desk, refused
from factories.dispatching import SCENE
from factories.incidents import REGION
from factories.on_duty import OnDuty
from factories.records import MONDAY, rows
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.audit.queries import list_lines
from dispatch.dispatching.queries_looks import Look, list_looks
from dispatch.reports import queries_union
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import definitions_of, shipped_definitions
from dispatch.reports.service_store import RecordStore
from dispatch.units.states_duty import UnitStatus

pytestmark = pytest.mark.database
WEEK = {"from": MONDAY.isoformat(), "until": (MONDAY + timedelta(days=7)).isoformat()}
HOUR = 3_600
_HOURS = list(itertools.product(range(7), range(24)))


def _import(desk: Desk) -> None:
    """A week of 168 incidents, one an hour: urban ones take 600 s, every third is rural and takes 1,800 s, all sent at
    60 s with a departure after 100 s; every eighth departs after 200 s only."""
    told, runs = [], []
    for hour in range(168):
        at, rural = hour * HOUR, hour % 3 == 0
        took = 1_800 if rural else 600
        station = "ST-2" if rural else "ST-1"
        told.append(
            {
                "incident_id": f"i-{hour:03}", "number": f"2016-{hour:06}", "t0": at, "t1": at + 5, "t3": at + 60,
                "t6": at + took, "t6_capable": at + took, "ground": "rural" if rural else "urban",
                "first_station": station,
            }
        )  # fmt: skip
        runs.append(
            {
                "run_id": f"r-{hour:03}", "incident_id": f"i-{hour:03}", "t3": at + 60, "t6": at + took,
                "t5": at + (260 if hour % 8 == 0 else 160), "t11": at + 3_000, "station": station,
            }
        )  # fmt: skip
    store = RecordStore(desk.parts.settings.home, REGION)
    store.keep_import("week", {"incidents": rows("incidents", *told), "runs": rows("runs", *runs)})


async def _told(desk: Desk, path: str, who: str = "supervisor", **asked: Any) -> dict[str, Any]:  # noqa: ANN401
    answered = await (await desk.as_(who)).get(f"/api/reports/{path}", params=asked)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


def _kpi(told: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in told["kpis"] if one["id"] == name)
    return found


async def test_a_week_of_imported_records(desk: Desk) -> None:
    _import(desk)
    told = await _told(desk, "figures", **WEEK, by=["ground", "station"], targets="aksu")
    assert told["as_of"]["imports"] == ["week"]
    assert (told["empty"], told["target_set"]) == (False, "aksu")
    response = _kpi(told, "response")
    by = {(one["stratum"], one["key"]): one for one in response["figures"]}
    assert (by["all", ""]["n"], by["all", ""]["p50_s"], by["all", ""]["p90_s"]) == (168, 600, 1_800)
    assert by["ground", "rural"]["mean_s"] == by["station", "ST-2"]["mean_s"] == 1_800.0
    # Rural: 15 minutes at most in the mean; they took 30.
    assert [(one["value"], one["met"], one["where"]) for one in response["targets"]] == [
        (1_800.0, False, {"ground": "rural"})
    ]
    departure = _kpi(told, "departure")["figures"][0]
    assert (departure["hits"], departure["counted"]) == (147, 168)
    trend = await _told(desk, "trend", **WEEK, kpi="departure", measure="share")
    points = trend["parts"][0]["points"]
    assert [one["value"] for one in points] == [21 / 24] * 7
    assert {one["signal"] for one in points} == {None}
    missed = await _told(desk, "rows", **WEEK, kpi="departure", which="missed", limit=2, where="ground:rural")
    assert missed["total"] == 7
    assert [(one["value_s"], one["hit"]) for one in missed["rows"]] == [(200, False)] * 2
    assert missed["rows"][0]["number"] == "2016-000144"
    both = await _told(
        desk, "compare", **WEEK, at=(MONDAY + timedelta(days=2)).isoformat(), kpi="response", by="ground"
    )
    assert [both[side][0]["figures"][0]["n"] for side in ("before", "after")] == [48, 120]
    assert both["begins"] == both["before_until"]
    days = {"before_from": MONDAY.isoformat(), "before_until": (MONDAY + timedelta(days=1)).isoformat()}
    two = await _told(desk, "compare", **(WEEK | {"from": (MONDAY + timedelta(days=6)).isoformat()}), **days)
    assert [_kpi({"kpis": two[side]}, "response")["figures"][0]["n"] for side in ("before", "after")] == [24, 24]
    (heat,) = (await _told(desk, "heat", **WEEK, kpi="response"))["parts"]
    # An hour of a week of seven days holds one incident: too few to tell a time of.
    assert {(one["weekday"], one["hour"]) for one in heat["cells"]} == {(day + 1, hour) for day, hour in _HOURS}
    assert {(one["counted"], one["p50_s"], one["suppressed"]) for one in heat["cells"]} == {(1, None, True)}
    assert (await _told(desk, "rows", **WEEK, kpi="response", from_s=600, until_s=1_800))["total"] == 112
    slowest = (await _told(desk, "rows", **WEEK, kpi="response", limit=1))["rows"][0]
    assert (slowest["station"], slowest["ground"], slowest["stretches"]["taking_s"]) == ("ST-2", "rural", 60)


async def test_the_rows_behind_a_comparison_are_of_the_definition_that_it_is_told_by(desk: Desk) -> None:
    """From Wednesday on a departure counts from the answer: by today's definition before as well."""
    _import(desk)
    given, sets = shipped_definitions()
    departure = next(one for one in given["kpi"] if one["id"] == "departure")
    later = {**departure, "version": 2, "from": "2026-11-18", "within_s": 230}
    known = definitions_of({**given, "kpi": [*given["kpi"], later]}, sets, RULES, TIMES)
    desk.app.state.reports.definitions = known
    at = MONDAY + timedelta(days=2)
    both = await _told(desk, "compare", **WEEK, at=at.isoformat(), kpi="departure")
    before = both["before"][0]["figures"][0]
    assert (before["counted"], before["hits"]) == (48, 48)
    asked = {"from": MONDAY.isoformat(), "until": at.isoformat(), "kpi": "departure", "which": "missed"}
    assert (await _told(desk, "rows", **asked, today=True))["total"] == 0
    # As it counted then, six of them were late.
    assert (await _told(desk, "rows", **asked))["total"] == 6


async def test_what_the_page_shows_leaves_as_the_same_numbers(desk: Desk) -> None:
    _import(desk)
    client = await desk.as_("supervisor")

    async def out(shown: str, **asked: str) -> list[dict[str, Any]]:
        given = await client.get(f"/api/reports/shown/{shown}", params={**WEEK, "format": "json", **asked})
        assert given.status_code == 200, given.text
        rows: list[dict[str, Any]] = given.json()
        return rows

    trend = await out("trend", kpi="departure", measure="share")
    assert [(one["value_share"], one["value"], one["counted"]) for one in trend] == [(21 / 24, None, 24)] * 7
    assert len(await out("heat", kpi="response")) == 168
    first = MONDAY.isoformat()
    days = {"from": (MONDAY + timedelta(days=1)).isoformat(), "before_from": first, "before_until": WEEK["until"]}
    both = {(one["stratum"], one["key"]): one for one in await out("compare", kpi="response", by="ground", **days)}
    assert (both["all", ""]["before_counted"], both["all", ""]["after_counted"]) == (168, 144)
    faults = {(one["code"], one["station"]): one["faults"] for one in await out("quality")}
    assert faults["runs.missing_t4", "ST-2"] == 56
    assert [one["group"] for one in await out("union")] == ["all"]
    book = await client.get("/api/reports/shown/union", params={**WEEK, "format": "xlsx"})
    assert book.content.startswith(b"PK")
    paper = await client.get("/api/reports/shown/compare", params={**WEEK, **days, "format": "pdf"})
    assert paper.content.startswith(b"%PDF"), paper.text
    for wrong in ({"format": "geojson"}, {"format": "csv", "kpi": ["response", "answer"]}):
        refused(
            await client.get("/api/reports/shown/trend", params={**WEEK, **wrong}),
            422,
            "report.form" if wrong["format"] == "geojson" else "report.kpi",
        )
    barred = await (await desk.as_("dispatcher")).get("/api/reports/shown/quality", params={"format": "csv"})
    refused(barred, 403, "permission.refused")
    async with desk.database.read() as session:
        lines = [line.type for line in await list_lines(session, after_seq=0) if line.type.startswith("report.")]
    assert lines == ["report.exported"] * 7 + ["report.withheld"]


async def test_the_quality_of_the_data_opens_the_rows_behind_it(desk: Desk) -> None:
    _import(desk)
    told = await _told(desk, "quality", **WEEK)
    found = {(one["code"], one["station"]): one for one in told["findings"]}
    assert found["runs.missing_t7", "all"]["eligible"] == 0
    assert found["runs.missing_t4", "ST-2"]["faults"] == found["runs.missing_t4", "ST-2"]["eligible"] == 56
    behind = await _told(desk, "quality/rows", **WEEK, code="runs.missing_t4", station="ST-2", limit=1, offset=1)
    assert (behind["total"], [one["id"] for one in behind["rows"]]) == (56, ["r-162"])


async def test_what_is_left_out_says_who_did_it_and_opens_its_rows(desk: Desk) -> None:
    incident = await desk.centre.incident(needs="B", place=SCENE)
    cancelled = await (await desk.as_("dispatcher")).post(
        f"/api/incidents/{incident}/cancel", json={"reason": "no_emergency"}
    )
    assert cancelled.status_code == 200, cancelled.text
    told = await _told(desk, "quality")
    (left,) = told["exclusions"]
    who = f"person:{desk.people['dispatcher']}"
    assert (left["of"], left["reason"], left["rows"], left["classed_by"]) == ("incidents", "cancelled", 1, who)
    assert told["people"][who]
    asked = {"code": "incidents.out_cancelled", "station": left["station"], "classed_by": who}
    behind = await _told(desk, "quality/rows", **asked)
    assert [one["incident_id"] for one in behind["rows"]] == [str(incident)]
    assert (await _told(desk, "quality/rows", **{**asked, "classed_by": "person:another"}))["total"] == 0


async def test_today_is_live_and_says_until_when(desk: Desk) -> None:
    incident = await desk.centre.incident(needs="B", place=SCENE)
    desk.later(seconds=60)
    assignment = await desk.centre.send(incident, 0)
    told = await _told(desk, "figures", by="station")
    assert _kpi(told, "fulfilment")["figures"][0]["eligible"] == 1
    assert _kpi(told, "departure")["figures"][0]["eligible"] == 0, "it may still leave in time"
    assert told["as_of"]["at"].startswith(desk.clock.now().isoformat()[:19])
    desk.later(seconds=181)
    desk.app.state.reports._made_at = float("-inf")
    late = _kpi(await _told(desk, "figures"), "departure")["figures"][0]
    assert (late["eligible"], late["counted"], late["suppressed"]) == (1, 1, True)
    await desk.centre.say(0, UnitStatus.ON_SCENE, run_id=assignment.id)
    desk.app.state.reports._made_at = float("-inf")
    there = await _told(desk, "rows", kpi="response")
    assert [(one["incident_id"], one["value_s"]) for one in there["rows"]] == [(str(incident), 241)]


async def test_a_look_is_read_once_whatever_is_written_meanwhile(duty: OnDuty, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    async def noted(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Look]:
        read.append(len(ids))
        return await list_looks(session, ids)

    monkeypatch.setattr(queries_union, "list_looks", noted)
    supervisor = await duty.service.logged_in("supervisor")
    for looked in (1, 2):
        incident = await duty.incident()
        asked = await duty.post(f"incidents/{incident}/recommendation")
        assert asked.status_code in (200, 201), asked.text
        duty.service.app.state.reports._made_at = float("-inf")
        assert (await supervisor.get("/api/reports/union")).json()["looked"] == looked
    assert read == [1, 1]


async def test_what_the_union_gains_is_of_stored_looks(duty: OnDuty) -> None:
    incident = await duty.incident()
    asked = await duty.post(f"incidents/{incident}/recommendation")
    assert asked.status_code in (200, 201), asked.text
    supervisor = await duty.service.logged_in("supervisor")
    told = (await supervisor.get("/api/reports/union")).json()
    assert (told["incidents"], told["looked"]) == (1, 1)
    assert "no cause" in told["given"]
    whole = told["groups"][0]
    counts = {kind: whole["n" if kind == "counted" else kind] for kind in ("counted", "only_by_others", "nobody")}
    assert sum(counts.values()) == 1
    area = next(one["key"] for one in told["groups"] if one["group"] == "area")
    for kind, count in counts.items():
        for of in ({}, {"group": "area", "key": area}):
            rows = (await supervisor.get("/api/reports/union/rows", params={"which": kind, **of})).json()
            assert (rows["total"], len(rows["rows"])) == (count, count)
            for row in rows["rows"]:
                assert row["incident_id"] == str(incident)
                own, both = row["predicted"]["own_s"], row["predicted"]["both_s"]
                assert row["value_s"] == (None if own is None or both is None else round(own - both))
    for of in ({"group": "area", "key": "elsewhere"}, {"offset": "1"}):
        rows = (await supervisor.get("/api/reports/union/rows", params={"which": "counted", **of})).json()
        assert rows["rows"] == []
    wrong = await supervisor.get("/api/reports/union/rows", params={"which": "happy"})
    assert wrong.status_code == 422


async def test_what_is_asked_wrongly_is_refused_and_an_empty_period_says_so(desk: Desk) -> None:
    client = await desk.as_("supervisor")
    for path, status, code in (
        ("figures?from=2026-11-22T00:00:00Z&until=2026-11-22T00:00:00Z", 422, "report.period"),
        ("figures?by=colour", 422, "report.stratum"),
        ("figures?where=ground", 422, "report.stratum"),
        ("figures?kpi=happiness", 404, "report.kpi"),
        ("figures?targets=mine", 404, "report.targets"),
        ("trend?kpi=happiness", 404, "report.kpi"),
        ("quality/rows?code=runs.nonsense", 404, "report.check"),
        ("compare?at=1999-01-01T00:00:00Z", 422, "report.period"),
        ("compare", 422, "report.period"),
        ("compare?before_from=2026-11-22T00:00:00Z&before_until=2026-11-22T00:00:00Z", 422, "report.period"),
        ("heat?kpi=happiness", 404, "report.kpi"),
    ):
        refused(await client.get(f"/api/reports/{path}"), status, code)
    told = await _told(desk, "figures", **WEEK)
    assert told["empty"]
    assert all(one["figures"][0]["mean_s"] is None for one in told["kpis"])
    assert (await _told(desk, "definitions"))["kpis"][0]["id"] == "answer"
