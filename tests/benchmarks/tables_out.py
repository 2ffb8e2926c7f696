"""Tables out of the house: a million rows as XLSX and as CSV; a month on paper.

    python -m tests.benchmarks --only tables

XLSX: ours against xlsxwriter in constant-memory mode on the same rows, both in a process of its own, in turns. The
peer writes a tenth of the rows (its time is linear in them), told as such. Peak memory is that of ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.report import ROOT, Row
from tests.benchmarks.scene import Scene

ROWS: Final = 1_000_000
PEER_ROWS: Final = 100_000
_ROUNDS: Final = 2
CSV_MOST_S: Final = 3.0
XLSX_LEAST: Final = 5.0

_MADE: Final = """
import sys
import numpy as np, polars as pl
rows, path = int(sys.argv[1]), sys.argv[2]
dice = np.random.default_rng(1)
at = pl.Series("t3", dice.integers(1767225600, 1798761600, rows) * 1_000_000).cast(pl.Datetime("us", "UTC"))
later = lambda low, high: pl.col("t3") + pl.duration(seconds=pl.Series(dice.integers(low, high, rows)))
words = lambda names: pl.Series(dice.integers(0, len(names), rows)).replace_strict(dict(enumerate(names)))
pl.DataFrame(at).with_columns(
    run=pl.format("2026-{}", pl.int_range(rows)), station=words([f"站{n:02d}" for n in range(40)]),
    organisation=words(["阿克苏地区", "第一师"]), complaint=words([f"K{n:02d}" for n in range(1, 37)]),
    t5=later(30, 300), t6=later(300, 3000), t9=later(3000, 6000), km=pl.Series(dice.random(rows) * 40).round(3),
    response=pl.duration(seconds=pl.Series(dice.integers(300, 3000, rows))), rural=pl.Series(dice.random(rows) < 0.4),
).write_parquet(path)
"""
_OURS: Final = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
import polars as pl
from dispatch.kernel.writing.files import write_csv
from dispatch.kernel.writing.sheets import Page
from dispatch.kernel.writing.xlsx import write_workbook
page = Page("Runs", pl.scan_parquet(sys.argv[1]))
target, form = Path(sys.argv[2]), sys.argv[3]
start = time.perf_counter()
if form == "csv":
    write_csv(target, page, zone="Asia/Shanghai")
else:
    write_workbook(target, [page], zone="Asia/Shanghai", title="Runs", made_at=datetime(2026, 1, 1, tzinfo=UTC))
taken_s = time.perf_counter() - start
status = Path("/proc/self/status").read_text(encoding="ascii")
peak_kb = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
print(json.dumps({"s": taken_s, "mb": peak_kb / 1024, "file_mb": target.stat().st_size / 1e6}))
"""
_PEER: Final = """
import json, sys, time
import polars as pl
from xlsxwriter import Workbook
frame = pl.read_parquet(sys.argv[1]).head(int(sys.argv[3]))
times = pl.col("t3", "t5", "t6", "t9")
frame = frame.with_columns(times.dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None))
start = time.perf_counter()
book = Workbook(sys.argv[2], {"constant_memory": True})
sheet = book.add_worksheet("Runs")
moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
took = book.add_format({"num_format": "[h]:mm:ss"})
sheet.write_row(0, 0, frame.columns)
writers = {"Datetime": (sheet.write_datetime, (moment,)), "Duration": (sheet.write_datetime, (took,)),
           "String": (sheet.write_string, ()), "Boolean": (sheet.write_boolean, ()),
           "Float64": (sheet.write_number, ())}
plan = [writers[str(kind.base_type())] for kind in frame.dtypes]
for number, row in enumerate(frame.iter_rows(), start=1):
    for place, (value, (write, form)) in enumerate(zip(row, plan)):
        write(number, place, value, *form)
book.close()
print(json.dumps({"s": time.perf_counter() - start}))
"""


_PRINTED: Final = """
import asyncio, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
import polars as pl
from api.reports.desk import Views
from api.reports.leaving import Asked, Form, View, take_out
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import read_definitions
from dispatch.reports.rules_schema import FRAMES, conform, empty
from dispatch.reports.rules_views import views_of
begins, until, count = datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC), int(sys.argv[2])
number = pl.int_range(count)
step = 30 * 86_400 // count
utc = pl.Datetime("us", "UTC")
after = lambda seconds: (pl.lit(begins) + pl.duration(seconds=number * step + seconds)).cast(utc)
there, station = after(300 + number * 37 % 1500), pl.format("ST-{}", number % 40)
incidents = pl.select(
    incident_id=number.cast(pl.String), t0=after(0), t1=after(6), t3=after(70), t6=there,
    state=pl.lit("closed"), first_station=station, judged_priority=pl.format("P{}", 1 + number % 4),
)
runs = pl.select(
    run_id=number.cast(pl.String), incident_id=number.cast(pl.String), t3=after(70), t5=after(150 + number * 13 % 120),
    t6=there, t11=after(4000), station=station, end_reason=pl.lit("completed"),
)
told = {name: empty(name) for name in FRAMES}
told |= {"incidents": conform("incidents", incidents), "runs": conform("runs", runs)}
frames = views_of({name: rows.lazy() for name, rows in told.items()})
views = Views(1, until, (), dict(zip(frames, pl.collect_all(list(frames.values())))))
asked = Asked(View.FIGURES, Form.PDF, begins, until)
start = time.perf_counter()
asyncio.run(take_out(Path(sys.argv[1]), views, read_definitions("", RULES, TIMES), asked, until))
print(time.perf_counter() - start)
"""
INCIDENTS: Final = 6_000
PDF_MOST_S: Final = 10.0


def rows(_scene: Scene) -> Iterator[Row]:
    """Rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        source = str(Path(folder) / "runs.parquet")
        target = str(Path(folder) / "out")
        _run(_MADE, str(ROWS), source)
        ours: list[dict[str, float]] = []
        peers: list[float] = []
        for _ in range(_ROUNDS):
            ours.append(_told(_OURS, source, target, "xlsx"))
            peers.append(_told(_PEER, source, target, str(PEER_ROWS))["s"] * ROWS / PEER_ROWS)
        pdf_s = min(float(_run(_PRINTED, target, str(INCIDENTS))) for _ in range(_ROUNDS))
        csv = [_told(_OURS, source, target, "csv") for _ in range(_ROUNDS)]
    best, peer = min(ours, key=lambda one: one["s"]), min(peers)
    yield Row(
        f"XLSX of {ROWS:,} rows of 11 columns (peer: xlsxwriter, constant memory, {PEER_ROWS:,} rows × 10)",
        f"{best['s']:.1f} s, {best['mb']:.0f} MB memory, file {best['file_mb']:.0f} MB",
        f"{peer:.1f} s",
        peer / best["s"],
        least=XLSX_LEAST,
    )
    csv_s = min(one["s"] for one in csv)
    yield Row(f"CSV of {ROWS:,} rows of 11 columns", f"{csv_s:.2f} s", ratio=csv_s, most=CSV_MOST_S, unit=" s")
    what = f"PDF report of a month of {INCIDENTS:,} incidents, 40 stations, from the record table in memory"
    yield Row(what, f"{pdf_s:.2f} s", ratio=pdf_s, most=PDF_MOST_S, unit=" s")


def _told(program: str, *arguments: str) -> dict[str, float]:
    found: dict[str, float] = json.loads(_run(program, *arguments))
    return found


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout
