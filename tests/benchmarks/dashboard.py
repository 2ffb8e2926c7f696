"""What `/reports` asks when it opens, through HTTP, over a year of 100,000 incidents.

    python -m tests.benchmarks.dashboard [INCIDENTS]

The incidents are brought in as another service's records, so they lie in the record table beside those of the journal.
One supervisor's page asks its seven questions at once, as a browser does; the time is that until the last is answered.
Each round asks for another end of the year, so nothing is answered from what was kept.
"""

from __future__ import annotations

import concurrent.futures
import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from dispatch.accounts.states import Role
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene
from tests.benchmarks.serving import homes, served

INCIDENTS: Final = 100_000
MOST_MS: Final = 300.0
ROUNDS: Final = 40
_WARM: Final = 5
_BEGINS: Final = datetime(2025, 1, 1, tzinfo=UTC)
_FORM: Final = "%m/%d/%Y %I:%M:%S %p"
_YEAR_S: Final = 365 * 86_400
_TIMES: Final = {
    "Entry DtTm": 45, "Dispatch DtTm": 90, "Response DtTm": 200, "On Scene DtTm": 900, "Transport DtTm": 2_000,
    "Hospital DtTm": 3_000, "Available DtTm": 4_500,
}  # fmt: skip
_KPIS: Final = ("answer", "departure", "response", "response_capable", "no_unit", "fulfilment", "rescue_success")
_SPLITS: Final = ("ground", "area_system", "same_area", "priority", "station", "hour", "county")


def write_year(path: Path, incidents: int) -> None:
    """Write a year of another service's records, one vehicle each, in the columns of the mapping that ships."""
    draw = random.Random(11)
    names = [
        "Call Number", "Unit ID", "Incident Number", "Call Type", "Received DtTm", *_TIMES, "Original Priority",
        "Final Priority", "City", "Location", "Unit Type", "Call Final Disposition", "Call Date", "Watch Date",
    ]  # fmt: skip
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        for number in range(incidents):
            t0 = _BEGINS + timedelta(seconds=draw.randrange(_YEAR_S))
            spread = draw.uniform(0.5, 1.6)
            times = [(t0 + timedelta(seconds=round(after * spread))).strftime(_FORM) for after in _TIMES.values()]
            day = t0.strftime("%m/%d/%Y")
            place = f"({37.7 + draw.random() / 20:.6f}, {-122.5 + draw.random() / 10:.6f})"
            kind, unit = (
                draw.choice(("Medical Incident", "Alarms", "Traffic Collision")),
                draw.choice(("MEDIC", "PRIVATE")),
            )
            rows.writerow(
                [number, f"M{number % 60:02}", number, kind, t0.strftime(_FORM), *times, "3", "3", f"City {number % 9}",
                 place, unit, "Code 2 Transport", day, day]
            )  # fmt: skip


def questions(until: datetime) -> list[str]:
    """What the page asks at once for the year that ends then."""
    span = f"from={_iso(until - timedelta(days=365))}&until={_iso(until)}"
    kpis, splits = ("&".join(f"{key}={one}" for one in given) for key, given in (("kpi", _KPIS), ("by", _SPLITS)))
    return [
        f"figures?{span}&{kpis}&by=ground",
        f"figures?{span}&kpi=response&{splits}",
        f"figures?{span}&kpi=departure&by=station",
        f"trend?{span}&kpi=response&step=month&measure=mean",
        f"heat?{span}&kpi=response",
        f"distribution?{span}&kpi=response",
        f"rows?{span}&kpi=response&limit=12",
    ]


def _iso(at: datetime) -> str:
    return quote(at.isoformat())


def measured(incidents: int = INCIDENTS) -> tuple[list[float], float]:
    """Milliseconds of each round, in order of size, and the seconds of the import."""
    taken: list[float] = []
    with homes() as make:
        home = make()
        with served(home, None):
            pass  # the region is made and staffed
        write_year(home / "year.csv", incidents)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "from api.cli import main; main()", "records", "import", str(home / "year.csv"),
             "--mapping", "san-francisco-fire", "--region", "aksu"],
            env={**os.environ, "TARIM_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        import_s = time.perf_counter() - began
        with (
            served(home, None, role=Role.SUPERVISOR) as ready,
            concurrent.futures.ThreadPoolExecutor(7) as pool,
            httpx.Client(base_url=ready.address, headers={"Cookie": ready.cookie}, timeout=60) as client,
        ):

            def ask(question: str) -> int:
                answer = client.get(f"/api/reports/{question}")
                answer.raise_for_status()
                return len(answer.content)

            year = client.get(f"/api/reports/{questions(_BEGINS + timedelta(days=366))[1]}").json()
            assert year["kpis"][0]["figures"][0]["n"] > incidents * 0.9, "the year is in the record table"
            for turn in range(_WARM + ROUNDS):
                asked = questions(_BEGINS + timedelta(days=366, minutes=turn))
                began = time.perf_counter()
                list(pool.map(ask, asked))
                taken.append((time.perf_counter() - began) * 1_000)
    return sorted(taken[_WARM:]), import_s


def rows(_scene: Scene) -> Iterator[Row]:
    """Figure of issue 6: a dashboard over a year."""
    taken, import_s = measured()
    p50, p95 = (taken[round((len(taken) - 1) * part)] for part in (0.5, 0.95))
    yield Row(
        f"dashboard of a year of {INCIDENTS:,} incidents: its seven questions at once, through HTTP",
        f"p50 {p50:,.0f} ms, p95 {p95:,.0f} ms",
        ratio=p95,
        most=MOST_MS,
        unit=" ms",
    )
    yield Row(f"import of {INCIDENTS:,} records of another service (CSV)", f"{import_s:.1f} s")


if __name__ == "__main__":
    found, spent_s = measured(int(sys.argv[1]) if len(sys.argv) > 1 else INCIDENTS)
    print(", ".join(f"{one:.0f}" for one in found), f"ms; import {spent_s:.1f} s")
