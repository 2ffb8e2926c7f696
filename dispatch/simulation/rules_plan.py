"""How a crew's next run will go, drawn when it is ordered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatch.simulation.rules_dice import Dice, pick
from dispatch.simulation.rules_figures import CrewFigures
from dispatch.simulation.states import Mishap
from dispatch.units.states_duty import OutReason, UnitStatus

_FORGOTTEN: Final = (
    UnitStatus.EN_ROUTE,
    UnitStatus.AT_PATIENT,
    UnitStatus.TRANSPORTING,
    UnitStatus.AT_HOSPITAL,
    UnitStatus.RETURNING_AVAILABLE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds of each part; `drive`: road time × this. fails_at: the share of the way at which a mishap happens.

    mute_s: the link is lost so long from the departure on. forgets: the status that is never reported. pause: what the
    unit needs afterwards, and for how long.
    """

    acknowledge_s: float
    mobilise_s: float
    to_patient_s: float
    handover_s: float
    tidy_s: float
    drive: float
    mishap: Mishap | None
    fails_at: float = 0.5
    mute_s: float = 0.0
    forgets: UnitStatus | None = None
    pause: tuple[OutReason, float] | None = None


def plan_of(figures: CrewFigures, dice: Dice, call_sign: str, run: int, *, on_road: bool) -> Plan:
    """Draw a crew's run of that number. on_road: it is under way already and only turns round."""
    random = dice.of("run", call_sign, run)
    free = 1.0 - sum(figures.mishaps.values())
    mishap = pick(random, {None: free, **figures.mishaps})
    wrong = figures.mishap_figures
    slow = random.uniform(*wrong.slow_factor) if mishap is Mishap.SLOW else 1.0
    acknowledge_s = random.uniform(*figures.acknowledge_s)
    late_s = random.uniform(*wrong.no_answer_s)
    mobilise_s = random.uniform(*(figures.turn_round_s if on_road else figures.mobilise_s))
    mute_s = random.uniform(*wrong.link_lost_s)
    pause = None
    for reason, after in figures.after.items():
        if random.random() < after.share:
            pause = (reason, random.uniform(*after.lasts_s))
    return Plan(
        acknowledge_s=late_s if mishap is Mishap.NO_ANSWER else acknowledge_s,
        mobilise_s=mobilise_s * slow,
        to_patient_s=random.uniform(*figures.to_patient_s),
        handover_s=random.uniform(*figures.handover_s),
        tidy_s=random.uniform(*figures.tidy_s),
        drive=random.uniform(*figures.drive) * (1.0 + (slow - 1.0) / 4.0),
        mishap=mishap,
        fails_at=random.uniform(0.15, 0.85),
        mute_s=mute_s if mishap is Mishap.LOSES_LINK else 0.0,
        forgets=random.choice(_FORGOTTEN) if mishap is Mishap.FORGETS else None,
        pause=pause,
    )
