"""The named sets of hospitals: grades and what they can take."""

from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """Grade of a Chinese hospital (医院分级管理办法, 1989: three grades of three classes, and 三级特等)."""

    THREE_SPECIAL = "3S"
    THREE_A = "3A"
    THREE_B = "3B"
    THREE_C = "3C"
    THREE = "3"
    TWO_A = "2A"
    TWO_B = "2B"
    TWO_C = "2C"
    TWO = "2"
    ONE_A = "1A"
    ONE_B = "1B"
    ONE_C = "1C"
    ONE = "1"
    UNGRADED = "0"


class HospitalCapability(StrEnum):
    """What a hospital can take, by the pathways that ask for it."""

    EMERGENCY = "emergency"
    CHEST_PAIN = "chest_pain"
    PCI = "pci"
    """A catheter laboratory."""
    CT = "ct"
    """A scanner that patients of the emergency department get at once."""
    STROKE = "stroke"
    TRAUMA = "trauma"
    OBSTETRIC = "obstetric"
    NEONATAL = "neonatal"
    ECMO = "ecmo"
    ICU = "icu"
    SURGERY = "surgery"
    BURNS = "burns"
    PAEDIATRIC = "paediatric"
    INFECTIOUS = "infectious"
    PSYCHIATRIC = "psychiatric"
    POISONING = "poisoning"
    HYPERBARIC = "hyperbaric"
    DIALYSIS = "dialysis"
    HELIPAD = "helipad"


_GRADE_WORDS: Final = {"三级": "3", "二级": "2", "一级": "1"}
_CLASS_WORDS: Final = {"特等": "S", "甲等": "A", "乙等": "B", "丙等": "C", "": ""}

LEVEL_WORDS: Final = {
    **{
        grade_word + class_word: grade + class_
        for grade_word, grade in _GRADE_WORDS.items()
        for class_word, class_ in _CLASS_WORDS.items()
        if grade == "3" or class_ != "S"
    },
    "三甲": "3A",
    "三乙": "3B",
    "二甲": "2A",
    "二乙": "2B",
    "未定级": "0",
    **{str(level).casefold(): str(level) for level in Level},
}

CAPABILITY_WORDS: Final = {
    **{str(capability): str(capability) for capability in HospitalCapability},
    "急诊": "emergency",
    "chest": "chest_pain",
    "胸痛": "chest_pain",
    "胸痛中心": "chest_pain",
    "卒中": "stroke",
    "卒中中心": "stroke",
    "创伤": "trauma",
    "创伤中心": "trauma",
    "介入": "pci",
    "导管室": "pci",
    "孕产妇": "obstetric",
    "产科": "obstetric",
    "maternal": "obstetric",
    "新生儿": "neonatal",
    "重症": "icu",
    "外科": "surgery",
    "烧伤": "burns",
    "儿科": "paediatric",
    "传染病": "infectious",
    "精神科": "psychiatric",
    "中毒": "poisoning",
    "高压氧": "hyperbaric",
    "透析": "dialysis",
    "停机坪": "helipad",
}
