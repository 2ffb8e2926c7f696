"""Plans for ECMO transfers between any two of the built-in region's hospitals, all modes, its whole fleet on duty."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, permutations
from typing import Any, Final
from uuid import UUID

import numpy as np

from api.regions.sizes import SizeClasses
from dispatch.dispatching.queries_sharing import UNSET
from dispatch.dispatching.service_look import FleetNow
from dispatch.dispatching.service_reach import Choosing
from dispatch.ecmo.rules_air import AIRPORTS, Weather
from dispatch.ecmo.service_plans import Asked, Compared, compare_plans
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_plans import ROADS, Phenomenon
from dispatch.hospitals.tables import Hospital
from dispatch.units.queries_fleet import DutyUnit
from dispatch.units.rules import VehicleSize
from dispatch.units.rules_availability import Availability, Basis, Reckoning
from dispatch.units.rules_capability import Abilities
from dispatch.units.rules_status import Standing
from dispatch.units.states import UnitType
from dispatch.units.states_duty import UnitStatus
from geo.demo import make_demo
from geo.engine import RoadEngine
from geo.network.assemble import assemble
from geo.points import GeoPoint
from geo.speeds import Profile
from tests.benchmarks.report import Row
from tests.benchmarks.scene import NOW, Scene
from tests.benchmarks.timing import Side, in_turns

ASKED: Final = 300
_SYSTEMS: Final = {"地方": "civil", "兵团": "corps"}


def rows(_scene: Scene) -> Iterator[Row]:
    """Figure of issue 7, line 3."""
    timed, pairs, plans = measure()
    seconds = np.array(timed.seconds)
    p50, p95 = (float(np.quantile(seconds, share)) * 1000.0 for share in (0.5, 0.95))
    what = f"ECMO plans compared, {ASKED} of {pairs} pairs of hospitals, all modes, {plans:.1f} plans each, p95"
    yield Row(what, f"{p50:.0f} / {p95:.0f} ms (p50 / p95)", ratio=p95, most=200.0, unit=" ms")


def measure() -> tuple[Any, int, float]:
    """The times of single comparisons; how many pairs there are; how many plans one has on average."""
    demo = make_demo()
    engine = RoadEngine(assemble(demo.raw, region="aksu", meta=demo.meta))
    engine.warm_up()
    sizes = SizeClasses(engine.network)
    # As the service does: vehicles that the network cannot tell apart share their weights.
    choosing = Choosing(
        profile_of=lambda one: Profile("emergency", *sizes.of((one.height_cm, one.width_cm, one.weight_kg)))
    )
    fleet = FleetNow(NOW, tuple(_units(demo)), {}, frozenset(), UNSET, {}, choosing)
    hospitals = [_hospital(number, row) for number, row in enumerate(demo.hospitals)]
    centre = next(one for one in hospitals if one.code == "h-aksu-1")
    good = Weather(NOW, 10_000, 3_000, 5, Phenomenon.NONE)
    weather = dict.fromkeys((ROADS, *AIRPORTS), good)
    pairs = list(permutations(hospitals, 2))
    drawn = random.Random(7).sample(pairs, ASKED)
    asked = [
        Asked(centre, start, goal, mode, on_circuit=False, fit_to_move=True, hospitals=hospitals, weather=weather)
        for (start, goal), mode in zip(drawn, cycle(Mode), strict=False)
    ]
    found: list[Compared] = []
    (timed,) = in_turns(Side(lambda one: found.append(compare_plans(engine, fleet, one)), asked))
    return timed, len(pairs), float(np.mean([len(one.plans) for one in found]))


def _hospital(number: int, row: dict[str, str]) -> Hospital:
    return Hospital(
        id=UUID(int=number + 1), region="aksu", code=row["id"], name_zh=row["name_zh"], name_en="", name_ug="",
        organisation=row["organisation"], system=_SYSTEMS[row["system"]],
        level={"三级": "3", "二级": "2", "一级": "1"}[row["level"]], capabilities=row["capabilities"].split(";"),
        beds=None, is_outside=False, lat=float(row["lat"]), lon=float(row["lon"]),
    )  # fmt: skip


def _units(demo: Any) -> Sequence[DutyUnit]:  # noqa: ANN401 - the region as it is drawn
    stations = {row["id"]: (UUID(int=number + 1), row) for number, row in enumerate(demo.stations)}
    made = []
    for number, row in enumerate(demo.units):
        station_id, station = stations[row["station"]]
        point = GeoPoint(float(station["lat"]), float(station["lon"]))
        letters = "BAE" if row["special"] == "ecmo" else "BA" if row["type"] == "抢救监护型" else "B"
        made.append(
            DutyUnit(
                id=UUID(int=10_000 + number), call_sign=row["call_sign"], type=UnitType.ALS, special=row["special"],
                organisation=row["organisation"], system=_SYSTEMS[row["system"]], station_id=station_id,
                station_code=row["station"], station_zh=station["name_zh"], station_en="", station_ug="",
                station_point=point,
                size=VehicleSize(int(row["height_cm"]), int(row["width_cm"]), int(row["weight_kg"]), "own"),
                standing=Standing(UnitStatus.AT_STATION, NOW), version=1, crew=(), kit=frozenset(),
                abilities=Abilities(letters, ()), availability=Availability(()), last_place=None,
                reckoning=Reckoning(point, Basis.STATION, 0.0, stale=False), at=NOW,
            )
        )  # fmt: skip
    return made


if __name__ == "__main__":
    for one in rows(None):  # type: ignore[arg-type]  # the built-in region is drawn here
        print(one.what, one.ours)
