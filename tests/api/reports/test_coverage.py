"""Coverage over HTTP, on a drawn region: stations at A and L with two vehicles each; 900 m from A to D, 300 from L."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from factories.fleet import CONTEXT
from factories.on_duty import OnDuty
from factories.service import REGION
from sqlalchemy import update

from api.reports import coverage_desk
from api.reports.coverage_desk import CoverageDesk
from dispatch.kernel.tabular import read_table
from dispatch.reports.rules_coverage import read_coverage
from dispatch.roads.service_people import import_population
from dispatch.units.service_kit import set_kit
from dispatch.units.tables import Unit

pytestmark = pytest.mark.database
FIGURES = (
    "within_min = [0.1, 30]\nwithin_km = [0.2, 0.5, 5]\nurban_km = [0.2]\nrural_km = [0.5]\npeople_per_vehicle = 30"
)
LIVES = {"A": 100, "D": 50, "X": 30}
"""X stands on a street that no road leads to."""


async def _people(duty: OnDuty) -> None:
    at = duty.service.map.points
    rows = "".join(f"{at[letter].lat},{at[letter].lon},{people}\n" for letter, people in LIVES.items())
    async with duty.service.parts.database.write() as session:
        told = await import_population(
            session, duty.clock, CONTEXT, REGION, read_table(f"lat,lon,people\n{rows}".encode()), source="by hand",
            estimate=True,
        )  # fmt: skip
    assert told.ok


@pytest.fixture(autouse=True)
def _kept_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, an answer stays fresh until the test says otherwise."""
    monkeypatch.setattr(coverage_desk, "FRESH_S", float("inf"))


def _desk(duty: OnDuty) -> CoverageDesk:
    desk: CoverageDesk = duty.service.app.state.coverage
    desk.figures = read_coverage(FIGURES)
    return desk


async def _told(duty: OnDuty, path: str = "", **asked: str | int) -> dict[str, Any]:
    supervisor = await duty.service.logged_in("supervisor")
    answered = await supervisor.get(f"/api/reports/coverage{path}", params=asked)
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    return told


def _within(told: dict[str, Any], of: str = "people") -> dict[str, int]:
    return {one["id"]: one["count"] for one in told["groups"][0][f"{of}_within"]}


async def test_who_is_reached_follows_fleet_and_closures_and_says_so(duty: OnDuty) -> None:
    desk = _desk(duty)
    told = await _told(duty)
    assert (told["people"], told["groups"][0]["people"], told["groups"][0]["per_30000"]) == (None, 0, None)
    await _people(duty)
    await duty.incident("D")
    duty.later(5)
    duty.service.app.state.reports._views = None
    assert (await _told(duty))["people"] is None, "half a minute old at most"
    desk._kept.clear()
    told = await _told(duty)
    assert (told["people"]["source"], told["people"]["estimate"], told["people"]["total"]) == ("by hand", True, 180)
    assert told["fleet"] == {
        "units": 4, "crewed": 4, "free": 4, "stations": 2, "stations_crewed": 2, "sources": 4, "negative_pressure": 0,
        "negative_pressure_least": 0.4,
    }  # fmt: skip
    assert _within(told) == {"0.1min": 100, "30min": 150, "0.2km": 100, "0.5km": 150, "5km": 150}
    assert _within(told, "incidents") == {"0.1min": 0, "30min": 1, "0.2km": 0, "0.5km": 1, "5km": 1}
    assert (told["groups"][0]["needed"], told["groups"][0]["missing"]) == (6, 2)
    assert told["near"] == {"urban": ["0.2km"], "rural": ["0.5km"]}
    async with duty.service.parts.database.write() as session:
        await set_kit(session, duty.clock, CONTEXT, duty.units["师-07"], ["bls"])
        await session.execute(update(Unit).where(Unit.id == duty.units["师-08"]).values(capabilities="BG"))
    desk._kept.clear()
    able, advanced = await _told(duty, capability="B"), await _told(duty, capability="A")
    assert [able["fleet"][name] for name in ("units", "crewed", "free", "sources")] == [4, 3, 3, 3]
    assert (able["capability"], able["groups"][0]["vehicles"], able["groups"][0]["needed"]) == ("B", 4, None)
    assert (able["fleet"]["negative_pressure"], advanced["fleet"]["negative_pressure"]) == (1, 0)
    assert (advanced["fleet"]["units"], _within(advanced)["5km"]) == (0, 0)
    for name in ("师-07", "师-08"):
        await duty.say(name, "out_of_service", reason="decontamination")
    desk._kept.clear()
    away = await _told(duty)
    assert (away["fleet"]["free"], _within(away)["0.5km"], _within(away)["5km"]) == (2, 100, 150)
    at_home = await _told(duty, basis="stations")
    assert (at_home["fleet"]["sources"], _within(at_home)["0.5km"]) == (2, 150)
    closed = await duty.post("closures", reason="flood", centre=duty.service.at("H"), radius_m=40, active_until=None)
    assert closed.status_code == 201, closed.text
    desk._kept.clear()
    flooded = await _told(duty, basis="stations")
    assert (flooded["roads"]["closures"], _within(flooded)["0.5km"], _within(flooded)["5km"]) == (1, 100, 150)


