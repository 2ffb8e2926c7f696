"""`tarim cards` as a person calls it: exported, edited, checked, brought in, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories.command import Tarim

from dispatch.cards.rules_reading import builtin_text

pytestmark = [pytest.mark.database, pytest.mark.slow]


def test_cards_go_out_and_come_back_edited(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file, again = tmp_path / "cards.toml", tmp_path / "again.toml"
    assert tarim("cards", "export", file).code == 0
    assert file.read_text("utf-8") == builtin_text()
    file.write_text(file.read_text("utf-8").replace('version = "2026.11"', 'version = "own-1"'), "utf-8")
    done = tarim("cards", "check", file)
    assert (done.code, done.out.split(",")[0]) == (0, "Good: version own-1")
    done = tarim("cards", "import", file, "--region", region)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{region} has the cards of {file} (its version 1).\n"
    assert tarim("cards", "export", again, "--region", region).code == 0
    assert again.read_bytes() == file.read_bytes()
    assert tarim("cards", "import", "--builtin", "--region", region).out.startswith(f"{region} has the built-in cards")
    assert tarim("cards", "export", "-", "--region", region).out == builtin_text()


def test_faults_are_listed_and_nothing_is_changed(tarim: Tarim, region: str, tmp_path: Path) -> None:
    file = tmp_path / "cards.toml"
    file.write_text(builtin_text().replace('path = "CHEST"', 'path = "HEART"'), "utf-8")
    done = tarim("cards", "check", file, "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert [fault["place"] for fault in done.json["faults"]] == [f"cards.K{card}.path" for card in ("03", "22", "23")]
    done = tarim("cards", "import", file, "--region", region)
    assert done.code == 1
    assert "3 faults; nothing was changed." in done.err
    assert "cards.K03.path: paths are" in done.err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("import", "--region", "southern"), 2), (("import", "x.toml", "--builtin", "--region", "southern"), 2)],
)
def test_wrong_calls_are_told(tarim: Tarim, words: tuple[str, ...], code: int) -> None:
    assert tarim("cards", *words).code == code


def test_unreadable_files_are_told_in_one_sentence(tarim: Tarim, tmp_path: Path) -> None:
    file = tmp_path / "cards.toml"
    assert "cannot be read" in tarim("cards", "check", file).err
    file.write_bytes(b"\xff\xfe\x00")
    done = tarim("cards", "check", file)
    assert (done.code, "not UTF-8" in done.err) == (1, True)
    file.write_bytes(b"")
    assert tarim("cards", "check", file).code == 1
