"""What is found at one patient, second by second."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.clinical.rules_limits import LIMITS
from dispatch.clinical.states import AlarmPriority
from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.rules_patient import PatientRules
from dispatch.telemetry.rules_payloads import DeviceAlarm, Payload, Value, Values
from dispatch.telemetry.rules_waves import MISSING, Ecg

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WHO = Subject(UUID(int=1), 1, UUID(int=2), UUID(int=3))
HEART, SPO2, SYSTOLIC, DIASTOLIC, BREATHS, AVPU, TEMPERATURE = 1, 3, 5, 6, 4, 19, 11
Told = tuple[str, str]


def values(*pairs: tuple[int, float]) -> Values:
    return Values(tuple(Value(number, value) for number, value in pairs))


def told(found: Iterable[Found]) -> list[Told]:
    return [(one.sign.code, "over" if one.sign.over else "late" if one.late else "raised") for one in found]


def ran(rules: PatientRules, payloads: Iterable[tuple[float, Payload]]) -> list[Found]:
    return [one for at_s, payload in payloads for one in rules.see(payload, START + timedelta(seconds=at_s))]


def each_second(seconds: range, *pairs: tuple[int, float]) -> list[tuple[float, Payload]]:
    return [(float(second), values(*pairs)) for second in seconds]


def adult(running: Iterable[str] = ()) -> PatientRules:
    return PatientRules(WHO, adult=True, running=running)


def test_a_limit_alarms_when_it_held_ten_seconds_and_is_over_when_clear_for_ten() -> None:
    rules = adult()
    assert ran(rules, each_second(range(10), (SPO2, 90.0))) == []
    (found,) = ran(rules, [(10.0, values((SPO2, 89.0)))])
    sign = found.sign
    assert (sign.code, sign.priority, sign.value, sign.bound) == ("limit.spo2_low", AlarmPriority.MEDIUM, 89.0, 92.0)
    assert (sign.began_at, sign.at) == (START, START + timedelta(seconds=10))
    # 93 is within the bound, and not yet clear of it.
    assert ran(rules, each_second(range(11, 60), (SPO2, 93.0))) == []
    assert told(ran(rules, each_second(range(60, 90), (SPO2, 94.0)))) == [("limit.spo2_low", "over")]


def test_an_artefact_shorter_than_that_alarms_nothing() -> None:
    rules = adult()
    for second in range(120):
        assert ran(rules, [(float(second), values((HEART, 200.0 if second % 10 < 9 else 80.0)))]) == []


def test_a_gap_proves_nothing() -> None:
    rules = adult()
    assert ran(rules, [(0.0, values((SPO2, 90.0))), (LIMITS.gap_s + 1, values((SPO2, 90.0)))]) == []
    assert told(ran(rules, each_second(range(17, 30), (SPO2, 90.0)))) == [("limit.spo2_low", "raised")]


def test_a_cuff_pressure_stands_until_the_next_one() -> None:
    rules = adult()
    assert ran(rules, [(0.0, values((SYSTOLIC, 80.0), (DIASTOLIC, 50.0)))]) == []
    assert told(rules.pass_time(START + timedelta(seconds=9))) == []
    (found,) = rules.pass_time(START + timedelta(seconds=11))
    assert (found.sign.code, found.sign.value) == ("limit.nibp_systolic_low", 80.0)
    assert rules.pass_time(START + timedelta(seconds=200)) == []
    assert told(ran(rules, [(300.0, values((SYSTOLIC, 110.0), (DIASTOLIC, 70.0))), (310.0, values((SPO2, 98.0)))])) == [
        ("limit.nibp_systolic_low", "over")
    ]


def test_what_cannot_be_right_counts_for_nothing() -> None:
    rules = adult()
    assert ran(rules, each_second(range(60), (SPO2, 101.0), (HEART, 400.0), (SYSTOLIC, 80.0), (DIASTOLIC, 90.0))) == []


def test_what_is_worse_alarms_besides() -> None:
    found = ran(adult(), each_second(range(20), (SPO2, 80.0)))
    assert {code for code, _ in told(found)} >= {"limit.spo2_low", "limit.spo2_very_low"}


def test_a_sudden_change_is_told_once_with_what_was_before() -> None:
    rules = adult()
    assert ran(rules, each_second(range(90), (HEART, 60.0))) == []
    found = ran(rules, each_second(range(90, 130), (HEART, 110.0)))
    assert told(found) == [("change.heart_rate", "raised")]
    assert (found[0].sign.value, found[0].sign.bound) == (110.0, 60.0)


def test_a_score_is_told_by_what_is_certain() -> None:
    rules = adult()
    found = ran(rules, each_second(range(60), (SPO2, 91.0), (BREATHS, 22.0), (HEART, 112.0)))
    raised = {one.sign.code: one.sign for one in found}
    assert {"news2.emergency", "news2.urgent"} <= raised.keys()
    assert raised["news2.emergency"].at - raised["news2.emergency"].began_at == timedelta(seconds=30)
    assert (raised["news2.emergency"].value, raised["news2.emergency"].priority) == (7, AlarmPriority.HIGH)


@pytest.mark.parametrize("adult", [True, False])
def test_figures_for_adults_are_put_to_adults_only(adult: bool) -> None:
    rules = PatientRules(WHO, adult=adult)
    found = ran(rules, each_second(range(30), (SPO2, 60.0), (HEART, 30.0), (AVPU, 4.0)))
    assert bool(found) is adult


def test_who_turns_out_to_be_a_child_has_no_alarm_of_adults_any_more() -> None:
    rules = adult()
    assert ran(rules, each_second(range(20), (SPO2, 90.0)))
    gone = rules.be_adult(False, START + timedelta(seconds=30))
    assert ("limit.spo2_low", "over") in told(gone)
    assert ran(rules, each_second(range(31, 60), (SPO2, 80.0))) == []
    assert rules.be_adult(False, START) == []


def test_what_was_found_before_the_process_began_ends_once() -> None:
    rules = adult(["limit.spo2_low"])
    assert told(ran(rules, each_second(range(30), (SPO2, 99.0)))) == [("limit.spo2_low", "over")]


def test_late_data_are_looked_at_by_themselves() -> None:
    rules = adult()
    assert ran(rules, each_second(range(600, 620), (SPO2, 98.0))) == []
    assert told(ran(rules, each_second(range(20), (SPO2, 88.0)))) == [("limit.spo2_low", "late")]
    assert ran(rules, each_second(range(620, 640), (SPO2, 98.0))) == []


def test_alarms_of_a_device_are_told_as_it_ranks_them() -> None:
    (on, off) = ran(adult(), [(0.0, DeviceAlarm("VTACH", AlarmPriority.HIGH, on=True)),
                              (5.0, DeviceAlarm("VTACH", AlarmPriority.HIGH, on=False))])  # fmt: skip
    assert told([on, off]) == [("device.VTACH", "raised"), ("device.VTACH", "over")]
    assert on.sign.priority is AlarmPriority.HIGH


def ecg(first: int, rows: list[np.ndarray[tuple[int], np.dtype[np.int16]]]) -> Ecg:
    return Ecg(first, 500, len(rows[0]), 200.0, tuple(range(1, len(rows) + 1)), np.stack(rows).tobytes())


def stretch(at_s: float, *, beats: bool, lead_off: int = 0, leads: int = 2) -> tuple[float, Payload]:
    made = np.random.default_rng(round(at_s * 10)).normal(0.0, 3.0, (leads, 100))
    if beats and round(at_s * 10) % 10 == 0:
        made[:, 40:60] += 200.0
    rows = made.astype(np.int16)
    rows[:lead_off] = MISSING
    return at_s, ecg(round(at_s * 500), list(rows))


def ecgs(begin: int, end: int, **how: object) -> list[tuple[float, Payload]]:
    return [stretch(begin + step / 5, **how) for step in range((end - begin) * 5)]  # type: ignore[arg-type]


@pytest.mark.parametrize("adult", [True, False])
def test_a_standstill_is_found_after_four_seconds_at_any_age(adult: bool) -> None:
    rules = PatientRules(WHO, adult=adult)
    assert ran(rules, ecgs(0, 10, beats=True)) == []
    (found,) = ran(rules, ecgs(10, 30, beats=False))
    assert (found.sign.code, found.sign.priority) == ("ecg.asystole", AlarmPriority.HIGH)
    assert 9.0 <= (found.sign.began_at - START).total_seconds() <= 10.0
    assert 13.0 <= (found.sign.at - START).total_seconds() <= 14.5
    assert told(ran(rules, ecgs(30, 45, beats=True))) == [("ecg.asystole", "over")]


def test_leads_that_are_off_are_told_as_that() -> None:
    rules = adult()
    assert ran(rules, ecgs(0, 5, beats=True)) == []
    (found,) = ran(rules, ecgs(5, 20, beats=True, lead_off=1))
    assert (found.sign.code, found.sign.value, found.sign.bound) == ("ecg.lead_off", 1, 2)
    assert found.sign.priority is AlarmPriority.LOW
    (found,) = ran(rules, ecgs(20, 40, beats=False, lead_off=2))
    assert (found.sign.code, found.sign.priority) == ("ecg.no_leads", AlarmPriority.MEDIUM)
    assert sorted(told(ran(rules, ecgs(40, 60, beats=True)))) == [("ecg.lead_off", "over"), ("ecg.no_leads", "over")]


def test_a_line_that_never_moves_and_says_nothing_ranks_high() -> None:
    still = [(second / 5, ecg(second * 100, [np.zeros(100, dtype=np.int16)] * 2)) for second in range(60)]
    (found,) = ran(adult(), still)
    assert (found.sign.code, found.sign.priority) == ("ecg.no_leads", AlarmPriority.HIGH)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 100)), max_size=60))
def test_in_any_order_each_thing_is_raised_and_over_by_turns(given_values: list[tuple[int, float]]) -> None:
    running: set[str] = set()
    for found in ran(adult(), [(float(at_s), values((SPO2, value))) for at_s, value in given_values]):
        assert found.sign.began_at <= found.sign.at
        if found.late:
            continue
        assert (found.sign.code in running) is found.sign.over
        running ^= {found.sign.code}


def test_who_left_has_nothing_that_goes_on_and_what_comes_then_is_late() -> None:
    rules = adult()
    assert ran(rules, each_second(range(20), (SPO2, 90.0)))
    assert told(rules.lie(True, START + timedelta(seconds=20))) == []
    assert told(rules.lie(False, START + timedelta(seconds=20))) == [("limit.spo2_low", "over")]
    assert rules.lie(False, START + timedelta(seconds=22)) == []
    assert told(ran(rules, each_second(range(20, 40), (SPO2, 90.0)))) == [("limit.spo2_low", "late")]
    assert rules.lie(True, START + timedelta(seconds=60)) == []
    assert told(ran(rules, each_second(range(60, 80), (SPO2, 90.0)))) == [("limit.spo2_low", "raised")]
