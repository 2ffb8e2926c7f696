"""The session's cookie: which name it has, and when it is Secure.

Off loopback it is `__Host-tarim`, Secure: a browser then neither sends nor takes it without TLS, nor lets another host
of the same domain set it. Over plain HTTP on this machine's own loopback it is `tarim`, without Secure.
"""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.requests import HTTPConnection

COOKIE: Final = "tarim"
SECURE_COOKIE: Final = "__Host-tarim"
_LONGEST: Final = 8_192


def is_loopback_host(host: str) -> bool:
    """Tell whether a Host header names this machine itself."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    name = name.lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_secure(connection: HTTPConnection) -> bool:
    """Tell whether this browser's cookie must be Secure: always, but over plain HTTP to the loopback address."""
    plain = connection.scope["scheme"] in ("http", "ws")
    return not (plain and is_loopback_host(connection.headers.get("host", "")))


def session_token(connection: HTTPConnection) -> str | None:
    """The session token that the browser sent, under the one name that it must have here."""
    wanted = SECURE_COOKIE if is_secure(connection) else COOKIE
    found: list[str] = []
    for header in connection.headers.getlist("cookie"):
        for part in header[:_LONGEST].split(";"):
            name, _, value = part.strip().partition("=")
            if name == wanted:
                found.append(value)
    # Two of them: somebody slipped one in beside; neither is believed.
    return found[0] if len(found) == 1 else None


def set_cookie(connection: HTTPConnection, token: str, max_age_s: int) -> str:
    """The Set-Cookie header that gives a token to the browser; with max_age_s 0 it takes the token away."""
    secure = is_secure(connection)
    made = f"{SECURE_COOKIE if secure else COOKIE}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict"
    return f"{made}; Secure" if secure else made
