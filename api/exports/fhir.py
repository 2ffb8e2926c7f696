"""A run as a FHIR R4B Bundle, made piece by piece: hours of an ECG are never in memory whole.

Encounter (class FLD), Patient, ServiceRequest, a Task for each vehicle with its times, Locations, a Procedure for each
treatment, an Observation for each value and for each stretch of the ECG. Codes: LOINC and ISO/IEEE 11073 (MDC) as in
`signals.toml`; times of a run and treatments have no public code and use ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from api.er.vitals import Point, points_of, typed_points
from api.exports.fhir_codes import (
    LOINC,
    PANELS,
    codes_of,
    ecg_code,
    lead_code,
    priority_code,
    quantity,
    sampled,
)
from api.exports.recordings import Stretch
from api.exports.run import Run, Sortie, authors, charted, said
from dispatch.charting.rules import FORMS
from dispatch.charting.tables import ChartEntry
from dispatch.clinical.rules_signals import Plausible
from dispatch.incidents.states_incidents import ACTIVE
from dispatch.incidents.states_patients import Sex
from dispatch.telemetry.states import Kind

MOST_S: Final = 10.0
"""Of an ECG in one Observation."""
TIMES: Final = "urn:tarim:time-point"
TREATMENTS: Final = "urn:tarim:treatment"
COMPLAINTS: Final = "urn:tarim:complaint-card"
_ACT: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_IDENTIFIERS: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_SEX: Final = {Sex.MALE: "male", Sex.FEMALE: "female"}

Resource = dict[str, Any]


async def fhir(run: Run, now: datetime) -> AsyncIterator[bytes]:
    """Make the Bundle of a run, piece by piece."""
    bundle = {
        "resourceType": "Bundle", "id": str(uuid5(run.patient.id, "bundle")), "type": "collection",
        "timestamp": instant(now),
    }  # fmt: skip
    opened = msgspec.json.encode(bundle)[:-1] + b',"entry":['
    yield opened + b",".join(_entry(one) for one in about(run, now))
    async for frame in run.source.frames(Kind.VITALS, Kind.ECMO):
        for one in measured(run, str(frame.seq), points_of(frame)):
            yield b"," + _entry(one)
    entries = await charted(run)
    names, words = await authors(run, entries), await said(run, entries)
    for entry in entries:
        by = {"display": names.get(entry.actor) or entry.actor}
        if entry.treatment is not None:
            yield b"," + _entry(
                _procedure(run, entry, entry.treatment, words.get(entry.id)) | {"performer": [{"actor": by}]}
            )
        for one in measured(run, str(entry.id), typed_points([entry])):
            yield b"," + _entry(one | {"issued": instant(entry.entered_at), "performer": [by]})
    async for stretch in run.source.stretches(MOST_S):
        yield await asyncio.to_thread(_ecg_entry, run, stretch)
    yield b"]}"


def about(run: Run, now: datetime) -> Iterator[Resource]:
    """All but what was measured."""
    yield _patient(run)
    yield from _locations(run)
    yield _request(run)
    yield _encounter(run, now)
    for one in run.sorties:
        yield _task(run, one, now)
    if run.patient.age_years is not None:
        age = quantity(run.patient.age_years, "a", "years")
        told = {"code": {"coding": [{"system": LOINC, "code": "30525-0", "display": "Age"}]}, "valueQuantity": age}
        yield _observation(run, "age", run.incident.t0, told)


def measured(run: Run, seq: str, points: Sequence[Point]) -> Iterator[Resource]:
    """The values of one frame or entry; pressures of one moment together."""
    left = {one.signal.name: one for one in points}
    for names, code in PANELS:
        found = [left.pop(name) for name in names if name in left]
        if found:
            parts = [{"code": codes_of(one.signal)} | _value(one) for one in found]
            key = f"{names[0]} {seq} {found[0].at.isoformat()}"
            yield _vital(run, key, found, {"code": code, "component": parts})
    for name, one in left.items():
        yield _vital(run, f"{name} {seq} {one.at.isoformat()}", [one], {"code": codes_of(one.signal)} | _value(one))


def instant(at: datetime) -> str:
    """A time as FHIR writes it, UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _vital(run: Run, key: str, found: Sequence[Point], told: Resource) -> Resource:
    notes = []
    if any(one.judged is Plausible.HARD for one in found):
        notes.append({"text": "Outside what can be right: check by hand."})
    if any(not one.sure for one in found):
        notes.append({"text": "The time is that of the receipt: the device's was not known."})
    if any(one.by_hand for one in found):
        notes.append({"text": "Entered by a person."})
    category = [{"coding": [{"system": _CATEGORY, "code": "vital-signs"}]}]
    return _observation(run, key, found[0].at, told | {"category": category} | ({"note": notes} if notes else {}))


