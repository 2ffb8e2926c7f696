"""Choosing among units without a database: rules that always hold, and the cases of the brief of dispatchers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import UUID

from factories.choosing import CIVIL, CORPS, ETA, FLEETS, INCIDENT, Drawn, built, road, running, unit, wanted
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch.dispatching.rules_candidates import Reached, Recommendation, Running
from dispatch.dispatching.rules_policy import PROPOSED
from dispatch.dispatching.rules_recommendation import Policy, recommend, stands
from dispatch.dispatching.rules_sharing import Party, ShareRule, SharingPolicy
from dispatch.dispatching.states_recommendation import (
    EXCLUDED_WORDS,
    MARK_WORDS,
    Excluded,
    Mark,
    ShareLevel,
)
from dispatch.incidents.states_incidents import Priority
from dispatch.units.rules_availability import Reason as Hindered
from dispatch.units.states_duty import UnitStatus
from geo.travel import Source, Travel

S = UnitStatus


def reasons(made: Recommendation, number: int) -> tuple[Excluded, ...]:
    return next((one.reasons for one in made.excluded_because if one.unit_id == UUID(int=number)), ())


def order(made: Recommendation) -> list[int]:
    return [offer.unit_id.int for offer in made.considered]


@given(FLEETS, ETA)
def test_a_farther_unit_never_changes_the_first(fleet: Drawn, more_s: float) -> None:
    units, reached = built(fleet)
    first = recommend(wanted(), units, reached)
    if first.chosen is None:
        return
    chosen = first.considered[(first.rank(first.chosen) or 0) - 1]
    farther = unit(900)
    added = recommend(wanted(), [*units, farther], {**reached, farther.id: road((chosen.eta_s or 0.0) + 1 + more_s)})
    if not chosen.missing and not chosen.estimated:
        assert added.chosen == first.chosen
    assert [one for one in order(added) if one != 900] == order(first)


@given(FLEETS)
def test_who_has_no_status_or_crew_is_never_chosen_and_nobody_is_dropped(fleet: Drawn) -> None:
    units, reached = built(fleet)
    made = recommend(wanted(Priority.P1), units, reached)
    for one in units:
        offered = made.rank(one.id) is not None
        told = bool(reasons(made, one.id.int))
        assert offered != told, "each unit is offered, or has its reason"
        if {"no_crew", "no_status"} & set(one.hindrances):
            assert not offered
    assert all(set(one.words) for one in made.excluded_because)
    assert len(made.inputs.units) == len(units)


@given(FLEETS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_has_no_influence(fleet: Drawn, draw: object) -> None:
    units, reached = built(fleet)
    mixed = list(units)
    draw.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    assert recommend(wanted(), units, reached) == recommend(wanted(), mixed, reached)


@given(FLEETS, st.sampled_from(list(ShareLevel)), st.integers(0, 3), st.sampled_from(list(Priority)))
def test_relabelled_organisations_get_the_mirrored_answer(
    fleet: Drawn, level: ShareLevel, kept: int, priority: Priority
) -> None:
    both = SharingPolicy((ShareRule("civil", "corps", level, kept), ShareRule("corps", "civil", level, kept)))
    mirror = {CIVIL: CORPS, CORPS: CIVIL}
    units, reached = built(fleet)
    one = recommend(wanted(priority, both, CIVIL), units, reached)
    other = recommend(wanted(priority, both, CORPS), [replace(u, party=mirror[u.party]) for u in units], reached)
    assert (one.chosen, order(one)) == (other.chosen, order(other))
    assert [(x.unit_id, x.reasons) for x in one.excluded_because] == [
        (x.unit_id, x.reasons) for x in other.excluded_because
    ]
    assert [x.marks for x in one.considered] == [x.marks for x in other.considered]


def test_how_units_stand_is_worked_out_once_for_all_incidents() -> None:
    """A unit on its way to one of them is told so there, and offered to the other."""
    here, elsewhere = UUID(int=2), INCIDENT
    units = [running(1, 900.0), unit(2, CORPS, missing=("A:crew:physician",)), unit(3, stale=True)]
    reached = {one.id: road(100.0 * one.id.int) for one in units}
    known = stands(wanted(), units, PROPOSED.ranking)
    for incident in (here, elsewhere, here):
        asked = dataclasses.replace(wanted(), incident_id=incident)
        made = recommend(asked, units, reached, known=known)
        assert made == recommend(asked, units, reached)
        assert (UUID(int=1) in {one.unit_id for one in made.considered}) is (incident == elsewhere)


def test_every_code_has_its_words_in_both_languages() -> None:
    assert set(EXCLUDED_WORDS) == set(Excluded)
    assert set(MARK_WORDS) == set(Mark)
    assert all(words.zh and words.en for words in (*EXCLUDED_WORDS.values(), *MARK_WORDS.values()))
    assert {str(one) for one in Hindered} - {"on_run"} <= {str(one) for one in Excluded}


def test_what_is_missing_ranks_behind_and_says_so_also_when_it_is_sooner() -> None:
    lacking = unit(1, missing=("A:crew:physician",))
    made = recommend(wanted(Priority.P1), [lacking, unit(2)], {UUID(int=1): road(100), UUID(int=2): road(900)})
    assert order(made) == [2, 1]
    assert made.considered[1].missing == ("A:crew:physician",)
    assert made.considered[1].marks[:2] == (Mark.SOONER, Mark.MISSING)


def test_a_guess_ranks_behind_every_road_and_a_pinned_one_is_kept() -> None:
    guess = Reached(Travel(Source.ESTIMATE, 10.0, 100.0), pinned=True)
    made = recommend(wanted(), [unit(1), unit(2), unit(3)], {UUID(int=1): guess, UUID(int=2): road(5_000)})
    assert order(made) == [2, 1, 3]
    assert set(made.considered[1].marks) == {Mark.ESTIMATE, Mark.PINNED}
    assert made.considered[2].marks == (Mark.NO_TIME,)
    assert made.considered[2].eta_s is None


def test_times_count_wait_and_mobilisation_and_old_positions_widen() -> None:
    figures = PROPOSED.ranking
    driving = unit(1, status=S.RETURNING_AVAILABLE, stale=True, widen_s=300.0, basis="last_place")
    clears = unit(
        2, status=S.AT_HOSPITAL, hindrances=("on_run",), clears_at=START + timedelta(seconds=200),
        run=Running(UUID(int=1), UUID(int=2), Priority.P1, None),
    )  # fmt: skip
    made = recommend(wanted(), [driving, clears], {UUID(int=1): road(600), UUID(int=2): road(100)})
    assert order(made) == [2, 1]
    soon, old = made.considered
    assert made.chosen == UUID(int=1), "one that cannot go yet is told of, not chosen"
    assert (soon.wait_s, soon.can_go, soon.marks) == (200.0, False, (Mark.CLEARS,))
    assert soon.eta_s == 200 + figures.mobilise_running_s + 100
    assert old.eta_s == figures.mobilise_road_s + 600
    assert old.high_s == figures.mobilise_road_s + 600 * figures.road_high + 300
    assert old.marks == (Mark.STALE,)


def test_running_units_count_with_their_true_time_unless_bound() -> None:
    fleet = [
        running(1, 600.0),
        running(2, 180.0),
        running(3, 600.0, on_board=True),
        running(4, 600.0, Priority.P2),
        running(5, None),
        running(6, 600.0, status=S.ON_SCENE),
        running(7, 600.0, status=S.TRANSPORTING),
        running(8, None, status=S.ASSIGNED),
        running(9, 600.0, hindrances=("on_run", "no_driver")),
    ]
    made = recommend(wanted(), fleet, {one.id: road(60 + one.id.int) for one in fleet})
    assert order(made) == [1, 8]
    assert (made.considered[0].diverted_from, Mark.DIVERSION in made.considered[0].marks) == (UUID(int=2), True)
    assert {number: reasons(made, number)[0] for number in (2, 3, 4, 5, 6, 7, 9)} == {
        2: Excluded.ARRIVING, 3: Excluded.PATIENT_ON_BOARD, 4: Excluded.NOT_LESS_URGENT, 5: Excluded.ARRIVAL_UNKNOWN,
        6: Excluded.ON_SCENE, 7: Excluded.PATIENT_ON_BOARD, 9: Excluded.NO_DRIVER,
    }  # fmt: skip


def test_an_expected_end_that_has_passed_makes_nobody_available() -> None:
    gone = unit(1, status=S.OUT_OF_SERVICE, hindrances=("out_of_service",), overdue=True, clears_at=START)
    late = unit(2, status=S.STANDBY, hindrances=("standby",), clears_at=START + timedelta(hours=2))
    made = recommend(wanted(), [gone, late], {})
    assert made.chosen is None
    assert reasons(made, 1) == (Excluded.OUT_OF_SERVICE, Excluded.OVERDUE, Excluded.CLEARS_LATE)
    assert reasons(made, 2) == (Excluded.STANDBY, Excluded.CLEARS_LATE)


def test_sharing_keeps_back_and_what_each_could_do_alone_is_known() -> None:
    keeps = SharingPolicy((ShareRule("corps", "civil", ShareLevel.URGENT, 1),), ShareRule(level=ShareLevel.NONE))
    fleet = [unit(1), unit(2, CORPS), unit(3, CORPS), unit(4, Party("示例别处", "other"))]
    reached = {one.id: road(400 - 10 * one.id.int) for one in fleet}
    calm, urgent = (recommend(wanted(priority, keeps), fleet, reached) for priority in (Priority.P3, Priority.P1))
    assert order(calm) == [1]
    assert [reasons(calm, number) for number in (2, 3, 4)] == [
        (Excluded.URGENT_ONLY,), (Excluded.URGENT_ONLY,), (Excluded.NOT_SHARED,)
    ]  # fmt: skip
    assert order(urgent) == [3, 2, 1]
    assert {one.organisation: [offer.unit_id.int for offer in one.offers] for one in calm.alone} == {
        "示例医院": [1], "示例兵团医院": [3, 2], "示例别处": [4]
    }  # fmt: skip
    last = recommend(wanted(Priority.P1, keeps), [unit(2, CORPS, station_id=UUID(int=7))], reached)
    assert reasons(last, 2) == (Excluded.STATION_MINIMUM,)


def test_k_counts_per_organisation_and_two_policies_compare_on_the_same_inputs() -> None:
    fleet = [unit(number, CIVIL if number < 6 else CORPS) for number in range(1, 9)]
    reached = {one.id: road(100.0 * one.id.int) for one in fleet}
    made = recommend(wanted(), fleet, reached)
    assert [offer.unit_id.int for offer in made.shown(2)] == [1, 2, 6, 7]
    other = recommend(wanted(), fleet, reached, policy=Policy("farthest", lambda offer: (-(offer.eta_s or 0.0),)))
    assert (made.chosen, other.chosen) == (UUID(int=1), UUID(int=8))
    assert other.inputs.units == made.inputs.units
