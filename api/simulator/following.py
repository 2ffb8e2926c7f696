"""Following the live feed as a screen does, over any interruption."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, Final

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from api.simulator.client import Client, Refusal, Say
from api.simulator.ear import Ear
from api.simulator.props import Account

_AGAIN_S: Final = 1.0
_PATIENCE_S: Final = 60.0
_TOPICS: Final = ("calls", "incidents", "units", "assignments")
_SESSION_ENDED: Final = 4401


async def follow(client: Client, account: Account, ear: Ear, heard: Callable[[dict[str, Any]], None], say: Say) -> None:
    """Until cancelled: hand over every message; nothing is lost between two connections."""
    lost = False
    while True:
        try:
            async with _connected(client, await client.log_in(account)) as socket:
                wanted = {"op": "subscribe", "topics": _TOPICS, "after": ear.seq, "mark": ear.mark or None}
                await socket.send(msgspec.json.encode(wanted).decode())
                if lost:
                    say("The live feed is there again.")
                lost = False
                async for message in socket:
                    heard(msgspec.json.decode(message))
            why = "closed"
        except ConnectionClosed as error:
            why = str(error)
            if error.rcvd is not None and error.rcvd.code == _SESSION_ENDED:
                client.forget(account)
        except (InvalidHandshake, Refusal) as error:
            why = str(error)
            client.forget(account)
        except (OSError, TimeoutError) as error:
            why = type(error).__name__
        if not lost:
            say(f"The live feed was cut ({why}); connecting again.")
        lost = True
        await asyncio.sleep(_AGAIN_S)


def _connected(client: Client, cookie: str) -> connect:
    return connect(
        f"ws{client.address.removeprefix('http')}/api/live",
        additional_headers={"Cookie": cookie},
        compression=None,
        max_size=None,
        open_timeout=_PATIENCE_S,
        ping_timeout=_PATIENCE_S,
        proxy=None,
        ssl=ssl.create_default_context(cafile=client.verify) if client.address.startswith("https") else None,
    )