def _value(one: Point) -> Resource:
    """A value, or that there is none: what cannot be right is told as a text, never as a quantity to reckon with."""
    if one.value is None:
        return {"dataAbsentReason": {"coding": [{"system": _ABSENT, "code": "unknown"}]}}
    figure = round(one.value, one.signal.decimals or None)
    if one.judged is Plausible.HARD:
        return {
            "dataAbsentReason": {
                "coding": [{"system": _ABSENT, "code": "error"}], "text": f"{figure} {one.signal.unit}"
            }
        }  # fmt: skip
    return {"valueQuantity": quantity(figure, one.signal.unit)}


def _observation(run: Run, key: str, at: datetime, told: Resource) -> Resource:
    return {
        "resourceType": "Observation", "id": str(uuid5(run.patient.id, key)), "status": "final",
        "subject": _ref(run.patient.id), "encounter": _ref(_encounter_id(run)), "effectiveDateTime": instant(at),
    } | told  # fmt: skip


def _procedure(run: Run, entry: ChartEntry, code: str, words: str | None) -> Resource:
    """A treatment as the crew wrote it down; the amount is a text, as on its page. words: of what no list has."""
    known = FORMS.treatments.get(code)
    text = (words or code) if known is None else known.zh
    told: Resource = {
        "resourceType": "Procedure", "id": str(entry.id), "status": "completed", "subject": _ref(run.patient.id),
        "encounter": _ref(_encounter_id(run)), "performedDateTime": instant(entry.at),
        "code": {"coding": [{"system": TREATMENTS, "code": code}], "text": text},
    }  # fmt: skip
    if entry.amount is not None:
        told["note"] = [{"text": f"{entry.amount:g} {'' if known is None else known.unit}".strip()}]
    return told


def _ecg_entry(run: Run, stretch: Stretch) -> bytes:
    """One stretch of the ECG; a sample that was not measured is E."""
    told = _observation(run, f"ecg {stretch.at.isoformat()}", stretch.at, {
        "code": ecg_code(),
        "category": [{"coding": [{"system": _CATEGORY, "code": "procedure"}]}],
        "component": [
            {"code": lead_code(lead), "valueSampledData": sampled(stretch, place)}
            for place, lead in enumerate(stretch.leads)
        ],
    })  # fmt: skip
    del told["effectiveDateTime"]
    told["effectivePeriod"] = {"start": instant(stretch.at), "end": instant(stretch.until)}
    return b"," + _entry(told)


def _patient(run: Run) -> Resource:
    told: Resource = {
        "resourceType": "Patient", "id": str(run.patient.id), "gender": _SEX.get(Sex(run.patient.sex), "unknown"),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{run.patient.id}"}],
    }  # fmt: skip
    if run.named:
        told["name"] = [{"use": "official", "text": run.name}]
    if run.id_number:
        told["identifier"].append({"use": "official", "type": {"text": "身份证号"}, "value": run.id_number})
    return told


