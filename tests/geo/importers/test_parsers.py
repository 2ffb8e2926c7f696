"""Readers of single values: what they understand, and that no text makes them raise."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.importers import landmarks, measures, speed_limits
from geo.importers.seasons import closed_months, months


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48),
        ("30mph", 48),
        ("70.5", 70),
        ("CN:urban", 50),
        ("CN:rural", 70),
        ("CN:motorway", 120),
        ("XX:urban", 50),
        ("XX:rural", 0),
        ("DE:zone30", 30),
        ("DE:zone:30", 30),
        ("FR:30", 30),
        ("DE:motorway", 0),
        ("walk", 7),
        ("none", 0),
        ("signals", 0),
        ("50;30", 30),
        ("80|60", 60),
        ("10 knots", 19),
        ("0", 0),
        ("5000", 0),
        ("-50", 0),
        ("fast", 0),
        ("", 0),
    ],
)
def test_speed_limits(text: str, kmh: int) -> None:
    assert speed_limits.limit_kmh(text) == kmh


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("2.5", 250),
        ("2.5 m", 250),
        ("2.3", 230),
        ("2,5m", 250),
        ("250 cm", 250),
        ("8'6\"", 259),
        ("8' 6\"", 259),
        ("8′6″", 259),
        ("8'", 243),
        ("8 ft 6 in", 259),
        ("7ft", 213),
        ("3;2.2", 220),
        ("default", 0),
        ("none", 0),
        ("below_default", 0),
        ("0.01", 0),
        ("250", 0),
        ("", 0),
        ("'", 0),
    ],
)
def test_lengths(text: str, cm: int) -> None:
    assert measures.length_cm(text) == cm


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("3.5", 3500),
        ("3.5 t", 3500),
        ("3,5t", 3500),
        ("3500 kg", 3500),
        ("8 st", 7257),
        ("7000 lbs", 3175),
        ("40;3.5", 3500),
        ("unsigned", 0),
        ("3 elephants", 0),
    ],
)
def test_weights(text: str, kg: int) -> None:
    assert measures.weight_kg(text) == kg


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:20", 1200), ("1:30:15", 5415), ("20", 1200), ("PT1H30M", 5400), ("PT90S", 90), ("P1D", 86_400), ("soon", 0)],
)
def test_durations(text: str, seconds: int) -> None:
    assert measures.duration_s(text) == seconds


@pytest.mark.parametrize(("text", "lanes"), [("2", 2), ("2;3", 2), ("1.5", 1), ("0", 0), ("many", 0), ("²", 0)])
def test_lanes(text: str, lanes: int) -> None:
    assert measures.lane_count(text) == lanes


@pytest.mark.parametrize(
    ("text", "km"),
    [
        ("123", 123.0),
        ("123.5 km", 123.5),
        ("K123+500", 123.5),
        ("k12+030", 12.03),
        ("PK 12+300", 12.3),
        ("7,5", 7.5),
        ("1023公里", 1023.0),
        ("G314", None),
        ("", None),
    ],
)
def test_kilometre_posts(text: str, km: float | None) -> None:
    assert landmarks.parse_km(text) == km


WINTER_HALF = months("oct", "nov", "dec", "jan", "feb", "mar", "apr", "may")


@pytest.mark.parametrize(
    ("tags", "closed"),
    [
        ({"motor_vehicle:conditional": "no @ (Oct-May)"}, WINTER_HALF),
        ({"access:conditional": "no @ (Oct 15 - May 10)"}, WINTER_HALF),
        ({"access:conditional": "no @ Nov-Apr"}, WINTER_HALF & ~months("oct", "may")),
        ({"access:conditional": "no @ (Jul)"}, months("jul")),
        ({"vehicle:conditional": "no @ (Jun 10-20)"}, months("jun")),
        ({"access:conditional": "no @ winter"}, months("dec", "jan", "feb")),
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (Jun-Sep)"}, WINTER_HALF),
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (Jun 5-Sep)"}, WINTER_HALF | months("jun")),
        ({"winter_road": "yes"}, 0xFFF & ~months("dec", "jan", "feb")),
        ({"ice_road": "yes"}, 0xFFF & ~months("dec", "jan", "feb")),
        ({"seasonal": "winter"}, 0xFFF & ~months("dec", "jan", "feb")),
        ({"seasonal": "no"}, 0),
        ({}, 0),
    ],
)
def test_closed_months(tags: dict[str, str], closed: int) -> None:
    assert closed_months(tags) == (closed, False)


@pytest.mark.parametrize(
    "tags",
    [
        {"access:conditional": "no @ (20:00-06:00)"},
        {"access:conditional": "no @ (Oct-May 20:00-06:00)"},
        {"motor_vehicle:conditional": "no @ (Mo-Fr 07:00-19:00)"},
        {"motor_vehicle:conditional": "no @ snow"},
        {"motor_vehicle:conditional": "?"},
        {"seasonal": "yes"},
    ],
)
def test_conditions_that_are_not_months_close_nothing_and_are_counted(tags: dict[str, str]) -> None:
    assert closed_months(tags) == (0, True)


@given(st.text(max_size=200))
@example("9" * 200)
@example("Jan 99-Feb 99")
@example("no @ (Dec 31-Jan 1); no @ (")
@example("1'٣\"")
def test_no_text_makes_a_reader_raise(text: str) -> None:
    assert 0 <= speed_limits.limit_kmh(text) <= 250
    assert 0 <= measures.length_cm(text) <= 2_000
    assert 0 <= measures.weight_kg(text) <= 200_000
    assert measures.duration_s(text) >= 0
    assert 0 <= measures.lane_count(text) <= 255
    km = landmarks.parse_km(text)
    assert km is None or 0.0 <= km < 10_000.0
    assert 0 <= closed_months({"access:conditional": text, "seasonal": text})[0] <= 0xFFF
    assert 0 <= closed_months({"access:conditional": f"no @ ({text})"})[0] <= 0xFFF


@given(
    st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,3})?( ?(m|ft|cm|t|kg|mph|km/h|'|\"|knots))?", fullmatch=True),
)
def test_anything_like_a_measure_is_read_without_raising(text: str) -> None:
    assert 0 <= speed_limits.limit_kmh(text) <= 250
    assert 0 <= measures.length_cm(text) <= 2_000
    assert 0 <= measures.weight_kg(text) <= 200_000


@given(st.integers(50, 2_000))
def test_a_written_height_is_read_exactly(cm: int) -> None:
    assert measures.length_cm(f"{cm / 100:.2f}") == cm
    assert measures.length_cm(f"{cm / 100:.2f} m") == cm
    assert measures.length_cm(f"{cm} cm") == cm
