from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_criteria import CRITERIA, FACTS, Fact, assess
from dispatch.ecmo.states import Advice, Mode, Standing, Weight
from dispatch.kernel.errors import Invalid

MET, NOT_MET, UNKNOWN = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN
CLEAR: dict[str, Fact] = {name: False for name, kind in FACTS.items() if not kind.unit and not kind.words}
ARREST: dict[str, Fact] = CLEAR | {
    "age": 55, "witnessed": True, "no_flow": 3, "low_flow": 52, "rhythm": "vf", "etco2": 18, "optimised": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "criterion", "standing"),
    [
        ({"pf_ratio": 62, "pf_below_80": 7.2}, "vv_pf_80", MET),
        ({"pf_ratio": 62, "pf_below_80": 6}, "vv_pf_80", NOT_MET),
        ({"pf_ratio": 62}, "vv_pf_80", UNKNOWN),
        ({"pf_ratio": 81}, "vv_pf_80", NOT_MET),
        ({"pf_ratio": 62}, "vv_pf_50", NOT_MET),
        ({"pf_ratio": 49, "pf_below_50": 3.5}, "vv_pf_50", MET),
        ({"ph": 7.24, "paco2": 60, "acidosis": 6.5}, "vv_acidosis", MET),
        ({"ph": 7.24, "paco2": 59}, "vv_acidosis", NOT_MET),
        ({"murray": 3.0}, "vv_cesar", MET),
        ({"ph": 7.19}, "vv_cesar", MET),
        ({"murray": 2.75}, "vv_cesar", UNKNOWN),
        ({"ventilated": 168}, "ventilated_long", NOT_MET),
        ({"ventilated": 169}, "ventilated_long", MET),
    ],
)
def test_lungs(facts: dict[str, Fact], criterion: str, standing: Standing) -> None:
    assert assess(Mode.VV, facts).standing[criterion] is standing


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({"systolic": 88, "lactate": 4}, MET),
        ({"vasopressors": True, "lactate": 4}, MET),
        ({"vasopressors": True}, UNKNOWN),
        ({"systolic": 95, "vasopressors": False}, NOT_MET),
        ({"lactate": 2}, NOT_MET),
    ],
)
def test_shock(facts: dict[str, Fact], standing: Standing) -> None:
    assert assess(Mode.VA, facts).standing["va_shock"] is standing


def test_an_arrest_that_meets_all_is_considered_and_each_thing_that_speaks_against_it_is_discussed() -> None:
    assert assess(Mode.ECPR, ARREST).advice is Advice.CONSIDER
    reasons: list[dict[str, Fact]] = [
        {"age": 70}, {"witnessed": False}, {"no_flow": 5}, {"low_flow": 60}, {"rhythm": "asystole"}, {"refusal": True},
        {"aortic_dissection": True},
    ]  # fmt: skip
    for against in reasons:
        assert assess(Mode.ECPR, ARREST | against).advice is Advice.DISCUSS, against


def test_the_limit_of_low_flow_is_not_applied_to_the_cold_and_the_poisoned() -> None:
    for special in ("hypothermia", "cold_water_drowning", "intoxication"):
        found = assess(Mode.ECPR, ARREST | {"low_flow": 150, special: True})
        assert found.standing["ecpr_low_flow"] is Standing.NOT_APPLIED
        assert found.advice is Advice.CONSIDER


@pytest.mark.parametrize("mode", Mode)
def test_a_child_or_a_pregnant_patient_goes_straight_to_the_physician(mode: Mode) -> None:
    for found in (assess(mode, {"age": 17}), assess(mode, {"age": 30}, pregnant=True)):
        assert found.direct
        assert found.advice is Advice.DISCUSS
        assert not found.standing


@given(mode=st.sampled_from(Mode), data=st.data())
def test_what_is_learnt_decides_only_what_was_unknown(mode: Mode, data: st.DataObject) -> None:
    values: dict[str, Fact] = {
        name: data.draw(
            st.sampled_from(sorted(kind.words))
            if kind.words
            else st.floats(max(kind.low, 18.0) if name == "age" else kind.low, kind.high)
            if kind.unit
            else st.booleans()
        )
        for name, kind in FACTS.items()
    }
    exceptions = {"hypothermia", "cold_water_drowning", "intoxication"}
    some = data.draw(st.sets(st.sampled_from(sorted(values)))) | exceptions
    fewer, whole = assess(mode, {name: values[name] for name in some}), assess(mode, values)
    for name, standing in fewer.standing.items():
        assert standing in (UNKNOWN, whole.standing[name])
    assert UNKNOWN not in whole.standing.values()
    assert whole.advice is Advice.DISCUSS or fewer.advice in Advice


def test_nothing_known_is_unknown_and_never_a_no() -> None:
    for mode in Mode:
        found = assess(mode, {})
        assert set(found.standing.values()) == {UNKNOWN}
        assert found.advice is Advice.DISCUSS
        assert found.of(Weight.ABSOLUTE)


@pytest.mark.parametrize(
    "facts", [{"mood": True}, {"age": 200}, {"rhythm": "sinus"}, {"witnessed": 1}, {"ph": True}, {"ph": float("nan")}]
)
def test_what_cannot_be_is_refused(facts: dict[str, Fact]) -> None:
    with pytest.raises(Invalid) as refused:
        assess(Mode.ECPR, facts)
    assert refused.value.code == "ecmo.fact"


def test_every_condition_asks_for_a_fact_that_can_be_entered() -> None:
    for criterion in CRITERIA.values():
        for line in criterion.lines:
            for condition in line:
                values = condition.than if condition.sign == "in" else [condition.than]
                assert all(FACTS[condition.fact].takes(value) for value in values), criterion.id
        assert all(FACTS[one].takes(value=True) for one in criterion.exceptions)
