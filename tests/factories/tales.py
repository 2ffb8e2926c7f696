"""Lines of the journal as the record table reads them, told as a person would, and the table that they make."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import polars as pl
from factories.records import MONDAY

from dispatch.reports.rules_fleet import Change, fleet_history
from dispatch.reports.rules_fold import Beside, Context, fold
from dispatch.reports.rules_lines import FAMILIES
from dispatch.reports.rules_schema import FRAMES, empty
from dispatch.units.events_imports import UnitDescribed

FLEET: Final = {
    "u-civil": ("示例-001", "als", "AB", "civil", "ST-1"),
    "u-corps": ("示例-002", "basic", "B", "corps", "ST-2"),
}
_DESCRIBED: Final = {
    unit: UnitDescribed(sign, kind, "", system, system, station, able)
    for unit, (sign, kind, able, system, station) in FLEET.items()
}
_AREAS: Final = {"urban": "c1", "rural": "c2"}


class Tale:
    """What happened, a line each. Times are seconds after Monday 00:00, Beijing."""

    def __init__(self) -> None:
        self.lines: dict[str, list[dict[str, Any]]] = {name: [] for name in FAMILIES}
        self.places: list[dict[str, Any]] = []
        self.refits: list[Change] = []
        self.seq = 0

    def tell(self, family: str, kind: str, at: float, subject: str, /, **told: object) -> None:
        self.seq += 1
        moment = MONDAY + timedelta(seconds=at)
        self.lines[family].append(
            {"seq": self.seq, "type": kind, "occurred_at": moment, "subject": subject, "actor": "person:p-1", **told}
        )

    def call(
        self, key: str, rings: float, answered: float | None, incident: str | None = None, link: str = "first"
    ) -> None:
        t0 = MONDAY + timedelta(seconds=rings)
        told = {"t0": t0, "t0_source": "exchange"}
        self.tell("calls", "call.recorded", rings, key, origin="exchange", state="ringing", **told)
        if answered is not None:
            moment = MONDAY + timedelta(seconds=answered)
            self.tell("calls", "call.signalled", answered, key, state="answered", answered_at=moment, **told)
        if incident is not None:
            self.tell(
                "incidents", "incident.call_linked", (answered or rings) + 1, incident, call_id=key, kind=link, **told
            )

    def incident(
        self, key: str, rings: float, answered: float, *, priority: str = "P2", ground: str = "urban", needs: str = "B",
        complaint: str = "K03", owner: str = "civil",
    ) -> None:  # fmt: skip
        t0 = MONDAY + timedelta(seconds=rings)
        self.tell(
            "incidents", "incident.opened", answered + 2, key, number=key, t0=t0, t0_source="exchange",
            priority=priority, complaint=complaint, capabilities=needs,
        )  # fmt: skip
        self.call(f"call-{key}", rings, answered, key)
        self.places.append(
            {
                "incident_id": key, "lat": 41.2, "lon": 80.3, "ground": ground, "county": _AREAS[ground],
                "area_organisation": owner, "area_system": owner,
            }
        )  # fmt: skip

    def send(
        self, run: str, incident: str, at: float, unit: str = "u-civil", *, planned_s: float | None = None
    ) -> None:
        moment = MONDAY + timedelta(seconds=at)
        self.tell(
            "runs", "assignment.made", at, unit, run_id=run, incident_id=incident, unit_id=unit, at=moment,
            priority="P2", source="dispatcher", organisation=FLEET[unit][3], planned_s=planned_s, overridden=False,
        )  # fmt: skip

    def status(
        self, run: str | None, status: str, at: float, unit: str = "u-civil", *, source: str = "crew", **told: object
    ) -> str:
        entry = f"entry-{self.seq}"
        self.tell(
            "entries", "unit.status_changed", at, unit, run_id=run, unit_id=unit, entry_id=entry, status=status,
            at=MONDAY + timedelta(seconds=at), source=source, organisation=FLEET[unit][3], **told,
        )  # fmt: skip
        return entry

    def end(self, run: str, at: float, unit: str = "u-civil", reason: str = "completed") -> None:
        moment = MONDAY + timedelta(seconds=at)
        self.tell("runs", "assignment.ended", at, unit, run_id=run, unit_id=unit, at=moment, reason=reason)

    def close(self, incident: str, at: float) -> None:
        self.tell("incidents", "incident.state_changed", at, incident, state="closed")

    def ride(self, run: str, incident: str, unit: str, times: dict[str, float]) -> None:
        """A whole run: t3, then statuses by their names in order, and `free` at its end."""
        self.send(run, incident, times["t3"], unit)
        for status, at in times.items():
            if status not in ("t3", "free"):
                self.status(run, status, at, unit)
        self.status(None, "at_station", times["free"], unit)
        self.end(run, times["free"], unit)

    def refit(self, unit: str, at: float, **told: str) -> None:
        """A vehicle is another one from then on. told: fields of `UnitDescribed`."""
        before = next((one.after for one in reversed(self.refits) if one.unit_id == unit), _DESCRIBED[unit])
        assert before is not None
        self.refits.append(Change(unit, MONDAY + timedelta(seconds=at), before, replace(before, **told)))

    def shuffled(self, seed: int) -> Tale:
        """The same tale, entered in another order."""
        numbers = list(range(1, self.seq + 1))
        random.Random(seed).shuffle(numbers)
        other = Tale()
        other.places, other.refits, other.seq = self.places, self.refits, self.seq
        other.lines = {
            name: sorted(({**line, "seq": numbers[line["seq"] - 1]} for line in lines), key=lambda line: line["seq"])
            for name, lines in self.lines.items()
        }
        return other

    def read(self, until: int | None = None) -> dict[str, pl.LazyFrame]:
        """Its lines as they are read, by family; only those up to a number."""
        told = {
            name: pl.DataFrame(self.lines[name], schema=family.schema()).with_columns(family.share()).lazy()
            for name, family in FAMILIES.items()
        }
        return told if until is None else {name: rows.filter(pl.col("seq") <= until) for name, rows in told.items()}

    def context(self, refits: int | None = None) -> Context:
        """The fleet, by so many of its first changes (None: all), and where incidents are."""
        fleet = fleet_history(_DESCRIBED, self.refits[:refits])
        kinds = dict.fromkeys(("ground", "county", "area_organisation", "area_system"), pl.Categorical)
        areas = pl.DataFrame(
            self.places, schema={"incident_id": pl.String, "lat": pl.Float64, "lon": pl.Float64, **kinds}
        )
        return Context(fleet, areas)

    def record(self) -> dict[str, pl.LazyFrame]:
        """The record table of it."""
        return folded(self.read(), self.context())[0]


def folded(lines: dict[str, pl.LazyFrame], context: Context) -> tuple[dict[str, pl.LazyFrame], Beside]:
    """The record table of lines, all folded, and what it was made with."""
    parts: dict[str, list[pl.DataFrame]] = {name: [empty(name)] for name in FRAMES}
    beside = fold(
        lines, context, lambda name, rows: parts[name].append(rows), lambda name: pl.concat(parts[name]).lazy()
    )
    return {name: pl.concat(rows).lazy() for name, rows in parts.items()}, beside
