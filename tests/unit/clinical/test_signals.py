from __future__ import annotations

import math

import pytest

from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge, judge_together


@pytest.mark.parametrize(
    ("name", "value", "judged"),
    [
        ("heart_rate", 72.0, Plausible.OK),
        ("heart_rate", 30.0, Plausible.OK),
        ("heart_rate", 29.0, Plausible.SOFT),
        ("heart_rate", 350.0, Plausible.SOFT),
        ("heart_rate", 351.0, Plausible.HARD),
        ("heart_rate", math.nan, Plausible.HARD),
        ("spo2", 69.0, Plausible.SOFT),
        ("spo2", 100.5, Plausible.HARD),
        ("gcs_total", 2.0, Plausible.HARD),
        ("art_mean", -20.0, Plausible.OK),
        ("lactate", 31.0, Plausible.OK),
        ("lactate", math.inf, Plausible.HARD),
    ],
)
def test_what_a_value_is_worth(name: str, value: float, judged: Plausible) -> None:
    assert judge(SIGNALS.by_name[name], value) is judged


def test_a_diastolic_pressure_above_the_systolic_one_makes_the_measurement_wrong() -> None:
    told = judge_together({"nibp_systolic": 80.0, "nibp_diastolic": 92.0, "nibp_mean": 88.0, "spo2": 97.0})
    assert told == {
        "nibp_systolic": Plausible.HARD,
        "nibp_diastolic": Plausible.HARD,
        "nibp_mean": Plausible.HARD,
        "spo2": Plausible.OK,
    }
    assert judge_together({"nibp_systolic": 120.0, "nibp_diastolic": 80.0})["nibp_systolic"] is Plausible.OK


def test_ranges_hold_one_another_and_carbon_dioxide_has_two_names() -> None:
    for signal in SIGNALS.by_name.values():
        if signal.soft and signal.hard:
            assert signal.hard.low <= signal.soft.low < signal.soft.high <= signal.hard.high, signal.name
    # 19889-5 is a share of gas: a pressure never stands under it.
    share, pressure = SIGNALS.by_name["etco2_fraction"], SIGNALS.by_name["etco2_pressure"]
    assert (share.loinc, share.unit) == ("19889-5", "%")
    assert pressure.loinc != share.loinc
    assert pressure.unit == "mm[Hg]"
    assert (SIGNALS.leads[4].name, SIGNALS.leads[4].mdc) == ("aVR", 131390)
    assert SIGNALS.signed_off_by == "", "only a medical director signs; then this line goes"
