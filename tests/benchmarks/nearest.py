"""The nearest units: search alone and with snapping, against networkx and scipy, with and without closures."""

from __future__ import annotations

from collections.abc import Iterator

from geo.overlay import Overlay
from geo.travel import Question
from tests.benchmarks.kernel import answer_of, asked, nearest_alone
from tests.benchmarks.peers import by_networkx, check_networkx, tuned
from tests.benchmarks.report import Row, milliseconds
from tests.benchmarks.scene import NOW, Scene
from tests.benchmarks.timing import Side, Timed, in_turns, once

K = 5
UNITS = 200
_OURS = 1000
_NETWORKX = 15
_TRIALS = 40


def rows(scene: Scene) -> Iterator[Row]:
    """Figures of issue 2, lines 1 to 3."""
    yield from _fleets(scene)
    yield from _closures(scene)


def _fleets(scene: Scene) -> Iterator[Row]:
    engine, free = scene.engine, scene.free
    weighted = engine.weighted(free)
    targets = asked(scene, weighted, free, scene.nodes(1, _OURS).tolist())
    trials = asked(scene, weighted, free, scene.nodes(2, _TRIALS).tolist())
    points = scene.points(3, len(targets))
    for units, clustered in ((UNITS, False), (UNITS, True), (10, False), (5, False)):
        fleet = scene.fleet(units, free, clustered=clustered)
        ids = [str(row) for row in range(units)]
        for one in targets[:_NETWORKX]:
            check_networkx(scene.reverse, fleet, K, one, answer_of(weighted, fleet, one, K))
        scipy = tuned(scene.matrix, fleet, K, trials)
        for one in targets[: 10 * _NETWORKX]:
            if scipy.ask(one) != answer_of(weighted, fleet, one, K):
                raise AssertionError(f"scipy answers otherwise at junction {one.node}")
        whole = Side(lambda point, f=fleet, i=ids: engine.nearest_of(i, f, point, K, free), points)
        sides = [Side(nearest_alone(weighted, fleet, K), targets), whole, Side(scipy.ask, targets)]
        if units == UNITS:
            alone, snapped, by_scipy, by_nx = in_turns(*sides, Side(by_networkx(scene.reverse), targets[:_NETWORKX]))
        else:
            alone, snapped, by_scipy = in_turns(*sides)
            by_nx = None
        bound = units == UNITS and not clustered
        name = f"{K} nearest of {units} units{', clustered' if clustered else ''}"
        if by_nx:
            yield _against(f"{name}: search alone ÷ networkx", alone, by_nx, 3000.0 if bound else None)
            yield _against(f"{name}: with snapping and answer ÷ networkx", snapped, by_nx, None)
        start = f"scipy, limit doubling from {scipy.start_ms / 1000:g} s"
        yield _against(f"{name}: search alone ÷ {start}", alone, by_scipy, 8.0 if bound else None)
        if bound:
            yield _against(f"{name}: with snapping and answer ÷ {start}", snapped, by_scipy, None)


def _against(what: str, ours: Timed, peer: Timed, least: float | None) -> Row:
    return Row(what, str(ours), str(peer), peer.median_s / ours.median_s, least=least)


def _closures(scene: Scene) -> Iterator[Row]:
    """The same question under 100 closures; and how long closures take to be laid over."""
    engine, free = scene.engine, scene.free
    closed = Question(closures_at=NOW)
    laid_s, first_s = [], []
    ids = [str(row) for row in range(UNITS)]
    points = scene.points(3, 500)
    for seed in range(5):
        overlay = scene.closed(seed)
        engine.overlay = overlay
        laid_s.append(once(lambda: engine.weighted(closed).towards))
        first_s.append(
            laid_s[-1] + once(lambda: engine.nearest_of(ids, scene.fleet(UNITS, closed), points[0], K, closed))
        )
    plain, over = engine.weighted(free), engine.weighted(closed)
    fleet, moved = scene.fleet(UNITS, free), scene.fleet(UNITS, closed)
    nodes = scene.nodes(1, _OURS).tolist()
    targets, targets_closed = asked(scene, plain, free, nodes), asked(scene, over, closed, nodes)
    reverse = scene.reverse_under(closed)
    for one in targets_closed[:_NETWORKX]:
        check_networkx(reverse, moved, K, one, answer_of(over, moved, one, K))
    before, after, whole, whole_after = in_turns(
        Side(nearest_alone(plain, fleet, K), targets),
        Side(nearest_alone(over, moved, K), targets_closed),
        Side(lambda point: engine.nearest_of(ids, fleet, point, K, free), points),
        Side(lambda point: engine.nearest_of(ids, moved, point, K, closed), points),
    )
    engine.overlay = Overlay()
    name = f"{K} nearest of {UNITS} units under 100 closures"
    yield _cost(f"{name}: search alone ÷ without closures", after, before)
    yield _cost(f"{name}: with snapping and answer ÷ without closures", whole_after, whole)
    laid, first = Timed(tuple(laid_s)), Timed(tuple(first_s))
    yield Row("laying 100 closures over (weights and graph made anew)", str(laid))
    yield Row("100 closures to the first answer (and 200 units put on the road anew)", milliseconds(first.median_s))


def _cost(what: str, ours: Timed, before: Timed) -> Row:
    return Row(what, str(ours), str(before), ours.median_s / before.median_s, most=1.3)
