"""Keeping what was found, and acknowledging it by name. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.service import Act
from dispatch.kernel.errors import Conflict, Refused
from dispatch.telemetry.detection.events import DetectionAcknowledged, DetectionEnded, DetectionRaised
from dispatch.telemetry.detection.queries import (
    Seat,
    find_newest,
    get_detection,
    list_acknowledgements,
    organisations_of,
)
from dispatch.telemetry.detection.rules import Found
from dispatch.telemetry.detection.states import DetectionKind
from dispatch.telemetry.detection.tables import Detection, DetectionAcknowledgement


async def keep_found(act: Act, found: Sequence[Found]) -> None:
    """Keep what rules found, in its order; told twice it is kept once.

    What was over and comes again before anybody acknowledged it goes on under its old id.
    """
    owners = await organisations_of(act.session, {one.subject.unit_id for one in found})
    async with act.together():
        for one in found:
            known = await find_newest(act.session, one)
            if one.sign.over:
                if known is not None and known.ended_at is None:
                    await end(act, known, one.sign.at)
            elif known is None:
                await _raise(act, one, owners)
            elif known.ended_at is not None and not one.late:
                acknowledged = await list_acknowledgements(act.session, [known.id])
                if acknowledged.get(known.id) or known.kind == DetectionKind.OFFER:
                    await _raise(act, one, owners)
                else:
                    await _again(act, known, one)


async def end(act: Act, row: Detection, at: datetime) -> None:
    """Say of one that goes on that it is over since `at`."""
    row.ended_at = max(at, row.began_at)
    row.version += 1
    await act.session.flush()
    act.tell(
        DetectionEnded(
            detection_id=row.id, code=row.code, unit_id=row.unit_id, organisation=row.organisation,
            incident_id=row.incident_id, patient_id=row.patient_id, ended_at=row.ended_at,
        )
    )  # fmt: skip


async def acknowledge(act: Act, detection_id: UUID, seats: Collection[Seat], *, version: int) -> Detection:
    """Say for some sides that a person has seen it. Who did so already stays; again changes nothing.

    Raises NotFound (`detection.not_found`), Conflict (`detection.changed`: it is not what was looked at), Refused
    (`detection.by_name`: no person does it).
    """
    row = await get_detection(act.session, act.region, detection_id)
    if not act.is_person:
        raise Refused("detection.by_name", "Who acknowledges does it by name.", "Log in as a person.")
    before = {(one.side, one.organisation) for one in (await list_acknowledgements(act.session, [row.id]))[row.id]}
    new = [seat for seat in sorted(seats) if seat not in before]
    if not new:
        return row
    if row.version != version:
        raise Conflict("detection.changed", "This has changed since it was looked at.", "Look again, then acknowledge.")
    now = act.clock.now()
    async with act.together():
        for side, organisation in new:
            act.session.add(
                DetectionAcknowledgement(
                    detection_id=row.id, side=side, organisation=organisation, at=now, actor=act.actor
                )
            )
            act.tell(
                DetectionAcknowledged(
                    detection_id=row.id, code=row.code, unit_id=row.unit_id, organisation=row.organisation,
                    incident_id=row.incident_id, patient_id=row.patient_id, side=side, by_organisation=organisation,
                )
            )  # fmt: skip
        row.version += 1
        await act.session.flush()
    return row


async def _raise(act: Act, found: Found, owners: Mapping[UUID, str]) -> None:
    subject, sign = found.subject, found.sign
    owner = owners.get(subject.unit_id)
    if owner is None:
        return
    values = {
        "id": act.new_id(), "kind": str(sign.kind), "code": sign.code,
        "priority": None if sign.priority is None else str(sign.priority), "unit_id": subject.unit_id,
        "organisation": owner, "slot": subject.slot, "incident_id": subject.incident_id,
        "patient_id": subject.patient_id, "assignment_id": subject.assignment_id, "value": sign.value,
        "bound": sign.bound, "began_at": sign.began_at, "raised_at": sign.at, "recorded_at": act.clock.now(),
        "ended_at": None, "late": found.late, "times": 1, "version": 1,
    }  # fmt: skip
    # Another process may have found it in the same moment.
    made = insert(Detection).values(values).on_conflict_do_nothing().returning(Detection)
    row = await act.session.scalar(made)
    if row is not None:
        act.tell(_told(row, again=False))


async def _again(act: Act, row: Detection, found: Found) -> None:
    row.ended_at, row.raised_at = None, max(found.sign.at, row.raised_at)
    row.value, row.bound = found.sign.value, found.sign.bound
    row.times += 1
    row.version += 1
    await act.session.flush()
    act.tell(_told(row, again=True))


def _told(row: Detection, *, again: bool) -> DetectionRaised:
    return DetectionRaised(
        detection_id=row.id, detection=DetectionKind(row.kind), code=row.code,
        priority=None if row.priority is None else AlarmPriority(row.priority), unit_id=row.unit_id,
        organisation=row.organisation, slot=row.slot, incident_id=row.incident_id, patient_id=row.patient_id,
        assignment_id=row.assignment_id, value=row.value, bound=row.bound, began_at=row.began_at, late=row.late,
        again=again,
    )  # fmt: skip
