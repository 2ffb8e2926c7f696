"""What a patient's own values alarm while he is on a circuit: by the limits of the transfer, and by everybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.clinical.rules_circuit import CircuitSetting, Ends
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.detection.rules import Found, Subject
from dispatch.telemetry.detection.rules_patient import PatientRules
from dispatch.telemetry.rules_payloads import Value, Values

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
WHO = Subject(UUID(int=1), 1, UUID(int=2), UUID(int=3))


class Circuit:
    """An adult, of whom so much is set."""

    def __init__(self, setting: CircuitSetting | None = None) -> None:
        self.rules = PatientRules(WHO, adult=True, circuit=setting)
        self.second = 0


def told(one: Found) -> str:
    return ("-" if one.sign.over else "") + one.sign.code.removeprefix("circuit.")


def vitals(circuit: Circuit, seconds: int, **measured: float) -> list[str]:
    """A patient's own values, every second."""
    payload = Values(tuple(Value(SIGNALS.by_name[name].number, value) for name, value in measured.items()))
    found: list[Found] = []
    for _ in range(seconds):
        circuit.second += 1
        found += circuit.rules.see(payload, START + timedelta(seconds=circuit.second))
    return [told(one) for one in found]


def test_the_right_hand_alarms_by_itself_in_va_alone_and_is_never_taken_from_the_other_saturation() -> None:
    on = CircuitSetting("va", on_circuit=True)
    # The foot is well fed by the circuit; the hand is not.
    assert vitals(Circuit(on), 12, spo2=98.0, spo2_right_hand=84.0) == [
        "spo2_right_hand_low",
        "spo2_right_hand_very_low",
    ]
    assert vitals(Circuit(on), 12, spo2=98.0, spo2_right_hand=91.0) == []
    low = vitals(Circuit(on), 12, spo2=84.0)
    assert low == ["limit.spo2_very_low", "limit.spo2_low"]
    assert vitals(Circuit(CircuitSetting("vv", on_circuit=True)), 12, spo2=98.0, spo2_right_hand=84.0) == []
    # Without a circuit it is nobody's limit, and what is set for one patient counts in any mode.
    assert vitals(Circuit(), 12, spo2=98.0, spo2_right_hand=84.0) == []
    own = CircuitSetting("vv", on_circuit=True, limits={"spo2_right_hand": (Ends(90, None), Ends(80, None))})
    assert vitals(Circuit(own), 12, spo2=98.0, spo2_right_hand=84.0) == ["spo2_right_hand_low"]


ON_VV = CircuitSetting("vv", on_circuit=True)


def test_who_lives_with_little_oxygen_on_a_vv_circuit_alarms_by_the_limits_of_the_transfer() -> None:
    assert vitals(Circuit(CircuitSetting("vv")), 12, spo2=82.0) == ["limit.spo2_very_low", "limit.spo2_low"]
    circuit = Circuit(ON_VV)
    assert vitals(circuit, 60, spo2=81.0) == []
    assert vitals(circuit, 12, spo2=79.0) == ["spo2_low"]
    assert vitals(circuit, 12, spo2=74.0) == ["spo2_very_low"]
    assert vitals(circuit, 12, spo2=84.0) == ["-spo2_low", "-spo2_very_low"]
    # What is set for him counts before that, and a VA circuit changes nothing of it.
    own = CircuitSetting("vv", on_circuit=True, limits={"spo2": (Ends(86, None), Ends(82, None))})
    assert vitals(Circuit(own), 12, spo2=84.0) == ["spo2_low"]
    va = Circuit(CircuitSetting("va", on_circuit=True))
    assert vitals(va, 12, spo2=82.0) == ["limit.spo2_very_low", "limit.spo2_low"]


def test_as_he_comes_onto_the_circuit_what_went_on_is_over_and_as_he_leaves_it_counts_again() -> None:
    circuit = Circuit(CircuitSetting("vv"))
    assert vitals(circuit, 12, spo2=74.0) == ["limit.spo2_very_low", "limit.spo2_low"]
    circuit.rules.be_set(ON_VV, child=False)
    # Over at once; ten seconds later by the limit of the transfer.
    assert vitals(circuit, 12, spo2=74.0) == [
        "-limit.spo2_very_low",
        "-limit.spo2_low",
        "spo2_low",
        "spo2_very_low",
    ]
    circuit.rules.be_set(CircuitSetting("vv"), child=False)
    assert vitals(circuit, 12, spo2=74.0) == [
        "limit.spo2_very_low",
        "limit.spo2_low",
        "-spo2_low",
        "-spo2_very_low",
    ]


def test_points_for_oxygen_saturation_are_left_out_of_the_score_on_a_vv_circuit() -> None:
    ill = {"spo2": 84.0, "respiratory_rate": 22.0, "heart_rate": 115.0}
    # 3 for the saturation, 2 and 2: urgent and emergency; without it neither.
    plain, on = vitals(Circuit(), 120, **ill), vitals(Circuit(ON_VV), 120, **ill)
    assert "news2.emergency" in plain
    assert [one for one in on if "news2" in one] == []
