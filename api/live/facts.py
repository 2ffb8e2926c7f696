"""From lines of the journal to what is told of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from api.live.log import ToldFact
from api.live.messages import Fact, encode
from api.live.sight import NOBODY, Marks
from api.live.topics import CONCERNED, OF_PATIENTS, Topic, id_of, is_for_all, topic_of, touched
from dispatch.dispatching.queries_live import Link
from dispatch.kernel.journal_table import JournalLine

_MARK_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Ties:
    """Who has to do with incidents: units that have one now, organisations that one concerns."""

    links: Sequence[Link] = ()
    concerned: Sequence[tuple[UUID, str]] = ()

    def marks(self, incident_ids: Collection[UUID]) -> Marks:
        """Return whose these incidents are."""
        return Marks(
            frozenset(organisation for incident_id, organisation in self.concerned if incident_id in incident_ids),
            frozenset(link.unit_id for link in self.links if link.incident_id in incident_ids),
        )


def mark_of(line_hash: bytes) -> str:
    """Return a line's mark: the beginning of its hash, which tells it from one of the same number elsewhere."""
    return line_hash[:_MARK_BYTES].hex()


def changed_by(lines: Iterable[JournalLine]) -> dict[Topic, set[UUID]]:
    """Return the ids of all rows that lines touch, for every topic."""
    changed: dict[Topic, set[UUID]] = {topic: set() for topic in Topic}
    for line in lines:
        for topic, row_id in touched(line.payload):
            changed[topic].add(row_id)
    return changed


def facts_of(lines: Iterable[JournalLine], ties: Ties, region: str, own: Mapping[UUID, bool]) -> Iterator[ToldFact]:
    """Tell the lines of a region. ties: of the incidents named. own: whether an id is of that region."""
    for line in lines:
        topic = topic_of(line.type)
        named = list(touched(line.payload))
        everyone = is_for_all(line.type)
        concerned = line.payload.get(CONCERNED)
        is_own = (
            line.payload.get("region") == region
            if everyone or concerned is not None
            else any(own.get(row_id, False) for _, row_id in named)
        )
        if topic is None or not is_own:
            continue
        incident_ids = {row_id for kind, row_id in named if kind is Topic.INCIDENTS}
        marks = ties.marks(incident_ids)
        units = {row_id for kind, row_id in named if kind is Topic.UNITS}
        told_by = {line.organisation} if line.organisation else set()
        told_by |= set(concerned or ())
        fact = Fact(
            line.seq, mark_of(line.hash), topic, line.type, line.occurred_at, line.recorded_at, line.subject,
            line.organisation, line.actor, line.payload,
        )  # fmt: skip
        yield ToldFact(
            line.seq,
            topic,
            Marks(marks.organisations | told_by, marks.units | units, everyone),
            encode(fact),
            line.type.partition(".")[0] in OF_PATIENTS,
        )


def named_by(lines: Iterable[JournalLine], fields: Mapping[str, str]) -> frozenset[UUID]:
    """Return the ids that lines of some types name, by the payload's field of each type."""
    found = (id_of(line.payload, fields[line.type]) for line in lines if line.type in fields)
    return frozenset(row_id for row_id in found if row_id is not None)


def marks_of_row(topic: Topic, row: Any, ties: Ties) -> Marks:  # noqa: ANN401 - a row of any board
    """Return whose a row of a board is."""
    if topic is Topic.UNITS:
        return Marks(frozenset({row.organisation}), frozenset({row.id}))
    if topic is Topic.ASSIGNMENTS:
        return Marks(frozenset({row.organisation}), frozenset({row.unit_id}))
    if topic is Topic.ECMO:
        return Marks(frozenset(row.organisations))
    return ties.marks((row.id,)) if topic is Topic.INCIDENTS else NOBODY
