"""Which open incidents a new call may be about."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_duplicates import Hint, HintReason, Known, Limits, Telling, hints
from dispatch.incidents.states_incidents import CARDS
from geo.points import GeoPoint

HERE = GeoPoint(40.5475, 81.2807)
R = HintReason


def north(metres: float) -> GeoPoint:
    return GeoPoint(HERE.lat + metres / 111_195.0, HERE.lon)


def known(count: int = 1, *, metres: float = 0.0, minutes: float = 5.0, card: str = "K10", digest: str = "") -> Known:
    return Known(
        UUID(int=count),
        f"2026-{count:06d}",
        START - timedelta(minutes=minutes),
        north(metres),
        card,
        frozenset({digest} - {""}),
    )


def ask(*incidents: Known, card: str = "K10", digest: str = "", point: GeoPoint | None = HERE) -> tuple[Hint, ...]:
    return hints(Telling(START, point, complaint=card, number_digest=digest), incidents)


def test_the_same_crash_told_again() -> None:
    (hint,) = ask(known(metres=30))
    assert hint.reasons == (R.SAME_PLACE, R.SAME_KIND, R.RECENT)
    assert hint.score > 0.9
    assert hint.distance_m is not None
    assert 29 < hint.distance_m < 31
    assert hint.age_s == 300


def test_nearer_newer_and_more_alike_comes_first() -> None:
    order = [
        known(1, metres=20, minutes=3),
        known(2, metres=20, minutes=3, card="K13"),
        known(3, metres=400, minutes=25),
    ]
    assert [hint.number[-1] for hint in ask(*reversed(order))] == ["1", "2", "3"]


def test_far_old_or_of_another_kind_is_not_proposed() -> None:
    assert ask(known(metres=600, card="K24"), card="K03") == ()
    assert ask(known(minutes=61)) == ()
    assert ask(known(metres=450, minutes=50, card="K24"), card="K03") == ()
    assert ask(known(), point=None) == ()


def test_on_the_road_callers_misjudge_more() -> None:
    assert ask(known(metres=900, minutes=2, card="K10"), card="K10") != ()
    assert ask(known(metres=900, minutes=2, card="K03"), card="K03") == ()


def test_the_same_number_counts_without_a_place_and_late() -> None:
    (hint,) = ask(known(minutes=90, card="K24", digest="d1"), point=None, card="K03", digest="d1")
    assert R.SAME_NUMBER in hint.reasons
    assert (hint.distance_m, hint.score >= 0.7) == (None, True)


def test_at_most_five() -> None:
    assert len(ask(*(known(count) for count in range(1, 20)))) == Limits().most


PLACED = st.builds(
    known,
    st.integers(1, 10_000),
    metres=st.floats(-5_000, 5_000),
    minutes=st.floats(0, 120),
    card=st.sampled_from([*CARDS, ""]),
    digest=st.sampled_from(["", "d1", "d2"]),
)


@given(st.lists(PLACED, max_size=12, unique_by=lambda one: one.number), st.sampled_from([*CARDS, ""]))
def test_scores_are_shares_in_order_and_do_not_depend_on_it(incidents: list[Known], card: str) -> None:
    found = ask(*incidents, card=card, digest="d1")
    assert ask(*reversed(incidents), card=card, digest="d1") == found
    scores = [hint.score for hint in found]
    assert scores == sorted(scores, reverse=True)
    assert all(Limits().least_score <= score <= 1.0 for score in scores)
    assert all(hint.reasons for hint in found)


@given(PLACED, st.floats(0, 2_000))
def test_nearer_is_never_worse(incident: Known, nearer_by: float) -> None:
    def score(one: Known) -> float:
        return next((hint.score for hint in ask(one, card="K10")), 0.0)

    assert incident.point is not None
    metres = incident.point.distance_m(HERE)
    moved = Known(
        incident.incident_id,
        incident.number,
        incident.last_call_at,
        north(max(0.0, metres - nearer_by)),
        incident.complaint,
        incident.number_digests,
    )
    assert score(moved) >= score(incident) - 0.0011
