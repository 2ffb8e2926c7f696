"""Folding, spoken numbers and readings: what must hold for any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from geo.places.index import NameIndex
from geo.places.pinyin import readings
from geo.places.text import compact, fold, numbered, spoken_number

HAN = st.text(st.sampled_from("阿克苏英瓦提塔南路重庆行乐人民解放长都大团连绿女"), min_size=1, max_size=6)


@given(st.integers(0, 9999))
def test_a_number_said_is_the_number(number: int) -> None:
    assert numbered(spoken_number(number)) == str(number)
    assert numbered(f"第{spoken_number(number)}团") == f"{number}团"


@given(st.integers(1, 999), st.integers(1, 99))
def test_regiment_and_company_said_are_digits(regiment: int, company: int) -> None:
    said = f"{spoken_number(regiment)}团{spoken_number(company)}连"
    assert numbered(said) == f"{regiment}团{company}连"


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert " " not in compact(text)
    assert numbered(numbered(once)) == numbered(once)


@given(HAN)
def test_the_usual_reading_is_among_the_readings(name: str) -> None:
    """Our spellings hold each character's own first reading, as the library itself spells it."""
    full, initials = readings(name)
    usual = [lazy_pinyin(character, style=Style.NORMAL)[0] for character in name]
    assert "".join(usual) in full
    assert "".join(one[0] for one in usual) in initials


@given(st.lists(HAN, min_size=1, max_size=30), st.data())
def test_any_part_of_any_name_is_found(names: list[str], data: st.DataObject) -> None:
    index = NameIndex(list(enumerate(names)))
    row = data.draw(st.integers(0, len(names) - 1))
    start = data.draw(st.integers(0, len(names[row]) - 1))
    part = names[row][start : data.draw(st.integers(start + 1, len(names[row])))]
    found = index.search(part)
    assert row in found
    assert set(found) == {other for other, name in enumerate(names) if part in name}
    assert all(0.0 < match.score <= 1.0 for match in found.values())
    assert index.search(names[row])[row].score == 1.0
