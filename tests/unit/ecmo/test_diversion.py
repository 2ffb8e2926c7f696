"""Where else a patient on a circuit could be taken: ranked by seconds, proposed only where something demands it."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_diversion import FIGURES, NEEDS_SIGN_OFF, SOURCE, Haven, proposed, rank_havens
from dispatch.ecmo.states_diversion import Demand, DiversionRemark
from dispatch.hospitals.rules_status import Beds, ServiceNow
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, ServiceState

ICU, ECMO = HospitalCapability.ICU, HospitalCapability.ECMO
CENTRE, NEAR, CLINIC = UUID(int=1), UUID(int=2), UUID(int=3)


def haven(
    key: UUID,
    minutes: float | None,
    *able: HospitalCapability,
    state: ServiceState = ServiceState.OPEN,
    free: int | None = 2,
) -> Haven:
    beds = {} if free is None else {BedKind.ICU: Beds(4, free)}
    return Haven(key, {one: ServiceNow(one, state) for one in able}, beds, None if minutes is None else minutes * 60)


def test_a_centre_goes_before_a_nearer_hospital_as_far_as_half_an_hour() -> None:
    near = haven(NEAR, 15, ICU)
    assert [one.hospital_id for one in rank_havens([near, haven(CENTRE, 44, ICU, ECMO)])] == [CENTRE, NEAR]
    ranked = rank_havens([near, haven(CENTRE, 46, ICU, ECMO), haven(CLINIC, 1)])
    assert [one.hospital_id for one in ranked] == [NEAR, CENTRE, CLINIC]
    assert DiversionRemark.NO_ICU in ranked[-1].remarks
    assert ranked[-1].counted_s is None


def test_what_cannot_take_him_stands_at_the_end_and_is_told() -> None:
    told = rank_havens(
        [
            haven(CENTRE, 5, ICU, ECMO, state=ServiceState.CLOSED),
            haven(NEAR, 90, ICU, free=0),
            haven(CLINIC, None, ICU, free=None),
        ]
    )
    assert [one.hospital_id for one in told] == [NEAR, CENTRE, CLINIC]
    assert [one.remarks for one in told] == [
        (DiversionRemark.NO_ECMO, DiversionRemark.NO_BED),
        (DiversionRemark.NO_ECMO, DiversionRemark.CLOSED),
        (DiversionRemark.NO_ECMO, DiversionRemark.BED_UNKNOWN, DiversionRemark.UNREACHABLE),
    ]
    assert told[0].counted_s == 90 * 60 + FIGURES["no_ecmo_s"] + FIGURES["no_bed_s"]
    diverted = rank_havens([haven(NEAR, 10, ICU, ECMO, state=ServiceState.DIVERTED)])
    assert diverted[0].counted_s == 600 + FIGURES["diverted_s"]


def test_another_hospital_is_proposed_only_where_something_demands_it_and_it_is_sooner_by_enough() -> None:
    ranked = rank_havens([haven(NEAR, 15, ICU), haven(CENTRE, 60, ICU, ECMO)])
    assert proposed(ranked, CENTRE, ()) is None
    assert proposed(ranked, CENTRE, (Demand.ALARM,)) == NEAR
    assert proposed(ranked, NEAR, (Demand.ALARM,)) is None
    close = rank_havens([haven(NEAR, 15, ICU, ECMO), haven(CENTRE, 20, ICU, ECMO)])
    assert proposed(close, CENTRE, (Demand.OXYGEN,)) is None
    # A bed that is gone, or a hospital that is closed, makes any other better.
    assert proposed(close, CENTRE, (Demand.BED,)) == NEAR
    closed = rank_havens([haven(NEAR, 15, ICU), haven(CENTRE, 16, ICU, ECMO, state=ServiceState.CLOSED)])
    assert proposed(closed, CENTRE, (Demand.VEHICLE,)) == NEAR
    nowhere = rank_havens([haven(NEAR, None, ICU), haven(CENTRE, None, ICU, ECMO)])
    assert proposed(nowhere, CENTRE, tuple(Demand)) is None


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0, 100))
def test_who_is_nearer_never_ranks_lower_for_it(one: float, other: float, less: float) -> None:
    def place(minutes: float) -> int:
        ranked = rank_havens([haven(NEAR, minutes, ICU), haven(CENTRE, other, ICU, ECMO)])
        return [each.hospital_id for each in ranked].index(NEAR)

    assert place(max(0.0, one - less)) <= place(one)


def test_the_figures_say_whose_they_are() -> None:
    assert NEEDS_SIGN_OFF
    assert SOURCE
