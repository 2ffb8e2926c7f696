"""Samples kept in less room: every one of them comes back."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.telemetry.rules_coding import Coding, pack, pack_all, unpack
from dispatch.telemetry.rules_waves import ECG_HEAD, Ecg, Wave, encode_ecg, encode_wave
from dispatch.telemetry.states import Kind

SAMPLES = st.integers(-32_768, 32_767)
LIMIT = 0.36


def ecg(leads: tuple[int, ...], matrix: list[list[int]] | np.ndarray, rate_hz: int = 500) -> bytes:
    data = np.asarray(matrix, "<i2")
    return encode_ecg(Ecg(7, rate_hz, data.shape[1], 2_000.0, leads, data.tobytes()))


@given(st.permutations(list(range(1, 13))), st.integers(1, 12), st.data())
def test_any_samples_come_back(order: list[int], count: int, data: st.DataObject) -> None:
    leads = tuple(order[:count])
    width = data.draw(st.integers(1, 9))
    rows = data.draw(st.lists(st.lists(SAMPLES, min_size=width, max_size=width), min_size=count, max_size=count))
    payload = ecg(leads, rows)
    assert unpack(Kind.ECG, *pack(Kind.ECG, payload)) == payload


@given(st.lists(st.tuples(st.permutations(list(range(1, 13))), st.integers(1, 12), st.integers(1, 9)), max_size=6),
       st.integers(0, 2**32 - 1))  # fmt: skip
def test_many_are_packed_as_each_is(given_frames: list[tuple[list[int], int, int]], seed: int) -> None:
    chance = np.random.default_rng(seed)
    payloads = [(Kind.EVENT, b""), (Kind.IMAGE, b"picture")]
    for order, count, width in given_frames:
        scale = chance.choice([0, 3, 300, 32_767])
        rows = chance.integers(-scale, scale + 1, (count, width))
        payloads.append((Kind.ECG, ecg(tuple(order[:count]), rows)))
        payloads.append((Kind.WAVES, encode_wave(Wave(1, 100, width, 0.1, 0.0, 2, rows[0].astype("<i2").tobytes()))))
    assert pack_all(payloads) == [pack(kind, payload) for kind, payload in payloads]


def test_noise_is_kept_as_it_is_and_quiet_takes_next_to_nothing() -> None:
    chance = random.Random(1)
    noise = ecg((1,), [[chance.randrange(-32_768, 32_768) for _ in range(100)]])
    assert pack(Kind.ECG, noise) == (Coding.PLAIN, noise)
    coding, kept = pack(Kind.ECG, ecg((1, 2, 3), np.full((3, 1_000), -32_768)))
    assert coding is Coding.RICE
    assert len(kept) < 100


def test_other_curves_come_back_and_the_rest_is_left_alone() -> None:
    data = struct.pack("<200h", *(round(900 * np.sin(number / 9)) for number in range(200)))
    payload = encode_wave(Wave(1, 100, 200, 0.1, 0.0, 2, data))
    coding, kept = pack(Kind.WAVES, payload)
    assert (coding, unpack(Kind.WAVES, coding, kept)) == (Coding.RICE, payload)
    assert len(kept) < 0.6 * len(payload)
    assert pack(Kind.IMAGE, b"picture") == (Coding.PLAIN, b"picture")
    for coding in (Coding.DEFLATED, Coding.RICE):
        with pytest.raises(ValueError, match="unpack"):
            unpack(Kind.WAVES, coding, kept[:-40])
    with pytest.raises(ValueError, match="9"):
        unpack(Kind.WAVES, 9, kept)


@pytest.mark.real_data
@pytest.mark.parametrize("every", [1, 2])
def test_a_real_ecg_takes_less_than_the_limit(real_data: Path, every: int) -> None:
    """Twelve leads at 1000 Hz, and every other sample of them, as frames of 200 ms."""
    whole = np.fromfile(real_data / "ecg" / "s0010_re.dat", "<i2").reshape(-1, 12).T[:, ::every]
    step, raw, kept = 200 // every, 0, 0
    for start in range(0, whole.shape[1] - step, step):
        part = np.ascontiguousarray(whole[:, start : start + step])
        payload = ecg(tuple(range(1, 13)), part, 1_000 // every)
        coding, packed = pack(Kind.ECG, payload)
        assert unpack(Kind.ECG, coding, packed) == payload
        raw, kept = raw + part.nbytes, kept + len(packed)
    assert kept / raw <= LIMIT


def test_what_was_deflated_before_still_reads() -> None:
    rows = np.arange(6)[:, None] * 3 + (np.arange(24) // 8)[None, :] * 5 - 7
    rows[0, 5] = -32_768
    kept = bytes.fromhex(
        "0700000000000000f4011800000048430601020304050695c1310a80400c04c0c526104eb8228858883fd5df5a6b775534643baf7166c4eb"
        "baa1488a24488aa448129ac840852440a4d046169ad94c2bd570d63ad14208eef8c5d177a0cfd1b7e3e301"
    )
    whole = encode_ecg(Ecg(7, 500, 24, 200.0, (1, 2, 3, 4, 5, 6), rows.astype("<i2").tobytes()))
    assert unpack(Kind.ECG, Coding.DEFLATED, kept) == whole


@given(st.binary(max_size=80), st.integers(1, 40))
def test_codes_that_nobody_wrote_are_refused_or_read_as_something(codes: bytes, count: int) -> None:
    head = ecg((1, 2, 3), np.zeros((3, count)))[: ECG_HEAD.size + 3]
    try:
        whole = unpack(Kind.ECG, Coding.RICE, head + codes)
    except ValueError:
        return
    assert len(whole) == len(head) + 6 * count
