"""Answers kept with an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from starlette.responses import Response

from api.acting import AnyVersion, LateIn, acting, told_of
from api.auth import Doorkeeper, DoorkeeperDep
from api.bodies import Body, answer
from api.cards.schemas import ASSESSMENT_EXAMPLE, AnswerIn, AssessmentOut, assessment_out
from api.contract import contract
from api.deps import CardsDep
from api.incidents.access import must_reach
from api.incidents.routes import IncidentId, Reader, Writer
from api.names import names_of_actors
from dispatch.cards.queries import as_answers, list_answers, list_assessments
from dispatch.cards.rules_assess import assess
from dispatch.cards.rules_set import CardSet
from dispatch.cards.service_answers import Given, record_answers
from dispatch.cards.tables import IncidentAnswer
from dispatch.incidents.queries_incidents import get_incident
from dispatch.incidents.states import Source
from dispatch.incidents.states_incidents import Priority

router = APIRouter(prefix="/incidents", tags=["cards"])


class AnswersIn(LateIn, frozen=True, kw_only=True):
    """What was answered on a card. Questions that are left out stay as they are; null takes an answer back."""

    card: Annotated[str, Meta(max_length=10, examples=["K03"])]
    answers: Annotated[
        dict[str, AnswerIn | None],
        Meta(
            max_length=100, description="By question: yes, no, an option's code, codes, a number, `unknown`, or null."
        ),
    ]
    version: AnyVersion = None


class AnswerOut(msgspec.Struct, frozen=True):
    """One version of an answer; the highest of a question counts."""

    question: str
    version: int
    value: Annotated[Any, Meta(description="As it was given; null: taken back, as if not asked.")]
    card: str
    cards_version: str
    at: datetime
    entered_at: datetime
    source: Source
    author: Annotated[str, Meta(description="`person:ID` or `device:ID`.")]
    author_name: str | None


class AssessedOut(msgspec.Struct, frozen=True):
    """What the rules said after one change."""

    at: datetime
    card: str
    cards_version: str
    priority: Priority
    provisional: bool
    rule: str
    author: str


class AnswersOut(msgspec.Struct, frozen=True):
    """An incident's answers with all their versions, and what they make of it."""

    incident_id: UUID
    version: Annotated[int, Meta(description="The incident's.")]
    priority: Annotated[Priority, Meta(description="The incident's: by its card, or by hand.")]
    capabilities: str
    card: Annotated[str, Meta(description="Empty: none yet.")]
    assessment: Annotated[AssessmentOut | None, Meta(description="By the answers that count; null without a card.")]
    answers: Annotated[list[AnswerOut], Meta(description="In the order of entry; corrections beside the original.")]
    assessments: Annotated[list[AssessedOut], Meta(description="In the order in which they were made.")]


_body = Body(AnswersIn)
_ANSWER: Final = {
    "question": "c",
    "version": 2,
    "value": "yes",
    "card": "K03",
    "cards_version": "2026.11",
    "at": "2026-11-22T04:01:30Z",
    "entered_at": "2026-11-22T04:01:30Z",
    "source": "manual",
    "author": "person:0198c0de-0000-7000-8000-000000000001",
    "author_name": "示例 努尔",
}
_EXAMPLE: Final = {
    "incident_id": "0198c0de-0000-7000-8000-000000000002",
    "version": 3,
    "priority": "P1",
    "capabilities": "A",
    "card": "K03",
    "assessment": ASSESSMENT_EXAMPLE,
    "answers": [{**_ANSWER, "version": 1, "value": "no"}, _ANSWER],
    "assessments": [
        {
            "at": "2026-11-22T04:01:30Z",
            "card": "K03",
            "cards_version": "2026.11",
            "priority": "P1",
            "provisional": False,
            "rule": "K03.p1.sweat",
            "author": "person:0198c0de-0000-7000-8000-000000000001",
        }
    ],
}


@router.put(
    "/{incident_id}/answers",
    summary="Answer questions of a complaint card",
    description="Keeps each answer with its earlier ones, and lets complaint, priority and capabilities of the "
    "incident follow by the card's rules. A corrected answer is no downgrade: the priority is reckoned anew. What a "
    "person raised by hand stays; what a doctor or supervisor lowered rises again only for a danger that is new.",
    **contract(
        AnswersOut,
        body=AnswersIn,
        example=_EXAMPLE,
        problems=[404, 409],
        body_examples={
            "chest pain": {"card": "K03", "answers": {"a": "yes", "b": "yes", "c": "yes", "i": 58}, "version": 2},
            "a correction, told over the radio": {
                "card": "K03",
                "answers": {"c": "no"},
                "at": "2026-11-22T12:02:00+08:00",
                "source": "voice",
            },
        },
    ),
)
async def recorded(
    request: Request, door: DoorkeeperDep, library: CardsDep, actor: Writer, incident_id: IncidentId
) -> Response:
    """Record answers."""
    asked = await _body.of(request)
    async with acting(door, actor) as act:
        cards = await library.present(act.session, act.region)
        given = Given(asked.card, asked.answers)
        await record_answers(act, cards, incident_id, given, expected_version=asked.version, told=told_of(asked, actor))
    return answer(await _told(door, cards, incident_id))


@router.get(
    "/{incident_id}/answers",
    summary="The answers of an incident",
    description="With every correction, by whom and when, and what the card's rules said each time.",
    **contract(AnswersOut, example=_EXAMPLE, problems=[404]),
)
async def shown(door: DoorkeeperDep, library: CardsDep, actor: Reader, incident_id: IncidentId) -> Response:
    """Show answers."""
    async with door.parts.database.read() as session:
        await must_reach(session, door.parts.settings.region, actor, "incidents.read", incident_id)
        cards = await library.present(session, door.parts.settings.region)
    return answer(await _told(door, cards, incident_id))


async def _told(door: Doorkeeper, cards: CardSet, incident_id: UUID) -> AnswersOut:
    """What an incident's answers are now. A set that changed since is applied as it is now."""
    async with door.parts.database.read() as session:
        incident = await get_incident(session, door.parts.settings.region, incident_id)
        rows = await list_answers(session, incident_id)
        said = await list_assessments(session, incident_id)
        names = await names_of_actors(session, [row.actor for row in rows])
    known = {key: value for key, value in as_answers(rows).items() if key in cards.questions}
    card = incident.complaint
    return AnswersOut(
        incident_id=incident_id,
        version=incident.version,
        priority=Priority(incident.priority),
        capabilities=incident.capabilities,
        card=card,
        assessment=assessment_out(assess(cards, card, known)) if card in cards.cards else None,
        answers=[_answer(row, names.get(row.actor)) for row in rows],
        assessments=[
            AssessedOut(
                row.at, row.card, row.cards_version, Priority(row.priority), row.provisional, row.rule, row.actor
            )
            for row in said
        ],
    )


def _answer(row: IncidentAnswer, name: str | None) -> AnswerOut:
    return AnswerOut(
        question=row.question,
        version=row.version,
        value=row.value,
        card=row.card,
        cards_version=row.cards_version,
        at=row.occurred_at,
        entered_at=row.entered_at,
        source=Source(row.source),
        author=row.actor,
        author_name=name,
    )
