from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_air import AIRCRAFT, AIRPORTS, Hop, Judgement, Objection, Weather, judge_flight
from dispatch.ecmo.rules_figures import FIGURES, NOW, Times
from dispatch.ecmo.rules_legs import Drive, Place, drivers_for, pauses_s
from dispatch.ecmo.rules_plans import Case, Plan, compare
from dispatch.ecmo.rules_retiming import retime
from dispatch.ecmo.rules_sun import is_night, night_s, sun_deg
from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_plans import (
    Hindrance,
    Known,
    LegKind,
    NoFlight,
    Phenomenon,
    PlanKind,
    PlanMark,
    Risk,
    RiskLevel,
    Sky,
    Track,
)
from geo.points import GeoPoint

DAY = datetime(2026, 6, 21, 4, 0, tzinfo=UTC)
"""Ten in the morning by the sun at Aksu."""
AKSU = Place("aksu", GeoPoint(41.17, 80.26), icu=True)
KUQA = Place("kuqa", GeoPoint(41.717, 82.959), icu=True)
XINHE = Place("xinhe", GeoPoint(41.547, 82.607))
FIXED, ROTARY = AIRCRAFT["example-fixed-1"], AIRCRAFT["example-heli-1"]
MINUTE = 60.0


def drive(minutes: float, km: float, **more: float) -> Drive:
    return Drive(Times(minutes * MINUTE, minutes * MINUTE * 1.15), km * 1000, Known.ROAD, **more)


def both(one: str, other: str, road: Drive) -> dict[tuple[str, str], Drive]:
    return {(one, other): road, (other, one): road}


DRIVES = {
    **both("aksu", "kuqa", drive(175, 260)),
    **both("aksu", "xinhe", drive(145, 220)),
    **both("kuqa", "xinhe", drive(30, 40)),
    **both("aksu", "AKU", drive(15, 14)),
    **both("kuqa", "KCA", drive(12, 8)),
    **both("kuqa", "AKU", drive(180, 270)),
    **both("aksu", "KCA", drive(170, 255)),
    ("aksu", "aksu"): drive(0, 0),
}
GOOD = Weather(DAY, 10_000, 3_000, 5, Phenomenon.NONE)
CASE = Case(
    at=DAY, mode=Mode.VV, on_circuit=False, fit_to_move=False, centre=AKSU, origin=KUQA, bed=AKSU, vias=(XINHE,),
    drives=DRIVES, vehicle=NOW, road_weather=GOOD, aircraft=(FIXED, ROTARY), airports=tuple(AIRPORTS.values()),
    weather=dict.fromkeys(AIRPORTS, GOOD),
)  # fmt: skip


def of(case: Case, kind: PlanKind) -> Plan:
    (found,) = (one for one in compare(case) if one.kind is kind)
    return found


def test_driving_there_and_back_adds_up_as_the_figures_say() -> None:
    plan = of(CASE, PlanKind.ROAD)
    assert plan.drivers == 2  # 350 min in all
    assert plan.marks[PlanMark.WHEELS].likely == 30 * MINUTE
    assert plan.marks[PlanMark.AT_PATIENT].likely == (30 + 175) * MINUTE
    assert plan.to_circuit.likely == (30 + 175 + 15 + 45) * MINUTE
    assert plan.to_bed.likely == (265 + 60 + 10 + 175 + 5 + 20) * MINUTE
    assert plan.to_circuit.slow == pytest.approx((45 + 175 * 1.15 + 25 + 70) * MINUTE)
    assert (plan.distance_m, plan.people, plan.moves_uncannulated) == (520_000, 6, False)


def test_who_is_not_fit_to_move_is_shown_such_plans_and_never_recommended_one() -> None:
    meeting = of(CASE, PlanKind.RENDEZVOUS)
    assert meeting.via == XINHE
    assert meeting.to_circuit.slow < of(CASE, PlanKind.ROAD).to_circuit.slow
    assert meeting.hindrances == (Hindrance.NOT_FIT_TO_MOVE,)
    assert {one.risk: one.level for one in meeting.risks} == {
        Risk.UNCANNULATED: RiskLevel.HIGH, Risk.NO_ICU: RiskLevel.MEDIUM, Risk.HANDLINGS: RiskLevel.MEDIUM
    }  # fmt: skip
    assert of(CASE, PlanKind.BRING).hindrances == (Hindrance.NOT_FIT_TO_MOVE,)
    assert not compare(CASE)[0].moves_uncannulated
    fit = compare(replace(CASE, fit_to_move=True, aircraft=(FIXED,)))
    assert fit[0].recommended
    assert fit[0].moves_uncannulated
    assert fit[0].hindrances == ()


