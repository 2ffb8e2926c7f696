"""What a fault leaves in the log: where it was, and no value of anybody's."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from api.logs import configure_logs


@pytest.fixture
def _kept() -> Iterator[None]:
    """Logging is as it was before, afterwards."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)


@pytest.mark.usefixtures("_kept")
@pytest.mark.parametrize("json_lines", [True, False])
def test_a_trace_shows_no_variables(capsys: pytest.CaptureFixture[str], json_lines: bool) -> None:
    def broken(phone: str) -> None:
        raise LookupError(len(phone))

    configure_logs(json_lines=json_lines)
    try:
        broken(str(13_800_001_234))
    except LookupError:
        structlog.get_logger("tarim.test").exception("failed", request="r-1")
        logging.getLogger("a library").exception("failed too")
    told = capsys.readouterr().err
    assert told.count("LookupError: 11") == 2
    assert "r-1" in told
    assert "13800001234" not in told
