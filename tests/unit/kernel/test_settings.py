import os
from pathlib import Path

import pytest

from dispatch.kernel.errors import Invalid
from dispatch.settings import load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TARIM_") and not name.startswith("TARIM_TEST")]:
        monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "tarim.toml"
    monkeypatch.setenv("TARIM_CONFIG", str(file))
    return file


def refusal() -> Invalid:
    with pytest.raises(Invalid) as caught:
        load_settings()
    assert caught.value.code == "settings.invalid"
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value


def test_defaults_need_nothing_set() -> None:
    settings = load_settings()
    assert settings.home == Path.home() / ".local/share/tarim"
    assert (settings.database_url, settings.region, settings.host, settings.port) == (None, "aksu", "127.0.0.1", 8000)
    assert (settings.off_road_m, settings.walking_speed_mps, settings.detour_factor) == (2000.0, 1.2, 1.4)


def test_the_environment_wins_over_the_file_and_arguments_over_both(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('region = "porto"\nport = 9000\noff_road_m = 500\n', "utf-8")
    monkeypatch.setenv("TARIM_PORT", "9001")
    settings = load_settings()
    assert (settings.region, settings.port, settings.off_road_m) == ("porto", 9001, 500.0)
    assert load_settings(port=9002).port == 9002


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_any_spelling_of_a_database_address_gets_our_driver(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_DATABASE_URL", f"{scheme}://u:geheim@h/d")
    settings = load_settings()
    assert settings.database_url == "postgresql+asyncpg://u:geheim@h/d"
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port = 'many'", "port"),
        ("port = 70000", "70000"),
        ("regoin = 'aksu'", "no setting named regoin"),
        ("port = = 1", "not valid TOML"),
        ("detour_factor = 0.5", "detour_factor"),
        ("off_road_m = inf", "off_road_m"),
        ("walking_speed_mps = 0", "walking_speed_mps"),
        ("region = '../x'", "region"),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence(text: str, told: str, config: Path) -> None:
    config.write_text(text, "utf-8")
    assert told in refusal().message


def test_a_file_in_another_encoding_is_told(config: Path) -> None:
    config.write_bytes('region = "阿克苏"'.encode("gb18030"))
    assert "not valid TOML" in refusal().message


def test_a_missing_file_is_told(config: Path) -> None:
    assert str(config) in refusal().message


def test_a_wrong_variable_is_named_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_PORT", "http")
    assert "TARIM_PORT" in refusal().message


def test_a_wrong_database_address_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_DATABASE_URL", "mysql://u:geheim@h/d")
    message = refusal().message
    assert "postgresql://" in message
    assert "geheim" not in message


def test_a_home_that_names_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_HOME", "~nobody-of-this-name/tarim")
    assert "home" in refusal().message.lower()
