"""The complaint cards in force, and what answers make of them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from api.auth import requires
from api.bodies import Body, answer
from api.cards.schemas import ASSESSMENT_EXAMPLE, AnswersIn, AssessmentOut, CardSetOut, assessment_out, set_out
from api.contract import contract
from api.deps import CardsDep, PartsDep
from api.parts import Parts
from dispatch.cards.rules_answers import checked_answers, known_card
from dispatch.cards.rules_assess import assess
from dispatch.cards.rules_set import CardSet
from dispatch.cards.service_sets import CardLibrary

router = APIRouter(prefix="/cards", tags=["cards"], dependencies=[requires("incidents.read")])


class AssessIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was answered so far."""

    answers: AnswersIn


_body = Body(AssessIn)


@router.get(
    "",
    summary="The complaint cards in force",
    description=(
        "All cards, questions and instructions in one answer, with their texts in Chinese, English and Uyghur. "
        "Decision support: `sign_off` says whose it lacks. Send the ETag back as `If-None-Match`; the same set "
        "is then 304."
    ),
    **contract(CardSetOut),
)
async def listed(
    parts: PartsDep,
    library: CardsDep,
    if_none_match: Annotated[str | None, Header(description="The ETag of the set that you have.")] = None,
) -> Response:
    """Give the whole set."""
    cards = await present(parts, library)
    tag = f'"{cards.digest}"'
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers={"ETag": tag})
    told = answer(set_out(cards))
    told.headers["ETag"] = tag
    return told


@router.post(
    "/{card_id}/assess",
    summary="Assess a complaint by the answers so far",
    description=(
        "Nothing is kept. Unknown counts as worse: a priority that only unknown answers make is `provisional`, with "
        "the questions to ask again. Not awake and not breathing normally is a cardiac arrest on nearly every card."
    ),
    **contract(
        AssessmentOut,
        body=AssessIn,
        problems=[404],
        example=ASSESSMENT_EXAMPLE,
        body_examples={"chest pain": {"answers": {"a": "yes", "b": "yes", "c": "yes", "i": 58}}},
    ),
)
async def assessed(
    request: Request,
    parts: PartsDep,
    library: CardsDep,
    card_id: Annotated[str, Path(description="The card's id.", examples=["K03"], max_length=10)],
) -> Response:
    """Assess."""
    asked = await _body.of(request)
    cards = await present(parts, library)
    found = assess(cards, known_card(cards, card_id), checked_answers(cards, asked.answers))
    return answer(assessment_out(found))


async def present(parts: Parts, library: CardLibrary) -> CardSet:
    """The set that counts in the served region now."""
    async with parts.database.read() as session:
        return await library.present(session, parts.settings.region)
