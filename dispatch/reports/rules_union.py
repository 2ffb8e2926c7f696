"""What the union gains: the predicted time of the best own unit minus that of the best of both, from one look. Pure.

Both are predictions of one moment with one method, as they were stored, never a prediction against what came to be.
They are given the state that the union itself produced (who was away, and where): a difference is no cause, and says
nothing of a world without it. Intervals come from a cluster bootstrap over days, since incidents of one day share its
state.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from dispatch.reports.rules_views import ZONE
from dispatch.reports.states_figures import FLAG_BELOW, SUPPRESS_BELOW

DRAWS: Final = 1_000
_SEED: Final = 20_261_127
_ZONE: Final = ZoneInfo(ZONE)


Kind = Literal["counted", "sooner", "only_by_others", "nobody", "losses"]
"""Which incidents a number of a gain is of: counted has both predictions, the others as `Gain` names them."""
Group = Literal["all", "organisation", "area"]


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

    @property
    def gain_s(self) -> float | None:
        """By how much the best of both would be sooner than the best own unit; None without both predictions."""
        return None if self.own_s is None or self.both_s is None else self.own_s - self.both_s

    @property
    def loss_s(self) -> float | None:
        """By how much an own unit that was away would have been sooner than the best of both; None: none would."""
        if self.own_if_home_s is None or self.both_s is None or self.own_if_home_s >= self.both_s:
            return None
        return self.both_s - self.own_if_home_s

    def is_of(self, kind: Kind) -> bool:
        """Whether a number of that kind counts it."""
        match kind:
            case "counted":
                return self.gain_s is not None
            case "sooner":
                return (self.gain_s or 0) > 0
            case "only_by_others":
                return self.own_s is None and self.both_s is not None
            case "nobody":
                return self.both_s is None
            case "losses":
                return self.loss_s is not None


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """Gains and losses of a group. Seconds; shares from 0 to 1; low and high bound the mean with 95 %.

    n: incidents with both predictions; only_by_others: those that no own unit could serve, with no gain in seconds.
    losses: incidents for which an own unit that was away would have been sooner, by an estimate in a straight line;
    mean_loss_s: by how much, of these.
    """

    group: Group
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
    groups: list[tuple[Group, str, list[Looked]]] = [("all", "", list(looked))]
    of: tuple[Group, ...] = ("organisation", "area")
    for group in of:
        keys = sorted({getattr(one, group) for one in looked})
        groups += [(group, key, [one for one in looked if getattr(one, group) == key]) for key in keys]
    return [_gain(group, key, mine) for group, key, mine in groups]


def behind_gain(looked: Sequence[Looked], group: Group, key: str, kind: Kind) -> list[Looked]:
    """Return the incidents of one number of `gains_of`: the largest gain or loss first, without one the newest."""
    mine = [one for one in looked if (group == "all" or getattr(one, group) == key) and one.is_of(kind)]
    mine.sort(key=lambda one: (one.at, one.incident_id), reverse=True)
    return sorted(mine, key=lambda one: -(valued(one, kind) or 0.0))


def valued(looked: Looked, kind: Kind) -> float | None:
    """The seconds by which an incident counts in a number of that kind."""
    return looked.loss_s if kind == "losses" else looked.gain_s


def _gain(group: Group, key: str, looked: Sequence[Looked]) -> Gain:
    both = [(one, gain) for one in looked if (gain := one.gain_s) is not None]
    gains = np.array([gain for _, gain in both])
    losses = [loss for one in looked if (loss := one.loss_s) is not None]
    told = len(both) >= SUPPRESS_BELOW
    low, high = _interval(gains, [one.at for one, _ in both]) if told else (None, None)
    sooner = int((gains > 0).sum())
    return Gain(
        group=group, key=key, n=len(both),
        only_by_others=sum(one.is_of("only_by_others") for one in looked),
        nobody=sum(one.is_of("nobody") for one in looked),
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
