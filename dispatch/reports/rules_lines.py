"""Which lines of the journal make the record table, and which fields of them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from dispatch.reports.rules_schema import TIME

HEAD: Final = ("seq", "type", "occurred_at", "subject", "organisation", "actor")
"""Columns of the journal that lines may have beside the payload; `occurred_at` is true time."""
SHARE: Final = "share"
"""The last column of every line: the last digit of the id by which lines belong together; null without one."""
_TIMES: Final = frozenset(
    {"occurred_at", "t0", "answered_at", "abandoned_at", "ended_at", "taken_at", "at", "begins_at", "from_at"}
)
_NUMBERS: Final[Mapping[str, pl.DataType]] = {
    "seq": pl.Int64(),
    "oddities": pl.Int32(),
    "ordinal": pl.Int32(),
    "age_years": pl.Int32(),
    "version": pl.Int32(),
    "rank": pl.Int32(),
    "planned_s": pl.Float64(),
    "clock_offset_s": pl.Float64(),
    "overridden": pl.Boolean(),
}
_ISO: Final = "%Y-%m-%dT%H:%M:%S"
_ANY: Final = f"{_ISO}%.f%#z"
_SECONDS: Final = len("2026-11-28T00:00:00")
_UTC: Final = ("Z", "+00", "+00:00")
_WORDS: Final = frozenset({"type", "status", "source", "effect", "organisation", "t0_source", "point", "state", "code"})


@dataclass(frozen=True, slots=True)
class Family:
    """Lines that are read together. fields: names of columns, and the payload's keys of which the first there counts.

    key: the column by which they belong together. head: what they have of HEAD.
    """

    types: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    key: str
    head: tuple[str, ...]

    def told(self) -> tuple[str, ...]:
        """The payload's keys, those of each column after those of the one before."""
        return tuple(key for keys in self.fields.values() for key in keys)

    def schema(self) -> dict[str, pl.DataType]:
        """Columns and types of its lines."""
        return {name: _type_of(name) for name in (*self.head, *self.fields)} | {SHARE: pl.String()}

    def share(self) -> pl.Expr:
        """The column SHARE of lines that have all others."""
        return pl.col(self.key).str.slice(-1).alias(SHARE)


def _plain(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in names}


FAMILIES: Final[Mapping[str, Family]] = {
    "calls": Family(
        ("call.recorded", "call.signalled", "call.outcome_set", "call.transferred"),
        _plain(
            "t0", "t0_source", "answered_at", "abandoned_at", "ended_at", "origin", "state", "outcome", "agency",
            "oddities",
        ),
        "subject",
        ("seq", "occurred_at", "subject"),
    ),
    "incidents": Family(
        (
            "incident.opened", "incident.call_linked", "incident.call_unlinked", "incident.t0_corrected",
            "incident.described", "incident.taken", "incident.priority_changed", "incident.state_changed",
            "incident.cancelled", "recommendation.made", "assignment.incident_returned",
        ),
        _plain(
            "number", "t0", "t0_source", "priority", "move", "complaint", "capabilities", "call_id", "kind", "state",
            "taken_at", "reason", "duplicate_of", "chosen", "why",
        ),
        "subject",
        ("seq", "type", "occurred_at", "subject", "actor"),
    ),
    "patients": Family(
        (
            "patient.added", "patient.described", "patient.care_begun", "patient.outcome_set", "patient.merged",
            "patient.unmerged", "patient.attached", "patient.charted", "patient.chart_withdrawn",
        ),
        _plain(
            "incident_id", "ordinal", "sex", "age_years", "unit_id", "care", "begins_at", "version", "outcome",
            "destination_id", "proof", "handed_to", "kept_id", "entry_id", "corrects", "signals", "treatment",
        ),
        "subject",
        ("seq", "type", "occurred_at", "subject", "actor"),
    ),
    "runs": Family(
        (
            "assignment.made", "assignment.entered", "assignment.ended", "assignment.override_explained",
            "assignment.time_told", "run.planned", "run.started", "run.ended", "run.cancelled",
        ),
        {
            "run_id": ("assignment_id", "run_id"),
            **_plain("incident_id", "unit_id", "priority", "at", "source", "recommendation_id", "rank", "overridden"),
            **_plain("planned_s", "reason", "ended_at", "point", "time_id", "corrects", "kind", "from_at"),
        },
        "run_id",
        ("seq", "type", "occurred_at", "organisation", "actor"),
    ),
    "entries": Family(
        ("unit.status_changed", "unit.status_kept", "unit.status_corrected", "detection.raised"),
        {
            "run_id": ("run_id", "assignment_id"),
            "at": ("at", "began_at"),
            **_plain("unit_id", "entry_id", "corrects", "status", "source", "effect", "code", "clock_offset_s"),
        },
        "run_id",
        ("seq", "type"),
    ),
}  # fmt: skip
"""All lines that matter, by family."""
FORM: Final = hashlib.sha256(repr(FAMILIES).encode()).digest()
"""Another one with another program that reads other columns: what was copied before does not fit beside them."""


