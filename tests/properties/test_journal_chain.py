"""Whatever is done to a chain is found, and named where it was done."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from factories.journal import START, chain, resealed
from hypothesis import given

from dispatch.kernel.anchors import Anchor
from dispatch.kernel.errors import Invalid
from dispatch.kernel.journal_chain import Line, is_sound
from dispatch.kernel.journal_check import ChainCheck, FindingKind, Verification, result
from dispatch.kernel.journal_json import payload_bytes, same_value

WHOLE = list(chain(40))
ANCHORS = [Anchor(seq, WHOLE[seq - 1].hash, START) for seq in (10, 20, 30, 40)]
NULLABLE = {"organisation", "parent_id"}


def checked(lines: list[Line], anchors: list[Anchor] | None = None) -> Verification:
    check = ChainCheck(anchors or [])
    for line in lines:
        check.take(line)
    return result(check, with_anchors=anchors is not None)


def kinds(found: Verification) -> list[tuple[str, int]]:
    return [(str(finding.kind), finding.seq) for finding in found.findings]


def other_bytes(value: bytes | None) -> st.SearchStrategy[bytes | None]:
    made = st.binary(min_size=1, max_size=40)
    return (st.none() | made if value is None else made).filter(lambda found: found != value)


indexes = st.integers(0, len(WHOLE) - 1)
fields = st.sampled_from([name for name in Line._fields if name != "seq"])


def test_a_whole_chain_is_whole() -> None:
    found = checked(WHOLE, ANCHORS)
    assert found.whole
    assert (found.lines, found.last_seq, found.anchors, found.last_hash) == (40, 40, 4, WHOLE[-1].hash.hex())
    assert found.sentence == "The journal is whole: 40 lines; 4 anchors agree."


def test_an_empty_journal_is_whole() -> None:
    assert checked([]).whole
    assert kinds(checked([], ANCHORS)) == [("cut", 1)]


@given(index=indexes, field=fields, data=st.data())
def test_any_change_of_any_field_of_any_line_is_found_there(index: int, field: str, data: st.DataObject) -> None:
    before = getattr(WHOLE[index], field)
    changed = data.draw(other_bytes(before))
    if field in NULLABLE and before is not None:
        changed = data.draw(st.sampled_from([changed, None]))
    lines = [*WHOLE]
    lines[index] = WHOLE[index]._replace(**{field: changed})
    assert kinds(checked(lines)) == [("changed", index + 1)]


@given(index=st.integers(0, len(WHOLE) - 2), field=fields.filter(lambda name: name != "hash"), data=st.data())
def test_a_change_with_the_lines_own_hash_made_anew_is_found(index: int, field: str, data: st.DataObject) -> None:
    lines = [*WHOLE]
    lines[index] = WHOLE[index]._replace(**{field: data.draw(other_bytes(getattr(WHOLE[index], field)))})
    lines[index] = resealed([lines[index]], 0)[0] if field != "prev_hash" else lines[index]
    if field != "prev_hash":
        lines[index : index + 1] = resealed([*lines[:index], lines[index]], index)[index:]
    found = checked(lines)
    assert (index + 1) in {finding.seq for finding in found.findings}
    assert {finding.kind for finding in found.findings} == {FindingKind.CHANGED}


@given(first=st.integers(0, len(WHOLE) - 2), count=st.integers(1, 10))
def test_any_deletion_is_found(first: int, count: int) -> None:
    kept = WHOLE[:first] + WHOLE[first + count :]
    found = checked(kept, ANCHORS)
    last = min(first + count, len(WHOLE))
    kind = FindingKind.CUT if first + count >= len(WHOLE) else FindingKind.MISSING
    assert [(item.kind, item.seq, item.last_seq) for item in found.findings] == [(kind, first + 1, last)]


@given(pair=st.lists(indexes, min_size=2, max_size=2, unique=True))
def test_any_two_lines_exchanged_are_found_out_of_order(pair: list[int]) -> None:
    one, two = sorted(pair)
    lines = [*WHOLE]
    lines[one], lines[two] = WHOLE[two]._replace(seq=one + 1), WHOLE[one]._replace(seq=two + 1)
    assert kinds(checked(lines)) == [("reordered", one + 1), ("reordered", two + 1)]


@given(index=indexes)
def test_any_line_put_in_between_is_found(index: int) -> None:
    forged = WHOLE[index]._replace(subject=b"forged")
    later = [line._replace(seq=line.seq + 1) for line in WHOLE[index:]]
    lines = resealed([*WHOLE[:index], forged], index) + later
    found = checked(lines)
    assert not found.whole
    assert found.findings[0].seq == index + 2
    assert {item.kind for item in found.findings} == {FindingKind.REORDERED}


@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_cut_tail_is_found_by_an_anchor_only(cut: int) -> None:
    assert checked(WHOLE[:cut]).whole
    found = checked(WHOLE[:cut], ANCHORS)
    assert [(item.kind, item.seq, item.last_seq) for item in found.findings] == [(FindingKind.CUT, cut + 1, 40)]


@given(index=indexes)
def test_a_chain_rewritten_to_its_end_is_found_by_an_anchor_only(index: int) -> None:
    lines = [*WHOLE]
    lines[index] = WHOLE[index]._replace(subject=b"forged")
    lines = resealed(lines, index)
    assert checked(lines).whole
    found = checked(lines, ANCHORS)
    assert [item.kind for item in found.findings] == [FindingKind.REWRITTEN]
    assert found.findings[0].seq <= index + 1 <= found.findings[0].last_seq


def test_a_journal_full_of_faults_is_told_in_bounds() -> None:
    lines = [line._replace(subject=b"forged") for line in chain(1_000)]
    found = checked(lines)
    assert (len(found.findings), found.more) == (100, 900)
    assert found.sentence == "The journal is broken: line 1 was changed (999 further broken places)."


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé车", max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(value=st.dictionaries(st.text("xyz车", max_size=5), plain, max_size=5))
def test_a_payload_has_one_form_and_keeps_its_value(value: dict[str, Any]) -> None:
    made = payload_bytes(value)
    assert json.loads(made, parse_float=lambda text: float(Decimal(text))) == value
    assert same_value(made) == made
    assert payload_bytes(dict(reversed(value.items()))) == made


@given(line=st.sampled_from(WHOLE))
def test_a_server_that_prints_a_payload_otherwise_changes_nothing(line: Line) -> None:
    printed = json.dumps(json.loads(line.payload, parse_float=Decimal), separators=(",", ":"), default=str)
    assert is_sound(line._replace(payload=printed.replace('"0.', "0.").replace('"}', "}").encode()))


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**63, {1: 2}, b"x", {"deep": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}]
)
def test_what_is_no_plain_json_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="The payload of a journal line"):
        payload_bytes({"value": value})


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\x07", "x" * 501])
def test_what_no_text_can_hold_is_refused_as_value_and_as_key(text: str) -> None:
    for payload in ({"value": text}, {text: 1}, {"list": [{"deep": text}]}):
        with pytest.raises(Invalid) as told:
            payload_bytes(payload)
        assert told.value.code == "journal.payload_text"


def test_too_large_a_payload_is_refused() -> None:
    assert payload_bytes({"list": [1] * 10_000})
    with pytest.raises(Invalid) as told:
        payload_bytes({"list": [1] * 11_000})
    assert told.value.code == "journal.payload_large"
