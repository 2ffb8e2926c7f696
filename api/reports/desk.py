"""The newest record table in memory, made ready for figures, and made anew while somebody looks."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import polars as pl

from api.figures import reports_of
from api.parts import Parts
from api.reports.keeping import Kept
from api.reports.naming import Names, names_of_places
from dispatch.dispatching.queries_looks import Look
from dispatch.kernel.errors import Unavailable
from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.rules_union import Looked
from dispatch.reports.rules_views import views_of
from dispatch.reports.service_record import build
from dispatch.reports.service_store import RecordStore

FRESH_S: Final = 10.0
"""A table that is older is made anew for the next who asks."""
_SHARE: Final = 10.0
"""Making it takes at most about a tenth of the time."""
_PATIENCE_S: Final = 3.0
"""So long an answer waits for the newest table before it takes the one that is there and says how old it is."""
_FIRST_S: Final = 25.0
_YOUNG_S: Final = 60.0
_AT_ONCE_S: Final = 0.2
"""So long it waits where the table is young, or takes longer to make than anybody waits: who looks on is not held up
each time that it is made anew, and the next question gets the newer one."""


@dataclass(frozen=True)
class Views:
    """Views of the record table in memory. as_of: all that was committed until then is in it; seq: the last line.

    Nothing in them changes, so all who ask share them. kept: rows of figures that were asked for; names: of places;
    looked: by period how many emergencies it has, and the looks at both fleets that were read of them; looks: those,
    by their recommendation, which every table of a process shares.
    """

    seq: int
    as_of: datetime
    imports: tuple[str, ...]
    frames: dict[str, pl.DataFrame]
    kept: Kept = field(default_factory=Kept, compare=False)
    names: Names = field(default_factory=dict, compare=False)
    looked: dict[tuple[datetime, datetime], asyncio.Task[tuple[int, list[Looked]]]] = field(
        default_factory=dict, compare=False
    )
    looks: dict[UUID, Look] = field(default_factory=dict, compare=False)

    def lazy(self) -> dict[str, pl.LazyFrame]:
        """The views by name."""
        return {name: rows.lazy() for name, rows in self.frames.items()}


class Desk:
    """Gives views to many askers at once; one makes them anew, the others wait for the same. One per process."""

    def __init__(self, parts: Parts) -> None:
        """Raises Invalid (`figures.invalid`, `figures.unreadable`) for own definitions that cannot be used."""
        self._parts = parts
        self.definitions = reports_of(parts.settings)
        self.store = RecordStore(parts.settings.home, parts.settings.region)
        self._views: Views | None = None
        self._made_at = self._cost_s = 0.0
        self._making: asyncio.Task[Views] | None = None
        self._looks: dict[UUID, Look] = {}

    async def views(self) -> Views:
        """Return the newest views: at most seconds old while making them is quick, and always with their time.

        Raises Unavailable (`report.building`) while the first table of this process is being made, and as `build`.
        """
        known = self._views
        age = time.monotonic() - self._made_at
        if known is not None and age < max(FRESH_S, _SHARE * self._cost_s):
            return known
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make())
        done, _ = await asyncio.wait({self._making}, timeout=self._patience(known, age))
        if done:
            return self._making.result()
        if known is None:
            raise Unavailable("report.building", "The record table is being made.", "Ask again in a minute.")
        return known

    async def until(self, at: datetime) -> Views:
        """Return views with all that was committed until a time that is past, however long they take.

        A report of a period that has ended has its last line in it. Raises as `build`.
        """
        while self._views is None or self._views.as_of < at:
            if self._making is None or self._making.done():
                self._making = asyncio.create_task(self._make())
            await asyncio.wait({self._making})
            self._making.result()
        return self._views

    def _patience(self, known: Views | None, age: float) -> float:
        if known is None:
            return _FIRST_S
        return _AT_ONCE_S if age < _YOUNG_S or self._cost_s > _PATIENCE_S else _PATIENCE_S

    async def close(self) -> None:
        """End what is being made."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait({self._making})

    async def _make(self) -> Views:
        began, as_of = time.monotonic(), self._parts.clock.now()
        async with self._parts.database.read() as session:
            seq = await build(session, self.store)
            names = await names_of_places(session, self.store.region)
        known = self._views
        if known is not None and (known.seq, known.imports) == (seq, self.store.imports()):
            made = Views(seq, as_of, known.imports, known.frames, names=names, looked=known.looked, looks=self._looks)
        else:
            made = await asyncio.to_thread(self._load, seq, as_of, names)
        self._views, self._made_at = made, time.monotonic()
        self._cost_s = self._made_at - began
        return made

    def _load(self, seq: int, as_of: datetime, names: Names) -> Views:
        frames = views_of({name: self.store.scan(name, seq) for name in FRAMES})
        told = pl.collect_all(list(frames.values()))
        return Views(
            seq, as_of, self.store.imports(), dict(zip(frames, told, strict=True)), names=names, looks=self._looks
        )
