"""Values of a graph's nodes and edges, as OSMnx keeps them in memory and GraphML writes them as text."""

from __future__ import annotations

import ast
import math
from typing import Any

from geo.importers import access, highways


def one_value(key: str, values: list[Any]) -> str:
    """The tag that several values of one street amount to: the one that promises less, or all joined by `;`."""
    texts = [said for value in values if (said := text(value))]
    if len(texts) < 2:
        return texts[0] if texts else ""
    if key == "highway":
        return max(texts, key=lambda said: highways.CLASSES.get(said, 0))
    if key in access.MODES:
        return max(texts, key=lambda said: access.ordinary_level({"access": said}))
    if key in {"bridge", "tunnel", "toll", "ford"}:
        return next((said for said in texts if highways.is_set({key: said}, key)), "no")
    if key.startswith("name") or key in {"junction", "service", "tracktype"}:
        return texts[0]
    return ";".join(texts)


def text(value: object) -> str:
    """A value as a tag; nothing for what is missing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def as_list(value: object) -> list[Any]:
    """A value or the list it is, also where GraphML wrote the list as text (`[1, 2]`)."""
    if isinstance(value, str) and value[:1] in {"[", "{"} and value[-1:] in {"]", "}"}:
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return [value]
    if isinstance(value, list | tuple | set):
        return list(value)
    return [] if value is None else [value]


def is_true(value: object) -> bool:
    """Whether a flag is set, as a boolean or as text."""
    return str(value).lower() in {"true", "1", "yes"}


def as_int(value: object) -> int | None:
    """A whole number that fits an OSM id; None if it is none."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if -(2**62) < number < 2**62 else None
