"""A journal in memory with its boards, and a screen that believes only what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from api.live.latest import Values
from api.live.log import Batch, Boards, Change, Log, Page, ToldFact, ToldRow
from api.live.messages import Fact, Position, encode
from api.live.protocol import Beat, Client, Close, Need, What
from api.live.sight import Marks, Sight
from api.live.topics import Topic

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TOPICS = (Topic.UNITS, Topic.INCIDENTS)
OWN = UUID(int=1)


@dataclass(frozen=True)
class Written:
    """A line: it changes one row of a board, which goes or stays, and has to do with one unit."""

    topic: Topic
    row: int
    stays: bool
    unit: int

    @property
    def marks(self) -> Marks:
        return Marks(units=frozenset({UUID(int=self.unit)}))


class World:
    """The journal and its boards, and what a process keeps of it."""

    def __init__(self, most_lines: int) -> None:
        self.lines: list[Written] = []
        self.origin: list[int] = []
        self.journal = 0
        self.log = Log(most_lines=most_lines)
        self.values, self.beat = Values(), Beat()
        self.log.begin(0, "")

    def client(self, sight: Sight) -> Client:
        return Client(sight, self.log, self.values, self.beat)

    def write(self, lines: Sequence[Written]) -> None:
        """Write lines; the process has not seen them yet."""
        self.lines += lines
        self.origin += [self.journal] * len(lines)

    def mark(self, seq: int) -> str:
        return f"{self.origin[seq - 1]}-{seq}" if seq else ""

    def look(self, most: int = 1_000) -> None:
        """Read new lines into the log, as one batch."""
        after = self.log.position
        last = min(len(self.lines), after + most)
        if last == after:
            return
        changes = {}
        for topic in TOPICS:
            before, now = self.board(topic, after), self.board(topic, last)
            rows = {line.row for line in self.lines[after:last] if line.topic is topic}
            changes[topic] = Change(tuple(self._row(row, before, now) for row in sorted(rows)))
        facts = tuple(self.fact(seq) for seq in range(after + 1, last + 1))
        self.log.append(Batch(after, last, self.mark(last), facts, changes))

    def restore(self, kept: int) -> None:
        """The journal is another one: only `kept` lines of it are there, and other ones will follow."""
        del self.lines[kept:], self.origin[kept:]
        self.journal += 1
        self.log.begin(kept, self.mark(kept))

    def board(self, topic: Topic, seq: int) -> dict[int, tuple[int, Written]]:
        """A board as it stands after line `seq`: for each row the last line that changed it."""
        found: dict[int, tuple[int, Written]] = {}
        for number, line in enumerate(self.lines[:seq], 1):
            if line.topic is topic:
                found.pop(line.row, None)
                if line.stays:
                    found[line.row] = (number, line)
        return found

    def fact(self, seq: int) -> ToldFact:
        line = self.lines[seq - 1]
        told = Fact(seq, self.mark(seq), line.topic, "unit.told", NOW, NOW, "s", None, "system:x", {})
        return ToldFact(seq, line.topic, line.marks, encode(told))

    def read(self, need: Need) -> Page | Boards | tuple[str, str] | None:
        """Read what a client needs, as it is now."""
        if need.what is What.PAGE:
            last = min(len(self.lines), need.seq + 3)
            return Page(last, self.mark(last), tuple(self.fact(seq) for seq in range(1, last + 1)))
        if need.what is What.BOARDS:
            now = {topic: self.board(topic, len(self.lines)) for topic in TOPICS}
            boards = {
                topic: Change(tuple(self._row(row, {}, board) for row in board), whole=True)
                for topic, board in now.items()
            }
            return Boards(len(self.lines), self.mark(len(self.lines)), boards, self.values.positions.version)
        there = need.seq <= len(self.lines) and need.mark in ("", self.mark(need.seq))
        return None if there else ("live.other_journal", ".")

    @staticmethod
    def give(client: Client, need: Need, found: Page | Boards | tuple[str, str] | None) -> tuple[bytes, ...]:
        """Give a client what was read; what it is sent at once."""
        if isinstance(found, Page):
            return client.give_page(need, found)
        if isinstance(found, Boards):
            client.give_boards(need, found)
        elif need.what is What.CHECK:
            client.give_check(need, found)
        else:
            client.give_sight(client.view.sight)
        return ()

    def move(self, unit: int, step: int) -> None:
        where = Position(UUID(int=unit), 41.0 + step * 1e-4, 80.0, NOW, NOW, None, None, "auto")
        self.values.positions.take([(where, Marks(frozenset({"x"}), frozenset({where.id})))])

    def strike(self) -> None:
        self.beat.strike(NOW, fresh=True)

    def _row(self, row: int, before: dict[int, tuple[int, Written]], now: dict[int, tuple[int, Written]]) -> ToldRow:
        was = before[row][1].marks if row in before else Marks()
        if row not in now:
            return ToldRow(UUID(int=row), None, Marks(), was)
        seq, line = now[row]
        raw = msgspec.Raw(json.dumps({"id": str(UUID(int=row)), "seq": seq}).encode())
        return ToldRow(UUID(int=row), raw, line.marks, was)


@dataclass
class Screen:
    """What a screen believes, and the number after which it would resume."""

    sees: Callable[[Written], bool]
    facts: list[int] = field(default_factory=list)
    boards: dict[str, dict[str, int]] = field(default_factory=dict)
    known: int | None = None
    mark: str = ""
    has_boards: bool = False
    lat: float = 0.0

    def wish(self) -> str:
        """The subscription that resumes."""
        return json.dumps({"op": "subscribe", "topics": TOPICS, "after": self.known, "mark": self.mark})

    def read(self, world: World, frames: Sequence[bytes]) -> None:
        """Take frames; complain of whatever is not in order."""
        for frame in frames:
            told = content(frame)
            seq = told.get("seq")
            if told["kind"] == "fact":
                assert not self.facts or seq > self.facts[-1], "told twice, or out of order"
                self.facts.append(seq)
            elif told["kind"] == "snapshot":
                self.boards[told["topic"]] = {row["id"]: row["seq"] for row in told["items"]}
                self.has_boards = True
            elif told["kind"] == "rows":
                board = self.boards[told["topic"]]
                board.update({row["id"]: row["seq"] for row in told["items"]})
                for gone in told["gone"]:
                    board.pop(gone, None)
            elif told["kind"] == "latest":
                (item,) = told["items"]
                assert item["lat"] > self.lat, "an older position after a newer one"
                self.lat = item["lat"]
            elif told["kind"] == "refused":
                assert told["code"] == "live.other_journal"
                self.facts, self.known, self.mark, self.has_boards = [], None, "", False
            elif told["kind"] == "tick" and seq is not None and self.has_boards:
                self.compare(world, seq)
            if seq is not None and seq >= (self.known or 0):
                self.known, self.mark = seq, told["mark"]

    def compare(self, world: World, seq: int) -> None:
        """All up to `seq` was told: what is believed must be what is."""
        if self.facts:
            wanted = [n for n in range(self.facts[0], seq + 1) if self.sees(world.lines[n - 1])]
            assert self.facts == wanted, "a fact was lost"
        for topic in TOPICS:
            is_so = {str(UUID(int=row)): n for row, (n, line) in world.board(topic, seq).items() if self.sees(line)}
            assert self.boards[topic] == is_so, f"{topic} after line {seq}"


def content(frame: bytes) -> dict[str, Any]:
    """What is told in a frame from a server: a text, whole and not masked."""
    assert frame[0] == 0x81
    told: dict[str, Any] = json.loads(frame[{126: 4, 127: 10}.get(frame[1], 2) :])
    return told


def drain(world: World, client: Client, screen: Screen) -> Close | None:
    """Let a client catch up."""
    for _ in range(1_000):
        step = client.pull()
        if step is None or isinstance(step, Close):
            return step
        screen.read(world, world.give(client, step, world.read(step)) if isinstance(step, Need) else step)
    raise AssertionError("a client never comes to rest")
