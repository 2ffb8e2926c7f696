"""WFDB records, GPX tracks and tables read, and played as a vehicle sends them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from api.cli.vehicle import read_line
from api.vehicle.aecg import read_aecg
from api.vehicle.replay import ecg_frames, record_frames, timed_frames
from api.vehicle.tracks import read_csv, read_gpx
from api.vehicle.wfdb import Record, Signal, read_record
from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_payloads import PositionFix, Value, Values
from dispatch.telemetry.rules_waves import Ecg, Wave
from dispatch.telemetry.states import Kind, Stream


def write_16(folder: Path, rows: Sequence[Sequence[int]], *, checksum: int | None = None) -> Path:
    """A record of format 16 with the leads II and V1."""
    data = np.asarray(rows, "<i2")
    data.tofile(folder / "r.dat")
    sums = [int(column.sum()) % 65_536 for column in data.T]
    lines = [f"r 2 250 {len(rows)}"]
    for name, total in zip(("II", "V1"), sums, strict=True):
        lines.append(f"r.dat 16 1000(10)/mV 16 0 {rows[0][0]} {total if checksum is None else checksum} 0 {name}")
    (folder / "r.hea").write_text("\n".join([*lines, "# age: 81", ""]), "utf-8")
    return folder / "r"


def test_a_record_becomes_frames_of_a_fifth_of_a_second_around_zero(tmp_path: Path) -> None:
    rows = [[number, -number] for number in range(120)]
    frames = list(ecg_frames(read_record(write_16(tmp_path, rows)), 2))
    assert [(one.at_s, one.stream) for one in frames] == [(at_s, Stream(Kind.ECG, 2)) for at_s in (0.2, 0.4, 0.48)]
    ecgs = [one.payload for one in frames if isinstance(one.payload, Ecg)]
    assert [(ecg.first_sample, ecg.samples, ecg.leads, ecg.units_per_mv) for ecg in ecgs] == [
        (0, 50, (2, 7), 1_000.0), (50, 50, (2, 7), 1_000.0), (100, 20, (2, 7), 1_000.0)
    ]  # fmt: skip
    assert np.concatenate([ecg.matrix() for ecg in ecgs], axis=1).T.tolist() == [[a - 10, b - 10] for a, b in rows]


def test_other_curves_of_a_record_are_played_beside_its_ecg_or_alone() -> None:
    samples = np.arange(50, dtype=np.int16)
    signals = [Signal("II", 200.0, 0, samples), Signal("ABP", 8.0, 16, samples), Signal("notes", 1.0, 0, samples)]
    ecg, waves = record_frames(Record("m", 125, tuple(signals)), 1)
    assert [type(one.payload) for one in ecg] == [Ecg, Ecg]
    first, second = waves
    assert isinstance(first.payload, Wave)
    assert (first.stream, first.at_s, second.at_s) == (Stream(Kind.WAVES, 1), 0.2, 0.4)
    assert (first.payload.wave, first.payload.samples) == (3, 25)
    # A sample as it was measured: (raw - baseline) / units.
    assert first.payload.offset + first.payload.scale * first.payload.row()[24] == (24 - 16) / 8.0
    (alone,) = record_frames(Record("m", 125, tuple(signals[1:])), 1)
    assert len(list(alone)) == 2


def test_a_damaged_record_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="damaged"):
        read_record(write_16(tmp_path, [[1, 2]], checksum=77))
    (tmp_path / "r.hea").write_text("r 1 250 9\nr.dat 16 200 16 0 1 1 0 II\n", "utf-8")
    with pytest.raises(Invalid, match="9"):
        read_record(tmp_path / "r")
    (tmp_path / "r.hea").write_text("r 1 250 1\nr.dat 80 200\n", "utf-8")
    with pytest.raises(Invalid, match="format 80"):
        read_record(tmp_path / "r")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "rate_hz", "leads", "seconds"), [("s0010_re", 1_000, 12, 38.4), ("100", 360, 2, 1_805.6)]
)
def test_real_records_are_whole_by_their_checksums(
    real_data: Path, name: str, rate_hz: int, leads: int, seconds: float
) -> None:
    record = read_record(real_data / "ecg" / name)
    assert record.rate_hz == rate_hz
    assert len(record.signals[0].samples) == pytest.approx(seconds * rate_hz, abs=rate_hz)
    *_, last = ecg_frames(record, 1)
    assert isinstance(last.payload, Ecg)
    assert len(last.payload.leads) == leads


def test_a_track_has_places_and_speeds(tmp_path: Path) -> None:
    point = '<trkpt lat="{}" lon="80.26"><time>2026-11-22T09:30:{:02}Z</time></trkpt>'
    points = "".join(point.format(lat, second) for lat, second in ((41.171, 10), (41.17, 0)))
    file = tmp_path / "t.gpx"
    file.write_text(
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>', "utf-8"
    )
    first, second = read_gpx(file)
    assert isinstance(first.payload, PositionFix)
    assert isinstance(second.payload, PositionFix)
    assert (first.at_s, second.at_s, first.payload.lat) == (0.0, 10.0, 41.17)
    assert second.payload.speed_mps == pytest.approx(11.1, abs=0.1)
    for text in ("<gpx/>", "no xml", "<gpx><trkpt lat='1' lon='2'/></gpx>", "<gpx><trkpt lat='99' lon='2'/></gpx>"):
        file.write_text(text, "utf-8")
        with pytest.raises(Invalid):
            read_gpx(file)


def test_a_table_has_signals_of_the_patient_and_of_the_circuit(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("seconds,heart_rate,spo2,ecmo_flow,lat,lon\n1,80,97,4.2,,\n0,,,,41.1,80.2\n", "utf-8")
    frames = list(timed_frames(read_csv(file), 1))
    assert [(one.at_s, str(one.stream)) for one in frames] == [(0.0, "position.0"), (1.0, "vitals.1"), (1.0, "ecmo.1")]
    assert frames[1].payload == Values((Value(1, 80.0), Value(3, 97.0)))
    for text in ("a,b\n1,2\n", "seconds\n1\n", "seconds,heart_rate\n1,x\n", "seconds,heart_rate\n1,nan\n"):
        file.write_text(text, "utf-8")
        with pytest.raises(Invalid):
            read_csv(file)


def test_lines_of_devices() -> None:
    assert read_line('{"stream": "vitals.1", "values": {"heart_rate": 96}}', 5) == (
        Stream(Kind.VITALS, 1), Values((Value(1, 96.0),))
    )  # fmt: skip
    stream, place = read_line('{"stream": "position.0", "lat": 41.1, "lon": 80.2}', 5)
    assert (str(stream), place) == ("position.0", PositionFix(5, 41.1, 80.2))
    for line in (
        "",
        "[]",
        '{"stream":"ecg.1"}',
        '{"stream":"vitals.1","values":{"mood":1}}',
        '{"stream":"position.0"}',
    ):
        with pytest.raises(ValueError, match=r".+"):
            read_line(line, 5)


SEQUENCE = """<sequence><code code="MDC_ECG_LEAD_{lead}"/><value><origin value="0" unit="uV"/>
<scale value="2.5" unit="uV"/><digits>{digits}</digits></value></sequence>"""
AECG = """<AnnotatedECG xmlns="urn:hl7-org:v3"><sequenceSet><sequence><code code="TIME_ABSOLUTE"/><value>
<increment value="{step}" unit="s"/></value></sequence>{leads}</sequenceSet></AnnotatedECG>"""


def test_an_annotated_ecg_is_read_with_its_scale(tmp_path: Path) -> None:
    file = tmp_path / "e.xml"
    leads = "".join(SEQUENCE.format(lead=lead, digits=digits) for lead, digits in (("I", "1 2 3"), ("AVF", "4 5 -6")))
    file.write_text(AECG.format(step="0.002", leads=leads), "utf-8")
    record = read_aecg(file)
    assert record.rate_hz == 500
    (one,) = ecg_frames(record, 1)
    assert isinstance(one.payload, Ecg)
    assert (one.payload.leads, one.payload.units_per_mv) == ((1, 6), 400.0)
    assert one.payload.matrix().tolist() == [[1, 2, 3], [4, 5, -6]]
    uneven = SEQUENCE.format(lead="II", digits="1") + leads
    for text in ("no xml", "<x/>", AECG.format(step="0.003", leads=leads), AECG.format(step="0.002", leads=uneven)):
        file.write_text(text, "utf-8")
        with pytest.raises(Invalid):
            read_aecg(file)


@pytest.mark.real_data
def test_the_published_example_is_read_whole(real_data: Path) -> None:
    record = read_aecg(real_data / "ecg" / "example_aecg.xml")
    assert record.rate_hz == 500
    frames = list(ecg_frames(record, 1))
    assert isinstance(frames[0].payload, Ecg)
    assert frames[0].payload.units_per_mv == pytest.approx(400.0)
    assert len(frames) == 50
