"""The rehearsed circuit: usual while nothing is wrong, beyond a limit at a trouble's height, mended after."""

from __future__ import annotations

import pytest

from api.vehicle.circuit import LASTS_S, Trouble, circuit_at, grown, patient_at
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_payloads import Values

SECONDS = range(0, 600, 7)
USUAL = {
    "ecmo_flow": (3.0, 6.0), "ecmo_speed": (2500, 4000), "ecmo_venous_pressure": (-80, -20),
    "ecmo_pre_membrane": (100, 250), "ecmo_post_membrane": (80, 220), "ecmo_svo2": (65, 80), "ecmo_battery": (50, 100),
}  # fmt: skip
BEYOND = {
    Trouble.FLOW: ("ecmo_venous_pressure", -100), Trouble.CLOT: ("ecmo_pre_membrane", 250),
    Trouble.POWER: ("ecmo_battery", 50),
}  # fmt: skip
"""By the adult limits of circuit.toml."""


def named(values: Values) -> dict[str, float]:
    return {SIGNALS.by_number[one.number].name: one.value for one in values.values}


def test_nothing_is_out_of_its_range_while_nothing_is_wrong() -> None:
    for second in SECONDS:
        told = named(circuit_at(second))
        assert all(low <= told[name] <= high for name, (low, high) in USUAL.items()), told
        assert 10 < told["ecmo_pre_membrane"] - told["ecmo_post_membrane"] < 40
    assert named(patient_at(3, runs=True))["spo2"] > 90 > named(patient_at(3, runs=False))["spo2"]


@pytest.mark.parametrize("trouble", sorted(BEYOND))
def test_a_trouble_grows_beyond_a_limit_and_is_mended(trouble: Trouble) -> None:
    name, limit = BEYOND[trouble]
    low, _ = USUAL[name]
    height = named(circuit_at(30, trouble, LASTS_S / 2))[name]
    assert height < limit if limit <= low else height > limit
    assert named(circuit_at(30, trouble, LASTS_S)) == named(circuit_at(30)) == named(circuit_at(30, trouble))
    steps = [grown(second) for second in range(round(LASTS_S / 3))]
    assert steps == sorted(steps)
