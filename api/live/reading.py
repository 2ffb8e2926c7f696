"""What the feed reads from the database: new lines with the rows that they changed, whole boards, older lines.

Each is one transaction on one unchanging view, so that rows are exactly those after the last line read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol
from uuid import UUID

import structlog

from api.calls import board as calls
from api.dispatching import board as assignments
from api.dispatching.arrivals import Arrivals, arrival_out
from api.ecmo import board as ecmo
from api.fleet import board as fleet
from api.incidents import board as incidents
from api.live.facts import Ties, changed_by, facts_of, mark_of, marks_of_row, named_by
from api.live.log import Batch, Boards, Change, Page, ToldRow
from api.live.messages import Arriving, Position, raw
from api.live.sight import NOBODY, Marks
from api.live.topics import ENDS, FLEET_ANEW, SIGNING, Topic, touched
from api.parts import Parts
from dispatch.audit.queries import find_hash, find_head, list_lines
from dispatch.dispatching.queries_live import Link, list_links, list_live_positions, list_of_region
from dispatch.dispatching.rules_arrivals import Arrival
from dispatch.dispatching.rules_policy import PROPOSED, Figures
from dispatch.dispatching.states import AssignmentState
from dispatch.ecmo.states_requests import OPEN
from dispatch.kernel.db import Session
from dispatch.kernel.errors import Conflict, DatabaseUnavailable
from dispatch.kernel.journal_table import JournalLine
from dispatch.receiving.queries_access import list_concerned

log = structlog.get_logger("tarim.live")

MOST_AT_ONCE: Final = 1_000
PAGE: Final = 500
MOST_ROWS: Final = 500
"""If more rows of a board changed at once, all of it is sent."""
_MOST_REMEMBERED: Final = 20_000


class ReadRows(Protocol):
    """How a board is read: all its rows, or those with some ids whatever their state."""

    async def __call__(
        self, session: Session, region: str, now: datetime, ids: Collection[UUID] | None = None
    ) -> Sequence[Any]:
        """Return rows; each has an `id`."""


@dataclass(frozen=True, slots=True)
class Board:
    """One topic's board. `shown` tells whether a row still stands on it."""

    rows: ReadRows
    shown: Callable[[Any], bool]


