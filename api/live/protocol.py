"""One client of the feed, without any input or output: what it sent goes in, what it is to be sent comes out.

A client keeps only its place: the number of the last line that it was told, the version of the newest values, the last
tick. All else lies in what all clients share (`Log`, `Values`, `Beat`), which is bounded. `pull` gives what is
to be sent next, or says what must be read for it first.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, Final

from api.live.latest import Newest, Values
from api.live.log import Boards, Log, Page, View
from api.live.messages import Ping, Pong, Refused, Subscribe, Tick, encode, read
from api.live.sight import Sight
from api.live.topics import Topic

MOST_REPLIES: Final = 32
"""Answers that wait to be sent; a client that asks on without reading is not listened to meanwhile."""
TOO_SLOW: Final = 4008


class Beat:
    """The last tick, encoded once for all who stand at the same line."""

    def __init__(self) -> None:
        self.number = 0
        self._now, self._fresh = datetime.min, False  # noqa: DTZ901 - nobody looks before the first tick
        self._frames: dict[int | None, bytes] = {}

    def strike(self, now: datetime, *, fresh: bool) -> None:
        """A second has passed."""
        self.number += 1
        self._now, self._fresh = now, fresh
        self._frames.clear()

    def frame(self, seq: int | None, mark: str) -> bytes:
        """The tick for those who were told all up to `seq`."""
        found = self._frames.get(seq)
        if found is None:
            found = self._frames[seq] = encode(Tick(self._now, seq, mark, self._fresh))
        return found


class What(Enum):
    """What must be read for a client."""

    CHECK = auto()
    """Whether the line `seq` is there, with `mark` if given."""
    PAGE = auto()
    """Lines after `seq`."""
    BOARDS = auto()
    """All boards, as they stood after `seq` or later."""
    SIGHT = auto()
    """What it may see now."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something to be read and given to the client (`give_…`) before it goes on.

    turn: of the client, so that what was read for an earlier wish is not taken for the answer to a later one.
    """

    what: What
    turn: int
    seq: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """The client is to be closed."""

    code: int
    reason: str


class _Phase(Enum):
    IDLE = auto()
    CHECK = auto()
    REPLAY = auto()
    BOARDS = auto()
    CATCH_UP = auto()
    LIVE = auto()


class Client:
    """One client, from its welcome to its end."""

    def __init__(self, sight: Sight, log: Log, values: Values, beat: Beat) -> None:
        self._log, self._values, self._beat = log, values, beat
        self.view = View(sight, frozenset())
        self._phase = _Phase.IDLE
        self._epoch = log.epoch
        self._turn = 0
        self._told: int | None = None
        """All up to this line was told; None: nothing."""
        self._mark = ""
        """Of that line."""
        self._known_beat = 0
        self._known_values: dict[Topic, int] = {}
        """Up to which version newest values were told."""
        self._boards: Boards | None = None
        self._replies: deque[bytes] = deque()
        self._look_again = False

    @property
    def is_full(self) -> bool:
        """Whether it is to be listened to again only when answers were sent."""
        return len(self._replies) >= MOST_REPLIES

    def take(self, text: str) -> None:
        """Take a message from the client."""
        message = read(text)
        if isinstance(message, Refused):
            self.refuse(message.code, message.detail)
        elif isinstance(message, Ping):
            self._replies.append(encode(Pong(message.t)))
        else:
            self._subscribe(message)

    def refuse(self, code: str, detail: str) -> None:
        """Tell the client that something cannot be done."""
        self._replies.append(encode(Refused(code, detail)))

    def look_again(self) -> None:
        """What it may see may have changed: ask for it before anything else is told."""
        self._look_again = True

    def give_sight(self, sight: Sight) -> None:
        """Take what it may see now; if that is something else, its boards are sent anew."""
        self._look_again = False
        if sight == self.view.sight:
            return
        self.view = View(sight, self.view.topics & sight.topics)
        if self._phase is not _Phase.IDLE:
            self._begin(_Phase.BOARDS)

    def give_check(self, need: Need, refusal: tuple[str, str] | None) -> None:
        """Take whether the line after which it resumes is there; if not, code and sentence of the refusal."""
        if self._is_late(need):
            return
        if refusal is None:
            self._begin(_Phase.REPLAY)
            return
        self.refuse(*refusal)
        self._told = None
        self._begin(_Phase.BOARDS)

    def give_page(self, need: Need, page: Page) -> tuple[bytes, ...]:
        """Take lines of the journal; return the frames to be sent."""
        if self._is_late(need):
            return ()
        told = self._told or 0
        self._told, self._mark = page.last, page.mark
        return page.facts_after(self.view, told)

    def give_boards(self, need: Need, boards: Boards) -> None:
        """Take the boards."""
        if self._is_late(need):
            return
        self._begin(_Phase.CATCH_UP)
        self._boards = boards
        if self._told is None:
            self._told, self._mark = boards.seq, boards.mark

    def pull(self) -> tuple[bytes, ...] | Need | Close | None:
        """What is to be done next: frames to be sent, something to be read, the end; None: nothing for now."""
        if self._replies:
            return self._replied()
        if self._look_again:
            return self._need(What.SIGHT)
        if self._phase is _Phase.IDLE or not self._log.begun:
            return self._tick()
        if self._epoch != self._log.epoch:
            self._start_over()
            return self.pull()
        step = self._step()
        return self._tick() if step is None else step

    def meanwhile(self) -> tuple[bytes, ...]:
        """What can be sent while something is being read: answers, and the tick."""
        return (*self._replied(), *(self._tick() or ()))

    def _replied(self) -> tuple[bytes, ...]:
        frames = tuple(self._replies)
        self._replies.clear()
        return frames

    def _step(self) -> tuple[bytes, ...] | Need | Close | None:
        if self._phase is _Phase.CHECK:
            return self._need(What.CHECK)
        if self._phase is _Phase.CATCH_UP and (self._told or 0) < self._log.start:
            self._begin(_Phase.REPLAY)  # so slow that the log has gone on: there is still the journal
        if self._phase is _Phase.REPLAY:
            if (self._told or 0) < self._log.start:
                return self._need(What.PAGE)
            self._begin(_Phase.BOARDS)
        if self._phase is _Phase.BOARDS:
            return self._need(What.BOARDS)
        return self._caught_up() if self._phase is _Phase.CATCH_UP else self._news()

    def _need(self, what: What) -> Need:
        return Need(what, self._turn, self._told or 0, self._mark)

    def _is_late(self, need: Need) -> bool:
        """Tell whether what was read for a client comes too late: it wishes something else, or the log began anew."""
        return need.turn != self._turn or self._epoch != self._log.epoch

    def _caught_up(self) -> tuple[bytes, ...] | None:
        """Facts up to the boards' line, then the boards."""
        boards, told = self._boards, self._told or 0
        if boards is None:
            raise RuntimeError("a client catches up with boards that it was given")
        if told < boards.seq:
            batch = self._log.following(told)
            if batch is None:
                return None  # the boards were read ahead of the log
            ahead = batch.last > boards.seq
            self._told, self._mark = (boards.seq, boards.mark) if ahead else (batch.last, batch.mark)
            return batch.facts_after(self.view, told, self._told)
        self._boards = None
        # A unit's row has its position; no row has an arrival.
        self._known_values = {Topic.UNITS: boards.latest}
        self._phase = _Phase.LIVE
        return boards.frames(self.view)

    def _news(self) -> tuple[bytes, ...] | Close | None:
        told = self._told or 0
        if told < self._log.start:
            return Close(TOO_SLOW, "live.too_slow")
        batch = self._log.following(told)
        if batch is not None:
            self._told, self._mark = batch.last, batch.mark
            return batch.frames(self.view, told)
        found = [frame for newest in self._values if (frame := self._value(newest)) is not None]
        return tuple(found) or None

    def _value(self, newest: Newest[Any]) -> bytes | None:
        known = self._known_values.get(newest.topic, 0)
        if newest.topic not in self.view.topics or known == newest.version:
            return None
        self._known_values[newest.topic] = newest.version
        return newest.frame(known, self.view)

    def _tick(self) -> tuple[bytes, ...] | None:
        beat = self._beat
        if self._known_beat == beat.number:
            return None
        self._known_beat = beat.number
        if self._phase is _Phase.IDLE:
            return (beat.frame(self._log.position, self._log.mark) if self._log.begun else beat.frame(None, ""),)
        return (beat.frame(self._told, self._mark),)

    def _subscribe(self, message: Subscribe) -> None:
        wanted = frozenset(message.topics)
        refused = sorted(wanted - self.view.sight.topics)
        if refused:
            self.refuse("permission.refused", f"This is not for you: {', '.join(refused)}.")
            return
        self.view = View(self.view.sight, wanted)
        if self._phase is _Phase.IDLE:
            self._told = None
        elif self._told is not None and self._epoch != self._log.epoch:
            self._start_over()  # `after` may be of the other journal
            return
        if not wanted:
            self._begin(_Phase.IDLE)
        elif message.after is None:
            self._begin(_Phase.BOARDS)
        else:
            self._told, self._mark = message.after, message.mark or ""
            known = self._log.begun and not self._mark and message.after <= self._log.position
            self._begin(_Phase.REPLAY if known else _Phase.CHECK)

    def _start_over(self) -> None:
        """The log has begun anew: another journal, unless this client had not been told anything of it yet."""
        if self._phase is _Phase.CHECK:
            self._epoch = self._log.epoch
            return
        if self._told is not None:
            self.refuse("live.other_journal", "The journal is another one now: what was told before counts no more.")
        self._told = None
        self._begin(_Phase.BOARDS if self.view.topics else _Phase.IDLE)

    def _begin(self, phase: _Phase) -> None:
        """Go on with something else; what is being read for the client now comes too late."""
        self._turn += 1
        self._phase, self._epoch, self._boards = phase, self._log.epoch, None
