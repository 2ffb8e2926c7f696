"""What a vehicle has measured and the service does not keep yet: one SQLite file, which is a log with its numbers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from uuid import UUID, uuid4

from dispatch.telemetry.rules_messages import Kept
from dispatch.telemetry.rules_ranges import Ranges, Span
from dispatch.telemetry.rules_vehicle import LIVE_US, rank
from dispatch.telemetry.states import Frame, Kind, Stream

MOST_BYTES: Final = 4_000_000_000
"""A day of twelve leads is 1.1 GB."""
_DROPPED_AT_ONCE: Final = 512
_FULL: Final = 0.95
"""So much is left when something was given up."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS log (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS streams (kind INTEGER, slot INTEGER, next INTEGER NOT NULL, PRIMARY KEY (kind, slot))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS frames (kind INTEGER, slot INTEGER, seq INTEGER, device_us INTEGER NOT NULL,
    payload BLOB NOT NULL, PRIMARY KEY (kind, slot, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS frames_by_time ON frames (device_us);
"""
_EXPENDABLE: Final = (Kind.WAVES, Kind.ECG, Kind.IMAGE, Kind.POSITION, Kind.ECMO, Kind.VITALS, Kind.EVENT)
"""What is given up first when the disk is full."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Something to be sent. device_us: by the device's clock, microseconds since 1970."""

    stream: Stream
    device_us: int
    payload: bytes


class Store:
    """One file. Methods block for as long as the disk takes; they may be called from any thread."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._most_bytes = path, most_bytes
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.Lock()
        # Written through to the disk with each commit: a vehicle's power goes without asking.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)
        with self._changing():
            row = self._db.execute("SELECT id FROM log").fetchone()
            if row is None:
                self._new_log()
            self.log = UUID(self._db.execute("SELECT id FROM log").fetchone()[0])
            self._bytes = int(
                self._db.execute("SELECT coalesce(sum(length(payload) + 64), 0) FROM frames").fetchone()[0]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, once nobody is in the middle of reading or writing it: SQLite would end the program."""
        with self._lock:
            self._db.close()

    def add(self, measured: Sequence[Measured]) -> list[tuple[Stream, Span]]:
        """Number and keep; return what had to be given up for want of room. One commit. Raises sqlite3.Error."""
        with self._changing():
            for one in measured:
                kind, slot = one.stream
                (seq,) = self._db.execute(
                    "INSERT INTO streams VALUES (?, ?, 2) ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1",
                    (int(kind), slot),
                ).fetchone()
                self._db.execute(
                    "INSERT INTO frames VALUES (?, ?, ?, ?, ?)", (int(kind), slot, seq, one.device_us, one.payload)
                )
                self._bytes += len(one.payload) + 64
            return self._make_room() if self._bytes > self._most_bytes else []

    def kept(self) -> dict[Stream, Kept]:
        """Where each stream can be resumed."""
        with self._lock:
            rows = self._db.execute(
                "SELECT kind, slot, next, (SELECT min(seq) FROM frames f WHERE f.kind = s.kind AND f.slot = s.slot)"
                " FROM streams s"
            ).fetchall()
        return {
            Stream(Kind(kind), slot): Kept(next_ if first is None else first, next_)
            for kind, slot, next_, first in rows
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here."""
        with self._lock:
            return not self._db.execute("SELECT EXISTS (SELECT 1 FROM frames)").fetchone()[0]

    def never_to_come(self, stream: Stream, durable: Ranges) -> list[Span]:
        """The numbers that were given, are not durable and are not here: they are lost."""
        kind, slot = stream
        known = durable.copy()
        with self._lock:
            row = self._db.execute("SELECT next FROM streams WHERE kind = ? AND slot = ?", (int(kind), slot)).fetchone()
            for (seq,) in self._db.execute("SELECT seq FROM frames WHERE kind = ? AND slot = ?", (int(kind), slot)):
                known.add(seq)
        if row is None:
            return []
        known.add(row[0])  # the next one is not lost, and everything before it is
        return known.missing

    def forget(self, stream: Stream, durable: Ranges) -> None:
        """Delete what is durable."""
        kind, slot = stream
        with self._changing():
            for first, last in durable.spans:
                rows = self._db.execute(
                    "DELETE FROM frames WHERE kind = ? AND slot = ? AND seq BETWEEN ? AND ? RETURNING length(payload)",
                    (int(kind), slot, first, last),
                ).fetchall()
                self._bytes -= sum(size + 64 for (size,) in rows)

    def begin_new_log(self) -> None:
        """Go on in a new log: what waits is numbered anew, from 1, in its order."""
        with self._changing():
            self._new_log()
            self.log = UUID(self._db.execute("SELECT id FROM log").fetchone()[0])
            for kind, slot in self._db.execute("SELECT kind, slot FROM streams").fetchall():
                seqs = self._db.execute(
                    "SELECT seq FROM frames WHERE kind = ? AND slot = ? ORDER BY seq", (kind, slot)
                ).fetchall()
                for new, (old,) in enumerate(seqs, 1):
                    self._db.execute(
                        "UPDATE frames SET seq = ? WHERE kind = ? AND slot = ? AND seq = ?", (new, kind, slot, old)
                    )
                self._db.execute("UPDATE streams SET next = ? WHERE kind = ? AND slot = ?", (len(seqs) + 1, kind, slot))

    def next_frames(self, now_us: int, skip: Callable[[Stream, int], bool], *, most: int) -> list[Frame]:
        """Return what is to be sent next, in its order; without those that `skip` names."""
        with self._lock:
            live = [
                frame
                for frame in self._rows("device_us > ?", (now_us - LIVE_US,), "seq")
                if not skip(frame.stream, frame.seq)
            ]
            live.sort(key=lambda frame: (rank(frame.stream.kind, now_us - frame.device_us), frame.device_us))
            found = live[:most]
            for kind in sorted(Kind, key=lambda kind: rank(kind, LIVE_US)):
                if len(found) >= most:
                    break
                late = self._rows("kind = ? AND device_us <= ?", (int(kind), now_us - LIVE_US), "slot, seq")
                for frame in late:
                    if not skip(frame.stream, frame.seq):
                        found.append(frame)
                        if len(found) >= most:
                            break
        return found

    def _rows(self, where: str, values: tuple[int, ...], order: str) -> Iterator[Frame]:
        query = f"SELECT kind, slot, seq, device_us, payload FROM frames WHERE {where} ORDER BY {order}"  # noqa: S608 - ours
        with closing(self._db.execute(query, values)) as rows:
            for kind, slot, seq, device_us, payload in rows:
                yield Frame(Stream(Kind(kind), slot), seq, device_us, payload)

    def _make_room(self) -> list[tuple[Stream, Span]]:
        """Give up the oldest of what is needed least."""
        given_up: list[tuple[Stream, Span]] = []
        for kind in _EXPENDABLE:
            while self._bytes > self._most_bytes * _FULL:
                rows = self._db.execute(
                    "DELETE FROM frames WHERE (kind, slot, seq) IN (SELECT kind, slot, seq FROM frames WHERE kind = ?"
                    " ORDER BY device_us LIMIT ?) RETURNING slot, seq, length(payload)",
                    (int(kind), _DROPPED_AT_ONCE),
                ).fetchall()
                if not rows:
                    break
                self._bytes -= sum(size + 64 for _, _, size in rows)
                given_up += _spans(kind, ((slot, seq) for slot, seq, _ in rows))
        return given_up

    def _new_log(self) -> None:
        self._db.execute("DELETE FROM log")
        self._db.execute("INSERT INTO log VALUES (?)", (str(uuid4()),))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _spans(kind: Kind, numbers: Iterable[tuple[int, int]]) -> Iterator[tuple[Stream, Span]]:
    by_slot: dict[int, Ranges] = {}
    for slot, seq in numbers:
        by_slot.setdefault(slot, Ranges()).add(seq)
    for slot, ranges in by_slot.items():
        yield from ((Stream(kind, slot), span) for span in ranges.spans)
