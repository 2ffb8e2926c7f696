"""The engine: definitions over views of the record table give figures by strata. Pure.

Percentiles are nearest rank, `sorted[ceil(p/100·n) − 1]`, always of the rows themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dispatch.reports.rules_counting import DENOMINATORS, EXCLUDES, SUCCESS, missed, pending, unanswered
from dispatch.reports.rules_definitions import Definition, Definitions
from dispatch.reports.rules_views import BAD_OF_INCIDENT, LONGEST_S, STRATA, seconds
from dispatch.reports.states import ORDER
from dispatch.reports.states_figures import ALL, COMPLETE, FLAG_BELOW, RANKED, SUPPRESS_BELOW, Figure

Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 %."""
_KEYS: Final = {"calls": "call_id", "incidents": "incident_id", "runs": "run_id", "patients": "patient_id"}
_YES: Final = pl.lit(value=True)


def nearest_rank(count: int, percent: int) -> int:
    """Place, from 0, of a percentile among so many sorted values; -1 of none."""
    return (count * percent + 99) // 100 - 1


def rows_of(view: pl.LazyFrame, of: Definition, definitions: Definitions, as_of: datetime) -> pl.LazyFrame:
    """Return the rows that a figure is of, with what it needs: id, at, strata, value, counted, hit, impossible.

    value: whole seconds, where it counts; hit: within the target, or a success; None: neither way. as_of: until when
    the view tells; who has not gone by then may be late.
    """
    denominator = DENOMINATORS[of.denominator].fill_null(value=False)
    if of.kind == "share":
        success = SUCCESS[of.success]
        excluded = excluded_from(of, pl.lit(value=False))
        made = view.filter(denominator & ~excluded).with_columns(
            pl.lit(None, pl.Int32).alias("value"), success.is_not_null().alias("counted"), success.alias("hit"),
            pl.lit(value=False).alias("impossible"),
        )  # fmt: skip
        return made.select(pl.col(_KEYS[of.of]).alias("id"), "at", *STRATA, "value", "counted", "hit", "impossible")
    start = definitions.event(of.start)
    end = pl.coalesce(of.end, of.otherwise) if of.otherwise else pl.col(of.end)
    late = pl.lit(value=False)
    if of.late_counts and of.within_s is not None:
        late = missed(start, of.end, of.within_s, as_of).fill_null(value=False)
    elif of.of == "calls" and of.within_s is not None:
        late = unanswered()
    taken = seconds(pl.col(start), end)
    wrong = (taken > LONGEST_S) | (taken < (-LONGEST_S if of.signed else 0))
    judged: Iterable[str] = {"runs": ORDER, "incidents": BAD_OF_INCIDENT}.get(of.of, ())
    for name in {start, of.end, of.otherwise} & set(judged):
        wrong = wrong | (pl.col(f"bad_{name}") & taken.is_not_null())
    within = _YES if of.within_s is None else pl.col("value") <= of.within_s
    return (
        view.filter(denominator, ~excluded_from(of, late), ~pending(of.of, of.otherwise or of.end) | late)
        .with_columns(wrong.fill_null(value=False).alias("impossible"), taken.alias("taken"), late.alias("late"))
        .with_columns(pl.when(~pl.col("impossible")).then("taken").alias("value"))
        .with_columns(
            (pl.col("value").is_not_null() | pl.col("late")).alias("counted"),
            (
                pl.lit(None, pl.Boolean)
                if of.within_s is None
                else pl.when("late").then(statement=False).otherwise(within)
            ).alias("hit"),
        )
        .select(pl.col(_KEYS[of.of]).alias("id"), "at", *STRATA, "value", "counted", "hit", "impossible")
    )


def excluded_from(of: Definition, late: pl.Expr) -> pl.Expr:
    """Who is left out of a figure. late: who counts as missed all the same, though it was called off."""
    told = [
        EXCLUDES[name].fill_null(value=False) & (~late if name == "cancelled_at_once" else _YES) for name in of.excludes
    ]
    return pl.any_horizontal(told or [pl.lit(value=False)])


def figures_of(
    view: pl.LazyFrame,
    of: Definition,
    definitions: Definitions,
    as_of: datetime,
    strata: Sequence[str] = STRATA,
) -> list[Figure]:
    """Return one definition's figures: of all, then of each key of each stratum, in order.

    view: of `of.of`, cut to the period. A key that has no name in the record is "".
    """
    rows = rows_of(view, of, definitions, as_of).collect()
    return [one for named in tables_of([(of, rows)], strata) for one in named]


def tables_of(prepared: Iterable[tuple[Definition, pl.DataFrame]], strata: Sequence[str]) -> list[list[Figure]]:
    """Return the figures of several definitions whose rows (`rows_of`) are there."""
    made: list[list[Figure]] = []
    for of, rows in prepared:
        whole = rows.select(_COUNTS).with_columns(pl.lit("").alias("key"))
        grouped = pl.collect_all(
            [
                rows.lazy().group_by(name).agg(_COUNTS).with_columns(pl.col(name).cast(pl.String).alias("key"))
                for name in strata
            ]
        )
        ranked = _Ranked(rows, strata) if of.kind == "interval" else None
        found = []
        for stratum, table in zip((ALL, *strata), (whole, *grouped), strict=True):
            places = ranked.of(None if stratum == ALL else stratum) if ranked is not None else {}
            ordered = table.with_columns(pl.col("key").fill_null("")).sort("key")
            found += [
                _figure(of, stratum, {**row, **places.get(row["key"], {})}) for row in ordered.iter_rows(named=True)
            ]
        made.append(found)
    return made


