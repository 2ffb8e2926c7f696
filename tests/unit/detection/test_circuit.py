"""What is found at one circuit, second by second."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.clinical.rules_circuit import CircuitSetting, Ends, check_own
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority
from dispatch.kernel.errors import Invalid
from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.rules_patient import PatientRules
from dispatch.telemetry.rules_payloads import Value, Values

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WHO = Subject(UUID(int=1), 1, UUID(int=2), UUID(int=3))
WELL = {
    "flow": 4.2, "speed": 3400, "venous_pressure": -60, "pre_membrane": 200, "post_membrane": 175, "svo2": 71,
    "post_so2": 99, "sweep": 6, "blood_temperature": 36.6, "battery": 96, "mains": 1,
    "bubble": 0, "level_low": 0,
}  # fmt: skip
SET = CircuitSetting("va", flow_set=4.2, sweep_set=6.0)


class Circuit:
    """One patient's circuit that sends every second."""

    def __init__(
        self, setting: CircuitSetting | None = None, *, child: bool = False, running: Iterable[str] = ()
    ) -> None:
        self.rules = PatientRules(WHO, adult=not child, child=child, circuit=setting, running=running)
        self.second = 0

    def runs(self, seconds: int, **changed: float) -> list[str]:
        return [told(one) for one in self.found(seconds, **changed)]

    def found(self, seconds: int, **changed: float) -> list[Found]:
        found: list[Found] = []
        for _ in range(seconds):
            self.second += 1
            found += self.sends(self.second, **changed)
        return found

    def sends(self, second: int, *, late: bool = False, **changed: float) -> list[Found]:
        named = {**WELL, **changed}
        payload = Values(tuple(Value(SIGNALS.by_name[f"ecmo_{name}"].number, value) for name, value in named.items()))
        return self.rules.see(payload, START + timedelta(seconds=second), late=late, of_circuit=True)

    def idles(self, seconds: int) -> list[str]:
        self.second += seconds
        return [told(one) for one in self.rules.pass_time(START + timedelta(seconds=self.second))]


def told(one: Found) -> str:
    return ("-" if one.sign.over else "late " if one.late else "") + one.sign.code.removeprefix("circuit.")


def test_a_circuit_that_runs_well_alarms_nothing() -> None:
    assert Circuit(SET).runs(300) == []


@pytest.mark.parametrize(
    ("changed", "code", "priority"),
    [
        ({"flow": 1.9}, "flow_very_low", "high"),
        ({"speed": 4100}, "speed_high", "medium"),
        ({"speed": 0, "flow": 0.0}, "speed_very_low", "high"),
        ({"flow": -0.5}, "flow_reversed", "high"),
        ({"venous_pressure": -101}, "venous_pressure_low", "medium"),
        ({"venous_pressure": -121}, "venous_pressure_very_low", "high"),
        ({"pre_membrane": 301, "post_membrane": 262}, "pre_membrane_high", "medium"),
        ({"pre_membrane": 351, "post_membrane": 330}, "pre_membrane_very_high", "high"),
        ({"pre_membrane": 340, "post_membrane": 301}, "post_membrane_very_high", "high"),
        ({"pre_membrane": 225}, "drop_high", "medium"),
        ({"pre_membrane": 255}, "drop_very_high", "high"),
        ({"svo2": 59}, "svo2_low", "medium"),
        ({"svo2": 49}, "svo2_very_low", "high"),
        ({"post_so2": 96}, "post_so2_low", "medium"),
        ({"post_so2": 89}, "post_so2_very_low", "high"),
        ({"sweep": 0}, "sweep_very_low", "high"),
        ({"blood_temperature": 34.9}, "blood_temperature_low", "low"),
        ({"blood_temperature": 39.6}, "blood_temperature_very_high", "medium"),
        ({"battery": 49}, "battery_low", "low"),
        ({"battery": 24}, "battery_very_low", "high"),
        ({"mains": 0}, "mains_lost", "medium"),
        ({"bubble": 1}, "bubble_very_high", "high"),
        ({"level_low": 1}, "level_low_very_high", "high"),
        ({"post_membrane": 210}, "fault_pressure", "low"),
        ({"speed": 0}, "fault_flow", "high"),
    ],
)
def test_each_row_of_the_alarm_table_with_its_priority(changed: dict[str, float], code: str, priority: str) -> None:
    circuit = Circuit()
    assert circuit.runs(20) == []
    found = {told(one): one.sign.priority for one in circuit.found(20, **changed)}
    assert found[code] == AlarmPriority(priority)
    assert f"-{code}" in circuit.runs(20)


