"""A client of the public API, as devices and screens are: it logs in, asks, and waits while nobody answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final
from uuid import UUID

import msgspec
import requests

from api.simulator.props import Account, Token

_THREADS: Final = 4
_TIMEOUT_S: Final = (5.0, 30.0)
_AWAY: Final = frozenset((502, 503, 504))
_AGAIN_S: Final = (0.5, 1.0, 2.0, 5.0)

Say = Callable[[str], None]


class Refusal(Exception):
    """The service refused something, with its stable code."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code = status, code


class Client:
    """Asks the service at an address. Requests run in a few threads; each has its own connection, kept open.

    verify: the certificate that the service's is checked with, for an address with https; None: the system's.
    """

    def __init__(self, address: str, *, verify: str | None = None, say: Say) -> None:
        self.address, self.verify = address, verify
        self._say = say
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="simulator")
        self._local = threading.local()
        self._cookies: dict[str, str] = {}
        self._logging_in: dict[str, asyncio.Lock] = {}
        self._away = False

    def close(self) -> None:
        """Ask no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def device(self, token: Token, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask as a device. Raises Refusal."""
        return await self._ask({"Authorization": f"Bearer {token.token}"}, method, path, body)

    async def person(
        self,
        account: Account,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = "",
    ) -> Any:  # noqa: ANN401 - JSON
        """Ask as somebody who is logged in; who is not any more logs in anew. Raises Refusal."""
        for last in (False, True):
            cookie = self._cookies.get(account.name) or await self.log_in(account)
            headers = {"Cookie": cookie} | ({"Idempotency-Key": key} if key else {})
            try:
                return await self._ask(headers, method, path, body)
            except Refusal as refusal:
                if refusal.status != 401 or last:
                    raise
                if self._cookies.get(account.name) == cookie:
                    del self._cookies[account.name]
        raise AssertionError("unreachable")

    async def log_in(self, account: Account) -> str:
        """Log in; return the Cookie header that says so. Raises Refusal."""
        async with self._logging_in.setdefault(account.name, asyncio.Lock()):
            if account.name in self._cookies:
                return self._cookies[account.name]
            body = {"name": account.name, "password": account.password}
            answer = await self._sent({}, "POST", "/api/session", body)
            _checked(answer)
            pair = answer.headers["Set-Cookie"].partition(";")[0]
            self._cookies[account.name] = pair
            return pair

    def forget(self, account: Account) -> None:
        """Log in anew next time."""
        self._cookies.pop(account.name, None)

    async def _ask(self, headers: dict[str, str], method: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return _checked(await self._sent(headers, method, path, body))

    async def _sent(self, headers: dict[str, str], method: str, path: str, body: object) -> requests.Response:
        """Send until somebody answers: nothing that simulated people do is lost."""
        data = None if body is None else msgspec.json.encode(body)
        if data is not None:
            headers = {**headers, "Content-Type": "application/json"}
        loop, tries = asyncio.get_running_loop(), 0
        while True:
            try:
                answer = await loop.run_in_executor(self._pool, self._send, headers, method, path, data)
                if answer.status_code not in _AWAY:
                    self._tell(away=False)
                    return answer
                why = str(answer.status_code)
            except (requests.ConnectionError, requests.Timeout) as error:
                why = type(error).__name__
            self._tell(away=True, why=why)
            await asyncio.sleep(_AGAIN_S[min(tries, len(_AGAIN_S) - 1)])
            tries += 1

    def _send(self, headers: dict[str, str], method: str, path: str, data: bytes | None) -> requests.Response:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
            session.trust_env = False
            # A thread asks for many people: a login that brought another's cookie along would end that one's.
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session.request(
            method, self.address + path, headers=headers, data=data, timeout=_TIMEOUT_S, verify=self.verify or True,
            allow_redirects=False,
        )  # fmt: skip

    def _tell(self, *, away: bool, why: str = "") -> None:
        if away and not self._away:
            self._say(f"The simulated day waits: the service does not answer ({why}).")
        if not away and self._away:
            self._say("The service answers again; the simulated day goes on.")
        self._away = away


def _checked(answer: requests.Response) -> Any:  # noqa: ANN401 - JSON
    if answer.status_code < 400:
        return msgspec.json.decode(answer.content) if answer.content else None
    try:
        problem: dict[str, Any] = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        problem = {}
    raise Refusal(answer.status_code, str(problem.get("code", "")), str(problem.get("detail", "")))


def uuid_of(value: Any) -> UUID:  # noqa: ANN401 - a field of JSON
    """Return an id that an answer has as text."""
    return UUID(str(value))
