"""Draws a town's lattice on the canvas: streets, alleys, roundabouts, underpasses, turn restrictions, gates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from geo.demo.canvas import Canvas
from geo.demo.grid import Cell, Lattice, Street
from geo.demo.plane import Point
from geo.network.attributes import Direction, EdgeFlag, RoadAttributes, RoadClass, StreetName, Surface
from geo.network.raw import Barrier, TurnRestriction

_RING_M: Final = 28.0
_APPROACH_M: Final = 450.0
_ALLEY_SHARE: Final = 0.72
_ALLEY: Final = RoadAttributes(RoadClass.SERVICE, Surface.PAVED)
_TURNS: Final = {"E": (1, 0), "N": (0, 1), "W": (-1, 0), "S": (0, -1)}
_BOLLARD_EVERY: Final = 97
"""Every so many through alleys have a bollard; the next one has a lift gate that the law closes to through traffic."""


@dataclass(slots=True)
class Town:
    """A drawn town: its lattice nodes, the ends of its avenues, and what alleys need."""

    lattice: Lattice
    nodes: dict[Cell, int]
    rings: dict[Cell, dict[str, int]] = field(default_factory=dict)
    middles: dict[tuple[Cell, str], int] = field(default_factory=dict)
    """Nodes half-way along a stretch (cell, E or N) where an alley begins."""
    piece: dict[tuple[Cell, str], int] = field(default_factory=dict)
    """Stroke that leaves a cell in a direction, where streets are cut for a turn restriction."""
    gates: dict[str, int] = field(default_factory=dict)
    approaches: dict[str, int] = field(default_factory=dict)

    def corner(self, cell: Cell, direction: str) -> int:
        """The node where a street that leaves `cell` in `direction` begins."""
        ring = self.rings.get(cell)
        return ring[direction] if ring else self.nodes[cell]

    def near(self, u: float, v: float) -> int:
        """The lattice node nearest to a place given as −1…1 of the town's half width and height."""
        x = self.lattice.xs[self.lattice.column_at(u)]
        y = self.lattice.ys[self.lattice.row_at(v)]

        def gap(cell: Cell) -> tuple[float, Cell]:
            return (self.lattice.xs[cell[0]] - x) ** 2 + (self.lattice.ys[cell[1]] - y) ** 2, cell

        return self.nodes[min((cell for cell in self.nodes if cell not in self.rings), key=gap)]

    def rim(self) -> list[int]:
        """Nodes at the town's edge, where country roads end."""
        steps = _TURNS.values()
        cells = self.lattice.cells
        return [
            self.corner(cell, "E")
            for cell in sorted(cells)
            if any((cell[0] + step[0], cell[1] + step[1]) not in cells for step in steps)
        ]

    def outward(self, gate: str) -> Point:
        """Unit vector out of the town through a gate."""
        turn = math.radians(self.lattice.spec.angle_deg)
        step = _TURNS[gate]
        return (
            step[0] * math.cos(turn) - step[1] * math.sin(turn),
            step[0] * math.sin(turn) + step[1] * math.cos(turn),
        )

    def approach(self, canvas: Canvas, towards: Point, attributes: RoadAttributes, name: StreetName) -> tuple[int, str]:
        """The node outside the gate that faces `towards`, with its short road into town; where roads begin."""
        here = self.lattice.spec.centre
        away = (towards[0] - here[0], towards[1] - here[1])
        gate = max(self.gates, key=lambda g: away[0] * self.outward(g)[0] + away[1] * self.outward(g)[1])
        if gate not in self.approaches:
            x, y = canvas.point(self.gates[gate])
            out = self.outward(gate)
            node = canvas.node(x + _APPROACH_M * out[0], y + _APPROACH_M * out[1])
            canvas.stroke([self.gates[gate], node], attributes, name)
            self.approaches[gate] = node
        return self.approaches[gate], gate


def draw_town(canvas: Canvas, lattice: Lattice, special: dict[str, Any]) -> Town:
    """Draw everything of one town. `special` is its table row: roundabouts, underpasses, restrictions."""
    rings = [(lattice.column_at(r["column"]), lattice.row_at(r["row"])) for r in special.get("roundabouts", ())]
    town = Town(lattice, {cell: canvas.node(*lattice.cell_point(cell)) for cell in sorted(lattice.cells)})
    for cell in rings:
        _draw_ring(canvas, town, cell)
    alleys = [] if lattice.spec.rural else _plan_alleys(canvas, town)
    limits: dict[tuple[Cell, str], int] = {}
    for item in special.get("underpasses", ()):
        cell = (lattice.column_at(item["column"]), lattice.row_at(item["row"]))
        lattice.gaps.discard(cell)
        limits[cell, "N"] = item["max_height_cm"]
    wanted = list(special.get("restrictions", ()))
    cuts = {(lattice.column_at(item["column"]), lattice.row_at(item["row"])) for item in wanted}
    for row, street in enumerate(lattice.rows):
        _draw_street(canvas, town, street, list(_row_steps(lattice, row)), (limits, cuts))
    for column, street in enumerate(lattice.columns):
        _draw_street(canvas, town, street, list(_column_steps(lattice, column)), (limits, cuts))
    for number, nodes in enumerate(alleys):
        canvas.stroke(nodes, _ALLEY)
        if len(nodes) > 2 and number % _BOLLARD_EVERY < 2:
            flag = EdgeFlag.BLOCKED if number % _BOLLARD_EVERY == 0 else EdgeFlag.NO_ORDINARY
            canvas.barriers.append(Barrier(nodes[1], flag))
    for item in wanted:
        _restrict(canvas, town, item)
    _set_gates(town)
    return town


