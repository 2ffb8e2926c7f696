"""What reports are asked and told with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from dispatch.reports.rules_definitions import ClockSet, Definition, TargetSet
from dispatch.reports.rules_heat import Cell
from dispatch.reports.rules_quality import Finding, Left
from dispatch.reports.rules_spread import Bin
from dispatch.reports.rules_stretches import Stretches
from dispatch.reports.rules_trends import Trend
from dispatch.reports.rules_union import Gain
from dispatch.reports.states_figures import Figure

Begins = Annotated[datetime, Meta(description="Beginning of the period.")]
Until = Annotated[datetime, Meta(description="Its end, left out of it.")]


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """What the figures are of."""

    at: Annotated[datetime, Meta(description="All that was recorded until then is in the figures.")]
    seq: Annotated[int, Meta(description="The journal's last line in them.", examples=[48211])]
    imports: Annotated[list[str], Meta(description="Imported records that are in them.", examples=[["sffd-2017"]])]


class DefinitionsOut(msgspec.Struct, frozen=True, kw_only=True):
    """All definitions, as they count."""

    awaits: Annotated[str, Meta(description="Whose sign-off is missing; empty when none is.")]
    strata: Annotated[list[str], Meta(description="By what figures can be split: `by` and `where`.")]
    clocks: dict[str, ClockSet]
    kpis: Annotated[list[Definition], Meta(description="Every version of every figure.")]
    target_sets: dict[str, TargetSet]


class MetOut(msgspec.Struct, frozen=True, kw_only=True):
    """A target beside its figure. met: None where too little is known."""

    stat: Literal["share", "mean", "p90"]
    at_least: float | None
    at_most: float | None
    within_s: Annotated[int, Meta(description="The share is of those within so many seconds.")] | None
    where: Annotated[dict[str, str], Meta(description="The strata that the target is for; empty: all.")]
    value: Annotated[float, Meta(description="Seconds, or a share from 0 to 1.")] | None
    met: bool | None


class KpiOut(msgspec.Struct, frozen=True, kw_only=True):
    """One figure in one version, for the part of the period that the version counts for."""

    id: Annotated[str, Meta(examples=["response"])]
    version: int
    begins: Begins
    until: Until
    split: Annotated[bool, Meta(description="Its definition changed within the period: more than one part is told.")]
    figures: Annotated[list[Figure], Meta(description="Of all first, then of each key of each stratum asked for.")]
    targets: list[MetOut]


class ReportOut(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of a period."""

    as_of: AsOf
    begins: Begins
    until: Until
    empty: Annotated[bool, Meta(description="Nothing happened in the period: no figure has a value.")]
    awaits: str
    target_set: Annotated[str, Meta(description="The one set that targets are of.")]
    kpis: list[KpiOut]


class CourseOut(msgspec.Struct, frozen=True, kw_only=True):
    """A figure over time; one part for each version of its definition."""

    as_of: AsOf
    begins: Begins
    until: Until
    parts: list[Trend]


class DistributionOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows took how long, by one definition: over a change of it, in the later part of the period."""

    as_of: AsOf
    begins: Begins
    until: Until
    bin_s: Annotated[int, Meta(description="Width of a step, seconds.", examples=[60])]
    bins: Annotated[list[Bin], Meta(description="Steps in order, empty ones too; empty where nothing has a value.")]


class QualityOut(msgspec.Struct, frozen=True, kw_only=True):
    """Faults of the data and what was left out, by station."""

    as_of: AsOf
    begins: Begins
    until: Until
    findings: list[Finding]
    exclusions: list[Left]
    people: Annotated[
        dict[str, str], Meta(description="Names of those who left something out, by `classed_by`, where known.")
    ]


class PredictedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Of one look at both fleets: predicted times of arrival, seconds; None: nobody could go."""

    own_s: Annotated[float, Meta(description="Of the best unit of the ground's own organisation.")] | None
    both_s: Annotated[float, Meta(description="Of the best unit of both.")] | None
    own_if_home_s: (
        Annotated[float, Meta(description="An own unit's that was away helping, in a straight line from its station.")]
        | None
    )


