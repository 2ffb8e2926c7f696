"""A self-signed certificate, for a local network without internet."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dispatch.kernel.errors import Conflict, Invalid

MOST_DAYS: Final = 825
"""What Apple's systems take of a certificate that a person trusts by hand; the strictest of the common ones."""
_HOST: Final = re.compile(
    r"(?=.{1,253}$)(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_SKEW: Final = timedelta(hours=1)


def self_signed(names: Sequence[str], now: datetime, days: int) -> tuple[bytes, bytes]:
    """Return certificate and private key (ECDSA P-256), both PEM, for host names and addresses.

    It holds from an hour ago, so that clocks a little behind take it. Raises Invalid (`tls.name`).
    """
    if not names:
        raise Invalid("tls.name", "Name at least one host or address.")
    alternatives = [_alternative(name) for name in dict.fromkeys(name.lower() for name in names)]
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tarim"), _common_name(names[0])])
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now - _SKEW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        # Of itself only: with it nobody can vouch for another host.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def write_pair(folder: Path, certificate: bytes, key: bytes, *, overwrite: bool) -> tuple[Path, Path]:
    """Write `cert.pem` (0644) and `key.pem` (0600) and return their paths. Raises Conflict (`tls.exists`)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    if not overwrite and (cert_path.exists() or key_path.exists()):
        raise Conflict("tls.exists", f"There is a certificate in {folder} already.", "Replace it with --overwrite.")
    for path, content, mode in ((key_path, key, 0o600), (cert_path, certificate, 0o644)):
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(fd, "wb") as file:
            os.fchmod(fd, mode)
            file.write(content)
            file.flush()
            os.fsync(fd)
        draft.replace(path)
    return cert_path, key_path


def fingerprint(certificate: bytes) -> str:
    """The SHA-256 fingerprint as browsers show it, to compare by eye."""
    digest = x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    if not _HOST.fullmatch(name):
        raise Invalid(
            "tls.name", f"{name!r} is neither a host name nor an address.", "Write console.example or 10.0.0.5."
        )
    return x509.DNSName(name)


def _common_name(name: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(NameOID.COMMON_NAME, name[:64])
