"""Heights, widths, weights, durations and counts as people write them in OSM.

Every reader here takes any text and never raises; 0 means "no such limit is known".
Source: OSM wiki, Map features/Units, Key:maxheight, Key:maxwidth, Key:maxweight, Key:duration.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = r"([0-9]{1,9}(?:[.,][0-9]{1,9})?)"
_LENGTH: Final = re.compile(rf"^{_NUMBER}\s*([a-z]*)\.?$")
_FEET: Final = re.compile(rf"^(?:{_NUMBER}\s*(?:'|ft|feet))?\s*(?:{_NUMBER}\s*(?:\"|''|in|inches))?$")
_WEIGHT: Final = re.compile(rf"^{_NUMBER}\s*([a-z]*)\.?$")
_CLOCK: Final = re.compile(r"^([0-9]{1,3}):([0-9]{1,2})(?::([0-9]{1,2}))?$")
_ISO_DURATION: Final = re.compile(r"^P(?:([0-9]{1,3})D)?(?:T(?:([0-9]{1,4})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,6})S)?)?$")

_CM_PER_UNIT: Final = {
    "": 100.0,
    "m": 100.0,
    "meter": 100.0,
    "meters": 100.0,
    "metre": 100.0,
    "metres": 100.0,
    "米": 100.0,
}
_CM_PER_UNIT_MORE: Final = {"cm": 1.0, "mm": 0.1, "ft": 30.48, "feet": 30.48, "in": 2.54, "inches": 2.54}
_KG_PER_UNIT: Final = {"": 1000.0, "t": 1000.0, "ton": 1000.0, "tons": 1000.0, "tonne": 1000.0, "tonnes": 1000.0}
_KG_PER_UNIT_MORE: Final = {"kg": 1.0, "st": 907.185, "lbs": 0.453592, "lb": 0.453592, "cwt": 45.3592, "吨": 1000.0}

_PLAUSIBLE_CM: Final = (50, 2_000)
"""A limit below half a metre or above 20 m is a slip of the pen, not a limit for a vehicle."""
_PLAUSIBLE_KG: Final = (100, 200_000)
_LONGEST_TEXT: Final = 100


def length_cm(text: str) -> int:
    """A height or width in whole centimetres, rounded down: `2.5`, `2.5 m`, `2,5m`, `250 cm`, `8'6"`, `8 ft 6 in`.

    Of several values (`2.5;3`) the least. Words (`default`, `none`, `unsigned`) and nonsense are 0.
    """
    return min((value for part in _parts(text) if (value := _one_length_cm(part))), default=0)


def _one_length_cm(text: str) -> int:
    if match := _LENGTH.match(text):
        factor = _CM_PER_UNIT.get(match[2]) or _CM_PER_UNIT_MORE.get(match[2])
        return _within(_decimal(match[1]) * factor, _PLAUSIBLE_CM) if factor else 0
    if text and (match := _FEET.match(text)):
        inches = 12.0 * _decimal(match[1] or "0") + _decimal(match[2] or "0")
        return _within(inches * 2.54, _PLAUSIBLE_CM)
    return 0


def weight_kg(text: str) -> int:
    """A weight in whole kilograms, rounded down: `3.5`, `3.5 t`, `3500 kg`, `8 st`, `7000 lbs`. Tonnes by default.

    Of several values the least; words and nonsense are 0.
    """
    return min((value for part in _parts(text) if (value := _one_weight_kg(part))), default=0)


def _one_weight_kg(text: str) -> int:
    match = _WEIGHT.match(text)
    if not match:
        return 0
    factor = _KG_PER_UNIT.get(match[2]) or _KG_PER_UNIT_MORE.get(match[2])
    return _within(_decimal(match[1]) * factor, _PLAUSIBLE_KG) if factor else 0


def duration_s(text: str) -> int:
    """How long a ferry takes, in seconds: `00:20`, `1:30:00`, `20` (minutes), `PT1H30M`. 0 if not understood."""
    text = text.strip()[:_LONGEST_TEXT]
    if match := _CLOCK.match(text):
        return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    if match := _ISO_DURATION.match(text):
        days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
        return days * 86_400 + hours * 3600 + minutes * 60 + seconds
    return int(text) * 60 if text.isascii() and text.isdigit() and len(text) <= 4 else 0


def lane_count(text: str) -> int:
    """Number of lanes, 0 to 255: the least of several, rounded down."""
    counts = [
        int(_decimal(part)) for part in _parts(text) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", part, re.ASCII)
    ]
    return min((count for count in counts if 0 < count <= 255), default=0)


def _parts(text: str) -> list[str]:
    return [part.strip().replace("′", "'").replace("″", '"') for part in text[:_LONGEST_TEXT].lower().split(";")]


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _within(value: float, plausible: tuple[int, int]) -> int:
    # 2.3 m is 229.99999 cm in binary; a tenth of a unit is beyond what any sign says.
    whole = int(value + 0.1)
    return whole if plausible[0] <= whole <= plausible[1] else 0
