"""The file of anchors: written through, private, tolerant of a crash and of nothing else."""

from __future__ import annotations

import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from factories.journal import START

from dispatch.kernel.anchors import Anchor, AnchorFault, AnchorFile
from dispatch.kernel.errors import Conflict, Unavailable


def anchor(seq: int, byte: int | None = None) -> Anchor:
    return Anchor(seq, bytes([seq % 256 if byte is None else byte]) * 32, START + timedelta(seconds=seq))


@pytest.fixture
def file(tmp_path: Path) -> AnchorFile:
    return AnchorFile(tmp_path / "anchors" / "journal.jsonl")


def filled(file: AnchorFile, count: int = 5) -> list[Anchor]:
    made = [anchor(seq * 10) for seq in range(1, count + 1)]
    assert all(file.append(item) for item in made)
    return made


def test_what_is_written_reads_back_and_is_private(file: AnchorFile) -> None:
    assert file.last() is None
    made = filled(file)
    assert list(file.read()) == made
    assert file.last() == made[-1]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_the_same_head_is_written_once(file: AnchorFile) -> None:
    made = filled(file)
    assert not file.append(made[-1])
    assert list(file.read()) == made


def test_a_journal_that_went_back_or_differs_is_told(file: AnchorFile) -> None:
    filled(file)
    with pytest.raises(Conflict) as shorter:
        file.append(anchor(49))
    with pytest.raises(Conflict) as other:
        file.append(anchor(50, byte=9))
    assert (shorter.value.code, other.value.code) == ("journal.behind_anchor", "journal.other_than_anchor")


def test_a_last_line_cut_anywhere_is_passed_over_and_written_over(file: AnchorFile) -> None:
    made = filled(file)
    whole = file.path.read_bytes()
    start = whole[:-1].rindex(b"\n") + 1
    for size in range(start, len(whole)):
        file.path.write_bytes(whole[:size])
        assert list(file.read()) == made[:-1]
        assert file.last() == made[-2]
        assert file.append(anchor(60))
        assert list(file.read()) == [*made[:-1], anchor(60)]


def test_any_altered_byte_before_the_last_line_is_found(file: AnchorFile) -> None:
    filled(file, 3)
    whole = file.path.read_bytes()
    for place in range(whole[:-1].rindex(b"\n")):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.path.write_bytes(changed)
        assert any(isinstance(item, AnchorFault) for item in file.read()), place


def test_a_line_left_out_or_exchanged_is_found(file: AnchorFile) -> None:
    filled(file, 4)
    lines = file.path.read_bytes().splitlines(keepends=True)
    for changed in ([0, 2, 3], [1, 2, 3], [1, 0, 2, 3], [0, 1, 1, 2, 3]):
        file.path.write_bytes(b"".join(lines[number] for number in changed))
        assert any(isinstance(item, AnchorFault) for item in file.read()), changed


def test_a_line_without_end_is_found_and_takes_no_memory(file: AnchorFile) -> None:
    made = filled(file, 2)
    first, second = file.path.read_bytes().splitlines(keepends=True)
    file.path.write_bytes(first + b"x" * 3_000_000 + b"\n" + second)
    assert list(file.read()) == [made[0], AnchorFault(2, "it is no anchor"), made[1]]


def test_many_writers_at_once_leave_one_whole_file(file: AnchorFile) -> None:
    def work() -> None:
        for seq in range(1, 60):
            try:
                file.append(anchor(seq))
            except Conflict:
                continue  # another was quicker with a later one

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = list(file.read())
    assert all(isinstance(item, Anchor) for item in found)
    assert found[-1] == anchor(59)


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "anchors").write_text("a file stands here")
    with pytest.raises(Unavailable, match="The anchor cannot be written"):
        AnchorFile(tmp_path / "anchors" / "journal.jsonl").append(anchor(1))


def test_a_link_in_place_of_the_file_is_not_followed(file: AnchorFile, tmp_path: Path) -> None:
    file.path.parent.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"")
    file.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        file.append(anchor(1))
