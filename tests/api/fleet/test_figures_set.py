"""Figures that are set in a file count for the whole service, through HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factories.on_duty import OnDuty, on_duty
from factories.postgres import Scene

pytestmark = pytest.mark.database
FIGURES = """
clock_tolerance_s = 10
[position]
stale_standing_s = 45
label_zh = "旧位置,请核实"
[expected_out_s]
fuel = 60
[assignment]
undo_s = 30
[call_back]
after_s = [20, 40]
"""


@pytest.fixture
async def own(manned_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OnDuty]:
    """The service with figures of its own."""
    file = tmp_path / "figures.toml"
    file.write_text(FIGURES, "utf-8")
    monkeypatch.setenv("TARIM_DISPATCHING_FIGURES", str(file))
    url, filled = manned_scene
    async with on_duty(url, tmp_path, filled=filled) as made:
        yield made


async def test_figures_of_a_file_count_everywhere(own: OnDuty) -> None:
    unit = own.units["阿-01"]
    assert (await own.post(f"fleet/{unit}/position", **own.service.at("F"))).status_code == 200
    own.later(40)
    assert not (await own.row("阿-01"))["position"]["stale"]
    own.later(10)
    position = (await own.row("阿-01"))["position"]
    assert (position["stale"], position["words"]["zh"]) == (True, "旧位置,请核实")
    call = (await own.post("calls")).json()
    assert (await own.post(f"calls/{call['id']}/outcome", outcome="silent")).status_code == 200
    (waits,) = (await own.client.get("/api/call-backs")).json()["call_backs"]
    assert datetime.fromisoformat(waits["due_at"]) - own.clock.now() == timedelta(seconds=20)
    incident = await own.incident()
    offered = (await own.post(f"incidents/{incident}/recommendation")).json()["offers"]
    assert "check by radio" in str(next(one for one in offered if one["call_sign"] == "阿-01"))
    sent = (await own.post(f"incidents/{incident}/assignments", unit_id=str(unit))).json()
    own.later(20)
    assert (await own.post(f"assignments/{sent['id']}/undo")).status_code == 200, "within 30 seconds"
    out = await own.say("阿-02", "out_of_service", reason="fuel")
    end_at = datetime.fromisoformat(out["unit"]["expected_end_at"])
    assert end_at - own.clock.now() == timedelta(seconds=60)
    ahead = (own.clock.now() + timedelta(seconds=15)).isoformat()
    refused = await own.post(
        f"fleet/{own.units['师-07']}/status", status="returning_available", at=ahead, source="voice"
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "time.future")