def test_who_comes_first_waits_and_legs_of_one_person_never_overlap() -> None:
    for plan in compare(CASE):
        for track in Track:
            ends = 0.0
            for leg in (one for one in plan.legs if track in one.tracks):
                assert leg.begins.likely >= ends - 1e-6, (plan.kind, track, leg.kind)
                ends = leg.ends.likely
    meeting = of(CASE, PlanKind.RENDEZVOUS)
    waits = [one for one in meeting.legs if one.kind is LegKind.WAIT and one.tracks == (Track.PATIENT,)]
    assert waits[0].ends.likely == meeting.marks[PlanMark.AT_PATIENT].likely + 15 * MINUTE


def test_a_patient_on_a_circuit_is_taken_over_and_nobody_meets_half_way() -> None:
    kinds = {one.kind for one in compare(replace(CASE, on_circuit=True))}
    assert kinds == {PlanKind.ROAD, PlanKind.FIXED_WING, PlanKind.HELICOPTER}
    legs = {one.kind for one in of(replace(CASE, on_circuit=True), PlanKind.ROAD).legs}
    assert LegKind.TAKE_OVER in legs
    assert LegKind.CANNULATE not in legs


def test_without_a_vehicle_or_a_road_nothing_is_recommended_that_needs_one() -> None:
    without = compare(replace(CASE, vehicle=None, aircraft=()))
    assert not any(one.recommended for one in without)
    assert Hindrance.NO_VEHICLE in of(replace(CASE, vehicle=None), PlanKind.ROAD).hindrances
    assert compare(replace(CASE, drives={})) == ()


def test_an_aircraft_that_flies_from_afar_is_waited_for_and_judged() -> None:
    plan = of(CASE, PlanKind.FIXED_WING)
    assert plan.judgement is not None
    assert plan.judgement.sky is Sky.GO
    assert [one.kind for one in plan.legs if one.kind in (LegKind.FERRY, LegKind.FLY, LegKind.FLY_CARRYING)] == [
        LegKind.FERRY, LegKind.FLY, LegKind.FLY_CARRYING
    ]  # fmt: skip
    for shut in ({"turned_down": frozenset({FIXED.code})}, {"weather": {}}):
        again = of(replace(CASE, **shut), PlanKind.FIXED_WING)  # type: ignore[arg-type]
        assert again.hindrances == (Hindrance.FLIGHT,)
        assert not again.recommended
    assert of(CASE, PlanKind.HELICOPTER).judgement == Judgement(Sky.GO, ())


def test_of_what_two_flights_are_short_of_the_most_is_told_once() -> None:
    light = replace(ROTARY, type=replace(ROTARY.type, seats=3))
    told = of(replace(CASE, aircraft=(light,)), PlanKind.HELICOPTER).judgement
    # The team of four flies out, and five fly back.
    assert told == Judgement(Sky.NO_GO, (Objection(NoFlight.SEATS, "", 3, 5),))
    evening = DAY + timedelta(hours=9, minutes=30)
    hops = [
        Hop(AIRPORTS["AKU"], AIRPORTS["KCA"], evening, evening + timedelta(minutes=45), 4),
        Hop(AIRPORTS["KCA"], AIRPORTS["AKU"], evening + timedelta(hours=3), evening + timedelta(hours=4), 5),
    ]
    dusty = {"AKU": replace(GOOD, at=evening), "KCA": replace(GOOD, at=evening, visibility_m=1_500)}
    told = judge_flight(FIXED, hops, dusty, evening, held_open=frozenset({"KCA"}))
    # By day it needs 1600 m; by the night in which it comes back, 3000.
    assert told.objections == (Objection(NoFlight.VISIBILITY, "KCA", 1_500, 3_000),)


