"""The full set of figures with all strata over 1,000,000 incidents, ours against the same in PostgreSQL.

    python -m tests.benchmarks.figures [INCIDENTS]

Ours reads the record table from its files, makes the views and reckons every definition for all and for each of the
eleven strata, with intervals. The peer has the same rows in tables with the strata beside them, and asks one question
with GROUPING SETS and `percentile_cont` for each definition. It is asked for two of them, and its time told for all in
proportion to their rows.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import numpy as np
import polars as pl

from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_definitions import Definition, Definitions, definitions_of, shipped_definitions
from dispatch.reports.rules_figures import rows_of
from dispatch.reports.rules_period import report
from dispatch.reports.rules_schema import FRAMES, conform
from dispatch.reports.rules_views import STRATA, views_of
from dispatch.reports.service_store import RecordStore
from tests.benchmarks.report import Row
from tests.benchmarks.scene import Scene

INCIDENTS: Final = 1_000_000
LEAST: Final = 10.0
BEGINS: Final = datetime(2025, 11, 21, 16, tzinfo=UTC)
_ASKED: Final = ("response", "departure")
_YEAR_S: Final = 365 * 86_400


def make(store: RecordStore, incidents: int) -> None:
    """Write a record table: one call, incident, run and patient each, over a year, with a tenth of times missing."""
    dice = np.random.default_rng(7)
    t0 = pl.Series(BEGINS.timestamp() * 1e6 + np.sort(dice.integers(0, _YEAR_S, incidents)) * 1e6).cast(pl.Int64)

    def word(names: list[str]) -> pl.Series:
        return (
            pl.Series(dice.integers(0, len(names), incidents))
            .replace_strict(dict(enumerate(names)))
            .cast(pl.Categorical)
        )

    def after(low: int, high: int) -> pl.Series:
        told = t0 + pl.Series(dice.integers(low, high, incidents)) * 1_000_000
        return told.to_frame("t").select(
            pl.when(pl.Series(dice.random(incidents) > 0.1)).then("t").cast(pl.Datetime("us", "UTC"))
        )["t"]

    key = pl.int_range(incidents, eager=True).cast(pl.String)
    stations, organisations = word([f"ST-{n}" for n in range(40)]), word(["civil", "corps"])
    base = pl.DataFrame({"incident_id": key, "t0": t0.cast(pl.Datetime("us", "UTC")), "mark": ["journal"] * incidents})
    incident = base.with_columns(
        state=pl.lit("closed"), t1=after(2, 20), t2=after(20, 60), t3=after(60, 120), t5=after(120, 400),
        t6=after(400, 3_000), t6_capable=after(400, 3_600), judged_from=pl.col("t0"), ground=word(["urban", "rural"]),
        area_system=word(["civil", "corps"]), area_organisation=organisations,
        judged_priority=word(["P1", "P2", "P3", "P4"]),
        complaint=word([f"K{n:02}" for n in range(1, 37)]), first_station=stations, first_organisation=organisations,
        first_unit_type=word(["basic", "als", "isolation"]), same_area=pl.Series(dice.random(incidents) > 0.2),
        county=word([f"c{n}" for n in range(9)]),
    )  # fmt: skip
    run = base.drop("t0").with_columns(
        run_id=key, kind=pl.lit("assignment"), station=stations, organisation=organisations,
        end_reason=pl.lit("completed"),
        unit_type=incident["first_unit_type"], t3=incident["t3"].fill_null(incident["t0"]), t5=incident["t5"],
        t6=incident["t6"], t7=after(3_000, 3_300), t8=after(3_300, 4_000), t9=after(4_000, 6_000),
        t10=after(6_000, 7_000), t11=after(7_000, 9_000), ended_at=after(8_999, 9_000),
        planned_s=pl.Series(dice.random(incidents) * 900),
    )  # fmt: skip
    call = base.with_columns(
        call_id=key, state=pl.lit("ended"), origin=pl.lit("exchange"), t1=incident["t1"].fill_null(incident["t0"])
    )
    patient = base.drop("t0").with_columns(
        patient_id=key, outcome=pl.lit("transported"), written=pl.Series(dice.random(incidents) > 0.1)
    )
    frames = {"incidents": incident, "runs": run, "calls": call, "patients": patient}
    store.write(store.folder_of(1), {name: conform(name, rows) for name, rows in frames.items()})


def ours(store: RecordStore, known: Definitions) -> tuple[float, int, dict[str, int]]:
    """Seconds for all, reading included, how many figures it gave, and of how many rows each definition is."""
    start = time.perf_counter()
    views = {
        name: rows.collect().lazy() for name, rows in views_of({name: store.scan(name, 1) for name in FRAMES}).items()
    }
    ends = BEGINS + timedelta(days=366)
    made = report(views, known, BEGINS, ends, ends)
    taken_s = time.perf_counter() - start
    return taken_s, sum(len(figures) for _, figures in made), {of.id: told[0].eligible for (of, _, _), told in made}


async def theirs(url: str, store: RecordStore, known: Definitions, asked: list[Definition]) -> float:
    """Seconds for the definitions that are asked, of rows that lie ready."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    views = views_of({name: store.scan(name, 1) for name in FRAMES})
    sets = ", ".join(f"({name})" for name in STRATA)
    taken = 0.0
    try:
        await connection.execute("SET work_mem = '512MB'")
        for of in asked:
            names = [*STRATA, "value", "counted", "hit"]
            rows = rows_of(views[of.of], of, known, BEGINS + timedelta(days=366)).select(
                *(pl.col(name).cast(pl.String) for name in STRATA), "value", "counted", "hit"
            )
            await connection.execute("DROP TABLE IF EXISTS asked")
            columns = ", ".join(f"{name} text" for name in STRATA)
            await connection.execute(f"CREATE TABLE asked ({columns}, value int, counted bool, hit bool)")
            await connection.copy_records_to_table("asked", records=rows.collect().iter_rows(), columns=names)
            await connection.execute("VACUUM ANALYZE asked")
            start = time.perf_counter()
            await connection.fetch(
                f"""
                SELECT {", ".join(STRATA)}, count(*), count(*) FILTER (WHERE counted), count(value), avg(value),
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY value),
                    percentile_cont(0.9) WITHIN GROUP (ORDER BY value), count(*) FILTER (WHERE hit), count(hit)
                FROM asked GROUP BY GROUPING SETS ((), {sets})
                """  # noqa: S608 - names of this program
            )
            taken += time.perf_counter() - start
    finally:
        await connection.close()
    return taken


