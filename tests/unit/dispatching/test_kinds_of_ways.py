"""How ways that are worth less than a road to the place itself are ranked."""

from __future__ import annotations

from uuid import UUID

from factories.fleet import START

from dispatch.dispatching.rules_candidates import Candidate, Reached, Wanted
from dispatch.dispatching.rules_recommendation import recommend
from dispatch.dispatching.rules_sharing import OPEN, Party
from dispatch.dispatching.states_recommendation import Mark
from dispatch.incidents.states_incidents import Priority
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint
from geo.travel import Reason, Source, Travel

PARTY = Party("示例医院", "civil")


def unit(number: int) -> Candidate:
    return Candidate(
        id=UUID(int=number), call_sign=f"示例-{number:03}", party=PARTY, station_id=UUID(int=500),
        status=UnitStatus.AT_STATION, since=START, point=GeoPoint(lat=41.0, lon=80.0), basis="fix", fix_at=START,
        age_s=0.0, widen_s=0.0, stale=False, letters="B",
    )  # fmt: skip


def test_a_way_to_one_carriageway_only_stands_behind_other_roads_and_before_estimates() -> None:
    ways = {
        UUID(int=1): Reached(Travel(Source.ROAD, 60.0, 900.0, reasons=(Reason.ONE_SIDE,))),
        UUID(int=2): Reached(Travel(Source.ROAD, 600.0, 9_000.0)),
        UUID(int=3): Reached(Travel(Source.ESTIMATE, 30.0, 300.0)),
    }
    wanted = Wanted(UUID(int=9_000), Priority.P2, "B", PARTY, START, OPEN)
    made = recommend(wanted, [unit(number) for number in (1, 2, 3)], ways)
    assert [offer.unit_id.int for offer in made.considered] == [2, 1, 3]
    assert Mark.ONE_SIDE in made.considered[1].marks
    assert made.chosen == UUID(int=2)
    only = recommend(wanted, [unit(1), unit(3)], ways)
    assert only.chosen == UUID(int=1)
