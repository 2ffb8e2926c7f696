from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from factories.patience import SOAK
from hypothesis import given
from hypothesis import strategies as st

from dispatch.ecmo.rules_points import SCORES, Answer, Bands, Options, Score
from dispatch.ecmo.rules_scores import compliance, not_scored, pf_ratio, score
from dispatch.ecmo.states import Mode, NotScored, ScoreName
from dispatch.kernel.errors import Invalid

# Written a second time from the published tables: of each item, answers and their points.
NO_YES = (False, True)
RESP: Mapping[str, Sequence[tuple[Answer, int]]] = {
    "age": [(18, 0), (49, 0), (50, -2), (59, -2), (60, -3), (90, -3)],
    "immunocompromised": [(False, 0), (True, -2)],
    "ventilated": [(0, 3), (47.9, 3), (48, 1), (168, 1), (168.1, 0)],
    "diagnosis": [("viral_pneumonia", 3), ("bacterial_pneumonia", 3), ("asthma", 11), ("trauma_or_burn", 3),
                  ("aspiration", 5), ("other_acute", 1), ("chronic_or_none", 0)],
    "cns_dysfunction": [(False, 0), (True, -7)],
    "other_infection": [(False, 0), (True, -3)],
    "neuromuscular_blockade": [(False, 0), (True, 1)],
    "nitric_oxide": [(False, 0), (True, -1)],
    "bicarbonate": [(False, 0), (True, -2)],
    "cardiac_arrest": [(False, 0), (True, -2)],
    "paco2": [(74.9, 0), (75, -1)],
    "pip": [(41.9, 0), (42, -1)],
}  # fmt: skip
SAVE: Mapping[str, Sequence[tuple[Answer, int]]] = {
    "age": [(18, 7), (38, 7), (39, 4), (52, 4), (53, 3), (62, 3), (63, 0)],
    "weight": [(64.9, 1), (65, 2), (89, 2), (90, 0)],
    "diagnoses": [((), 0), (("myocarditis",), 3), (("refractory_vt_vf",), 2), (("transplant",), 3),
                  (("congenital",), -3), (("myocarditis", "refractory_vt_vf"), 5),
                  (("myocarditis", "refractory_vt_vf", "transplant"), 8)],
    "organ_failures": [((), 0), (("liver",), -3), (("liver", "cns"), -6), (("liver", "cns", "renal"), -9)],
    "chronic_renal_failure": [(False, 0), (True, -6)],
    "intubated": [(0, 0), (10, 0), (11, -2), (29, -2), (30, -4)],
    "pip": [(20, 3), (20.1, 0)],
    "cardiac_arrest": [(False, 0), (True, -2)],
    "diastolic": [(39, 0), (40, 3)],
    "pulse_pressure": [(20, -2), (21, 0)],
    "bicarbonate_level": [(15, -3), (15.1, 0)],
}  # fmt: skip
MURRAY: Mapping[str, Sequence[tuple[Answer, int]]] = {
    "quadrants": [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)],
    "pf_ratio": [(300, 0), (299, 1), (225, 1), (224, 2), (175, 2), (174, 3), (100, 3), (99, 4)],
    "peep": [(5, 0), (6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (14, 3), (15, 4)],
    "compliance": [(80, 0), (79, 1), (60, 1), (59, 2), (40, 2), (39, 3), (20, 3), (19, 4)],
}
TABLES = {ScoreName.RESP: (RESP, 0), ScoreName.SAVE: (SAVE, -6), ScoreName.MURRAY: (MURRAY, 0)}


def one_of_each(chart: Mapping[str, Sequence[tuple[Answer, int]]]) -> list[list[tuple[str, Answer, int]]]:
    """Of each item one answer for each number of points."""
    return [
        [(name, answer, points) for points, answer in {points: answer for answer, points in rows}.items()]
        for name, rows in chart.items()
    ]


