"""What the journal keeps of answers and of sets of cards."""

from __future__ import annotations

from uuid import UUID

from dispatch.incidents.states_incidents import Priority
from dispatch.kernel.events import Event, event


@event("incident.answered", subject="incident_id")
class AnswersRecorded(Event):
    """Questions of a complaint card were answered, or answered otherwise. What was answered stands in the record.

    changed: the questions. corrected: how many of them had another answer before.
    """

    incident_id: UUID
    card: str
    cards_version: str
    cards_digest: str
    changed: tuple[str, ...]
    corrected: int
    priority: Priority
    provisional: bool
    rule: str


@event("region.cards_imported", subject="region")
class CardsImported(Event):
    """A region has another set of complaint cards; digest "": the built-in one."""

    region: str
    version: int
    cards_version: str
    digest: str