def test_a_limit_must_hold_and_the_pressure_drop_alarms_at_its_limit() -> None:
    circuit = Circuit()
    assert circuit.runs(10, pre_membrane=225) == []
    assert circuit.runs(1, pre_membrane=225) == ["drop_high"]
    # 49 is below the limit and not yet clear of it.
    assert circuit.runs(60, pre_membrane=224) == []
    assert circuit.runs(20, pre_membrane=222) == ["-drop_high"]


def test_the_flow_is_held_against_what_was_set_at_departure() -> None:
    circuit = Circuit(SET)
    assert circuit.runs(31, flow=3.5) == ["flow_below_set"]
    assert circuit.runs(11, flow=2.9) == ["flow_far_below_set"]
    assert Circuit().runs(60, flow=2.9) == []


def test_sweep_gas_that_differs_from_what_is_set() -> None:
    assert Circuit(SET).runs(60, sweep=5.0) == ["sweep_off_set"]


def test_a_pump_that_turns_faster_while_less_flows() -> None:
    circuit = Circuit()
    assert circuit.runs(90) == []
    assert circuit.runs(30, speed=3600, flow=3.6) == ["speed_up_flow_down"]
    assert Circuit().runs(90) + Circuit().runs(30, speed=3600, flow=4.4) == []


def test_a_swinging_venous_pressure_is_told_and_a_step_is_not() -> None:
    circuit = Circuit()
    circuit.runs(20)
    assert circuit.runs(30, venous_pressure=-99) == []
    found = [one for step in range(10) for one in circuit.runs(1, venous_pressure=-99 if step % 2 else -55)]
    assert found == ["venous_pressure_swings"]


def test_a_pressure_drop_that_rises_within_the_hour() -> None:
    circuit = Circuit()
    found = [one for minute in range(50) for one in circuit.runs(60, pre_membrane=195 + minute / 2)]
    # From 20 to 44.5 mmHg: never beyond a limit, but by more than 20 in an hour; and half as much again per litre.
    assert found == ["resistance_rising", "drop_rising"]


def test_a_loss_of_mains_is_expected_for_a_set_time() -> None:
    until = START + timedelta(seconds=100)
    circuit = Circuit(CircuitSetting(unplugged_until=until))
    assert circuit.runs(100, mains=0) == []
    assert circuit.runs(10, mains=0) == ["mains_lost"]
    assert circuit.runs(1) == ["-mains_lost"]


def test_a_sensor_that_cannot_be_right_alarms_as_that_alone() -> None:
    assert Circuit().runs(60, post_membrane=300, pre_membrane=200) == ["fault_pressure", "post_membrane_high"]
    # Blood flows and the pump is said to stand: no pump has stopped, one of two sensors is wrong.
    assert Circuit().runs(60, speed=0) == ["fault_flow"]


def test_silence_is_told_and_over_with_the_next_value() -> None:
    circuit = Circuit()
    circuit.runs(10)
    assert circuit.idles(60) == []
    assert circuit.idles(1) == ["silent"]
    assert circuit.idles(600) == []
    assert circuit.runs(1) == ["-silent"]


