"""Transfers of a period, read at once: for the registry and for figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from api.ecmo.assessing import newest
from dispatch.ecmo.queries_adverse import list_adverse
from dispatch.ecmo.queries_after import list_between, list_outcomes, steps_of
from dispatch.ecmo.queries_case import list_values
from dispatch.ecmo.queries_requests import list_hospitals_named
from dispatch.ecmo.rules_after import marks_of, measured
from dispatch.ecmo.rules_registry import Transfer
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_adverse import code_of
from dispatch.ecmo.states_after import EcmoMark
from dispatch.ecmo.states_missions import MissionState
from dispatch.ecmo.tables_case import EcmoValue
from dispatch.ecmo.tables_requests import EcmoRequest
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.db import Session


async def transfers_of(
    session: Session, region: str, begins: datetime, until: datetime, seen: frozenset[str] | None
) -> list[Transfer]:
    """Requests put before a centre in [begins, until) and what came of each. seen: of whose hospitals; None: of all."""
    pairs = await list_between(session, region, begins, until)
    ids = {row.hospital_id for row, _ in pairs if row.hospital_id is not None}
    ids |= {one.centre_id for _, one in pairs if one is not None}
    hospitals = await list_hospitals_named(session, ids)
    missions = [one.id for _, one in pairs if one is not None]
    steps, outcomes = await steps_of(session, missions), await list_outcomes(session, missions)
    adverse: defaultdict[UUID, list[str]] = defaultdict(list)
    for event in await list_adverse(session, missions):
        adverse[event.mission_id].append(code_of(event.category, event.severity, event.item))
    values: defaultdict[UUID, list[EcmoValue]] = defaultdict(list)
    for value in await list_values(session, [row.id for row, _ in pairs]):
        values[value.request_id].append(value)
    told: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for outcome in outcomes:
        told[outcome.mission_id][outcome.moment] = outcome.outcome
    found = []
    for row, mission in pairs:
        if row.mode is None or row.asked_at is None:
            continue
        centre = None if mission is None else hospitals.get(mission.centre_id)
        if seen is not None and seen.isdisjoint(_sides(row, centre, hospitals)):
            continue
        own = [] if mission is None else [(MissionState(one.state), one.at) for one in steps.get(mission.id, ())]
        marks = marks_of(row.asked_at, row.decided_at, own)
        flow = marks.get(EcmoMark.FLOW)
        before = [one for one in values[row.id] if flow is None or one.at <= flow]
        became = {} if mission is None else dict(told[mission.id])
        if mission is not None and mission.state == MissionState.DIED:
            became = {"h24": "died", "discharge": "died"} | became
        found.append(
            Transfer(
                row.number or "", row.asked_at, row.mode, row.indication, row.state,
                "" if mission is None else mission.state, row.sex, row.age_years, row.weight_kg,
                {item: one.value for item, one in newest(before).items()}, list(row.support),
                None if mission is None else mission.plan_kind, None if mission is None else mission.is_primary,
                _name(row, hospitals), "" if centre is None else centre.name_zh, marks,
                measured(marks, Mode(row.mode)), () if mission is None else adverse[mission.id], became,
            )
        )  # fmt: skip
    return found


def _sides(row: EcmoRequest, centre: Hospital | None, hospitals: Mapping[UUID, Hospital]) -> Sequence[str]:
    place = None if row.hospital_id is None else hospitals.get(row.hospital_id)
    return [row.organisation, *(one.organisation for one in (centre, place) if one is not None)]


def _name(row: EcmoRequest, hospitals: Mapping[UUID, Hospital]) -> str:
    place = None if row.hospital_id is None else hospitals.get(row.hospital_id)
    return row.organisation if place is None else place.name_zh
