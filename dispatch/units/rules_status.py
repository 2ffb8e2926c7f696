"""What a report does to a unit's status. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from dispatch.kernel.errors import Invalid
from dispatch.units.states_duty import (
    BUSY,
    ENDS_BY_ITSELF,
    ON_RUN,
    RUN_ORDER,
    Effect,
    IllegalTransition,
    OutReason,
    Source,
    UnitStatus,
    advance,
)


class Standing(msgspec.Struct, frozen=True, gc=False):
    """A unit's present status. `since` is None where nobody ever told one; `run_id` is of the run it is on."""

    status: UnitStatus = UnitStatus.UNKNOWN
    since: datetime | None = None
    run_id: UUID | None = None
    reason: OutReason | None = None
    expected_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is reported, its time reckoned: `at` is true and never in the future."""

    status: UnitStatus
    at: datetime
    source: Source
    run_id: UUID | None = None
    reason: OutReason | None = None
    expected_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a report: its effect, what stands afterwards, and the refusal where it is one."""

    effect: Effect
    standing: Standing
    refusal: IllegalTransition | None = None


def check(told: Told) -> None:
    """Refuse a report that cannot mean anything: `unit.reason`, `unit.expected_end`, `unit.run` (all Invalid)."""
    out = told.status == UnitStatus.OUT_OF_SERVICE
    if out != (told.reason is not None):
        raise Invalid("unit.reason", "Out of service needs a reason, and nothing else has one.")
    if out and told.expected_end_at is None:
        raise Invalid("unit.expected_end", "Out of service needs an expected end.")
    if told.expected_end_at is not None:
        if told.status not in ENDS_BY_ITSELF:
            raise Invalid("unit.expected_end", f"The status {told.status} has no expected end.")
        if told.expected_end_at <= told.at:
            raise Invalid("unit.expected_end", "The expected end must lie after the beginning.")
    begins = told.status in (UnitStatus.ASSIGNED, UnitStatus.STANDBY, UnitStatus.TRANSFER)
    if begins and told.run_id is None:
        raise Invalid("unit.run", f"The status {told.status} needs the run that it begins.")


def decide(now_standing: Standing, told: Told, *, tolerance_s: float) -> Decision:
    """Say what a report does.

    The status never goes back by an old report: what happened before the present status began is kept as LATE. One
    exception: a report of the present run, naming it, that leads on and is older by no more than clocks differ
    (`tolerance_s`), is applied, and counts from when the present status began. Raises Invalid as `check` does.
    """
    check(told)
    since = now_standing.since
    if since is not None and now_standing.status == told.status and _same(now_standing, told) and told.at >= since:
        return Decision(Effect.REPEATED, now_standing)
    begins = told.status in (UnitStatus.ASSIGNED, UnitStatus.STANDBY, UnitStatus.TRANSFER)
    speaks_of_run = told.run_id is not None and not begins and now_standing.status != UnitStatus.UNKNOWN
    if speaks_of_run and told.run_id != now_standing.run_id:
        # A unit sent elsewhere while its crew reports arrival has not arrived at the new place.
        return Decision(Effect.OTHER_RUN, now_standing)
    at = told.at
    if since is not None and at < since:
        if not _leads_on(now_standing, told) or (since - at).total_seconds() > tolerance_s:
            return Decision(Effect.LATE, now_standing)
        at = since
    try:
        status = advance(now_standing.status, told.status, told.source)
    except IllegalTransition as refusal:
        return Decision(Effect.REFUSED, now_standing, refusal)
    run_id = (told.run_id or now_standing.run_id) if status in BUSY else None
    return Decision(Effect.APPLIED, Standing(status, at, run_id, told.reason, told.expected_end_at))


def corrected(
    now_standing: Standing, *, present: bool, before: UnitStatus, status: UnitStatus, at: datetime, source: Source
) -> Standing:
    """Return what stands after the entry that led from `before` is corrected to `status` at `at`.

    present: the entry is the one that stands. Raises IllegalTransition where it is and `status` cannot follow `before`,
    Invalid (`unit.correction`) where the corrected status needs what a correction does not carry.
    """
    if not present:
        return now_standing
    if status == now_standing.status:
        return replace(now_standing, since=at)
    if status in (UnitStatus.ASSIGNED, UnitStatus.STANDBY, UnitStatus.TRANSFER, UnitStatus.OUT_OF_SERVICE):
        raise Invalid("unit.correction", f"An entry cannot be corrected to {status}: report it anew.")
    advance(before, status, source)
    return Standing(status, at, now_standing.run_id if status in BUSY else None)


def status_state(unit_id: UUID, standing: Standing, version: int) -> dict[str, object]:
    """What a unit's status is now, as plain JSON: told to who acted on an older one."""
    end_at = standing.expected_end_at
    return {
        "unit_id": str(unit_id),
        "version": version,
        "status": str(standing.status),
        "since": None if standing.since is None else standing.since.isoformat(),
        "run_id": None if standing.run_id is None else str(standing.run_id),
        "reason": None if standing.reason is None else str(standing.reason),
        "expected_end_at": None if end_at is None else end_at.isoformat(),
    }


def _same(standing: Standing, told: Told) -> bool:
    return (
        told.run_id in (None, standing.run_id)
        and told.reason == standing.reason
        and told.expected_end_at in (None, standing.expected_end_at)
    )


def _leads_on(standing: Standing, told: Told) -> bool:
    if told.run_id is None or told.run_id != standing.run_id:
        return False
    if standing.status not in ON_RUN or told.status not in ON_RUN:
        return False
    return RUN_ORDER.index(told.status) > RUN_ORDER.index(standing.status)
