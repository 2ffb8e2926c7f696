"""How payloads are kept: samples in less room, without loss. Pure.

A lead that follows from I and II is kept as what it differs from that; all others as differences from sample to
sample. The low and the high bytes of these then lie apart, which deflate packs well and quickly. All arithmetic wraps
at 16 bits, so that nothing is out of its range. Other ways were measured: see `BENCHMARKS.md`.
"""

from __future__ import annotations

import zlib
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_waves import ECG_HEAD, WAVE_HEAD, decode_ecg, decode_wave
from dispatch.telemetry.states import Kind

_LEAD: Final = {lead.name: number for number, lead in SIGNALS.leads.items()}
_I, _II, _III = _LEAD["I"], _LEAD["II"], _LEAD["III"]
_AVR, _AVL, _AVF = _LEAD["aVR"], _LEAD["aVL"], _LEAD["aVF"]
_Samples = NDArray[np.int16]


class Coding(IntEnum):
    """How a payload is kept; the number is kept beside it and never gets another meaning."""

    PLAIN = 0
    SAMPLES = 1


def pack(kind: Kind, payload: bytes) -> tuple[Coding, bytes]:
    """Return how a payload of the wire is kept, and what is kept of it. The payload was checked before."""
    if kind is Kind.ECG:
        ecg = decode_ecg(payload)
        start = len(payload) - len(ecg.data)
        packed = payload[:start] + _deflated(ecg.matrix(), ecg.leads)
    elif kind is Kind.WAVES:
        packed = payload[: WAVE_HEAD.size] + _deflated(decode_wave(payload).row()[np.newaxis, :], ())
    else:
        return Coding.PLAIN, payload
    return (Coding.SAMPLES, packed) if len(packed) < len(payload) else (Coding.PLAIN, payload)


def unpack(kind: Kind, coding: int, kept: bytes) -> bytes:
    """Return the payload as it came. Raises ValueError for what was not made by `pack`."""
    if Coding(coding) is Coding.PLAIN:
        return kept
    try:
        if kind is Kind.ECG:
            _, _, samples, _, count = ECG_HEAD.unpack_from(kept)
            start = ECG_HEAD.size + count
            leads = tuple(kept[ECG_HEAD.size : start])
        else:
            samples, start, leads = WAVE_HEAD.unpack_from(kept)[2], WAVE_HEAD.size, ()
        planes = np.frombuffer(zlib.decompress(kept[start:], -15), np.uint8).reshape(2, max(len(leads), 1), samples)
    except (zlib.error, ValueError) as error:
        raise ValueError(f"kept samples do not unpack: {error}") from None
    return kept[:start] + _inflated(planes, leads).tobytes()


def _deflated(samples: _Samples, leads: tuple[int, ...]) -> bytes:
    steps = samples.copy()
    steps[:, 1:] -= samples[:, :-1]
    for place, guess in _derived(samples, leads):
        steps[place] = samples[place] - guess
    folded = ((steps << 1) ^ (steps >> 15)).view(np.uint8).reshape(*samples.shape, 2)
    made = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
    return made.compress(np.ascontiguousarray(np.moveaxis(folded, 2, 0)).data) + made.flush()


def _inflated(planes: NDArray[np.uint8], leads: tuple[int, ...]) -> _Samples:
    folded = np.ascontiguousarray(np.moveaxis(planes, 0, 2)).view("<u2")[:, :, 0]
    steps = ((folded >> 1) ^ (~(folded & 1) + 1)).astype(np.uint16).view(np.int16)
    samples: _Samples = np.cumsum(steps, axis=1, dtype=np.int16)
    for place, guess in _derived(samples, leads):
        samples[place] = steps[place] + guess
    return samples.astype("<i2", copy=False)


def _derived(samples: _Samples, leads: tuple[int, ...]) -> list[tuple[int, _Samples]]:
    """Which leads follow from I and II, by their places, and what they then are: domain paper, section 2.4."""
    if _I not in leads or _II not in leads:
        return []
    one, two = samples[leads.index(_I)], samples[leads.index(_II)]
    guesses = {
        _III: two - one,
        _AVR: -((one + two) >> 1),
        _AVL: one - (two >> 1),
        _AVF: two - (one >> 1),
    }
    return [(place, guesses[lead]) for place, lead in enumerate(leads) if lead in guesses]
