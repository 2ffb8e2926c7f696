"""The vehicle protocol against all that links, devices and chance can do."""

from __future__ import annotations

import random
from uuid import UUID

import pytest
from factories.patience import times
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dispatch.telemetry.rules_messages import Kept
from dispatch.telemetry.rules_payloads import Value, Values, encode_payload
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_server import ClockRead, End, GivenUp, Greeted, Say, ServerSession, Taken
from dispatch.telemetry.rules_vehicle import Forget, GiveUp, VehicleSession, Welcomed
from dispatch.telemetry.rules_wire import decode_frame, encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream, Window

NOW_US = 1_795_746_600_000_000
STREAMS = [Stream(Kind.VITALS, 1), Stream(Kind.VITALS, 2)]
RATE = encode_payload(Values((Value(1, 80.0),)))


def numbers_of(ranges: Ranges) -> set[int]:
    return {number for first, last in ranges.spans for number in range(first, last + 1)}


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 6)), max_size=30), st.integers(1, 50))
def test_ranges_are_a_set(given_spans: list[tuple[int, int]], asked: int) -> None:
    ranges, plain = Ranges(), set[int]()
    for first, more in given_spans:
        assert ranges.would_break(first) == plain.isdisjoint({first - 1, first, first + 1})
        ranges.add(first, first + more)
        plain |= set(range(first, first + more + 1))
        upto = next(number for number in range(60) if number + 1 not in plain)
        assert (numbers_of(ranges), ranges.upto) == (plain, upto)
        assert {n for a, b in ranges.missing for n in range(a, b + 1)} == set(range(1, max(plain))) - plain
        assert all(end + 1 < start for (_, end), (start, _) in zip(ranges.spans, ranges.spans[1:], strict=False))
        assert ranges.beyond == [span for span in ranges.spans if span[0] > 1]
    assert (asked in ranges) == (asked in plain)


@given(st.builds(Frame, st.builds(Stream, st.sampled_from(Kind), st.integers(0, 9)), st.integers(1, 2**53 - 1),
                 st.integers(0, 2**57), st.binary(max_size=300)))  # fmt: skip
