from __future__ import annotations

import itertools
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from dispatch.clinical.rules_limits import LIMITS, read_limits
from dispatch.clinical.rules_signals import SIGNALS, Plausible, judge


def shipped() -> dict[str, Any]:
    return tomllib.loads(files("dispatch.clinical").joinpath("limits.toml").read_text(encoding="utf-8"))


def test_every_limit_can_be_met_and_is_over_further_in() -> None:
    for limit in LIMITS.limits.values():
        signal = SIGNALS.by_name[limit.signal]
        step = 10**-signal.decimals
        beyond = limit.bound + step if limit.is_upper else limit.bound - step
        assert limit.is_beyond(beyond)
        assert not limit.is_beyond(limit.bound)
        assert limit.is_clear(limit.clears)
        assert not limit.is_clear(beyond)
        assert judge(signal, beyond) is not Plausible.HARD


def test_what_is_worse_ranks_higher() -> None:
    ranks = {"high": 0, "medium": 1, "low": 2}
    for limits in LIMITS.by_signal.values():
        for is_upper in (True, False):
            side = sorted(
                (one for one in limits if one.is_upper is is_upper), key=lambda one: one.bound * (1 if is_upper else -1)
            )
            priorities = [ranks[one.priority] for one in side]
            assert priorities == sorted(priorities, reverse=True)


def test_nothing_is_signed_off_yet() -> None:
    assert LIMITS.signed_off_by == ""
    assert [band.signed_off_by for band in LIMITS.bands] == [""] * 5
    ages = [(band.from_years, band.to_years) for band in LIMITS.bands]
    assert ages[0][0] == 0
    assert ages[-1][1] == 15
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(ages))


@pytest.mark.parametrize(
    "changes",
    [
        {"above": 40},
        {"clears": 39},
        {"below": None},
        {"signal": "mood"},
    ],
)
def test_figures_that_contradict_themselves_are_refused(changes: dict[str, Any]) -> None:
    data = shipped()
    limit = data["limits"]["heart_rate_very_low"] | changes
    data["limits"]["heart_rate_very_low"] = {name: value for name, value in limit.items() if value is not None}
    with pytest.raises((ValueError, KeyError)):
        read_limits(data)