def test_a_flight_that_dusk_grounds_only_if_all_goes_slowly_is_told_to_be_at_risk() -> None:
    """Judged at every quarter of an hour of a day: what the slow times are short of is never kept quiet."""
    seen = set()
    for quarter in range(96):
        at = DAY + timedelta(minutes=15 * quarter)
        case = replace(CASE, at=at, weather=dict.fromkeys(AIRPORTS, replace(GOOD, at=at)), aircraft=(ROTARY,))
        plan = of(case, PlanKind.HELICOPTER)
        assert plan.judgement is not None
        at_risk = Risk.FLIGHT_LATE in {one.risk for one in plan.risks}
        slow = [one for one in plan.legs if one.kind in (LegKind.FLY, LegKind.FLY_CARRYING)]
        dark = any(
            is_night(airport.point, at + timedelta(seconds=moment.slow))
            for one in slow
            for airport, moment in ((AIRPORTS[one.start.key], one.begins), (AIRPORTS[one.goal.key], one.ends))
        )
        assert at_risk or plan.judgement.sky is not Sky.GO or not dark
        seen.add((plan.judgement.sky, at_risk))
    assert {(Sky.GO, False), (Sky.GO, True)} <= seen


def test_two_aircraft_of_one_kind_are_two_plans_and_nobody_is_brought_to_where_he_is() -> None:
    other = replace(ROTARY, code="example-heli-2")
    flown = [one.aircraft for one in compare(replace(CASE, aircraft=(ROTARY, other)))]
    assert [one.code for one in flown if one is not None] == [ROTARY.code, other.code]
    there = compare(replace(CASE, bed=KUQA, drives=DRIVES | {("kuqa", "kuqa"): drive(0, 0)}, aircraft=()))
    assert PlanKind.BRING not in {one.kind for one in there}


@pytest.mark.parametrize(
    ("weather", "why", "sky"),
    [
        (replace(GOOD, visibility_m=1_500), NoFlight.VISIBILITY, Sky.NO_GO),
        (replace(GOOD, cloud_m=100), NoFlight.CLOUD, Sky.NO_GO),
        (replace(GOOD, wind_mps=18), NoFlight.WIND, Sky.NO_GO),
        (replace(GOOD, phenomenon=Phenomenon.SANDSTORM), NoFlight.STORM, Sky.NO_GO),
        (replace(GOOD, visibility_m=None), NoFlight.WEATHER_UNKNOWN, Sky.UNKNOWN),
        (replace(GOOD, at=DAY - timedelta(minutes=61)), NoFlight.WEATHER_UNKNOWN, Sky.UNKNOWN),
    ],
)
def test_what_speaks_against_a_flight_is_told_with_its_reason(weather: Weather, why: NoFlight, sky: Sky) -> None:
    hop = Hop(AIRPORTS["AKU"], AIRPORTS["KCA"], DAY, DAY + timedelta(minutes=45), 4)
    told = judge_flight(FIXED, [hop], {"AKU": GOOD, "KCA": weather}, DAY)
    assert (told.sky, [(one.why, one.place) for one in told.objections]) == (sky, [(why, "KCA")])


def test_night_mountains_range_and_duty_ground_an_aircraft() -> None:
    night = DAY + timedelta(hours=14)
    hop = Hop(AIRPORTS["AKU"], AIRPORTS["KCA"], night, night + timedelta(minutes=45), 3)
    fresh = dict.fromkeys(AIRPORTS, replace(GOOD, at=night))
    told = {one.why for one in judge_flight(ROTARY, [hop], fresh, night).objections}
    assert told == {NoFlight.NIGHT_TYPE, NoFlight.NIGHT_AIRPORT}
    assert judge_flight(FIXED, [hop], fresh, night, held_open=frozenset({"KCA"})).sky is Sky.GO
    far = Hop(AIRPORTS["KCA"], AIRPORTS["URC"], DAY, DAY + timedelta(hours=2), 3)
    assert {one.why for one in judge_flight(ROTARY, [far], dict.fromkeys(AIRPORTS, GOOD), DAY).objections} == {
        NoFlight.ALTITUDE
    }
    late = replace(far, ends=DAY + timedelta(hours=13))
    assert NoFlight.DUTY in {one.why for one in judge_flight(FIXED, [late], {}, DAY).objections}
    over = replace(far, start=AIRPORTS["ACF"])
    assert NoFlight.RANGE in {one.why for one in judge_flight(ROTARY, [over], {}, DAY).objections}


def test_drivers_rest_and_refuel_on_long_legs() -> None:
    assert pauses_s(drive(240 * 0.9, 390), 1) == 0
    assert pauses_s(drive(250, 390), 1) == 20 * MINUTE
    assert pauses_s(drive(250, 390), 2) == 5 * MINUTE
    assert pauses_s(drive(250, 410), 1) == 20 * MINUTE  # fuel is taken meanwhile
    assert pauses_s(drive(660, 1_000), 1) == 2 * 20 * MINUTE
    assert [drivers_for([drive(120, 1)]), drivers_for([drive(121, 1), drive(120, 1)])] == [1, 2]


