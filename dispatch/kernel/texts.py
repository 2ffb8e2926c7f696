"""Text that people and programs may hand in."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Words(NamedTuple):
    """What a code means to people: Chinese and English."""

    zh: str
    en: str


def text_fault(text: str, max_length: int) -> tuple[str, str] | None:
    """Say what forbids storing a text: (code, sentence), or None.

    Refused are NUL and other control signs (line breaks and tabs are fine), lone surrogates, which no UTF-8 can hold,
    and more than `max_length` characters.
    """
    if len(text) > max_length:
        return "cell.too_long", f"{len(text)} characters; at most {max_length} are taken"
    for sign in text:
        category = unicodedata.category(sign)
        if category == "Cs":
            return "cell.text", "a broken character (lone surrogate) cannot be stored"
        if category == "Cc" and sign not in "\t\n\r":
            return "cell.text", f"the control character U+{ord(sign):04X} cannot be stored"
    return None
