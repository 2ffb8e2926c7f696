"""Reports made by themselves: each period once, whoever tries and whenever the service was away."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from factories.desk import Desk, refused
from factories.people import PASSWORD

from api.parts import Parts
from api.reports import schedules
from api.reports.desk import Desk as Figures
from api.reports.leaving import Form
from api.reports.schedules import Schedules
from dispatch.audit.queries import list_lines
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import Unavailable
from dispatch.reports.exporting.queries import list_reports

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """Daily reports, as workbooks: printing has tests of its own."""
    monkeypatch.setattr(schedules, "FORMS", (Form.XLSX,))
    settings = desk.parts.settings.model_copy(update={"report_schedules": ("daily",)})
    return dataclasses.replace(desk.parts, settings=settings)


async def _made(parts: Parts) -> list[str]:
    async with parts.database.read() as session:
        lines = await list_lines(session, after_seq=0)
    return [line.payload["begins"] for line in lines if line.type == "report.made"]


async def test_each_day_has_one_report_also_after_days_away_and_a_restart(desk: Desk, parts: Parts) -> None:
    await desk.centre.incident()
    assert await Schedules(parts, Figures(parts)).look() == 0, "no day has ended since the journal began"
    desk.later(seconds=2 * 86_400)
    assert await Schedules(parts, Figures(parts)).look() == 2
    assert await Schedules(parts, Figures(parts)).look() == 0
    desk.later(seconds=86_400)
    assert await Schedules(parts, Figures(parts)).look() == 1
    assert len(set(await _made(parts))) == len(await _made(parts)) == 3
    files = sorted(path.name for path in (parts.settings.home / "reports" / "aksu").iterdir())
    assert len(files) == 3
    assert all(name.startswith("daily-") for name in files)


async def test_two_that_look_at_once_make_one_report(desk: Desk, parts: Parts) -> None:
    await desk.centre.incident()
    desk.later(seconds=86_400)
    async with Database(make_engine(parts.database.engine.url.render_as_string(hide_password=False))) as database:
        other = dataclasses.replace(parts, database=database)
        both = [Schedules(one, Figures(one)) for one in (parts, other)]
        counts = await asyncio.gather(*(one.look() for one in both))
    assert sorted(counts) == [0, 1]
    assert len(await _made(parts)) == 1


async def test_a_report_holds_its_period_to_the_last_line_whatever_was_looked_at_before(
    desk: Desk, parts: Parts
) -> None:
    figures = Figures(parts)
    await desk.centre.incident()
    before = await figures.views()
    await desk.centre.incident()
    desk.later(seconds=86_400)
    assert await Schedules(parts, figures).look() == 1
    async with parts.database.read() as session:
        (report,) = await list_reports(session, parts.settings.region)
    assert report.seq is not None
    assert report.seq > before.seq


async def test_a_report_that_cannot_be_made_leaves_its_period_free(
    desk: Desk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.centre.incident()
    desk.later(seconds=86_400)
    asked = Schedules(parts, Figures(parts))
    with monkeypatch.context() as broken:

        async def fail(*_: object) -> None:
            raise Unavailable("printing.no_fonts", "There are no fonts.")

        broken.setattr(schedules, "take_out", fail)
        with pytest.raises(Unavailable):
            await asked.look()
        await asked._looked()
    assert await asked.look() == 1


async def test_the_list_shows_both_times_and_gives_the_file(desk: Desk, parts: Parts) -> None:
    await desk.centre.incident()
    desk.later(seconds=86_400)
    await Schedules(parts, Figures(parts)).look()
    async with parts.database.read() as session:
        (row,) = await list_reports(session, "aksu")
    assert row.until - row.begins == timedelta(days=1)
    client = await desk.as_("supervisor")
    (told,) = (await client.get("/api/reports/scheduled")).json()["reports"]
    assert "00:00" in told["beijing"]
    assert "22:00" in told["xinjiang"]
    given = await client.get(f"/api/reports/scheduled/{told['id']}/xlsx")
    assert given.content.startswith(b"PK")
    assert hashlib.sha256(given.content).hexdigest() == told["digest"]
    assert (await client.get(f"/api/reports/scheduled/{told['id']}/pdf")).json()["code"] == "report.file_gone"
    refused = await (await desk.as_("dispatcher")).get("/api/reports/scheduled")
    assert refused.status_code == 403


async def test_a_supervisor_switches_them_on_changes_them_and_off_again(desk: Desk, parts: Parts) -> None:
    parts = dataclasses.replace(parts, settings=desk.parts.settings)
    path, wanted = "/api/reports/schedules/daily", {"active": True, "targets": "aksu", "language": "en"}

    async def put(**changed: object) -> httpx.Response:
        # A login does not last for days.
        client = await desk.stranger()
        await client.post("/api/session", json={"name": "supervisor", "password": PASSWORD})
        return await client.put(path, json={**wanted, **changed})

    await desk.centre.incident()
    desk.later(seconds=3 * 86_400)
    told = (await (await desk.as_("supervisor")).get("/api/reports/schedules")).json()["schedules"]
    assert [(one["step"], one["active"], one["changed_at"]) for one in told] == [
        ("daily", False, None), ("weekly", False, None), ("monthly", False, None),
    ]  # fmt: skip
    refused(await (await desk.as_("dispatcher")).put(path, json=wanted), 403, "permission.refused")
    refused(await put(targets="mine"), 404, "report.targets")
    on = (await put()).json()
    assert (on["active"], on["targets"], on["changed_by"] is not None) == (True, "aksu", True)
    assert on["due_at"] > desk.clock.now().isoformat()
    # It begins with the day that goes on: the days before it have none.
    assert await Schedules(parts, Figures(parts)).look() == 0
    desk.later(seconds=86_400)
    assert (await put(language="zh")).status_code == 200
    assert await Schedules(parts, Figures(parts)).look() == 1, "a change of language leaves no day out"
    assert (await put(active=False)).json()["active"] is False
    desk.later(seconds=86_400)
    assert await Schedules(parts, Figures(parts)).look() == 0


async def test_why_a_report_failed_is_told_until_one_was_made(
    desk: Desk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.centre.incident()
    desk.later(seconds=86_400)
    client = await desk.as_("supervisor")

    async def why() -> str | None:
        told = (await client.get("/api/reports/schedules")).json()["schedules"]
        code: str | None = told[0]["failed_code"]
        return code

    with monkeypatch.context() as broken:

        async def fail(target: Path, *_: object) -> None:
            await asyncio.to_thread(target.write_bytes, b"half")
            raise OSError(28, "No space left on device")

        broken.setattr(schedules, "take_out", fail)
        with pytest.raises(OSError, match="No space"):
            await Schedules(parts, Figures(parts)).look()
    assert await why() == "report.disk"
    assert list((parts.settings.home / "reports" / "aksu").iterdir()) == []
    assert await Schedules(parts, Figures(parts)).look() == 1
    assert await why() is None