def test_what_comes_after_a_gorge_is_told_late_and_what_is_now_is_told_as_now() -> None:
    circuit = Circuit()
    circuit.runs(10)
    assert circuit.idles(2_400) == ["silent"]
    assert circuit.runs(30) == ["-silent"]
    late = [told(one) for second in range(11, 60) for one in circuit.sends(second, late=True, flow=1.5)]
    assert late == ["late flow_very_low"]
    assert circuit.runs(30) == []


def test_a_gap_proves_nothing() -> None:
    circuit = Circuit()
    circuit.runs(8, flow=1.5)
    circuit.second += 16
    assert circuit.runs(10, flow=1.5) == []
    assert circuit.runs(1, flow=1.5) == ["flow_very_low"]


def test_limits_set_for_one_patient_take_the_place_of_the_usual_ones_at_once() -> None:
    own = CircuitSetting(limits={"ecmo_svo2": (Ends(70, None), Ends(65, None))})
    circuit = Circuit(own)
    assert circuit.runs(20, svo2=69) == ["svo2_low"]
    circuit.rules.be_set(None, child=False)
    assert circuit.runs(20, svo2=69) == ["-svo2_low"]


def test_by_mode_a_high_venous_saturation_is_recirculation_in_vv_alone() -> None:
    assert Circuit(CircuitSetting("vv")).runs(20, svo2=90) == ["svo2_high"]
    assert Circuit(CircuitSetting("va")).runs(20, svo2=90) == []


def test_a_child_is_judged_by_what_suits_any_age() -> None:
    assert Circuit(child=True).runs(30, flow=1.2, svo2=55) == []
    assert Circuit(child=True).runs(30, flow=0.0, speed=0) == ["speed_very_low"]
    own = CircuitSetting(limits={"ecmo_flow": (Ends(1.0, None), Ends(0.8, None))})
    assert Circuit(own, child=True).runs(30, flow=0.9) == ["flow_low"]


def test_what_was_found_before_the_process_began_ends_once() -> None:
    assert Circuit(running=["circuit.drop_high"]).runs(40) == ["-drop_high"]


def test_the_arterial_pressure_counts_while_a_circuit_runs() -> None:
    number = SIGNALS.by_name["art_mean"].number
    low = Values((Value(number, 45.0),))
    alone, beside = Circuit(), Circuit()
    beside.runs(1)
    for circuit, codes in ((alone, []), (beside, ["art_mean_low", "art_mean_very_low"])):
        found = [one for second in range(12) for one in circuit.rules.see(low, START + timedelta(seconds=second + 2))]
        assert [told(one) for one in found] == codes


@pytest.mark.parametrize(
    "limits",
    [
        {"ecmo_flow": (Ends(3, None), Ends(None, None))},
        {"ecmo_flow": (Ends(2, None), Ends(3, None))},
        {"heart_rate": (Ends(50, None), Ends(40, None))},
        {"ecmo_drop": (Ends(None, 90), Ends(None, 80))},
    ],
)
def test_limits_that_contradict_themselves_or_take_a_critical_end_away_are_refused(
    limits: dict[str, tuple[Ends, Ends]],
) -> None:
    with pytest.raises(Invalid) as refused:
        check_own(limits)
    assert refused.value.code == "circuit.limit"


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(sorted(WELL)), st.floats(-200, 5_000)), max_size=12))
def test_each_thing_is_raised_and_over_by_turns(steps: list[tuple[str, float]]) -> None:
    circuit, running = Circuit(SET), set[str]()
    for name, value in steps:
        for found in circuit.found(6, **{name: value}):
            assert found.sign.began_at <= found.sign.at
            assert (found.sign.code in running) is found.sign.over
            running ^= {found.sign.code}


def test_twelve_hours_at_one_hertz_keep_no_more_than_one() -> None:
    circuit = Circuit(SET)
    circuit.runs(600)
    rules = circuit.rules._now.circuit
    for _ in range(3):
        circuit.second += 14_000
        circuit.runs(600)
    assert len(rules._pairs) <= 71
    assert len(rules._venous) <= 10
    assert len(rules._drop._minutes) <= 61
