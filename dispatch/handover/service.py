"""A sheet made and signed. Nothing here commits."""

from __future__ import annotations

import json
from uuid import UUID

from dispatch.handover.events import HandoverMade, HandoverSigned
from dispatch.handover.queries import SCHEMA, get_handover, write_sheet
from dispatch.handover.rules import check_sign, checked_notes
from dispatch.handover.states import HandoverState, Sheet
from dispatch.handover.tables import Handover
from dispatch.incidents.service import Act, claim_key
from dispatch.kernel.digests import Digester


async def make_handover(act: Act, sheet: Sheet, notes: str, leaving_id: UUID, *, key: str | None = None) -> Handover:
    """Keep a sheet, signed by the one who leaves. The same key gives the sheet that it made before.

    Raises: Invalid: `handover.notes`, `reference.invalid`. Conflict: `request.key_reused`.
    """
    text, handover_id = checked_notes(notes), act.new_id()
    async with act.together():
        if key is not None:
            made = await claim_key(act, "handover", key, text, handover_id)
            if made != handover_id:
                return await get_handover(act.session, act.region, made)
        body = write_sheet(sheet)
        row = Handover(
            id=handover_id, region=act.region, state=str(HandoverState.WAITING), made_at=sheet.at,
            leaving_id=leaving_id, coming_id=None, signed_at=None, own_seat=None, notes=text, schema=SCHEMA,
            body=body, digest=_digest(act.digester, body, text),
        )  # fmt: skip
        act.session.add(row)
        await act.session.flush()
        act.tell(
            HandoverMade(
                handover_id=row.id, leaving_id=leaving_id, incidents=len(sheet.incidents),
                units_out=len(sheet.units_out), closures=len(sheet.closures), call_backs=len(sheet.call_backs),
                digest=row.digest,
            )
        )  # fmt: skip
        return row


async def sign_handover(act: Act, handover_id: UUID, coming_id: UUID, *, own_seat: bool) -> Handover:
    """Sign a sheet as the one who comes.

    Raises:
        NotFound: `handover.not_found`. Conflict: `handover.signed`, `handover.same_person`, `handover.too_old`.
    """
    async with act.together():
        row = await get_handover(act.session, act.region, handover_id, lock=True)
        now = act.clock.now()
        check_sign(HandoverState(row.state), row.made_at, row.leaving_id, coming_id, now)
        row.state, row.coming_id, row.signed_at, row.own_seat = str(HandoverState.SIGNED), coming_id, now, own_seat
        await act.session.flush()
        act.tell(
            HandoverSigned(
                handover_id=row.id, leaving_id=row.leaving_id, coming_id=coming_id, own_seat=own_seat,
                digest=row.digest,
            )
        )  # fmt: skip
        return row


def _digest(digester: Digester, body: dict[str, object], notes: str) -> str:
    return digester.digest("handover", json.dumps({"body": body, "notes": notes}, sort_keys=True))
