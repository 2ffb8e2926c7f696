"""An invented circuit and its patient, second by second, for rehearsals. Pure; nothing here was measured of anybody."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.clinical.rules_signals import SIGNALS
from dispatch.telemetry.rules_payloads import Value, Values


class Trouble(StrEnum):
    """What goes wrong in a rehearsal."""

    NONE = "none"
    FLOW = "flow"
    """The drainage cannula is sucked at: venous pressure and flow fall, the saturation follows."""
    CLOT = "clot"
    """The membrane clots: the pressure before it climbs, the drop with it."""
    POWER = "power"
    """The battery is not charged on the way."""


LASTS_S: Final = 120.0
"""A trouble grows for a third of it, stands for a third, and is mended."""
_CIRCUIT: Final[Mapping[str, tuple[float, float, float]]] = {
    "ecmo_flow": (4.2, 0.06, 23.0), "ecmo_speed": (3380.0, 12.0, 31.0), "ecmo_venous_pressure": (-62.0, 3.0, 17.0),
    "ecmo_pre_membrane": (188.0, 3.0, 19.0), "ecmo_post_membrane": (164.0, 3.0, 19.0), "ecmo_svo2": (71.0, 1.0, 47.0),
    "ecmo_post_so2": (99.0, 0.4, 53.0), "ecmo_sweep": (4.0, 0.0, 1.0), "ecmo_fdo2": (100.0, 0.0, 1.0),
    "ecmo_blood_temperature": (36.6, 0.05, 61.0), "ecmo_battery": (96.0, 0.0, 1.0),
}  # fmt: skip
"""A usual value, how far it sways, and in how many seconds."""
_PATIENT: Final[Mapping[str, tuple[float, float, float]]] = {
    "heart_rate": (104.0, 2.0, 13.0), "art_systolic": (106.0, 2.0, 29.0), "art_diastolic": (58.0, 1.5, 29.0),
    "art_mean": (74.0, 1.5, 29.0), "spo2": (94.0, 0.6, 37.0), "respiratory_rate": (12.0, 0.0, 1.0),
    "etco2_pressure": (33.0, 0.8, 41.0), "fio2": (60.0, 0.0, 1.0), "minute_volume": (6.4, 0.2, 27.0),
}  # fmt: skip
_BEFORE: Final[Mapping[str, float]] = {"spo2": -10.0, "heart_rate": 16.0, "art_mean": -8.0, "etco2_pressure": 22.0}
"""What differs before a circuit runs."""
_TROUBLES: Final[Mapping[Trouble, Mapping[str, float]]] = {
    Trouble.NONE: {},
    Trouble.FLOW: {"ecmo_flow": -1.5, "ecmo_venous_pressure": -64.0, "ecmo_svo2": -14.0, "spo2": -7.0},
    Trouble.CLOT: {"ecmo_pre_membrane": 96.0, "ecmo_post_membrane": 20.0, "ecmo_flow": -0.4},
    Trouble.POWER: {"ecmo_battery": -58.0},
}


def circuit_at(second: float, trouble: Trouble = Trouble.NONE, since_s: float | None = None) -> Values:
    """What the circuit shows after so many seconds. since_s: how long the trouble lasts; None: it has not begun."""
    return _values(_CIRCUIT, second, _TROUBLES[trouble], grown(since_s))


def patient_at(second: float, trouble: Trouble = Trouble.NONE, since_s: float | None = None, *, runs: bool) -> Values:
    """What the patient's monitor shows. runs: the circuit does."""
    off = _TROUBLES[trouble] if runs else _BEFORE
    return _values(_PATIENT, second, off, grown(since_s) if runs else 1.0)


def grown(since_s: float | None) -> float:
    """How much of a trouble there is, 0 to 1."""
    if since_s is None or not 0.0 <= since_s <= LASTS_S:
        return 0.0
    third = LASTS_S / 3.0
    return min(since_s / third, 1.0, (LASTS_S - since_s) / third)


def _values(
    usual: Mapping[str, tuple[float, float, float]], second: float, off: Mapping[str, float], share: float
) -> Values:
    return Values(
        tuple(
            Value(
                SIGNALS.by_name[name].number,
                round(middle + sway * math.sin(2 * math.pi * second / every_s) + share * off.get(name, 0.0), 2),
            )
            for name, (middle, sway, every_s) in usual.items()
        )
    )
