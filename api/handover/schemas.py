"""What goes over the wire of handover sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.erasures.schemas import ErasedOut
from dispatch.handover.rules import LONGEST_NOTES
from dispatch.handover.states import HandoverState, SheetCallBack, SheetClosure, SheetIncident, SheetUnit


class SheetIncidentOut(msgspec.Struct, frozen=True):
    """An open incident with where it is in words, as known when the sheet was made."""

    incident: SheetIncident
    words: Annotated[str, Meta(description="Once the incident is over, to the street; empty once erased.")]


class SheetOut(msgspec.Struct, frozen=True):
    """What the next shift has to know."""

    at: Annotated[datetime, Meta(description="All of it is of this moment.")]
    incidents: Annotated[list[SheetIncidentOut], Meta(description="By priority, of one priority the oldest first.")]
    units_out: Annotated[list[SheetUnit], Meta(description="Out of service, by call sign.")]
    closures: Annotated[list[SheetClosure], Meta(description="In force.")]
    call_backs: Annotated[list[SheetCallBack], Meta(description="The longest due first.")]


class SignatureOut(msgspec.Struct, frozen=True):
    """Who signed, and when."""

    person_id: UUID
    name: Annotated[str | None, Meta(description="As they are called now; null once erased.", examples=["示例·古丽"])]
    at: datetime


class HandoverRow(msgspec.Struct, frozen=True):
    """A sheet in the list."""

    id: UUID
    state: HandoverState
    leaving: SignatureOut
    coming: SignatureOut | None
    own_seat: Annotated[bool | None, Meta(description="The one who came signed logged in, not by password there.")]


class HandoverOut(msgspec.Struct, frozen=True):
    """A sheet as it was signed."""

    handover: HandoverRow
    sheet: SheetOut
    notes: Annotated[str, Meta(description="Empty: there were none, or they were erased.")]
    digest: Annotated[str, Meta(description="Of the content as it was signed; the journal holds the same.")]
    erased: Annotated[ErasedOut | None, Meta(description="Notes or a closure's reason were erased by law.")]


class HandoversOut(msgspec.Struct, frozen=True):
    """Sheets, the newest first; at most 100."""

    handovers: list[HandoverRow]


class HandoverIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sign as the one who leaves. What stands on the sheet the service itself takes from what is."""

    notes: Annotated[str, Meta(max_length=LONGEST_NOTES, description="Notes of the shift.")] = ""


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sign as the one who comes: with nothing as who is logged in, or with name and password at the other's seat."""

    name: Annotated[str, Meta(max_length=64)] | None = None
    password: Annotated[str, Meta(max_length=1_000)] | None = None


_ID: Final = "0198c0de-0000-7000-8000-000000000701"
SHEET_EXAMPLE: Final[dict[str, Any]] = {
    "at": "2026-11-22T12:00:00Z",
    "incidents": [
        {
            "incident": {
                "id": "0198c0de-0000-7000-8000-000000000201",
                "number": "2026-000123",
                "state": "dispatched",
                "priority": "P1",
                "complaint": "K03",
                "t0": "2026-11-22T11:48:00Z",
                "place_version": 1,
                "lat": 40.5475,
                "lon": 81.2807,
                "patients_open": 1,
                "runs": [
                    {
                        "unit_id": "0198c0de-0000-7000-8000-000000000101",
                        "call_sign": "阿-07",
                        "status": "en_route",
                        "assigned_at": "2026-11-22T11:50:00Z",
                    }
                ],
            },
            "words": "示例路12号2单元301",
        }
    ],
    "units_out": [
        {
            "id": "0198c0de-0000-7000-8000-000000000102",
            "call_sign": "阿-08",
            "organisation": "示例医院",
            "reason": "fuel",
            "since": "2026-11-22T11:55:00Z",
            "expected_end_at": "2026-11-22T12:10:00Z",
        }
    ],
    "closures": [],
    "call_backs": [],
}
ROW_EXAMPLE: Final[dict[str, Any]] = {
    "id": _ID,
    "state": "signed",
    "leaving": {
        "person_id": "0198c0de-0000-7000-8000-000000000801",
        "name": "示例·古丽",
        "at": "2026-11-22T12:00:00Z",
    },
    "coming": {
        "person_id": "0198c0de-0000-7000-8000-000000000802",
        "name": "示例·王",
        "at": "2026-11-22T12:03:00Z",
    },
    "own_seat": True,
}
HANDOVER_EXAMPLE: Final[dict[str, Any]] = {
    "handover": ROW_EXAMPLE,
    "sheet": SHEET_EXAMPLE,
    "notes": "G3012 K812 有雾",
    "digest": "9f3c…",
    "erased": None,
}
