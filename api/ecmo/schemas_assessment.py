"""What is told of a case's scores, criteria and times. Everything is to be considered or discussed: nothing denies."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from api.patients.schemas import Age
from api.roads.schemas import Aware
from dispatch.clinical.rules_news2 import News2Level, Parameter
from dispatch.clinical.states import NoAdult
from dispatch.ecmo.rules_ways import Basis
from dispatch.ecmo.states import Advice, LowFlow, Mode, NotScored, ScoreName, Standing, Weight
from dispatch.ecmo.states_requests import Indication, Support

Kilograms = Annotated[float, Meta(ge=0.3, le=400, description="Kilograms.")]
Entry = bool | float | str | list[str]
"""A number in the item's unit, yes or no, one word, several words, or a time as text."""


class ValueIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value of an item of `/api/ecmo/items`."""

    item: Annotated[str, Meta(min_length=1, max_length=40, examples=["ph"])]
    value: Annotated[Entry | None, Meta(description="Null: what was entered before was a mistake.")]
    at: Annotated[Aware | None, Meta(description="When it was so, ISO 8601 with zone; null: now.")] = None


class CalculateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A case to be calculated, of which nothing is kept."""

    mode: Mode
    age_years: Age | None = None
    pregnant: bool = False
    weight_kg: Kilograms | None = None
    indication: Indication | None = None
    support: list[Support] = []
    values: Annotated[list[ValueIn], Meta(max_length=200)] = []


class EcmoItemOut(msgspec.Struct, frozen=True):
    """Something that can be entered."""

    name: str
    group: str
    kind: Annotated[str, Meta(description="number, yes, words, several or time.")]
    unit: Annotated[str, Meta(description="UCUM; of a number. `1` is none.")]
    low: Annotated[float | None, Meta(description="The lowest and highest number that can be entered.")]
    high: float | None
    whole: bool
    words: list[str]
    deciding: Annotated[list[Mode], Meta(description="For which modes it is asked first.")]


class EcmoRuleOut(msgspec.Struct, frozen=True):
    """A table that was reckoned by."""

    name: str
    version: str
    source: str
    signed_off_by: Annotated[str, Meta(description="Empty: by nobody.")]
    needs_sign_off: Annotated[bool, Meta(description="Needs sign-off by a medical director.")]


class ItemsOut(msgspec.Struct, frozen=True):
    """All that can be entered, in the order in which it is shown, and the tables in use."""

    items: list[EcmoItemOut]
    rules: list[EcmoRuleOut]


class PointsOut(msgspec.Struct, frozen=True):
    """Points of an item; low and high differ where it is not known."""

    item: str
    low: int
    high: int
    known: bool


class ClassOut(msgspec.Struct, frozen=True):
    """A class of a score."""

    name: str
    survival: Annotated[int, Meta(description="Per cent at the source; 0: it names none.")]
    lowest: Annotated[float, Meta(description="The lowest score of it.")]


class EcmoScoreOut(msgspec.Struct, frozen=True):
    """A score, or why it is not for this patient."""

    name: ScoreName
    not_scored: Annotated[NotScored | None, Meta(description="Why it is not for this patient; null: it is.")]
    low: Annotated[float | None, Meta(description="The score lies between low and high, both included.")]
    high: float | None
    complete: bool
    points: list[PointsOut]
    worst: Annotated[ClassOut | None, Meta(description="The class at the lower end; best: at the upper.")]
    best: ClassOut | None
    mean: Annotated[bool, Meta(description="The score is the mean of its items, else their sum.")]
    constant: Annotated[int, Meta(description="What is added to the items.")]
    least: Annotated[float, Meta(description="The lowest and highest score that there can be.")]
    most: float
    classes: Annotated[list[ClassOut], Meta(description="The best first.")]


class News2Out(msgspec.Struct, frozen=True):
    """NEWS2, or why it is not for this patient. A value that is too old counts as missing."""

    not_scored: NoAdult | None
    low: int | None
    high: int | None
    level: Annotated[News2Level | None, Meta(description="What is certain already.")]
    missing: list[Parameter]


class EcmoRangeOut(msgspec.Struct, frozen=True):
    """A figure between two numbers, both included; equal when nothing is missing."""

    low: float
    high: float


class CriterionOut(msgspec.Struct, frozen=True):
    """How a criterion of the mode stands."""

    id: str
    weight: Weight
    standing: Standing


