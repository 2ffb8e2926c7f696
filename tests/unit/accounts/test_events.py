"""What the journal keeps of accounts reads back, and holds nothing personal."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from uuid import UUID

import pytest

from dispatch.accounts import events
from dispatch.accounts.states import Role, SessionEnd
from dispatch.kernel.events import Event, read_event

SOME = UUID(int=7)
ALL = [
    kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
]


def test_there_is_an_event_for_everything_that_is_asked_for() -> None:
    assert {
        "PersonAdded", "PasswordChanged", "SessionOpened", "SessionRefused", "SessionEnded", "PersonRevoked",
        "DeviceAdded", "DeviceRevoked",
    } <= {kind.__name__ for kind in ALL}  # fmt: skip


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_none_has_a_place_for_names_addresses_or_tokens(kind: type[Event]) -> None:
    words = {word for field in fields(kind) for word in field.name.split("_")}  # type: ignore[arg-type]
    assert not words & {"name", "address", "token", "password", "hash", "phone", "ip"}


@pytest.mark.parametrize(
    "told",
    [
        events.RoleGranted(person_id=SOME, organisation="a", role=Role.CREW),
        events.SessionEnded(person_id=SOME, organisation="a", session_id=SOME, because=SessionEnd.REVOKED),
        events.SessionRefused(
            login_digest="0" * 64, source_digest="1" * 64, person_id=None, state=None, organisation=None, failures=3,
            wait_s=2.0,
        ),
        events.SessionOpened(
            person_id=SOME, organisation="a", session_id=SOME, source_digest="1" * 64,
            expires_at=datetime(2026, 11, 22, tzinfo=UTC),
        ),
    ],
)  # fmt: skip
def test_they_read_back(told: Event) -> None:
    assert read_event(told.type, told.payload()) == told
