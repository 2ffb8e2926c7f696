"""Fleets to choose from, drawn or by hand, without a database."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from factories.fleet import START
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch.dispatching.rules_candidates import Candidate, Reached, Running, Wanted
from dispatch.dispatching.rules_sharing import OPEN, Party, SharingPolicy
from dispatch.incidents.states_incidents import Priority
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint
from geo.travel import Source, Travel

S = UnitStatus
Drawn = list[tuple[Party, float | None, tuple[str, ...], bool, bool]]
CIVIL, CORPS = Party("示例医院", "civil"), Party("示例兵团医院", "corps")
INCIDENT: Final = UUID(int=9_000)


def wanted(priority: Priority = Priority.P2, sharing: SharingPolicy = OPEN, requester: Party = CIVIL) -> Wanted:
    return Wanted(INCIDENT, priority, "B", requester, START, sharing)


def unit(number: int, party: Party = CIVIL, **told: object) -> Candidate:
    plain = Candidate(
        id=UUID(int=number), call_sign=f"示例-{number:03}", party=party, station_id=UUID(int=500),
        status=S.AT_STATION, since=START, point=GeoPoint(lat=41.0, lon=80.0), basis="fix", fix_at=START, age_s=0.0,
        widen_s=0.0, stale=False, letters="B",
    )  # fmt: skip
    return replace(plain, **told)  # type: ignore[arg-type]  # tests name the fields


def road(eta_s: float) -> Reached:
    return Reached(Travel(Source.ROAD, eta_s, eta_s * 15))


def running(number: int, arrives_s: float | None, priority: Priority = Priority.P3, **told: object) -> Candidate:
    run = Running(UUID(int=1), UUID(int=2), priority, arrives_s, bool(told.pop("on_board", False)))
    return unit(number, **{"status": S.EN_ROUTE, "hindrances": ("on_run",), "run": run, **told})  # type: ignore[arg-type]  # tests name the fields


ETA = st.integers(0, 7_200).map(float)
FLEETS = st.lists(
    st.tuples(
        st.sampled_from([CIVIL, CORPS]),
        ETA | st.none(),
        st.sampled_from([(), ("no_status", "no_crew"), ("no_crew",), ("on_run",), ("out_of_service",)]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def built(fleet: Drawn) -> tuple[list[Candidate], dict[UUID, Reached]]:
    units: list[Candidate] = []
    reached: dict[UUID, Reached] = {}
    for number, (party, eta_s, hindrances, lacks, estimate) in enumerate(fleet, 1):
        missing = ("B:crew:nurse",) if lacks else ()
        one = unit(number, party, hindrances=hindrances, missing=missing)
        if "on_run" in hindrances:
            one = running(number, eta_s, party=party, missing=missing)
        units.append(one)
        if eta_s is not None:
            source = Source.ESTIMATE if estimate else Source.ROAD
            reached[one.id] = Reached(Travel(source, eta_s, eta_s * 10))
    return units, reached
