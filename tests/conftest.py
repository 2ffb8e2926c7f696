"""What all tests share: the path of real data, and fixtures that live in `factories`."""

from __future__ import annotations

import functools
import gc
import os
import sys
from itertools import count
from pathlib import Path

import fastapi.dependencies.models
import httpx._transports.default
import pytest
import structlog
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from factories.patience import SOAK, times

_ENDED = count(1)
_SETTLES_EVERY = 200
"""Tests of a worker."""

pytest_plugins = ["factories.networks", "factories.postgres"]

# The same examples in every run, so that what failed fails again, and as long as each takes; `make soak` looks for new.
settings.register_profile(
    "tarim",
    deadline=None,
    derandomize=not SOAK,
    max_examples=times(100, 2_000),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tarim")

# Not with each frame's variables, as structlog does by itself: that takes seconds.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])

# Each client reads all the authorities of the web anew, though none of ours asks for an https address.
httpx._transports.default.create_ssl_context = functools.cache(httpx._transports.default.create_ssl_context)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: much of what tests do is to wait for browsers, servers and timers."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real road extracts, call records and ECGs; the test is skipped where it is absent."""
    named = os.environ.get("TARIM_REAL_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data is not here: {folder} (set TARIM_REAL_DATA)")
    return folder


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave all that was imported and collected out of garbage collection.

    Each application that a test makes brings on a collection, and going through everything takes most of a second.
    """
    gc.set_threshold(20_000, 10, 10)
    _settle()


def pytest_runtest_logfinish() -> None:
    """Leave out what has grown since, too: rows of what is compiled once, and of reports."""
    if next(_ENDED) % _SETTLES_EVERY == 0:
        _settle()


def _settle() -> None:
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Forget the applications of tests that are over.

    FastAPI remembers for each dependency what kind of function it is, and with it the application that it closes over:
    without this a worker grows by a megabyte a test.
    """
    for one in vars(fastapi.dependencies.models).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()
