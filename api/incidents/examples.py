"""Whole answers and bodies for the OpenAPI document."""

from __future__ import annotations

from typing import Final

from api.calls.board import CALL_ID, CALL_ROW_EXAMPLE, INCIDENT_ID
from api.incidents.board import INCIDENT_ROW_EXAMPLE
from api.patients.schemas import PATIENT_ROW_EXAMPLE

PLACE_EXAMPLE: Final = {
    "lat": 40.5492,
    "lon": 81.2853,
    "datum": "gcj02",
    "words": "示例路12号2单元301",
    "source": "map",
}
INCIDENT_IN_EXAMPLE: Final = {
    "priority": "P1",
    "complaint": "K03",
    "capabilities": "BA",
    "place": PLACE_EXAMPLE,
    "call_id": CALL_ID,
}
INCIDENTS_EXAMPLE: Final = {"incidents": [INCIDENT_ROW_EXAMPLE], "more": False}
NOTE_EXAMPLE: Final = {
    "id": "0198c0de-0000-7000-8000-000000000401",
    "incident_id": INCIDENT_ID,
    "version": 1,
    "text": "三楼，无电梯",
    "at": "2026-11-22T04:01:10Z",
    "entered_at": "2026-11-22T04:01:10Z",
    "source": "manual",
    "author": "person:0198c0de-0000-7000-8000-000000000501",
    "author_name": "示例调度员",
}
INCIDENT_EXAMPLE: Final = {
    "incident": INCIDENT_ROW_EXAMPLE,
    "whole": False,
    "without_call": False,
    "opened_at": "2026-11-22T04:00:30Z",
    "entered_at": "2026-11-22T04:00:30Z",
    "source": "manual",
    "duplicate_of": None,
    "places": [],
    "calls": [{"call": CALL_ROW_EXAMPLE, "caller": "王**", "kind": "first", "linked_at": "2026-11-22T04:00:30Z"}],
    "notes": [NOTE_EXAMPLE],
    "priorities": [],
    "patients": [PATIENT_ROW_EXAMPLE],
    "assignments": [],
    "erasures": [],
}
HINTS_EXAMPLE: Final = {
    "hints": [
        {
            "incident_id": INCIDENT_ID,
            "number": "2026-000123",
            "score": 0.91,
            "reasons": ["same_place", "same_kind", "recent"],
            "distance_m": 38.2,
            "age_s": 95,
        }
    ]
}
RECORD_EXAMPLE: Final = {
    "incident_id": INCIDENT_ID,
    "number": "2026-000123",
    "lines": [
        {
            "seq": 480112,
            "type": "incident.note_written",
            "at": "2026-11-22T03:55:00Z",
            "recorded_at": "2026-11-22T04:01:10.204Z",
            "late_source": "voice",
            "subject": INCIDENT_ID,
            "organisation": "aksu-prefecture",
            "actor": "person:0198c0de-0000-7000-8000-000000000501",
            "actor_name": "示例调度员",
            "payload": {
                "incident_id": INCIDENT_ID,
                "note_id": "0198c0de-0000-7000-8000-000000000401",
                "version": 1,
                "digest": "k1:5f3c…",
            },
            "corrects": None,
            "corrected_by": 480139,
            "hash": "a41f07c2d8e9b3410d771a77c8f3b6102e419ac5d2f48893ab607f1fe0b9c83d",
        }
    ],
}
