"""The simulated day as a process of its own beside the demo's service."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import Final

from api.parts import Parts, Say
from api.simulator.preparing import prepare
from api.simulator.wishes import Wishes
from dispatch.kernel.errors import DatabaseUnavailable, TarimError

_START: Final = "import sys; from api.cli import main; main(sys.argv[1:])"
_STOP_S: Final = 5.0
_AGAIN_S: Final = 5.0
_MOST_STARTS: Final = 5


async def play_beside(parts: Parts, address: str, wishes: Wishes, say: Say) -> None:
    """Until cancelled: prepare what is needed, and let another process play against the service.

    It is of our process group, so that Ctrl-C ends both; it ends when we do, whatever becomes of us. A day that breaks
    off is begun again, a few times. The service goes on without it.
    """
    for start in range(_MOST_STARTS):
        if start:
            await asyncio.sleep(_AGAIN_S)  # Ctrl-C ends the player too, and us while we wait
            say("The simulated day broke off; it begins again.")
        try:
            await prepare(parts)
        except DatabaseUnavailable:
            continue  # it was killed, and is coming back
        except TarimError as error:
            say(f"The simulated day cannot begin: {error}")
            return
        code = await _child(parts, address, wishes)
        if code == 0:
            return
    say("The simulated day broke off too often; the service goes on without it.")


async def _child(parts: Parts, address: str, wishes: Wishes) -> int:
    arguments = [
        "simulate", "--beside", "--address", address, "--seed", wishes.seed, "--speed", wishes.speed, "--calls",
        wishes.calls_per_day, "--patience", wishes.patience_s,
        "--dispatcher" if wishes.dispatcher else "--no-dispatcher",
    ]  # fmt: skip
    settings = parts.settings
    environment = {**os.environ, "TARIM_HOME": str(settings.home)}
    if settings.tls_cert is not None:
        environment["TARIM_TLS_CERT"], environment["TARIM_TLS_KEY"] = str(settings.tls_cert), str(settings.tls_key)
    # Its input is a pipe that nobody writes to: it ends when we do.
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _START, *map(str, arguments), stdin=asyncio.subprocess.PIPE, env=environment
    )
    try:
        return await child.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _STOP_S)
        except TimeoutError:
            child.kill()
            await child.wait()