async def test_hours_map_and_further_stations(duty: OnDuty) -> None:
    desk = _desk(duty)
    await _people(duty)
    duty.later(3 * 3_600)
    hours = await _told(duty, "/hours")
    # It is 15:00 in Beijing; everybody came on board at 12:00.
    assert [one["hour"] for one in hours["hours"] if one["days"]] == [12, 13, 14]
    noon, night = hours["hours"][12], hours["hours"][3]
    assert (noon["stations"], noon["people_within"][1]["share"]) == (2, 150 / 180)
    assert {one["share"] for one in night["people_within"]} == {None}
    assert _within(await _told(duty, basis="stations", hour=13))["5km"] == 150
    drawn = await _told(duty, "/map", basis="stations")
    kinds = [one["properties"]["kind"] for one in drawn["features"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"area": 2, "cell": 3, "source": 2}
    areas = [one["properties"]["within_s"] for one in drawn["features"] if one["properties"]["kind"] == "area"]
    assert areas == [1_800, 6]
    assert drawn["people"]["total"] == 180
    sited = await _told(duty, "/siting", minutes=5, count=3)
    assert sited["already"] == {"people": 150, "share": 150 / 180}
    assert [(one["kind"], one["gained_people"], one["people"]) for one in sited["steps"]] == [("cell", 30, 180)]
    assert desk._kept


async def test_it_is_taken_out_as_a_table_and_as_a_map_and_wrong_questions_are_refused(duty: OnDuty) -> None:
    _desk(duty)
    await _people(duty)
    supervisor = await duty.service.logged_in("supervisor")
    table = await supervisor.get("/api/reports/export?view=coverage&format=csv")
    assert table.status_code == 200, table.text
    rows = pl.read_csv(table.content)
    assert rows.filter(group="all").select("people", "people_0.5km", "vehicles").row(0) == (180, 150, 4)
    book = await supervisor.get("/api/reports/export?view=coverage&format=xlsx&basis=stations")
    assert pl.read_excel(book.content, engine="openpyxl", sheet_name="覆盖").height == len(rows)
    drawn = await supervisor.get("/api/reports/export?view=coverage&format=geojson")
    assert json.loads(drawn.content)["type"] == "FeatureCollection"
    paper = await supervisor.get("/api/reports/export?view=coverage&format=pdf&language=ug")
    assert paper.content.startswith(b"%PDF"), paper.text
    hours = await supervisor.get("/api/reports/export?view=coverage_hours&format=csv")
    assert pl.read_csv(hours.content)["hour"].to_list() == list(range(24))
    sites = await supervisor.get("/api/reports/export?view=coverage_siting&format=json&minutes=5")
    assert [(one["rank"], one["gained_people"], one["people"]) for one in sites.json()] == [(1, 30, 180)]
    assert [line["form"] for line in await duty.lines("report.exported")] == [
        "csv",
        "xlsx",
        "geojson",
        "pdf",
        "csv",
        "json",
    ]
    for path, status, code in (
        ("export?view=figures&format=geojson", 422, "report.form"),
        ("export?view=runs&format=pdf", 422, "report.form"),
        ("coverage?basis=units&hour=3", 422, "report.coverage"),
        ("coverage?hour=24&basis=stations", 422, "request.invalid"),
        ("coverage?hour=3&basis=stations&capability=B", 422, "report.coverage"),
        ("coverage/siting?minutes=0", 422, "request.invalid"),
    ):
        answered = await supervisor.get(f"/api/reports/{path}")
        assert (answered.status_code, answered.json()["code"]) == (status, code), path
    refused = await duty.client.get("/api/reports/coverage")
    assert refused.status_code == 403
