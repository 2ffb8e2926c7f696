"""From what was entered for a case to its scores, its criteria and what is still missing. Pure.

Nothing that is missing counts as zero or as "no". What comes out is to be considered or discussed; a physician decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dispatch.clinical.rules_news2 import News2, Reading, news2, no_adult
from dispatch.clinical.states import NoAdult
from dispatch.ecmo.rules_criteria import FACTS, Assessed, Fact, assess
from dispatch.ecmo.rules_items import ITEMS, Value
from dispatch.ecmo.rules_points import SCORES, Answer, Score
from dispatch.ecmo.rules_scores import ADULT_FROM_YEARS, compliance, pf_ratio, score
from dispatch.ecmo.states import Mode, NotScored, ScoreName
from dispatch.ecmo.states_requests import Indication, Support

_OLDEST: Final = 120
_HOURS_MOST: Final = 1000.0
_CPR_MOST: Final = 600.0
_CESAR: Final = 3.0
_SINCE: Final = {"pf_below_50": "pao2", "pf_below_80": "pao2", "acidosis": "ph"}
"""A state that somebody began to see counts until it was last measured, never until now."""
_RESP_OF: Final[Mapping[Indication, str]] = {
    Indication.VIRAL_PNEUMONIA: "viral_pneumonia",
    Indication.BACTERIAL_PNEUMONIA: "bacterial_pneumonia",
    Indication.ASPIRATION: "aspiration",
    Indication.ASTHMA: "asthma",
    Indication.TRAUMA_OR_BURN: "trauma_or_burn",
    Indication.OTHER_RESPIRATORY: "other_acute",
}
_FACT_OF: Final[Mapping[Indication, str]] = {
    Indication.MYOCARDITIS: "myocarditis",
    Indication.PULMONARY_EMBOLISM: "massive_pulmonary_embolism",
    Indication.VT_VF_STORM: "vt_vf_storm",
    Indication.INTOXICATION: "intoxication",
    Indication.HYPOTHERMIA: "hypothermia",
}
_NEWS2_OF: Final = {
    "rr": "respiratory_rate", "spo2": "spo2", "fio2": "fio2", "systolic": "nibp_systolic", "hr": "heart_rate",
    "temperature": "temperature", "verbal": "gcs_verbal",
}  # fmt: skip
_SPECIAL: Final = ("hypothermia", "cold_water_drowning", "intoxication")


@dataclass(frozen=True, slots=True)
class Entered:
    """A value as it was entered last, and when it was so."""

    value: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """All that is judged. weight_kg and age None: not known. values: the newest of each item."""

    now: datetime
    age_years: int | None = None
    pregnant: bool = False
    weight_kg: float | None = None
    indication: Indication | None = None
    support: frozenset[Support] = frozenset()
    values: Mapping[str, Entered] = field(default_factory=dict)

    @property
    def is_child(self) -> bool:
        """Below the age from which the rules are made."""
        return self.age_years is not None and self.age_years < ADULT_FROM_YEARS

    @property
    def special(self) -> bool:
        """Whether the limit of low flow was not made for this patient."""
        known = _indicated(self.indication)
        return self.is_child or any(known.get(one) or self.of(one) is True for one in _SPECIAL)

    def of(self, name: str) -> Value | None:
        """What was entered for an item; None: nothing."""
        found = self.values.get(name)
        return None if found is None else found.value

    def number(self, name: str) -> float | None:
        """The same of a number."""
        found = self.of(name)
        return found if isinstance(found, float) else None

    def time(self, name: str) -> datetime | None:
        """The same of a time; one that lies ahead is not known."""
        found = self.of(name)
        time = datetime.fromisoformat(found) if isinstance(found, str) else None
        return time if time is not None and time <= self.now else None


@dataclass(frozen=True, slots=True)
class Bounds:
    """A figure between two numbers, both included; equal when nothing is missing."""

    low: float
    high: float

    @property
    def complete(self) -> bool:
        """Whether it is known."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Judged:
    """What a case comes to. scores: each, or why it is not for this patient. missing: deciding items, not known."""

    assessed: Assessed
    scores: Mapping[ScoreName, Score | NotScored]
    news2: News2 | NoAdult
    pf: Bounds | None
    compliance: float | None
    missing: Sequence[str]


def judge_case(mode: Mode, case: Case, low_flow_min: float | None = None) -> Judged:
    """Judge a case for a mode of support.

    low_flow_min: the longest that the time without flow may be on the faster way, None: not known.
    """
    pf = pf_bounds(case)
    stretch = _compliance(case)
    answers = _answers(case, pf, stretch)
    scores = {
        name: score(name, answers[name], mode=mode, age_years=case.age_years, pregnant=case.pregnant)
        for name in ScoreName
    }
    facts = _facts(case, pf, scores[ScoreName.MURRAY], low_flow_min)
    readings = {
        signal: Reading(number, case.values[name].at)
        for name, signal in _NEWS2_OF.items()
        if (number := case.number(name)) is not None
    }
    awake = case.of("consciousness")
    if awake is not None:
        readings["avpu"] = Reading(1.0 if awake == "alert" else 2.0, case.values["consciousness"].at)
    return Judged(
        assess(mode, facts, pregnant=case.pregnant),
        scores,
        no_adult(case.age_years, pregnant=case.pregnant) or news2(readings, case.now),
        pf,
        stretch,
        [name for name, item in ITEMS.items() if mode in item.deciding and name not in case.values],
    )


