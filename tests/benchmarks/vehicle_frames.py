"""What vehicles of a measurement send, as it lies on the wire."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.telemetry.rules_payloads import PositionFix, Value, Values, encode_payload
from dispatch.telemetry.rules_waves import Ecg, encode_ecg
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame, Kind, Stream

LONGEST_S: Final = 900 if os.environ.get("TARIM_SOAK") == "1" else 180
"""For so long there are frames."""
STREAMS: Final = (Stream(Kind.POSITION, 0), Stream(Kind.VITALS, 1), Stream(Kind.ECG, 1))
PLACE, VITALS, ECG = range(3)
_RATE_HZ, _SAMPLES = 500, 100


def message(heard: bytes, place: int) -> tuple[int, bytes, int] | None:
    """One message of a server from a place on: its first byte, what is in it, where the next begins, if it is whole."""
    if len(heard) < place + 2:
        return None
    kind, size, start = heard[place], heard[place + 1], place + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        size, start = int.from_bytes(heard[start : start + width], "big"), start + width
    if len(heard) < start + size:
        return None
    return kind, heard[start : start + size], start + size


def masked(kind: int, content: bytes) -> bytes:
    """A message of a client, masked with zeros: the service takes the mask off all the same."""
    size = len(content)
    head = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + size.to_bytes(2, "big")
    return bytes([kind]) + head + bytes(4) + content


def frames(began_us: int, samples: NDArray[np.int16]) -> list[list[bytes]]:
    """For each stream the messages of all seconds, as they lie on the wire."""

    def whole(what: int, number: int, us: int, payload: bytes) -> bytes:
        return masked(0x82, encode_frame(Frame(STREAMS[what], number + 1, began_us + us, payload)))

    made: list[list[bytes]] = [[], [], []]
    for second in range(LONGEST_S):
        us = second * 1_000_000
        fix = PositionFix(began_us + us, 41.17 + 1e-4 * second, 80.26 + 1e-4 * second, 12.5, 45.0, 4.0)
        made[PLACE].append(whole(PLACE, second, us, encode_payload(fix)))
        rates = Values(tuple(Value(number, value + second % 5) for number, value in ((1, 80.0), (3, 93.0), (4, 16.0))))
        made[VITALS].append(whole(VITALS, second, us, encode_payload(rates)))
    for number in range(LONGEST_S * 5):
        start = number * _SAMPLES % (samples.shape[1] - _SAMPLES)
        data = np.ascontiguousarray(samples[:, start : start + _SAMPLES]).tobytes()
        ecg = Ecg(number * _SAMPLES, _RATE_HZ, _SAMPLES, 2_000.0, tuple(range(1, 13)), data)
        made[ECG].append(whole(ECG, number, number * 200_000, encode_ecg(ecg)))
    return made


def samples_of(record: Path | None) -> NDArray[np.int16]:
    """Twelve leads at 500 Hz: every other sample of a record of 1000 Hz, or drawn where there is none."""
    if record is not None:
        return np.ascontiguousarray(np.fromfile(record, "<i2").reshape(-1, 12).T[:, ::2])
    times = np.arange(20_000) / _RATE_HZ
    beat = sum(np.exp(-(((times * 1.2) % 1.0 - at) ** 2) / width) * size
               for at, width, size in ((0.2, 1e-3, 200.0), (0.35, 5e-5, 1_900.0), (0.6, 3e-3, 400.0)))  # fmt: skip
    noise = np.random.default_rng(7).normal(0.0, 6.0, (12, len(times)))
    return (beat * np.linspace(0.3, 1.0, 12)[:, None] + noise).astype("<i2")
