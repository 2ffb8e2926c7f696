"""What every use case of this feature is done with, and what they share. Nothing here commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.incidents.queries_personal import get_key
from dispatch.incidents.rules_texts import reference
from dispatch.incidents.rules_times import Moment, Told, legal_year, moment, spoken_number
from dispatch.incidents.states import Source
from dispatch.incidents.tables_calls import Call
from dispatch.incidents.tables_incidents import Incident, IncidentCounter
from dispatch.incidents.tables_personal import RequestKey
from dispatch.kernel import journal
from dispatch.kernel.actor import ActorKind, Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Conflict
from dispatch.kernel.events import Event, Late
from dispatch.kernel.ids import new_id


@dataclass(slots=True)
class Act:
    """One transaction's work: where it is written, by whom, when, and under which key values are digested.

    Events wait until the outermost `together` ends, so that the journal's lock is taken after all others: who composes
    several use cases in one transaction puts them into one `together`, and takes no lock behind it.
    """

    session: AsyncSession
    clock: Clock
    context: Context
    digester: Digester
    region: str
    _events: list[Event | Late] = field(default_factory=list)
    _depth: int = 0

    @property
    def actor(self) -> str:
        """As it stands beside every record."""
        return str(self.context.actor)

    @property
    def roles(self) -> frozenset[str]:
        """What the actor may act as."""
        return self.context.actor.roles

    @property
    def is_person(self) -> bool:
        """Whether somebody known by name acts."""
        return self.context.actor.kind is ActorKind.PERSON

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id(self.clock)

    def moment(self, told: Told | None = None) -> Moment:
        """When it truly was. Raises Invalid (`time.*`)."""
        return moment(told or Told(source=self._present_source()), self.clock.now())

    def _present_source(self) -> Source:
        kinds = {ActorKind.PERSON: Source.MANUAL, ActorKind.DEVICE: Source.DEVICE, ActorKind.SYSTEM: Source.AUTO}
        return kinds[self.context.actor.kind]

    def tell(self, event: Event, when: Moment | None = None) -> None:
        """Note an event for the journal; one that truly happened earlier keeps that time."""
        late = when is not None and when.occurred_at < when.entered_at
        self._events.append(Late(event, when.occurred_at, str(when.source)) if when and late else event)

    def tell_all(self, lines: Sequence[Event | Late]) -> None:
        """Note what another feature has to tell, ready with its times."""
        self._events.extend(lines)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Do several things as one; the journal is written when the outermost ends well."""
        self._depth += 1
        try:
            yield
            if self._depth == 1:
                waiting, self._events = self._events, []
                await journal.append(self.session, self.clock, self.context, waiting)
        except BaseException:
            # The transaction is lost, and what it would have told with it.
            self._events = []
            raise
        finally:
            self._depth -= 1


async def claim_key(act: Act, scope: str, key: str, body: object, result_id: UUID) -> UUID:
    """Claim an idempotency key for `result_id`; return that, or the id that an earlier request made under the key.

    `body` is a frozen value of plain fields. Who asks at the same moment waits for the other's transaction.

    Raises:
        Invalid: `reference.invalid`. Conflict: `request.key_reused`, the key came with another body before.
    """
    reference(key, "idempotency key")
    digest = act.digester.digest("request", repr(body))
    row = {"region": act.region, "scope": scope, "actor": act.actor, "key": key}
    made = await act.session.scalar(
        insert(RequestKey)
        .values(**row, body_digest=digest, result_id=result_id, created_at=act.clock.now())
        .on_conflict_do_nothing()
        .returning(RequestKey.result_id)
    )
    if made is not None:
        return result_id
    earlier = await get_key(act.session, **row)
    if earlier.body_digest != digest:
        raise Conflict(
            "request.key_reused", "This key was used for another request.", "Use a fresh key for each new request."
        )
    return earlier.result_id


async def forget_keys(session: AsyncSession, region: str, before: datetime) -> int:
    """Drop idempotency keys made before a time: nobody repeats a request after days. Return how many."""
    gone = await session.execute(
        delete(RequestKey)
        .where(RequestKey.region == region, RequestKey.created_at < before)
        .returning(RequestKey.result_id)
    )
    return len(gone.all())


async def next_number(act: Act) -> str:
    """Take the region's next spoken number of the year (Beijing time, by entry).

    The counter's row stays locked until the transaction ends: numbers have no gaps and none is given twice.
    """
    year = legal_year(act.clock.now())
    count = await act.session.scalar(
        insert(IncidentCounter)
        .values(region=act.region, year=year, last=1)
        .on_conflict_do_update(
            index_elements=[IncidentCounter.region, IncidentCounter.year], set_={"last": IncidentCounter.last + 1}
        )
        .returning(func.coalesce(IncidentCounter.last, 0))
    )
    return spoken_number(year, int(count or 0))


def call_state(call: Call) -> dict[str, object]:
    """What a call is now, as plain JSON without its number: told to who edited an older version."""
    return {
        "id": str(call.id),
        "version": call.version,
        "state": call.state,
        "outcome": call.outcome,
        "language": call.language,
        "t0": _iso(call.t0),
        "answered_at": _iso(call.answered_at),
        "abandoned_at": _iso(call.abandoned_at),
        "ended_at": _iso(call.ended_at),
        "incident_id": str(call.incident_id) if call.incident_id else None,
    }


def incident_state(incident: Incident) -> dict[str, object]:
    """What an incident is now, as plain JSON: told to who edited an older version."""
    return {
        "id": str(incident.id),
        "number": incident.number,
        "version": incident.version,
        "state": incident.state,
        "priority": incident.priority,
        "complaint": incident.complaint,
        "capabilities": incident.capabilities,
        "people": incident.people,
        "lat": incident.lat,
        "lon": incident.lon,
        "direction": incident.direction,
        "place_version": incident.place_version,
        "t0": _iso(incident.t0),
        "taken_at": _iso(incident.taken_at),
        "closed_at": _iso(incident.closed_at),
        "cancelled_at": _iso(incident.cancelled_at),
    }


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
