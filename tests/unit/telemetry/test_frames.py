"""Frames and what is in them, and the examples of PROTOCOL.md."""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_payloads import (
    Attached,
    Chunk,
    ImageForm,
    Origin,
    Payload,
    PositionFix,
    Value,
    Values,
    decode_payload,
    encode_payload,
)
from dispatch.telemetry.rules_waves import MISSING, Ecg, Wave
from dispatch.telemetry.rules_wire import BadFrame, bits_to_float, decode_frame, encode_frame, float_to_bits
from dispatch.telemetry.states import MAX_FRAME_BYTES, Frame, Kind, Stream

AT_US = 1_795_746_600_000_000
VECTORS = re.findall(
    r"```vector\n(\{.*\})\n([0-9a-f\n]+)```", (Path(__file__).parents[3] / "PROTOCOL.md").read_text("utf-8")
)


def _values(told: dict[str, Any]) -> Values:
    return Values(tuple(Value(n, math.nan if v is None else float(v), Origin(o)) for n, v, o in told["values"]))


def _samples(told: dict[str, Any]) -> bytes:
    return struct.pack(f"<{len(told['data'])}h", *told["data"])


READ: dict[Kind, Callable[[dict[str, Any]], Payload]] = {
    Kind.POSITION: lambda t: PositionFix(
        t["fix_us"], t["lat"], t["lon"], t["speed_mps"], t["heading_deg"], t["accuracy_m"]
    ),
    Kind.VITALS: _values,
    Kind.ECMO: _values,
    Kind.ECG: lambda t: Ecg(
        t["first_sample"], t["rate_hz"], t["samples"], t["units_per_mv"], tuple(t["leads"]), _samples(t)
    ),
    Kind.WAVES: lambda t: Wave(
        t["first_sample"], t["rate_hz"], t["samples"], t["scale"], t["offset"], t["wave"], _samples(t)
    ),
    Kind.IMAGE: lambda t: Chunk(
        UUID(t["image"]), t["total"], t["offset"], ImageForm(t["form"]), bytes.fromhex(t["sha256"]),
        bytes.fromhex(t["data"]),
    ),
    Kind.EVENT: lambda t: Attached(UUID(t["patient_id"])),
}  # fmt: skip


@pytest.mark.parametrize(("told", "hexadecimal"), VECTORS, ids=[json.loads(told)["stream"] for told, _ in VECTORS])
def test_the_examples_of_the_document_are_what_is_sent(told: str, hexadecimal: str) -> None:
    example = json.loads(told)
    stream = Stream.named(example["stream"])
    payload = READ[stream.kind](example)
    data = bytes.fromhex(hexadecimal)
    frame = decode_frame(data)
    assert encode_frame(Frame(stream, example["seq"], example["device_us"], encode_payload(payload))) == data
    assert (frame.stream, frame.seq, frame.device_us) == (stream, example["seq"], example["device_us"])
    assert repr(decode_payload(frame)) == repr(payload)  # by its text: NaN is not itself


def test_the_document_has_an_example_of_each_kind() -> None:
    assert {Stream.named(json.loads(told)["stream"]).kind for told, _ in VECTORS} == set(Kind)


def test_a_vital_sign_keeps_its_decimals() -> None:
    for number, signal in SIGNALS.by_number.items():
        bits = float_to_bits(36.6, signal.decimals)
        assert bits_to_float(bits) == round(36.6, signal.decimals), number
    assert math.isnan(bits_to_float(float_to_bits(math.nan, 0)))
    assert bits_to_float(float_to_bits(-12.5, 1)) == -12.5
    with pytest.raises(ValueError, match="24 bits"):
        float_to_bits(9_000_000.0, 0)


def test_samples_of_leads_lie_one_lead_after_another() -> None:
    ecg = Ecg(0, 500, 3, 200.0, (1, 2), struct.pack("<6h", 1, 2, 3, -1, MISSING, -3))
    assert ecg.matrix().tolist() == [[1, 2, 3], [-1, MISSING, -3]]


def frame_of(payload: bytes, kind: Kind = Kind.ECG) -> Frame:
    return Frame(Stream(kind, 0 if kind is Kind.POSITION else 1), 5, AT_US, payload)


HEAD = struct.Struct("<QHHfB")
ECGS = {
    "payload.short": b"\0" * 10,
    "ecg.rate": HEAD.pack(0, 124, 1, 200.0, 1) + b"\1\0\0",
    "ecg.samples": HEAD.pack(0, 500, 0, 200.0, 1) + b"\1",
    "ecg.gain": HEAD.pack(0, 500, 1, 0.0, 1) + b"\1\0\0",
    "ecg.leads": HEAD.pack(0, 500, 1, 200.0, 2) + b"\1\1\0\0\0\0",
    "payload.length": HEAD.pack(0, 500, 2, 200.0, 1) + b"\1\0\0",
}


