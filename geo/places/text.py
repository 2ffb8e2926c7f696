"""How names are folded before they are compared: width, case, diacritics, Uyghur letters, spoken numbers.

Both the index and the question pass through here, so a fold may be coarse as long as it is the same on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME_LETTERS: Final = str.maketrans(
    {
        # Uyghur in Arabic script: letters that keyboards and fonts mix up.
        "ى": "ي", "ی": "ي", "ې": "ي", "ە": "ه", "ھ": "ه", "ہ": "ه", "ة": "ه", "ک": "ك",
        # Turkic Latin letters without a decomposition.
        "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ə": "e",
    }
)  # fmt: skip
_BREAKS: Final = re.compile(r"[\s,，、;；:：_·•()（）\[\]【】\"“”]+")
_SILENT: Final = re.compile(r"[-'’‘ʼʻ`´.。\u0640\u200b-\u200f\u2060\ufeff]")
_NUMERAL: Final = re.compile(r"[零〇一二三四五六七八九十百千两幺]+")
_DIGIT: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "幺": 1,
}
_UNIT: Final = {"十": 10, "百": 100, "千": 1000}
_ORDINAL: Final = re.compile(r"第(?=\d)")

_UYGHUR_LATIN: Final = {
    "ا": "a", "ه": "e", "ب": "b", "پ": "p", "ت": "t", "ج": "j", "چ": "ch", "خ": "x", "د": "d", "ر": "r", "ز": "z",
    "ژ": "j", "س": "s", "ش": "sh", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "گ": "g", "ڭ": "ng", "ل": "l", "م": "m",
    "ن": "n", "و": "o", "ۇ": "u", "ۆ": "o", "ۈ": "u", "ۋ": "w", "ي": "i",
}  # fmt: skip
"""Uyghur Latin (ULY, 2008) without its diacritics, for the letters that are left after `fold`."""


def fold(text: str) -> str:
    """Fold width and presentation forms (NFKC), case, diacritics and look-alike letters; words parted by one space."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", wide) if unicodedata.category(c) != "Mn")
    # The hamza seat that begins a Uyghur vowel decomposes to ي + hamza; people leave it out, so it goes before that.
    if "\u0626" in wide:
        bare = "".join(
            c for c in unicodedata.normalize("NFD", wide.replace("\u0626", "")) if unicodedata.category(c) != "Mn"
        )
    return _BREAKS.sub(" ", _SILENT.sub("", bare.translate(_SAME_LETTERS))).strip()


@lru_cache(maxsize=1 << 16)
def compact(text: str) -> str:
    """Fold, and leave out the spaces."""
    return fold(text).replace(" ", "")


def numbered(text: str) -> str:
    """Write Chinese numerals as digits: 十团五连 → 10团5连, 一千零一十二公里 → 1012公里, 第十团 → 10团.

    两 is 2 and 幺 is 1; 一百二 is 120, as it is said. What is no number (百货, 千万) stays. Expects folded text.
    """
    digits = _NUMERAL.sub(lambda found: _as_digits(found.group()), text)
    return _ORDINAL.sub("", digits).replace("连队", "连")


def _as_digits(run: str) -> str:
    if not any(character in _UNIT for character in run):
        return "".join(str(_DIGIT[character]) for character in run)
    total, digit, last_unit, gap = 0, -1, 10_000, False
    for character in run:
        unit = _UNIT.get(character)
        if unit is None:
            if digit > 0:
                return run
            digit = _DIGIT[character]
            gap = gap or digit == 0
            continue
        if unit >= last_unit or (digit <= 0 and not (unit == 10 and total == 0 and digit < 0)):
            return run
        total += (digit if digit > 0 else 1) * unit
        digit, last_unit, gap = -1, unit, False
    if digit > 0:
        total += digit * (last_unit // 10 if last_unit > 10 and not gap else 1)
    return str(total)


def spoken_number(number: int) -> str:
    """Say a number below ten thousand in Chinese: 10 → 十, 12 → 十二, 105 → 一百零五."""
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("零" if gap and said else "") + digits[digit] + name
            gap = False
        else:
            gap = bool(said)
    return said.removeprefix("一") if said.startswith("一十") else said


def uyghur_latin(text: str) -> str:
    """Write folded Uyghur text in Latin letters; other letters stay."""
    return "".join(_UYGHUR_LATIN.get(character, character) for character in text)


def is_arabic(text: str) -> bool:
    """Whether any letter is of the Arabic script."""
    return any("\u0600" <= character <= "\u06ff" for character in text)


def is_han(text: str) -> bool:
    """Whether any character is a Chinese one."""
    return any("\u3400" <= character <= "\u9fff" for character in text)
