"""Attach and detach as vehicles tell them: by true time, in the transaction that keeps the frame."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

import structlog

from api.incidents.access import must_reach
from api.parts import Parts
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.queries_patients import get_patient
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.states import Source
from dispatch.kernel.actor import Context
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import DatabaseUnavailable, Invalid, TarimError
from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_payloads import Attached, Detached
from dispatch.telemetry.service_attachments import attach, detach

_REACH: Final = "incidents.read"
"""A vehicle's device has it for the incidents that are or were its own: their patients may be attached."""

log = structlog.get_logger("tarim.ingest")


async def follow(session: Session, parts: Parts, digester: Digester, told: Sequence[tuple[Principal, Arrival]]) -> None:
    """Do what events say. One that may not be changes nothing: its data stay nobody's, and the log says so."""
    async with AsyncExitStack() as stack:
        # The journal's lock is taken when all of them are done.
        for actor, arrival in told:
            context = Context.begin(parts.clock, actor.actor)
            act = Act(session, parts.clock, context, digester, parts.settings.region)
            await stack.enter_async_context(act.together())
            try:
                await _follow(act, actor, arrival)
            except DatabaseUnavailable:
                raise
            except TarimError as error:
                log.warning("an attachment is not followed", stream=str(arrival.stream), code=error.code)


async def _follow(act: Act, actor: Principal, arrival: Arrival) -> None:
    told, slot, when = arrival.payload, arrival.stream.slot, Told(arrival.at, Source.DEVICE)
    if not isinstance(told, Attached | Detached) or not slot:
        return
    if not arrival.sure:
        raise Invalid("attachment.time", "When this was cannot be known.")
    if isinstance(told, Detached):
        await detach(act, arrival.unit_id, slot, when)
        return
    patient = await get_patient(act.session, act.region, told.patient_id)
    await must_reach(act.session, act.region, actor, _REACH, patient.incident_id)
    await attach(act, arrival.unit_id, slot, patient.id, when)
