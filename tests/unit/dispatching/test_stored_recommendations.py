"""What is stored of a recommendation reads back, in every form that there has been."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from factories.choosing import CIVIL, CORPS, FLEETS, Drawn, built, road, unit, wanted
from hypothesis import given

from dispatch.dispatching.queries_looks import look_of
from dispatch.dispatching.queries_recommendation import SCHEMA, offer_of, read_body, write_body, write_units
from dispatch.dispatching.rules_candidates import Offer, Recommendation
from dispatch.dispatching.rules_recommendation import recommend
from dispatch.dispatching.rules_sharing import ShareRule, SharingPolicy
from dispatch.dispatching.states_recommendation import (
    ShareLevel,
)
from dispatch.dispatching.tables import RecommendationFleet, RecommendationRow
from dispatch.kernel.errors import NotFound


def stored(made: Recommendation) -> RecommendationRow:
    fleet = RecommendationFleet(units=msgspec.json.decode(bytes(write_units(made.inputs.units))))
    return RecommendationRow(schema=SCHEMA, body=msgspec.json.decode(write_body(made)), fleet=fleet)


@given(FLEETS)
def test_what_is_stored_reads_back(fleet: Drawn) -> None:
    units, reached = built(fleet)
    made = recommend(wanted(sharing=SharingPolicy((ShareRule("a", "b", ShareLevel.NONE, 2),))), units, reached)
    row = stored(made)
    assert read_body(row) == made
    for offer in made.considered:
        assert offer_of(row, offer.unit_id) == (made.rank(offer.unit_id), offer.eta_s)


@given(FLEETS)
def test_a_look_tells_the_times_of_what_is_stored(fleet: Drawn) -> None:
    units, reached = built(fleet)
    made = recommend(wanted(), units, reached)
    row = stored(made)
    assert row.fleet is not None
    body, apart = msgspec.json.encode(row.body), msgspec.json.encode(row.fleet.units)
    look = look_of(SCHEMA, "a", body, apart)

    def best(offers: Sequence[Offer]) -> float | None:
        able = [one for one in offers if one.can_go and not one.missing]
        return min((one.eta_s for one in able if one.eta_s is not None), default=None)

    assert (look.requester, look.both_s) == ("a", best(made.considered))
    assert look.alone_s == {one.organisation: best(one.offers) for one in made.alone}
    assert [(one.organisation, one.station_id, one.incident_id) for one in look.away] == [
        (one.party.organisation, one.station_id, one.run.incident_id) for one in units if one.run is not None
    ]
    assert look_of(2, "a", msgspec.json.encode({**row.body, "units": row.fleet.units}), None) == look
    with pytest.raises(NotFound):
        look_of(SCHEMA + 1, "a", body, apart)


def columns(rows: object) -> dict[str, list[object]]:
    plain = msgspec.to_builtins(rows)
    return {name: [row[name] for row in plain] for name in plain[0]} if plain else {}


@given(FLEETS)
def test_what_was_stored_in_the_first_form_reads_on(fleet: Drawn) -> None:
    made = recommend(wanted(), *built(fleet))
    body = {
        "chosen": str(made.chosen) if made.chosen else None,
        "wanted": msgspec.to_builtins(made.inputs.wanted),
        "units": columns(made.inputs.units),
        "considered": columns(made.considered),
        "excluded": columns(made.excluded_because),
        "alone": [{"organisation": one.organisation, "offers": columns(one.offers)} for one in made.alone],
        "policy": made.inputs.policy,
        "network_version": "",
        "overlay_version": 0,
        "warnings": [],
    }
    row = RecommendationRow(schema=1, body=body)
    assert read_body(row) == made
    for one in made.inputs.units:
        rank = made.rank(one.id)
        assert offer_of(row, one.id) == (rank, made.considered[rank - 1].eta_s if rank else None)
    with pytest.raises(NotFound):
        read_body(RecommendationRow(schema=SCHEMA + 1, body=body))


@given(FLEETS)
def test_what_was_stored_in_the_second_form_reads_on(fleet: Drawn) -> None:
    made = recommend(wanted(), *built(fleet))
    row = stored(made)
    assert row.fleet is not None
    whole = RecommendationRow(schema=2, body={**row.body, "units": row.fleet.units})
    assert read_body(whole) == made
    for one in made.inputs.units:
        assert offer_of(whole, one.id) == offer_of(row, one.id)


def test_columns_in_which_many_say_the_same_are_stored_once() -> None:
    units = [unit(number, CIVIL if number % 3 else CORPS) for number in range(1, 201)]
    made = recommend(wanted(), units, {one.id: road(100.0 * one.id.int) for one in units})
    row = stored(made)
    assert read_body(row) == made
    assert len(write_units(made.inputs.units)) < 30_000
    assert len(write_body(made)) < 16_000
    assert row.fleet is not None
    assert row.fleet.units["party"] == {
        "usual": {"organisation": CIVIL.organisation, "system": CIVIL.system},
        "others": [[{"organisation": CORPS.organisation, "system": CORPS.system}, list(range(2, 200, 3))]],
    }
