"""The same order on SQLite, by 16 processes with `synchronous=FULL`: what an embedded file would do.

An order looks whether the unit is free, writes the assignment, the status and a chained journal line, and commits; then
it is called off again, in a second transaction. Writers take turns at the file (`BEGIN IMMEDIATE`), as SQLite asks.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import sqlite3
import tempfile
import time
import uuid
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Final

PROCESSES: Final = 16
UNITS: Final = 200
_SCHEMA: Final = """
CREATE TABLE units (id TEXT PRIMARY KEY, status TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE assignments (id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, incident_id TEXT NOT NULL, state TEXT NOT NULL,
    assigned_at REAL NOT NULL, ended_at REAL);
CREATE UNIQUE INDEX one_active ON assignments (unit_id) WHERE state = 'active';
CREATE TABLE status_entries (id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, status TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE journal (seq INTEGER PRIMARY KEY, type TEXT NOT NULL, payload TEXT NOT NULL, hash BLOB NOT NULL);
"""


def assignments_per_s(for_s: float) -> float:
    """Assignments per second by all processes together; none overlaps, or AssertionError."""
    with tempfile.TemporaryDirectory(prefix="tarim-bench-") as folder:
        path = Path(folder) / "orders.sqlite"
        units = [str(uuid.UUID(int=number)) for number in range(UNITS)]
        connection = _connected(path)
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO units VALUES (?, 'at_station', 1)", [(unit,) for unit in units])
        connection.close()
        context = multiprocessing.get_context("spawn")
        made: Queue[int] = context.Queue()
        gate = context.Barrier(PROCESSES + 1)
        workers = [
            context.Process(target=_work, args=(str(path), units, number, for_s, gate, made))
            for number in range(PROCESSES)
        ]
        for worker in workers:
            worker.start()
        gate.wait()
        began = time.perf_counter()
        total = sum(made.get() for _ in workers)
        took_s = time.perf_counter() - began
        for worker in workers:
            worker.join()
        _must_not_overlap(path)
    return total / took_s


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60.0, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _work(path: str, units: list[str], number: int, for_s: float, gate: object, made: Queue[int]) -> None:
    draw, connection, count = random.Random(number), _connected(Path(path)), 0
    gate.wait()  # type: ignore[attr-defined]  # a barrier of a context has no type of its own
    end = time.perf_counter() + for_s
    while time.perf_counter() < end:
        unit = draw.choice(units)
        assignment = str(uuid.uuid4())
        if _changed(connection, unit, "at_station", "assigned", assignment):
            count += 1
            _changed(connection, unit, "assigned", "at_station", assignment)
    connection.close()
    made.put(count)


def _changed(connection: sqlite3.Connection, unit: str, before: str, after: str, assignment: str) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    now = time.time()  # noqa: TID251 - a process of its own, which knows no clock of ours
    if connection.execute("SELECT status FROM units WHERE id = ?", (unit,)).fetchone() != (before,):
        connection.execute("ROLLBACK")
        return False
    connection.execute("UPDATE units SET status = ?, version = version + 1 WHERE id = ?", (after, unit))
    if after == "assigned":
        row = (assignment, unit, "incident", "active", now, None)
        connection.execute("INSERT INTO assignments VALUES (?, ?, ?, ?, ?, ?)", row)
    else:
        connection.execute("UPDATE assignments SET state = 'ended', ended_at = ? WHERE id = ?", (now, assignment))
    connection.execute("INSERT INTO status_entries VALUES (?, ?, ?, ?)", (str(uuid.uuid4()), unit, after, now))
    found = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, last = found or (0, b"")
    payload = f'{{"unit_id":"{unit}","assignment_id":"{assignment}","status":"{after}"}}'
    digest = hashlib.sha256(last + payload.encode()).digest()
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (seq + 1, f"unit.{after}", payload, digest))
    connection.execute("COMMIT")
    return True


def _must_not_overlap(path: Path) -> None:
    connection = _connected(path)
    pairs = connection.execute(
        "SELECT count(*) FROM (SELECT assigned_at, lag(ended_at) OVER (PARTITION BY unit_id ORDER BY assigned_at) AS b"
        " FROM assignments) WHERE b > assigned_at"
    ).fetchone()
    connection.close()
    assert pairs == (0,), pairs