class EcmoAssessmentOut(msgspec.Struct, frozen=True):
    """What a case comes to by rule. A physician decides."""

    at: datetime
    mode: Mode
    advice: Annotated[Advice, Meta(description="To be considered or discussed; there is no denial.")]
    direct: Annotated[bool, Meta(description="A child or pregnant: straight to the physician, without rules.")]
    scores: list[EcmoScoreOut]
    news2: News2Out
    pf_ratio: Annotated[EcmoRangeOut | None, Meta(description="PaO2/FiO2, mmHg; null: neither is known.")]
    compliance: Annotated[float | None, Meta(description="mL/cmH2O, entered or worked out.")]
    criteria: list[CriterionOut]
    missing: Annotated[list[str], Meta(description="Items that decide and are not known.")]
    low_flow_applies: Annotated[
        bool,
        Meta(description="False: the limit was not made for hypothermia, cold water, intoxication or a child."),
    ]
    rules: list[EcmoRuleOut]


class LegOut(msgspec.Struct, frozen=True):
    """One leg of a way, minutes."""

    name: str
    basis: Basis
    low: float | None
    high: float | None


class WayOut(msgspec.Struct, frozen=True):
    """One way to the circuit. low, high: minutes since the arrest, of all legs that are known."""

    standing: LowFlow
    low: float
    high: float
    to_circuit: Annotated[EcmoRangeOut | None, Meta(description="Minutes from now until flow; null: a leg is unknown.")]
    legs: list[LegOut]


class CentreWaysOut(msgspec.Struct, frozen=True):
    """Both ways of one centre."""

    hospital_id: UUID
    road_km: Annotated[float | None, Meta(description="By road to the centre; null: none leads, or not known.")]
    to_cannulator: Annotated[WayOut, Meta(description="The patient is brought to the centre.")]
    to_patient: Annotated[WayOut, Meta(description="The team comes to the patient.")]


class WaysOut(msgspec.Struct, frozen=True):
    """How long until the circuit runs, by centre. Delays neither compressions nor transport nor a call."""

    at: datetime
    limit_min: Annotated[float, Meta(description="Minutes from arrest to flow, of E-CPR.")]
    applies: bool
    centres: list[CentreWaysOut]
    rules: list[EcmoRuleOut]


RULE: Final[dict[str, Any]] = {
    "name": "criteria",
    "version": "1",
    "source": "Intensive Care Medicine 2020;46:2464 table 1",
    "signed_off_by": "",
    "needs_sign_off": True,
}
ASSESSMENT: Final[dict[str, Any]] = {
    "at": "2026-11-27T11:12:24Z",
    "mode": "vv",
    "advice": "discuss",
    "direct": False,
    "scores": [
        {
            "name": "resp",
            "not_scored": None,
            "low": 2.0,
            "high": 6.0,
            "complete": False,
            "points": [
                {"item": "age", "low": 0, "high": 0, "known": True},
                {"item": "pip", "low": -1, "high": 0, "known": False},
            ],
            "worst": {"name": "III", "survival": 57, "lowest": -1.0},
            "best": {"name": "I", "survival": 92, "lowest": 6.0},
            "mean": False,
            "constant": 0,
            "least": -22.0,
            "most": 15.0,
            "classes": [{"name": "I", "survival": 92, "lowest": 6.0}, {"name": "III", "survival": 57, "lowest": -1.0}],
        },
        {
            "name": "save",
            "not_scored": "other_mode",
            "low": None,
            "high": None,
            "complete": False,
            "points": [],
            "worst": None,
            "best": None,
            "mean": False,
            "constant": -6,
            "least": -35.0,
            "most": 17.0,
            "classes": [],
        },
    ],
    "news2": {"not_scored": None, "low": 7, "high": 10, "level": "emergency", "missing": ["temperature"]},
    "pf_ratio": {"low": 62.0, "high": 62.0},
    "compliance": 22.4,
    "criteria": [{"id": "vv_pf_80", "weight": "indication", "standing": "met"}],
    "missing": ["pip"],
    "low_flow_applies": True,
    "rules": [RULE],
}
WAY: Final[dict[str, Any]] = {
    "standing": "possible",
    "low": 41.0,
    "high": 66.0,
    "to_circuit": {"low": 29.0, "high": 54.0},
    "legs": [
        {"name": "elapsed", "basis": "measured", "low": 12.0, "high": 12.0},
        {"name": "road", "basis": "road", "low": 7.2, "high": 10.4},
    ],
}
