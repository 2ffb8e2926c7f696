"""Rows of hospitals.csv become records."""

from __future__ import annotations

import pytest
from factories.fleet import HOSPITAL, table

from dispatch.hospitals.rules_columns import HOSPITALS, hospital_records
from dispatch.hospitals.states import CAPABILITY_WORDS, LEVEL_WORDS, HospitalCapability, Level
from dispatch.kernel.findings import Findings
from dispatch.kernel.sheets import template
from dispatch.kernel.tabular import read_table
from dispatch.kernel.workbooks import template_xlsx


def test_a_hospital() -> None:
    (record,) = hospital_records(table(HOSPITAL), Findings())
    assert (record["level"], record["capabilities"], record["beds"]) == ("3A", ["emergency", "ecmo"], 800)


@pytest.mark.parametrize(("column", "value"), [("level", "四级"), ("capabilities", "chest-pains"), ("beds", "-1")])
def test_faults_are_told_by_column(column: str, value: str) -> None:
    findings = Findings()
    hospital_records(table(HOSPITAL | {column: value}), findings)
    assert [(error.row, error.column) for error in findings.errors] == [(2, column)]


@pytest.mark.parametrize("data", [template(HOSPITALS).encode(), template_xlsx(HOSPITALS)])
def test_the_template_is_good(data: bytes) -> None:
    findings = Findings()
    assert len(hospital_records(read_table(data), findings)) == 1
    assert (findings.errors, findings.warnings) == ((), ())


def test_every_word_stands_for_something_that_the_database_knows() -> None:
    assert set(LEVEL_WORDS.values()) == set(Level)
    assert set(CAPABILITY_WORDS.values()) == set(HospitalCapability)
    assert LEVEL_WORDS["二级丙等"] == "2C"
    assert "一级特等" not in LEVEL_WORDS
    assert all(word == word.casefold() for word in [*LEVEL_WORDS, *CAPABILITY_WORDS])
