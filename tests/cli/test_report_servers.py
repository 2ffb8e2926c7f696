"""Two server processes look for the same ended period at the same time: its report is made once."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from factories.faults import settings
from factories.forks import serving_fork
from factories.on_duty import on_duty
from factories.patience import PATIENCE_S
from factories.people import PASSWORD
from factories.service import REGION

from dispatch.audit.queries import list_lines
from dispatch.kernel.clock import ManualClock, SystemClock
from dispatch.kernel.db import Database, make_engine
from dispatch.reports.exporting.queries import began_at
from dispatch.reports.exporting.rules_periods import ended
from dispatch.reports.exporting.states import Step

pytestmark = [pytest.mark.database, pytest.mark.slow]
AGO = timedelta(hours=25)
"""So at least one day has ended and settled since then, and at most two."""


async def _past(url: str, home: Path) -> None:
    async with on_duty(url, home, clock=ManualClock(SystemClock().now() - AGO)) as duty:
        await duty.incident()


async def _told(url: str) -> tuple[int, list[str]]:
    """How many days have ended since the journal begins, and the beginnings of those whose report was made."""
    async with Database(make_engine(url, pool_size=1)) as database, database.read() as session:
        lines = await list_lines(session, after_seq=0)
        since = await began_at(session)
    assert since is not None
    made = [line.payload["begins"] for line in lines if line.type == "report.made"]
    return len(ended(Step.DAILY, since, SystemClock().now())), made


def test_one_of_them_makes_it(database_url: str, tmp_path: Path) -> None:
    asyncio.run(_past(database_url, tmp_path))
    given = settings(tmp_path, database_url) | {"TARIM_REPORT_SCHEDULES": '["daily"]'}
    with serving_fork(given) as one, serving_fork(given) as other:
        with httpx.Client(base_url=one.address(), timeout=PATIENCE_S) as client:
            login = client.post("/api/session", json={"name": "supervisor", "password": PASSWORD})
            assert login.status_code == 200, login.text
            wanted, end = asyncio.run(_told(database_url))[0], time.monotonic() + PATIENCE_S
            while len(listed := client.get("/api/reports/scheduled").json()["reports"]) < wanted:
                assert time.monotonic() < end, "no report comes about"
                time.sleep(0.05)
            assert httpx.get(f"{other.address()}/api/health", timeout=PATIENCE_S).status_code == 200
        # Each ends what it is at before it goes.
        assert [server.end(signal.SIGTERM) for server in (one, other)] == [0, 0]
    days, made = asyncio.run(_told(database_url))
    assert 0 < wanted <= len(made) == len(set(made)) <= days
    folder = tmp_path / "reports" / REGION
    assert {path.suffix for path in folder.iterdir()} == {".pdf", ".xlsx"}
    assert len(list(folder.iterdir())) == 2 * len(made)
    for report in listed:
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.pdf")}
        assert report["digest"] in digests