def test_risks_of_the_road_are_told_by_what_they_are() -> None:
    bad = {pair: replace(one, detour_s=600, mountain_m=9_000) for pair, one in DRIVES.items()}
    night = DAY + timedelta(hours=12)
    ice = Weather(night, None, None, None, Phenomenon.ICE)
    told = {one.risk: one for one in of(replace(CASE, at=night, drives=bad, road_weather=ice), PlanKind.ROAD).risks}
    assert set(told) == {Risk.NIGHT, Risk.WEATHER, Risk.CLOSURE, Risk.MOUNTAIN}
    assert (told[Risk.CLOSURE].value, told[Risk.MOUNTAIN].value) == (600, 18_000)
    unknown = of(replace(CASE, road_weather=None), PlanKind.ROAD)
    assert [one.risk for one in unknown.risks] == [Risk.WEATHER_UNKNOWN]


def test_the_sun_rises_and_sets_where_almanacs_say() -> None:
    """Aksu, 21 June 2026: the sun sets about a quarter past two UTC; at noon 72.3 degrees high."""
    aksu = GeoPoint(41.17, 80.26)
    for at, dark in ((DAY.replace(hour=14, minute=5), False), (DAY.replace(hour=14, minute=25), True)):
        assert is_night(aksu, at) is dark
    assert sun_deg(aksu, DAY.replace(hour=6, minute=41)) == pytest.approx(72.3, abs=0.1)
    evening = DAY.replace(hour=13)
    assert night_s(aksu, evening, evening + timedelta(hours=2)) == pytest.approx(45 * 60, abs=900)
    assert night_s(aksu, DAY, DAY + timedelta(hours=3)) == 0


MARKS = of(CASE, PlanKind.ROAD).marks


def test_a_plan_retimes_itself_by_what_happened_and_by_the_road() -> None:
    told = {one.mark: one for one in retime(DAY, MARKS, {}, DAY)}
    assert all(one.late_s == 0 for one in told.values())
    # Wheels a quarter of an hour late: all that follows is.
    late = DAY + timedelta(minutes=45)
    told = {one.mark: one for one in retime(DAY, MARKS, {PlanMark.WHEELS: late}, late)}
    assert {one.late_s for one in told.values()} == {15 * MINUTE}
    # On the way the road counts, not the plan.
    now = DAY + timedelta(minutes=100)
    road = {
        one.mark: one for one in retime(DAY, MARKS, {PlanMark.WHEELS: late}, now, Times(150 * MINUTE, 170 * MINUTE))
    }
    assert road[PlanMark.AT_PATIENT].likely == now + timedelta(minutes=150)
    assert road[PlanMark.BED].late_s == road[PlanMark.AT_PATIENT].late_s == 45 * MINUTE
    # What is overdue is expected now, never in the past.
    overdue = {one.mark: one for one in retime(DAY, MARKS, {}, now)}
    assert overdue[PlanMark.WHEELS].likely == now
    assert overdue[PlanMark.BED].late_s == 70 * MINUTE
    # Passed over: told as it was planned.
    there = retime(DAY, MARKS, {PlanMark.AT_PATIENT: now}, now)
    assert (there[0].mark, there[0].likely, there[0].happened) == (PlanMark.WHEELS, DAY + timedelta(minutes=30), None)


@given(st.dictionaries(st.sampled_from(list(MARKS)), st.integers(0, 1_500)), st.integers(0, 1_500))
def test_what_is_still_expected_is_never_past_nor_out_of_order(happened: dict[PlanMark, int], minute: int) -> None:
    order = sorted(happened, key=lambda mark: MARKS[mark].likely)
    times = dict(zip(order, sorted(min(one, minute) for one in happened.values()), strict=True))
    now = DAY + timedelta(minutes=minute)
    told = retime(DAY, MARKS, {mark: DAY + timedelta(minutes=one) for mark, one in times.items()}, now)
    waiting = told[max((place for place, one in enumerate(told) if one.happened), default=-1) + 1 :]
    assert all(now <= one.likely <= one.slow for one in waiting)
    assert [one.likely for one in waiting] == sorted(one.likely for one in waiting)


def test_the_figures_await_their_readers() -> None:
    assert FIGURES.version == "1"
