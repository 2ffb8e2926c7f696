"""A town as a warped lattice of streets: where its nodes stand, which of them are joined, what each street is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from geo.demo.naming import street, street_pool
from geo.demo.plane import Point
from geo.network.attributes import NO_FLAGS, Direction, EdgeFlag, RoadAttributes, RoadClass, StreetName, Surface

MEDIAN_M: Final = 26.0
"""Between the carriageways of a divided avenue."""
_CORNER_POWER: Final = 3.2
"""Superellipse of the town's outline: 2 = an ellipse, large = a rectangle."""
Cell = tuple[int, int]
"""Column and row of a lattice node."""


@dataclass(frozen=True, slots=True)
class TownSpec:
    """One settlement as the tables give it. Sizes in metres, angle in degrees anticlockwise."""

    id: str
    centre: Point
    columns: int
    rows: int
    spacing_m: float
    angle_deg: float
    seed: int
    main: RoadClass
    surface: Surface = Surface.PAVED
    rural: bool = False
    """A village: no avenues, no alleys, no street names."""
    divided: str = ""
    streets: Sequence[dict[str, Any]] = ()
    one_way_columns: Sequence[float] = ()


@dataclass(slots=True)
class Street:
    """One row or column of the lattice."""

    attributes: RoadAttributes
    name: StreetName
    name_west: StreetName | None = None
    """A row whose western half has another name."""


@dataclass(slots=True)
class Lattice:
    """Positions along both axes and what runs there; `cells` are the nodes that exist."""

    spec: TownSpec
    xs: list[float]
    ys: list[float]
    main_column: int
    main_row: int
    columns: list[Street]
    rows: list[Street]
    cells: set[Cell] = field(default_factory=set)
    gaps: set[Cell] = field(default_factory=set)
    """Column stretches (from a cell northwards) that are not there."""

    def place(self, u: float, v: float) -> Point:
        """From the lattice's own metres to the plane: warped, turned, moved to the town."""
        spec = self.spec
        warp = 0.12 * spec.spacing_m
        u, v = u + warp * math.sin(v / 830.0 + spec.seed), v + warp * math.sin(u / 710.0 + 2.0 * spec.seed)
        turn = math.radians(spec.angle_deg)
        return (
            spec.centre[0] + u * math.cos(turn) - v * math.sin(turn),
            spec.centre[1] + u * math.sin(turn) + v * math.cos(turn),
        )

    def cell_point(self, cell: Cell) -> Point:
        """Where a lattice node stands."""
        return self.place(self.xs[cell[0]], self.ys[cell[1]])

    def column_at(self, share: float) -> int:
        """The column nearest to −1 (west edge) … 1 (east edge)."""
        return _nearest(self.xs, share)

    def row_at(self, share: float) -> int:
        """The row nearest to −1 (south edge) … 1 (north edge)."""
        return _nearest(self.ys, share)

    @property
    def divided(self) -> bool:
        """Whether the main column is two carriageways, `main_column` and the one east of it."""
        return bool(self.spec.divided)

    def row_joined(self, cell: Cell) -> bool:
        """Whether a street leads from the cell eastwards."""
        column, row = cell
        if (column + 1, row) not in self.cells or cell not in self.cells:
            return False
        across_median = self.divided and column == self.main_column
        ends = row in (0, len(self.ys) - 1)
        return not across_median or ends or self.rows[row].attributes.road_class <= RoadClass.TERTIARY

    def column_joined(self, cell: Cell) -> bool:
        """Whether a street leads from the cell northwards."""
        column, row = cell
        return cell in self.cells and (column, row + 1) in self.cells and cell not in self.gaps


def make_lattice(spec: TownSpec) -> Lattice:
    """Lay out a town from its table row and its seed."""
    random = Random(spec.seed)
    xs, main_column = _positions(spec.columns, spec.spacing_m, random)
    ys, main_row = _positions(spec.rows, spec.spacing_m, random)
    if spec.divided:
        xs = [x if i <= main_column else x + MEDIAN_M for i, x in enumerate(xs)]
        xs.insert(main_column + 1, MEDIAN_M)
    columns = [_street(spec, i, main_column, random) for i in range(len(xs))]
    rows = [_street(spec, i, main_row, random) for i in range(len(ys))]
    lattice = Lattice(spec, xs, ys, main_column, main_row, columns, rows)
    _name_all(lattice)
    _special(lattice)
    _fill(lattice, random)
    return lattice


def _nearest(positions: Sequence[float], share: float) -> int:
    wanted = share * (positions[-1] if share > 0 else -positions[0])
    return min(range(len(positions)), key=lambda i: (abs(positions[i] - wanted), i))


