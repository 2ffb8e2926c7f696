"""Patients from lines of the journal. Pure."""

from __future__ import annotations

import polars as pl

from dispatch.reports.rules_calls import BY_TIME, last, of_type
from dispatch.reports.rules_schema import conform
from dispatch.reports.states import JOURNAL

_TRIED = ("cpr", "defibrillation")
"""Treatments that are a resuscitation."""
_DEAD = ("dead_on_scene", "resuscitation_stopped")
_ALIVE = ("transported", "handed_on")


def fold_patients(lines: pl.DataFrame) -> pl.DataFrame:
    """Return patients (`rules_schema.PATIENTS`) of their lines, in the order of their ids.

    `treated` is known of whom anything was charted: withdrawn and corrected entries do not count. `resuscitated`: so it
    was charted, or it was stopped. `survived`: left the crew's care alive, of those who were resuscitated.
    """
    replaced = pl.concat(
        [lines.filter(of_type("patient.chart_withdrawn"))["entry_id"], lines["corrects"].drop_nulls()]
    ).unique()
    charted = of_type("patient.charted") & ~pl.col("entry_id").is_in(replaced.implode())
    treatment = pl.col("treatment").filter(charted & (pl.col("treatment") != ""))
    monitored = of_type("patient.attached") | (charted & ~pl.col("signals").is_in(("[]", "")).fill_null(value=True))
    outcome, care = of_type("patient.outcome_set"), of_type("patient.care_begun")
    merging = of_type("patient.merged", "patient.unmerged")
    told = (
        lines.sort(BY_TIME)
        .group_by("subject", maintain_order=True)
        .agg(
            pl.col("incident_id").drop_nulls().first(),
            pl.col("ordinal").drop_nulls().first(),
            pl.col("unit_id").filter(care & (pl.col("care") == "carries")).last().alias("carrier"),
            pl.col("unit_id").filter(care).first().alias("attendant"),
            last("sex"),
            last("age_years"),
            # A correction has the later version, whatever time it tells of.
            *(
                pl.col(name).filter(outcome).sort_by(pl.col("version").filter(outcome)).last().alias(alias)
                for name, alias in (
                    ("outcome", "outcome"), ("occurred_at", "outcome_at"), ("destination_id", "destination_id"),
                    ("proof", "proof"), ("handed_to", "handed_to"), ("version", "outcome_versions"),
                    ("actor", "classed_by"),
                )
            ),
            pl.col("kept_id").filter(merging).last().alias("kept"),
            pl.col("type").filter(merging).last().cast(pl.String).alias("merging"),
            pl.col("begins_at").filter(care).min().alias("care_begun_at"),
            pl.col("occurred_at").filter(monitored).min().alias("monitored_at"),
            charted.any().alias("charted"),
            treatment.count().alias("treatments"),
            treatment.is_in(_TRIED).any().alias("tried"),
            pl.col("seq").max(),
        )
        .filter(pl.col("ordinal").is_not_null())
    )  # fmt: skip
    tried = pl.col("tried") | (pl.col("outcome") == "resuscitation_stopped").fill_null(value=False)
    known_sex = pl.col("sex").is_in(("male", "female")).fill_null(value=False)
    return conform(
        "patients",
        told.with_columns(
            pl.col("subject").alias("patient_id"),
            pl.coalesce("carrier", "attendant").alias("unit_id"),
            pl.when(pl.col("merging") == "patient.merged").then("kept").alias("merged_into"),
            (known_sex & pl.col("age_years").is_not_null() & pl.col("outcome").is_not_null()).alias("written"),
            pl.when("charted").then(pl.col("treatments") > 0).alias("treated"),
            pl.when(tried).then(statement=True).when("charted").then(statement=False).alias("resuscitated"),
            pl.when(pl.col("outcome").is_in(_DEAD))
            .then(statement=False)
            .when(tried & pl.col("outcome").is_in(_ALIVE))
            .then(statement=True)
            .alias("survived"),
            pl.lit(JOURNAL).alias("mark"),
        ),
    ).sort("patient_id")
