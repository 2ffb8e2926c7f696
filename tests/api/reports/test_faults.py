"""A report while the database restarts: refused by name, nothing half written, and the schedule's comes later, once."""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from factories.desk import Desk, open_desk, refused
from factories.links import Link, linked_database, through
from factories.postgres import Scene

from api.reports import export, schedules
from api.reports.desk import Desk as Figures
from api.reports.leaving import Form, take_out
from api.reports.schedules import Schedules
from dispatch.audit.queries import list_lines
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.errors import DatabaseUnavailable
from dispatch.reports.exporting.queries import list_reports

pytestmark = [pytest.mark.database, pytest.mark.slow]


class Linked(NamedTuple):
    """A service that reaches its database by a link, and the same database without it."""

    desk: Desk
    link: Link
    direct: Database

    async def left(self) -> list[str]:
        """What the journal tells of reports."""
        async with self.direct.read() as session:
            lines = await list_lines(session, after_seq=0)
        return [line.type for line in lines if line.type.startswith("report.")]


@pytest.fixture
async def linked(staffed_scene: Scene, tmp_path: Path) -> AsyncIterator[Linked]:
    url, filled = staffed_scene
    link = linked_database(url)
    async with (
        link.standing(),
        Database(make_engine(url)) as direct,
        open_desk(through(link, url), filled, tmp_path) as desk,
    ):
        yield Linked(desk, link, direct)
        link.restore()


async def test_who_takes_a_report_out_is_refused_and_nothing_stays_behind(
    linked: Linked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once before the question, and once between the file's last byte and its line in the journal."""
    await linked.desk.centre.incident()
    client = await linked.desk.as_("supervisor")
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    linked.link.cut()
    for path in ("figures", "export?format=csv"):
        refused(await client.get(f"/api/reports/{path}"), 503, "database.unavailable")
    linked.link.restore()
    written = list[Path]()

    async def then_cut(target: Path, *told: object) -> None:
        await take_out(target, *told)  # type: ignore[arg-type]  # handed on
        written.append(target)
        linked.link.cut()

    with monkeypatch.context() as broken:
        broken.setattr(export, "take_out", then_cut)
        refused(await client.get("/api/reports/export?format=csv"), 503, "database.unavailable")
    assert len(written) == 1
    assert list(folder.iterdir()) == []
    assert await linked.left() == []
    linked.link.restore()
    assert (await client.get("/api/reports/export?format=csv")).status_code == 200
    assert await linked.left() == ["report.exported"]


async def test_a_scheduled_report_is_made_once_when_the_database_is_back(
    linked: Linked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "FORMS", (Form.XLSX,))
    await linked.desk.centre.incident()
    linked.desk.later(seconds=86_400)
    settings = linked.desk.parts.settings.model_copy(update={"report_schedules": ("daily",)})
    parts = dataclasses.replace(linked.desk.parts, settings=settings)
    asked = Schedules(parts, Figures(parts))

    async def then_cut(target: Path, *told: object) -> None:
        await take_out(target, *told)  # type: ignore[arg-type]  # handed on
        linked.link.cut()

    with monkeypatch.context() as broken:
        broken.setattr(schedules, "take_out", then_cut)
        with pytest.raises(DatabaseUnavailable):
            await asked.look()
    assert await linked.left() == []
    async with linked.direct.read() as session:
        assert list(await list_reports(session, "aksu")) == []
    await asked._looked()  # still away: it waits for the next time
    linked.link.restore()
    assert [await asked.look(), await asked.look()] == [1, 0]
    assert await linked.left() == ["report.made"]
    (file,) = (tmp_path / "reports" / "aksu").iterdir()
    async with linked.direct.read() as session:
        (row,) = await list_reports(session, "aksu")
    assert row.digest == hashlib.sha256(file.read_bytes()).hexdigest()
