"""Frames of an ECG that follow one another made one stretch: a look at it costs as much as one at each. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import numpy as np
from msgspec import structs

from dispatch.telemetry.rules_arrivals import Arrival
from dispatch.telemetry.rules_waves import Ecg

MOST_S: Final = 1.0
"""A stretch that begins so long before is looked at by itself: what is found in it must not come much later."""
_ABOUT: Final = timedelta(seconds=0.5)
"""By as much the times of frames may be off from what their samples say."""


def follows(before: Arrival, ecg: Ecg, arrival: Arrival) -> bool:
    """Whether an ECG goes on with the sample after another's last, in one recording and in time."""
    last = before.payload
    if not isinstance(last, Ecg) or arrival.log != before.log or arrival.stream != before.stream:
        return False
    if ecg.first_sample != last.first_sample + last.samples or ecg.leads != last.leads:
        return False
    if ecg.rate_hz != last.rate_hz or ecg.units_per_mv != last.units_per_mv:
        return False
    return abs(arrival.at - before.at - timedelta(seconds=last.samples / last.rate_hz)) < _ABOUT


def joined(arrivals: Iterable[Arrival]) -> Arrival:
    """Return frames of which each follows the one before as one; the times are the first one's."""
    listed = list(arrivals)
    first = listed[0]
    ecgs = [one.payload for one in listed if isinstance(one.payload, Ecg)]
    if len(ecgs) < 2:
        return first
    data = np.concatenate([one.matrix() for one in ecgs], axis=1)
    ecg = structs.replace(ecgs[0], samples=data.shape[1], data=data.tobytes())
    return structs.replace(first, payload=ecg, frame=None, span=(first.span[0], listed[-1].span[1]))
