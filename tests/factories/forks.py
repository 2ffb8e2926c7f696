"""Processes of their own, forked from one that has imported everything: importing takes each of them over a second.

A fork has its own memory, descriptors, folder and environment, and can be killed; only the imports are shared. Tests of
how a process starts still start one (`command.command`).
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import IO, Any

from factories.command import ROOT
from factories.patience import PATIENCE_S

from api.cli import main
from api.cli.commands import tarim
from api.cli.lazy import LazyGroup


@functools.cache
def _forks() -> ForkServerContext:
    """Start the process that imports everything; forks of it take milliseconds."""
    made = multiprocessing.get_context("forkserver")
    groups = [tarim, *(group for group in tarim.commands.values() if isinstance(group, LazyGroup))]
    modules = {place.partition(":")[0] for group in groups for place, _ in group._table.values()}
    made.set_forkserver_preload(["factories.loads", *sorted(modules)])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(str(Path(__file__).parents[up]) for up in (1, 2))
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return made


def run_command(arguments: list[str], cwd: Path, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `tarim` with arguments in a fork; return its exit code and what it wrote to stdout and stderr."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _run(arguments, cwd, environment, (out, err), PATIENCE_S)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    assert code != -signal.SIGKILL, f"hangs: {arguments}"
    return code, texts[0], texts[1]


def kill_command(arguments: list[str], cwd: Path, environment: Mapping[str, str], *, after_s: float) -> None:
    """Run `tarim` in a fork and kill it -9 after that time, if it has not ended."""
    with tempfile.TemporaryFile() as nowhere:
        _run(arguments, cwd, environment, (nowhere, nowhere), after_s)


class Serving:
    """A `tarim serve` in a fork, which can be killed."""

    def __init__(self, process: ForkServerProcess, out: IO[bytes]) -> None:
        self._process, self._out = process, out

    def address(self) -> str:
        """Where it serves, once it does."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self._process.is_alive():
            told = self._told()
            if "http://" in told:
                return "http://" + told.partition("http://")[2].split()[0]
            time.sleep(0.01)
        raise AssertionError(self._told())

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send it a signal; return its exit code."""
        if self._process.is_alive() and self._process.pid is not None:
            os.kill(self._process.pid, number)
        self._process.join(PATIENCE_S)
        code = self._process.exitcode
        assert code is not None, f"it does not end: {self._told()}"
        return code

    def memory_mb(self) -> float:
        """What it holds of memory now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024.0

    def _told(self) -> str:
        size = os.fstat(self._out.fileno()).st_size
        return os.pread(self._out.fileno(), size, 0).decode()


@contextmanager
def serving_fork(environment: Mapping[str, str], *arguments: str) -> Iterator[Serving]:
    """Start `tarim serve` in a fork; it is gone at the end of the block."""
    with tempfile.TemporaryFile() as out:
        process = _start(["serve", "--port", "0", *arguments], ROOT, environment, (out, out))
        try:
            yield Serving(process, out)
        finally:
            process.kill()
            process.join()
            process.close()


def _run(
    arguments: list[str], cwd: Path, environment: Mapping[str, str], output: Iterable[IO[bytes]], for_s: float
) -> int:
    process = _start(arguments, cwd, environment, output)
    process.join(for_s)
    process.kill()
    process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _start(
    arguments: list[str], cwd: Path, environment: Mapping[str, str], output: Iterable[IO[bytes]]
) -> ForkServerProcess:
    sinks = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in output]
    process = _forks().Process(target=_command, args=(arguments, str(cwd), dict(environment), sinks))
    process.start()
    return process


def _command(arguments: list[str], cwd: str, environment: dict[str, str], sinks: list[str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for number, path in enumerate(sinks, start=1):
        opened = os.open(path, os.O_WRONLY)
        os.dup2(opened, number)
        os.close(opened)
    warnings.simplefilter("error")
    main(arguments)


class Worker:
    """A function at work in a fork: it sends to a pipe until it is killed."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        """`work`, importable by name, is called with the pipe's `send` and the arguments."""
        self._reader, writer = _forks().Pipe(duplex=False)
        self._process = _forks().Process(target=_work, args=(writer, work, arguments))
        self._process.start()
        writer.close()

    def hear(self) -> Any:  # noqa: ANN401 - whatever it sends
        """Return the next thing that it sent. Raises EOFError when it has ended."""
        return self._reader.recv()

    def kill(self, *, may_have_ended: bool = False) -> list[Any]:
        """Kill -9; return all that it sent and nobody has heard."""
        self._process.kill()
        rest = []
        with suppress(EOFError, OSError):  # its last word may be cut
            while True:
                rest.append(self._reader.recv())
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL or may_have_ended, "it ended by itself"
        self._process.close()
        self._reader.close()
        return rest


def _work(writer: Connection, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    warnings.simplefilter("error")
    sys.stdout = sys.stderr
    work(writer.send, *arguments)
