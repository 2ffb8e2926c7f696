"""`tarim call`: a call from the command line, for drills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table as Grid

from api.cli.progress import say
from api.cli.shared import LatLon, by_hand, engine_of, json_option, minutes, print_json, region_option, store, waiting
from api.parts import Parts
from api.regions.sizes import SizeClasses
from api.roads.asking import place_in_region
from dispatch.dispatching.rules_candidates import Exclusion, Offer, Recommendation
from dispatch.dispatching.service_reach import Choosing
from dispatch.dispatching.service_recommendation import recommend_units
from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.rules_texts import capability_letters, card_id
from dispatch.incidents.service import Act
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.db import Session
from dispatch.kernel.digests import Digester
from dispatch.kernel.errors import Invalid
from dispatch.units.rules import VehicleSize
from geo.points import GeoPoint
from geo.speeds import Profile

DRILL: Final = "演练 drill"


def _checked(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str], str]:
    """Let the domain look at an option's value; what it refuses is wrong usage."""

    def look(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
        try:
            return check(value)
        except Invalid as error:
            raise click.BadParameter(str(error)) from None

    return look


@click.command()
@region_option
@click.option("--at", "point", type=LatLon(), required=True, help="Where it is, WGS-84 degrees.")
@click.option("--words", default="", help="The place in words.")
@click.option("--priority", type=click.Choice(list(Priority)), default="P1", show_default=True, help="How urgent.")
@click.option("--complaint", callback=_checked(card_id), default="", help="Complaint card, K01 to K36.")
@click.option("--needs", callback=_checked(capability_letters), default="", help="Letters of what is needed: AB.")
@click.option("--phone", default="", help="The caller's number.")
@click.option("--note", default=DRILL, show_default=True, help="A note on the incident.")
@click.option("-k", "count", type=click.IntRange(1, 1_000), default=5, show_default=True, help="Of each organisation.")
@json_option
@waiting
async def call(  # noqa: PLR0913, PLR0917 - click gives each option by its name
    region: str,
    point: GeoPoint,
    words: str,
    priority: Priority,
    complaint: str,
    needs: str,
    phone: str,
    note: str,
    count: int,
    as_json: bool,
) -> None:
    r"""Take a call, open its incident, and rank the vehicles for it. Screens of the running service show it at once.

    \b
    Example:
      tarim call --region aksu --at 40.638,81.256 --words 10团 --priority P1 --complaint K02
    """
    warnings: list[str] = []
    place = PlaceGiven(point.lat, point.lon, words=words)
    async with store() as parts:
        row, engine = await engine_of(parts, region)
        place_in_region(point, engine.network, region, warnings)
        for warning in warnings:
            say(f"Warning: {warning}")
        async with parts.database.write() as session:
            act = _act(parts, session, region)
            async with act.together():
                taken = await open_call(act, NewCall(phone=phone))
                new = NewIncident(Priority(priority), complaint, needs, place, note, taken.id)
                incident = await open_incident(act, new)
        say(f"Incident {incident.number} is open.")
        sizes = SizeClasses(engine.network)

        def profile_of(size: VehicleSize) -> Profile:
            return Profile("emergency", *sizes.of((size.height_cm, size.width_cm, size.weight_kg)))

        # Apart from the above: the spoken numbers of others must not wait for the roads.
        async with parts.database.write() as session:
            _, made = await recommend_units(
                _act(parts, session, region), engine, incident.id, choosing=Choosing(profile_of=profile_of)
            )
    if as_json:
        print_json(_told(incident, made, count))
    else:
        _table(incident, made, count, schematic=row.schematic)


def _act(parts: Parts, session: Session, region: str) -> Act:
    return Act(session, parts.clock, by_hand(parts), Digester.of_home(parts.settings.home), region)


def _told(incident: Incident, made: Recommendation, count: int) -> Mapping[str, Any]:
    return {
        "number": incident.number,
        "incident_id": incident.id,
        "priority": incident.priority,
        "chosen": made.chosen,
        "offered": [_offer(one) for one in made.shown(count)],
        "not_offered": [_exclusion(one) for one in made.excluded_because],
    }


def _offer(one: Offer) -> Mapping[str, Any]:
    return {
        "unit_id": one.unit_id,
        "call_sign": one.call_sign,
        "organisation": one.organisation,
        "eta_s": one.eta_s,
        "low_s": one.low_s,
        "high_s": one.high_s,
        "road_m": one.road_m,
        "source": one.source,
        "can_go": one.can_go,
        "missing": list(one.missing),
        "marks": [str(mark) for mark in one.marks],
    }


def _exclusion(one: Exclusion) -> Mapping[str, Any]:
    return {
        "unit_id": one.unit_id,
        "call_sign": one.call_sign,
        "organisation": one.organisation,
        "reasons": [str(reason) for reason in one.reasons],
    }


def _table(incident: Incident, made: Recommendation, count: int, *, schematic: bool) -> None:
    title = f"{incident.number} {incident.priority}"
    shown = made.shown(count)
    if not shown:
        click.echo(f"{title}: no vehicle can be offered.")
    grid = Grid(title=f"{title} · schematic roads: not for use on real roads" if schematic else title)
    for heading in ("", "vehicle", "organisation", "there in", "range", "road km", "mind"):
        grid.add_column(heading, justify="right" if heading in ("there in", "range", "road km") else "left")
    for one in shown:
        grid.add_row(
            "→" if one.unit_id == made.chosen else "",
            one.call_sign,
            one.organisation,
            minutes(one.eta_s),
            f"{minutes(one.low_s)}-{minutes(one.high_s)}",
            "-" if one.road_m is None else f"{one.road_m / 1000:.1f}",
            "; ".join([word.en for word in one.words] + ([f"lacks {', '.join(one.missing)}"] if one.missing else [])),
        )
    if shown:
        Console().print(grid)
    for out in made.excluded_because:
        click.echo(f"  not {out.call_sign} ({out.organisation}): {'; '.join(word.en for word in out.words)}")
