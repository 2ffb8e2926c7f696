"""From what was entered to what is told: nothing missing counts as zero, and what is certain is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_alerting import OnCall, come_to, next_called
from dispatch.ecmo.rules_case import Case, Entered, judge_case, pf_bounds
from dispatch.ecmo.rules_criteria import FACTS
from dispatch.ecmo.rules_files import without_tales
from dispatch.ecmo.rules_items import ITEMS, checked
from dispatch.ecmo.rules_points import SCORES, Bands, Score
from dispatch.ecmo.rules_ways import Basis, Situation, both_ways
from dispatch.ecmo.states import Advice, LowFlow, Mode, NotScored, ScoreName, Standing
from dispatch.ecmo.states_offers import OfferState
from dispatch.ecmo.states_requests import Indication, RequestState, Support
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.ids import new_id

NOW = datetime(2026, 11, 27, 11, 12, tzinfo=UTC)


def case(
    *, age: int | None = 46, indication: Indication | None = None, pregnant: bool = False, **values: object
) -> Case:
    entered = {name: Entered(checked(name, value), NOW) for name, value in values.items()}
    return Case(NOW, age, pregnant, 73.0, indication, frozenset(), entered)


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def test_items_agree_with_the_tables_that_are_told_of_them() -> None:
    for name, item in ITEMS.items():
        if name in FACTS and item.kind == "number":
            assert (item.unit, item.low, item.high) == (FACTS[name].unit, FACTS[name].low, FACTS[name].high), name
        for table in SCORES.values():
            asked = table.items.get(name)
            if isinstance(asked, Bands):
                assert item.unit == asked.unit, name
                assert item.low >= asked.low or item.high <= asked.high or name == "pip", name
    assert all(item.kind in ("number", "yes", "words", "several", "time") for item in ITEMS.values())


def test_what_began_counts_until_it_was_last_measured_never_until_now() -> None:
    known = {"pao2": Entered(62.0, NOW - timedelta(hours=2)), "fio2": Entered(100.0, NOW)}
    known["pf_below_80_since"] = Entered(ago(7.5), NOW)
    early = Case(NOW, 46, values=known)
    assert judge_case(Mode.VV, early).assessed.standing["vv_pf_80"] is Standing.NOT_MET
    late = Case(NOW, 46, values=known | {"pao2": Entered(62.0, NOW)})
    assert judge_case(Mode.VV, late).assessed.standing["vv_pf_80"] is Standing.MET


def test_compressions_without_success_count_while_they_go_on() -> None:
    def stands(minutes: float, *support: Support) -> Standing:
        known = {"cpr_at": Entered(ago(minutes / 60), NOW)}
        case = Case(NOW, 46, support=frozenset(support), values=known)
        return judge_case(Mode.ECPR, case).assessed.standing["ecpr_refractory"]

    assert stands(12, Support.COMPRESSIONS) is Standing.MET
    assert stands(9, Support.COMPRESSIONS) is Standing.NOT_MET
    assert stands(12) is Standing.UNKNOWN  # nobody says that they go on


def test_what_is_missing_gives_bounds_and_certain_scores_decide_criteria() -> None:
    judged = judge_case(Mode.VV, case(pao2=62, fio2=100, peep=16, quadrants=4))
    murray = judged.scores[ScoreName.MURRAY]
    assert isinstance(murray, Score)
    assert (murray.low, murray.high, murray.complete) == (3.0, 4.0, False)
    assert judged.assessed.standing["vv_cesar"] is Standing.MET  # whatever compliance is
    assert judged.scores[ScoreName.SAVE] is NotScored.OTHER_MODE
    assert pf_bounds(case(pao2=62)) is not None
    bounds = pf_bounds(case(pao2=62))
    assert bounds is not None
    assert (bounds.low, round(bounds.high)) == (62.0, 295)
    assert pf_bounds(case()) is None
    assert {"pip", "ph"} <= set(judged.missing)


@pytest.mark.parametrize(("who", "why"), [(case(age=12), NotScored.CHILD), (case(pregnant=True), NotScored.PREGNANT)])
def test_a_child_and_a_pregnant_patient_go_straight_to_the_physician(who: Case, why: NotScored) -> None:
    judged = judge_case(Mode.VV, who)
    assert (judged.assessed.direct, judged.assessed.advice) == (True, Advice.DISCUSS)
    assert judged.scores[ScoreName.RESP] is why


@given(st.dictionaries(st.sampled_from([n for n, i in ITEMS.items() if i.kind == "yes"]), st.booleans()))
def test_more_answers_only_narrow_a_score(known: dict[str, bool]) -> None:
    nothing = judge_case(Mode.VV, case()).scores[ScoreName.RESP]
    told = judge_case(Mode.VV, case(**known)).scores[ScoreName.RESP]
    assert isinstance(nothing, Score)
    assert isinstance(told, Score)
    assert nothing.low <= told.low <= told.high <= nothing.high


def test_both_ways_are_told_leg_by_leg_and_the_limit_is_not_put_to_whom_it_was_not_made_for() -> None:
    arrest = NOW - timedelta(minutes=10)
    brought, visited = both_ways(Situation(NOW, arrest, in_hospital=True, to_centre_s=600, to_patient_s=900))
    assert brought.legs[0].span is not None
    assert (brought.legs[0].basis, brought.legs[0].span.low) == (Basis.MEASURED, 10.0)
    assert brought.to_circuit is not None
    assert brought.told.low == pytest.approx(brought.to_circuit.low + 10)
    assert brought.told.low < visited.told.low
    unknown, _ = both_ways(Situation(NOW, arrest, in_hospital=False))
    assert (unknown.told.standing, unknown.to_circuit) == (LowFlow.UNKNOWN, None)
    assert {"to_scene", "road"} == set(unknown.told.unknown)
    # A vehicle drives there, is there, or has him aboard: what is past takes no more time.
    coming, _ = both_ways(Situation(NOW, arrest, in_hospital=False, to_scene_s=240, to_centre_s=600))
    there, _ = both_ways(Situation(NOW, arrest, in_hospital=False, at_scene=True, to_centre_s=600))
    aboard, _ = both_ways(Situation(NOW, arrest, in_hospital=False, aboard=True, to_centre_s=600))
    assert coming.told.unknown == there.told.unknown == aboard.told.unknown == ()
    assert coming.told.high > there.told.high > aboard.told.high
    assert {leg.name for leg in aboard.legs if leg.basis is Basis.MEASURED} == {
        "elapsed", "to_scene", "on_scene", "loading"
    }  # fmt: skip
    cold, _ = both_ways(Situation(NOW, arrest, in_hospital=True, to_centre_s=9000, special=True))
    assert cold.told.standing is LowFlow.NOT_APPLIED
    assert case(indication=Indication.HYPOTHERMIA).special
    assert not case(hypothermia=False).special


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ("accepted declined", RequestState.ACCEPTED), ("conditional asked", RequestState.ACCEPTED),
        ("declined waiting", RequestState.ASKED), ("seen unanswered", RequestState.ASKED),
        ("advised declined", RequestState.ADVISED), ("unanswered advised", RequestState.ADVISED),
        ("unanswered declined", RequestState.UNANSWERED), ("declined declined", RequestState.DECLINED),
        ("released", RequestState.UNANSWERED), ("", RequestState.UNANSWERED), ("bound declined", RequestState.BOUND),
    ],
)  # fmt: skip
def test_what_all_answers_come_to(states: str, state: RequestState) -> None:
    assert come_to(map(OfferState, states.split())) is state


def test_those_of_one_place_are_called_together_and_nobody_twice() -> None:
    clock = ManualClock(NOW)
    first, second, third = (new_id(clock) for _ in range(3))
    roster = [OnCall(third, 2), OnCall(second, 1), OnCall(first, 1)]
    assert [one.person_id for one in next_called(roster, [])] == [first, second]
    assert [one.person_id for one in next_called(roster, [first, second])] == [third]
    assert next_called(roster, [first, second, third]) == []


@pytest.mark.parametrize("clip", [b"\0\0\0\x20ftyp", b"\0\0\0\x0cftypisom\0\0\0\x02moov", b"\0\0\0\x01moov"])
def test_a_clip_that_is_broken_off_is_refused(clip: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        without_tales(clip)
    assert refused.value.code == "ecmo.file_form"


@pytest.mark.parametrize(
    ("name", "value"),
    [("ph", True), ("ph", 8.5), ("quadrants", 2.5), ("rhythm", "none"), ("diagnoses", ["none"]), ("arrest_at", "noon"),
     ("arrest_at", "2026-11-27T11:00:00"), ("witnessed", 1), ("mood", 1)],
)  # fmt: skip
def test_what_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(Invalid):
        checked(name, value)
