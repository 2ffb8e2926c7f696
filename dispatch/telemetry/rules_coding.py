"""How payloads are kept: samples in less room, without loss. Pure.

A lead that follows from I and II is kept as what it differs from that; all others as differences from sample to
sample, in Rice codes (`rules_rice`). What was kept before that lies in two planes of bytes, deflated. Other ways were
measured: see `BENCHMARKS.md`.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry import rules_rice
from dispatch.telemetry.rules_rice import AVF, AVL, AVR, III, NO_GUESS
from dispatch.telemetry.rules_waves import ECG_HEAD, WAVE_HEAD
from dispatch.telemetry.states import Kind

_LEAD: Final = {lead.name: number for number, lead in SIGNALS.leads.items()}
_I, _II = _LEAD["I"], _LEAD["II"]
_RULES: Final = {_LEAD["III"]: III, _LEAD["aVR"]: AVR, _LEAD["aVL"]: AVL, _LEAD["aVF"]: AVF}
_PACKED: Final = (Kind.ECG, Kind.WAVES)
_Samples = NDArray[np.int16]


class Coding(IntEnum):
    """How a payload is kept; the number is kept beside it and never gets another meaning."""

    PLAIN = 0
    DEFLATED = 1
    RICE = 2


def pack(kind: Kind, payload: bytes) -> tuple[Coding, bytes]:
    """Return how a payload of the wire is kept, and what is kept of it. The payload was checked before."""
    if kind not in _PACKED:
        return Coding.PLAIN, payload
    start, count, leads = _head(kind, payload)
    # Cut off first: the kernel is compiled for samples that begin at a whole place.
    samples = np.frombuffer(payload[start:], "<i2").reshape(len(leads), count)
    out = np.empty(len(payload) - start, np.uint8)
    used = rules_rice.encode(samples, *_guesses(leads), out)
    return (Coding.RICE, payload[:start] + out[:used].tobytes()) if used else (Coding.PLAIN, payload)


def pack_all(payloads: Sequence[tuple[Kind, bytes]]) -> list[tuple[Coding, bytes]]:
    """Do as `pack` with each; all samples are packed by one compiled call."""
    made = [(Coding.PLAIN, payload) for _, payload in payloads]
    heads: list[tuple[int, int, int, int, int]] = []
    packed: list[tuple[int, int]] = []
    tables: dict[tuple[int, ...], int] = {}
    rules: list[NDArray[np.uint8]] = []
    samples: list[bytes] = []
    known = 0
    for place, (kind, payload) in enumerate(payloads):
        if kind not in _PACKED:
            continue
        start, count, leads = _head(kind, payload)
        guesses, one, two = _guesses(leads)
        first = tables.get(leads)
        if first is None:
            first = tables[leads] = known
            rules.append(guesses)
            known += len(leads)
        heads.append((len(leads), count, first, one, two))
        packed.append((place, start))
        samples.append(payload[start:])
    if not heads:
        return made
    whole = np.frombuffer(b"".join(samples), "<i2")
    out = np.empty(2 * len(whole), np.uint8)
    sizes = rules_rice.encode_many(whole, np.array(heads, np.int64), np.concatenate(rules), out)
    codes, begin = out[: int(sizes.sum())].tobytes(), 0
    for (place, start), size in zip(packed, sizes.tolist(), strict=True):
        if size:
            made[place] = (Coding.RICE, payloads[place][1][:start] + codes[begin : begin + size])
            begin += size
    return made


def unpack(kind: Kind, coding: int, kept: bytes) -> bytes:
    """Return the payload as it came. Raises ValueError for what was not made by `pack`."""
    if Coding(coding) is Coding.PLAIN:
        return kept
    start, count, leads = _head(kind, kept)
    if Coding(coding) is Coding.RICE:
        samples = np.empty((len(leads), count), np.int16)
        if not rules_rice.decode(np.frombuffer(kept, np.uint8, offset=start), *_guesses(leads), samples):
            raise ValueError("kept samples do not unpack: they are not whole")
        return kept[:start] + samples.astype("<i2", copy=False).tobytes()
    try:
        planes = np.frombuffer(zlib.decompress(kept[start:], -15), np.uint8).reshape(2, len(leads), count)
    except (zlib.error, ValueError) as error:
        raise ValueError(f"kept samples do not unpack: {error}") from None
    return kept[:start] + _inflated(planes, leads).tobytes()


def warm_up() -> None:
    """Compile what packs and unpacks, or load it: no frame is to wait for that."""
    wave = WAVE_HEAD.pack(0, 50, 9, 1.0, 0.0, 1) + bytes(18)
    unpack(Kind.WAVES, *pack(Kind.WAVES, wave))
    pack_all([(Kind.WAVES, wave)])


def _head(kind: Kind, payload: bytes) -> tuple[int, int, tuple[int, ...]]:
    """Where the samples begin, how many each lead has, and the leads; another curve counts as one."""
    if kind is not Kind.ECG:
        return WAVE_HEAD.size, WAVE_HEAD.unpack_from(payload)[2], (0,)
    _, _, count, _, leads = ECG_HEAD.unpack_from(payload)
    start = ECG_HEAD.size + leads
    return start, count, tuple(payload[ECG_HEAD.size : start])


@lru_cache(maxsize=256)
def _guesses(leads: tuple[int, ...]) -> tuple[NDArray[np.uint8], int, int]:
    """For each lead how it is guessed, and the places of I and II."""
    if _I not in leads or _II not in leads:
        return np.zeros(len(leads), np.uint8), 0, 0
    rules = np.array([_RULES.get(lead, NO_GUESS) for lead in leads], np.uint8)
    return rules, leads.index(_I), leads.index(_II)


def _inflated(planes: NDArray[np.uint8], leads: tuple[int, ...]) -> _Samples:
    folded = np.ascontiguousarray(np.moveaxis(planes, 0, 2)).view("<u2")[:, :, 0]
    steps = ((folded >> 1) ^ (~(folded & 1) + 1)).astype(np.uint16).view(np.int16)
    samples: _Samples = np.cumsum(steps, axis=1, dtype=np.int16)
    rules, one, two = _guesses(leads)
    for place, rule in enumerate(rules.tolist()):
        if rule != NO_GUESS:
            samples[place] = steps[place] + _derived(rule, samples[one], samples[two])
    return samples.astype("<i2", copy=False)


def _derived(rule: int, one: _Samples, two: _Samples) -> _Samples:
    """What a lead is by I and II: domain paper, section 2.4."""
    if rule == III:
        return two - one
    if rule == AVR:
        return -((one + two) >> 1)
    return one - (two >> 1) if rule == AVL else two - (one >> 1)
