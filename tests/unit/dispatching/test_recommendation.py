"""Choosing among units without a database: rules that always hold, and the cases of the brief of dispatchers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import pytest
from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch.dispatching.queries_recommendation import SCHEMA, offer_of, read_body, write_body, write_units
from dispatch.dispatching.rules_candidates import Candidate, Reached, Recommendation, Running, Wanted
from dispatch.dispatching.rules_policy import PROPOSED
from dispatch.dispatching.rules_recommendation import Policy, recommend, stands
from dispatch.dispatching.rules_sharing import OPEN, Party, ShareRule, SharingPolicy
from dispatch.dispatching.states_recommendation import (
    EXCLUDED_WORDS,
    MARK_WORDS,
    Excluded,
    Mark,
    ShareLevel,
)
from dispatch.dispatching.tables import RecommendationFleet, RecommendationRow
from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.errors import NotFound
from dispatch.units.rules_availability import Reason as Hindered
from dispatch.units.states_duty import UnitStatus
from geo.points import GeoPoint
from geo.travel import Source, Travel

S = UnitStatus
Drawn = list[tuple[Party, float | None, tuple[str, ...], bool, bool]]
CIVIL, CORPS = Party("示例医院", "civil"), Party("示例兵团医院", "corps")
INCIDENT: Final = UUID(int=9_000)


def wanted(priority: Priority = Priority.P2, sharing: SharingPolicy = OPEN, requester: Party = CIVIL) -> Wanted:
    return Wanted(INCIDENT, priority, "B", requester, START, sharing)


def unit(number: int, party: Party = CIVIL, **told: object) -> Candidate:
    plain = Candidate(
        id=UUID(int=number), call_sign=f"示例-{number:03}", party=party, station_id=UUID(int=500),
        status=S.AT_STATION, since=START, point=GeoPoint(lat=41.0, lon=80.0), basis="fix", fix_at=START, age_s=0.0,
        widen_s=0.0, stale=False, letters="B",
    )  # fmt: skip
    return replace(plain, **told)  # type: ignore[arg-type]  # tests name the fields


def road(eta_s: float) -> Reached:
    return Reached(Travel(Source.ROAD, eta_s, eta_s * 15))


def running(number: int, arrives_s: float | None, priority: Priority = Priority.P3, **told: object) -> Candidate:
    run = Running(UUID(int=1), UUID(int=2), priority, arrives_s, bool(told.pop("on_board", False)))
    return unit(number, **{"status": S.EN_ROUTE, "hindrances": ("on_run",), "run": run, **told})  # type: ignore[arg-type]  # tests name the fields


def reasons(made: Recommendation, number: int) -> tuple[Excluded, ...]:
    return next((one.reasons for one in made.excluded_because if one.unit_id == UUID(int=number)), ())


def order(made: Recommendation) -> list[int]:
    return [offer.unit_id.int for offer in made.considered]


ETA = st.integers(0, 7_200).map(float)
FLEETS = st.lists(
    st.tuples(
        st.sampled_from([CIVIL, CORPS]),
        ETA | st.none(),
        st.sampled_from([(), ("no_status", "no_crew"), ("no_crew",), ("on_run",), ("out_of_service",)]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def built(fleet: Drawn) -> tuple[list[Candidate], dict[UUID, Reached]]:
    units: list[Candidate] = []
    reached: dict[UUID, Reached] = {}
    for number, (party, eta_s, hindrances, lacks, estimate) in enumerate(fleet, 1):
        missing = ("B:crew:nurse",) if lacks else ()
        one = unit(number, party, hindrances=hindrances, missing=missing)
        if "on_run" in hindrances:
            one = running(number, eta_s, party=party, missing=missing)
        units.append(one)
        if eta_s is not None:
            source = Source.ESTIMATE if estimate else Source.ROAD
            reached[one.id] = Reached(Travel(source, eta_s, eta_s * 10))
    return units, reached


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


def stored(made: Recommendation) -> RecommendationRow:
    fleet = RecommendationFleet(units=msgspec.json.decode(bytes(write_units(made.inputs.units))))
    return RecommendationRow(schema=SCHEMA, body=msgspec.json.decode(write_body(made)), fleet=fleet)


@given(FLEETS)
def test_what_is_stored_reads_back(fleet: Drawn) -> None:
    units, reached = built(fleet)
    made = recommend(wanted(sharing=SharingPolicy((ShareRule("a", "b", ShareLevel.NONE, 2),))), units, reached)
    row = stored(made)
    assert read_body(row) == made
    for offer in made.considered:
        assert offer_of(row, offer.unit_id) == (made.rank(offer.unit_id), offer.eta_s)


def columns(rows: object) -> dict[str, list[object]]:
    plain = msgspec.to_builtins(rows)
    return {name: [row[name] for row in plain] for name in plain[0]} if plain else {}


@given(FLEETS)
def test_what_was_stored_in_the_first_form_reads_on(fleet: Drawn) -> None:
    made = recommend(wanted(), *built(fleet))
    body = {
        "chosen": str(made.chosen) if made.chosen else None,
        "wanted": msgspec.to_builtins(made.inputs.wanted),
        "units": columns(made.inputs.units),
        "considered": columns(made.considered),
        "excluded": columns(made.excluded_because),
        "alone": [{"organisation": one.organisation, "offers": columns(one.offers)} for one in made.alone],
        "policy": made.inputs.policy,
        "network_version": "",
        "overlay_version": 0,
        "warnings": [],
    }
    row = RecommendationRow(schema=1, body=body)
    assert read_body(row) == made
    for one in made.inputs.units:
        rank = made.rank(one.id)
        assert offer_of(row, one.id) == (rank, made.considered[rank - 1].eta_s if rank else None)
    with pytest.raises(NotFound):
        read_body(RecommendationRow(schema=SCHEMA + 1, body=body))


@given(FLEETS)
def test_what_was_stored_in_the_second_form_reads_on(fleet: Drawn) -> None:
    made = recommend(wanted(), *built(fleet))
    row = stored(made)
    assert row.fleet is not None
    whole = RecommendationRow(schema=2, body={**row.body, "units": row.fleet.units})
    assert read_body(whole) == made
    for one in made.inputs.units:
        assert offer_of(whole, one.id) == offer_of(row, one.id)


def test_columns_in_which_many_say_the_same_are_stored_once() -> None:
    units = [unit(number, CIVIL if number % 3 else CORPS) for number in range(1, 201)]
    made = recommend(wanted(), units, {one.id: road(100.0 * one.id.int) for one in units})
    row = stored(made)
    assert read_body(row) == made
    assert len(write_units(made.inputs.units)) < 30_000
    assert len(write_body(made)) < 16_000
    assert row.fleet is not None
    assert row.fleet.units["party"] == {
        "usual": {"organisation": CIVIL.organisation, "system": CIVIL.system},
        "others": [[{"organisation": CORPS.organisation, "system": CORPS.system}, list(range(2, 200, 3))]],
    }


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
