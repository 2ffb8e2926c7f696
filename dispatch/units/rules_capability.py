"""Capability = vehicle + kit + crew: what a unit can do now, and what is missing for the rest. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from dispatch.kernel.texts import Words
from dispatch.units.states import CAPABILITY_ORDER, Capability
from dispatch.units.states_crew import SKILL_WORDS, Skill


@dataclass(frozen=True, slots=True)
class KitKind:
    """A piece of kit: its code, names, and the letter that it mainly serves."""

    code: str
    zh: str
    en: str
    letter: Capability


@dataclass(frozen=True, slots=True)
class CrewNeed:
    """`count` people, each with one of the skills."""

    skills: frozenset[Skill]
    count: int


@dataclass(frozen=True, slots=True)
class Need:
    """What one letter asks for: all of the kit, all of the crew."""

    kit: frozenset[str]
    crew: tuple[CrewNeed, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CapabilityTable:
    """All of `capabilities.toml`. `source` says whose rules they are, and whose sign-off they lack.

    Two tables are never equal, so that what was found by one is not remembered for another.
    """

    source: str
    kit: Mapping[str, KitKind]
    needs: Mapping[Capability, Need]


class Part(StrEnum):
    """Which part of a unit lacks something."""

    VEHICLE = "vehicle"
    KIT = "kit"
    CREW = "crew"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a letter lacks.

    what: the kit's code, or the skills that would do, joined by `|`; for VEHICLE the letter itself. count: so many.
    """

    letter: Capability
    part: Part
    what: str
    count: int = 1


def missing_words(missing: Missing, table: CapabilityTable | None = None) -> Words:
    """What is missing, in words; a kit that the table no longer lists goes by its code."""
    if missing.part is Part.VEHICLE:
        return Words(f"车辆不具备 {missing.letter} 能力", f"the vehicle is not built for {missing.letter}")
    count = f" × {missing.count}" if missing.count > 1 else ""
    if missing.part is Part.KIT:
        kind = (table or PROPOSED_CAPABILITIES).kit.get(missing.what)
        return Words(kind.zh, kind.en) if kind is not None else Words(missing.what, missing.what)
    skills = [SKILL_WORDS[Skill(name)] for name in missing.what.split("|")]
    return Words("或".join(one.zh for one in skills) + count, " or ".join(one.en for one in skills) + count)


@dataclass(frozen=True, slots=True)
class Abilities:
    """The letters met, in their fixed order, and what is missing for every letter that the vehicle is built for."""

    letters: str
    missing: tuple[Missing, ...]

    def built_for(self) -> frozenset[str]:
        """Return the letters that the vehicle is built and licensed for, whatever is on board."""
        return frozenset(self.letters) | {item.letter for item in self.missing}

    def lacks(self, wanted: Collection[Capability]) -> tuple[Missing, ...]:
        """Return what stands between this unit and the wanted letters; empty when it meets them all."""
        found = [item for item in self.missing if item.letter in wanted]
        told = {item.letter for item in found}
        unfit = [sign for sign in Capability if sign in wanted and sign not in told and sign not in self.letters]
        return (*found, *(Missing(letter, Part.VEHICLE, str(letter)) for letter in unfit))


def _load() -> CapabilityTable:
    data = tomllib.loads(files("dispatch.units").joinpath("capabilities.toml").read_text(encoding="utf-8"))
    kit = {code: KitKind(code, row["zh"], row["en"], Capability(row["letter"])) for code, row in data["kit"].items()}
    return CapabilityTable(data["source"], kit, {letter: _need(data["letters"][letter], kit) for letter in Capability})


def _need(row: Mapping[str, Any], kit: Mapping[str, KitKind]) -> Need:
    unknown = set(row["kit"]) - set(kit)
    if unknown:
        raise ValueError(f"capabilities.toml asks for kit that it does not list: {sorted(unknown)}")
    return Need(
        frozenset(row["kit"]),
        tuple(CrewNeed(frozenset(map(Skill, group["any"])), group["count"]) for group in row["crew"]),
    )


PROPOSED_CAPABILITIES: Final = _load()


def abilities(
    vehicle: str, kit: Collection[str], crew: Sequence[Skill], table: CapabilityTable = PROPOSED_CAPABILITIES
) -> Abilities:
    """Say what a unit can do with what is on board now.

    vehicle: the letters that it is built and licensed for, as imported. kit: codes on board. crew: the skill of each
    person on board; each person fills one place.
    """
    return _abilities(vehicle, frozenset(kit), tuple(sorted(crew)), table)


# A fleet has few kinds of units, and every choice among them asks for all.
@lru_cache(maxsize=4096)
def _abilities(vehicle: str, kit: frozenset[str], crew: tuple[Skill, ...], table: CapabilityTable) -> Abilities:
    met: list[str] = []
    missing: list[Missing] = []
    for letter in map(Capability, (sign for sign in CAPABILITY_ORDER if sign in vehicle)):
        need = table.needs[letter]
        lacking = [Missing(letter, Part.KIT, code) for code in sorted(need.kit - kit)]
        lacking += [
            Missing(letter, Part.CREW, "|".join(sorted(group.skills)), count)
            for group, count in unfilled(need.crew, crew)
        ]
        missing.extend(lacking)
        if not lacking:
            met.append(str(letter))
    return Abilities("".join(met), tuple(missing))


def standard_kit(vehicle: str, table: CapabilityTable = PROPOSED_CAPABILITIES) -> frozenset[str]:
    """Return the codes of all kit that the vehicle's letters ask for: the list checked at the start of a shift."""
    return frozenset().union(*(table.needs[letter].kit for letter in Capability if letter in vehicle))


def unfilled(needs: Sequence[CrewNeed], crew: Sequence[Skill]) -> list[tuple[CrewNeed, int]]:
    """Return the needs that the crew cannot fill, with how many are lacking, when as many places as can be are filled.

    Needs may overlap, so that first come, first served would tell somebody missing who is there: a matching is sought.
    """
    places = [index for index, need in enumerate(needs) for _ in range(need.count)]
    holder: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for place, index in enumerate(places):
            if place in tried or crew[person] not in needs[index].skills:
                continue
            tried.add(place)
            if place not in holder or seat(holder[place], tried):
                holder[place] = person
                return True
        return False

    for person in range(len(crew)):
        seat(person, set())
    empty = [index for place, index in enumerate(places) if place not in holder]
    return [(need, empty.count(index)) for index, need in enumerate(needs) if index in empty]