class RowOut(msgspec.Struct, frozen=True, kw_only=True):
    """A row behind a number."""

    id: Annotated[str, Meta(description="Of the call, incident, run or patient.")]
    incident_id: Annotated[str, Meta(description="Opens the record: /api/incidents/{id}/record.")] | None
    number: Annotated[str, Meta(description="Of the incident.", examples=["2026-000123"])] | None
    at: datetime
    value_s: Annotated[int, Meta(description="What counted, seconds.")] | None
    hit: Annotated[bool, Meta(description="Within the target, or a success.")] | None
    impossible: bool
    station: Annotated[str, Meta(description="Of the unit; of an incident, of the one that arrived first.")] | None
    county: Annotated[str, Meta(description="Id of its zone.", examples=["county-wushi"])] | None
    system: Annotated[str, Meta(description="Whose ground it is.", examples=["civil", "corps"])] | None
    ground: Annotated[str, Meta(examples=["rural"])] | None
    stretches: Annotated[Stretches, Meta(description="Of what the incident's response was made.")] | None
    predicted: Annotated[PredictedOut, Meta(description="Behind what the union gains only.")] | None


class RowsOut(msgspec.Struct, frozen=True, kw_only=True):
    """The rows behind a number, the slowest first; of a fault the newest first."""

    as_of: AsOf
    total: int
    rows: list[RowOut]


