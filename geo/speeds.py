"""How fast a road is driven: data, not code.

`speeds.toml` beside this file holds free-flow speeds by class, surface and built-up area, the hour-of-week profile and
the emergency factors, each with its source. A region may bring its own file of the same form.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from importlib import resources
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from geo.network.attributes import EdgeFlag, RoadClass, Surface
from geo.network.model import RoadNetwork

UNREACHABLE: Final = 2**31 - 1
"""Weight of an edge that may not be driven."""
LEAST_MS: Final = 1
_MOST_MS: Final = 2**30
LOCAL_ZONE: Final = timezone(timedelta(hours=8), "Beijing")
"""Hours of the week are counted in legal time, UTC+8."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which rules bind a vehicle, and its own size.

    `emergency`: turn restrictions and legal access limits do not bind (Road Traffic Safety Law of the PRC, art. 53);
    physical ones do. Never the wrong way on a divided road; on an undivided one-way only if `contraflow_penalty`, a
    factor on the time ≥ 1, is given. `ordinary`: everything binds. A size of 0 is not checked.
    """

    name: Literal["emergency", "ordinary"]
    height_cm: int = 0
    width_cm: int = 0
    weight_kg: int = 0
    contraflow_penalty: float | None = None

    @property
    def turns_bind(self) -> bool:
        """Whether turn restrictions bind, so that the search runs on the turn-expanded graph."""
        return self.name == "ordinary"


EMERGENCY: Final = Profile("emergency")
ORDINARY: Final = Profile("ordinary")


def hour_of_week(at: datetime) -> int:
    """0 = Monday 00:00 to 01:00 in legal time … 167."""
    local = at.astimezone(LOCAL_ZONE)
    return local.weekday() * 24 + local.hour


def local_month(at: datetime) -> int:
    """1 = January … 12, in legal time."""
    return at.astimezone(LOCAL_ZONE).month


@dataclass(frozen=True)
class SpeedModel:
    """Speeds as tables: km/h by [class, urban], factors by surface, hour and profile."""

    free_flow_kmh: NDArray[np.float64]
    """[classes, 2]: rural, urban."""
    surface_factor: NDArray[np.float64]
    hour_factor: NDArray[np.float64]
    """[168, 2]: share of free flow that is left in each hour of the week, rural and urban."""
    profile_factor: dict[str, float]
    maxspeed_binds: dict[str, bool]
    limit_share: float
    """Share of a posted limit that is driven on average."""
    barrier_s: float
    """Seconds to pass a toll booth, or what must be opened for an emergency run."""
    ford_factor: float
    meta: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str | None = None) -> SpeedModel:
        """Read a TOML text; without one, the tables that ship with the program."""
        data = tomllib.loads(text or resources.files("geo").joinpath("speeds.toml").read_text("utf-8"))
        free_flow = np.zeros((max(RoadClass) + 1, 2))
        for name, (rural, urban) in data["free_flow_kmh"].items():
            free_flow[RoadClass[name.upper()]] = rural, urban
        surface = np.ones(max(Surface) + 1)
        for name, factor in data["surface_factor"].items():
            surface[Surface[name.upper()]] = factor
        hours = np.ones((168, 2))
        for column, area in enumerate(("rural", "urban")):
            week = [*[data["hour_factor"][area]["weekday"]] * 5, *[data["hour_factor"][area]["weekend"]] * 2]
            hours[:, column] = np.concatenate([np.array(day, dtype=np.float64) for day in week])
        return cls(
            free_flow_kmh=free_flow,
            surface_factor=surface,
            hour_factor=hours,
            profile_factor=data["profile"]["factor"],
            maxspeed_binds=data["profile"]["maxspeed_binds"],
            limit_share=data["profile"]["limit_share"],
            barrier_s=data["barrier_s"],
            ford_factor=data["ford_factor"],
            meta=data["meta"],
        )

    def weights_ms(
        self, network: RoadNetwork, profile: Profile, hour: int | None = None, month: int | None = None
    ) -> NDArray[np.int32]:
        """[E] time to drive each edge in whole milliseconds, `UNREACHABLE` where the profile may not.

        `hour` 0…167 is the hour of the week, None free flow; `month` 1…12 closes seasonal roads, None none of them.
        """
        flags = network.edge_flags
        urban = network.edge_has(EdgeFlag.URBAN).astype(np.int64)
        speed = self.free_flow_kmh[network.edge_class, urban] * self.surface_factor[network.edge_surface]
        limit = network.edge_maxspeed_kmh.astype(np.float64)
        posted = limit > 0
        # A posted limit tells more of a road than its class does; unpaved surfaces still slow it.
        on_limit = limit * self.limit_share * self.surface_factor[network.edge_surface]
        speed = np.where(posted, on_limit, speed)
        speed = speed * self.profile_factor[profile.name]
        ferry = network.edge_class == RoadClass.FERRY
        if self.maxspeed_binds[profile.name]:
            speed = np.where(posted, np.minimum(speed, limit), speed)
        speed = np.where(network.edge_has(EdgeFlag.FORD), speed * self.ford_factor, speed)
        if hour is not None:
            speed = speed * self.hour_factor[hour][urban]
        # A ferry keeps its timetable: no siren and no rush hour changes it.
        timetable = np.where(posted, limit, self.free_flow_kmh[RoadClass.FERRY, 0])
        speed = np.where(ferry, timetable, speed)
        with np.errstate(divide="ignore"):
            time_ms = network.edge_length_m * 3600.0 / np.maximum(speed, 1e-6)
        barrier = network.edge_class == RoadClass.BARRIER
        stopped_at = barrier & network.edge_has(EdgeFlag.TOLL | EdgeFlag.NO_ORDINARY)
        time_ms = np.where(stopped_at, self.barrier_s * 1000.0, time_ms)
        contraflow = network.edge_has(EdgeFlag.CONTRAFLOW)
        if profile.contraflow_penalty is not None:
            time_ms = np.where(contraflow, time_ms * max(1.0, profile.contraflow_penalty), time_ms)
        weights = np.clip(np.rint(time_ms), LEAST_MS, _MOST_MS).astype(np.int32)
        shut = (flags & np.uint32(EdgeFlag.BLOCKED)) != 0
        if profile.contraflow_penalty is None or profile.turns_bind:
            shut |= contraflow
        if profile.turns_bind:
            shut |= network.edge_has(EdgeFlag.NO_ORDINARY)
        if month is not None:
            shut |= (network.edge_closed_months >> np.uint16(month - 1)) & 1 != 0
        for size, limits in (
            (profile.height_cm, network.edge_max_height_cm),
            (profile.width_cm, network.edge_max_width_cm),
            (profile.weight_kg, network.edge_max_weight_kg),
        ):
            if size:
                shut |= (limits > 0) & (limits < size)
        weights[shut] = UNREACHABLE
        return weights
