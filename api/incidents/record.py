"""The record of an incident: what the journal says of it, with who did it and what was corrected."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api.acting import acting
from api.auth import DoorkeeperDep
from api.bodies import answer
from api.contract import contract
from api.incidents.access import must_reach
from api.incidents.examples import RECORD_EXAMPLE
from api.incidents.routes import IncidentId, Reader
from api.incidents.schemas import RecordLineOut, RecordOut
from api.names import names_of_actors
from dispatch.dispatching.queries_record import list_record
from dispatch.dispatching.rules_record import Fact, replaced
from dispatch.incidents.events_incidents import IncidentViewed
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.service_views import note_view
from dispatch.kernel.db import Session
from dispatch.kernel.events import LATE_SOURCE
from dispatch.kernel.journal_table import JournalLine

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.get(
    "/{incident_id}/record",
    summary="The record of an incident",
    description="Every line of the journal about it, its calls, patients and notes, and its units' runs for it, in "
    "order. A late entry keeps its true time beside the time of entry; a corrected line stays beside the one that "
    "counts. To look leaves a line itself.",
    **contract(RecordOut, example=RECORD_EXAMPLE, problems=[404]),
)
async def shown(door: DoorkeeperDep, actor: Reader, incident_id: IncidentId) -> Response:
    """Show a record."""
    async with acting(door, actor) as act:
        await must_reach(act.session, act.region, actor, "incidents.read", incident_id)
        incident = await get_incident(act.session, act.region, incident_id)
        lines = await told_lines(act.session, await list_record(act.session, incident_id))
        await note_view(act, IncidentViewed(incident_id=incident_id, record=True))
        told = RecordOut(incident_id, incident.number, lines)
    return answer(told)


async def told_lines(session: Session, lines: Sequence[JournalLine]) -> list[RecordLineOut]:
    """Tell lines of the journal with the present names of who did it, and with what corrects what among them."""
    corrects = replaced(Fact(line.seq, line.type, line.payload) for line in lines)
    corrected_by = {old: new for new, old in corrects.items()}
    names = await names_of_actors(session, [line.actor for line in lines])
    return [
        RecordLineOut(
            seq=line.seq,
            type=line.type,
            at=line.occurred_at,
            recorded_at=line.recorded_at,
            late_source=line.payload.get(LATE_SOURCE),
            subject=line.subject,
            organisation=line.organisation,
            actor=line.actor,
            actor_name=names.get(line.actor),
            payload={key: value for key, value in line.payload.items() if key != LATE_SOURCE},
            corrects=corrects.get(line.seq),
            corrected_by=corrected_by.get(line.seq),
            hash=line.hash.hex(),
        )
        for line in lines
    ]
