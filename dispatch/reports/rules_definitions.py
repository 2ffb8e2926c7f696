"""Definitions, clocks and targets as data: read from TOML, checked, each with its version. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, Literal

import msgspec

from dispatch.kernel.figures import read_toml, shipped, unusable

Frame = Literal["calls", "incidents", "runs", "patients"]
Statistic = Literal["share", "mean", "p90"]
_CLOCK: Final = "clock:"
_OF: Final = "reports"
_OWN: Final = "own"
"""The target set that a centre fills."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What has names in the three languages."""

    zh: str
    en: str
    ug: str


class ClockSet(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A start of the clock that can be chosen by its name. event: a time of an incident (t1, t2) or a run (t3)."""

    version: int
    event: str


class Definition(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One figure. interval: whole seconds from `start` to `end`; share: of the denominator, those that succeed.

    otherwise: the end where `end` was never told. signed: may be negative. late_counts: who is not gone within
    `within_s` counts as missed, also when called off later. since: the first day (Beijing) that this version counts
    for, None: always.
    """

    id: str
    version: int
    of: Frame
    kind: Literal["interval", "share"]
    denominator: str
    formula: str
    source: str
    start: str = ""
    end: str = ""
    otherwise: str = ""
    success: str = ""
    within_s: int | None = None
    excludes: tuple[str, ...] = ()
    signed: bool = False
    late_counts: bool = False
    outcome_rule: str = ""
    formula_zh: str = ""
    formula_ug: str = ""
    since: date | None = msgspec.field(default=None, name="from")

    def formula_in(self, language: Literal["zh", "en", "ug"]) -> str:
        """The formula in words of a language; as it stands in English where it has none there."""
        return {"zh": self.formula_zh, "en": self.formula, "ug": self.formula_ug}[language] or self.formula


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A bound on a statistic of a figure, for all or for a stratum."""

    kpi: str
    stat: Statistic
    at_least: float | None = None
    at_most: float | None = None
    within_s: int | None = None
    where: dict[str, str] = msgspec.field(default_factory=dict)


class TargetSet(Named, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Targets of one source; never mixed with another's."""

    source: str
    targets: tuple[Target, ...]


class Definitions(msgspec.Struct, frozen=True, kw_only=True):
    """All figures in order, versions by age; clocks and target sets by name. awaits: whose sign-off is missing."""

    awaits: str
    clocks: dict[str, ClockSet]
    kpi: tuple[Definition, ...]
    sets: dict[str, TargetSet]

    def newest(self) -> tuple[Definition, ...]:
        """The last version of each figure, in order."""
        return tuple({one.id: one for one in self.kpi}.values())

    def today(self) -> Definitions:
        """These, with the newest version of each figure for all times: to compare periods alike."""
        return msgspec.structs.replace(
            self, kpi=tuple(msgspec.structs.replace(one, since=None) for one in self.newest())
        )

    def versions(self, kpi: str) -> tuple[Definition, ...]:
        """All versions of a figure, the oldest first; empty for one that is not there."""
        return tuple(one for one in self.kpi if one.id == kpi)

    def event(self, name: str) -> str:
        """The time that a start names, through its clock where it names one."""
        return self.clocks[name.removeprefix(_CLOCK)].event if name.startswith(_CLOCK) else name


def read_definitions(own: str, rules: Mapping[str, frozenset[str]], times: Mapping[str, frozenset[str]]) -> Definitions:
    """Return what ships with own versions, clocks and target sets added. own: TOML, or "". Raises Invalid, as below.

    A clock or a set that ships is not changed under its name, since reports that were made refer to it: a centre's own
    has another name, or is the set `own`.
    """
    given, sets = shipped_definitions()
    added = read_toml(own, _OF)
    if unknown := sorted(added.keys() - {"kpi", "sets", "clocks", "awaits"}):
        raise unusable(_OF, f"there is no section {', '.join(unknown)}")
    for section, ships in (("clocks", given["clocks"].keys()), ("sets", sets["sets"].keys() - {_OWN})):
        if not isinstance(added.get(section, {}), dict):
            raise unusable(_OF, f"{section} is no table")
        if taken := sorted(added.get(section, {}).keys() & ships):
            raise unusable(_OF, f"{section}.{taken[0]} ships and is not changed: give your own another name")
    mine = added.get("kpi", [])
    if not isinstance(mine, list) or not all(
        isinstance(one, dict) and isinstance(one.get("id"), str) and isinstance(one.get("version"), int) for one in mine
    ):
        raise unusable(_OF, "a figure is a [[kpi]] with an id and a version")
    kpis = [*given["kpi"], *mine]
    order = list(dict.fromkeys(one.get("id") for one in kpis))
    return definitions_of(
        {
            "awaits": added.get("awaits", given["awaits"]),
            "clocks": {**given["clocks"], **added.get("clocks", {})},
            "kpi": sorted(kpis, key=lambda one: (order.index(one.get("id")), one.get("version", 0))),
        },
        {"sets": {**sets["sets"], **added.get("sets", {})}},
        rules,
        times,
    )


def definitions_of(
    given: Mapping[str, Any],
    sets: Mapping[str, Any],
    rules: Mapping[str, frozenset[str]],
    times: Mapping[str, frozenset[str]],
) -> Definitions:
    """Read definitions and target sets, and check that they hold together.

    rules: names that may be used, by `denominator`, `success` and `excludes`; times: by frame. Raises Invalid
    (`figures.invalid`).
    """
    try:
        made = msgspec.convert({**given, **sets}, Definitions)
    except msgspec.ValidationError as error:
        raise unusable(_OF, str(error)) from None
    for one in made.kpi:
        for fault in _faults(made, one, rules, times):
            raise unusable(_OF, f"{one.id} version {one.version}: {fault}")
    known = {one.id for one in made.kpi}
    for name, each in made.sets.items():
        for target in each.targets:
            if target.kpi not in known or (target.at_least is None) == (target.at_most is None):
                raise unusable(_OF, f"a target of {name} names no figure, or not one bound: {target.kpi}")
    return made


def _faults(
    made: Definitions, one: Definition, rules: Mapping[str, frozenset[str]], times: Mapping[str, frozenset[str]]
) -> Sequence[str]:
    found: list[str] = []
    before = [other for other in made.versions(one.id) if other.version < one.version]
    if before and (one.since is None or any(other.since is not None and other.since >= one.since for other in before)):
        found.append("a later version says from which later day it counts")
    if len({other.version for other in made.versions(one.id)}) != len(made.versions(one.id)):
        found.append("the version is there twice")
    named = {
        "denominator": (one.denominator,),
        "success": (one.success,) if one.success else (),
        "excludes": one.excludes,
    }
    found += [
        f"there is no rule {name} for {of}" for of, names in named.items() for name in names if name not in rules[of]
    ]
    if one.kind == "interval":
        if one.start.startswith(_CLOCK) and one.start.removeprefix(_CLOCK) not in made.clocks:
            return [*found, f"there is no {one.start}"]
        wanted = [made.event(one.start), one.end, *([one.otherwise] if one.otherwise else [])]
        found += [f"{one.of} have no time {name}" for name in wanted if name not in times[one.of]]
    elif not one.success:
        found.append("a share needs a rule of success")
    if one.late_counts and one.within_s is None:
        found.append("late_counts needs within_s")
    return found


@cache
def shipped_definitions() -> tuple[dict[str, Any], dict[str, Any]]:
    """The definitions and the target sets that ship, as TOML gives them."""
    return shipped("dispatch.reports", "definitions.toml"), shipped("dispatch.reports", "targets.toml")
