"""What a hospital can tell of a patient later, and how it is made nobody's."""

from __future__ import annotations

import pytest

from dispatch.kernel.errors import Invalid
from dispatch.receiving.rules_outcomes import OUTCOME_FORMS, age_band, check_outcome


def test_every_list_is_whole_and_awaits_a_medical_director() -> None:
    named = [*OUTCOME_FORMS.dispositions.values(), *OUTCOME_FORMS.diagnoses.values()]
    assert all(one.zh and one.en and one.ug for one in named)
    for code in OUTCOME_FORMS.diagnoses:
        check_outcome("ward", code)
    assert not OUTCOME_FORMS.signed_off_by


@pytest.mark.parametrize(
    ("disposition", "diagnosis", "code"),
    [("home", None, "outcome.disposition"), ("ward", "heart", "outcome.code"), ("ward", "I21.", "outcome.code")],
)
def test_what_is_no_outcome_is_refused(disposition: str, diagnosis: str | None, code: str) -> None:
    with pytest.raises(Invalid) as told:
        check_outcome(disposition, diagnosis)
    assert told.value.code == code


@pytest.mark.parametrize(("age", "band"), [(None, None), (0, "0-9"), (59, "50-59"), (60, "60-69"), (103, "90+")])
def test_an_age_is_told_in_ten_years(age: int | None, band: str | None) -> None:
    assert age_band(age) == band
