"""What the number of a call asked before, without anybody seeing the number."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import DoorkeeperDep
from api.bodies import answer
from api.calls.routes import CallId, Taker
from api.calls.schemas import HISTORY_EXAMPLE, HistoryOut
from api.calls.telling import rows_of
from api.contract import contract
from api.incidents.board import incident_row
from dispatch.incidents.queries_board import list_board_incidents
from dispatch.incidents.queries_calls import get_call, list_calls_of_number
from dispatch.incidents.queries_personal import find_value
from dispatch.incidents.states_patients import PersonalKind

router = APIRouter(prefix="/calls", tags=["calls"])


@router.get(
    "/{call_id}/history",
    summary="Earlier calls from a call's number",
    description="As `POST /api/calls/history`, of a number that is only shown masked. Without a number, nothing.",
    **contract(HistoryOut, example=HISTORY_EXAMPLE, problems=[404]),
)
async def history(door: DoorkeeperDep, _actor: Taker, call_id: CallId) -> Response:
    """Look up a call's number."""
    region = door.parts.settings.region
    async with door.parts.database.read() as session:
        await get_call(session, region, call_id)
        phone = await find_value(session, call_id, PersonalKind.PHONE)
        known = phone is not None and phone.value is not None
        ids = await list_calls_of_number(session, region, phone.digest) if phone is not None and known else []
        calls = await rows_of(session, region, [one for one in ids if one != call_id])
        incidents = await list_board_incidents(session, region, {one.incident_id for one in calls if one.incident_id})
    return answer(HistoryOut(calls, [incident_row(one) for one in incidents]))
