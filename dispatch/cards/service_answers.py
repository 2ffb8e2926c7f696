"""Answers kept with an incident: every version of each; priority and capabilities follow by the card's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dispatch.cards.events import AnswersRecorded
from dispatch.cards.queries import as_answers, list_answers, list_assessments, newest
from dispatch.cards.rules_answers import checked_answer, known_card
from dispatch.cards.rules_assess import Assessment, assess
from dispatch.cards.rules_following import following, letters_after, stands_on_unknown
from dispatch.cards.rules_set import CardSet
from dispatch.cards.states import Answer
from dispatch.cards.tables import IncidentAnswer, IncidentAssessment
from dispatch.incidents.queries_incidents import as_history, get_incident, list_priority_steps
from dispatch.incidents.rules_editing import check_version
from dispatch.incidents.rules_times import Moment, Told
from dispatch.incidents.service import Act, incident_state
from dispatch.incidents.service_incidents import Changes, check_active, edit_incident, follow_card
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident


@dataclass(frozen=True, slots=True)
class Given:
    """Answers as they came in: by question, None takes one back. What is left out stays as it is."""

    card: str
    answers: Mapping[str, object]


async def record_answers(
    act: Act,
    cards: CardSet,
    incident_id: UUID,
    given: Given,
    *,
    expected_version: int | None = None,
    told: Told | None = None,
) -> tuple[Incident, Assessment]:
    """Keep answers with an incident, and let its complaint, priority and capabilities follow.

    A corrected answer is no downgrade: the priority is reckoned anew, and both answers stay.
    Raises:
        NotFound: `incident.not_found`, `card.not_found`. Invalid: `answer.*`, `time.*`.
        Outdated: `incident.outdated`. Conflict: `incident.over`.
    """
    card = known_card(cards, given.card)
    wanted = {key: None if value is None else checked_answer(cards, key, value) for key, value in given.answers.items()}
    async with act.together():
        when = act.moment(told)
        incident = await get_incident(act.session, act.region, incident_id, lock=True)
        check_version("incident", expected_version, incident.version, incident_state(incident))
        check_active(incident)
        rows = await list_answers(act.session, incident_id)
        known = as_answers(rows)
        changed = {key: value for key, value in wanted.items() if known.get(key) != value}
        earlier = await list_assessments(act.session, incident_id)
        last = earlier[-1] if earlier else None
        present = {key: value for key, value in {**known, **changed}.items() if value is not None}
        found = assess(cards, card, present)
        if not changed and last is not None and (last.card, last.cards_digest) == (card, cards.digest):
            return incident, found
        before = newest(rows)
        for key, value in changed.items():
            _keep(act, cards, incident_id, card, key, value, before, when)
        _keep_assessment(act, cards, incident_id, found, len(earlier) + 1, when)
        act.tell(
            AnswersRecorded(
                incident_id=incident_id,
                card=card,
                cards_version=cards.version,
                cards_digest=cards.digest,
                changed=tuple(sorted(changed)),
                corrected=len(set(changed) & set(known)),
                priority=found.priority,
                provisional=found.provisional,
                rule=found.rule.id,
            ),
            when,
        )
        await act.session.flush()
        await _follow(act, incident, found, earlier[0] if earlier else None, last, told, when)
        return incident, found


async def _follow(
    act: Act,
    incident: Incident,
    found: Assessment,
    first: IncidentAssessment | None,
    last: IncidentAssessment | None,
    told: Told | None,
    when: Moment,
) -> None:
    letters = letters_after(incident.capabilities, last.capabilities if last else "", found.capabilities)
    changes = Changes(complaint=found.card, capabilities=letters)
    await edit_incident(act, incident.id, changes, expected_version=incident.version, told=told)
    history = as_history(await list_priority_steps(act.session, incident.id))
    said_first = Priority(first.priority) if first else found.priority
    priority = following(history, last.held if last else (), found.held, said_first, found.priority)
    unsure = found.provisional and stands_on_unknown(history, said_first, found.priority, priority)
    await follow_card(act, incident, priority, when, provisional=unsure)


def _keep(
    act: Act,
    cards: CardSet,
    incident_id: UUID,
    card: str,
    key: str,
    value: Answer | None,
    before: Mapping[str, IncidentAnswer],
    when: Moment,
) -> None:
    act.session.add(
        IncidentAnswer(
            id=act.new_id(),
            incident_id=incident_id,
            question=key,
            version=before[key].version + 1 if key in before else 1,
            value=list(value) if isinstance(value, tuple) else value,
            card=card,
            cards_version=cards.version,
            cards_digest=cards.digest,
            occurred_at=when.occurred_at,
            entered_at=when.entered_at,
            source=when.source,
            actor=act.actor,
        )
    )


def _keep_assessment(
    act: Act, cards: CardSet, incident_id: UUID, found: Assessment, ordinal: int, when: Moment
) -> None:
    act.session.add(
        IncidentAssessment(
            id=act.new_id(),
            incident_id=incident_id,
            ordinal=ordinal,
            card=found.card,
            cards_version=found.version,
            cards_digest=cards.digest,
            priority=found.priority,
            provisional=found.provisional,
            rule=found.rule.id,
            held=list(found.held),
            capabilities=found.capabilities,
            alerts=found.alerts,
            path=found.path,
            at=when.entered_at,
            actor=act.actor,
        )
    )
