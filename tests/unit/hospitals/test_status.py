"""What a hospital may say of its services, and what follows from what all have said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.hospitals.rules_status import (
    FIGURES,
    Beds,
    Limit,
    LimitFigures,
    Services,
    check_limit,
    checked_span,
    in_force,
    moved,
    read_limits,
    repeated,
    service_of,
    services_now,
)
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import DIRECTION, BedKind, BedMove, LimitKind, LimitReason, ServiceState
from dispatch.kernel.errors import Conflict, Invalid

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
STROKE, ICU = HospitalCapability.STROKE, HospitalCapability.ICU
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def limit(
    hospital: UUID, kind: LimitKind = LimitKind.DIVERTED, *, service: HospitalCapability = STROKE, hours: float = 2.0
) -> Limit:
    return Limit(UUID(int=9), hospital, service, kind, LimitReason.CROWDED, NOW, NOW + timedelta(hours=hours))


def offers(*hospitals: UUID) -> list[Services]:
    return [Services(one, frozenset({STROKE, ICU})) for one in hospitals]


def states(limits: list[Limit], at: datetime = NOW) -> list[ServiceState]:
    found = services_now(offers(A, B, C), limits, at)
    return [one.state for key in (A, B, C) if (one := service_of(found, key, STROKE)) is not None]


OPEN, DIVERTED, CLOSED = ServiceState.OPEN, ServiceState.DIVERTED, ServiceState.CLOSED


def test_a_diversion_holds_for_its_hospital_and_service_and_lapses_by_itself() -> None:
    assert states([limit(A)]) == [DIVERTED, OPEN, OPEN]
    assert states([limit(A, service=ICU)]) == [OPEN, OPEN, OPEN]
    assert states([limit(A)], NOW + timedelta(hours=2)) == [OPEN, OPEN, OPEN]
    assert states([limit(A)], NOW - timedelta(seconds=1)) == [OPEN, OPEN, OPEN]


def test_where_all_divert_none_does_and_it_is_told() -> None:
    assert states([limit(A), limit(B)]) == [DIVERTED, DIVERTED, OPEN]
    assert states([limit(A), limit(B), limit(C)]) == [OPEN, OPEN, OPEN]
    found = services_now(offers(A), [limit(A)], NOW)
    one = service_of(found, A, STROKE)
    assert one is not None
    assert (one.state, one.overruled, one.limit) == (OPEN, True, limit(A))


def test_a_closed_service_stays_closed_when_the_others_divert() -> None:
    assert states([limit(A, LimitKind.CLOSED), limit(B), limit(C)]) == [CLOSED, OPEN, OPEN]
    assert states([limit(key, LimitKind.CLOSED) for key in (A, B, C)]) == [CLOSED, CLOSED, CLOSED]


@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from(LimitKind)), max_size=3, unique_by=lambda x: x[0])
)
def test_there_is_always_somewhere_to_go_unless_all_are_closed(said: list[tuple[UUID, LimitKind]]) -> None:
    found = states([limit(*one) for one in said])
    all_closed = [kind for _, kind in said].count(LimitKind.CLOSED) == 3
    assert (OPEN in found) is not all_closed


def test_a_diversion_takes_two_hours_or_at_most_four_and_a_closed_service_needs_an_end() -> None:
    assert checked_span(LimitKind.DIVERTED, None, NOW) == (NOW, NOW + timedelta(hours=2))
    most = NOW + timedelta(hours=4)
    assert checked_span(LimitKind.DIVERTED, most, NOW) == (NOW, most)
    for kind, until, code in (
        (LimitKind.DIVERTED, most + timedelta(seconds=1), "limit.too_long"),
        (LimitKind.DIVERTED, NOW, "limit.until"),
        (LimitKind.CLOSED, None, "limit.until"),
        (LimitKind.CLOSED, NOW + timedelta(days=31), "limit.too_long"),
    ):
        with pytest.raises(Invalid) as refused:
            checked_span(kind, until, NOW)
        assert refused.value.code == code


def test_one_limit_holds_of_a_service_that_is_offered() -> None:
    check_limit(STROKE, {STROKE, ICU}, [limit(A, service=ICU)])
    with pytest.raises(Conflict, match="holds already"):
        check_limit(STROKE, {STROKE}, [limit(A)])
    with pytest.raises(Invalid, match="does not offer"):
        check_limit(STROKE, {ICU}, [])


def test_what_is_diverted_again_and_again_is_named() -> None:
    often = [limit(A)] * FIGURES.repeated_times
    assert [(one.hospital_id, one.times) for one in repeated([*often, limit(B)], NOW)] == [(A, 3)]
    assert repeated([limit(A, LimitKind.CLOSED)] * 3, NOW) == []
    assert repeated(often, NOW + timedelta(days=8)) == []


MOVES = st.tuples(st.sampled_from([move for move in BedMove if move is not BedMove.COUNTED]), st.integers(1, 4))


@given(st.lists(MOVES, max_size=30), st.integers(0, 12))
def test_never_fewer_than_none_nor_more_than_all_are_free(moves: list[tuple[BedMove, int]], free: int) -> None:
    beds = moved(None, BedMove.COUNTED, free, total=12, kind=BedKind.ICU)
    for move, number in moves:
        before = beds
        try:
            beds = moved(beds, move, number, total=None, kind=BedKind.ICU)
        except Conflict:
            assert beds is before
            assert before.free + DIRECTION[move] * number not in range(13)
        assert 0 <= beds.free <= beds.total == 12


def test_beds_are_counted_before_they_move() -> None:
    with pytest.raises(Conflict) as refused:
        moved(None, BedMove.HELD, 1, total=None, kind=BedKind.ICU)
    assert refused.value.code == "beds.unknown"
    assert moved(Beds(5, 2), BedMove.COUNTED, 4, total=None, kind=BedKind.ICU) == Beds(5, 4)
    for number, total, code in ((6, 5, "beds.number"), (-1, 5, "beds.number"), (1, None, "beds.total")):
        with pytest.raises(Invalid) as wrong:
            moved(None, BedMove.COUNTED, number, total=total, kind=BedKind.ICU)
        assert wrong.value.code == code


def test_own_figures_of_limits_count() -> None:
    own = read_limits("[limits]\ndiversion_s = 600\nrepeated_times = 2")
    assert checked_span(LimitKind.DIVERTED, None, NOW, own) == (NOW, NOW + timedelta(seconds=600))
    assert len(repeated([limit(A)] * 2, NOW, own)) == 1
    assert in_force({LimitFigures: own}) is own
    assert in_force({}) is FIGURES


@pytest.mark.parametrize(
    "text",
    ["[limits]\ndiversion_s = 20000", "[limits]\nrepeated_times = 1.5", "[limit]\ndiversion_s = 1", "limits = 1"],
)
def test_own_figures_of_limits_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_limits(text)
    assert caught.value.code == "figures.invalid"
