"""The tables beside this file, and how streets, villages and companies are called.

Street names are plausible Chinese ones; Uyghur is given only where a word has one well-known translation, and every
Uyghur text waits for a native reader's review.
"""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

from geo.network.attributes import StreetName

_DIGITS: Final = "零一二三四五六七八九"
_KEPT_FOR_AKSU: Final = "英阿瓦提路"
"""From here on the table holds names of Aksu city's own streets, which no other town takes from the pool."""


def table(name: str) -> list[dict[str, str]]:
    """One CSV file of this package, row by row."""
    text = resources.files("geo.demo").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def document(name: str) -> dict[str, Any]:
    """One TOML file of this package."""
    return tomllib.loads(resources.files("geo.demo").joinpath(name).read_text("utf-8"))


@cache
def _streets() -> dict[str, StreetName]:
    return {row["zh"]: StreetName(row["zh"], row["zh"], row["en"], row["ug"]) for row in table("streets.csv")}


def street(zh: str, ref: str = "") -> StreetName:
    """A street of the table, with its Latin and Uyghur names.

    Raises:
        KeyError: the table does not hold it.
    """
    known = _streets()[zh]
    return StreetName(known.name, known.zh, known.en, known.ug, ref)


def street_pool() -> list[StreetName]:
    """Names that any town may take."""
    names = list(_streets().values())
    return names[: list(_streets()).index(_KEPT_FOR_AKSU)]


def spoken_number(number: int) -> str:
    """A number from 1 to 99 as it is said: 5 → 五, 10 → 十, 16 → 十六, 24 → 二十四."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones or not tens else "")
