"""Turn-restriction relations. Source: OSM wiki, Relation:restriction.

Read are `no_*` and `only_*`, for all vehicles or for motor vehicles, via a node or via ways. Left out and counted are
those that hold at certain hours only, that do not bind motor cars, and those with a member missing or in excess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from geo.network.raw import TurnRestriction

_KEYS: Final = ("restriction:motorcar", "restriction:motor_vehicle", "restriction")
"""The most particular first; those of buses, lorries and bicycles are not ours."""
_TIMED_KEYS: Final = ("day_on", "hour_on", "day_off", "hour_off")
_NOT_TURNS: Final = frozenset({"no_turn_on_red", "no_parking", "no_stopping"})


@dataclass(slots=True)
class RawRestriction:
    """One relation as it stands in the file: OSM ids by role."""

    kind: str
    from_ways: list[int] = field(default_factory=list)
    to_ways: list[int] = field(default_factory=list)
    via_nodes: list[int] = field(default_factory=list)
    via_ways: list[int] = field(default_factory=list)

    def add(self, member_type: str, ref: int, role: str) -> None:
        """Take one member (`n`, `w` or `r`); other roles (`location_hint`) are passed over."""
        if member_type == "w" and role == "from":
            self.from_ways.append(ref)
        elif member_type == "w" and role == "to":
            self.to_ways.append(ref)
        elif role == "via":
            (self.via_nodes if member_type == "n" else self.via_ways).append(ref)


def restriction_kind(tags: Mapping[str, str], notes: Counter[str]) -> str:
    """`no_left_turn`, `only_straight_on`… of a relation; empty (and counted) if it does not bind motor cars always."""
    value = next((tags[key] for key in _KEYS if key in tags), "")
    if not value or any(key in tags for key in _TIMED_KEYS):
        timed = any(key.endswith(":conditional") for key in tags) or any(key in tags for key in _TIMED_KEYS)
        notes["restrictions_conditional" if timed else "restrictions_of_other_vehicles"] += 1
        return ""
    excepted = {part.strip() for part in tags.get("except", "").split(";")}
    if excepted & {"motorcar", "motor_vehicle", "vehicle"}:
        notes["restrictions_of_other_vehicles"] += 1
        return ""
    if not value.startswith(("no_", "only_")) or value in _NOT_TURNS:
        notes["restrictions_unknown"] += 1
        return ""
    return value


def resolve(
    raw: Iterable[RawRestriction],
    way_nodes: Mapping[int, set[int]],
    node_index: Callable[[int], int],
    notes: Counter[str],
) -> list[TurnRestriction]:
    """Restrictions whose ways and nodes were all read. Several `from` of no_entry and `to` of no_exit are expanded.

    `way_nodes` maps the OSM id of each kept way among the members to its OSM nodes; `node_index` gives a node's row, −1
    if it was not read.
    """
    made: list[TurnRestriction] = []
    for item in raw:
        several_from = len(item.from_ways) > 1 and item.kind != "no_entry"
        several_to = len(item.to_ways) > 1 and item.kind != "no_exit"
        both_vias = bool(item.via_nodes) == bool(item.via_ways) or len(item.via_nodes) > 1
        if not item.from_ways or not item.to_ways or several_from or several_to or both_vias:
            notes["restrictions_incomplete"] += 1
            continue
        members = [*item.from_ways, *item.to_ways, *item.via_ways]
        if any(way not in way_nodes for way in members) or not _connected(item, way_nodes):
            notes["restrictions_incomplete"] += 1
            continue
        via_node = node_index(item.via_nodes[0]) if item.via_nodes else -1
        made.extend(
            TurnRestriction(from_way, to_way, via_node, tuple(item.via_ways), only=item.kind.startswith("only_"))
            for from_way in item.from_ways
            for to_way in item.to_ways
        )
    return made


def _connected(item: RawRestriction, way_nodes: Mapping[int, set[int]]) -> bool:
    """Whether the members touch each other as they must: at the via node, or along the chain of via ways."""
    if item.via_nodes:
        node = item.via_nodes[0]
        return all(node in way_nodes[way] for way in (*item.from_ways, *item.to_ways))
    inside = set[int]().union(*(way_nodes[way] for way in item.via_ways))
    return all(not inside.isdisjoint(way_nodes[way]) for way in (*item.from_ways, *item.to_ways))