@pytest.mark.parametrize("name", TABLES)
def test_every_answer_scores_as_the_published_table_says(name: ScoreName) -> None:
    chart, _ = TABLES[name]
    assert set(chart) == set(SCORES[name].items)
    for item, rows in chart.items():
        for answer, points in rows:
            assert SCORES[name].items[item].points(answer) == points, (item, answer)
        given_points = {points for _, points in rows}
        assert given_points >= (set() if item == "diagnoses" else SCORES[name].items[item].all())


@pytest.mark.parametrize("name", TABLES)
def test_every_combination_adds_up_and_lies_within_the_published_range(name: ScoreName) -> None:
    chart, constant = TABLES[name]
    every = itertools.product(*one_of_each(chart))
    for row in every if SOAK or name is not ScoreName.SAVE else itertools.islice(every, 0, None, 31):
        found = SCORES[name].score({item: answer for item, answer, _ in row})
        total = constant + sum(points for _, _, points in row)
        assert found.complete
        assert found.low == found.high == (total / 4 if name is ScoreName.MURRAY else total)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [(ScoreName.RESP, -22, 15), (ScoreName.SAVE, -35, 17), (ScoreName.MURRAY, 0, 4), (ScoreName.GCS, 3, 15)],
)
def test_the_ranges_are_those_of_the_papers(name: ScoreName, lowest: int, highest: int) -> None:
    assert (SCORES[name].lowest, SCORES[name].highest) == (lowest, highest)
    nothing = SCORES[name].score({})
    assert (nothing.low, nothing.high, nothing.complete) == (lowest, highest, False)


@pytest.mark.parametrize(
    ("name", "score_told", "label", "survival"),
    [
        (ScoreName.RESP, 6, "I", 92), (ScoreName.RESP, 5, "II", 76), (ScoreName.RESP, 3, "II", 76),
        (ScoreName.RESP, 2, "III", 57), (ScoreName.RESP, -1, "III", 57), (ScoreName.RESP, -2, "IV", 33),
        (ScoreName.RESP, -5, "IV", 33), (ScoreName.RESP, -6, "V", 18), (ScoreName.RESP, -22, "V", 18),
        (ScoreName.SAVE, 6, "I", 75), (ScoreName.SAVE, 5, "II", 58), (ScoreName.SAVE, 1, "II", 58),
        (ScoreName.SAVE, 0, "III", 42), (ScoreName.SAVE, -4, "III", 42), (ScoreName.SAVE, -5, "IV", 30),
        (ScoreName.SAVE, -9, "IV", 30), (ScoreName.SAVE, -10, "V", 18), (ScoreName.SAVE, -35, "V", 18),
        (ScoreName.MURRAY, 0, "none", 0), (ScoreName.MURRAY, 2.5, "mild_to_moderate", 0),
        (ScoreName.MURRAY, 2.75, "severe", 0),
    ],
)  # fmt: skip
def test_classes_begin_where_the_papers_say(name: ScoreName, score_told: float, label: str, survival: int) -> None:
    found = SCORES[name].class_of(score_told)
    assert found is not None
    assert (found.name, found.survival) == (label, survival)


def test_a_worked_case_with_two_unknown_items_is_told_as_bounds() -> None:
    """A man of 46 with influenza: 31 h ventilated (+3), viral (+3), blocked (+1), PaCO2 78 (-1); two items unknown."""
    known: dict[str, Answer] = {
        "age": 46, "immunocompromised": False, "ventilated": 31, "diagnosis": "viral_pneumonia", "paco2": 78,
        "cns_dysfunction": False, "neuromuscular_blockade": True, "nitric_oxide": False, "bicarbonate": False,
        "cardiac_arrest": False,
    }  # fmt: skip
    found = SCORES[ScoreName.RESP].score(known)
    assert (found.low, found.high) == (2, 6)
    assert found.missing == {"other_infection": (-3, 0), "pip": (-1, 0)}
    assert found.worst is not None
    assert found.best is not None
    assert (found.worst.name, found.best.name) == ("III", "I")


