"""Calls, places, people, ways and figures of a simulated day."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from factories.simulation import AKSU, ALAR, START, a_setting
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_patients import check_outcome
from dispatch.incidents.rules_texts import card_id
from dispatch.incidents.states_calls import Signal
from dispatch.incidents.states_incidents import CARDS
from dispatch.incidents.states_patients import PatientOutcome
from dispatch.simulation.rules_actions import SettlePatient, Signals
from dispatch.simulation.rules_calls import Caller, calls_of_hour, hour_before, opening_calls
from dispatch.simulation.rules_dice import Dice, poisson
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.rules_manning import readiness
from dispatch.simulation.rules_path import path_of, straight, timed
from dispatch.simulation.rules_people import crew_of, kit_of, sufferers
from dispatch.simulation.rules_places import localities_of
from dispatch.simulation.rules_setting import Setting, hospital_for
from dispatch.simulation.rules_shifts import next_shift
from dispatch.simulation.service_words import exchange_report, incident_of, outcome_of, said
from dispatch.simulation.states import FOLLOWING, CallKind
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, abilities
from dispatch.units.states import UnitType
from geo.demo.naming import document
from geo.network.attributes import StreetName
from geo.places.own import OwnPlace
from geo.points import GeoPoint
from geo.travel import Route, Source, Step, Travel, Turn

HOURS = [hour_before(START) + timedelta(hours=number) for number in range(24)]


def a_day_of_calls(setting: Setting) -> list[Caller]:
    figures, country, dice = setting.figures, setting.country, setting.dice
    return [one for begins in HOURS for one in calls_of_hour(figures, country, dice, begins, 0)]


def test_the_figures_know_every_card_and_say_that_they_are_invented() -> None:
    assert "invented" in INVENTED.source
    assert set(INVENTED.complaints) == set(CARDS)
    for card, one in INVENTED.complaints.items():
        assert card_id(card) == card
        assert sum(one.priority) == pytest.approx(100.0)
        assert sum(INVENTED.courses[one.course].outcome.values()) == pytest.approx(100.0)
    assert 0.0 < sum(INVENTED.crew.mishaps.values()) < 1.0


def test_a_day_has_about_as_many_calls_as_asked_for_fewer_at_night_and_none_of_a_real_person() -> None:
    setting = a_setting(per_day=400.0)
    calls = [
        one for begins in HOURS for one in calls_of_hour(setting.figures, setting.country, setting.dice, begins, 0)
    ]
    first = [one for one in calls if one.kind not in FOLLOWING]
    assert 320 < len(first) < 480
    by_hour = Counter((one.at + timedelta(hours=8)).hour for one in first)
    assert sum(by_hour[hour] for hour in range(3, 7)) * 2 < sum(by_hour[hour] for hour in range(11, 15))
    assert all(re.fullmatch(r"1380000\d{4}", one.phone) for one in calls)
    assert all(one.name.startswith("示例") and "示例" in one.where.words for one in calls)
    assert {one.kind for one in calls} >= set(FOLLOWING) | {CallKind.EMERGENCY, CallKind.MISDIAL}
    assert len({one.key for one in calls}) == len(calls)
    keys = {one.key for one in first}
    assert all(one.about in keys for one in calls if one.kind in FOLLOWING)


def test_the_same_hour_of_another_date_has_the_same_calls() -> None:
    setting = a_setting()
    today = calls_of_hour(setting.figures, setting.country, setting.dice, HOURS[0], 0)
    week = timedelta(days=7)
    later = calls_of_hour(setting.figures, setting.country, setting.dice, HOURS[0] + week, 0)
    assert [(one.key, one.at + week, one.where, one.complaint) for one in today] == [
        (one.key, one.at, one.where, one.complaint) for one in later
    ]


def test_whoever_watches_from_the_beginning_hears_a_call_soon() -> None:
    setting = a_setting()
    opening = opening_calls(setting.figures, setting.country, setting.dice, START)
    assert opening[0].at - START < timedelta(seconds=10)
    assert {one.kind for one in opening} == {CallKind.EMERGENCY}


def test_what_is_said_is_taken_by_the_services() -> None:
    setting = a_setting(per_day=600.0)
    calls = [
        one for begins in HOURS for one in calls_of_hour(setting.figures, setting.country, setting.dice, begins, 0)
    ]
    for one in calls:
        report = exchange_report("SIM-1", Signals(one, Signal.RINGING), one.at)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}", report.event_id)
        assert (report.position is None) == (one.position is None)
        assert said(setting.figures, one) or one.kind in (CallKind.SILENT, CallKind.ABANDONS)
    incident = incident_of(setting.figures, calls[0], UUID(int=1))
    assert "示例" in incident.note


@given(number=st.integers(1, 999_999), card=st.sampled_from(CARDS), hospital=st.booleans())
def test_patients_are_marked_as_invented_and_their_outcomes_are_whole(
    number: int, card: str, *, hospital: bool
) -> None:
    patients = sufferers(INVENTED, Dice(1), f"2026-{number:06}", card)
    assert patients == sufferers(INVENTED, Dice(1), f"2026-{number:06}", card)
    for place, patient in enumerate(patients):
        assert patient.name.startswith("示例")
        goes = hospital and patient.outcome is PatientOutcome.TRANSPORTED
        check_outcome(outcome_of(SettlePatient("x", UUID(int=1), place, patient, UUID(int=2) if goes else None)))


@given(st.floats(0.0, 40.0))
def test_counts_are_about_their_mean(mean: float) -> None:
    found = [poisson(Dice(3).of(mean, number), mean) for number in range(120)]
    assert abs(sum(found) / 120 - mean) <= 5.0 * (mean / 120) ** 0.5 + 0.1


def test_towns_count_by_their_people_and_villages_share_what_lives_around() -> None:
    village = OwnPlace("v-aksu-01", 41.2, 80.3, "village", StreetName("示例1村"))
    company = OwnPlace("k-t10-05", 40.65, 81.2, "company", StreetName("10团5连"))
    made = localities_of(document("towns.toml"), [village, company], INVENTED.places)
    by_name = {one.name: one for one in made}
    rural = INVENTED.places.rural
    assert by_name["阿克苏市"].weight == pytest.approx(715_319 * (1.0 - rural))
    assert by_name["示例1村"].weight == pytest.approx(715_319 * rural)
    assert by_name["库车市"].weight == pytest.approx(530_328), "no village is known: all live in town"
    assert by_name["10团5连"].rural
    assert {"10团", "托喀依乡", "阿拉尔市"} <= set(by_name)


def test_a_way_takes_its_time_and_each_street_its_own() -> None:
    points = [GeoPoint(lat=41.0, lon=80.0 + 0.01 * number) for number in range(5)]
    path = timed(points, [(0, 30.0), (2, 90.0), (4, 0.0)], 120.0)
    assert path.lasts_s == pytest.approx(120.0)
    assert path.at_s[2] == pytest.approx(30.0)
    assert path.place(30.0).point.lon == pytest.approx(80.02)
    assert path.place(75.0).point.lon == pytest.approx(80.03)
    assert path.place(15.0).speed_mps == pytest.approx(3.0 * path.place(75.0).speed_mps, rel=1e-3)
    assert path.place(1e9) == path.place(120.0)
    assert path.place(120.0).speed_mps == 0.0
    assert path.place(10.0).heading_deg == pytest.approx(90.0, abs=0.1)


@given(st.lists(st.tuples(st.integers(-1, 9), st.floats(0.0, 500.0)), max_size=5), st.floats(0.0, 3_000.0))
def test_times_of_a_way_never_run_back(streets: list[tuple[int, float]], eta_s: float) -> None:
    points = [AKSU, AKSU, GeoPoint(lat=41.2, lon=80.2), ALAR]
    path = timed(points, streets, eta_s)
    assert all(before <= after for before, after in pairwise(path.at_s))
    assert len(path.at_s) == len(points)
    assert path.lasts_s == pytest.approx(eta_s, abs=1e-6)


def test_a_route_becomes_a_path_and_no_route_a_straight_line() -> None:
    line = np.array([[80.26, 41.17], [80.27, 41.17], [80.27, 41.18]])
    steps = (Step(Turn.DEPART, StreetName(), 800.0, 60.0, 0), Step(Turn.ARRIVE, StreetName(), 0.0, 0.0, 2))
    path = path_of(Route(Travel(Source.ROAD, 66.0, 1_900.0), line, steps), AKSU, ALAR)
    assert path.lasts_s == pytest.approx(66.0)
    assert path.points[-1] == GeoPoint(lat=41.18, lon=80.27)
    lost = path_of(Route(Travel(Source.UNREACHABLE, None, None)), AKSU, ALAR)
    assert lost == straight(AKSU, ALAR)
    assert straight(AKSU, AKSU).lasts_s == 0.0


def test_a_fleet_stands_ready_but_for_a_few() -> None:
    names = [f"示例-{number:02}" for number in range(93)]
    ready = readiness(names, INVENTED.fleet)
    assert sum(not one.crewed for one in ready.values()) == 1
    assert sum(not one.device for one in ready.values()) == 1
    out = [one.out for one in ready.values() if one.out]
    assert len(out) == 5
    assert len(set(out)) == 3
    assert ready == readiness(names[::-1], INVENTED.fleet)
    assert all(one.crewed and one.device and not one.out for one in readiness(names[:5], INVENTED.fleet).values())


@pytest.mark.parametrize(
    ("unit_type", "special", "letters"),
    [
        (UnitType.BASIC, "", "B"),
        (UnitType.ALS, "", "AB"),
        (UnitType.ISOLATION, "", "ABG"),
        (UnitType.SPECIAL, "neonatal", "ABN"),
        (UnitType.SPECIAL, "ecmo", "ABE"),
    ],
)
def test_crew_and_kit_meet_what_the_vehicle_is_built_for(unit_type: UnitType, special: str, letters: str) -> None:
    found = abilities(letters, kit_of(letters), crew_of(unit_type, special), PROPOSED_CAPABILITIES)
    assert set(found.letters) == set(letters)


def test_a_patient_goes_where_they_can_be_helped_unless_that_is_too_far() -> None:
    setting = a_setting()
    near = hospital_for(setting.hospitals, "K36", AKSU)
    assert near is not None
    assert near.point == AKSU
    assert hospital_for((), "K36", AKSU) is None


def test_crews_change_every_twelve_hours_not_all_in_one_minute() -> None:
    setting = a_setting()
    times = [next_shift(setting, call_sign, START) for call_sign in setting.vehicles]
    assert all(timedelta(hours=1) <= time - START <= timedelta(hours=1, minutes=25) for time in times)
    assert len(set(times)) > 6
    again = next_shift(setting, "示例-00", times[0])
    assert again - times[0] == timedelta(hours=12)
    assert isinstance(again, datetime)
