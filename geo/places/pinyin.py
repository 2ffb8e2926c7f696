"""Readings of Chinese names: full pinyin and initials, every usual reading of a character with several."""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import Final

from geo.places.text import spoken_number

_READINGS: Final = 3
"""Readings of one character that are tried; the dictionary gives the commonest first."""
_VARIANTS: Final = 8
"""Readings of one name that are kept. Past that, only one character at a time is read otherwise."""
_NUMBER: Final = re.compile(r"\d+")


@cache
def _listed() -> dict[int, str]:
    """Readings by character. The package itself is not run: its dictionaries of phrases take half a second to load."""
    spec = find_spec("pypinyin")
    (folder,) = (spec.submodule_search_locations if spec else None) or [""]
    readings_of: dict[int, str] = run_path(str(Path(folder, "pinyin_dict.py")))["pinyin_dict"]
    return readings_of


@lru_cache(maxsize=8192)
def syllables(character: str) -> tuple[str, ...]:
    """Give the toneless readings of one character; ü is written v, and u too. Others read as themselves."""
    listed = _listed().get(ord(character))
    if listed is None:
        return (character,)
    bare: dict[str, None] = {}
    for reading in listed.split(","):
        if len(bare) >= _READINGS:
            break
        marks = unicodedata.normalize("NFD", reading)
        toneless = unicodedata.normalize("NFC", "".join(c for c in marks if c not in "\u0300\u0301\u0304\u030c"))
        plain = unicodedata.normalize("NFD", toneless.replace("ü", "v"))
        bare["".join(c for c in plain if unicodedata.category(c) != "Mn")] = None
        if "ü" in toneless:
            bare[toneless.replace("ü", "u")] = None
    return tuple(bare)


def readings(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the distinct full spellings and the distinct initials of a folded name without spaces.

    Numbers are read as digits and as they are said: 10团 → 10tuan, shituan; 10t, st.
    """
    said = _NUMBER.sub(lambda found: spoken_number(int(found.group())) if len(found.group()) < 5 else "", text)
    full: dict[str, None] = {}
    initials: dict[str, None] = {}
    for form in dict.fromkeys((text, said)):
        choices = [syllables(character) for character in form]
        full.update(dict.fromkeys(_spellings(choices)))
        initials.update(dict.fromkeys(_spellings([tuple(dict.fromkeys(s[0] for s in one)) for one in choices])))
    return tuple(full), tuple(initials)


def _spellings(choices: list[tuple[str, ...]]) -> list[str]:
    count = 1
    for one in choices:
        count *= len(one)
    if count <= _VARIANTS:
        return ["".join(chosen) for chosen in itertools.product(*choices)]
    usual = [one[0] for one in choices]
    spelled = ["".join(usual)]
    for place, one in enumerate(choices):
        spelled += ["".join((*usual[:place], other, *usual[place + 1 :])) for other in one[1:]]
    return spelled
