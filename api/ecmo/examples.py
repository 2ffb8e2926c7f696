"""Examples of what is told of a case, for the document."""

from __future__ import annotations

from typing import Any, Final

from api.ecmo.schemas_assessment import ASSESSMENT
from api.ecmo.schemas_requests import CENTRE_ID, OFFER_ID, REQUEST_ID

HOSPITAL: Final[dict[str, Any]] = {
    "id": CENTRE_ID,
    "name_zh": "示例医院",
    "name_en": "Example Hospital",
    "name_ug": "",
    "organisation": "示例医院",
    "is_outside": False,
}
ROW: Final[dict[str, Any]] = {
    "id": REQUEST_ID,
    "number": "E-261127-03",
    "state": "asked",
    "version": 4,
    "origin": "hospital",
    "organisation": "示例县医院",
    "hospital": HOSPITAL,
    "incident_id": None,
    "mode": "vv",
    "sex": "male",
    "age_years": 46,
    "indication": "viral_pneumonia",
    "created_at": "2026-11-27T10:52:00Z",
    "asked_at": "2026-11-27T10:54:00Z",
    "decided_at": None,
    "ended_at": None,
    "remind_at": "2026-11-27T11:14:00Z",
    "target_at": "2026-11-27T11:24:00Z",
    "rings_me": False,
    "nobody_answers": False,
    "mission_id": None,
    "mission_state": None,
    "mission_incident_id": None,
    "open_gate": None,
    "outcome_awaited": None,
    "outcome_due_at": None,
}
MESSAGE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000e05",
    "kind": "question",
    "side": "centre",
    "organisation": "示例医院",
    "author_name": "示例医师",
    "mine": True,
    "at": "2026-11-27T10:57:00Z",
    "entered_at": "2026-11-27T10:57:00Z",
    "words": "示例:请补 PIP 与肝功",
    "reads": [{"name": "示例医师", "organisation": "示例县医院", "at": "2026-11-27T10:57:20Z"}],
}
FILE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-000000000e06",
    "kind": "echo",
    "form": None,
    "at": "2026-11-27T10:57:00Z",
    "author_name": "示例医师",
    "total": 4_284_112,
    "received": 262_144,
    "whole": False,
    "erased": False,
}
CASE: Final[dict[str, Any]] = {
    "request": ROW,
    "whole": False,
    "may": {"side": "centre", "change": False, "assess": [CENTRE_ID], "bind": False},
    "patient": {
        "name": "刘**",
        "id_number": "652****34",
        "sex": "male",
        "age_years": 46,
        "pregnant": None,
        "weight_kg": 73.0,
        "height_cm": 172.0,
    },
    "patient_id": None,
    "unit_ids": [],
    "ward": "icu",
    "lat": None,
    "lon": None,
    "contact": "示例医师",
    "contact_phone": "13800000000",
    "indication_words": "示例:甲流病毒性肺炎",
    "support": ["ventilated", "prone"],
    "at_once": False,
    "saved_at": "2026-11-27T10:54:00Z",
    "created_by_name": "示例医师",
    "asked_by_name": "示例医师",
    "ended_by_name": None,
    "withdrawal": None,
    "withdrawal_words": "",
    "joined_into": None,
    "joined": [],
    "alike": [],
    "offers": [
        {
            "id": OFFER_ID,
            "hospital": HOSPITAL,
            "place": 1,
            "state": "asked",
            "version": 2,
            "asked_at": "2026-11-27T10:54:00Z",
            "escalates_at": "2026-11-27T10:56:00Z",
            "due_at": "2026-11-27T11:04:00Z",
            "seen_at": None,
            "seen_by_name": None,
            "decided_at": None,
            "decided_by_name": None,
            "cannulation_at": None,
            "bound_at": None,
            "bound_by_name": None,
            "called": [],
            "decisions": [],
        }
    ],
    "values": [
        {
            "item": "ph",
            "value": 7.19,
            "at": "2026-11-27T10:47:00Z",
            "entered_at": "2026-11-27T10:53:00Z",
            "author_name": "示例医师",
        }
    ],
    "messages": [MESSAGE],
    "files": [],
    "assessment": ASSESSMENT,
}
