"""Folding only what is new gives the record table that folding all gives, whatever came and in which order."""

from __future__ import annotations

import dataclasses
import random
from typing import Final

import polars as pl
import pytest
from factories.patience import times
from factories.tales import FLEET, Tale, folded
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from dispatch.reports import rules_refold
from dispatch.reports.rules_fold import Context
from dispatch.reports.rules_refold import KEYS, Before, refold
from dispatch.reports.rules_schema import FRAMES

_UNITS: Final = list(FLEET)


Entries = list[tuple[str, str]]


def _tale(draw: random.Random, incidents: int) -> Tale:
    """Incidents of an hour or so each on two vehicles: whatever may befall them does, to some."""
    tale, entries = Tale(), Entries()
    for number in range(incidents):
        key, t = f"i-{number}", draw.randrange(0, 40_000)
        tale.incident(key, t, t + 6, ground=draw.choice(("urban", "rural")))
        for turn in range(draw.choice((0, 1, 1, 2))):
            entries += _run(tale, draw, f"r-{number}-{turn}", key, t + 60 + 900 * turn)
        if number:
            _mingle(tale, draw, key, f"i-{draw.randrange(number)}", t)
        if draw.random() < 0.5:
            tale.tell("patients", "patient.added", t + 700, f"p-{number}", incident_id=key, ordinal=1)
        if draw.random() < 0.2:
            tale.tell("patients", "patient.merged", t + 800, f"p-{number}", incident_id=key, kept_id="p-0")
        if draw.random() < 0.6:
            tale.close(key, t + 4_000)
    for wrong, unit in draw.sample(entries, len(entries) // 4):
        _correct(tale, draw, wrong, unit)
    return tale


def _run(tale: Tale, draw: random.Random, run: str, incident: str, begun: int) -> Entries:
    """A run, of which some words are missing; its entries, and whose they are."""
    unit = draw.choice(_UNITS)
    told: Entries = []
    tale.send(run, incident, begun, unit)
    for place, status in enumerate(("en_route", "on_scene", "transporting", "at_hospital")):
        if draw.random() < 0.8:
            told.append((tale.status(run, status, begun + 100 + 300 * place, unit), unit))
    if draw.random() < 0.8:
        told.append((tale.status(None, "at_station", begun + draw.randrange(1_000, 4_000), unit), unit))
    if draw.random() < 0.8:
        tale.end(run, begun + draw.randrange(200, 3_000), unit, draw.choice(("completed", "undone")))
    if draw.random() < 0.2:
        tale.tell("runs", "assignment.override_explained", begun + 1, unit, run_id=run, reason="nearer")
    return told


def _mingle(tale: Tale, draw: random.Random, key: str, other: str, t: int) -> None:
    """It may be a duplicate of another, or its call may belong to that."""
    if draw.random() < 0.2:
        tale.tell("incidents", "incident.cancelled", t + 99, key, reason="duplicate", duplicate_of=other)
    if draw.random() < 0.3:
        tale.tell("incidents", "incident.call_unlinked", t + 50, key, call_id=f"call-{key}")
        tale.tell("incidents", "incident.call_linked", t + 51, other, call_id=f"call-{key}", kind="linked")


def _correct(tale: Tale, draw: random.Random, wrong: str, unit: str) -> None:
    """A correction, which names no run, and may be corrected itself."""
    for _ in range(draw.choice((1, 1, 2))):
        status, at = draw.choice(("on_scene", "at_station")), draw.randrange(0, 45_000)
        wrong = tale.status(None, status, at, unit, corrects=wrong, effect="correction")
        tale.lines["entries"][-1]["type"] = "unit.status_corrected"


def _same(told: dict[str, pl.LazyFrame], expected: dict[str, pl.LazyFrame]) -> None:
    for frame in FRAMES:
        mine, theirs = (rows[frame].collect().sort(KEYS[frame]) for rows in (told, expected))
        assert_frame_equal(mine, theirs, categorical_as_str=True)


@pytest.mark.soak
@given(st.integers(0, 2**32), st.integers(1, 9), st.booleans())
@settings(max_examples=times(8, 400), deadline=None)
def test_step_by_step_is_the_same_as_at_once(seed: int, incidents: int, shuffled: bool) -> None:
    draw = random.Random(seed)
    tale = _tale(draw, incidents)
    if shuffled:
        tale = tale.shuffled(seed)
    for at in sorted(draw.randrange(45_000) for _ in range(draw.randrange(1, 5))):
        tale.refit(draw.choice(_UNITS), at, station=f"ST-{draw.randrange(4)}")
    whole = tale.context(0)
    cuts = sorted({*(draw.randrange(tale.seq + 1) for _ in range(3)), tale.seq})
    # At the end nothing but the fleet's last change is new.
    changes = [draw.randrange(len(tale.refits)) for _ in cuts] + [len(tale.refits)]
    seq, context = 0, Context(whole.fleet.head(1), whole.areas.head(0))
    frames, beside = folded(tale.read(0), context)
    for cut, change in zip([*cuts, tale.seq], changes, strict=True):
        before = Before(seq, frames, context, beside)
        # Tables change too, and the fleet: a place becomes known or is erased, a vehicle gets another station.
        areas = whole.areas.filter(
            pl.Series([draw.random() < 0.8 for _ in range(whole.areas.height)], dtype=pl.Boolean)
        )
        context = Context(tale.context(change).fleet, areas)
        again = refold(tale.read(cut), context, before)
        assert again is not None
        frames = {frame: again.merged(before, frame).collect().lazy() for frame in FRAMES}
        beside, seq = again.beside, cut
        expected, made_with = folded(tale.read(cut), context)
        _same(frames, expected)
        assert_frame_equal(beside.ends.sort("run_id"), made_with.ends.sort("run_id"))
        assert_frame_equal(beside.duplicates.sort("incident_id"), made_with.duplicates.sort("incident_id"))


def test_what_nothing_touches_is_not_folded_again() -> None:
    tale = _tale(random.Random(1), 9)
    context, seq = tale.context(), tale.seq
    frames, beside = folded(tale.read(), context)
    tale.incident("new", 90_000, 90_006)
    tale.send("r-new", "new", 90_060)
    again = refold(tale.read(), tale.context(), Before(seq, frames, context, beside))
    assert again is not None
    # The run before it on the same vehicle, and so its incident: what tells when it was free may now be another's.
    assert {name: len(ids) for name, ids in again.gone.items()} == {
        "calls": 1, "patients": 0, "runs": 2, "incidents": 2
    }  # fmt: skip
    assert {"r-new", "new", "call-new"} <= {key for ids in again.gone.values() for key in ids}


def test_too_much_is_folded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tale = _tale(random.Random(2), 5)
    frames, beside = folded(tale.read(0), tale.context())
    before = Before(0, frames, tale.context(), beside)
    monkeypatch.setattr(rules_refold, "MOST", 3)
    assert refold(tale.read(), tale.context(), before) is None
    other = dataclasses.replace(before.context, others=frozenset({"i-9"}))
    assert refold(tale.read(0), tale.context(), dataclasses.replace(before, context=other)) is None
