"""Who looks at personal values is the journal's business, not every screen's."""

from __future__ import annotations

import pytest

from api.live.topics import Topic, topic_of


@pytest.mark.parametrize("event", ["call.viewed", "incident.viewed", "patient.viewed"])
def test_a_look_is_told_to_nobody(event: str) -> None:
    assert topic_of(event) is None
    assert topic_of(event.replace("viewed", "opened")) in Topic
