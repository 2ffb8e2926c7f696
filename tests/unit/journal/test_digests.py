"""Salted digests: one key per installation, private, made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dispatch.kernel.digests import FILE, Digester
from dispatch.kernel.errors import Unavailable


def test_a_digest_is_the_same_for_the_same_value_only(tmp_path: Path) -> None:
    digester = Digester.of_home(tmp_path)
    made = digester.digest("phone", "13800001234")
    assert len(made) == 64
    assert made == Digester.of_home(tmp_path).digest("phone", "13800001234")
    assert digester.matches("phone", "13800001234", made)
    for kind, value in (("phone", "13800001235"), ("name", "13800001234"), ("phon", "e13800001234")):
        assert not digester.matches(kind, value, made)
    assert Digester.of_home(tmp_path / "other").digest("phone", "13800001234") != made


def test_broken_text_has_a_digest_and_a_bad_digest_matches_nothing(tmp_path: Path) -> None:
    digester = Digester.of_home(tmp_path)
    assert digester.matches("name", "\ud800", digester.digest("name", "\ud800"))
    assert not digester.matches("name", "\ud800", "\ud800")


def test_the_key_is_private_and_never_shown(tmp_path: Path) -> None:
    digester = Digester.of_home(tmp_path)
    key = (tmp_path / FILE).read_bytes()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert list((tmp_path / FILE).parent.iterdir()) == [tmp_path / FILE]
    assert key.hex() not in repr(digester)
    assert repr(key) not in repr(digester)


def test_processes_starting_at_once_end_with_one_key(tmp_path: Path) -> None:
    for number in range(20):
        home = tmp_path / str(number)
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(lambda _, home=home: Digester.of_home(home).digest("a", "b"), range(8)))
        assert len(made) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    Digester.of_home(tmp_path)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(Unavailable, match="open to others"):
        Digester.of_home(tmp_path)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_refused_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    Digester.of_home(tmp_path)
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(Unavailable, match="damaged"):
        Digester.of_home(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content
