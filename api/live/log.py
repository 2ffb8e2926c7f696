"""What was told lately, kept once for all clients: bounded, and each frame encoded once per sight. No I/O.

Clients keep a place in it instead of queues of their own. Who falls behind its beginning has been too slow.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from api.live.messages import Rows, Snapshot, encode
from api.live.sight import NOBODY, Marks, Sight
from api.live.topics import Topic

MOST_LINES: Final = 4_096
MOST_BYTES: Final = 16_000_000
_LINE_BYTES: Final = 200
"""What a line costs beside its frame."""


class View(NamedTuple):
    """What a client is shown: the topics that it asked for, as far as it may see them."""

    sight: Sight
    topics: frozenset[Topic]

    def shows(self, topic: Topic, marks: Marks) -> bool:
        """Tell whether a row or fact is shown."""
        return topic in self.topics and self.sight.sees(topic, marks)


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A line of the journal with its frame; `of_patient`: about a patient."""

    seq: int
    topic: Topic
    marks: Marks
    frame: bytes
    of_patient: bool = False

    def shown_to(self, view: View) -> bool:
        """Tell whether a client is told it."""
        return view.shows(self.topic, self.marks) and (view.sight.patients or not self.of_patient)


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A row of a board as it is now; `raw` None: it is not on the board any more. `before`: whose it was last."""

    id: UUID
    raw: msgspec.Raw | None
    marks: Marks
    before: Marks = NOBODY


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of a board; `whole`: these are all its rows."""

    rows: tuple[ToldRow, ...]
    whole: bool = False

    def frame(self, topic: Topic, seq: int, mark: str, view: View, *, whole_batch: bool = True) -> bytes | None:
        """What a client is sent of it; None when nothing concerns it.

        Not the `whole_batch`: the client's boards are of a moment within it, when a row may have been another's than
        before and after. Then whatever it does not see now is gone.
        """
        shown = [row.raw for row in self.rows if row.raw is not None and view.shows(topic, row.marks)]
        if self.whole:
            return encode(Snapshot(topic, seq, mark, shown))
        unseen = [row for row in self.rows if row.raw is None or not view.shows(topic, row.marks)]
        gone = [
            row.id for row in unseen if not whole_batch or topic in view.sight.whole or view.shows(topic, row.before)
        ]
        return encode(Rows(topic, seq, mark, shown, gone)) if shown or gone else None


@dataclass(slots=True)
class Batch:
    """Lines read at once, from the one after `after` to `last`, and the rows that they changed as of `last`."""

    after: int
    last: int
    mark: str
    facts: tuple[ToldFact, ...]
    changes: Mapping[Topic, Change]
    _frames: dict[View, tuple[bytes, ...]] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """About how much memory its lines and rows hold."""
        rows = sum(len(row.raw or b"") + _LINE_BYTES for change in self.changes.values() for row in change.rows)
        return sum(len(fact.frame) + _LINE_BYTES for fact in self.facts) + rows + _LINE_BYTES

    def frames(self, view: View, after: int) -> tuple[bytes, ...]:
        """What a client that was told all up to `after` is sent of it: facts, then rows."""
        if after > self.after or not view.sight.is_shared:
            return (*self.facts_after(view, after, self.last), *self._rows(view, whole_batch=after <= self.after))
        found = self._frames.get(view)
        if found is None:
            found = (*self.facts_after(view, after, self.last), *self._rows(view, whole_batch=True))
            self._frames[view] = found
        return found

    def facts_after(self, view: View, after: int, until: int) -> tuple[bytes, ...]:
        """The facts after `after` up to `until` that a client is shown."""
        return tuple(fact.frame for fact in self.facts if after < fact.seq <= until and fact.shown_to(view))

    def _rows(self, view: View, *, whole_batch: bool) -> tuple[bytes, ...]:
        made = (
            change.frame(topic, self.last, self.mark, view, whole_batch=whole_batch)
            for topic, change in self.changes.items()
            if topic in view.topics
        )
        return tuple(frame for frame in made if frame is not None)


@dataclass(slots=True)
class Boards:
    """All boards as they stood after line `seq`; `latest` is how far newest values were known before they were read."""

    seq: int
    mark: str
    boards: Mapping[Topic, Change]
    latest: int
    _frames: dict[tuple[Sight, Topic], bytes] = field(default_factory=dict)

    def frames(self, view: View) -> tuple[bytes, ...]:
        """The snapshots of a client's topics."""
        return tuple(self._frame(view, topic) for topic in Topic if topic in view.topics)

    def _frame(self, view: View, topic: Topic) -> bytes:
        if not view.sight.is_shared:
            return self.boards[topic].frame(topic, self.seq, self.mark, view) or b""
        found = self._frames.get((view.sight, topic))
        if found is None:
            found = self.boards[topic].frame(topic, self.seq, self.mark, view) or b""
            self._frames[view.sight, topic] = found
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """Lines of the journal, up to and with `last`, for those who resume."""

    last: int
    mark: str
    facts: tuple[ToldFact, ...]

    def facts_after(self, view: View, after: int) -> tuple[bytes, ...]:
        """The facts after `after` that a client is shown."""
        return tuple(fact.frame for fact in self.facts if fact.seq > after and fact.shown_to(view))


class Log:
    """The newest batches without a gap, from line `start` (not included) to `position`.

    epoch: raised whenever what comes does not follow on what was there (a start, another journal).
    """

    def __init__(self, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self.epoch = 0
        self.begun = False
        self.position = self.start = 0
        self.mark = ""
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._batches: list[Batch] = []
        self._bytes = 0

    @property
    def held(self) -> Sequence[Batch]:
        """What is held, oldest first."""
        return self._batches

    def begin(self, position: int, mark: str) -> None:
        """Begin anew after a line of the journal."""
        self.epoch += 1
        self.begun = True
        self.position = self.start = position
        self.mark = mark
        self._batches, self._bytes = [], 0

    def end(self) -> None:
        """Forget all until it begins again."""
        self.begin(0, "")
        self.begun = False

    def append(self, batch: Batch) -> None:
        """Add what follows; the oldest goes when there is too much. Raises ValueError for what does not follow."""
        if batch.after != self.position or batch.last <= batch.after:
            raise ValueError(f"lines {batch.after} to {batch.last} do not follow line {self.position}")
        self._batches.append(batch)
        self._bytes += batch.size_bytes
        self.position, self.mark = batch.last, batch.mark
        dropped = 0
        while dropped < len(self._batches) - 1 and (
            self.position - self.start > self._most_lines or self._bytes > self._most_bytes
        ):
            oldest = self._batches[dropped]
            self.start = oldest.last
            self._bytes -= oldest.size_bytes
            dropped += 1
        del self._batches[:dropped]

    def following(self, seq: int) -> Batch | None:
        """The batch in which the lines after `seq` begin; None when there are none yet, or they are no longer here."""
        if not self.start <= seq < self.position:
            return None
        return self._batches[bisect_right(self._batches, seq, key=lambda batch: batch.last)]
