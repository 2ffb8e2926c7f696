"""What a patient's vehicle sent, a page at a time: a run of hours is never in memory whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.exports.recordings import Stretch, Stretches
from dispatch.kernel.db import Database
from dispatch.telemetry.queries import RawFrame
from dispatch.telemetry.queries_attachments import Carried, list_patient_raw
from dispatch.telemetry.states import Kind

PAGE: Final = 600
"""Frames read at once: two minutes of an ECG."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a patient's data are read from. span: its end left out."""

    database: Database
    carried: tuple[Carried, ...]
    span: tuple[datetime, datetime]

    async def pages(self, carried: Carried, kinds: Collection[Kind], page: int = PAGE) -> AsyncIterator[list[RawFrame]]:
        """Frames of one period in a place of a vehicle, by true time; no connection is held between two pages."""
        begin, most = self.span[0], page
        seen: set[tuple[object, ...]] = set()
        while True:
            async with self.database.read() as session:
                found = await list_patient_raw(session, [carried], kinds, begin, self.span[1], most=most)
            fresh = [one for one in found if _key(one) not in seen]
            if fresh:
                yield fresh
            if len(found) < most:
                return
            last = found[-1].at
            if last == begin:  # more at one moment than a page holds
                most *= 2
            else:
                begin, most = last, page
            seen = {_key(one) for one in found if one.at == last}

    async def frames(self, *kinds: Kind) -> AsyncIterator[RawFrame]:
        """The same of all periods, one by one; by true time within each."""
        for carried in self.carried:
            async for page in self.pages(carried, kinds):
                for frame in page:
                    yield frame

    async def stretches(self, most_s: float) -> AsyncIterator[Stretch]:
        """The ECG, put together; at most so many seconds in one."""
        for carried in self.carried:
            joining = Stretches(most_s)
            async for page in self.pages(carried, (Kind.ECG,)):
                for frame in page:
                    if (done := joining.take(frame)) is not None:
                        yield done
            if (done := joining.rest()) is not None:
                yield done

    async def has(self, kind: Kind) -> bool:
        """Whether anything of that kind was received."""
        async for _ in self.frames(kind):
            return True
        return False


def _key(frame: RawFrame) -> tuple[object, ...]:
    return (frame.stream, frame.seq, frame.at, frame.received_at)
