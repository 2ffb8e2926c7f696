"""The named sets of vehicles: types, special purposes, capabilities."""

from enum import StrEnum
from typing import Final


class UnitType(StrEnum):
    """The standard types of ambulance (WS/T 292: 普通型, 抢救监护型, 防护监护型, 特殊用途型)."""

    BASIC = "basic"
    ALS = "als"
    ISOLATION = "isolation"
    SPECIAL = "special"


class Special(StrEnum):
    """What a vehicle of the special type is for."""

    ECMO = "ecmo"
    NEONATAL = "neonatal"
    OBSTETRIC = "obstetric"
    STROKE = "stroke"
    BARIATRIC = "bariatric"
    COMMAND = "command"
    SUPPLY = "supply"
    RESCUE = "rescue"
    OTHER = "other"


class Capability(StrEnum):
    """What a crew and its vehicle can do, in the fixed order in which they are written."""

    BLS = "B"
    ALS = "A"
    ECMO = "E"
    NEONATAL = "N"
    OBSTETRIC = "O"
    NEGATIVE_PRESSURE = "G"
    RESCUE = "R"
    POLICE = "P"


class PositionSource(StrEnum):
    """Where a vehicle's place is known from."""

    OWN = "own"
    STATION = "station"
    """No place of its own is known: it is taken to stand at its station."""


CAPABILITY_ORDER: Final = "".join(Capability)

TYPE_WORDS: Final = {
    "普通型": "basic",
    "抢救监护型": "als",
    "防护监护型": "isolation",
    "负压": "isolation",
    "负压型": "isolation",
    "特殊用途型": "special",
    "basic": "basic",
    "als": "als",
    "isolation": "isolation",
    "special": "special",
}

SPECIAL_WORDS: Final = {
    "ecmo": "ecmo",
    "新生儿": "neonatal",
    "neonatal": "neonatal",
    "孕产妇": "obstetric",
    "obstetric": "obstetric",
    "卒中": "stroke",
    "stroke": "stroke",
    "肥胖": "bariatric",
    "bariatric": "bariatric",
    "指挥": "command",
    "command": "command",
    "物资": "supply",
    "supply": "supply",
    "救援": "rescue",
    "rescue": "rescue",
    "其他": "other",
    "other": "other",
}

CAPABILITY_WORDS: Final = {letter.casefold(): str(letter) for letter in Capability}
