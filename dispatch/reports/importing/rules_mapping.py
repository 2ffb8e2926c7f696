"""Reading a mapping: TOML that says what stands in which column. Pure.

Every refusal is Invalid `mapping.*` and names the place.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping as Map
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatch.kernel.errors import Invalid
from dispatch.reports.importing.states import COLUMNS, NAMED, TIMES, Mapping, Values, Watch

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_KNOWN: Final = frozenset(
    (
        *("name", "title", "zone", "formats", "row", "key", "incident", "earliest", "empty", "times", "columns"),
        *("cancelled", "watch", *NAMED),
    )
)
_EARLIEST: Final = date(1990, 1, 1)


def read_mapping(text: str) -> Mapping:
    """Read a mapping. Raises Invalid (`mapping.toml`, `mapping.invalid`)."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("mapping.toml", f"The mapping is not TOML: {error}.") from error
    strangers = sorted(set(told) - _KNOWN)
    if strangers:
        near = get_close_matches(strangers[0], _KNOWN, 1)
        raise _wrong(strangers[0], "is not known", f"Did you mean {near[0]}?" if near else "")
    name = _word(told, "name")
    if not _NAME.fullmatch(name):
        raise _wrong("name", "must be small letters, digits, - and _, at most 63")
    row: Literal["unit", "incident"] = "unit" if _word(told, "row") == "unit" else "incident"
    if _word(told, "row") != row:
        raise _wrong("row", 'must be "unit" (a row for each unit sent) or "incident"')
    times = _names(told, "times", TIMES)
    if "t0" not in times:
        raise _wrong("times", "must name t0, the start of every clock")
    key = _list(told, "key")
    incident = _list(told, "incident") if "incident" in told else key if row == "incident" else ()
    if not incident:
        raise _wrong("incident", "must name the columns that tell which rows belong together")
    columns = _names(told, "columns", COLUMNS)
    if row == "unit" and "unit" not in columns:
        raise _wrong("columns", "must name unit where a row is a unit")
    earliest = told.get("earliest", _EARLIEST)
    if type(earliest) is not date:
        raise _wrong("earliest", "must be a day such as 2000-01-01")
    return Mapping(
        name=name, title=_word(told, "title"), zone=_zone(told), formats=_list(told, "formats"), row=row, key=key,
        incident=incident, times=times, columns=columns,
        named={one: _values(told[one], one) for one in NAMED if one in told},
        cancelled=_values(told.get("cancelled", {}), "cancelled"),
        watches=tuple(_watch(one) for one in told.get("watch", [])), earliest=earliest,
        empty=_list(told, "empty") if "empty" in told else (), digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def check_columns(mapping: Mapping, header: tuple[str, ...]) -> None:
    """See that the file has every column that the mapping names. Raises Invalid `mapping.column`."""
    missing = [name for name in mapping.wanted() if name not in header]
    if not missing:
        return
    near = [
        f"{name} (did you mean {found[0]}?)" if (found := get_close_matches(name, header, 1)) else name
        for name in missing
    ]
    raise Invalid(
        "mapping.column", f"The file has no column {', '.join(near)}.", "The file has: " + ", ".join(header[:60]) + "."
    )


def _wrong(place: str, why: str, hint: str = "") -> Invalid:
    return Invalid("mapping.invalid", f"In the mapping, {place} {why}.", hint)


def _word(told: Map[str, Any], place: str) -> str:
    value = told.get(place)
    if not isinstance(value, str) or not value:
        raise _wrong(place, "must be a text")
    return value


def _list(told: Map[str, Any], place: str) -> tuple[str, ...]:
    value = told.get(place)
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(one, str) for one in values):
        raise _wrong(place, "must be a text or a list of texts")
    return tuple(values)


def _names(told: Map[str, Any], place: str, known: tuple[str, ...]) -> dict[str, str]:
    value = told.get(place, {})
    if not isinstance(value, dict) or not all(isinstance(one, str) and one for one in value.values()):
        raise _wrong(place, "must be a table of columns")
    strangers = [name for name in value if name not in known]
    if strangers:
        raise _wrong(f"{place}.{strangers[0]}", "is not known", "Known are: " + ", ".join(known) + ".")
    return {str(name): str(column) for name, column in value.items()}


def _values(told: object, place: str) -> Values:
    if not isinstance(told, dict):
        raise _wrong(place, "must be a table")
    values = told.get("values", {})
    if isinstance(values, list):
        values = dict.fromkeys(values, "yes")
    default = told.get("default")
    if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
        raise _wrong(place, "must have values as texts")
    if default is not None and not isinstance(default, str):
        raise _wrong(place, "must have a text as its default")
    return Values(str(told.get("column", "")), {str(key): str(one) for key, one in values.items()}, default)


def _watch(told: object) -> Watch:
    if not isinstance(told, dict) or "code" not in told:
        raise _wrong("watch", "must have a code")
    differ = _list(told, "differ") if "differ" in told else ()
    outside = _list(told, "outside") if "outside" in told else ()
    column = str(told.get("column", ""))
    if (len(differ) != 2) == (not (column and outside)):
        raise _wrong(
            f"watch {told['code']}", "must have two columns that differ, or a column and values outside of which"
        )
    return Watch(str(told["code"]), str(told.get("about", "")), differ, column, outside)


def _zone(told: Map[str, Any]) -> str:
    zone = _word(told, "zone")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong("zone", f"is {zone}, which is no time zone", "Such as Asia/Shanghai or Asia/Urumqi.") from error
    return zone
