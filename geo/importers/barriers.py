"""What stands on a road at one point: gates, bollards, height frames, fords, toll booths.

Two questions: can wheels pass (BLOCKED), and may ordinary traffic (NO_ORDINARY). A barrier that everybody passes leaves
no trace. Source: OSM wiki, Key:barrier, Key:locked, Key:bollard, Key:ford.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from geo.importers import access
from geo.importers.tags import LIMIT_KEYS, read_limits
from geo.importers.wordlists import words
from geo.network.attributes import EdgeFlag
from geo.network.raw import Barrier

SOLID: Final = frozenset(
    words(
        "bollard block jersey_barrier log debris cycle_barrier motorcycle_barrier turnstile full-height_turnstile"
        " kissing_gate stile horse_stile wicket_gate chain rope sump_buster bus_trap spikes planter tank_trap tyres"
        " wall fence hedge ditch guard_rail retaining_wall wedge delineators barrier_board rock boulder"
    )
)
"""No vehicle passes, unless a tag of the barrier itself says that it does."""
OPENING: Final = frozenset(
    words(
        "gate lift_gate swing_gate sliding_gate sliding_beam hampshire_gate double_swing_gate bump_gate cable_gate"
        " spring_gate"
    )
)
"""Can be opened: only a lock or the law keeps it shut."""
PASSABLE: Final = frozenset(
    words(
        "toll_booth cattle_grid border_control checkpoint entrance kerb rumble_strip sally_port height_restrictor"
        " width_restrictor speed_camera coupure gate_open no yes"
    )
)
"""Passed by all; frames bring their own limits. A bare `barrier=yes` says too little to close a road."""

NODE_KEYS: Final = frozenset({"barrier", "ford", *LIMIT_KEYS})


def read_barrier(tags: Mapping[str, str], node: int) -> Barrier | None:
    """The barrier that a node is, with `node` as its index; None if everybody passes."""
    kind = tags.get("barrier", "")
    flags = EdgeFlag(0)
    if kind in SOLID:
        flags = _solid(tags)
    elif kind in OPENING:
        flags = _opening(tags)
    elif kind == "toll_booth":
        flags = EdgeFlag.TOLL | _by_law(tags)
    elif kind in PASSABLE:
        flags = _by_law(tags)
    if tags.get("ford", "no") not in {"no", ""}:
        flags |= EdgeFlag.FORD
    # Signs at a node hold for it alone, barrier or not.
    limits = read_limits(tags)
    if not flags and not (limits.height_cm or limits.width_cm or limits.weight_kg):
        return None
    return Barrier(node, flags, limits.height_cm, limits.width_cm, limits.weight_kg)


def _solid(tags: Mapping[str, str]) -> EdgeFlag:
    if tags.get("emergency") in access.EMERGENCY_OPEN:
        # Crews have the key or the remote control (removable and rising bollards, chains).
        return EdgeFlag.NO_ORDINARY
    # `access=yes` on a bollard speaks of walkers; only a vehicle mode says that cars pass.
    return _by_law(tags) if access.motor_allowed(tags) else EdgeFlag.BLOCKED


def _opening(tags: Mapping[str, str]) -> EdgeFlag:
    if tags.get("emergency") in access.EMERGENCY_OPEN:
        shut = tags.get("locked") == "yes" or access.ordinary_level(tags) > 0
        return EdgeFlag.NO_ORDINARY if shut else EdgeFlag(0)
    if tags.get("locked") == "yes":
        return EdgeFlag.BLOCKED
    return _by_law(tags)


def _by_law(tags: Mapping[str, str]) -> EdgeFlag:
    level = access.ordinary_level(tags)
    if level == 0:
        return EdgeFlag(0)
    if level == 1:
        return EdgeFlag.PRIVATE_ROAD
    return EdgeFlag.NO_ORDINARY | (EdgeFlag.BLOCKED if tags.get("emergency") == "no" else EdgeFlag(0))