def test_frames_read_back(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame


def opened() -> ServerSession:
    server = ServerSession(Window(10**9, 10**12))
    server.hear_text(VehicleSession(UUID(int=1), {}).hello(), NOW_US)
    server.welcome(UUID(int=2), {}, NOW_US)
    server.clock = ClockRead(0, 0)
    return server


@pytest.mark.soak
def test_random_bytes_and_damaged_frames_are_refused_one_by_one() -> None:
    """Whatever comes: an answer or nothing, never an end, never anything taken that was not sent whole."""
    chance, server = random.Random(5), opened()
    good = encode_frame(Frame(STREAMS[0], 1, NOW_US, RATE))
    for _ in range(times(4_000, 1_000_000)):
        data = bytearray(good if chance.random() < 0.5 else chance.randbytes(chance.randrange(120)))
        for _ in range(chance.randrange(1, 4)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        for step in server.hear_frame(bytes(data)):
            assert isinstance(step, Say) or bytes(data) == good
    assert isinstance(opened().hear_frame(good)[0], Taken)


@given(st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_random_words_are_refused_one_by_one(text: str) -> None:
    assert not any(isinstance(step, End) for step in opened().hear_text(text, NOW_US))


@given(st.sampled_from(Kind), st.binary(max_size=120))
def test_any_payload_with_a_right_head_is_taken_or_refused(kind: Kind, payload: bytes) -> None:
    (step,) = opened().hear_frame(encode_frame(Frame(Stream(kind, 1), 9, NOW_US, payload)))
    assert isinstance(step, Say | Taken)
    if isinstance(step, Say):
        assert f'"stream":"{Stream(kind, 1)}","seq":9' in step.text


class Link(RuleBasedStateMachine):
    """One vehicle, a link that repeats, loses and ends, a service that dies: what is acknowledged is kept, once."""

    @initialize()
    def begin(self) -> None:
        self.kept: dict[Stream, list[int]] = {stream: [] for stream in STREAMS}
        """What the service's disk has, in the order of writing."""
        self.given_up: dict[Stream, set[int]] = {stream: set() for stream in STREAMS}
        self.board: dict[Stream, set[int]] = {stream: set() for stream in STREAMS}
        self.next = dict.fromkeys(STREAMS, 1)
        self.dropped: dict[Stream, set[int]] = {stream: set() for stream in STREAMS}
        self.connect()

    @rule()
    def connect(self) -> None:
        """A new connection: all that was on its way, both ways, is gone."""
        self.up: list[str | bytes] = []
        self.down: list[str] = []
        self.waiting: list[tuple[Stream, tuple[int, int]]] = []
        self.server = ServerSession(Window(frames=4, bytes=10**6))
        kept = {s: Kept(min(self.board[s], default=self.next[s]), self.next[s]) for s in STREAMS}
        self.vehicle = VehicleSession(UUID(int=1), kept)
        (greeted,) = self.server.hear_text(self.vehicle.hello(), NOW_US)
        assert isinstance(greeted, Greeted)
        on_disk = {s: Ranges([(n, n) for n in {*self.kept[s], *self.given_up[s]}]) for s in STREAMS}
        self.hear(self.server.welcome(UUID(int=2), on_disk, NOW_US))
        for stream in STREAMS:
            for seq in sorted(self.dropped[stream]):
                self.up.append(self.vehicle.lost(stream, seq, seq))

    @rule(stream=st.sampled_from(STREAMS))
    def measure(self, stream: Stream) -> None:
        self.board[stream].add(self.next[stream])
        self.next[stream] += 1

    @precondition(lambda self: any(self.board.values()))
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """Anything that is still on board, in any order, as far as the window goes."""
        stream = data.draw(st.sampled_from([s for s in STREAMS if self.board[s]]))
        seq = data.draw(st.sampled_from(sorted(self.board[stream])))
        frame = encode_frame(Frame(stream, seq, NOW_US, RATE))
        if self.vehicle.fits(len(frame)) and not self.vehicle.on_the_way(stream, seq):
            self.vehicle.sent(stream, seq, len(frame))
            self.up += [frame] * data.draw(st.integers(1, 2))

    @precondition(lambda self: any(self.board.values()))
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        """The disk on board drops a frame; the vehicle says so."""
        stream = data.draw(st.sampled_from([s for s in STREAMS if self.board[s]]))
        seq = data.draw(st.sampled_from(sorted(self.board[stream])))
        self.board[stream].discard(seq)
        self.dropped[stream].add(seq)
        self.up.append(self.vehicle.lost(stream, seq, seq))

    @precondition(lambda self: self.up and not self.server.is_full)
    @rule(damaged=st.booleans())
    def arrive(self, damaged: bool) -> None:
        one = self.up.pop(0)
        if isinstance(one, str):
            steps = self.server.hear_text(one, NOW_US)
        else:
            # Damage that the transport let through; the frame stays on board and comes again after the next break.
            steps = self.server.hear_frame(one[:-1] if damaged else one)
        for step in steps:
            if isinstance(step, Taken):
                self.waiting.append((step.frame.stream, (step.frame.seq, step.frame.seq)))
            elif isinstance(step, GivenUp):
                self.waiting.append((step.stream, step.span))
            elif isinstance(step, Say):
                self.down.append(step.text)
            else:
                assert isinstance(step, ClockRead)

    @precondition(lambda self: self.waiting)
    @rule(count=st.integers(1, 4))
    def commit(self, count: int) -> None:
        batch, self.waiting = self.waiting[:count], self.waiting[count:]
        for stream, (first, last) in batch:
            if first in self.dropped[stream] and first not in self.kept[stream]:
                self.given_up[stream] |= set(range(first, last + 1))
            else:
                self.kept[stream].append(first)
        self.server.committed(batch)

    @rule()
    def acknowledge(self) -> None:
        text = self.server.ack(NOW_US)
        if text is not None:
            self.down.append(text)

    @precondition(lambda self: self.down)
    @rule()
    def listen(self) -> None:
        self.hear(self.down.pop(0))

    def hear(self, text: str) -> None:
        for step in self.vehicle.hear(text, NOW_US):
            if isinstance(step, Welcomed):
                assert step.ahead == ()
                self.up.append(step.answer)
            elif isinstance(step, Forget):
                self.board[step.stream] -= numbers_of(step.kept)
            else:
                assert not isinstance(step, GiveUp)

    @invariant()
    def nothing_is_lost_or_kept_twice(self) -> None:
        for stream in STREAMS:
            kept = self.kept[stream]
            assert len(kept) == len(set(kept))
            everywhere = {*kept, *self.given_up[stream], *self.board[stream], *self.dropped[stream]}
            assert everywhere == set(range(1, self.next[stream]))


TestLink = Link.TestCase
TestLink.settings = settings(stateful_step_count=40)
