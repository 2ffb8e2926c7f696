"""From what was entered to what is told of it: the calculators, and both ways to the circuit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from api.ecmo.schemas_assessment import (
    ClassOut,
    CriterionOut,
    EcmoAssessmentOut,
    EcmoItemOut,
    EcmoRangeOut,
    EcmoRuleOut,
    EcmoScoreOut,
    LegOut,
    News2Out,
    PointsOut,
    WayOut,
)
from dispatch.clinical.rules_news2 import TABLE as NEWS2
from dispatch.clinical.rules_news2 import News2
from dispatch.clinical.states import NoAdult
from dispatch.ecmo import rules_criteria, rules_items, rules_ways
from dispatch.ecmo.rules_case import Case, Entered, judge_case
from dispatch.ecmo.rules_items import ITEMS, Item
from dispatch.ecmo.rules_low_flow import Span
from dispatch.ecmo.rules_points import SCORES, Class, Score
from dispatch.ecmo.rules_ways import Way
from dispatch.ecmo.states import Mode, NotScored, ScoreName
from dispatch.ecmo.states_requests import Indication, Support
from dispatch.ecmo.tables_case import EcmoValue
from dispatch.ecmo.tables_requests import EcmoRequest


def rules_out() -> list[EcmoRuleOut]:
    """All tables in use, with whose figures they are and who signed them off."""
    told = [
        (module.__name__.rpartition("rules_")[2], module.VERSION, module.SOURCE, module.SIGNED_OFF_BY)
        for module in (rules_criteria, rules_items, rules_ways)
    ]
    told += [(str(name), one.version, one.source, one.signed_off_by) for name, one in SCORES.items()]
    told.append(("news2", NEWS2.version, NEWS2.source, NEWS2.signed_off_by))
    return [EcmoRuleOut(*one, needs_sign_off=not one[3]) for one in told]


def item_out(one: Item) -> EcmoItemOut:
    """Tell an item."""
    is_number = one.kind == "number"
    return EcmoItemOut(
        one.name, one.group, one.kind, one.unit, one.low if is_number else None, one.high if is_number else None,
        one.whole, list(one.words), sorted(one.deciding),
    )  # fmt: skip


def newest(rows: Iterable[EcmoValue]) -> dict[str, Entered]:
    """The newest value of each item, of rows by true time, then by entry; what was a mistake is left out."""
    found: dict[str, Entered] = {}
    for row in rows:
        if row.value is None:
            found.pop(row.item, None)
        elif row.item in ITEMS:
            found[row.item] = Entered(ITEMS[row.item].check(row.value), row.at)
    return found


def case_of(row: EcmoRequest, values: Iterable[EcmoValue], now: datetime) -> Case:
    """A request as it is judged."""
    return Case(
        now=now,
        age_years=row.age_years,
        pregnant=row.pregnant is True,
        weight_kg=row.weight_kg,
        indication=None if row.indication is None else Indication(row.indication),
        support=frozenset(map(Support, row.support)),
        values=newest(values),
    )


def assessment_out(mode: Mode, case: Case, low_flow_min: float | None = None) -> EcmoAssessmentOut:
    """Judge a case and tell what came of it."""
    judged = judge_case(mode, case, low_flow_min)
    return EcmoAssessmentOut(
        at=case.now,
        mode=mode,
        advice=judged.assessed.advice,
        direct=judged.assessed.direct,
        scores=[_score(name, one) for name, one in judged.scores.items()],
        news2=_news2(judged.news2),
        pf_ratio=None if judged.pf is None else EcmoRangeOut(judged.pf.low, judged.pf.high),
        compliance=judged.compliance,
        criteria=[
            CriterionOut(name, rules_criteria.CRITERIA[name].weight, standing)
            for name, standing in judged.assessed.standing.items()
        ],
        missing=list(judged.missing),
        low_flow_applies=not case.special,
        rules=rules_out(),
    )


def way_out(way: Way) -> WayOut:
    """Tell one way."""
    told, ahead = way.told, way.to_circuit
    return WayOut(
        told.standing, told.low, told.high, None if ahead is None else EcmoRangeOut(ahead.low, ahead.high),
        [
            LegOut(one.name, one.basis, None if one.span is None else one.span.low, _high(one.span))
            for one in way.legs
        ],
    )  # fmt: skip


def _high(span: Span | None) -> float | None:
    return None if span is None else span.high


def _score(name: ScoreName, one: Score | NotScored) -> EcmoScoreOut:
    table = SCORES[name]
    classes = [_told(each) for each in table.classes]
    if isinstance(one, NotScored):
        return EcmoScoreOut(
            name, one, None, None, complete=False, points=[], worst=None, best=None, mean=table.mean,
            constant=table.constant, least=table.lowest, most=table.highest, classes=classes,
        )  # fmt: skip
    points = [
        PointsOut(item, *_bounds(item, one.points, one.missing), known=item in one.points)
        for item in SCORES[name].items
    ]
    return EcmoScoreOut(
        name, None, one.low, one.high, complete=one.complete, points=points, worst=_class(one.worst),
        best=_class(one.best), mean=table.mean, constant=table.constant, least=table.lowest, most=table.highest,
        classes=classes,
    )  # fmt: skip


def _bounds(item: str, points: Mapping[str, int], missing: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    return (points[item], points[item]) if item in points else missing[item]


def _class(one: Class | None) -> ClassOut | None:
    return None if one is None else _told(one)


def _told(one: Class) -> ClassOut:
    return ClassOut(one.name, one.survival, one.lowest)


def _news2(one: News2 | NoAdult) -> News2Out:
    if isinstance(one, NoAdult):
        return News2Out(one, None, None, None, [])
    return News2Out(None, one.low, one.high, one.level, list(one.missing))
