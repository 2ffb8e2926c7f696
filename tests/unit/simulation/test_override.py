"""Whom a simulated dispatcher sends who thinks that he knows better."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from factories.simulation import START, a_setting

from dispatch.simulation.rules_desk import Case, recommended
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.rules_news import Choice, Recommended
from dispatch.simulation.states import CaseStep


@pytest.mark.parametrize(("second_s", "sent"), [(420.0, "second"), (601.0, "first"), (None, "first")])
def test_who_knows_better_sends_the_second_only_if_it_is_nearly_as_soon(second_s: float | None, sent: str) -> None:
    setting = a_setting(figures=replace(INVENTED, dispatcher=replace(INVENTED.dispatcher, overrides=1.0)))
    case = Case(UUID(int=1), "2026-000001", "0-9-001", CaseStep.RECOMMENDING, None, 1)
    offered = (Choice("first", 300.0), Choice("second", second_s))
    seen = recommended(setting, case, Recommended(case.incident_id, UUID(int=2), offered), START)
    assert seen.choices[0].call_sign == sent
