"""Anchors: head hashes of the journal kept outside the database, so that a cut tail or a rewritten chain is found.

One file, one line of JSON each: `{"seq":…,"hash":…,"at":…,"link":…}`. `link` is the SHA-256 of the link before and of
the line's own content: a line of the file cannot be changed, left out or exchanged unseen. Who can write the database
*and* this file can forge both, so copies belong where that hand does not reach: another machine, paper.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dispatch.kernel.errors import Conflict, Unavailable

FILE: Final = Path("anchors") / "journal.jsonl"
"""Below TARIM_HOME."""
_START: Final = "0" * 64
_LONGEST_LINE: Final = 512


@dataclass(frozen=True, slots=True)
class Anchor:
    """The journal's head at a moment: its last line's number and hash (32 bytes)."""

    seq: int
    hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """A line of the file (counted from 1) that is not as it was written."""

    line: int
    reason: str


class AnchorFile:
    """The append-only file. Several processes may append: the kernel's lock keeps them apart."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, anchor: Anchor) -> bool:
        """Write the anchor through to the disk; False when the file has it, or a later one's line, already.

        Raises Conflict (`journal.behind_anchor`, `journal.other_than_anchor`) when the journal is shorter than, or not
        the same as, what was anchored before: it was cut, rewritten, or restored from a backup. Raises Unavailable.
        """
        try:
            self._make()
            fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                return self._append(fd, anchor)
            finally:
                os.close(fd)
        except OSError as error:
            raise Unavailable(
                "journal.anchor_unwritten",
                f"The anchor cannot be written to {self.path}: {error.strerror}.",
                "Check the folder's owner and the free space.",
            ) from error

    def last(self) -> Anchor | None:
        """Return the newest anchor, None when there is none. A cut-short last line is passed over."""
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            return _tail(fd)[1]
        finally:
            os.close(fd)

    def read(self) -> Iterator[Anchor | AnchorFault]:
        """Give all anchors, and in their place the lines that were altered. A cut-short last line is passed over.

        Reads as it goes, in constant memory. Raises Unavailable when the file cannot be read.
        """
        link, seq = _START, 0
        try:
            with self.path.open("rb") as file:
                number = 0
                while raw := file.readline(_LONGEST_LINE):
                    number += 1
                    if not raw.endswith(b"\n"):
                        if len(raw) < _LONGEST_LINE and not file.read(1):
                            return  # a crash cut it short
                        yield AnchorFault(number, "it is no anchor")
                        while raw and not raw.endswith(b"\n"):
                            raw = file.readline(_LONGEST_LINE)
                        continue
                    found = _parse(raw)
                    if found is None:
                        yield AnchorFault(number, "it is no anchor")
                        continue
                    anchor, stated = found
                    due = _link(link, anchor)
                    link = stated
                    if stated != due:
                        yield AnchorFault(number, "it does not follow from the line before")
                    elif anchor.seq <= seq:
                        yield AnchorFault(number, "it is out of order")
                    else:
                        seq = anchor.seq
                        yield anchor
        except OSError as error:
            raise Unavailable(
                "journal.anchor_unread", f"The file of anchors {self.path} cannot be read: {error.strerror}."
            ) from error

    def _make(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            return
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _append(self, fd: int, anchor: Anchor) -> bool:
        whole_bytes, last, link = _tail(fd)
        if last is not None:
            if anchor.seq < last.seq:
                raise behind_anchor(anchor.seq, last.seq)
            if anchor.seq == last.seq:
                if anchor.hash != last.hash:
                    raise other_than_anchor(anchor.seq)
                return False
        os.ftruncate(fd, whole_bytes)  # what a crash left half written
        raw = _write(anchor, _link(link, anchor))
        while raw:
            raw = raw[os.write(fd, raw) :]
        os.fsync(fd)
        return True


def set_aside(path: Path, now: datetime) -> Path | None:
    """Rename the file, because another journal begins (a backup was restored); return its new path, None without one.

    Raises Unavailable.
    """
    aside = path.with_name(f"{path.stem}-until-{now:%Y%m%dT%H%M%S.%fZ}{path.suffix}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(
            "journal.anchor_unwritten", f"The anchors cannot be renamed to {aside}: {error.strerror}."
        ) from error
    return aside


def behind_anchor(head_seq: int, anchored_seq: int) -> Conflict:
    """The refusal of a journal that ends before its last anchor."""
    return Conflict(
        "journal.behind_anchor",
        f"The journal ends at line {head_seq}, but line {anchored_seq} was anchored before.",
        "Run tarim journal verify. After restoring a backup, move the file of anchors aside.",
    )


def other_than_anchor(seq: int) -> Conflict:
    """The refusal of a journal whose line is not the anchored one."""
    return Conflict(
        "journal.other_than_anchor",
        f"Line {seq} of the journal is not the one that was anchored before.",
        "Run tarim journal verify.",
    )


def _tail(fd: int) -> tuple[int, Anchor | None, str]:
    """Return the length of all whole lines in bytes, the last good anchor among them, and the last link."""
    size = os.fstat(fd).st_size
    start = max(0, size - 4 * _LONGEST_LINE)
    block = os.pread(fd, size - start, start)
    end = block.rfind(b"\n") + 1
    for raw in reversed(block[:end].splitlines()):
        found = _parse(raw)
        if found is not None:
            return start + end, *found
    return start + end, None, _START


def _parse(raw: bytes) -> tuple[Anchor, str] | None:
    try:
        told = json.loads(raw)
        anchor = Anchor(int(told["seq"]), bytes.fromhex(told["hash"]), datetime.fromisoformat(told["at"]))
        link = str(told["link"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    # Only what we would write ourselves counts.
    return (anchor, link) if _write(anchor, link).strip() == raw.strip() else None


def _content(anchor: Anchor) -> dict[str, str | int]:
    return {"seq": anchor.seq, "hash": anchor.hash.hex(), "at": anchor.at.isoformat()}


def _write(anchor: Anchor, link: str) -> bytes:
    return json.dumps({**_content(anchor), "link": link}, separators=(",", ":")).encode() + b"\n"


def _link(before: str, anchor: Anchor) -> str:
    content = json.dumps(_content(anchor), separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()
