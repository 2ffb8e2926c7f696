"""Reporting and correcting the status of units. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.kernel.events import Event, Late
from dispatch.kernel.ids import new_id
from dispatch.units.events_duty import RunEnded, StatusChanged, StatusCorrected, StatusKept
from dispatch.units.queries_duty import (
    find_correction,
    find_report,
    find_run,
    find_status,
    get_entry,
    lock_unit,
    standing_of,
)
from dispatch.units.rules_duty import DutyPolicy, Reckoned, as_utc, expected_end, in_force, reckon
from dispatch.units.rules_status import Decision, Standing, Told, corrected, decide, status_state
from dispatch.units.service_duty import record, true_time
from dispatch.units.states_crew import RunState
from dispatch.units.states_duty import (
    BY_PERSON,
    TIMED_RUN,
    Effect,
    IllegalTransition,
    OutReason,
    Source,
    UnitStatus,
)
from dispatch.units.tables import Unit
from dispatch.units.tables_duty import UnitStatusEntry, UnitStatusRow

_LEAST: Final = timedelta(seconds=1)
"""A period that is empty would exclude nothing, and is refused."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What somebody says of a unit's status.

    at: when it happened, by the clock of who says it; None means now. sent_at: that clock as the report was sent, from
    devices that keep reports while they have no link. report_id: the device's own id of the report, which makes its
    repetition harmless. run_id: the run that is spoken of (an assignment, a timed run). expected_end_at: of being out
    of service (a proposed time for the reason where it is lacking), relief and timed runs.
    """

    status: UnitStatus
    source: Source
    at: datetime | None = None
    sent_at: datetime | None = None
    report_id: UUID | None = None
    run_id: UUID | None = None
    reason: OutReason | None = None
    expected_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """What became of a report, and what stood before and stands afterwards.

    entry_id: None where nothing was written. at: the reported event's true time. refusal: why it was kept only.
    """

    effect: Effect
    entry_id: UUID | None
    at: datetime
    before: Standing
    standing: Standing
    version: int
    clock_offset_s: float | None = None
    refusal: IllegalTransition | None = None


async def report_status(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    unit_id: UUID,
    report: StatusReport,
    *,
    held: Unit | None = None,
    expected_version: int | None = None,
    policy: DutyPolicy | None = None,
    outbox: list[Event | Late] | None = None,
) -> StatusOutcome:
    """Take a report of a unit's status, from whomever; see `rules_status.decide` for what becomes of it.

    What a device (CREW, AUTO) reports is never lost: an impossible report is kept, with effect REFUSED. A person
    (VOICE, PAPER, DISPATCHER) is refused instead. held: the unit, where the caller has locked it. expected_version: of
    the status that was seen, 0 for none. outbox: takes the journal's lines, which the caller then writes.

    Raises:
        NotFound: `unit.not_found`.
        Conflict: `unit.status_changed` (another was quicker), `unit.report_reused` (a report's id, another content).
        IllegalTransition: `unit.illegal_transition`, `unit.not_theirs`.
        Invalid: `unit.reason`, `unit.expected_end`, `unit.run`, `time.no_zone`, `time.future`.
    """
    policy = policy or in_force(session.info)
    unit = held or await lock_unit(session, unit_id)
    now = clock.now()
    row = await find_status(session, unit_id)
    standing, version = standing_of(row), row.version if row is not None else 0
    if report.report_id is not None:
        known = await find_report(session, unit_id, report.report_id)
        if known is not None:
            _same_report(known, report)
            return StatusOutcome(Effect.REPEATED, known.id, known.at, standing, standing, version, known.clock_offset_s)
    if expected_version is not None and expected_version != version:
        raise Conflict(
            "unit.status_changed",
            f"The unit's status was changed meanwhile: it is {standing.status} now (version {version}).",
            "Look at it again, then decide.",
            current=status_state(unit_id, standing, version),
        )
    time = _time_of(report, now, policy)
    told = _told(report, time.at, policy)
    decision = decide(standing, told, tolerance_s=policy.clock_tolerance_s)
    if decision.effect == Effect.REPEATED:
        return StatusOutcome(Effect.REPEATED, None, time.at, standing, standing, version, time.clock_offset_s)
    if decision.refusal is not None and report.source in BY_PERSON:
        raise decision.refusal
    entry = _entry(clock, context, unit, standing, told, report, time, decision, now)
    session.add(entry)
    await session.flush()
    events: list[Event] = []
    if decision.effect == Effect.APPLIED:
        version += 1
        _stand(session, row, entry, decision.standing, report.source, version)
        events += await _left_run(session, unit, standing, decision.standing, entry.at)
    events.append(_event(unit, entry, standing, version))
    await record(session, clock, context, events, at=entry.at, source=report.source, outbox=outbox)
    return StatusOutcome(
        decision.effect, entry.id, entry.at, standing, decision.standing, version, time.clock_offset_s, decision.refusal
    )


async def correct_status(
    session: AsyncSession,
    clock: Clock,
    context: Context,
    entry_id: UUID,
    *,
    at: datetime | None = None,
    status: UnitStatus | None = None,
    source: Source = Source.DISPATCHER,
    policy: DutyPolicy | None = None,
    outbox: list[Event | Late] | None = None,
) -> StatusOutcome:
    """Correct the true time, the status or both of an entry. The entry stays; the correction stands beside it.

    Where the entry is the one that stands, the present status is corrected with it.

    Raises:
        NotFound: `unit.entry_not_found`.
        Conflict: `unit.entry_corrected`, it was corrected already: correct the newer one.
        IllegalTransition: the corrected status cannot follow what stood before.
        Invalid: `unit.correction`, `time.no_zone`, `time.future`.
    """
    policy = policy or in_force(session.info)
    unit = await lock_unit(session, (await get_entry(session, entry_id)).unit_id)
    now = clock.now()
    entry = await get_entry(session, entry_id)
    if (newer := await find_correction(session, entry_id)) is not None:
        raise Conflict("unit.entry_corrected", "This entry was corrected already.", f"Correct entry {newer.id}.")
    row = await find_status(session, unit.id)
    present = row is not None and row.entry_id == entry.id
    to_status = status if status is not None else UnitStatus(entry.status)
    to_at = true_time(at, now, policy.clock_tolerance_s) if at is not None else entry.at
    if to_status == entry.status and to_at == entry.at:
        raise Invalid("unit.correction", "The correction says what the entry says.")
    before = standing_of(row)
    after = corrected(
        before, present=present, before=UnitStatus(entry.from_status), status=to_status, at=to_at, source=source
    )
    same = to_status == entry.status
    made = UnitStatusEntry(
        id=new_id(clock), unit_id=unit.id, from_status=entry.from_status, status=str(to_status),
        effect=str(Effect.CORRECTION), at=to_at, device_at=None, received_at=now, clock_offset_s=None,
        source=str(source), actor=str(context.actor), run_id=entry.run_id, reason=entry.reason if same else "",
        expected_end_at=entry.expected_end_at if same else None, report_id=None, corrects=entry.id,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    version = row.version if row is not None else 0
    events: list[Event] = []
    if present:
        version += 1
        _stand(session, row, made, after, source, version)
        events += await _left_run(session, unit, before, after, to_at)
    events.append(
        StatusCorrected(
            unit_id=unit.id, organisation=unit.organisation, entry_id=made.id, corrects=entry.id,
            from_status=UnitStatus(entry.status), status=to_status, from_at=entry.at, at=to_at, source=source,
            present=present, version=version,
        )
    )  # fmt: skip
    await record(session, clock, context, events, at=now, source=source, outbox=outbox)
    return StatusOutcome(Effect.CORRECTION, made.id, to_at, before, after, version)


def _same_report(known: UnitStatusEntry, report: StatusReport) -> None:
    if known.status != report.status or known.device_at != report.at:
        raise Conflict("unit.report_reused", f"The report {known.report_id} said something else when it came first.")


def _time_of(report: StatusReport, now: datetime, policy: DutyPolicy) -> Reckoned:
    if report.source in BY_PERSON:
        return Reckoned(true_time(report.at, now, policy.clock_tolerance_s))
    return reckon(report.at, now, sent_at=report.sent_at, tolerance_s=policy.clock_tolerance_s)


def _told(report: StatusReport, at: datetime, policy: DutyPolicy) -> Told:
    end_at = as_utc(report.expected_end_at)
    if report.status == UnitStatus.OUT_OF_SERVICE and report.reason is not None:
        end_at = expected_end(report.reason, at, end_at, policy.expected_out_s)
    return Told(report.status, at, report.source, report.run_id, report.reason, end_at)


def _entry(
    clock: Clock,
    context: Context,
    unit: Unit,
    standing: Standing,
    told: Told,
    report: StatusReport,
    time: Reckoned,
    decision: Decision,
    now: datetime,
) -> UnitStatusEntry:
    applied = decision.effect == Effect.APPLIED
    at = decision.standing.since if applied else told.at
    run_id = decision.standing.run_id if applied else told.run_id
    return UnitStatusEntry(
        id=new_id(clock), unit_id=unit.id, from_status=str(standing.status), status=str(told.status),
        effect=str(decision.effect), at=at, device_at=as_utc(report.at), received_at=now,
        clock_offset_s=time.clock_offset_s, source=str(told.source), actor=str(context.actor), run_id=run_id,
        reason=str(told.reason or ""), expected_end_at=told.expected_end_at, report_id=report.report_id, corrects=None,
    )  # fmt: skip


def _stand(
    session: AsyncSession,
    row: UnitStatusRow | None,
    entry: UnitStatusEntry,
    standing: Standing,
    source: Source,
    version: int,
) -> None:
    if row is None:
        row = UnitStatusRow(unit_id=entry.unit_id)
        session.add(row)
    row.status, row.since, row.entry_id = str(standing.status), standing.since or entry.at, entry.id
    row.run_id, row.reason = standing.run_id, str(standing.reason or "")
    row.expected_end_at, row.source, row.version = standing.expected_end_at, str(source), version


async def _left_run(session: AsyncSession, unit: Unit, before: Standing, after: Standing, at: datetime) -> list[Event]:
    """End the timed run that a unit leaves by its status, so that no run goes on without its unit."""
    if before.status not in TIMED_RUN or before.run_id is None or after.run_id == before.run_id:
        return []
    run = await find_run(session, before.run_id)
    if run is None or run.state != RunState.STARTED:
        return []
    run.state, run.version = str(RunState.ENDED), run.version + 1
    run.ended_at = at
    # What is left of the period is free again. One that overran is told by `ended_at`: the next run may have begun.
    run.until_at = min(run.until_at, max(at, run.from_at + _LEAST))
    return [RunEnded(run_id=run.id, unit_id=unit.id, organisation=unit.organisation, at=at)]


def _event(unit: Unit, entry: UnitStatusEntry, before: Standing, version: int) -> Event:
    status, source = UnitStatus(entry.status), Source(entry.source)
    if entry.effect != Effect.APPLIED:
        return StatusKept(
            unit_id=unit.id, organisation=unit.organisation, entry_id=entry.id, status=status,
            present_status=before.status, effect=Effect(entry.effect), at=entry.at, source=source, run_id=entry.run_id,
            clock_offset_s=entry.clock_offset_s,
        )  # fmt: skip
    return StatusChanged(
        unit_id=unit.id, organisation=unit.organisation, entry_id=entry.id, from_status=before.status, status=status,
        at=entry.at, source=source, version=version, run_id=entry.run_id,
        reason=OutReason(entry.reason) if entry.reason else None, expected_end_at=entry.expected_end_at,
        clock_offset_s=entry.clock_offset_s,
    )  # fmt: skip
