"""Figures that are set, words for what is missing, and what tells that a unit is free."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from uuid import UUID

import pytest

from dispatch.dispatching.rules_candidates import lack_text, read_lack
from dispatch.dispatching.rules_policy import PROPOSED, read_figures
from dispatch.dispatching.rules_sharing import ShareRule, lenders_changed
from dispatch.dispatching.rules_watch import freed_by
from dispatch.dispatching.states_recommendation import ShareLevel
from dispatch.kernel.errors import Invalid
from dispatch.units.rules_capability import Missing, Part, missing_words
from dispatch.units.states import Capability

UNIT = UUID(int=9)


def test_own_figures_take_the_place_of_single_ones() -> None:
    own = read_figures('source = "示例指挥中心"\n[ranking]\nk = 5\n[assignment]\nundo_s = 12.5')
    assert (own.source, own.ranking.k, own.assignment.undo_s) == ("示例指挥中心", 5, 12.5)
    assert own.ranking.mobilise_station_s == PROPOSED.ranking.mobilise_station_s
    assert read_figures() == PROPOSED


def _shipped() -> list[tuple[str, str, str, object]]:
    """Every figure of both tables: its section ("" for none), its name, its section in the result, what ships."""
    found = []
    for package, name, into in (
        ("dispatch.dispatching", "dispatching.toml", ""),
        ("dispatch.units", "duty.toml", "duty"),
    ):
        for key, value in tomllib.loads(files(package).joinpath(name).read_text("utf-8")).items():
            if isinstance(value, dict):
                found += [(key, figure, into or key, shipped) for figure, shipped in value.items()]
            elif key != "source":
                found.append(("", key, into, value))
    return found


@pytest.mark.parametrize(("section", "name", "into", "shipped"), _shipped())
def test_every_figure_that_ships_can_be_set(section: str, name: str, into: str, shipped: object) -> None:
    own = "另一句" if isinstance(shipped, str) else 7
    text = f"[{section}]\n{name} = " if section else f"{name} = "
    told = getattr(read_figures(text + repr(own).replace("'", '"')), into)
    if into == "duty" and section:
        told = getattr(told, section)
    assert (told[name] if section == "expected_out_s" else getattr(told, name)) == own


@pytest.mark.parametrize(
    "text",
    [
        "[ranking",
        "[rankings]\nk = 3",
        "ranking = 3",
        "[ranking]\nkk = 3",
        "[ranking]\nk = 0",
        "[ranking]\nk = 1.5",
        "[assignment]\nundo_s = -1",
        "[assignment]\nundo_s = inf",
        "[assignment]\nundo_s = nan",
        '[assignment]\nundo_s = "8"',
        "[assignment]\nundo_s = true",
        "[position]\nstale_moving_s = -1",
        "[position]\nlabel_zh = 3",
        "[expected_out_s]\nholiday = 3",
        "position = 3",
        "clock_tolerance_s = true",
    ],
)
def test_figures_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_figures(text)
    assert caught.value.code == "figures.invalid"


@pytest.mark.parametrize(
    ("missing", "kept", "zh", "en"),
    [
        (Missing(Capability.ALS, Part.CREW, "physician"), "A:crew:physician", "医师", "physician"),
        (
            Missing(Capability.BLS, Part.CREW, "nurse|paramedic|physician", 2),
            "B:crew:nurse|paramedic|physician:2",
            "护士或急救员或医师 × 2",
            "nurse or paramedic or physician × 2",
        ),
        (Missing(Capability.BLS, Part.KIT, "aed"), "B:kit:aed", "自动体外除颤器", "automated external defibrillator"),
        (Missing(Capability.BLS, Part.KIT, "gone"), "B:kit:gone", "gone", "gone"),
        (
            Missing(Capability.ECMO, Part.VEHICLE, "E"),
            "E:vehicle:E",
            "车辆不具备 E 能力",
            "the vehicle is not built for E",
        ),
    ],
)
def test_what_is_missing_is_kept_as_a_code_and_told_in_words(missing: Missing, kept: str, zh: str, en: str) -> None:
    assert (lack_text(missing), read_lack(kept)) == (kept, missing)
    assert missing_words(missing) == (zh, en)


def test_what_tells_that_a_unit_can_be_sent_again() -> None:
    changed = {"unit_id": str(UNIT), "from_status": "at_hospital", "status": "returning_available"}
    assert freed_by("unit.status_changed", changed) == UNIT
    assert freed_by("unit.status_changed", changed | {"from_status": "at_station"}) is None
    assert freed_by("unit.status_changed", changed | {"status": "relief"}) is None
    assert freed_by("crew.signed_on", {"unit_id": str(UNIT)}) == UNIT
    assert freed_by("crew.signed_off", {"unit_id": str(UNIT)}) is None


def test_whose_lending_a_change_of_rules_touches() -> None:
    before = [ShareRule("a", "b"), ShareRule("b", "a")]
    assert lenders_changed(before, [before[1], before[0]]) == frozenset()
    assert lenders_changed(before, [before[0], ShareRule("b", "a", ShareLevel.NONE)]) == {"b"}
    assert lenders_changed(before, [ShareRule("b", "a"), ShareRule("c", "a")]) == {"a", "c"}