def measured(incidents: int = INCIDENTS) -> tuple[float, float, int, int]:
    """Seconds of ours and theirs (in proportion), figures, and definitions of which the peer was asked."""
    known = definitions_of(*shipped_definitions(), RULES, TIMES)
    with tempfile.TemporaryDirectory() as folder:
        store = RecordStore(Path(folder), "aksu")
        make(store, incidents)
        ours(store, known)
        taken_s, figures, counts = min(ours(store, known) for _ in range(2))
        server = EmbeddedPostgres(Path(folder, "home"))
        server.open()
        try:
            asked = [of for of in known.newest() if of.id in _ASKED]
            share = sum(counts[of.id] for of in asked) / sum(counts.values())
            peer_s = asyncio.run(theirs(server.url(), store, known, asked)) / share
        finally:
            server.close()
    return taken_s, peer_s, figures, len(asked)


def rows(_stage: Scene) -> Iterator[Row]:
    """All figures by all strata."""
    taken_s, peer_s, figures, asked = measured()
    yield Row(
        f"all figures by all strata of 1,000,000 incidents ({figures:,} figures), reading included",
        f"{taken_s:.1f} s",
        f"PostgreSQL, percentile_cont, GROUPING SETS: {peer_s:.0f} s (from {asked} of the definitions)",
        ratio=peer_s / taken_s, least=LEAST,
    )  # fmt: skip


if __name__ == "__main__":
    print(measured(int(sys.argv[1]) if len(sys.argv) > 1 else INCIDENTS))
