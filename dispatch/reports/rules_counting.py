"""Who counts: the named rules of denominators, success and exclusion that definitions refer to. Pure.

Each is a column of truth over a view of `rules_views`; None counts as unknown for success, as no for the rest.
Our own rules (DECISIONS 81), after NASEMSO's time intervals and England's ARP.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl

from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.states import JOURNAL, Exclusion

_EARLY_S: Final = 10
_SECOND: Final = 1_000_000
_NOT_MET: Final = ("not_found",)


def _given(name: str) -> pl.Expr:
    return pl.col(name).is_not_null()


def _words(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _real() -> pl.Expr:
    """A valid request: not a duplicate, a mistake or a drill."""
    return ~_words("exclusion").is_in((str(Exclusion.DUPLICATE), str(Exclusion.ERROR), str(Exclusion.DRILL))).fill_null(
        value=False
    )


def _before(after: str, since: str, limit_s: int) -> pl.Expr:
    return (pl.col(after) - pl.col(since)).dt.total_microseconds() < limit_s * _SECOND


_ARRIVED: Final = pl.any_horizontal(*(_given(name) for name in ("t6", "t7", "t8", "t9")))
_ABANDONED_EARLY: Final = _given("abandoned_at") & _before("abandoned_at", "t0", _EARLY_S)
_CALLED_OFF: Final = _given("tx") & ~_ARRIVED
_MET: Final = pl.col("merged_into").is_null() & ~_words("outcome").is_in(_NOT_MET).fill_null(value=False)

DENOMINATORS: Final[Mapping[str, pl.Expr]] = {
    # Calls.
    "presented": _given("t0"),
    # Incidents.
    "all_requests": pl.lit(value=True),
    "requests": _real() & (_words("state") != "cancelled") | (_real() & _given("t3")),
    "emergencies": _given("t3"),
    "emergencies_sent": _given("t3"),
    "upgraded": _given("t3") & (pl.col("judged_from") > pl.col("t0")),
    "no_unit_free": _given("no_unit_at") & _given("t3"),
    # Runs.
    "orders": _given("t3"),
    "arrivals_due": _given("t3") & (_ARRIVED | _given("ended_at")),
    "staged": _given("ts"),
    "arrived": _ARRIVED,
    "transports": _given("t8") | _given("t9"),
    "at_hospital": _given("t9") | _given("t10"),
    "completed": _words("end_reason") == "completed",
    "promised": _given("planned_s") & (_ARRIVED | _given("ended_at")),
    "cancelled_t3_t5": _given("tx") & pl.col("t5").is_null() & ~_ARRIVED,
    "cancelled_t5_t6": _given("tx") & _given("t5") & ~_ARRIVED,
    # Patients.
    "patients_met": _MET,
    "critical_patients": _MET & (_words("priority") == "P1"),
    "resuscitated": pl.col("merged_into").is_null() & pl.col("resuscitated"),
}
"""Of whom a figure is."""

SUCCESS: Final[Mapping[str, pl.Expr]] = {
    "abandoned": _words("state") == "abandoned",
    "abandoned_early": (_words("state") == "abandoned") & _ABANDONED_EARLY,
    "no_unit_free": _given("no_unit_at"),
    "given_a_unit": pl.when(_given("t3"))
    .then(statement=True)
    .when(_words("state") != "open")
    .then(statement=False),
    "cancelled_before_order": (_words("state") == "cancelled") & pl.col("t3").is_null(),
    "written": pl.col("written"),
    "treated": pl.col("treated"),
    "monitored_or_treated": pl.when(_given("monitored_at")).then(statement=True).otherwise(
        pl.coalesce("treated", pl.lit(value=False))
    ),
    "survived": pl.col("survived"),
}  # fmt: skip
"""What makes a share; None: not known, and then neither in the share nor in what it is of."""

EXCLUDES: Final[Mapping[str, pl.Expr]] = {
    "excluded": _given("exclusion") | _given("incident_exclusion"),
    "not_real": ~_real(),
    "of_excluded": _given("incident_exclusion"),
    "abandoned_early": _ABANDONED_EARLY,
    "by_hand": _words("origin") == "manual",
    "called_off": _CALLED_OFF,
    "cancelled_at_once": _given("tx") & pl.col("t5").is_null() & ~_ARRIVED,
}
"""Who is left out, and told how many. `cancelled_at_once` leaves those in that were late already."""

RULES: Final = {
    "denominator": frozenset(DENOMINATORS), "success": frozenset(SUCCESS), "excludes": frozenset(EXCLUDES),
}  # fmt: skip
_TIMES: Final = frozenset({"t0", "t1", "t2", "t3", "t5", "t6", "ts", "t6_capable", "judged_from", "promised_at", "tx"})
TIMES: Final[Mapping[str, frozenset[str]]] = {
    frame: frozenset(name for name in columns if name in _TIMES or (name[0] == "t" and name[1:].isdigit()))
    | (frozenset({"t0", "t1", "t2", "promised_at"}) if frame == "runs" else frozenset())
    for frame, columns in FRAMES.items()
}
"""Times that intervals may name, by frame."""


def pending(frame: str, end: str) -> pl.Expr:
    """Whether an end is still to come: what is going on belongs to no interval yet. Imported rows are over."""
    own = pl.col("mark").cast(pl.String) == JOURNAL
    going = {
        "calls": _words("state") == "ringing",
        "incidents": ~_words("state").is_in(("closed", "cancelled")),
        "runs": pl.col("ended_at").is_null(),
        "patients": pl.lit(value=False),
    }[frame]
    return own & going.fill_null(value=False) & pl.col(end).is_null()


def missed(start: str, end: str, within_s: int, as_of: datetime) -> pl.Expr:
    """Whether who has not gone at all is late: more than `within_s` passed until it was called off, or until now."""
    until = pl.coalesce(pl.col("ended_at"), pl.lit(as_of))
    # Whole seconds, as who did go is measured: at 180.9 s one is still in time.
    late = (until - pl.col(start)).dt.total_microseconds() >= (within_s + 1) * _SECOND
    return pl.col(end).is_null() & ~_ARRIVED & late


def unanswered() -> pl.Expr:
    """Calls that were given up before anybody answered: in the share of those answered in time they count as missed."""
    return _given("abandoned_at") & pl.col("t1").is_null()
