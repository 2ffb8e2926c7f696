"""Where a vehicle's commands look for the service of this machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from api.cli.here import PORT_FILE, known_to_be_here
from api.cli.vehicle import gateway_url


def test_a_service_on_another_port_than_the_settings_is_found_while_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TARIM_HOME", str(tmp_path))
    monkeypatch.setenv("TARIM_PORT", "8123")
    assert gateway_url(None) == "ws://127.0.0.1:8123/api/ingest"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with known_to_be_here(tmp_path, listener):
            assert gateway_url(None) == f"ws://127.0.0.1:{port}/api/ingest"
            assert gateway_url("wss://centre.example/api/ingest") == "wss://centre.example/api/ingest"
    assert not (tmp_path / PORT_FILE).exists()
    (tmp_path / PORT_FILE).write_text(str(port))  # of one that was killed
    assert gateway_url(None) == "ws://127.0.0.1:8123/api/ingest"
