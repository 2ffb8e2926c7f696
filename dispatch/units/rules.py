"""What follows from a vehicle's type. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from dispatch.units.states import UnitType


@dataclass(frozen=True, slots=True)
class VehicleSize:
    """Height and width in cm, gross weight in kg. `source` is `stated`, or where a missing figure was taken from."""

    height_cm: int
    width_cm: int
    weight_kg: int
    source: str


def _load() -> dict[UnitType, VehicleSize]:
    data = tomllib.loads(files("dispatch.units").joinpath("vehicle_sizes.toml").read_text(encoding="utf-8"))
    return {unit_type: VehicleSize(**data[unit_type], source=data["source"]) for unit_type in UnitType}


PROPOSED_SIZES: Final = _load()


@lru_cache(maxsize=4096)
def vehicle_size(
    unit_type: UnitType, height_cm: int | None, width_cm: int | None, weight_kg: int | None
) -> VehicleSize:
    """The size to route by: what is stated, and for what is not, the size proposed for the type."""
    proposed = PROPOSED_SIZES[unit_type]
    stated = None not in (height_cm, width_cm, weight_kg)
    return VehicleSize(
        height_cm=proposed.height_cm if height_cm is None else height_cm,
        width_cm=proposed.width_cm if width_cm is None else width_cm,
        weight_kg=proposed.weight_kg if weight_kg is None else weight_kg,
        source="stated" if stated else proposed.source,
    )
