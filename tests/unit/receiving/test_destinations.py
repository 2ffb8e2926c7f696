"""Where to take a patient: centres, by-passes, diversions, and what cannot be held."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.hospitals.rules_status import Beds, ServiceNow
from dispatch.hospitals.states import HospitalCapability
from dispatch.hospitals.states_status import BedKind, ServiceState
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.receiving.rules import PROPOSED, Option, check_answer, check_choice, rank, read_receiving
from dispatch.receiving.states import Answer, Pathway, Remark, Unheld

NEAR, FAR, THIRD = (UUID(int=number) for number in (1, 2, 3))
CHEST, PCI, EMERGENCY = HospitalCapability.CHEST_PAIN, HospitalCapability.PCI, HospitalCapability.EMERGENCY
STATES: dict[str, ServiceState] = {"": ServiceState.OPEN, "~": ServiceState.DIVERTED, "x": ServiceState.CLOSED}


def hospital(
    key: UUID, eta_s: float | None, offers: str = "", *, free: int | None = None, estimate: bool = False
) -> Option:
    """`offers`: services, with ~ in front when diverted, x when closed; an emergency department stands by itself."""
    services = {EMERGENCY: ServiceNow(EMERGENCY, ServiceState.OPEN)}
    for word in offers.split():
        mark = word[0] if word[0] in "~x" else ""
        service = HospitalCapability(word.removeprefix(mark))
        services[service] = ServiceNow(service, STATES[mark])
    beds = {} if free is None else {kind: Beds(20, free) for kind in BedKind}
    return Option(key, services, beds, eta_s, estimate)


def order(options: Collection[Option], pathway: Pathway = Pathway.CHEST, unheld: Unheld | None = None) -> list[UUID]:
    return [one.hospital_id for one in rank(list(options), pathway, unheld).ranked]


def test_a_centre_goes_before_a_nearer_hospital_as_far_as_the_pathway_allows() -> None:
    limit = PROPOSED.pathways[Pathway.CHEST].bypass_s
    near = hospital(NEAR, 600)
    within = rank([near, hospital(FAR, 600 + limit - 1, "chest_pain pci")], Pathway.CHEST)
    assert [one.hospital_id for one in within.ranked] == [FAR, NEAR]
    assert set(within.ranked[0].remarks) >= {Remark.CENTRE, Remark.BETTER, Remark.BYPASS}
    assert set(within.ranked[1].remarks) >= {Remark.NO_CENTRE, Remark.NEAREST}
    assert order([near, hospital(FAR, 600 + limit + 1, "chest_pain pci")]) == [NEAR, FAR]


def test_of_two_centres_the_better_one_is_worth_its_seconds() -> None:
    worth = PROPOSED.pathways[Pathway.CHEST].better_s
    plain = hospital(NEAR, 600, "chest_pain")
    assert order([plain, hospital(FAR, 600 + worth - 1, "chest_pain pci")]) == [FAR, NEAR]
    assert order([plain, hospital(FAR, 600 + worth + 1, "chest_pain pci")]) == [NEAR, FAR]
    assert order([plain, hospital(FAR, 700, "chest_pain ~pci")]) == [NEAR, FAR]


@pytest.mark.parametrize("unheld", Unheld)
def test_what_cannot_be_held_goes_to_the_nearest_that_is_open(unheld: Unheld) -> None:
    options = [hospital(FAR, 601, "chest_pain pci"), hospital(NEAR, 600), hospital(THIRD, 300, "xemergency")]
    found = rank(options, Pathway.ARREST, unheld)
    assert [one.hospital_id for one in found.ranked] == [NEAR, FAR, THIRD]
    assert Remark.NEAREST_RULE in found.ranked[0].remarks
    assert found.ranked[2].counted_s is None


def test_a_diversion_warns_and_hides_nobody() -> None:
    diverted = hospital(NEAR, 600, "~chest_pain")
    assert order([diverted, hospital(FAR, 600 + PROPOSED.figures.diverted_s - 1, "chest_pain")]) == [FAR, NEAR]
    assert order([diverted, hospital(FAR, 600 + PROPOSED.figures.diverted_s + 1, "chest_pain")]) == [NEAR, FAR]
    assert Remark.DIVERTED in rank([diverted], Pathway.CHEST).ranked[0].remarks
    overruled = ServiceNow(CHEST, ServiceState.OPEN, overruled=True)
    option = Option(NEAR, {EMERGENCY: ServiceNow(EMERGENCY, ServiceState.OPEN), CHEST: overruled}, {}, 600)
    assert Remark.OVERRULED in rank([option], Pathway.CHEST).ranked[0].remarks


def test_a_closed_service_makes_no_centre() -> None:
    found = rank([hospital(NEAR, 600, "xchest_pain"), hospital(FAR, 900, "chest_pain")], Pathway.CHEST)
    assert [one.hospital_id for one in found.ranked] == [FAR, NEAR]
    assert set(found.ranked[1].remarks) >= {Remark.CLOSED, Remark.NO_CENTRE}


def test_beds_count_where_they_are_known() -> None:
    full, free = (
        hospital(NEAR, 600, "stroke", free=0),
        hospital(FAR, 600 + PROPOSED.figures.no_bed_s - 1, "stroke", free=1),
    )
    found = rank([full, free], Pathway.STROKE)
    assert [(one.hospital_id, one.free_beds) for one in found.ranked] == [(FAR, 1), (NEAR, 0)]
    assert Remark.NO_BED in found.ranked[1].remarks
    assert Remark.BED_UNKNOWN in rank([hospital(NEAR, 1, "stroke")], Pathway.STROKE).ranked[0].remarks


def test_no_straight_line_goes_before_a_road_and_nobody_is_left_out() -> None:
    options = [
        hospital(NEAR, 1, "stroke", estimate=True), hospital(FAR, 9_000), hospital(THIRD, None, "stroke")
    ]  # fmt: skip
    found = rank(options, Pathway.STROKE)
    assert [one.hospital_id for one in found.ranked] == [FAR, NEAR, THIRD]
    assert found.first == FAR
    assert rank([options[2]], Pathway.STROKE).first is None
    assert rank([], Pathway.STROKE).first is None


OFFERS = st.sets(st.sampled_from(["chest_pain", "~chest_pain", "xchest_pain", "pci", "~emergency", "xemergency"]))
OPTION = st.tuples(st.one_of(st.none(), st.integers(0, 9_999)), OFFERS, st.one_of(st.none(), st.integers(0, 2)))
PATIENT = st.tuples(st.sampled_from(Pathway), st.one_of(st.none(), st.sampled_from(Unheld)))


@given(st.lists(OPTION, max_size=6), PATIENT)
def test_everybody_is_ranked_once_and_a_longer_way_helps_nobody(
    drawn: list[tuple[int | None, set[str], int | None]], patient: tuple[Pathway, Unheld | None]
) -> None:
    options = [
        hospital(UUID(int=row), eta, " ".join(sorted(offers)), free=free)
        for row, (eta, offers, free) in enumerate(drawn, 1)
    ]
    before = order(options, *patient)
    assert sorted(before) == [one.hospital_id for one in options]
    for one in options:
        if one.eta_s is None:
            continue
        longer = Option(one.hospital_id, one.services, one.beds, one.eta_s + 1_000)
        after = order([longer if other is one else other for other in options], *patient)
        assert after.index(one.hospital_id) >= before.index(one.hospital_id)


def test_every_pathway_has_its_figures_and_cards_lead_to_them() -> None:
    assert set(PROPOSED.pathways) == set(Pathway)
    assert all(0 <= one.bypass_s <= 7200 for one in PROPOSED.pathways.values())
    assert {f"K{number:02}" for number in range(1, 37)} >= set(PROPOSED.cards)
    assert (PROPOSED.pathway_of("K03"), PROPOSED.pathway_of("K36"), PROPOSED.pathway_of("")) == (
        Pathway.CHEST,
        Pathway.GENERAL,
        Pathway.GENERAL,
    )


def test_another_than_the_first_needs_a_reason() -> None:
    ranking = rank([hospital(NEAR, 1), hospital(FAR, 2)], Pathway.GENERAL)
    assert check_choice(ranking, NEAR, has_reason=False) == 1
    assert check_choice(ranking, FAR, has_reason=True) == 2
    for key, code in ((FAR, "destination.reason"), (THIRD, "destination.hospital")):
        with pytest.raises(Invalid) as refused:
            check_choice(ranking, key, has_reason=False)
        assert refused.value.code == code


def test_a_hospital_refuses_only_by_naming_one_that_has_accepted() -> None:
    check_answer(Answer.ACCEPTED, NEAR, None, frozenset())
    check_answer(Answer.ADVISED, NEAR, FAR, frozenset())
    check_answer(Answer.REFUSED, NEAR, FAR, frozenset({FAR}))
    with pytest.raises(Conflict, match="has not accepted"):
        check_answer(Answer.REFUSED, NEAR, FAR, frozenset({THIRD}))
    for answer, other in (
        (Answer.ACCEPTED, FAR),
        (Answer.ADVISED, None),
        (Answer.REFUSED, None),
        (Answer.ADVISED, NEAR),
    ):
        with pytest.raises(Invalid):
            check_answer(answer, NEAR, other, frozenset({FAR}))


def test_own_figures_count_and_cards_may_be_added() -> None:
    own = read_receiving('source = "示例医学主任"\n[pathways.chest]\nbypass_s = 60\n[cards]\nK36 = "child"')
    assert (own.source, own.pathways[Pathway.CHEST].bypass_s, own.pathway_of("K36")) == (
        "示例医学主任",
        60,
        Pathway.CHILD,
    )
    assert own.pathways[Pathway.STROKE] == PROPOSED.pathways[Pathway.STROKE]
    options = [hospital(NEAR, 600), hospital(FAR, 900, "chest_pain pci")]
    assert rank(options, Pathway.CHEST).first == FAR
    assert rank(options, Pathway.CHEST, None, own).first == NEAR


@pytest.mark.parametrize(
    "text",
    [
        "[pathways.broken_heart]\nbypass_s = 1",
        '[pathways.chest]\nneeds = "magic"',
        '[pathways.chest]\nbetter = "pci"',
        '[pathways.chest]\nbed = "ward"',
        '[cards]\nK01 = "nowhere"',
        "cards = 3",
        "[figures]\nno_bed_s = -1",
        "[figures",
    ],
)
def test_own_figures_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_receiving(text)
    assert caught.value.code == "figures.invalid"