def _draw_ring(canvas: Canvas, town: Town, cell: Cell) -> None:
    x, y = canvas.point(town.nodes[cell])
    turn = math.radians(town.lattice.spec.angle_deg)
    ring: dict[str, int] = {}
    nodes: list[int] = []
    for eighth in range(8):  # anticlockwise, as traffic on the right goes round
        angle = turn + eighth * math.pi / 4
        node = canvas.node(x + _RING_M * math.cos(angle), y + _RING_M * math.sin(angle))
        nodes.append(node)
        if eighth % 2 == 0:
            ring["ENWS"[eighth // 2]] = node
    flags = EdgeFlag.ROUNDABOUT | EdgeFlag.DIVIDED
    attributes = RoadAttributes(RoadClass.SECONDARY, Surface.PAVED, Direction.FORWARD, lanes=2, flags=flags)
    canvas.stroke([*nodes, nodes[0]], attributes)
    town.rings[cell] = ring


def _row_steps(lattice: Lattice, row: int) -> Iterator[tuple[Cell, Cell, str]]:
    for column in range(len(lattice.xs) - 1):
        if lattice.row_joined((column, row)):
            yield (column, row), (column + 1, row), "E"


def _column_steps(lattice: Lattice, column: int) -> Iterator[tuple[Cell, Cell, str]]:
    for row in range(len(lattice.ys) - 1):
        if lattice.column_joined((column, row)):
            yield (column, row), (column, row + 1), "N"


def _draw_street(
    canvas: Canvas,
    town: Town,
    street: Street,
    steps: list[tuple[Cell, Cell, str]],
    rules: tuple[dict[tuple[Cell, str], int], set[Cell]],
) -> None:
    """One row or column in as few strokes as its gaps, rings, cuts and limits allow."""
    limits, cuts = rules
    nodes: list[int] = []
    drawn: tuple[RoadAttributes, StreetName] | None = None
    open_steps: list[tuple[Cell, Cell, str]] = []

    def finish() -> None:
        if drawn and nodes:
            stroke = canvas.stroke(nodes, *drawn)
            for start, stop, direction in open_steps:
                town.piece[start, direction] = stroke
                town.piece[stop, "W" if direction == "E" else "S"] = stroke

    for start, stop, direction in steps:
        back = "W" if direction == "E" else "S"
        value = street.attributes
        if (start, direction) in limits:
            value = replace(value, max_height_cm=limits[start, direction], flags=value.flags | EdgeFlag.TUNNEL)
        west = direction == "E" and start[0] < town.lattice.main_column
        look = value, street.name_west if west and street.name_west else street.name
        first = town.corner(start, direction)
        if not nodes or nodes[-1] != first or look != drawn or start in cuts:
            finish()
            nodes, open_steps = [first], []
        drawn = look
        if (start, direction) in town.middles:
            nodes.append(town.middles[start, direction])
        nodes.append(town.corner(stop, back))
        open_steps.append((start, stop, direction))
    finish()


def _plan_alleys(canvas: Canvas, town: Town) -> list[list[int]]:
    """Alleys into the blocks: from the middle of a southern side to a dead end, or through to the northern side."""
    lattice = town.lattice
    random = Random(lattice.spec.seed + 1)
    alleys: list[list[int]] = []
    for cell in sorted(lattice.cells):
        column, row = cell
        north = (column, row + 1)
        median = lattice.divided and column == lattice.main_column
        if median or not lattice.row_joined(cell) or random.random() > _ALLEY_SHARE:
            continue
        start = _middle(canvas, town, cell, random.uniform(0.35, 0.65))
        if lattice.row_joined(north) and random.random() < 0.45:
            stop = _middle(canvas, town, north, random.uniform(0.35, 0.65))
            x = (canvas.x[start] + canvas.x[stop]) / 2
            y = (canvas.y[start] + canvas.y[stop]) / 2
            alleys.append([start, canvas.node(x + random.uniform(-20, 20), y), stop])
        else:
            x, y = canvas.point(start)
            alleys.append([start, canvas.node(x + random.uniform(-15, 15), y + random.uniform(50, 95))])
    return alleys


def _middle(canvas: Canvas, town: Town, cell: Cell, share: float) -> int:
    key = (cell, "E")
    if key not in town.middles:
        (x1, y1), (x2, y2) = town.lattice.cell_point(cell), town.lattice.cell_point((cell[0] + 1, cell[1]))
        town.middles[key] = canvas.node(x1 + share * (x2 - x1), y1 + share * (y2 - y1))
    return town.middles[key]


def _restrict(canvas: Canvas, town: Town, item: dict[str, Any]) -> None:
    """A turn restriction at a crossing: from the street on one side of it to the street on another."""
    lattice = town.lattice
    cell = (lattice.column_at(item["column"]), lattice.row_at(item["row"]))
    start, stop = town.piece[cell, item["from"]], town.piece[cell, item["to"]]
    canvas.restrictions.append(
        TurnRestriction(
            canvas.way_id(start), canvas.way_id(stop), via_node=town.nodes[cell], only=bool(item.get("only", False))
        )
    )


def _set_gates(town: Town) -> None:
    """The ends of the two main avenues."""
    lattice = town.lattice
    town.gates = {
        "E": town.nodes[len(lattice.xs) - 1, lattice.main_row],
        "N": town.nodes[lattice.main_column, len(lattice.ys) - 1],
        "W": town.nodes[0, lattice.main_row],
        "S": town.nodes[lattice.main_column, 0],
    }
