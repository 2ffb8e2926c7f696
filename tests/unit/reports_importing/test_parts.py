"""A file of any length is put together in parts: the memory of one, the outcome of all."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from factories.foreign_records import Centre

from dispatch.reports.importing import service_import, service_parts
from dispatch.reports.importing.rules_records import records_of
from dispatch.reports.importing.states import Outcome


def test_a_file_of_any_length_is_put_together_in_parts_and_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are the same, contradict, and change what was held lie in different parts of the file."""
    lines = [
        f"{n},{unit},120,2026-03-{1 + n % 28:02} {n % 24:02}:00:00,,2026-03-{1 + n % 28:02} {n % 24:02}:09:00,\n"
        for n in range(90)
        for unit in "AB"
    ]
    longer = [*lines[40:], *lines[60:70], lines[80].replace("120", "兵团"), *(f"x{line}" for line in lines[:20])]
    changed = [line.replace(":09:00", ":10:00") if place < 5 else line for place, line in enumerate(longer)]

    def brought(name: str) -> tuple[Centre, list[Outcome]]:
        centre = Centre(tmp_path / name)
        centre.folder.mkdir()
        return centre, [centre.bring("".join(lines)), centre.bring("".join(changed))]

    whole, told = brought("whole")
    heights: list[int] = []

    def noted(rows: pl.LazyFrame, name: str) -> dict[str, pl.LazyFrame]:
        heights.append(rows.select(pl.len()).collect().item())
        return records_of(rows, name)

    monkeypatch.setattr(service_import, "records_of", noted)
    monkeypatch.setattr(service_parts, "ROWS", 10)
    parted, found = brought("parted")
    assert found == told
    second = found[1]
    assert (second.imported, second.repeated, second.quarantined) == (160, 10, 1)
    assert (second.added, second.changed, second.unchanged) == (20, 5, 175)
    assert parted.aside() == whole.aside()
    for frame, key in (("calls", "call_id"), ("incidents", "incident_id"), ("runs", "run_id")):
        mine, theirs = ({row[key]: row for row in one.frame(frame)} for one in (parted, whole))
        assert len(mine) == len(parted.frame(frame))
        assert mine == theirs
    # Never all of it at once, and each part is told.
    assert sum(heights) == 180 + 200
    assert max(heights) < 60
    assert len(set(parted.steps)) > 2 * len(set(whole.steps))
    assert parted.steps[-1] == 1.0
    assert not list(parted.store.folder.rglob("*.arrows"))
