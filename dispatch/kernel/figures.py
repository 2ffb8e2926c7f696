"""Figures that ship with the program as TOML, and those that a centre sets in their place. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from dispatch.kernel.errors import Invalid


def shipped(package: str, name: str) -> dict[str, Any]:
    """Read a TOML file of figures that ships beside the code."""
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))


def read_toml(text: str, of: str) -> dict[str, Any]:
    """Read figures that are set. of: what they are of, as a refusal says it. Raises Invalid (`figures.invalid`)."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise unusable(of, f"no TOML: {error}") from None


def laid_over(own: object, usual: Mapping[str, Any], of: str, where: str = "") -> dict[str, Any]:
    """Return the figures that ship, own ones in their place, section by section. where: the section that is read.

    Raises Invalid (`figures.invalid`): a figure or section that there is not; where a number ships, one that is no
    number of 0 or more; where a text ships, none; where a list ships, one that holds anything else than its kind.
    """
    if not isinstance(own, Mapping):
        raise unusable(of, f"{where.rstrip('.')} is no section")
    for key in own:
        if key not in usual:
            what = "section" if isinstance(own[key], Mapping) else "figure"
            raise unusable(of, f"there is no {what} {where}{key}")
    return {key: _one(own[key], value, of, f"{where}{key}") if key in own else value for key, value in usual.items()}


def _one(value: object, usual: object, of: str, name: str) -> object:
    if isinstance(usual, Mapping):
        return laid_over(value, usual, of, f"{name}.")
    if isinstance(usual, list):
        if not isinstance(value, list):
            raise unusable(of, f"{name} is a list")
        return [_one(one, usual[0], of, f"each of {name}") for one in value] if usual else value
    if isinstance(usual, str):
        if not isinstance(value, str) or not value.strip():
            raise unusable(of, f"{name} is a text")
    elif not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
        raise unusable(of, f"{name} is a number of 0 or more")
    return value


def unusable(of: str, reason: str) -> Invalid:
    """Return the refusal of figures that are set."""
    return Invalid("figures.invalid", f"The figures of {of} cannot be used: {reason}.")
