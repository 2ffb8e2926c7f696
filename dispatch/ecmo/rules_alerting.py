"""Who is called next, when a centre's turn comes, and what all answers together come to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dispatch.ecmo.states import Mode
from dispatch.ecmo.states_offers import BINDABLE, PENDING, OfferState
from dispatch.ecmo.states_requests import RequestState
from dispatch.kernel.figures import shipped


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, by `assessment.toml`."""

    escalate: timedelta
    next_centre: timedelta
    answer: timedelta
    remind: timedelta
    target: timedelta


def _patience(section: str) -> Patience:
    data = shipped("dispatch.ecmo", "assessment.toml")[section]
    names = ("escalate_s", "next_centre_s", "answer_s", "remind_s", "target_s")
    return Patience(*(timedelta(seconds=data[name]) for name in names))


USUAL: Final = _patience("alerting")
ARREST: Final = _patience("alerting_ecpr")


def patience_of(mode: str | None) -> Patience:
    """How long is waited for an answer to a request of this mode."""
    return ARREST if mode == Mode.ECPR else USUAL


def come_to(states: Iterable[OfferState]) -> RequestState:
    """What the answers of all centres come to. An acceptance counts before a question, advice before a decline."""
    found = set(states)
    if OfferState.BOUND in found:
        return RequestState.BOUND
    if found & BINDABLE:
        return RequestState.ACCEPTED
    if found & PENDING:
        return RequestState.ASKED
    if OfferState.ADVISED in found:
        return RequestState.ADVISED
    return RequestState.DECLINED if found and found <= {OfferState.DECLINED} else RequestState.UNANSWERED


@dataclass(frozen=True, slots=True)
class OnCall:
    """A physician on call. place: in the order of calling."""

    person_id: UUID
    place: int


def next_called(on_call: Iterable[OnCall], called: Collection[UUID]) -> list[OnCall]:
    """Who is called next: all of the first place of which nobody was called yet; empty when the list is at its end."""
    left = [one for one in on_call if one.person_id not in called]
    first = min((one.place for one in left), default=0)
    return sorted((one for one in left if one.place == first), key=lambda one: one.person_id)


def is_due(since: datetime, after: timedelta, now: datetime) -> bool:
    """Whether so much time has passed."""
    return now - since >= after