@pytest.mark.parametrize("code", ECGS)
def test_an_ecg_that_cannot_be_right_is_refused_by_number_with_a_reason(code: str) -> None:
    with pytest.raises(BadFrame) as told:
        decode_payload(frame_of(ECGS[code]))
    assert (told.value.code, told.value.stream, told.value.seq) == (code, Stream(Kind.ECG, 1), 5)
    assert told.value.reason


def _position(lat: int = 411_712_000, fix_us: int = AT_US) -> bytes:
    return struct.pack("<qiiHHH", fix_us, lat, 802_618_000, 0, 0, 0)


def _value(number: int, times: int = 1, origin: int = 0) -> bytes:
    return bytes([times]) + struct.pack("<HIB", number, 80, origin) * times


def _chunk(total: int = 100, offset: int = 0, form: int = 1) -> bytes:
    return struct.pack("<16sIIB32s", bytes(16), total, offset, form, bytes(32)) + b"data"


OTHERS = [
    (Kind.POSITION, _position(fix_us=-1), "position.time"),
    (Kind.POSITION, _position(lat=910_000_000), "position.place"),
    (Kind.POSITION, b"", "payload.length"),
    (Kind.VITALS, _value(999), "value.unknown"),
    (Kind.VITALS, _value(101), "value.unknown"),  # of the circuit, not of the patient
    (Kind.VITALS, _value(1, times=2), "value.unknown"),
    (Kind.VITALS, _value(1, origin=2), "value.origin"),
    (Kind.ECMO, _value(1), "value.unknown"),
    (Kind.WAVES, struct.pack("<QHHffB", 0, 5, 1, 1.0, 0.0, 1) + b"\0\0", "wave.rate"),
    (Kind.WAVES, struct.pack("<QHHffB", 0, 50, 1, math.nan, 0.0, 1) + b"\0\0", "wave.scale"),
    (Kind.WAVES, struct.pack("<QHHffB", 0, 50, 1, 1.0, 0.0, 99) + b"\0\0", "wave.unknown"),
    (Kind.IMAGE, _chunk(total=20_000_001), "image.size"),
    (Kind.IMAGE, _chunk(offset=97), "image.offset"),
    (Kind.IMAGE, _chunk(form=3), "image.form"),
    (Kind.EVENT, b'{"event":"attach"}', "event.unreadable"),
    (Kind.EVENT, b'{"event":"alarm","code":"free words","priority":"high","on":true}', "event.unreadable"),
    (Kind.EVENT, b"[" * 1_000, "event.unreadable"),
    (Kind.EVENT, b"\xff", "event.unreadable"),
]


@pytest.mark.parametrize(("kind", "payload", "code"), OTHERS)
def test_what_cannot_be_right_is_refused(kind: Kind, payload: bytes, code: str) -> None:
    with pytest.raises(BadFrame) as told:
        decode_payload(frame_of(payload, kind))
    assert told.value.code == code


def test_a_damaged_head_names_no_stream() -> None:
    data = bytearray(encode_frame(frame_of(b"x")))
    for place, code in ((0, "frame.version"), (4, "frame.crc"), (-1, "frame.crc")):
        damaged = bytearray(data)
        damaged[place] ^= 0x40
        with pytest.raises(BadFrame) as told:
            decode_frame(bytes(damaged))
        assert (told.value.code, told.value.stream) == (code, None)
    with pytest.raises(BadFrame, match="at least"):
        decode_frame(bytes(data[:23]))
    with pytest.raises(BadFrame, match="at most"):
        decode_frame(bytes(MAX_FRAME_BYTES + 1))


@pytest.mark.parametrize("name", ["ecg", "ecg.", "ecg.12", "ECG.1", "ecg.x", "ecg.²", "", "moon.1", ".1"])
def test_streams_have_names(name: str) -> None:
    with pytest.raises(ValueError, match="no stream"):
        Stream.named(name)
    assert Stream.named("ecg.1") == Stream(Kind.ECG, 1)


@pytest.mark.parametrize("stream", [Stream(Kind.POSITION, 1), Stream(Kind.VITALS, 0), Stream(Kind.ECG, 0)])
def test_the_vehicle_has_a_place_and_patients_have_the_rest(stream: Stream) -> None:
    with pytest.raises(BadFrame) as told:
        decode_payload(Frame(stream, 3, AT_US, b""))
    assert (told.value.code, told.value.seq) == ("frame.slot", 3)
