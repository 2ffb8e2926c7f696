"""Figures of emergency rooms: those that ship, and own ones in their place."""

from __future__ import annotations

import pytest

from dispatch.kernel.errors import Invalid
from dispatch.receiving.rules_emergency import PROPOSED, check_clock, check_item, in_force, read_emergency
from dispatch.receiving.states import Pathway
from dispatch.receiving.states_emergency import Begins, Centre


def test_every_centre_has_clocks_and_every_pathway_something_to_prepare() -> None:
    for centre in Centre:
        clocks = PROPOSED.clocks_of(centre)
        assert len(clocks) >= 2
        assert all(0 < one.warn_s <= one.target_s for one in clocks)
    assert (PROPOSED.clocks["door_to_balloon"].target_s, PROPOSED.clocks["door_to_needle"].target_s) == (5400, 3600)
    assert PROPOSED.clocks["contact_to_ecg"].begins is Begins.CONTACT
    assert PROPOSED.items_of(Pathway.POISONING) == PROPOSED.items_of(Pathway.GENERAL)
    for pathway in Pathway:
        items = PROPOSED.items_of(pathway)
        assert len(set(items)) == len(items) >= 3
    assert "sign-off" in PROPOSED.source


def test_own_figures_stand_in_place_of_those_that_ship() -> None:
    own = read_emergency(
        'source = "示例主任"\n[prealert]\nescalate_s = 60\n[clocks.door_to_ct]\ntarget_s = 1200\n'
        '[preparation]\nchest = ["bed"]\n'
    )
    assert (own.source, own.escalate_s, own.wait_s) == ("示例主任", 60.0, PROPOSED.wait_s)
    assert own.clocks["door_to_ct"].target_s == 1200
    assert own.items_of(Pathway.CHEST) == ("bed",)
    assert in_force({type(own): own}) is own
    assert in_force({}) is PROPOSED


@pytest.mark.parametrize(
    "text",
    [
        "[prealert]\nescalate_s = 0\n",
        "[handover]\nwait_s = 0\n",
        '[clocks.door_to_ct]\ncentre = "kitchen"\n',
        "[clocks.door_to_ct]\nwarn_s = 9000\n",
        "[clocks.door_to_tea]\ntarget_s = 60\n",
    ],
)
def test_figures_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_emergency(text)
    assert refused.value.code == "figures.invalid"


def test_a_clock_of_another_centre_and_an_unknown_item_are_refused() -> None:
    check_clock(PROPOSED, Centre.STROKE, "door_to_needle")
    check_item(PROPOSED, "cath_lab")
    with pytest.raises(Invalid, match="no clock"):
        check_clock(PROPOSED, Centre.CHEST, "door_to_needle")
    with pytest.raises(Invalid, match="to prepare"):
        check_item(PROPOSED, "tea")
