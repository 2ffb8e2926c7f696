"""What a request must tell before centres are asked, what a decision needs, and spoken numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.ecmo.states_offers import Decision, DeclineReason
from dispatch.kernel.errors import Invalid, Refused

_ZONE: Final = ZoneInfo("Asia/Shanghai")
ALIKE_YEARS: Final = 2
"""Somebody of the same sex in the same hospital whose age is told within so many years may be the same patient."""
LONGEST_PROMISE: Final = timedelta(hours=24)
MOST_CONDITIONS: Final = 10
MOST_CENTRES: Final = 10


@dataclass(frozen=True, slots=True)
class Decided:
    """What a physician decides. words: advice, reasons, what is asked; conditions: in words, of a conditional one."""

    decision: Decision
    cannulation_at: datetime | None = None
    reason: DeclineReason | None = None
    words: str = ""
    conditions: Sequence[str] = ()

    def check(self, now: datetime) -> None:
        """Raise Invalid (`ecmo_decision.promise`, `.conditions`, `.reason`, `.words`) where it lacks what it needs."""
        promises = self.decision in (Decision.ACCEPT, Decision.CONDITIONAL)
        if promises is (self.cannulation_at is None):
            raise Invalid("ecmo_decision.promise", "An acceptance, and only one, tells when cannulation will begin.")
        if self.cannulation_at is not None and not now <= self.cannulation_at <= now + LONGEST_PROMISE:
            raise Invalid("ecmo_decision.promise", "Cannulation begins from now on, within a day.")
        if (self.decision is Decision.CONDITIONAL) is not bool(self.conditions):
            raise Invalid("ecmo_decision.conditions", "A conditional acceptance, and only one, has conditions.")
        if len(self.conditions) > MOST_CONDITIONS or not all(one.strip() for one in self.conditions):
            raise Invalid("ecmo_decision.conditions", f"There are at most {MOST_CONDITIONS} conditions, each in words.")
        if (self.decision is Decision.DECLINE) is not (self.reason is not None):
            raise Invalid("ecmo_decision.reason", "Declining, and only that, has a reason.")
        needs_words = self.decision is Decision.ADVISE or self.reason is DeclineReason.JUDGEMENT
        if needs_words and not self.words.strip():
            raise Invalid("ecmo_decision.words", "Advice, and a decline by judgement, are written down in words.")


def check_askable(*, mode: str | None, has_place: bool) -> None:
    """Refuse to ask centres before they can know where to go and for what. Raises Refused (`ecmo_request.unready`)."""
    if mode is None or not has_place:
        raise Refused(
            "ecmo_request.unready", "A centre must know which support is asked for, and where the patient is.",
            "Everything else can follow.",
        )  # fmt: skip


def legal_day(at: datetime) -> str:
    """The day in Beijing time: 2026-11-27."""
    return at.astimezone(_ZONE).date().isoformat()


def spoken_number(day: str, count: int) -> str:
    """The spoken number of a day's request: E-261127-03."""
    return f"E-{day[2:4]}{day[5:7]}{day[8:10]}-{count:02d}"
