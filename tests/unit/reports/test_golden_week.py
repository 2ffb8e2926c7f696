"""A week whose figures were worked out by hand, from lines of the journal to the figures.

Each day k (0 Monday … 6 Sunday) at 08:00 an urban emergency on civil ground, served by the civil ALS unit, and at 14:00
a rural one on corps ground; seconds after the call rings:

            T1   T3   T5        T6        T8    T9    free
    urban    6   60   160+10k   600       1500  2100  3000
    rural   12   90   280       1800+60k  -     -     4000     (corps unit on days 0 to 4, the civil one on days 5, 6)

On Wednesday (k=2) somebody rings at 07:58:20 about the urban one of 08:00: 100 s earlier, answered after 4 s; it is
opened as an incident of its own and found to be a duplicate. On Thursday at 20:00 an urban call, answered after 7 s,
sent after 50 s, is called off after 100 s. On Friday at 20:00 one, answered after 5 s, waits: nobody is free at 20 s;
sent at 650 s, wheels at 700 s, there at 1000 s, free at 2000 s (urban, civil).

By hand:
  response (T6 − T0), 15 incidents (the duplicate and the called-off one are out):
    urban: 600 six times, Wednesday 700 (T0 is the duplicate's), Friday evening 1000
    rural: 1800, 1860, 1920, 1980, 2040, 2100, 2160
    sorted: 600×6, 700, 1000, 1800, 1860, 1920, 1980, 2040, 2100, 2160
    p50: ceil(7.5) = 8th = 1000; p90: ceil(13.5) = 14th = 2100; sum 3600+700+1000+13860 = 19160; mean 19160/15
    urban: n 8, mean (3600+700+1000)/8 = 662.5, p50 4th = 600, p90 ceil(7.2) = 8th = 1000
    rural: n 7, mean 1980, p50 4th = 1980, p90 ceil(6.3) = 7th = 2160
    same area: urban by civil (8) and rural by the corps unit (5) = 13; cross area: 2, so that it is suppressed
  departure (T5 − T3), 15 of the 16 runs (called off at once: out):
    urban 100, 110, …, 160; rural 190 seven times; Friday 50; within 180 s: 8 of 15
    sorted 50, 100, 110, 120, 130, 140, 150, 160, 190×7: p50 8th = 160, p90 14th = 190
    sum 50 + 910 + 1330 = 2290
  answer (T1 − T0), 17 calls: 4, 5, 6 seven times, 7, 12 seven times; within 10 s: 10 of 17
    p50: 9th = 6; p90: ceil(15.3) = 16th = 12
  transport (T9 − T8): 600 seven times. turnaround (free − T9): 900 seven times.
  no unit free: 1 of 16 requests (the called-off one is excluded, the duplicate too: 15) = 1 of 15.
  cancelled before departure: one, too few to tell.
"""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest
from factories.records import figures, of_all
from factories.tales import Tale
from polars.testing import assert_frame_equal

_DAY = 86_400


@cache
def _week() -> Tale:
    tale = Tale()
    for day in range(7):
        t = day * _DAY + 8 * 3_600
        tale.incident(f"urban-{day}", t, t + 6)
        tale.ride(
            f"run-urban-{day}", f"urban-{day}", "u-civil",
            {
                "t3": t + 60, "en_route": t + 160 + 10 * day, "on_scene": t + 600, "transporting": t + 1_500,
                "at_hospital": t + 2_100, "free": t + 3_000,
            },
        )  # fmt: skip
        tale.close(f"urban-{day}", t + 3_000)
        t = day * _DAY + 14 * 3_600
        tale.incident(f"rural-{day}", t, t + 12, ground="rural", owner="corps")
        unit = "u-corps" if day < 5 else "u-civil"
        tale.ride(
            f"run-rural-{day}", f"rural-{day}", unit,
            {"t3": t + 90, "en_route": t + 280, "on_scene": t + 1_800 + 60 * day, "free": t + 4_000},
        )  # fmt: skip
        tale.close(f"rural-{day}", t + 4_000)
    t = 2 * _DAY + 8 * 3_600 - 100
    tale.incident("duplicate", t, t + 4)
    tale.tell("incidents", "incident.cancelled", t + 60, "duplicate", reason="duplicate", duplicate_of="urban-2")
    t = 3 * _DAY + 20 * 3_600
    tale.incident("called-off", t, t + 7)
    tale.send("run-called-off", "called-off", t + 50)
    tale.end("run-called-off", t + 100, reason="cancelled")
    tale.tell("incidents", "incident.cancelled", t + 100, "called-off", reason="caller_cancelled")
    t = 4 * _DAY + 20 * 3_600
    tale.incident("waits", t, t + 5)
    tale.tell("incidents", "recommendation.made", t + 20, "waits", chosen=None)
    tale.tell("incidents", "recommendation.made", t + 640, "waits", chosen="u-civil")
    tale.ride(
        "run-waits", "waits", "u-civil",
        {"t3": t + 650, "en_route": t + 700, "on_scene": t + 1_000, "free": t + 2_000},
    )  # fmt: skip
    tale.close("waits", t + 2_000)
    return tale


