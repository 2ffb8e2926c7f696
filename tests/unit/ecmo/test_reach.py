from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_low_flow import TO_CANNULATOR, TO_PATIENT, Span, low_flow
from dispatch.ecmo.rules_oxygen import Cylinder, Demand, cylinders_needed, judge_oxygen, required_l
from dispatch.ecmo.rules_power import Battery, judge_power
from dispatch.ecmo.states import Go, LowFlow, Reading
from dispatch.kernel.errors import Invalid

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WORKED = Demand(sweep=5, minute_volume=8, bias=2, fio2=0.6)


def full(label: str, bar: float = 150, *, minutes_ago: float = 1, is_open: bool = True) -> Cylinder:
    return Cylinder(label, 10, bar, NOW - timedelta(minutes=minutes_ago), is_open)


def test_the_worked_example_takes_three_cylinders() -> None:
    assert WORKED.flow == pytest.approx(9.94, abs=0.005)
    litres = required_l(WORKED.flow, 150)
    assert litres == pytest.approx(2_981, abs=0.5)
    assert full("A").usable_l(NOW) == pytest.approx(1_235)
    assert cylinders_needed(litres, 10, 150) == 3


def test_go_holds_with_the_largest_cylinder_lost_and_at_the_worse_flow() -> None:
    """15 L/min at FiO2 1.0: 60 min with reserve are 1,800 L; two cylinders hold 2,470 L, but without one 1,235 L."""
    two = judge_oxygen([full("A"), full("B")], WORKED, 60, NOW)
    assert two.worst_flow == 15
    assert [two.required_l, two.usable_l, two.counted_l] == pytest.approx([1_800, 2_470, 1_235])
    assert two.go is Go.NO_GO
    assert two.lasts_worst_min == pytest.approx(164.7, abs=0.05)
    assert judge_oxygen([full("A"), full("B"), full("C")], WORKED, 60, NOW).go is Go.GO


def test_unread_and_closed_count_nothing_and_a_stale_one_counts_as_drawn_upon() -> None:
    told = judge_oxygen(
        [Cylinder("A", 10), full("B", is_open=False), full("C", minutes_ago=16), full("D", minutes_ago=15)],
        WORKED, 60, NOW,
    )  # fmt: skip
    assert told.readings == (Reading.UNREAD, Reading.CLOSED, Reading.STALE, Reading.FRESH)
    assert told.usable_l == pytest.approx(1_235 - 16 * 15 + 1_235)


def test_what_devices_tell_counts_before_what_was_read_and_what_cannot_be_does_not() -> None:
    told = WORKED.measured({"ecmo_sweep": 3.0, "minute_volume": 6.0, "fio2": 100.0, "ecmo_flow": 4.2})
    assert (told.sweep, told.minute_volume, told.fio2, told.bias, told.sweep_fio2) == (3, 6, 1, 2, 1)
    assert told.by_stream == {"sweep", "minute_volume", "fio2"}
    assert told.flow == 11
    # Half air through the membrane is drawn less of now, and never at the worst.
    mixed = WORKED.measured({"ecmo_fdo2": 60.5})
    assert (mixed.sweep_fio2, mixed.worst_flow) == (0.605, WORKED.worst_flow)
    assert mixed.flow == pytest.approx(WORKED.flow - 2.5)
    for signal, value in (("ecmo_sweep", -1.0), ("ecmo_sweep", 101.0), ("fio2", 0.6), ("minute_volume", math.nan)):
        assert WORKED.measured({signal: value}) == WORKED


def test_a_warning_comes_long_before_the_need() -> None:
    assert judge_oxygen([full("A"), full("B")], WORKED, 110, NOW).warns
    assert not judge_oxygen([full("A"), full("B")], WORKED, 100, NOW).warns


def test_nobody_breathes_and_nothing_is_there() -> None:
    still = Demand(sweep=0, minute_volume=0, bias=0, fio2=0.21)
    told = judge_oxygen([], still, 60, NOW)
    assert (told.go, told.lasts_min, told.usable_l) == (Go.GO, math.inf, 0)
    assert judge_oxygen([], WORKED, 60, NOW).go is Go.NO_GO


cylinders = st.builds(
    full,
    st.just("X"),
    st.floats(0, 200),
    minutes_ago=st.floats(0, 60),
    is_open=st.booleans(),
)
demands = st.builds(
    Demand,
    sweep=st.floats(0, 15),
    minute_volume=st.floats(0, 20),
    bias=st.floats(0, 5),
    fio2=st.floats(0.21, 1),
    sweep_fio2=st.floats(0.21, 1),
)