_COUNTS: Final = [
    pl.len().alias("eligible"),
    pl.col("counted").sum(),
    pl.col("hit").sum().alias("hits"),
    pl.col("hit").count().alias("judged"),
    pl.col("value").count().alias("n"),
    pl.col("value").mean().alias("mean_s"),
    (pl.col("value").cast(pl.Float64) * pl.col("value")).mean().alias("mean_square_s2"),
    pl.col("impossible").sum(),
]


class _Ranked:
    """Percentiles of any grouping of the same values: sorted once, and stably by each grouping's few keys."""

    def __init__(self, rows: pl.DataFrame, strata: Sequence[str]) -> None:
        self._rows = rows.select("value", *strata).filter(pl.col("value").is_not_null())
        values = self._rows["value"].to_numpy()
        # In which order equal values stand does not matter: only values are told.
        self._order = np.argsort(values)
        self._values = values[self._order]

    def of(self, stratum: str | None) -> dict[str, dict[str, int | None]]:
        """Percentiles with their intervals, by the stratum's keys; without one, of all, by ""."""
        if stratum is None:
            return {"": _places(self._values)}
        column = self._rows[stratum].cast(pl.Categorical)
        physical = column.to_physical().fill_null(_NONE).to_numpy()[self._order]
        if not len(physical):
            return {}
        keys, codes = np.unique(physical, return_inverse=True) if physical.max() >= _FEW else _few(physical)
        order = np.argsort(codes, kind="stable")
        values, ends = self._values[order], np.cumsum(np.bincount(codes, minlength=len(keys)))
        begins = ends - np.bincount(codes, minlength=len(keys))
        first = column.gather(self._order[order[begins]]).cast(pl.String).fill_null("").to_list()
        return {key: _places(values[begin:end]) for key, begin, end in zip(first, begins, ends, strict=True)}


_FEW: Final = 60_000
_NONE: Final = _FEW - 1
"""Stands for no key among the numbers of keys."""


def _few(physical: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.uint16]]:
    """Number the keys that there are from 0, in sixteen bits: those are sorted without comparing."""
    keys = np.flatnonzero(np.bincount(physical))
    numbers = np.zeros(int(keys[-1]) + 1, dtype=np.uint16)
    numbers[keys] = np.arange(len(keys), dtype=np.uint16)
    return keys, numbers[physical]


def _places(values: NDArray[np.int32]) -> dict[str, int | None]:
    """Percentiles of sorted values, and the ranks between which they lie with 95 %."""
    n = len(values)
    told: dict[str, int | None] = {}
    for percent in (50, 90):
        share = percent / 100
        spread = Z * math.sqrt(n * share * (1 - share))
        ranks = {
            "": nearest_rank(n, percent),
            "_low": math.floor(n * share - spread) - 1,
            "_high": math.ceil(n * share + spread),
        }
        for name, rank in ranks.items():
            told[f"p{percent}{name}_s"] = int(values[rank]) if 0 <= rank < n else None
    return told


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score; count is at least 1."""
    share, squared = hits / count, Z * Z
    centre = (share + squared / (2 * count)) / (1 + squared / count)
    half = Z * math.sqrt(share * (1 - share) / count + squared / (4 * count * count)) / (1 + squared / count)
    return max(0.0, centre - half), min(1.0, centre + half)


_STATISTICS: Final = (
    *("mean_s", "mean_low_s", "mean_high_s", "p50_s", "p50_low_s", "p50_high_s", "p90_s", "p90_low_s", "p90_high_s"),
)


def _figure(of: Definition, stratum: str, row: Mapping[str, Any]) -> Figure:
    eligible, counted, judged = row["eligible"], row["counted"], row["judged"]
    n = row["n"]
    basis = counted if of.kind == "share" else max(n, counted if of.within_s is not None else n)
    told = basis >= SUPPRESS_BELOW
    completeness = counted / eligible if eligible else None
    low, high = wilson(row["hits"], judged) if judged and told else (None, None)
    if n >= SUPPRESS_BELOW:
        # By the mean of squares, which polars has sooner than a deviation: a dashboard asks for thousands.
        half = Z * math.sqrt(max(0.0, row["mean_square_s2"] - row["mean_s"] ** 2) / (n - 1))
        row = {**row, "mean_low_s": row["mean_s"] - half, "mean_high_s": row["mean_s"] + half}
    statistics = {name: row.get(name) if told and n >= SUPPRESS_BELOW else None for name in _STATISTICS}
    return Figure(
        kpi=of.id, version=of.version, stratum=stratum, key=row["key"], eligible=eligible, counted=counted, n=n,
        impossible=row.get("impossible", 0), completeness=completeness, within_s=of.within_s,
        hits=row["hits"] if judged and told else None, share=row["hits"] / judged if judged and told else None,
        share_low=low, share_high=high, small=basis < FLAG_BELOW, suppressed=0 < basis < SUPPRESS_BELOW,
        incomplete=completeness is not None and completeness < COMPLETE,
        ranked=completeness is not None and completeness >= RANKED, **statistics,
    )  # fmt: skip
