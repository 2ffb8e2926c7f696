"""A closure over the place itself: the rest to the nearest open road is walked, and never left out."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from factories.ascii_map import Drawing, road

from geo.engine import RoadEngine
from geo.network.attributes import RoadClass
from geo.overlay import Closure, Overlay
from geo.travel import Origin, Question, Reason, Source

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_the_rest_to_an_open_road_is_walked() -> None:
    main, lane = road(RoadClass.PRIMARY), road(RoadClass.RESIDENTIAL)
    map_ = Drawing("A----B----C----D----E", {"AB": main, "BCD": lane, "DE": main}, cell_m=100.0)
    engine = RoadEngine(map_.network())
    unit, place = map_.at(11, 0), map_.at(12, 0)
    free = engine.nearest(place, [Origin("unit", unit)], 1, Question(closures_at=NOW)).ranked[0].travel
    engine.overlay = Overlay(1, (Closure(uuid4(), NOW, centre=map_.at(11, 0), radius_m=150.0),))
    shut = engine.nearest(place, [Origin("unit", unit)], 1, Question(closures_at=NOW)).ranked[0].travel
    assert (free.source, shut.source) == (Source.ROAD, Source.ROAD)
    assert free.eta_s is not None
    assert shut.eta_s is not None
    assert Reason.NEAREST_ROAD_CLOSED in shut.reasons
    walked_m = shut.off_road_origin_m + shut.off_road_target_m
    assert 690.0 < walked_m < 710.0, "both walk to D"
    assert shut.eta_s >= walked_m / engine.limits.walking_speed_mps - 0.01 > free.eta_s
