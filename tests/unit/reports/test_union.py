"""Gains of the union: of predictions of one moment, by day-clustered bootstrap, with losses beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest
from factories.records import MONDAY

from dispatch.reports.rules_union import Group, Kind, Looked, behind_gain, gains_of


def _looked(day: int, own_s: float | None, both_s: float | None, **told: Any) -> Looked:  # noqa: ANN401
    usual = {"incident_id": "i", "organisation": "civil", "area": "c1", "away": 0, "own_if_home_s": None}
    filled = {**usual, **told}
    return Looked(at=MONDAY + timedelta(days=day, hours=9), own_s=own_s, both_s=both_s, **filled)


def test_a_gain_is_the_best_own_time_less_the_best_of_both() -> None:
    rows = [_looked(day, 600.0, 480.0) for day in range(10)] + [_looked(day, 600.0, 600.0) for day in range(10)]
    rows += [_looked(0, None, 900.0), _looked(1, None, None)]
    whole = gains_of(rows)[0]
    assert (whole.n, whole.only_by_others, whole.nobody) == (20, 1, 1)
    assert (whole.sooner, whole.share_sooner, whole.mean_gain_s) == (10, 0.5, 60.0)
    # Every day is like every other: drawing days changes nothing.
    assert (whole.low_s, whole.high_s) == (60.0, 60.0)


def test_days_that_differ_widen_the_interval_and_its_draws_are_the_same_each_time() -> None:
    rows = [_looked(day, 600.0, 600.0 - 100.0 * (day % 2)) for day in range(20)]
    whole = gains_of(rows)[0]
    assert whole == gains_of(rows)[0]
    assert whole.low_s is not None
    assert whole.high_s is not None
    assert 20.0 < whole.low_s < 50.0 < whole.high_s < 80.0


def test_losses_and_groups_stand_beside() -> None:
    away = [_looked(day, 900.0, 800.0, away=1, own_if_home_s=500.0) for day in range(6)]
    other = [_looked(day, 300.0, 300.0, organisation="corps", area="c2") for day in range(3)]
    told = {(one.group, one.key): one for one in gains_of([*away, *other])}
    assert (told["organisation", "civil"].losses, told["organisation", "civil"].mean_loss_s) == (6, 300.0)
    assert (told["area", "c2"].suppressed, told["area", "c2"].mean_gain_s) == (True, None)
    assert told["all", ""].mean_gain_s == pytest.approx(600 / 9)
    assert gains_of([])[0].mean_gain_s is None


def test_every_number_opens_the_incidents_that_it_counts() -> None:
    looked = [
        _looked(0, 600.0, 480.0, incident_id="sooner"),
        _looked(1, 600.0, 300.0, incident_id="much-sooner", area="c2"),
        _looked(2, 600.0, 600.0, incident_id="same"),
        _looked(3, 500.0, 500.0, incident_id="same-later", organisation="corps"),
        _looked(4, None, 900.0, incident_id="others", area="c2"),
        _looked(5, None, None, incident_id="nobody"),
        _looked(6, 900.0, 800.0, incident_id="lost", own_if_home_s=500.0),
        _looked(7, 900.0, 900.0, incident_id="lost-more", own_if_home_s=100.0),
        _looked(8, 900.0, 800.0, incident_id="home-is-further", own_if_home_s=850.0),
    ]

    def ids(kind: Kind, group: Group = "all", key: str = "") -> list[str]:
        return [one.incident_id for one in behind_gain(looked, group, key, kind)]

    # The largest first; of those without any, the newest.
    assert ids("sooner") == ["much-sooner", "sooner", "home-is-further", "lost"]
    assert ids("counted") == [*ids("sooner"), "lost-more", "same-later", "same"]
    assert ids("losses") == ["lost-more", "lost"]
    assert (ids("only_by_others"), ids("nobody")) == (["others"], ["nobody"])
    assert ids("counted", "area", "c2") == ["much-sooner"]
    assert ids("counted", "organisation", "corps") == ["same-later"]
    for one in gains_of(looked):
        told = {kind: len(behind_gain(looked, one.group, one.key, kind)) for kind in get_args(Kind)}
        assert told == {
            "counted": one.n, "sooner": one.sooner, "only_by_others": one.only_by_others, "nobody": one.nobody,
            "losses": one.losses,
        }  # fmt: skip