def test_response() -> None:
    told = figures("response", _week().record(), "ground", "same_area")
    whole, urban, rural = told["all", ""], told["ground", "urban"], told["ground", "rural"]
    assert (whole.n, whole.p50_s, whole.p90_s, whole.completeness) == (15, 1_000, 2_100, 1.0)
    assert whole.mean_s == pytest.approx(19_160 / 15)
    assert (urban.n, urban.mean_s, urban.p50_s, urban.p90_s) == (8, 662.5, 600, 1_000)
    assert (rural.n, rural.mean_s, rural.p50_s, rural.p90_s) == (7, 1_980.0, 1_980, 2_160)
    assert (told["same_area", "same"].n, told["same_area", "cross"].n) == (13, 2)
    assert told["same_area", "cross"].suppressed


def test_departure_and_answer() -> None:
    departure, answer = of_all("departure", _week().record()), of_all("answer", _week().record())
    assert (departure.n, departure.hits, departure.p50_s, departure.p90_s) == (15, 8, 160, 190)
    assert departure.mean_s == pytest.approx(2_290 / 15)
    assert (answer.n, answer.hits, answer.p50_s, answer.p90_s) == (17, 10, 6, 12)


def test_the_rest_of_the_week() -> None:
    record = _week().record()
    assert (of_all("transport", record).n, of_all("transport", record).mean_s) == (7, 600.0)
    assert (of_all("turnaround", record).n, of_all("turnaround", record).mean_s) == (7, 900.0)
    assert (of_all("no_unit", record).hits, of_all("no_unit", record).counted) == (1, 15)
    assert of_all("cancelled_before_departure", record).suppressed


def test_the_order_of_entry_does_not_matter() -> None:
    record = _week().record()
    for seed in range(3):
        other = _week().shuffled(seed).record()
        for frame, rows in record.items():
            assert_frame_equal(other[frame].collect().drop("seq"), rows.collect().drop("seq"), categorical_as_str=True)
    assert record["incidents"].filter(pl.col("t0") < pl.col("t0_own")).collect()["incident_id"].to_list() == ["urban-2"]


def test_what_is_charted_of_patients() -> None:
    tale = Tale()
    tale.incident("i-1", 0, 6)
    for key in ("p-1", "p-2", "p-3", "p-4"):
        tale.tell("patients", "patient.added", 600, key, incident_id="i-1", ordinal=int(key[-1]))
    chart = {"incident_id": "i-1", "signals": "[]", "treatment": ""}
    tale.tell("patients", "patient.charted", 700, "p-1", **{**chart, "entry_id": "e-1", "treatment": "cpr"})
    tale.tell("patients", "patient.outcome_set", 900, "p-1", incident_id="i-1", outcome="transported", version=1)
    # A treatment that was withdrawn, and one that was corrected to a measurement, are none.
    tale.tell("patients", "patient.charted", 700, "p-2", **{**chart, "entry_id": "e-2", "treatment": "oxygen"})
    tale.tell("patients", "patient.chart_withdrawn", 800, "p-2", incident_id="i-1", entry_id="e-2")
    tale.tell("patients", "patient.charted", 700, "p-3", **{**chart, "entry_id": "e-3", "treatment": "oxygen"})
    corrected = {**chart, "entry_id": "e-4", "corrects": "e-3", "signals": '["spo2"]'}
    tale.tell("patients", "patient.charted", 750, "p-3", **corrected)
    tale.tell(
        "patients", "patient.outcome_set", 900, "p-4", incident_id="i-1", outcome="resuscitation_stopped", version=1
    )
    told = tale.record()["patients"].collect().select("patient_id", "treated", "resuscitated", "survived").rows()
    assert told == [
        ("p-1", True, True, True),
        ("p-2", None, None, None),
        ("p-3", False, False, None),
        ("p-4", None, True, False),
    ]