class HeatPart(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a definition, and its cells: those in which anything happened."""

    version: int
    begins: Begins
    until: Until
    cells: list[Cell]


class HeatOut(msgspec.Struct, frozen=True, kw_only=True):
    """A figure by weekday and hour together, Beijing time."""

    as_of: AsOf
    begins: Begins
    until: Until
    kpi: Annotated[str, Meta(examples=["response"])]
    parts: list[HeatPart]


class CompareOut(msgspec.Struct, frozen=True, kw_only=True):
    """The same figures, by the definitions of today, of two periods: before and after."""

    as_of: AsOf
    before_begins: Begins
    before_until: Until
    begins: Begins
    until: Until
    before: list[KpiOut]
    after: list[KpiOut]


class UnionOut(msgspec.Struct, frozen=True, kw_only=True):
    """What the union gains and loses, of predictions of the same moments."""

    as_of: AsOf
    begins: Begins
    until: Until
    incidents: Annotated[int, Meta(description="Emergencies of the period.")]
    looked: Annotated[int, Meta(description="Of these, those with a stored look at both fleets.")]
    given: Annotated[
        str, Meta(description="What the figures are given; it stands beside them wherever they are shown.")
    ]
    groups: Annotated[list[Gain], Meta(description="Of all, of each organisation's ground, of each county.")]


_AS_OF: Final[dict[str, Any]] = {"at": "2026-11-22T04:00:00Z", "seq": 48211, "imports": []}
_PERIOD: Final = {"begins": "2026-11-21T16:00:00Z", "until": "2026-11-22T16:00:00Z"}
_FIGURE: Final[dict[str, Any]] = {
    "kpi": "departure", "version": 1, "stratum": "all", "key": "", "eligible": 212, "counted": 208, "n": 205,
    "impossible": 1, "completeness": 0.981, "mean_s": 121.4, "mean_low_s": 119.2, "mean_high_s": 123.6,
    "p50_s": 112, "p50_low_s": 108, "p50_high_s": 117,
    "p90_s": 176, "p90_low_s": 168, "p90_high_s": 190, "within_s": 180, "hits": 192, "share": 0.923,
    "share_low": 0.879, "share_high": 0.952, "small": False, "suppressed": False, "incomplete": False, "ranked": True,
}  # fmt: skip
_KPI: Final = {
    "id": "departure", "version": 1, **_PERIOD, "split": False, "figures": [_FIGURE],
    "targets": [
        {
            "stat": "share", "at_least": 0.95, "at_most": None, "within_s": 180, "where": {}, "value": 0.923,
            "met": False,
        }
    ],
}  # fmt: skip
FIGURES_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD, "empty": False, "awaits": "sign-off by a named local medical director",
    "target_set": "national_2025", "kpis": [_KPI],
}  # fmt: skip
TREND_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD,
    "parts": [
        {
            "kpi": "departure", "version": 1, "step": "day", "measure": "share", "centre": 0.931,
            "points": [
                {
                    "begins": "2026-11-21T16:00:00Z", "figure": _FIGURE, "value": 0.923, "low": 0.88, "high": 0.98,
                    "signal": None,
                }
            ],
        }
    ],
}  # fmt: skip
DISTRIBUTION_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD, "bin_s": 60,
    "bins": [{"from_s": 240, "until_s": 300, "rows": 12}, {"from_s": 300, "until_s": None, "rows": 3}],
}  # fmt: skip
QUALITY_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD,
    "findings": [
        {"code": "runs.missing_t7", "of": "runs", "station": "all", "faults": 9, "eligible": 180, "share": 0.05}
    ],
    "exclusions": [
        {
            "of": "incidents", "station": "ST-1", "reason": "duplicate",
            "classed_by": "person:0198c0de-0000-7000-8000-000000000001", "rows": 4, "total": 92, "share": 0.043,
        }
    ],
    "people": {"person:0198c0de-0000-7000-8000-000000000001": "林某·示例"},
}  # fmt: skip
ROWS_EXAMPLE: Final[dict[str, Any]] = {
    "as_of": _AS_OF, "total": 1,
    "rows": [
        {
            "id": "0198c0de-0000-7000-8000-000000000301", "incident_id": "0198c0de-0000-7000-8000-000000000201",
            "number": "2026-000123", "at": "2026-11-22T01:02:03Z", "value_s": 412, "hit": False, "impossible": False,
            "station": "s-wushi", "county": "county-wushi", "system": "civil", "ground": "rural",
            "stretches": {"taking_s": 61, "again_s": 0, "leaving_s": 140, "way_s": 211, "cause": "leaving"},
            "predicted": None,
        }
    ],
}  # fmt: skip
HEAT_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD, "kpi": "response",
    "parts": [
        {
            "version": 1, **_PERIOD,
            "cells": [
                {
                    "weekday": 1, "hour": 8, "counted": 41, "mean_s": 612.0, "p50_s": 560, "p90_s": 1104, "share": None,
                    "small": False, "suppressed": False,
                }
            ],
        }
    ],
}  # fmt: skip
COMPARE_EXAMPLE: Final = {
    "as_of": _AS_OF, "before_begins": "2026-11-20T16:00:00Z", "before_until": _PERIOD["begins"], **_PERIOD,
    "before": [_KPI], "after": [_KPI],
}  # fmt: skip
UNION_EXAMPLE: Final = {
    "as_of": _AS_OF, **_PERIOD, "incidents": 180, "looked": 176, "given": "given the state that the union produced",
    "groups": [
        {
            "group": "all", "key": "", "n": 160, "only_by_others": 9, "nobody": 7, "sooner": 41, "share_sooner": 0.256,
            "mean_gain_s": 74.2, "low_s": 51.0, "high_s": 98.5, "losses": 12, "mean_loss_s": 160.0, "small": False,
            "suppressed": False,
        }
    ],
}  # fmt: skip
UNION_ROWS_EXAMPLE: Final = {
    **ROWS_EXAMPLE,
    "rows": [
        {**row, "value_s": 95, "hit": None, "predicted": {"own_s": 707.0, "both_s": 612.0, "own_if_home_s": None}}
        for row in ROWS_EXAMPLE["rows"]
    ],
}  # fmt: skip
