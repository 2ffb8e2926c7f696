"""Salted digests of personal values: a journal line can prove a value without holding it.

A digest is HMAC-SHA-256 under a key of this installation (PIPL art. 73: de-identified, and anonymous once the key and
the value are gone). The key is a file of 32 random bytes, 0600, below TARIM_HOME. It belongs into backups: without it
no digest can be checked any more.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final, Self

from dispatch.kernel.errors import Unavailable

FILE: Final = Path("keys") / "digest.key"
"""Below TARIM_HOME."""
_KEY_BYTES: Final = 32


class Digester:
    """Makes digests under one key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, not {_KEY_BYTES}")
        self._key = key

    def __repr__(self) -> str:
        return "Digester(...)"

    @classmethod
    def of_home(cls, home: Path) -> Self:
        """Read the key of this installation, or make it. Raises Unavailable when it is damaged or open to others."""
        path = home / FILE
        try:
            if not path.exists():
                _make(path)
            return cls(_read(path))
        except OSError as error:
            raise Unavailable(
                "digests.key", f"The key file {path} cannot be used: {error.strerror or error}.", "Check its owner."
            ) from error

    def digest(self, kind: str, value: str) -> str:
        """Return the digest of a value as 64 hexadecimal digits.

        kind: what the value is (`phone`, `name`): equal values of two kinds have different digests.
        """
        text = f"{len(kind)}:{kind}{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, "sha256").hexdigest()

    def matches(self, kind: str, value: str, digest: str) -> bool:
        """Tell whether `digest` is that of the value."""
        return hmac.compare_digest(self.digest(kind, value).encode(), digest.encode("utf-8", "replace"))


def _make(path: Path) -> None:
    """Write a new key beside and link it in: two processes at once end with one key, and a crash with none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(fd, secrets.token_bytes(_KEY_BYTES))
        os.fsync(fd)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        os.close(fd)
        draft.unlink()


def _read(path: Path) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        found = os.fstat(fd)
        if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise Unavailable(
                "digests.key_open",
                f"The key file {path} belongs to somebody else or is open to others.",
                f"Make it private again: chmod 600 {path}.",
            )
        key = os.read(fd, _KEY_BYTES + 1)
    finally:
        os.close(fd)
    if len(key) != _KEY_BYTES:
        raise Unavailable(
            "digests.key_damaged",
            f"The key file {path} is damaged.",
            "Put it back from a backup.",
        )
    return key
