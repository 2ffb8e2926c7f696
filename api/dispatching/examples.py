"""Examples of the OpenAPI document for choosing and sending."""

from __future__ import annotations

from typing import Any, Final

_AT: Final = "2026-11-22T09:30:00Z"
_THERE: Final = "2026-11-22T09:35:12Z"
_UNIT_ID: Final = "0198c0de-0000-7000-8000-000000000101"
_INCIDENT_ID: Final = "0198c0de-0000-7000-8000-000000000201"
_ID: Final = "0198c0de-0000-7000-8000-000000000401"
_RECOMMENDATION_ID: Final = "0198c0de-0000-7000-8000-000000000402"
_PERSON: Final = "person:0198c0de-0000-7000-8000-000000000301"
_ROADS: Final = {"region": "aksu", "schematic": True, "network_version": 1, "overlay_version": 3}
ASSIGNMENT_ROW: Final[dict[str, Any]] = {
    "id": _ID,
    "unit_id": _UNIT_ID,
    "call_sign": "阿-07",
    "organisation": "阿克苏地区120",
    "incident_id": _INCIDENT_ID,
    "incident_number": "2026-000123",
    "priority": "P1",
    "state": "active",
    "version": 1,
    "assigned_at": _AT,
    "acknowledged_at": None,
    "status": "assigned",
    "planned_s": 312.4,
    "promised_at": _THERE,
    "escalated_at": None,
    "recommendation_id": _RECOMMENDATION_ID,
    "recommended_rank": 1,
    "overridden": False,
    "override_reason": None,
    "clear_at": None,
    "destination": None,
    "ended_at": None,
    "end_reason": None,
    "undo_until": "2026-11-22T09:30:08Z",
}
ARRIVAL: Final[dict[str, Any]] = {
    "assignment_id": _ID,
    "unit_id": _UNIT_ID,
    "goal": "scene",
    "eta_s": 312.4,
    "low_s": 290.1,
    "high_s": 368.0,
    "at": _THERE,
    "source": "road",
    "distance_m": 2481.0,
    "age_s": 4.2,
    "stale": False,
    "computed_at": _AT,
}
ASSIGNMENTS: Final = {"assignments": [ASSIGNMENT_ROW], "arrivals": [ARRIVAL], "at": _AT}
ASSIGNMENT: Final = {
    "assignment": ASSIGNMENT_ROW,
    "arrival": ARRIVAL,
    "times": [
        {
            "point": "T3",
            "at": _AT,
            "entered_at": _AT,
            "source": "dispatcher",
            "actor": _PERSON,
            "actor_name": "示例调度员",
            "entry_id": "0198c0de-0000-7000-8000-000000000103",
            "of_status": True,
            "corrected": False,
        }
    ],
    "versions": [
        {
            "entry_id": "0198c0de-0000-7000-8000-000000000103",
            "point": None,
            "status": "assigned",
            "effect": "applied",
            "at": _AT,
            "device_at": None,
            "entered_at": _AT,
            "source": "dispatcher",
            "actor": _PERSON,
            "actor_name": "示例调度员",
            "corrects": None,
        }
    ],
}
TIME_TOLD: Final = {
    "time_id": "0198c0de-0000-7000-8000-000000000403",
    "point": "T4",
    "at": "2026-11-22T09:30:20Z",
    "assignment": ASSIGNMENT_ROW | {"acknowledged_at": "2026-11-22T09:30:20Z"},
}
_OFFER: Final[dict[str, Any]] = {
    "rank": 1,
    "unit_id": _UNIT_ID,
    "call_sign": "阿-07",
    "organisation": "阿克苏地区120",
    "status": "at_station",
    "status_version": 7,
    "eta_s": 312.4,
    "low_s": 290.1,
    "high_s": 368.0,
    "arrives_at": _THERE,
    "wait_s": 0.0,
    "mobilise_s": 90.0,
    "road_s": 222.4,
    "road_m": 2481.0,
    "source": "road",
    "can_go": True,
    "diverted_from": None,
    "letters": "B",
    "missing": [
        {
            "letter": "A",
            "part": "crew",
            "what": "physician",
            "count": 1,
            "words": {"zh": "医师", "en": "physician"},
        }
    ],
    "marks": [{"mark": "missing", "words": {"zh": "能力不足", "en": "something needed is missing"}}],
    "lat": 41.1712,
    "lon": 80.2618,
    "fix_at": None,
    "age_s": None,
}
RECOMMENDATION: Final = {
    "id": _RECOMMENDATION_ID,
    "incident_id": _INCIDENT_ID,
    "at": _AT,
    "chosen": _UNIT_ID,
    "offers": [_OFFER],
    "offered": 1,
    "not_offered": [
        {
            "unit_id": "0198c0de-0000-7000-8000-000000000106",
            "call_sign": "师-07",
            "organisation": "兵团第一师",
            "reasons": [{"reason": "no_driver", "words": {"zh": "无驾驶员", "en": "no driver on board"}}],
            "until": None,
        }
    ],
    "alone": [{"organisation": "阿克苏地区120", "offers": [_OFFER]}],
    "inputs": {
        "priority": "P1",
        "capabilities": "AB",
        "place_version": 1,
        "requester": "阿克苏地区120",
        "units": 2,
        "policy": "by_time_1",
        "sharing_version": 0,
        "network_version": "1",
        "overlay_version": 3,
        "warnings": [],
    },
}
PATH: Final = {
    "unit_id": _UNIT_ID,
    "goal": "scene",
    "lat": 41.1712,
    "lon": 80.2618,
    "eta_s": 222.4,
    "distance_m": 2481.0,
    "source": "road",
    "reasons": [],
    "geometry": {"type": "LineString", "coordinates": [[80.2618, 41.1712], [80.2701, 41.1653]]},
    "roads": _ROADS,
    "warnings": [],
}
QUEUE: Final = {
    "waiting": [
        {
            "incident_id": _INCIDENT_ID,
            "number": "2026-000123",
            "priority": "P2",
            "t0": _AT,
            "waits_s": 61.0,
            "returned_at": None,
            "capabilities": "B",
            "requester": "阿克苏地区120",
        }
    ],
    "at": "2026-11-22T09:31:01Z",
}
RULE: Final = {"lender": "兵团第一师", "borrower": "阿克苏地区120", "level": "p1_p2", "min_kept_per_station": 1}
POLICY: Final = {
    "version": 1,
    "rules": [RULE],
    "at": _AT,
    "actor": _PERSON,
    "figures": {
        "source": "proposed",
        "k": 3,
        "mobilise_station_s": 90.0,
        "mobilise_road_s": 15.0,
        "mobilise_running_s": 15.0,
        "turnaround_s": 1200.0,
        "clears_within_s": 1200.0,
        "arriving_s": 180.0,
        "undo_s": 8.0,
        "acknowledge_s": 60.0,
        "swap_gain_s": 120.0,
    },
}
