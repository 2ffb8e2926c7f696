"""What the union gains: the predicted time of the best own unit minus that of the best of both, from one look. Pure.

Both are predictions of one moment with one method, as they were stored, never a prediction against what came to be.
They are given the state that the union itself produced (who was away, and where): a difference is no cause, and says
nothing of a world without it. Intervals come from a cluster bootstrap over days, since incidents of one day share its
state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_figures import FLAG_BELOW, SUPPRESS_BELOW

DRAWS: Final = 1_000
_SEED: Final = 20_261_127
_ZONE: Final = ZoneInfo(ZONE)


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One incident's look: whose ground, the best own ETA and the best of both, seconds; None: nobody could go.

    away: how many own units were on runs for others' ground. own_if_home_s: the least ETA, estimated in a straight
    line, that one of these would have had from its station; None where none was away.
    """

    incident_id: str
    at: datetime
    organisation: str
    area: str
    own_s: float | None
    both_s: float | None
    away: int
    own_if_home_s: float | None


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """Gains and losses of a group. Seconds; shares from 0 to 1; low and high bound the mean with 95 %.

    n: incidents with both predictions; only_by_others: those that no own unit could serve, with no gain in seconds.
    losses: incidents for which an own unit that was away would have been sooner, by an estimate in a straight line;
    mean_loss_s: by how much, of these.
    """

    group: str
    key: str
    n: int
    only_by_others: int
    nobody: int
    sooner: int
    share_sooner: float | None
    mean_gain_s: float | None
    low_s: float | None
    high_s: float | None
    losses: int
    mean_loss_s: float | None
    small: bool
    suppressed: bool


def gains_of(looked: Sequence[Looked]) -> list[Gain]:
    """Return gains of all, of each organisation and of each area, in order."""
    groups: list[tuple[str, str, list[Looked]]] = [("all", "", list(looked))]
    for group in ("organisation", "area"):
        keys = sorted({getattr(one, group) for one in looked})
        groups += [(group, key, [one for one in looked if getattr(one, group) == key]) for key in keys]
    return [_gain(group, key, mine) for group, key, mine in groups]


def _gain(group: str, key: str, looked: Sequence[Looked]) -> Gain:
    both = [(one, one.own_s - one.both_s) for one in looked if one.own_s is not None and one.both_s is not None]
    gains = np.array([gain for _, gain in both])
    losses = [
        one.both_s - one.own_if_home_s
        for one in looked
        if one.own_if_home_s is not None and one.both_s is not None and one.own_if_home_s < one.both_s
    ]
    told = len(both) >= SUPPRESS_BELOW
    low, high = _interval(gains, [one.at for one, _ in both]) if told else (None, None)
    sooner = int((gains > 0).sum())
    return Gain(
        group=group, key=key, n=len(both),
        only_by_others=sum(one.own_s is None and one.both_s is not None for one in looked),
        nobody=sum(one.both_s is None for one in looked),
        sooner=sooner, share_sooner=sooner / len(both) if told else None,
        mean_gain_s=float(gains.mean()) if told else None, low_s=low, high_s=high, losses=len(losses),
        mean_loss_s=sum(losses) / len(losses) if len(losses) >= SUPPRESS_BELOW else None,
        small=len(both) < FLAG_BELOW, suppressed=0 < len(both) < SUPPRESS_BELOW,
    )  # fmt: skip


def _interval(gains: NDArray[np.float64], at: Sequence[datetime]) -> tuple[float | None, float | None]:
    """Draw whole days with replacement; None where there are fewer than two."""
    days, codes = np.unique([one.astimezone(_ZONE).date().toordinal() for one in at], return_inverse=True)
    if len(days) < 2:
        return None, None
    sums, counts = np.bincount(codes, weights=gains), np.bincount(codes)
    drawn = np.random.default_rng(_SEED).integers(0, len(days), (DRAWS, len(days)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
