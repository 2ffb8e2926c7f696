"""The run sheet: what is printed of a patient's run, and its strips of ECG."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from api.er.vitals import happened_of, points_of, typed_points
from api.exports.measured import COLUMNS, Cell, Thinned, rows_of, why_no_score
from api.exports.reading import Source
from api.exports.recordings import Stretch
from api.exports.run import Run, Sortie, authors, charted, said
from api.exports.sheet_trends import trends_of
from api.exports.strips import SECONDS, strip_of, svg_of
from api.printing.render import Head, Language, legal_time, render
from dispatch.charting.rules import FORMS
from dispatch.charting.tables import ChartEntry
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.clinical.states import AlarmPriority
from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.incidents.states_patients import ExportReason
from dispatch.telemetry.detection.queries import list_kept
from dispatch.telemetry.rules_payloads import Defibrillation
from dispatch.telemetry.states import Kind

MOST_STRIPS: Final = 6
MOST_ALARMS: Final = 60
_BEFORE: Final = timedelta(seconds=4)
"""What happened stands so far from the strip's beginning."""
_OFF: Final = {"zh": "导联脱落", "en": "lead off", "ug": "ئېلېكترود چۈشكەن"}


class StripOut(msgspec.Struct, frozen=True):
    """One strip. why: a word of the template, or the code of an alarm."""

    at: str
    why: str
    svg: str


class RunSheet(msgspec.Struct, frozen=True):
    """All that `run.typ` prints; times as texts, codes for the template to say in words."""

    head: Head
    reason: str
    facts: dict[str, str | None]
    incident_times: list[tuple[str, str | None]]
    sorties: list[dict[str, object]]
    columns: list[str]
    rows: list[dict[str, object]]
    no_score: str | None
    trends: list[dict[str, str]]
    typed: list[tuple[str, str, str | None]]
    treatments: list[tuple[str, str, str, str, str | None]]
    alarms: list[dict[str, str | None]]
    strips: list[StripOut]
    span: str


class EcgSheet(msgspec.Struct, frozen=True):
    """All that `ecg.typ` prints."""

    head: Head
    reason: str
    facts: dict[str, str | None]
    strips: list[StripOut]


async def run_sheet(run: Run, by: str, reason: ExportReason, language: Language, now: datetime) -> bytes:
    """Print a run. Raises Unavailable (`printing.*`)."""
    thinned, shocks = Thinned(), []
    async for frame in run.source.frames(Kind.VITALS, Kind.EVENT):
        if frame.stream.kind is Kind.EVENT:
            if isinstance(happened_of(frame), Defibrillation):
                shocks.append(frame.at)
        else:
            thinned.take(points_of(frame))
    async with run.source.database.read() as session:
        found = await list_kept(session, run.incident.region, run.incident.id, patient_id=run.patient.id)
    within = await charted(run)
    names, words = await authors(run, within), await said(run, within)
    thinned.take(typed_points([one for one in within if one.measured is not None]))
    alarms = [one for one in found if one.priority is not None and _in(run.source, one.began_at)]
    alarms.sort(key=lambda one: one.began_at)
    moments = [(at - _BEFORE, "shock") for at in shocks]
    moments += [(one.raised_at - _BEFORE, one.code) for one in alarms if one.priority == AlarmPriority.HIGH]
    strips = await _strips(run.source, await _moments(run.source, moments), language)
    no_score = why_no_score(run.patient.age_years, run.patient.sex, run.incident.complaint)
    sheet = RunSheet(
        head=_head(run, by, now),
        reason=reason.value,
        facts=_facts(run),
        incident_times=[
            ("T0", _clock(run.incident.t0)), ("T1", _clock(run.answered_at)), ("T2", _clock(run.incident.taken_at))
        ],
        sorties=[_sortie(one) for one in run.sorties],
        columns=[names[0] for names in COLUMNS],
        rows=[
            {"at": _clock(row.at), "cells": [_cell(one) for one in row.cells], "news2": row.news2}
            for row in rows_of(thinned, scored=no_score is None)
        ],
        no_score=None if no_score is None else no_score.value,
        trends=trends_of(thinned, language),
        typed=[(_clock(one.at) or "", _typed(one, language), names.get(one.actor)) for one in within if one.measured],
        treatments=[
            (*_treatment(one, language, words.get(one.id)), names.get(one.actor)) for one in within if one.treatment
        ],
        alarms=[
            {"from": _clock(one.began_at), "until": _clock(one.ended_at), "code": one.code, "priority": one.priority,
             "value": None if one.value is None else f"{one.value:g}"}
            for one in alarms[:MOST_ALARMS]
        ],
        strips=strips,
        span=f"{legal_time(run.source.span[0])} – {legal_time(run.source.span[1])}",
    )  # fmt: skip
    return await render("run", sheet, language, now)


