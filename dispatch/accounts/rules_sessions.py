"""Tokens, and how long they hold. Pure, but for the drawing of a token."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOKEN_BYTES: Final = 32
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
DEVICE_PREFIX: Final = "tarim-device-"
TOUCH_EVERY: Final = timedelta(seconds=60)
"""A session's last use is written down at most this often."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts: at most, and without being used."""

    absolute: timedelta
    idle: timedelta


def new_token(prefix: str = "") -> str:
    """Draw a token: 32 random bytes in URL-safe base64, after a prefix that tells what it is."""
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str, prefix: str = "") -> bytes | None:
    """Return what is stored of a token, 32 bytes; None for what can be none.

    A plain SHA-256: there is nothing to guess in 256 random bits, and salt would forbid looking it up.
    """
    if not token.startswith(prefix) or not _TOKEN.fullmatch(token.removeprefix(prefix)):
        return None
    return hashlib.sha256(token.encode("ascii")).digest()


def ends_at(last_seen_at: datetime, expires_at: datetime, lifetimes: Lifetimes) -> datetime:
    """When a session ends if nobody uses it from now on."""
    return min(expires_at, last_seen_at + lifetimes.idle)


def source_of(address: str) -> str:
    """What counts as one source: an IPv4 address, or the /64 network that one IPv6 customer holds."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