@given(
    name=st.sampled_from(sorted(TABLES)),
    data=st.data(),
)
def test_more_known_never_widens_the_bounds(name: ScoreName, data: st.DataObject) -> None:
    chart, _ = TABLES[name]
    answers = {item: data.draw(st.sampled_from(rows))[0] for item, rows in chart.items()}
    some = data.draw(st.sets(st.sampled_from(sorted(answers))))
    fewer = data.draw(st.sets(st.sampled_from(sorted(some)))) if some else set()
    wide, narrow, whole = (
        SCORES[name].score({item: answers[item] for item in items}) for items in (fewer, some, set(answers))
    )
    assert wide.low <= narrow.low <= whole.low == whole.high <= narrow.high <= wide.high


@pytest.mark.parametrize(
    ("name", "mode", "age", "pregnant", "reason"),
    [
        (ScoreName.RESP, Mode.VV, 18, False, None),
        (ScoreName.RESP, Mode.VA, 40, False, NotScored.OTHER_MODE),
        (ScoreName.RESP, Mode.ECPR, 40, False, NotScored.OTHER_MODE),
        (ScoreName.SAVE, Mode.VA, 40, False, None),
        (ScoreName.SAVE, Mode.ECPR, 40, False, NotScored.OTHER_MODE),
        (ScoreName.RESP, Mode.VV, 17, False, NotScored.CHILD),
        (ScoreName.MURRAY, Mode.VV, 40, True, NotScored.PREGNANT),
        (ScoreName.MURRAY, Mode.VA, 40, False, None),
        (ScoreName.RESP, Mode.VV, None, False, NotScored.AGE_UNKNOWN),
        (ScoreName.GCS, Mode.ECPR, 3, False, None),
    ],
)
def test_who_is_scored(name: ScoreName, mode: Mode, age: int | None, pregnant: bool, reason: NotScored | None) -> None:
    assert not_scored(name, mode, age, pregnant=pregnant) is reason
    told = score(name, {}, mode=mode, age_years=age, pregnant=pregnant)
    assert told is reason if reason else isinstance(told, Score)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"height": 172}, "ecmo.item"),
        ({"age": 17}, "ecmo.value"),
        ({"age": 400}, "ecmo.value"),
        ({"age": float("nan")}, "ecmo.value"),
        ({"age": True}, "ecmo.value"),
        ({"age": "46"}, "ecmo.value"),
        ({"cns_dysfunction": 1}, "ecmo.value"),
        ({"diagnosis": "flu"}, "ecmo.value"),
        ({"diagnosis": True}, "ecmo.value"),
    ],
)
def test_what_cannot_be_entered_is_refused_with_its_item(answers: dict[str, Answer], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        SCORES[ScoreName.RESP].score(answers)
    assert refused.value.code == code
    assert next(iter(answers)) in refused.value.message


def test_one_diagnosis_named_twice_counts_once() -> None:
    item = SCORES[ScoreName.SAVE].items["diagnoses"]
    assert isinstance(item, Options)
    assert item.points(("myocarditis", "myocarditis")) == 3


def test_single_values() -> None:
    assert pf_ratio(62, 100) == 62
    assert pf_ratio(90, 21) == pytest.approx(428.57, abs=0.01)
    assert compliance(380, 31, 14) == pytest.approx(22.35, abs=0.01)
    for fio2 in (20, 101, float("nan")):
        with pytest.raises(Invalid):
            pf_ratio(90, fio2)
    with pytest.raises(Invalid):
        compliance(380, 14, 14)


def test_every_table_names_source_range_and_that_it_awaits_its_physician() -> None:
    for table in SCORES.values():
        assert table.source
        assert table.version
        assert table.signed_off_by == ""
        for item in table.items.values():
            if isinstance(item, Bands):
                assert item.unit
                assert item.low < item.high
