"""Both sides of a connection, without a network."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from dispatch.telemetry.rules_messages import Durable, Kept, durable_of, ranges_of
from dispatch.telemetry.rules_payloads import PositionFix, encode_payload
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.rules_server import PROTOCOL_ERROR, ClockRead, End, GivenUp, Greeted, Say, ServerSession, Taken
from dispatch.telemetry.rules_share import Measure, Share
from dispatch.telemetry.rules_time import MAX_AGE_US, TrueTime, true_time
from dispatch.telemetry.rules_vehicle import Ended, Forget, GiveUp, Told, VehicleSession, Welcomed, rank
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import MAX_RANGES, Frame, Kind, Stream, Window

LOG = UUID(int=1)
CONNECTION = UUID(int=2)
NOW_US = 1_795_746_600_000_000
PLACE = Stream(Kind.POSITION, 0)
FIX = encode_payload(PositionFix(NOW_US, 41.17, 80.26))


def frame(seq: int, stream: Stream = PLACE, payload: bytes = FIX) -> bytes:
    return encode_frame(Frame(stream, seq, NOW_US, payload))


def opened(kept: dict[Stream, Ranges] | None = None, window: Window | None = None) -> ServerSession:
    server = ServerSession(window or Window())
    server.hear_text(json.dumps({"op": "hello", "version": 1, "log": str(LOG)}), NOW_US)
    server.welcome(CONNECTION, kept or {}, NOW_US)
    server.hear_text(json.dumps({"op": "clock", "device_us": NOW_US, "server_us": NOW_US}), NOW_US)
    return server


def said(steps: list[object]) -> dict[str, object]:
    (step,) = steps
    assert isinstance(step, Say)
    told: dict[str, object] = json.loads(step.text)
    return told


def acked(server: ServerSession) -> dict[str, object]:
    text = server.ack(NOW_US)
    assert text is not None
    streams: dict[str, object] = json.loads(text)["streams"]
    return streams


def test_a_frame_is_taken_once_and_acknowledged_only_after_the_commit() -> None:
    server = opened()
    (taken,) = server.hear_frame(frame(1))
    assert isinstance(taken, Taken)
    assert taken.frame.seq == 1
    assert server.hear_frame(frame(1)) == []
    assert server.ack(NOW_US) is None
    server.committed([(PLACE, (1, 1))])
    assert acked(server) == {"position.0": {"upto": 1, "also": []}}
    assert server.hear_frame(frame(1)) == []  # a repetition is acknowledged again
    assert acked(server) == {"position.0": {"upto": 1, "also": []}}


def test_what_is_kept_already_is_told_by_the_welcome_and_not_taken_again() -> None:
    server = opened({PLACE: Ranges([(1, 4), (7, 8)])})
    assert server.hear_frame(frame(7)) == []
    (taken,) = server.hear_frame(frame(6))
    assert isinstance(taken, Taken)
    server.committed([(PLACE, (6, 6))])
    assert acked(server) == {"position.0": {"upto": 4, "also": [[6, 8]]}}


def test_lost_frames_close_a_gap_once_that_is_kept_too() -> None:
    server = opened({PLACE: Ranges([(5, 9)])})
    lost = json.dumps({"op": "lost", "stream": "position.0", "first": 1, "last": 4})
    assert server.hear_text(lost, NOW_US) == [GivenUp(PLACE, (1, 4))]
    assert server.hear_text(lost, NOW_US) == []
    assert acked(server) == {"position.0": {"upto": 0, "also": [[5, 9]]}}
    server.committed([(PLACE, (1, 4))])
    assert acked(server) == {"position.0": {"upto": 9, "also": []}}


def test_a_full_window_reads_no_more_until_something_is_kept() -> None:
    server = opened(window=Window(frames=2, bytes=10_000))
    server.hear_frame(frame(1))
    assert not server.is_full
    server.hear_frame(frame(2))
    assert server.is_full
    server.committed([(PLACE, (1, 1))])
    assert not server.is_full
    by_bytes = opened(window=Window(frames=100, bytes=len(frame(1))))
    by_bytes.hear_frame(frame(1))
    assert by_bytes.is_full


def test_a_frame_that_could_not_be_stored_is_refused_and_may_be_given_up() -> None:
    server = opened()
    server.hear_frame(frame(1))
    server.hear_frame(frame(2))
    told = said(server.failed([(PLACE, (1, 1))], "frame.unstorable", "It cannot be kept."))
    assert (told["stream"], told["seq"], told["again"]) == ("position.0", 1, False)
    lost = json.dumps({"op": "lost", "stream": "position.0", "first": 1, "last": 1})
    assert server.hear_text(lost, NOW_US) == [GivenUp(PLACE, (1, 1))]
    assert server.hear_frame(frame(2)) == []  # it is still on its way


def test_too_many_pieces_are_refused_until_gaps_are_filled() -> None:
    server = opened({PLACE: Ranges([(2 * number, 2 * number) for number in range(1, MAX_RANGES + 1)])})
    told = said(server.hear_frame(frame(1_000)))
    assert (told["code"], told["again"]) == ("stream.scattered", True)
    assert isinstance(server.hear_frame(frame(1))[0], Taken)
    lost = json.dumps({"op": "lost", "stream": "position.0", "first": 2_000, "last": 2_001})
    assert said(server.hear_text(lost, NOW_US))["code"] == "stream.scattered"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("nonsense", "hello.first"),
        ('{"op":"clock","device_us":1,"server_us":1}', "hello.first"),
        ('{"op":"hello","version":2,"log":"00000000-0000-0000-0000-000000000001"}', "hello.version"),
        (
            (
                '{"op":"hello","version":1,"log":"00000000-0000-0000-0000-000000000001",'
                '"streams":{"moon.1":{"first":1,"next":2}}}'
            ),
            "hello.stream",
        ),
    ],
)
def test_a_connection_that_begins_wrongly_is_told_why_and_closed(text: str, reason: str) -> None:
    told, end = ServerSession().hear_text(text, NOW_US)
    assert isinstance(told, Say)
    assert json.loads(told.text)["code"] == reason
    assert end == End(PROTOCOL_ERROR, reason)


def test_frames_come_after_the_welcome_and_the_clock() -> None:
    server = ServerSession()
    assert server.hear_frame(frame(1))[-1] == End(PROTOCOL_ERROR, "hello.first")
    hello = json.dumps({"op": "hello", "version": 1, "log": str(LOG)})
    assert isinstance(server.hear_text(hello, NOW_US)[0], Greeted)
    server.welcome(CONNECTION, {}, NOW_US)
    assert server.hear_frame(frame(1))[-1] == End(PROTOCOL_ERROR, "clock.first")
    assert server.hear_text(hello, NOW_US)[-1] == End(PROTOCOL_ERROR, "hello.again")


def test_the_clock_is_measured_at_half_of_the_way() -> None:
    server = opened()
    told = {"op": "clock", "device_us": NOW_US + 5_000_000, "server_us": NOW_US}
    assert server.hear_text(json.dumps(told), NOW_US + 40_000) == [ClockRead(4_980_000, 20_000)]
    assert said(server.hear_text(json.dumps(told | {"server_us": NOW_US + 1}), NOW_US))["code"] == "clock.echo"


def test_the_vehicle_follows_the_service() -> None:
    vehicle = VehicleSession(LOG, {PLACE: Kept(3, 6)}, "test")
    server = ServerSession(Window(frames=2, bytes=1_000))
    (greeted,) = server.hear_text(vehicle.hello(), NOW_US)
    assert isinstance(greeted, Greeted)
    assert greeted.hello.streams == {"position.0": Kept(3, 6)}
    welcome = server.welcome(CONNECTION, {PLACE: Ranges([(1, 3)])}, NOW_US)
    welcomed, forget = vehicle.hear(welcome, NOW_US)
    assert isinstance(welcomed, Welcomed)
    assert welcomed.ahead == ()
    assert forget == Forget(PLACE, Ranges([(1, 3)]))
    assert isinstance(server.hear_text(welcomed.answer, NOW_US)[0], ClockRead)
    data = frame(4)
    assert vehicle.fits(len(data))
    vehicle.sent(PLACE, 4, len(data))
    vehicle.sent(PLACE, 5, len(data))
    assert not vehicle.fits(1)
    server.hear_frame(data)
    server.committed([(PLACE, (4, 4))])
    text = server.ack(NOW_US)
    assert text is not None
    assert vehicle.hear(text, NOW_US) == [Forget(PLACE, Ranges([(1, 4)]))]
    assert vehicle.fits(len(data))
    assert vehicle.on_the_way(PLACE, 5)


def test_a_store_from_a_backup_is_found_out() -> None:
    vehicle = VehicleSession(LOG, {PLACE: Kept(3, 6)})
    welcome = ServerSession().welcome(CONNECTION, {PLACE: Ranges([(1, 2), (9, 9)])}, NOW_US)
    (welcomed, _) = vehicle.hear(welcome, NOW_US)
    assert isinstance(welcomed, Welcomed)
    assert welcomed.ahead == (PLACE,)


def test_a_refused_frame_is_given_up_or_sent_again() -> None:
    vehicle = VehicleSession(LOG, {})
    refused = {"op": "refused", "code": "ecg.rate", "reason": "r", "stream": "ecg.1", "seq": 8, "again": False}
    (step,) = vehicle.hear(json.dumps(refused), NOW_US)
    assert isinstance(step, GiveUp)
    assert json.loads(step.answer) == {"op": "lost", "stream": "ecg.1", "first": 8, "last": 8}
    assert vehicle.hear(json.dumps(refused | {"again": True}), NOW_US) == []
    assert vehicle.hear(json.dumps(refused | {"seq": None}), NOW_US) == [Told("ecg.rate", "r")]
    bye = {"op": "bye", "code": "connection.replaced", "reason": "r"}
    assert vehicle.hear(json.dumps(bye), NOW_US) == [Ended("connection.replaced", "r")]
    with pytest.raises(ValueError, match="JSON"):
        vehicle.hear("?", NOW_US)


def test_what_a_doctor_needs_soonest_goes_first() -> None:
    live, late = 1_000_000, 3_600_000_000
    order = [(Kind.VITALS, live), (Kind.ECG, live), (Kind.IMAGE, live), (Kind.VITALS, late), (Kind.ECG, late)]
    assert sorted(order, key=lambda one: rank(*one)) == order
    assert rank(Kind.IMAGE, late) < rank(Kind.ECG, late)


def test_true_times() -> None:
    hour_us = 3_600_000_000
    assert true_time(NOW_US - hour_us, NOW_US, 0) == TrueTime(NOW_US - hour_us, True)
    assert true_time(NOW_US + 500, NOW_US, 0) == TrueTime(NOW_US, True)
    # A clock in 1970 and one in 2099: off, but known by how much.
    assert true_time(60_000_000, NOW_US, 61_000_000 - NOW_US) == TrueTime(NOW_US - 1_000_000, True)
    late_us = 4_076_000_000_000_000
    assert true_time(late_us - hour_us, NOW_US, late_us - NOW_US) == TrueTime(NOW_US - hour_us, True)
    # Timed in 1970 or 2099, sent after the clock was set: only the receipt is known.
    assert true_time(60_000_000, NOW_US, 0) == TrueTime(NOW_US, False)
    assert true_time(late_us, NOW_US, 0) == TrueTime(NOW_US, False)
    assert true_time(NOW_US - MAX_AGE_US, NOW_US, 0).sure


def test_a_share_slows_down_who_sends_a_hundred_times_as_much() -> None:
    measure = Measure(Share(frames_s=10, bytes_s=1_000, burst_s=1), 0.0)
    assert [measure.take(10, 0.0) for _ in range(10)] == [0.0] * 10
    assert measure.take(10, 0.0) == pytest.approx(0.1)
    assert measure.take(10, 10.0) == 0.0
    assert measure.take(5_000, 20.0) == pytest.approx(4.0)


def test_durable_numbers_read_back() -> None:
    for spans in ([], [(1, 5)], [(1, 5), (8, 9)], [(3, 3)]):
        assert ranges_of(durable_of(Ranges(spans))) == Ranges(spans)
    with pytest.raises(ValueError, match="interval"):
        ranges_of(Durable(3, [(9, 8)]))
