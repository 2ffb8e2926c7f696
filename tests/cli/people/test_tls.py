"""`tarim tls self-signed` and the settings that name the certificate."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from api.cli.certificates import MOST_DAYS, self_signed, write_pair
from api.cli.tls import self_signed_
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.errors import Conflict, Invalid
from dispatch.settings import load_settings

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


def test_what_the_certificate_says() -> None:
    pem, key = self_signed(["Dispatch.lan", "10.0.0.5", "[::1]", "dispatch.lan", "*.tarim.example"], NOW, 100)
    made = x509.load_pem_x509_certificate(pem)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["dispatch.lan", "*.tarim.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5", "::1"]
    assert made.not_valid_before_utc == NOW - timedelta(hours=1)
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=100)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    public = made.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"
    assert key.startswith(b"-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize("name", ["", "a b", "https://dispatch.lan", "-x", "x" * 300, "阿克苏", "a..b", "10.0.0.5/24"])
def test_what_is_no_host(name: str) -> None:
    with pytest.raises(Invalid):
        self_signed([name], NOW, 10)


@pytest.mark.parametrize("strict", [False, True])
async def test_a_client_that_trusts_it_speaks_tls(tmp_path: Path, strict: bool) -> None:
    pem, key = self_signed(["localhost", "127.0.0.1"], SystemClock().now(), MOST_DAYS)
    cert_path, key_path = write_pair(tmp_path, pem, key, overwrite=False)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert_path, key_path)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    trusting = ssl.create_default_context(cafile=str(cert_path))
    if strict:
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=serving) as server:
        port = server.sockets[0].getsockname()[1]
        for name in ("localhost", "127.0.0.1"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=name)
            writer.write(b"here\n")
            assert await reader.readline() == b"here\n"
            writer.close()
            await writer.wait_closed()
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname="evil.example")


def test_the_key_is_for_its_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_HOME", str(tmp_path))
    result = CliRunner().invoke(self_signed_, ["dispatch.lan", "10.0.0.5"])
    assert result.exit_code == 0, result.output
    key, cert = tmp_path / "tls" / "key.pem", tmp_path / "tls" / "cert.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert cert.stat().st_mode & 0o777 == 0o644
    assert f"TARIM_TLS_CERT={cert}" in result.output
    before = key.read_bytes()
    again = CliRunner().invoke(self_signed_, ["dispatch.lan"])
    assert isinstance(again.exception, Conflict)
    assert key.read_bytes() == before
    assert CliRunner().invoke(self_signed_, ["dispatch.lan", "--overwrite"]).exit_code == 0
    assert key.read_bytes() != before
    assert sorted(path.name for path in key.parent.iterdir()) == ["cert.pem", "key.pem"]
    assert CliRunner().invoke(self_signed_, ["x", "--days", "900"]).exit_code == 2


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    settings = load_settings(tls_cert=tmp_path / "c", tls_key=tmp_path / "k")
    assert (settings.tls_cert, settings.tls_key) == (tmp_path / "c", tmp_path / "k")
    assert load_settings().tls_cert is None
    for half in ({"tls_cert": tmp_path / "c"}, {"tls_key": tmp_path / "k"}):
        with pytest.raises(Invalid, match="go together"):
            load_settings(**half)


def test_trusted_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARIM_TRUSTED_ORIGINS", '["https://console.example"]')
    assert load_settings().trusted_origins == ("https://console.example",)
    for bad in ("https://console.example/", "console.example", "*", "https://a@b?"):
        with pytest.raises(Invalid):
            load_settings(trusted_origins=(bad,))
