"""One journey, asked in every way the engine knows; the answers must agree."""

from __future__ import annotations

from geo.engine import RoadEngine
from geo.points import GeoPoint
from geo.travel import Origin, Question, Source, Travel


def ask(engine: RoadEngine, origin: GeoPoint, target: GeoPoint, question: Question | None = None) -> Travel:
    """The route's `Travel`, after comparing it with `nearest` and `matrix`."""
    question = question or Question()
    travel = engine.route(origin, target, question).travel
    time_ms = int(engine.matrix([origin], [target], question).time_ms[0, 0])
    (ranked,) = engine.nearest(target, [Origin("unit", origin)], 1, question).ranked
    if travel.source is Source.UNREACHABLE:
        assert time_ms == -1
        assert ranked.travel.source is Source.ESTIMATE
        return travel
    assert travel.eta_s is not None
    assert time_ms == round(travel.eta_s * 1000)
    assert ranked.travel.source is Source.ROAD
    assert ranked.travel.eta_s == travel.eta_s
    assert ranked.travel.reasons == travel.reasons
    return travel


def eta_ms(engine: RoadEngine, origin: GeoPoint, target: GeoPoint, question: Question | None = None) -> int | None:
    """Whole milliseconds by road, None = unreachable."""
    travel = ask(engine, origin, target, question)
    return None if travel.eta_s is None else round(travel.eta_s * 1000)
