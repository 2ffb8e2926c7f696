"""Invented people, plainly marked 示例: callers, patients, and what crews are made of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from dispatch.incidents.states_patients import PatientOutcome, Proof, Sex
from dispatch.simulation.rules_dice import Dice, count, pick
from dispatch.simulation.rules_figures import Figures
from dispatch.units.rules_capability import PROPOSED_CAPABILITIES, CapabilityTable
from dispatch.units.states import Capability, Special, UnitType
from dispatch.units.states_crew import Skill

_FAMILY: Final = "王李张刘陈杨赵黄周吴"
_GIVEN: Final = ("阿依", "买买", "古丽", "艾力", "吐尔", "热依")
_BASIC: Final = (Skill.DRIVER, Skill.NURSE)
_ADVANCED: Final = (Skill.DRIVER, Skill.PHYSICIAN, Skill.NURSE)
_SPECIAL: Final[Mapping[str, tuple[Skill, ...]]] = {
    Special.ECMO: (Skill.DRIVER, Skill.PHYSICIAN, Skill.PHYSICIAN, Skill.NURSE, Skill.PERFUSIONIST),
    Special.NEONATAL: (Skill.DRIVER, Skill.PHYSICIAN, Skill.NEONATOLOGIST, Skill.NURSE),
}
HANDED_TO: Final = "122"
"""Whom a patient without need is left with at a crash: the traffic police."""


@dataclass(frozen=True, slots=True)
class Sufferer:
    """A patient as they truly are. treat_s: of treatment on the scene. witness: of a refusal that nobody signs."""

    name: str
    sex: Sex
    age_years: int
    outcome: PatientOutcome
    treat_s: float
    proof: Proof | None = None
    witness: str = ""


def phone(random: Random) -> str:
    """Return a telephone number of the range that is invented here: 138 0000 xxxx."""
    return f"1380000{random.randint(0, 9999):04d}"


def name(random: Random) -> str:
    """Return a name that nobody can take for a person's."""
    return f"示例{random.choice(_GIVEN)}某" if random.random() < 0.4 else f"示例{random.choice(_FAMILY)}某"


def sufferers(figures: Figures, dice: Dice, number: str, complaint: str) -> tuple[Sufferer, ...]:
    """Return the patients of an incident, known by its spoken number, as its complaint has it."""
    card = figures.complaints.get(complaint) or figures.complaints["K36"]
    course = figures.courses[card.course]
    how_many = count(dice.of("patients", number), course.patients)
    found: list[Sufferer] = []
    for place in range(how_many):
        random = dice.of("patient", number, place)
        outcome = pick(random, course.outcome)
        proof = None
        if outcome is PatientOutcome.REFUSED:
            proof = Proof.WITNESS if random.random() < 0.2 else Proof.SIGNATURE
        found.append(
            Sufferer(
                name=name(random),
                sex=random.choice((Sex.MALE, Sex.FEMALE)),
                age_years=_age(random, complaint),
                outcome=outcome,
                treat_s=random.uniform(*course.treat_s),
                proof=proof,
                witness=name(random) if proof is Proof.WITNESS else "",
            )
        )
    return tuple(found)


def _age(random: Random, complaint: str) -> int:
    if complaint == "K26":
        return 0
    if complaint == "K27":
        return random.randint(0, 12)
    if complaint in ("K24", "K25"):
        return random.randint(19, 42)
    return min(int(random.triangular(3, 95, 62)), 95)


def crew_of(unit_type: UnitType, special: str) -> tuple[Skill, ...]:
    """Return who is on board of a vehicle of that kind, the driver first."""
    return _SPECIAL.get(special) or (_BASIC if unit_type is UnitType.BASIC else _ADVANCED)


def kit_of(letters: Collection[str], table: CapabilityTable = PROPOSED_CAPABILITIES) -> frozenset[str]:
    """Return all that the letters of a vehicle ask for."""
    needed = [table.needs[Capability(letter)].kit for letter in letters if letter in set(Capability)]
    return frozenset().union(*needed)


def extra_kit(call_sign: str, letters: Collection[str]) -> frozenset[str]:
    """Return what is on board beside that: an inverter where circuits are carried, and in every other ALS vehicle."""
    is_even = call_sign[-1:].isdigit() and int(call_sign[-1]) % 2 == 0
    return frozenset({"inverter"}) if "E" in letters or ("A" in letters and is_even) else frozenset()