def _locations(run: Run) -> Iterator[Resource]:
    scene: Resource = {
        "resourceType": "Location",
        "id": str(uuid5(run.incident.id, "scene")),
        "mode": "instance",
        "name": "现场 scene",
    }
    if run.incident.lat is not None and run.incident.lon is not None:
        scene["position"] = {"longitude": run.incident.lon, "latitude": run.incident.lat}
    yield scene
    for unit in {one.unit.id: one.unit for one in run.sorties}.values():
        kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/location-physical-type", "code": "ve"}]}
        yield {
            "resourceType": "Location", "id": str(unit.id), "mode": "instance", "name": unit.call_sign,
            "physicalType": kind,
        }  # fmt: skip
    if run.destination is not None:
        yield {
            "resourceType": "Location", "id": str(run.destination.id), "mode": "instance",
            "name": run.destination.name_zh,
            "position": {"longitude": run.destination.lon, "latitude": run.destination.lat},
        }  # fmt: skip


def _request(run: Run) -> Resource:
    over = run.incident.state not in ACTIVE
    told: Resource = {
        "resourceType": "ServiceRequest", "id": str(run.incident.id), "intent": "order",
        "status": "completed" if over else "active", "priority": priority_code(run.incident.priority),
        "identifier": [{"system": "urn:tarim:incident", "value": run.incident.number}],
        "code": {"text": "院前急救 emergency medical service"}, "subject": _ref(run.patient.id),
        "authoredOn": instant(run.incident.t0),
        "locationReference": [_ref(uuid5(run.incident.id, "scene"))],
    }  # fmt: skip
    if run.incident.complaint:
        told["reasonCode"] = [{"coding": [{"system": COMPLAINTS, "code": run.incident.complaint}]}]
    return told


def _encounter(run: Run, now: datetime) -> Resource:
    begins = min((one.at for sortie in run.sorties for one in sortie.times), default=run.incident.t0)
    over = run.incident.state not in ACTIVE
    ended = [one.assignment.ended_at for one in run.sorties if one.assignment.ended_at is not None]
    places = [uuid5(run.incident.id, "scene"), *dict.fromkeys(one.unit.id for one in run.sorties)]
    told: Resource = {
        "resourceType": "Encounter", "id": str(_encounter_id(run)), "status": "finished" if over else "in-progress",
        "class": {"system": _ACT, "code": "FLD", "display": "field"}, "subject": _ref(run.patient.id),
        "identifier": [{"system": "urn:tarim:incident", "value": run.incident.number}],
        "basedOn": [_ref(run.incident.id)],
        "period": {"start": instant(begins)} | ({"end": instant(max(ended, default=now))} if over else {}),
        "location": [{"location": _ref(one)} for one in places],
    }  # fmt: skip
    if run.visit_number:
        kind = {"coding": [{"system": _IDENTIFIERS, "code": "VN", "display": "Visit number"}]}
        visit: Resource = {"use": "official", "type": kind, "value": run.visit_number}
        if run.destination is not None:
            visit["assigner"] = {"display": run.destination.name_zh}
        told["identifier"].append(visit)
    if run.destination is not None:
        told["hospitalization"] = {"destination": _ref(run.destination.id)}
    return told


def _task(run: Run, one: Sortie, now: datetime) -> Resource:
    ended = one.assignment.ended_at
    done = "completed" if one.assignment.end_reason == "completed" else "cancelled"
    return {
        "resourceType": "Task", "id": str(one.assignment.id), "intent": "order",
        "status": "in-progress" if ended is None else done,
        "basedOn": [_ref(run.incident.id)], "for": _ref(run.patient.id), "encounter": _ref(_encounter_id(run)),
        "authoredOn": instant(one.assignment.assigned_at), "lastModified": instant(ended or now),
        "owner": {"display": one.unit.organisation}, "location": _ref(one.unit.id),
        "output": [
            {"type": {"coding": [{"system": TIMES, "code": time.point}]}, "valueDateTime": instant(time.at)}
            for time in one.times
        ],
    }  # fmt: skip


def _encounter_id(run: Run) -> UUID:
    return uuid5(run.patient.id, "encounter")


def _ref(key: UUID) -> Resource:
    return {"reference": f"urn:uuid:{key}"}


def _entry(resource: Resource) -> bytes:
    told = {key: value for key, value in resource.items() if value not in ([], None)}
    return msgspec.json.encode({"fullUrl": f"urn:uuid:{resource['id']}", "resource": told})