def boards_of(figures: Figures = PROPOSED) -> Mapping[Topic, Board]:
    """Return all boards, their rows by the figures that are served."""
    return {
        Topic.CALLS: Board(calls.rows, lambda row: row.open),
        Topic.INCIDENTS: Board(incidents.rows, lambda row: row.active),
        Topic.UNITS: Board(fleet.rows, lambda _row: True),
        Topic.ASSIGNMENTS: Board(
            partial(assignments.rows, figures=figures), lambda row: row.state == AssignmentState.ACTIVE
        ),
        Topic.ECMO: Board(ecmo.rows, lambda row: row.state in OPEN),
    }


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the journal, 0 while it is empty."""

    seq: int
    hash: bytes

    @property
    def mark(self) -> str:
        """What tells this line from another of the same number in another journal; before the first line empty."""
        return mark_of(self.hash)


@dataclass(frozen=True, slots=True)
class News:
    """What came since.

    ended: sessions, devices and people who may see more or less now. signed: people who may be on another unit now.
    fleet_anew: any unit may be another one. more: there may be further lines.
    """

    batch: Batch
    head: Head
    ended: frozenset[UUID]
    signed: frozenset[UUID]
    fleet_anew: bool
    more: bool


class OtherJournal(Conflict):
    """The journal does not go on where it was: a backup was restored."""

    def __init__(self) -> None:
        super().__init__("live.other_journal", "The journal is another one now.")


class Reader:
    """Reads for the feed of one region. It remembers whose each row was, and which ids are the region's."""

    def __init__(self, parts: Parts, arrivals: Arrivals, boards: Mapping[Topic, Board]) -> None:
        self._parts, self._arrivals, self._boards = parts, arrivals, boards
        self._region = parts.settings.region
        self._marks: dict[tuple[Topic, UUID], Marks] = {}
        self._own: OrderedDict[UUID, bool] = OrderedDict()
        self._owed = changed_by(())

    async def head(self) -> Head:
        """Return the journal's head; what was remembered is forgotten. Raises DatabaseUnavailable, as all here do."""
        self._marks.clear()
        self._owed = changed_by(())
        async with self._parts.database.read() as session:
            return await _head(session)

    async def mark(self, seq: int) -> str | None:
        """Return what marks a line, None when it is not there; that before the first line is empty."""
        if seq == 0:
            return ""
        async with self._parts.database.read() as session:
            found = await find_hash(session, seq)
        return None if found is None else mark_of(found)

    async def news(self, last: Head, *, with_rows: bool = True) -> News | None:
        """Return the lines after `last`, and the rows that they changed; None when there are none.

        Without `with_rows` the rows are owed and come with the next lines. Raises OtherJournal when `last` is gone.
        """
        async with self._parts.database.read() as session:
            lines = list(await list_lines(session, after_seq=max(0, last.seq - 1), limit=MOST_AT_ONCE + 1))
            if last.seq:
                if not lines or (lines[0].seq, lines[0].hash) != (last.seq, last.hash):
                    raise OtherJournal
                del lines[0]
            if not lines:
                return None
            anew = any(line.type in FLEET_ANEW for line in lines)
            changed = {topic: ids | self._owed[topic] for topic, ids in changed_by(lines).items()}
            ties = await self._widen(session, changed)
            own = await self._of_region(session, lines)
            self._owed = changed
            wanted = {topic: ids if len(ids) <= MOST_ROWS else None for topic, ids in changed.items() if ids}
            if anew:
                wanted[Topic.UNITS] = None
            changes = {}
            if with_rows:
                changes = {topic: await self._change(session, topic, ids, ties) for topic, ids in wanted.items()}
                self._owed = changed_by(())
        for topic, change in changes.items():
            self._remember(topic, change)
        head = Head(lines[-1].seq, lines[-1].hash)
        batch = Batch(last.seq, head.seq, head.mark, tuple(facts_of(lines, ties, self._region, own)), changes)
        signed = named_by(lines, dict.fromkeys(SIGNING, "person_id"))
        return News(batch, head, named_by(lines, ENDS), signed, anew, len(lines) >= MOST_AT_ONCE)

    async def boards(self, latest: int) -> Boards:
        """Return all boards as they stand."""
        async with self._parts.database.read() as session:
            head = await _head(session)
            ties = Ties(await list_links(session, self._region), await list_concerned(session, self._region))
            found = {topic: await self._rows(session, topic, None) for topic in Topic}
        boards: dict[Topic, Change] = {}
        for topic, rows in found.items():
            told = [ToldRow(row_id, raw(row), marks_of_row(topic, row, ties)) for row_id, row in rows.items()]
            boards[topic] = Change(tuple(told), whole=True)
            for row in told:
                # What lines told before or tell next is better known by them.
                self._marks.setdefault((topic, row.id), row.marks)
        return Boards(head.seq, head.mark, boards, latest)

    async def page(self, after: int) -> Page:
        """Return the lines after `after`. Raises OtherJournal when there are none."""
        async with self._parts.database.read() as session:
            lines = await list_lines(session, after_seq=after, limit=PAGE)
            if not lines:
                raise OtherJournal
            incident_ids = changed_by(lines)[Topic.INCIDENTS]
            links = await list_links(session, self._region, incident_ids=incident_ids) if incident_ids else ()
            ties = Ties(links, await self._concerned(session, incident_ids))
            own = await self._of_region(session, lines)
        return Page(lines[-1].seq, mark_of(lines[-1].hash), tuple(facts_of(lines, ties, self._region, own)))

    async def positions(self, ids: Collection[UUID] | None = None) -> list[tuple[Position, Marks]]:
        """Return where all units are, or some, each with whose it is."""
        async with self._parts.database.read() as session:
            found = await list_live_positions(session, self._region, ids)
        return [
            (
                Position(
                    one.unit_id, one.lat, one.lon, one.at, one.received_at, one.speed_mps, one.heading_deg, one.source
                ),
                Marks(frozenset({one.organisation}), frozenset({one.unit_id})),
            )
            for one in found
        ]

    async def arrivals(self) -> list[tuple[Arriving, Marks]]:
        """Return when the unit of each active assignment will be there, with whose it is; reckoned once for all."""
        async with self._parts.database.read() as session:
            links = await list_links(session, self._region)
            coming = await self._reckoned(session, [link.unit_id for link in links])
        return [
            (
                Arriving(link.assignment_id, arrival_out(coming[link.assignment_id]))
                if link.assignment_id in coming
                else Arriving(link.assignment_id, None),
                Marks(frozenset({link.organisation}), frozenset({link.unit_id})),
            )
            for link in links
        ]

    async def _reckoned(self, session: Session, unit_ids: Collection[UUID]) -> Mapping[UUID, Arrival]:
        if not unit_ids:
            return {}
        try:
            return await self._arrivals.now(session, self._region, self._parts.clock.now(), unit_ids)
        except DatabaseUnavailable:
            raise
        except Exception:  # an arrival that cannot be reckoned now is told as not known, never as it was
            log.exception("arrivals could not be reckoned")
            return {}

    async def _widen(self, session: Session, changed: dict[Topic, set[UUID]]) -> Ties:
        """Add what shows parts of what changed: a unit its incident's priority, an assignment its unit's status.

        An incident shows nothing of its assignments, but they say whom it concerns.
        """
        links: Sequence[Link] = ()
        incident_ids, unit_ids = changed[Topic.INCIDENTS], changed[Topic.UNITS]
        if incident_ids or unit_ids:
            links = await list_links(session, self._region, incident_ids=incident_ids, unit_ids=unit_ids)
        changed[Topic.UNITS] = unit_ids | {link.unit_id for link in links if link.incident_id in incident_ids}
        incident_ids |= {link.incident_id for link in links if link.assignment_id in changed[Topic.ASSIGNMENTS]}
        changed[Topic.ASSIGNMENTS] |= {link.assignment_id for link in links}
        return Ties(links, await self._concerned(session, incident_ids))

    async def _concerned(self, session: Session, incident_ids: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
        return await list_concerned(session, self._region, incident_ids) if incident_ids else ()

    async def _change(self, session: Session, topic: Topic, ids: Collection[UUID] | None, ties: Ties) -> Change:
        """Read rows of a board after lines that changed them; without `ids` all of it."""
        found = await self._rows(session, topic, ids)
        rows: list[ToldRow] = []
        for row_id in found if ids is None else ids:
            row = found.get(row_id)
            before = self._marks.get((topic, row_id), NOBODY)
            if row is None:
                rows.append(ToldRow(row_id, None, NOBODY, before))
            else:
                rows.append(ToldRow(row_id, raw(row), marks_of_row(topic, row, ties), before))
        return Change(tuple(rows), whole=ids is None)

    def _remember(self, topic: Topic, change: Change) -> None:
        for row in change.rows:
            if row.raw is None:
                self._marks.pop((topic, row.id), None)
            else:
                self._marks[topic, row.id] = row.marks

    async def _rows(self, session: Session, topic: Topic, ids: Collection[UUID] | None) -> dict[UUID, Any]:
        board, now = self._boards[topic], self._parts.clock.now()
        rows = await board.rows(session, self._region, now, ids)
        return {row.id: row for row in rows if board.shown(row)}

    async def _of_region(self, session: Session, lines: Iterable[JournalLine]) -> Mapping[UUID, bool]:
        """Tell of the calls, incidents and units that lines name whether they are of this region."""
        asked = {row_id for line in lines for _, row_id in touched(line.payload)}
        unknown = asked - self._own.keys()
        if unknown:
            own = await list_of_region(session, self._region, unknown)
            self._own.update((row_id, row_id in own) for row_id in unknown)
        answer = {row_id: self._own[row_id] for row_id in asked}
        while len(self._own) > _MOST_REMEMBERED:
            self._own.popitem(last=False)
        return answer


async def _head(session: Session) -> Head:
    return Head(*(await find_head(session) or (0, b"")))
