"""Which scores are for which patient, and what is worked out from single values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dispatch.ecmo.rules_points import SCORES, Answer, Score
from dispatch.ecmo.states import Mode, NotScored, ScoreName
from dispatch.kernel.errors import Invalid

ADULT_FROM_YEARS: Final = 18
"""The tables were made for adults (adult rules from 18 years on)."""
_AIR: Final = 21.0
_WHOLE: Final = 100.0


def not_scored(name: ScoreName, mode: Mode, age_years: int | None, *, pregnant: bool) -> NotScored | None:
    """Why a score is not for this patient; None: it is.

    A child or a pregnant patient goes straight to the physician without scores. RESP is for VV only, SAVE for VA only,
    neither for ECPR. GCS is an examination, and for everybody.
    """
    if name is ScoreName.GCS:
        return None
    if age_years is None:
        return NotScored.AGE_UNKNOWN
    if age_years < ADULT_FROM_YEARS:
        return NotScored.CHILD
    if pregnant:
        return NotScored.PREGNANT
    modes = SCORES[name].modes
    return NotScored.OTHER_MODE if modes and mode not in modes else None


def score(
    name: ScoreName, answers: Mapping[str, Answer], *, mode: Mode, age_years: int | None, pregnant: bool
) -> Score | NotScored:
    """Score a patient, or say why not. Raises as `ScoreTable.score`."""
    return not_scored(name, mode, age_years, pregnant=pregnant) or SCORES[name].score(answers)


def pf_ratio(pao2_mmhg: float, fio2_percent: float) -> float:
    """P/F in mmHg. Raises Invalid (`ecmo.value`): FiO2 below that of air or above 100 per cent, or no pressure."""
    if not _AIR <= fio2_percent <= _WHOLE or pao2_mmhg <= 0:
        raise Invalid("ecmo.value", "FiO2 is 21 to 100 per cent, and PaO2 is above 0 mmHg.")
    return pao2_mmhg * _WHOLE / fio2_percent


def compliance(tidal_ml: float, plateau_cmh2o: float, peep_cmh2o: float) -> float:
    """Static compliance in mL/cmH2O. Raises Invalid (`ecmo.value`): no volume, or a plateau not above PEEP."""
    if plateau_cmh2o <= peep_cmh2o or tidal_ml <= 0:
        raise Invalid("ecmo.value", "The plateau pressure is above PEEP, and the tidal volume above 0 mL.")
    return tidal_ml / (plateau_cmh2o - peep_cmh2o)
