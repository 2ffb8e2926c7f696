"""What codes are called on paper and in files: stations, counties, checks of the data, reasons to be left out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

from api.printing.press import TEMPLATES
from api.printing.render import Language
from dispatch.kernel.db import Session
from dispatch.roads.queries import list_zones
from dispatch.units.queries import list_stations
from geo.zones import ZoneKind

Names = Mapping[str, Mapping[Language, str]]
"""Of stations by their codes and of counties by their zones."""
NOBODY: Final[Names] = {}


async def names_of_places(session: Session, region: str) -> Names:
    """Return the names of a region's stations and counties as they stand."""
    stations: Names = {
        one.code: {"zh": one.name_zh, "en": one.name_en, "ug": one.name_ug}
        for one in await list_stations(session, region)
    }
    counties: Names = {
        zone.id: {"zh": zone.names.zh, "en": zone.names.en, "ug": zone.names.ug}
        for zone in await list_zones(session, region)
        if zone.kind == ZoneKind.COUNTY
    }
    return {**stations, **counties}


def place_told(names: Names, key: str, language: Language) -> str:
    """Return a place's name; its Chinese one where the language has none, its code where nobody knows it any more."""
    found = names.get(key, {})
    return found.get(language) or found.get("zh") or key


def fault_told(code: str, language: Language) -> str | None:
    """Return what a check is called, or with `out.` before it a reason; None for another word."""
    found = _read("quality").get(code)
    return None if found is None else found[language]


@cache
def words_of(paper: str) -> dict[str, dict[Language, str]]:
    """Return the words of a paper by their codes, those of strata and their keys (`key.`) among them."""
    return {**_read("strata"), **_read(paper)}


@cache
def _read(name: str) -> dict[str, dict[Language, str]]:
    return tomllib.loads((TEMPLATES / f"{name}.toml").read_text("utf-8"))
