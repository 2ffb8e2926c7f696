"""Locks that the kernel drops when their holder dies, however it dies (`flock`).

The last holder may remove the file. So whoever gets a lock checks that the file still is the one under that name.
"""

import contextlib
import fcntl
import os
from pathlib import Path


def take(path: Path, *, exclusive: bool) -> int | None:
    """Take the lock without waiting. Return its file descriptor (close it to let go), or None when it is held."""
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        if is_current(path, fd):
            return fd
        os.close(fd)


def is_current(path: Path, fd: int) -> bool:
    """Tell whether `path` still names the file open as `fd`."""
    try:
        named = path.lstat()
    except FileNotFoundError:
        return False
    return os.path.samestat(named, os.fstat(fd))


def is_free(path: Path, *, for_exclusive: bool = False) -> bool:
    """Tell whether nobody holds the lock (or, without `for_exclusive`, nobody holds it exclusively)."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(fd, (fcntl.LOCK_EX if for_exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            return True
        return False
    finally:
        os.close(fd)
