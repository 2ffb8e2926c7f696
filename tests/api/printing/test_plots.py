from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from api.printing.plots import Axis, Bars, Line, Plot, Ranges, path

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*series: Line | Bars | Ranges, **also: object) -> ET.Element:
    made = Plot(113, 60, Axis(0, 100), Axis(0, 50), series=series, **also)  # type: ignore[arg-type]
    return ET.fromstring(made.svg())  # noqa: S314  our own text


def test_a_line_stands_at_its_values_and_is_broken_where_nothing_is_known() -> None:
    line = drawn(Line([(0, 0), (100, 50), None, (50, 25)])).find(f"{SVG}path")
    assert line is not None
    assert line.get("d") == "M13.00 53.00L110.00 5.50M61.50 29.25h0.2"


def test_values_outside_stand_at_the_edge() -> None:
    line = drawn(Line([(-5, 80), (200, -3)])).find(f"{SVG}path")
    assert line is not None
    assert line.get("d") == "M13.00 5.50L110.00 53.00"


def test_bars_stand_on_the_lower_edge() -> None:
    bar = drawn(Bars([(0, 50, 25)])).find(f"{SVG}rect")
    assert bar is not None
    assert [bar.get(name) for name in ("x", "y", "width", "height")] == ["13.00", "29.25", "48.50", "23.75"]


def test_words_are_words() -> None:
    told = drawn(moments=[(3, '<6 L> & "x"')], title="</svg>")
    assert [one.text for one in told.iter(f"{SVG}text")] == ['<6 L> & "x"', "</svg>"]


def test_a_gap_is_hatched_between_its_times_only() -> None:
    places = [
        float(one)
        for one in re.findall(
            r'x[12]="([\d.]+)"', Plot(113, 60, Axis(0, 100), Axis(0, 50), gaps=[(40, 60)])._gap(40, 60)
        )
    ]
    assert places
    assert min(places) >= 13 + 0.4 * 97 - 0.01
    assert max(places) <= 13 + 0.6 * 97 + 0.01


def test_an_axis_without_extent_and_a_line_without_points_are_drawn() -> None:
    assert Axis(5, 5).share(7) == 0
    assert path([]) == "M0 0"
    assert path([None, None]) == "M0 0"
