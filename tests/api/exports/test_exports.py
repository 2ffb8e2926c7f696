"""A run taken out of Tarim holds each sample that went in, of its own patient only."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
import wfdb
from factories.desk import made, refused
from factories.exports import RATE, STEP, attach, drawn, export, send_ecg, series_of, unzipped
from factories.live import Hall
from factories.patience import PATIENCE_S
from factories.rooms import OTHER, OWN, bring, doctor, make_rooms, withheld
from factories.vehicles import VITALS, device, open_line
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select

from api.vehicle.aecg import read_aecg
from api.vehicle.client import Vehicle
from api.vehicle.replay import ecg_frames, play
from api.vehicle.store import Store
from api.vehicle.wfdb import Record, read_record
from dispatch.incidents.service_patients import add_patient
from dispatch.kernel.journal_table import JournalLine
from dispatch.telemetry.rules_payloads import Value, Values
from dispatch.telemetry.rules_waves import MISSING

pytestmark = pytest.mark.database
LOST = (2, 3)
FRAMES = 8
BY = {("Observation", "示例 dispatcher"), ("Procedure", "示例 dispatcher")}


async def lines(hall: Hall, kind: str) -> list[dict[str, Any]]:
    async with hall.centre.database.read() as session:
        wanted = select(JournalLine.payload).where(JournalLine.type == kind).order_by(JournalLine.seq)
        return list(await session.scalars(wanted))


async def test_each_sample_comes_out_as_it_went_in_and_gaps_stay_gaps(hall: Hall, tmp_path: Path) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    signal = drawn(FRAMES * STEP)
    signal[1, 5 * STEP : 6 * STEP] = MISSING  # lead II off
    whole = signal.copy()
    for frame in LOST:
        whole[:, frame * STEP : (frame + 1) * STEP] = MISSING
    began = hall.centre.clock.now()
    async with open_line(hall, token) as line:
        line.now_us -= 60_000_000
        await send_ecg(line, signal, [one for one in range(FRAMES) if one not in LOST])
        await line.send(1, Values((Value(1, 104.0), Value(3, 250.0))))
        await line.send(2, Values((Value(5, 102.0), Value(6, 64.0), Value(11, float("nan")))))
        await line.acked(2, VITALS)
    async with doctor(hall, "dispatcher") as desk:
        where = f"/patients/{patient}/chart"
        made(await desk.post(where, json={"id": str(uuid4()), "values": {"glucose": 6.5}}))
        made(await desk.post(where, json={"id": str(uuid4()), "treatment": "oxygen", "amount": 5}))
    async with doctor(hall) as client:
        await register(client, patient, "A1127-0317")
        assert unzipped(await export(client, patient, "wfdb"), tmp_path) == ["ecg1.dat", "ecg1.hea"]
        ours = read_record(tmp_path / "ecg1")
        assert np.array_equal(np.stack([one.samples for one in ours.signals]), whole)
        theirs = wfdb.rdrecord(str(tmp_path / "ecg1"), physical=False)
        assert np.array_equal(theirs.d_signal.T, whole)
        assert (theirs.fs, theirs.sig_name, theirs.units, theirs.adc_gain) == (
            RATE,
            ["I", "II"],
            ["mV"] * 2,
            [200.0] * 2,
        )
        lead = wfdb.rdrecord(str(tmp_path / "ecg1")).p_signal[:, 1]
        assert np.array_equal(np.isnan(lead), whole[1] == MISSING)

        document = (await export(client, patient, "aecg")).content
        series = series_of(document)
        cuts = [(0, 2, ("I", "II")), (4, 5, ("I", "II")), (5, 6, ("I",)), (6, 8, ("I", "II"))]
        assert [tuple(leads) for _, leads in series] == [leads for _, _, leads in cuts]
        for (begin, end, names), (_, leads) in zip(cuts, series, strict=True):
            for row, name in enumerate(names):
                assert np.array_equal(leads[name], signal[row, begin * STEP : end * STEP])
        (tmp_path / "run.xml").write_bytes(document)
        first = read_aecg(tmp_path / "run.xml")
        assert (first.rate_hz, [one.units_per_mv for one in first.signals]) == (RATE, [200.0, 200.0])
        assert np.array_equal(np.stack([one.samples for one in first.signals]), signal[:, : 2 * STEP])

        told = (await export(client, patient, "fhir")).content
        bundle = Bundle.model_validate_json(told)
        assert checked(bundle) == {
            "Encounter",
            "Location",
            "Observation",
            "Patient",
            "Procedure",
            "ServiceRequest",
            "Task",
        }
        assert samples_of(told) == [
            ("I", [*map(str, signal[0, : 2 * STEP])]), ("II", [*map(str, signal[1, : 2 * STEP])]),
            ("I", [*map(str, signal[0, 4 * STEP :])]),
            ("II", ["E" if one == MISSING else str(one) for one in signal[1, 4 * STEP :]]),
        ]  # fmt: skip
        assert values_of(told) == {
            "8867-4": 104, "59408-5": "250 %", "85354-9": [102, 64], "8310-5": None, "30525-0": 58, "15074-8": 6.5,
        }  # fmt: skip
        assert (authors_of(told), visits_of(told)) == (BY, [("A1127-0317", "VN")])
        times = {"from": began - timedelta(seconds=70), "until": began - timedelta(seconds=40)}
        span = {name: at.isoformat() for name, at in times.items()}
        for form, query in (("pdf", {}), ("ecg", span)):
            paper = await export(client, patient, form, language="ug", **query)
            assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf"), paper.text
            assert paper.content.startswith(b"%PDF-1.7")
        refused(await export(client, patient, "ecg"), 422, "request.invalid")
    assert [one["form"] for one in await lines(hall, "patient.exported")] == ["wfdb", "aecg", "fhir", "pdf", "ecg_pdf"]


def checked(bundle: Bundle) -> set[str]:
    """The kinds of resources; each reference is to one that is there."""
    there = {one.fullUrl for one in bundle.entry}
    told = json.loads(bundle.model_dump_json())

    def references(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [node["reference"]] if isinstance(node.get("reference"), str) else []
            return own + [one for value in node.values() for one in references(value)]
        return [one for value in node for one in references(value)] if isinstance(node, list) else []

    assert set(references(told)) <= there
    assert len(there) == len(bundle.entry)
    return {one["resource"]["resourceType"] for one in told["entry"]}


async def register(client: httpx.AsyncClient, patient: UUID, number: str) -> None:
    body = {"version": 1, "visit_number": number}
    made(await client.post(f"/er/patients/{patient}/registration", json=body))


def visits_of(told: bytes) -> list[tuple[str, str]]:
    found = [one["resource"] for one in json.loads(told)["entry"]]
    (encounter,) = (one for one in found if one["resourceType"] == "Encounter")
    return [(one["value"], one["type"]["coding"][0]["code"]) for one in encounter["identifier"] if "type" in one]


def samples_of(told: bytes) -> list[tuple[str, list[str]]]:
    return [
        (part["code"]["text"], part["valueSampledData"]["data"].split())
        for one in json.loads(told)["entry"]
        for part in one["resource"].get("component", ())
        if "valueSampledData" in part
    ]


def authors_of(told: bytes) -> set[tuple[str, str]]:
    """Who wrote down what: no device is among them."""
    return {
        (resource["resourceType"], by.get("actor", by)["display"])
        for resource in (one["resource"] for one in json.loads(told)["entry"])
        for by in resource.get("performer", ())
    }


def values_of(told: bytes) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in json.loads(told)["entry"]:
        resource = one["resource"]
        if resource["resourceType"] != "Observation" or "effectiveDateTime" not in resource:
            continue
        parts = [part["valueQuantity"]["value"] for part in resource.get("component", ())]
        absent = resource.get("dataAbsentReason", {}).get("text")
        value = resource["valueQuantity"]["value"] if "valueQuantity" in resource else absent
        found[resource["code"]["coding"][0]["code"]] = parts or value
    return found


async def test_of_two_patients_in_one_vehicle_each_takes_its_own(hall: Hall, tmp_path: Path) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    first = await bring(hall, rooms[OWN])
    async with hall.centre.database.write() as session:
        sent = await hall.centre.active(0)
        assert sent is not None
        second = (await add_patient(hall.centre.act(session), sent.incident_id)).id
    await attach(hall, first)
    await attach(hall, second, 2)
    one, other = drawn(4 * STEP), -drawn(3 * STEP)
    async with open_line(hall, token) as line:
        line.now_us -= 60_000_000
        await send_ecg(line, one, range(4))
        await send_ecg(line, other, range(3), slot=2)
    async with doctor(hall) as client:
        for patient, signal in ((first, one), (second, other)):
            unzipped(await export(client, patient, "wfdb"), tmp_path / str(patient))
            record = read_record(tmp_path / str(patient) / "ecg1")
            assert np.array_equal(np.stack([lead.samples for lead in record.signals]), signal)
        now = hall.centre.clock.now()
        past = {"from": (now - timedelta(days=2)).isoformat(), "until": (now - timedelta(days=1)).isoformat()}
        for form in ("wfdb", "aecg"):
            refused(await export(client, first, form, **past), 404, "export.no_ecg")
        assert (await export(client, first, "pdf", **past)).status_code == 200, "a sheet without measurements"
        assert samples_of((await export(client, first, "fhir", **past)).content) == []
        nameless = json.loads((await export(client, second, "fhir")).content)["entry"][0]["resource"]
        assert (nameless["resourceType"], nameless["gender"], nameless.get("name")) == ("Patient", "unknown", None)


async def test_who_has_no_business_with_a_patient_takes_nothing_and_the_journal_says_so(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    async with doctor(hall) as own, doctor(hall, OTHER) as other, doctor(hall, "dispatcher") as desk:
        for form in ("fhir", "aecg", "wfdb"):
            refused(await export(other, patient, form), 403, "permission.refused")
            refused(await export(desk, patient, form), 403, "permission.refused")
        assert [one["patient_id"] for one in await withheld(hall)] == [str(patient)] * 3
        assert await lines(hall, "patient.exported") == []
        refused(await own.get(f"/patients/{patient}/export/fhir"), 422, "request.invalid")
        refused(await export(own, patient, "fhir", reason="curiosity"), 422, "request.invalid")
        refused(await export(own, UUID(int=7), "fhir"), 404, "patient.not_found")
        refused(await export(own, patient, "wfdb"), 404, "export.no_ecg")
    async with doctor(hall, "supervisor") as supervisor, doctor(hall, "crew") as crew:
        assert (await export(supervisor, patient, "fhir")).status_code == 200
        refused(await export(crew, patient, "fhir"), 403, "permission.refused")  # of no vehicle that was there


async def test_an_erased_patient_is_told_without_a_name(hall: Hall) -> None:
    rooms = await make_rooms(hall)
    patient = await bring(hall, rooms[OWN])
    async with doctor(hall, "supervisor") as client:
        made(await client.patch(f"/patients/{patient}", json={"version": 1, "name": "张三丰"}))
        assert "张三丰" in (await export(client, patient, "fhir")).text
        body = {"target": "patient", "id": str(patient), "basis": "request", "reference": "PIPL-1"}
        made(await client.post("/erasures", json=body))
        assert "张三丰" not in (await export(client, patient, "fhir")).text


@pytest.mark.real_data
async def test_a_real_ecg_comes_out_equal_to_its_file(hall: Hall, tmp_path: Path, real_data: Path) -> None:
    rooms, (_, token) = await make_rooms(hall), await device(hall)
    patient = await bring(hall, rooms[OWN])
    await attach(hall, patient)
    record = read_record(real_data / "ecg" / "s0010_re")
    part = Record(record.name, record.rate_hz, tuple(
        type(one)(one.name, one.units_per_mv, one.baseline, one.samples[:6_000]) for one in record.signals
    ))  # fmt: skip
    with Store(tmp_path / "log") as store:
        vehicle = Vehicle(store, f"ws://{hall.address}/api/ingest", token, retry_s=0.01)
        async with vehicle.linked():
            await play(vehicle, [ecg_frames(part, 1)], speed=0)
            await asyncio.wait_for(vehicle.emptied(), PATIENCE_S)
    file = np.fromfile(real_data / "ecg" / "s0010_re.dat", "<i2").reshape(-1, 12).T[:, :6_000]
    async with doctor(hall) as client:
        unzipped(await export(client, patient, "wfdb"), tmp_path)
        assert np.array_equal(wfdb.rdrecord(str(tmp_path / "ecg1"), physical=False).d_signal.T, file)
        ((_, leads),) = series_of((await export(client, patient, "aecg")).content)
        assert np.array_equal(np.stack(list(leads.values())), file)
        told = (await export(client, patient, "fhir")).content
        for place, lead in enumerate(leads):
            found = [data for name, data in samples_of(told) if name.upper() == lead]
            assert np.array_equal(np.array([one for data in found for one in data], np.int16), file[place])
