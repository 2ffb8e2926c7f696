"""Which gate a vehicle moves through, by what it says of itself and by what was put down of its mission."""

from __future__ import annotations

from itertools import product

from dispatch.clinical.states import AlarmPriority
from dispatch.ecmo.rules_kit import gate_ahead, warns_of
from dispatch.ecmo.states_kit import CheckList
from dispatch.ecmo.states_missions import MissionState
from dispatch.units.states_duty import UnitStatus

BASE, PATIENT = CheckList.LEAVING_BASE, CheckList.LEAVING_WITH_PATIENT


def test_a_gate_is_ahead_only_where_somebody_is_still_to_pass_it() -> None:
    found: dict[CheckList, set[tuple[str, str]]] = {BASE: set(), PATIENT: set()}
    for state, status, due in product(MissionState, UnitStatus, (True, False)):
        gate = gate_ahead(state, status, brought=False, due=due)
        if gate is not None:
            found[gate].add((state, status if due else f"early {status}"))
        # Whom nobody leaves for is behind no gate of a base.
        assert gate_ahead(state, status, brought=True, due=due) in (None, PATIENT)
    left = {"staging", "on_scene", "at_patient", "transporting", "at_hospital"}
    assert found[BASE] == {("preparing", one) for one in (*left, "en_route", *(f"early {one}" for one in left))}
    assert found[PATIENT] == {
        (state, f"{early}{status}")
        for state in ("at_patient", "cannulating", "on_circuit")
        for status in ("transporting", "at_hospital")
        for early in ("", "early ")
    }


def test_who_leaves_with_a_patient_warns_more_urgently() -> None:
    assert (warns_of(BASE), warns_of(PATIENT)) == (AlarmPriority.MEDIUM, AlarmPriority.HIGH)