def pf_bounds(case: Case) -> Bounds | None:
    """P/F in mmHg: known, or between what it can be while one of its two values is missing; None: both are."""
    pao2, fio2 = case.number("pao2"), case.number("fio2")
    if pao2 is None and fio2 is None:
        return None
    pressures = [pao2] if pao2 is not None else [ITEMS["pao2"].low, ITEMS["pao2"].high]
    shares = [fio2] if fio2 is not None else [ITEMS["fio2"].low, ITEMS["fio2"].high]
    found = [pf_ratio(pressure, share) for pressure in pressures for share in shares]
    return Bounds(min(found), max(found))


def _compliance(case: Case) -> float | None:
    entered = case.number("compliance")
    tidal, plateau, peep = (case.number(name) for name in ("tidal", "plateau", "peep"))
    if entered is not None or tidal is None or plateau is None or peep is None or plateau <= peep:
        return entered
    return compliance(tidal, plateau, peep)


def _answers(case: Case, pf: Bounds | None, stretch: float | None) -> dict[ScoreName, dict[str, Answer]]:
    """What each score is told. An item of the same name is taken as it was entered."""
    known: dict[str, Answer | None] = {name: one.value for name, one in case.values.items()}
    systolic, diastolic = case.number("systolic"), case.number("diastolic")
    known |= {
        "age": None if case.age_years is None else float(min(case.age_years, _OLDEST)),
        "weight": case.weight_kg,
        "ventilated": _hours(case.time("ventilated_since"), case.now),
        "intubated": _hours(case.time("intubated_since"), case.now),
        "diagnosis": case.of("diagnosis") or (_RESP_OF.get(case.indication) if case.indication else None),
        "bicarbonate_level": case.number("hco3"),
        "pulse_pressure": _difference(systolic, diastolic),
        "pf_ratio": pf.low if pf is not None and pf.complete else None,
        "compliance": stretch,
    }
    return {
        name: {
            item: answer
            for item in table.items
            if (answer := known.get(item)) is not None and _fits(name, item, answer)
        }
        for name, table in SCORES.items()
    }


def _fits(name: ScoreName, item: str, answer: Answer) -> bool:
    """Whether the score can be told so; what lies outside of what its source knows is missing, not made up."""
    table = SCORES[name].items[item]
    low, high = getattr(table, "low", None), getattr(table, "high", None)
    return low is None or high is None or (isinstance(answer, int | float) and low <= answer <= high)


def _facts(case: Case, pf: Bounds | None, murray: Score | NotScored, low_flow_min: float | None) -> dict[str, Fact]:
    known: dict[str, Fact | None] = {
        name: one.value for name, one in case.values.items() if not isinstance(one.value, list)
    }
    known |= _indicated(case.indication)
    if Support.VASOPRESSORS in case.support:
        known["vasopressors"] = True
    arrest, compressed = case.time("arrest_at"), case.time("cpr_at")
    suppressed = case.of("immunocompromised")
    known |= {
        "age": None if case.age_years is None else float(min(case.age_years, _OLDEST)),
        "pf_ratio": pf.low if pf is not None and pf.complete else None,
        "murray": _certain(murray),
        "ventilated": _hours(case.time("ventilated_since"), case.now),
        "immunosuppressed": suppressed if isinstance(suppressed, bool) else None,
        "low_flow": low_flow_min,
        # Only while somebody says that compressions go on: the heart may beat again since.
        "cpr_for": None
        if compressed is None or Support.COMPRESSIONS not in case.support
        else min((case.now - compressed).total_seconds() / 60.0, _CPR_MOST),
        "no_flow": None if arrest is None or compressed is None else (compressed - arrest).total_seconds() / 60.0,
    }
    for fact, measured in _SINCE.items():
        last = case.values.get(measured)
        known[fact] = _hours(case.time(f"{fact}_since"), None if last is None else min(last.at, case.now))
    return {
        name: value for name, value in known.items() if value is not None and name in FACTS and FACTS[name].takes(value)
    }


def _certain(murray: Score | NotScored) -> float | None:
    """The score where it is known, or where what is missing cannot move it over the threshold any more."""
    if isinstance(murray, NotScored):
        return None
    if murray.complete or murray.low >= _CESAR:
        return murray.low
    return murray.high if murray.high < _CESAR else None


def _indicated(indication: Indication | None) -> dict[str, Fact | None]:
    name = None if indication is None else _FACT_OF.get(indication)
    return {} if name is None else {name: True}


def _hours(since: datetime | None, until: datetime | None) -> float | None:
    if since is None or until is None or until < since:
        return None
    return min((until - since).total_seconds() / 3600.0, _HOURS_MOST)


def _difference(high: float | None, low: float | None) -> float | None:
    return None if high is None or low is None or high < low else high - low
