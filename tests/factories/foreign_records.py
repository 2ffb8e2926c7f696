"""Records of another centre, and a region's record table that they are imported into."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dispatch.reports.importing.rules_mapping import read_mapping
from dispatch.reports.importing.service_import import import_file
from dispatch.reports.importing.states import Outcome
from dispatch.reports.service_store import RecordStore

NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
HEAD = "Run,Unit,Kind,Given,Sent,There,Place"
MAPPING = """
name = "old-centre"
title = "The old centre"
zone = "Asia/Shanghai"
formats = ["%Y-%m-%d %H:%M:%S"]
row = "unit"
key = ["Run", "Unit"]
incident = "Run"
earliest = 2000-01-01
[times]
t0 = "Given"
t3 = "Sent"
t6 = "There"
[columns]
unit = "Unit"
unit_type = "Kind"
point = "Place"
[organisation]
column = "Kind"
values = { "兵团" = "division" }
default = "prefecture"
[[watch]]
code = "strange_kind"
column = "Kind"
outside = ["120", "兵团"]
"""
GOOD = (
    "1,A,120,2026-03-01 10:00:00,2026-03-01 10:01:00,2026-03-01 10:09:00,41.1 80.2\n"
    '1,B,兵团,2026-03-01 10:00:05,2026-03-01 10:01:30,2026-03-01 10:07:00,"(41.1, 80.2)"\n'
    "2,A,救护,2026-03-01 23:59:00,2026-03-02 00:01:00,,\n"
)


class Centre:
    """One region's record table and the files that are imported into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = RecordStore(folder / "home", "aksu")
        self.quarantine = folder / "aside.csv"
        self.steps: list[float] = []

    def bring(self, rows: str | bytes | Path, mapping: str = MAPPING, *, dry_run: bool = False) -> Outcome:
        file = self.folder / "calls.csv"
        if isinstance(rows, Path):
            file = rows
        else:
            file.write_bytes(rows if isinstance(rows, bytes) else f"{HEAD}\n{rows}".encode())
        return import_file(
            self.store, file, read_mapping(mapping),
            now=NOW, quarantine=self.quarantine, step=lambda _, share: self.steps.append(share), dry_run=dry_run,
        )  # fmt: skip

    def frame(self, name: str) -> list[dict[str, Any]]:
        return self.store.scan(name).collect().to_dicts()

    def aside(self) -> list[dict[str, str]]:
        with self.quarantine.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
