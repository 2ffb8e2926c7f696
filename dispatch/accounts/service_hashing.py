"""Passwords by argon2id, in a few threads of their own: each takes 64 MiB and about a tenth of a second."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pwdlib.hashers.argon2 import Argon2Hasher

from dispatch.kernel.errors import Unavailable

T = TypeVar("T")
THREADS: Final = 2
MOST_WAITING: Final = 32


def recommended() -> Argon2Hasher:
    """Argon2id with 64 MiB, 3 passes, 4 lanes: the second choice of RFC 9106, section 4, for bounded memory."""
    return Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4, hash_len=32, salt_len=16)


class PasswordHasher:
    """Hashes and checks in at most `threads` threads; who would have to wait behind too many is sent away.

    Give passwords in their normal form (`rules_passwords`). One per process; `close` it.
    """

    def __init__(
        self, hasher: Argon2Hasher | None = None, *, threads: int = THREADS, most_waiting: int = MOST_WAITING
    ) -> None:
        self._hasher = hasher or recommended()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._most = threads + most_waiting
        self._inside = 0
        self._nobody: str | None = None
        self.hashed = 0
        """How many times a password was hashed or checked so far."""

    async def hash(self, password: str) -> str:
        """Return the hash to store. Raises Unavailable (`login.busy`)."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether it is the password. None (nobody, or no password) takes as long, and is never true.

        Raises Unavailable (`login.busy`).
        """
        return await self._run(lambda: self._verify(password, stored))

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other costs than are wanted today."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads once their work is done."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str | None) -> bool:
        if self._nobody is None:
            # Made with the same costs, of a password that is thrown away.
            self._nobody = self._hasher.hash(secrets.token_urlsafe())
        good = self._hasher.verify(password, stored or self._nobody)
        return good and stored is not None

    def must_have_room(self) -> None:
        """Send away who would have to wait behind too many. Raises Unavailable (`login.busy`)."""
        if self._inside >= self._most:
            raise Unavailable("login.busy", "Too many people are logging in at this moment.", "Try again in a moment.")

    async def _run(self, work: Callable[[], T]) -> T:
        self.must_have_room()
        self._inside += 1
        self.hashed += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._inside -= 1
