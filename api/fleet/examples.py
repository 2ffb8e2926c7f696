"""Examples of the OpenAPI document for units on duty."""

from __future__ import annotations

from typing import Final

_AT: Final = "2026-11-22T09:30:00Z"
UNIT_ID: Final = "0198c0de-0000-7000-8000-000000000101"
PERSON_ID: Final = "0198c0de-0000-7000-8000-000000000301"
FLEET_ROW: Final[dict[str, object]] = {
    "id": UNIT_ID,
    "call_sign": "阿-07",
    "type": "als",
    "special": "",
    "organisation": "阿克苏地区120",
    "system": "civil",
    "station": {
        "id": "0198c0de-0000-7000-8000-000000000102",
        "code": "s-aksu-jiankang",
        "names": {"zh": "示例急救站", "en": "Example station", "ug": ""},
    },
    "status": "en_route",
    "since": _AT,
    "reason": None,
    "expected_end_at": None,
    "overdue": False,
    "version": 7,
    "crew": ["driver", "physician", "nurse"],
    "kit": ["als_drugs", "bls", "monitor_defibrillator", "ventilator"],
    "capabilities": "A",
    "available": False,
    "hindrances": [
        {
            "reason": "on_run",
            "code": "en_route",
            "until": None,
            "overdue": False,
            "words": {"zh": "执行任务中", "en": "on a run"},
        }
    ],
    "position": {
        "lat": 41.1712,
        "lon": 80.2618,
        "basis": "fix",
        "fix_at": _AT,
        "received_at": _AT,
        "age_s": 4.2,
        "stale": False,
        "words": None,
        "source": "auto",
        "speed_mps": 14.5,
        "heading_deg": 87.0,
    },
    "assignment": {
        "assignment_id": "0198c0de-0000-7000-8000-000000000401",
        "incident_id": "0198c0de-0000-7000-8000-000000000201",
        "incident_number": "2026-000123",
        "priority": "P1",
    },
}
STATUS_TOLD: Final = {
    "effect": "applied",
    "entry_id": "0198c0de-0000-7000-8000-000000000103",
    "at": _AT,
    "clock_offset_s": None,
    "refused": None,
    "unit": FLEET_ROW,
}
CREW_DUTY: Final = {
    "id": "0198c0de-0000-7000-8000-000000000302",
    "unit_id": UNIT_ID,
    "person_id": PERSON_ID,
    "person_name": "示例驾驶员",
    "skill": "driver",
    "seat": 1,
    "from_at": _AT,
    "until_at": None,
    "source": "crew",
    "recorded_at": _AT,
    "corrects": None,
    "voided_at": None,
}
TIMED_RUN: Final = {
    "id": "0198c0de-0000-7000-8000-000000000104",
    "unit_id": UNIT_ID,
    "kind": "standby",
    "state": "planned",
    "from_at": _AT,
    "until_at": "2026-11-22T13:30:00Z",
    "started_at": None,
    "ended_at": None,
    "place": "示例体育馆",
    "lat": 41.17,
    "lon": 80.26,
    "version": 1,
}