async def ecg_sheet(run: Run, by: str, reason: ExportReason, language: Language, now: datetime) -> bytes:
    """Print the ECG of the span asked for, ten seconds a page. Raises Unavailable (`printing.*`)."""
    begins, until = run.source.span
    count = max(1, round((until - begins).total_seconds() / SECONDS + 0.499))
    moments = [(begins + number * timedelta(seconds=SECONDS), "asked") for number in range(count)]
    strips = await _strips(run.source, moments, language)
    return await render("ecg", EcgSheet(_head(run, by, now), reason.value, _facts(run), strips), language, now)


async def _moments(source: Source, asked: Sequence[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    """When strips begin: the first ECG, then what happened; none that another one shows already."""
    first = None
    async for frame in source.frames(Kind.ECG):
        first = frame.at
        break
    if first is None:
        return []
    found = [(first, "first")]
    for at, why in sorted(asked):
        if len(found) < MOST_STRIPS and at >= found[-1][0] + timedelta(seconds=SECONDS / 2):
            found.append((at, why))
    return found


async def _strips(source: Source, moments: Sequence[tuple[datetime, str]], language: Language) -> list[StripOut]:
    made = []
    for at, why in moments:
        stretches = await _stretches(source, at)
        strip = strip_of(at, stretches)
        if not strip.empty:
            svg = await asyncio.to_thread(svg_of, strip, _OFF[language])
            made.append(StripOut(legal_time(at), why, svg))
    return made


async def _stretches(source: Source, at: datetime) -> list[Stretch]:
    """What was received within ten seconds from `at` on; frames that began before it too."""
    near = replace(source, span=(at - timedelta(seconds=2), at + timedelta(seconds=SECONDS)))
    return [one async for one in near.stretches(60)]


def _in(source: Source, at: datetime) -> bool:
    return source.span[0] <= at < source.span[1]


def _head(run: Run, by: str, now: datetime) -> Head:
    owner = run.sorties[0].unit.organisation if run.sorties else ""
    return Head(owner, run.incident.number, legal_time(now), by)


def _facts(run: Run) -> dict[str, str | None]:
    return {
        "name": run.name,
        "sex": run.patient.sex,
        "age": None if run.patient.age_years is None else str(run.patient.age_years),
        "id_number": run.id_number or None,
        "visit_number": run.visit_number or None,
        "priority": run.incident.priority,
        "complaint": run.incident.complaint or None,
        "destination": None if run.destination is None else run.destination.name_zh,
        "vehicles": " · ".join(dict.fromkeys(one.unit.call_sign for one in run.sorties)) or None,
        "date": f"{run.incident.t0.astimezone(LEGAL_TIME):%Y-%m-%d}",
    }


def _sortie(one: Sortie) -> dict[str, object]:
    return {
        "vehicle": one.unit.call_sign,
        "organisation": one.unit.organisation,
        "end": one.assignment.end_reason,
        "times": [(time.point.value, _clock(time.at), time.source, time.corrected) for time in one.times],
        "crew": [(skill.value, name) for skill, name in one.crew],
    }


def _cell(cell: Cell | None) -> dict[str, object] | None:
    return None if cell is None else {"text": cell.text, "crossed": cell.crossed, "by_hand": cell.by_hand}


def _treatment(entry: ChartEntry, language: Language, words: str | None) -> tuple[str, str, str, str]:
    code, amount = entry.treatment or "", entry.amount
    known = FORMS.treatments.get(code)
    told = (words or code) if known is None else {"zh": known.zh, "en": known.en, "ug": known.ug}[language]
    return (_clock(entry.at) or "", told, "" if amount is None else f"{amount:g}", "" if known is None else known.unit)


def _typed(entry: ChartEntry, language: Language) -> str:
    """The values that a person typed at one moment, each with its unit."""
    return " · ".join(
        f"{signal.zh if language == 'zh' else signal.en} {value:.{signal.decimals}f} {signal.unit}"
        for signal, value in ((SIGNALS.by_name[name], value) for name, value in (entry.measured or {}).items())
    )


def _clock(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(LEGAL_TIME):%H:%M:%S}"
