"""A signal that asks to stop is heard, wherever it comes."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from api.server import stopping_quietly

LONG_S = 30.0


class Finalized:
    """Asks to stop while it is thrown away."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)
        for _ in range(1_000):
            """So that the handler has its turn here."""


def wait() -> None:
    until = time.monotonic() + LONG_S
    while time.monotonic() < until:
        time.sleep(0.01)


@stopping_quietly()
def asked_within_a_finalizer() -> None:
    Finalized()
    wait()


@stopping_quietly()
def asked_in_the_open() -> None:
    signal.raise_signal(signal.SIGTERM)
    wait()


@pytest.mark.parametrize("asked", [asked_within_a_finalizer, asked_in_the_open])
def test_a_signal_ends_what_goes_on(asked: Callable[[], None]) -> None:
    with pytest.raises(SystemExit) as ended:
        asked()
    assert ended.value.code == 0
