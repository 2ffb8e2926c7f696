"""Lines of the journal as the database copies them out: whatever way a time is written, it is read as that moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import polars as pl
import pytest

from dispatch.reports.rules_lines import FAMILIES, PLACES, SHARE, read_lines

_WHOLE: Final = datetime(2026, 11, 28, 8, 0, 30, tzinfo=UTC)
_PARTS: Final = datetime(2026, 11, 28, 8, 0, 30, 123_456, tzinfo=UTC)


def _line(family: str, seq: int, occurred_at: str, *told: str) -> str:
    head = [family, str(seq), "any", occurred_at, "u-1", "示例", "person:p-1"]
    return ",".join([*head, *told, *[""] * (PLACES - len(told))])


def _run(seq: int, occurred_at: str, at: str) -> str:
    return _line("runs", seq, occurred_at, "r-1", "", "", "", "", at)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (("2026-11-28 08:00:30+00", "2026-11-28T08:00:30Z"), _WHOLE),
        (("2026-11-28 08:00:30+00", "2026-11-28T08:00:30+00:00"), _WHOLE),
        (("2026-11-28 08:00:30.123456+00", "2026-11-28T08:00:30.123456Z"), _PARTS),
        (("2026-11-28 08:00:30.123456+00", "2026-11-28T08:00:30.123456+00:00"), _PARTS),
        (("2026-11-28 16:00:30.123456+08", "2026-11-28T16:00:30.123456+08:00"), _PARTS),
        (("2026-11-28 16:00:30+08", "2026-11-28T13:30:30+05:30"), _WHOLE),
    ],
)
def test_times_are_read_as_they_are_written(written: tuple[str, str], moment: datetime) -> None:
    alone = read_lines(_run(1, *written).encode())["runs"].row(0, named=True)
    assert (alone["occurred_at"], alone["at"]) == (moment, moment)
    # Beside others, written in other ways.
    others = [("2026-11-28 08:00:30+00", "2026-11-28T08:00:30Z"), ("2026-11-28 08:00:30.5+00", "")]
    told = "\n".join(_run(seq, *times) for seq, times in enumerate([written, *others], 1))
    beside = read_lines(told.encode())["runs"].sort("seq")
    half = _WHOLE.replace(microsecond=500_000)
    assert beside["occurred_at"].to_list() == [moment, _WHOLE, half]
    assert beside["at"].to_list() == [moment, _WHOLE, None]


def test_lines_lie_by_share_and_every_family_is_there() -> None:
    told = [_line("entries", seq, "", run) for seq, run in enumerate(("", "b", "a", "b"), 1)]
    read = read_lines("\n".join(told).encode())
    assert read["entries"].select("seq", SHARE).rows() == [(1, None), (3, "a"), (2, "b"), (4, "b")]
    for text in (b"", "\n".join(told).encode()):
        assert {name: rows.schema for name, rows in read_lines(text).items()} == {
            name: pl.Schema(family.schema()) for name, family in FAMILIES.items()
        }