@given(st.lists(cylinders, max_size=6), cylinders, demands, st.floats(0, 600), st.floats(0, 100))
def test_more_oxygen_never_turns_go_into_no_go(
    aboard: list[Cylinder], more: Cylinder, demand: Demand, minutes: float, bar: float
) -> None:
    before = judge_oxygen(aboard, demand, minutes, NOW)
    with_one_more = judge_oxygen([*aboard, more], demand, minutes, NOW)
    assert with_one_more.usable_l >= before.usable_l - 1e-9
    fuller = [
        Cylinder(one.label, one.water_l, min(350, (one.bar or 0) + bar), one.read_at, one.is_open) for one in aboard
    ]
    if before.go is Go.GO:
        assert with_one_more.go is Go.GO
        assert judge_oxygen(fuller, demand, minutes, NOW).go is Go.GO
    assert before.worst_flow >= before.flow


@pytest.mark.parametrize(
    "make",
    [
        lambda: Cylinder("A", 0),
        lambda: Cylinder("A", 10, 400, NOW),
        lambda: Cylinder("A", 10, 150),
        lambda: Cylinder("A", 10, float("nan"), NOW),
        lambda: Demand(sweep=-1, minute_volume=8, bias=2, fio2=0.6),
        lambda: Demand(sweep=5, minute_volume=8, bias=2, fio2=60),
        lambda: Demand(sweep=float("nan"), minute_volume=8, bias=2, fio2=0.6),
        lambda: cylinders_needed(100, 10, 20),
        lambda: Battery("B", 400, 1.2, 180, 10, changeover=True),
        lambda: Span(5, 4),
        lambda: Span(-1, 4),
        lambda: low_flow(TO_PATIENT, {"loading": Span(1, 2)}),
    ],
)
def test_what_cannot_be_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(Invalid):
        make()


def test_batteries_in_frost_last_less_and_must_be_seen_to_take_over() -> None:
    """60 * 400 Wh * 0.8 * 0.7 / 180 W = 74.7 min; twice 35 min are 70."""
    cold = Battery("console", 400, 0.95, 180, -6, changeover=True)
    weak = Battery("B2", 400, 0.62, 250, -6, changeover=True)
    unproven = Battery("B4", 400, 0.81, 180, -6, changeover=False)
    told = judge_power([cold, weak, unproven], 35)
    assert told[0].runtime_min == pytest.approx(74.67, abs=0.01)
    assert [one.go for one in told] == [Go.GO, Go.NO_GO, Go.NO_GO]
    assert Battery("warm", 400, 0.8, 180, 0, changeover=True).runtime_min == pytest.approx(106.67, abs=0.01)
    assert Battery("idle", 400, 0.8, 0, 0, changeover=True).runtime_min == math.inf


def legs(**minutes: tuple[float, float]) -> dict[str, Span]:
    return {name: Span(*one) for name, one in minutes.items()}


def test_low_flow_is_a_range_both_ways() -> None:
    known = legs(elapsed=(12, 12), to_scene=(0, 0), on_scene=(5, 8), loading=(3, 5), road=(9, 12), door_to_table=(4, 6))
    told = low_flow(TO_CANNULATOR, known | legs(cannulation=(15, 25)))
    assert (told.low, told.high, told.standing) == (48, 68, LowFlow.POSSIBLE)
    assert low_flow(TO_CANNULATOR, known | legs(cannulation=(10, 16))).standing is LowFlow.WITHIN
    other = legs(elapsed=(12, 12), team_ready=(10, 15), team_road=(25, 30), setting_up=(5, 10), cannulation=(15, 25))
    assert low_flow(TO_PATIENT, other).standing is LowFlow.UNLIKELY


def test_unknown_stays_unknown_until_what_is_known_is_too_long_by_itself() -> None:
    told = low_flow(TO_CANNULATOR, legs(elapsed=(30, 30)))
    assert told.standing is LowFlow.UNKNOWN
    assert told.unknown == TO_CANNULATOR[1:]
    assert low_flow(TO_CANNULATOR, legs(elapsed=(61, 61))).standing is LowFlow.UNLIKELY
    assert low_flow(TO_CANNULATOR, legs(elapsed=(90, 90)), special=True).standing is LowFlow.NOT_APPLIED
