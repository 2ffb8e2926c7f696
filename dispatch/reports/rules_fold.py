"""From lines of the journal to the record table, a share of the ids at a time, so that memory stays bounded. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import polars as pl

from dispatch.reports.rules_calls import fold_calls, links_of, of_type
from dispatch.reports.rules_entries import freed, homes_of, in_force, is_correction, points_of, with_runs
from dispatch.reports.rules_incidents import OF_RUNS, earliest_of, fold_incidents, own_t0
from dispatch.reports.rules_lines import FAMILIES, SHARE
from dispatch.reports.rules_patients import fold_patients
from dispatch.reports.rules_runs import OF_ENDS, ends_of, fold_runs

_DIGITS: Final = "0123456789abcdef"
_LINES_AT_ONCE: Final = 400_000
"""Of one family; about 100 MB."""
Item = TypeVar("Item")
Keep = Callable[[str, pl.DataFrame], None]
"""Takes a part of a frame of the table, by the frame's name."""
Folded = Callable[[str], pl.LazyFrame]
"""Gives back what was kept of a frame so far."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is read beside lines; columns as in `queries_context`. others: incidents of other regions: left out."""

    fleet: pl.DataFrame
    areas: pl.DataFrame
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Beside:
    """What rows were made with that no frame holds. ends: of all runs, as `ends_of`; duplicates: as `earliest_of`."""

    ends: pl.DataFrame
    duplicates: pl.DataFrame


def lines_from(folder: Path) -> dict[str, pl.LazyFrame]:
    """Return the lines that stand in a folder, one or more files `FAMILY-*.parquet` for each family."""
    return {
        name: pl.scan_parquet(sorted(folder.glob(f"{name}-*.parquet")))
        if any(folder.glob(f"{name}-*.parquet"))
        else pl.LazyFrame(schema=family.schema())
        for name, family in FAMILIES.items()
    }


def fold(lines: Mapping[str, pl.LazyFrame], context: Context, keep: Keep, folded: Folded) -> Beside:
    """Fold lines into the four frames. The order of lines does not matter beyond their times.

    lines: by family. What is kept comes in parts, ordered by id within each; `folded` must give all parts back.
    """
    links = links_of(lines["incidents"].filter(of_type("incident.call_linked", "incident.call_unlinked")).collect())
    for part in _parts(lines, "calls"):
        keep("calls", fold_calls(part, links))
    for part in _parts(lines, "patients"):
        keep("patients", of_region(fold_patients(part), context))
    ends = _fold_runs(lines, context, keep)
    return Beside(ends, _fold_incidents(lines, context, keep, folded))


def corrections_of(entries: pl.LazyFrame) -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
    """Return corrections with their runs, the ids of entries that they replace, and those entries.

    Of the last entry_id, run_id, corrects, unit_id and at.
    """
    corrections = entries.filter(is_correction()).collect()
    replaced = corrections["corrects"].drop_nulls().unique()
    originals = (
        entries.filter(pl.col("entry_id").is_in(replaced.implode()))
        .select("entry_id", "run_id", "corrects", "unit_id", "at")
        .collect()
    )
    return with_runs(corrections, originals), replaced, originals


def _fold_runs(lines: Mapping[str, pl.LazyFrame], context: Context, keep: Keep) -> pl.DataFrame:
    entries = lines["entries"]
    corrections, replaced, _ = corrections_of(entries)
    told = {"runs": lines["runs"].select(OF_ENDS)}
    ends = pl.concat([ends_of(part) for part in _parts(told, "runs")])
    free = freed(
        in_force(entries.filter(pl.col("unit_id").is_not_null(), pl.col("run_id").is_null()).collect(), replaced)
    )
    homes = homes_of(ends, free)
    del free
    reported = {"entries": entries.filter(~is_correction()), "runs": lines["runs"]}
    for digits, part in _ahead(_read(reported, _shares(lines, "entries", "runs"))):
        wanted = _ends_with("run_id", digits)
        mine = pl.concat([part["entries"], corrections.filter(wanted)])
        runs = fold_runs(
            part["runs"],
            points_of(in_force(mine, replaced), ends.filter(wanted).select("run_id", "ended_at")),
            homes.filter(wanted),
            context.fleet,
        )
        keep("runs", of_region(runs, context))
    return ends


def duplicates_of(incidents: pl.LazyFrame) -> pl.DataFrame:
    """Return the earliest T0 of each incident's duplicates (`earliest_of`), of the lines of all incidents."""
    cancelled = incidents.filter(pl.col("duplicate_of").is_not_null()).select("subject").unique().collect()
    return earliest_of(own_t0(incidents.filter(pl.col("subject").is_in(cancelled["subject"].implode())).collect()))


def _fold_incidents(lines: Mapping[str, pl.LazyFrame], context: Context, keep: Keep, folded: Folded) -> pl.DataFrame:
    duplicates = duplicates_of(lines["incidents"])
    for digits, part in _ahead(_read({"incidents": lines["incidents"]}, _shares(lines, "incidents"))):
        wanted = _ends_with("incident_id", digits)
        made = fold_incidents(
            part["incidents"],
            folded("calls").filter(wanted).select("call_id", "incident_id", "t1", "t1_told", "seq").collect(),
            folded("runs").filter(wanted).select(OF_RUNS).collect(),
            folded("patients").filter(wanted).select("incident_id", "merged_into", "seq").collect(),
            context.areas.filter(wanted),
            duplicates,
        )
        keep("incidents", of_region(made, context))
    return duplicates


def of_region(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Leave out what belongs to incidents of other regions."""
    if not context.others:
        return rows
    return rows.filter(~pl.col("incident_id").is_in(list(context.others)).fill_null(value=False))


def _parts(lines: Mapping[str, pl.LazyFrame], family: str) -> Iterator[pl.DataFrame]:
    return (part[family] for _, part in _ahead(_read({family: lines[family]}, _shares(lines, family))))


def _read(lines: Mapping[str, pl.LazyFrame], shares: Iterator[str]) -> Iterator[tuple[str, dict[str, pl.DataFrame]]]:
    for digits in shares:
        yield digits, {family: told.filter(_of(digits)).collect() for family, told in lines.items()}


def _ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Give items while the next one is being made: reading and folding use a core each."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = beside.submit(next, items, None)
            yield item


def _shares(lines: Mapping[str, pl.LazyFrame], *families: str) -> Iterator[str]:
    """Last digits of ids that are folded together: few lines go at once, many in up to sixteen shares."""
    count = max(int(lines[family].select(pl.len()).collect().item()) for family in families)
    size = min(16, max(1, 16 * _LINES_AT_ONCE // max(count, 1)))
    for begin in range(0, 16, size):
        yield _DIGITS[begin : begin + size]


def _of(digits: str) -> pl.Expr:
    """Lines whose id ends with one of some digits that follow each other; of a file only their part is read."""
    if len(digits) == len(_DIGITS):
        return pl.col(SHARE).is_not_null()
    return pl.col(SHARE).is_between(pl.lit(digits[0]), pl.lit(digits[-1]))


def _ends_with(name: str, digits: str) -> pl.Expr:
    if len(digits) == len(_DIGITS):
        return pl.col(name).is_not_null()
    return pl.col(name).str.slice(-1).is_in(list(digits))
