"""Where the service may be reached: this machine by plain HTTP, others by TLS or through a named proxy only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.cli.certificates import self_signed, write_pair
from api.server import address_of, listening
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.errors import Refused, Unavailable
from dispatch.settings import Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what is tested
AT = datetime(2026, 11, 22, tzinfo=UTC)


def pair(folder: Path) -> tuple[Path, Path]:
    return write_pair(folder, *self_signed(["localhost", "127.0.0.1"], SystemClock().now(), 10), overwrite=True)


def test_other_addresses_take_tls_or_a_named_proxy(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="without TLS") as refused:
        listening(Settings(home=tmp_path, host=EVERYWHERE, port=0))
    assert "--behind-proxy" in refused.value.hint
    with listening(Settings(home=tmp_path, host=EVERYWHERE, port=0, behind_proxy="10.0.0.5")) as opened:
        assert address_of(opened).startswith("http://")
    cert, key = pair(tmp_path)
    with listening(Settings(home=tmp_path, host=EVERYWHERE, port=0, tls_cert=cert, tls_key=key)) as opened:
        assert address_of(opened, tls=True).startswith("https://")


def test_a_certificate_that_cannot_be_used_is_told_before_anybody_waits(tmp_path: Path) -> None:
    cert, key = pair(tmp_path)
    other, _ = pair(tmp_path / "other")
    key.write_text("no key", "utf-8")
    for wrong in ((cert, key), (other, key), (cert, tmp_path / "none.pem")):
        with pytest.raises(Unavailable) as told:
            listening(Settings(home=tmp_path, port=0, tls_cert=wrong[0], tls_key=wrong[1]))
        assert told.value.code == "serve.tls"


def test_a_host_that_is_no_address_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is no address"):
        listening(Settings(home=tmp_path, host="dispatch.lan", port=0))