PLACES: Final = max(len(family.told()) for family in FAMILIES.values())
"""In how many columns the database tells a payload."""
_COLUMNS: Final[Mapping[str, pl.DataType]] = {
    "family": pl.Categorical(), "seq": pl.Int64(), "type": pl.Categorical(), "occurred_at": pl.String(),
    "subject": pl.String(), "organisation": pl.Categorical(), "actor": pl.String(),
    **{str(place): pl.String() for place in range(PLACES)},
}  # fmt: skip


def read_lines(text: bytes) -> dict[str, pl.DataFrame]:
    """Read lines as the database copies them out, by family.

    CSV without a header: name of the family, HEAD (empty where the family has none of it), and the values of its keys;
    times as PostgreSQL or ISO 8601 writes them. They come ordered by share, so that a part of a file is enough for who
    reads a share.
    Raises polars' own errors for a line that does not read: the journal was written by this program.
    """
    told = (
        pl.read_csv(text, has_header=False, new_columns=list(_COLUMNS), schema_overrides=list(_COLUMNS.values()))
        if text
        else pl.DataFrame(schema=_COLUMNS)
    )
    return {name: _read_family(told, name, family) for name, family in FAMILIES.items()}


def _read_family(told: pl.DataFrame, name: str, family: Family) -> pl.DataFrame:
    places = map(str, range(PLACES))
    of = {column: [next(places) for _ in keys] for column, keys in family.fields.items()}
    own = told.select(*family.head, *(place for columns in of.values() for place in columns))
    lines = own.filter(told["family"] == name).select(
        *family.head, *(pl.coalesce(columns).alias(column) for column, columns in of.items())
    )
    read = [_times(column) if column.name in _TIMES else column for column in lines]
    return (
        pl.DataFrame(read)
        .select(_read(column.name) for column in read)
        .with_columns(family.share())
        .sort(SHARE, maintain_order=True)
    )


def _read(name: str) -> pl.Expr:
    if name in _TIMES:
        return pl.col(name)
    if _type_of(name) == pl.Boolean():
        return pl.col(name) == "true"
    return pl.col(name).cast(_type_of(name))


def _times(text: pl.Series) -> pl.Series:
    """Read times. Those of UTC are cut into seconds and what follows: a fifth of the work of reading any other."""
    told, written = pl.col(text.name).str.replace(" ", "T", literal=True), text.to_frame()
    if text.null_count() == len(text):
        return text.cast(TIME)
    zone = next((one for one in _UTC if text.str.ends_with(one).all()), None)
    if zone is None:
        return written.select(told.str.to_datetime(_ANY, time_unit="us", time_zone="UTC")).to_series()
    seconds = told.str.head(_SECONDS).str.to_datetime(_ISO, time_unit="us")
    if (written.select(told.str.len_bytes().max()).item() or 0) == _SECONDS + len(zone):
        return written.select(seconds.dt.replace_time_zone("UTC")).to_series()
    after = pl.lit("0") + told.str.slice(_SECONDS).str.strip_suffix(zone)
    micros = (after.cast(pl.Float64) * 1_000_000).round().cast(pl.Int64)
    return written.select((seconds.cast(pl.Int64) + micros).cast(TIME)).to_series()


def _type_of(name: str) -> pl.DataType:
    if name in _TIMES:
        return TIME
    if name in _WORDS:
        return pl.Categorical()
    return _NUMBERS.get(name, pl.String())
