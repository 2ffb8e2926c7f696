"""Checking the chain line by line, in constant memory: what was changed, is missing, moved, cut off or rewritten. Pure.

What the chain alone shows: any change of a line but the last together with its own hash, any line missing before the
last, any two lines exchanged. What only anchors show: a tail cut off, and lines whose hashes were all made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.kernel.anchors import Anchor, AnchorFault
from dispatch.kernel.journal_chain import GENESIS, Line, is_sound, line_hash

MAX_FINDINGS: Final = 100
"""So many are named; further ones are only counted."""
_NEARBY: Final = 3


class FindingKind(StrEnum):
    """In which way the record is broken."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    CUT = "cut"
    REWRITTEN = "rewritten"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken place. `seq` to `last_seq` are lines of the journal (of the file of anchors for ANCHOR)."""

    kind: FindingKind
    seq: int
    last_seq: int
    sentence: str


class ChainCheck:
    """Takes all lines in the order of their `seq`, then tells what is wrong.

    anchors: head hashes kept outside the database, in the order of the file; read as the lines come.
    """

    def __init__(self, anchors: Iterable[Anchor | AnchorFault] = ()) -> None:
        self.lines = 0
        self.last: Line | None = None
        self.anchors_met = 0
        self.more = 0
        self._findings: list[Finding] = []
        self._broken: list[Line] = []
        self._anchors = self._heard(anchors)
        self._anchor = next(self._anchors, None)
        self._agreed_seq = 0
        self._rewritten: Finding | None = None
        self._follows: frozenset[bytes] = frozenset({GENESIS})
        self._named_seq = 0

    def take(self, line: Line) -> None:
        """Check the next line."""
        before = self.last.seq if self.last is not None else 0
        self.lines += 1
        if line.seq <= before:
            self._note(FindingKind.REORDERED, line.seq, line.seq, f"line {line.seq} stands where none can be")
            return
        if line.seq > before + 1:
            self._note(FindingKind.MISSING, before + 1, line.seq - 1, f"{_lines(before + 1, line.seq - 1)} missing")
        hashed = line_hash(line)
        sound = hashed == line.hash or is_sound(line)
        if not sound:
            self._named_seq = line.seq
            self._hold(line)
        elif line.seq == before + 1 and line.prev_hash not in self._follows and self._named_seq != before:
            # The line before is sound in itself, but it is not the one that this line was written after.
            at = before or line.seq
            self._named_seq = at
            self._note(FindingKind.CHANGED, at, at, f"line {at} was changed: the next line follows another one")
        self._follows = frozenset({line.hash, hashed})
        self.last = line
        self._compare(line, sound=sound)

    def finish(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of lines, at most MAX_FINDINGS; `more` counts the rest."""
        last_seq = self.last.seq if self.last is not None else 0
        furthest = 0
        while self._anchor is not None:
            furthest = max(furthest, self._anchor.seq)
            self._anchor = next(self._anchors, None)
        if furthest > last_seq:
            told = f"{_lines(last_seq + 1, furthest)} cut off from the end: an anchor knows line {furthest}"
            self._note(FindingKind.CUT, last_seq + 1, furthest, told, always=True)
        if self._rewritten is not None:
            self._findings.append(self._rewritten)
            self._rewritten = None
        for line in self._broken:
            self._findings.append(self._explained(line))
        self._broken.clear()
        self._findings.sort(key=lambda finding: (finding.kind == FindingKind.ANCHOR, finding.seq))
        return tuple(self._findings)

    def _compare(self, line: Line, *, sound: bool) -> None:
        while self._anchor is not None and self._anchor.seq < line.seq:
            self._anchor = next(self._anchors, None)  # of a line that is missing, which was told
        while self._anchor is not None and self._anchor.seq == line.seq:
            self.anchors_met += 1
            if self._anchor.hash == line.hash:
                self._agreed_seq = line.seq
            elif sound and self._rewritten is None:
                low = self._agreed_seq + 1
                told = f"the chain was rewritten from a place in {_lines(low, line.seq, bare=True)} on"
                self._rewritten = Finding(FindingKind.REWRITTEN, low, line.seq, told)
            self._anchor = next(self._anchors, None)

    def _heard(self, anchors: Iterable[Anchor | AnchorFault]) -> Iterator[Anchor]:
        for item in anchors:
            if isinstance(item, AnchorFault):
                told = f"the file of anchors was altered in its line {item.line}: {item.reason}"
                self._note(FindingKind.ANCHOR, item.line, item.line, told)
            else:
                yield item

    def _hold(self, line: Line) -> None:
        if len(self._findings) + len(self._broken) < MAX_FINDINGS:
            self._broken.append(line)
        else:
            self.more += 1

    def _note(self, kind: FindingKind, seq: int, last_seq: int, told: str, *, always: bool = False) -> None:
        if always or len(self._findings) + len(self._broken) < MAX_FINDINGS:
            self._findings.append(Finding(kind, seq, last_seq, told))
        else:
            self.more += 1

    def _explained(self, line: Line) -> Finding:
        """Tell of a line whose hash is wrong whether it was moved here from another place, or changed."""
        places = {other.seq for other in self._broken}
        places.update(range(line.seq - _NEARBY, line.seq + _NEARBY + 1))
        for finding in self._findings:
            if finding.kind == FindingKind.MISSING:
                places |= {finding.seq, finding.last_seq}
        for seq in sorted(places - {line.seq}):
            if is_sound(line._replace(seq=seq)):
                told = f"line {line.seq} is out of order: it was written as line {seq}"
                return Finding(FindingKind.REORDERED, line.seq, line.seq, told)
        return Finding(FindingKind.CHANGED, line.seq, line.seq, f"line {line.seq} was changed")


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole journal came to.

    last_hash: hex, empty for an empty journal. anchors: how many head hashes were compared; None where no file of
    anchors was given. more: broken places beyond those in `findings`.
    """

    lines: int
    last_seq: int
    last_hash: str
    anchors: int | None
    findings: tuple[Finding, ...]
    more: int

    @property
    def whole(self) -> bool:
        """Nothing is broken."""
        return not self.findings

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        if self.findings:
            first = self.findings[0].sentence
            others = len(self.findings) - 1 + self.more
            further = f" ({others} further broken place{'s' if others > 1 else ''})" if others else ""
            return f"The journal is broken: {first}{further}."
        compared = {
            None: "no anchors were compared, so a tail cut off would not be seen",
            0: "there are no anchors yet to compare",
            1: "1 anchor agrees",
        }.get(self.anchors, f"{self.anchors} anchors agree")
        return f"The journal is whole: {self.lines:,} line{'' if self.lines == 1 else 's'}; {compared}."


def result(check: ChainCheck, *, with_anchors: bool) -> Verification:
    """Finish a check and tell what it came to."""
    findings = check.finish()
    last = check.last
    return Verification(
        lines=check.lines,
        last_seq=last.seq if last is not None else 0,
        last_hash=last.hash.hex() if last is not None else "",
        anchors=check.anchors_met if with_anchors else None,
        findings=findings,
        more=check.more,
    )


def _lines(first: int, last: int, *, bare: bool = False) -> str:
    if first == last:
        return f"line {first}" if bare else f"line {first} is"
    return f"lines {first} to {last}" if bare else f"lines {first} to {last} are"
