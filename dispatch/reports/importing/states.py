"""What an import is told and tells: the mapping as data, reasons of quarantine, what came of it."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal

TIMES: Final = ("t0", "t1", "t2", "t3", "t4", "t5", "ts", "t6", "t7", "t8", "t9", "t10", "t11", "t12", "tx")
"""Time points that a file may have, by our own names, T0 to T12."""
OF_INCIDENT: Final = ("t0", "t1", "t2")
ORDER: Final = ("t0", "t1", "t2", "t3", "t5", "t6", "t7", "t8", "t9", "t10", "t11")
"""Those that should not run backwards."""
COLUMNS: Final = (
    *("number", "unit", "unit_type", "capabilities", "station", "complaint", "initial_priority", "final_priority"),
    *("county", "area_organisation", "lat", "lon", "point"),
)
"""What else a file may tell."""
NAMED: Final = ("organisation", "system", "ground", "area_system")
"""What is told by a table of values: what stands in a column, and what that is called here."""


class Reason(StrEnum):
    """Why a row was put aside."""

    KEY = "key.missing"
    REPEATED = "key.repeated"
    """Another row has the same key and says something else; the first one stays."""
    CELLS = "row.cells"
    T0 = "time.no_start"
    FORMAT = "time.format"
    TWO_WAYS = "time.two_ways"
    """Two of the mapping's formats read the text as different times."""
    EARLY = "time.too_early"
    FUTURE = "time.future"
    NO_SUCH = "time.no_such"
    """The clocks of the zone jumped over it."""


@dataclass(frozen=True, slots=True)
class Values:
    """A table of values: by what stands in `column`; what is not in it becomes `default`, or stays as it is (None)."""

    column: str = ""
    values: Map[str, str] = field(default_factory=dict)
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Something odd that is counted and shown, and changes nothing.

    Two columns that `differ`, or a `column` with a value `outside` of some.
    """

    code: str
    about: str
    differ: tuple[str, ...] = ()
    column: str = ""
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read. `digest` is that of its text."""

    name: str
    title: str
    zone: str
    formats: tuple[str, ...]
    row: Literal["unit", "incident"]
    key: tuple[str, ...]
    incident: tuple[str, ...]
    times: Map[str, str]
    columns: Map[str, str]
    named: Map[str, Values]
    cancelled: Values
    watches: tuple[Watch, ...]
    earliest: date
    empty: tuple[str, ...]
    digest: str

    def wanted(self) -> tuple[str, ...]:
        """Every column of the file that the mapping names, each once."""
        named = [*self.key, *self.incident, *self.times.values(), *self.columns.values(), self.cancelled.column]
        named += [table.column for table in self.named.values()]
        named += [name for watch in self.watches for name in (*watch.differ, watch.column)]
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the report. `of` is what it is out of, 0 for nothing."""

    code: str
    about: str
    count: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or on a dry run would do. rows = imported + quarantined + repeated."""

    name: str
    sha256: str
    rows: int
    imported: int
    quarantined: int
    repeated: int
    added: int
    changed: int
    unchanged: int
    incidents: int
    reasons: tuple[Count, ...]
    quirks: tuple[Count, ...]
    warnings: tuple[str, ...]
    dry_run: bool
    already: bool
    """The same file was imported by the same mapping before: nothing was done."""