def _positions(count: int, spacing_m: float, random: Random) -> tuple[list[float], int]:
    """Metres of each street from the main one, and which is the main one."""
    main = count // 2
    steps = [spacing_m * random.uniform(0.78, 1.22) for _ in range(count - 1)]
    places = [0.0]
    for step in steps:
        places.append(places[-1] + step)
    return [place - places[main] for place in places], main


def _street(spec: TownSpec, index: int, main: int, random: Random) -> Street:
    """What the street of that index is: the main avenue, every fourth a through street, else residential."""
    if spec.rural:
        lesser = Surface.COMPACTED if random.random() < 0.35 else spec.surface
        return Street(RoadAttributes(RoadClass.RESIDENTIAL, spec.surface if index == main else lesser), StreetName())
    if index == main:
        return Street(RoadAttributes(spec.main, Surface.PAVED, lanes=4), StreetName())
    if (index - main) % 4 == 0:
        return Street(RoadAttributes(RoadClass.TERTIARY, Surface.PAVED, lanes=2), StreetName())
    return Street(RoadAttributes(RoadClass.RESIDENTIAL, Surface.PAVED), StreetName())


def _name_all(lattice: Lattice) -> None:
    """Names from the pool, avenues first; about a sixth of the small streets stay without one."""
    spec = lattice.spec
    if spec.rural:
        return
    taken = {item["zh"] for item in spec.streets} | {spec.divided}
    pool = [name for name in street_pool() if name.zh not in taken]
    head, tail = pool[:12], pool[12:]
    start = spec.seed * 5
    pool = [head[(start + i) % len(head)] for i in range(len(head))]
    pool += [tail[(start * 3 + i) % len(tail)] for i in range(len(tail))]
    streets = [*lattice.columns, *lattice.rows]
    order = sorted(range(len(streets)), key=lambda i: (streets[i].attributes.road_class, i % 7, i))
    spare = iter(pool)
    for rank, i in enumerate(order):
        if rank > 6 and rank % 6 == 0:
            continue
        streets[i].name = next(spare, StreetName())


def _special(lattice: Lattice) -> None:
    """Streets that the table names, one-ways, and the divided avenue."""
    for item in lattice.spec.streets:
        row = item["axis"] == "row"
        index = lattice.row_at(item["at"]) if row else lattice.column_at(item["at"])
        attributes = RoadAttributes(RoadClass[item["class"].upper()], Surface.PAVED, lanes=4)
        west = street(item["zh_west"]) if "zh_west" in item else None
        (lattice.rows if row else lattice.columns)[index] = Street(attributes, street(item["zh"]), west)
    for number, share in enumerate(lattice.spec.one_way_columns):
        column = lattice.columns[lattice.column_at(share)]
        direction = Direction.FORWARD if number % 2 == 0 else Direction.BACKWARD
        column.attributes = RoadAttributes(RoadClass.RESIDENTIAL, Surface.PAVED, direction, lanes=1)
    if lattice.divided:
        name = street(lattice.spec.divided)
        for index, direction in ((0, Direction.BACKWARD), (1, Direction.FORWARD)):  # drive on the right
            attributes = RoadAttributes(
                lattice.spec.main, Surface.PAVED, direction, lanes=2, flags=_flags(divided=True)
            )
            lattice.columns[lattice.main_column + index] = Street(attributes, name)


def _flags(*, divided: bool) -> EdgeFlag:
    return EdgeFlag.DIVIDED if divided else NO_FLAGS


def _fill(lattice: Lattice, random: Random) -> None:
    """Which nodes exist (inside a rounded outline, always along the main avenues) and which stretches are missing."""
    half_x = (max(-lattice.xs[0], lattice.xs[-1]), max(-lattice.ys[0], lattice.ys[-1]))
    main = {lattice.main_column, lattice.main_column + 1} if lattice.divided else {lattice.main_column}
    for column, x in enumerate(lattice.xs):
        for row, y in enumerate(lattice.ys):
            reach = (abs(x) / half_x[0]) ** _CORNER_POWER + (abs(y) / half_x[1]) ** _CORNER_POWER
            if reach <= 1.02 or column in main or row == lattice.main_row or lattice.spec.rural:
                lattice.cells.add((column, row))
    for column in range(len(lattice.xs)):
        minor = lattice.columns[column].attributes
        if column in main or minor.road_class != RoadClass.RESIDENTIAL or minor.direction != Direction.BOTH:
            continue
        for row in range(len(lattice.ys)):
            if random.random() < 0.14:
                lattice.gaps.add((column, row))
