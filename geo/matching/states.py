"""What is told to a matcher and what it answers, and the figures that it goes by."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

MOST: Final = 16
"""Places on the road that are thought possible at one time; the last row of a layer beside them is "off the road"."""
LAG: Final = 8
"""Layers after which an edge driven is settled: what comes later changes it no more."""


class Figures(NamedTuple):
    """How much is believed. Sources: Newson & Krumm 2009 ("N&K"), Valhalla's and OSRM's defaults; the rest proposed.

    Costs are natural logarithms of odds: 4.6 is one in a hundred.
    """

    map_m: float = 4.07
    """Standard deviation of a good fix from the drawn road, lanes included: N&K, Valhalla `sigma_z`."""
    radius_sigmas: float = 4.0
    """Roads further than that many standard deviations from a fix are not thought of; N&K: 200 m at most."""
    least_radius_m: float = 25.0
    most_radius_m: float = 200.0
    slack_m: float = 10.0
    """How much driven and straight distance differ on average (N&K's beta), of fixes a second apart: OSRM."""
    slack_per_gap_mps: float = 1.15
    """And how much more for every second between fixes: the slope of N&K's table of beta."""
    most_slack_m: float = 60.0
    apart_sigmas: float = 2.0
    """A fix nearer to the last that counted is looked at, but does not count: N&K; what stands still does not drive."""
    heading_deg: float = 30.0
    """Standard deviation of a moving receiver's heading from the drawn road."""
    heading_most: float = 6.0
    """So much a wrong heading costs at most: a receiver may err."""
    heading_from_mps: float = 2.5
    """Slower, a receiver's heading says nothing."""
    turn_back: float = 6.0
    """Of turning round on the road."""
    against: float = 5.0
    """Of driving against a one-way street."""
    off_road: float = 4.5
    """Of a fix off any road: a road must be further than 3 standard deviations to be less likely."""
    leave_road: float = 3.0
    """Of leaving the road, and of coming back to it."""
    beyond_m: float = 250.0
    """Driven distances are looked for up to 1.5 times the straight one and this; N&K: 2,000 m."""
    prune: float = 14.0
    """What is less likely than this beside the likeliest is forgotten."""
    restart_s: float = 180.0
    """After a longer silence nothing is known: N&K."""
    most_accuracy_m: float = 100.0
    """A fix that says it is worse is not looked at."""
    least_sure: float = 0.75
    """A place less sure than this is not told: no place rather than a wrong one."""


class Match(msgspec.Struct, frozen=True, gc=False):
    """Where a vehicle is on the road.

    share: how far along the edge, in its own direction, 0 to 1. off_m: between the fix and that place, metres.
    sure: how likely it is that edge, or one next to it in the same direction, 0 to 1. time_s: of the fix.
    """

    edge: int
    share: float
    off_m: float
    sure: float
    time_s: float


class Fixes(NamedTuple):
    """Fixes of many vehicles, each [n]: degrees, metres (radius of 68 %), degrees from north, m/s, seconds.

    NaN where the receiver told none. One vehicle's stand in the order of their times.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    accuracy_m: NDArray[np.float64]
    heading_deg: NDArray[np.float64]
    speed_mps: NDArray[np.float64]
    time_s: NDArray[np.float64]


class Matches(NamedTuple):
    """What became of fixes, each [n]; see `Match`. edge: −1 where no road is sure.

    settled: the edge driven `LAG` layers ago, by all that came since; −1 off the road, or where none has become
    settled by this fix.
    """

    edge: NDArray[np.int32]
    share: NDArray[np.float64]
    off_m: NDArray[np.float64]
    sure: NDArray[np.float64]
    settled: NDArray[np.int32]
