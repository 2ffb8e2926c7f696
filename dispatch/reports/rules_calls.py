"""Calls, and which of them belong to an incident, from lines of the journal. Pure."""

from __future__ import annotations

import polars as pl

from dispatch.reports.rules_schema import TOLD, conform
from dispatch.reports.states import JOURNAL, Told

BY_TIME = ("occurred_at", "seq")
"""The order in which the later word counts."""
_OF_SOURCE = {
    "auto": Told.AUTO, "exchange": Told.AUTO, "device": Told.DEVICE, "crew": Told.DEVICE, "manual": Told.MANUAL,
    "voice": Told.MANUAL, "paper": Told.MANUAL, "dispatcher": Told.MANUAL, "inferred": Told.INFERRED,
}  # fmt: skip


def told_of(source: pl.Expr) -> pl.Expr:
    """How a time became known, by the word of the journal for its source."""
    return source.cast(pl.String).replace_strict(_OF_SOURCE, default=None, return_dtype=TOLD)


def last(name: str) -> pl.Expr:
    """The last value there, of rows in their order."""
    return pl.col(name).drop_nulls().last()


def of_type(*types: str) -> pl.Expr:
    """Whether a line is of one of these types."""
    return pl.col("type").is_in(types)


def links_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Which call belongs to which incident, of lines of incidents: call_id, incident_id, link, t0, seq."""
    return (
        lines.filter(of_type("incident.call_linked", "incident.call_unlinked"))
        .sort(BY_TIME)
        .group_by("call_id", maintain_order=True)
        .agg(
            pl.col("subject").last().alias("incident_id"),
            pl.col("kind").last().alias("link"),
            pl.col("type").last().cast(pl.String).alias("last"),
            pl.col("seq").max(),
        )
        .filter(pl.col("last") == "incident.call_linked")
        .select("call_id", "incident_id", "link", pl.col("seq").alias("link_seq"))
    )


def fold_calls(lines: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return calls (`rules_schema.CALLS`) of their lines, in the order of their ids.

    links: as `links_of` gives them, of these calls among others.
    """
    told = (
        lines.sort(BY_TIME)
        .group_by("subject", maintain_order=True)
        .agg(
            pl.col("origin").drop_nulls().first(),
            *(last(name) for name in ("state", "outcome", "agency", "t0", "t0_source", "oddities")),
            *(last(name) for name in ("answered_at", "abandoned_at", "ended_at")),
            pl.col("seq").max(),
        )
        .filter(pl.col("t0").is_not_null())
        .join(links, left_on="subject", right_on="call_id", how="left")
    )
    by_hand = pl.col("origin") == "manual"
    return conform(
        "calls",
        told.with_columns(
            pl.col("subject").alias("call_id"),
            told_of(pl.col("t0_source")).alias("t0_told"),
            pl.col("answered_at").alias("t1"),
            pl.when(pl.col("answered_at").is_not_null())
            .then(pl.when(by_hand).then(pl.lit(str(Told.MANUAL))).otherwise(pl.lit(str(Told.AUTO))))
            .alias("t1_told"),
            pl.lit(JOURNAL).alias("mark"),
            pl.max_horizontal("seq", "link_seq").alias("seq"),
        ),
    ).sort("call_id")
