"""`tarim erase`."""

from __future__ import annotations

from uuid import UUID

import click

from api.cli.shared import by_hand, json_option, print_json, region_option, store, waiting
from dispatch.handover.service_erasing import Erasure
from dispatch.handover.service_erasing import erase as erase_by_law
from dispatch.incidents.queries_incidents import get_incident_by_number
from dispatch.incidents.service import Act
from dispatch.incidents.states_patients import ErasureBasis, ErasureTarget
from dispatch.kernel.digests import Digester


@click.command()
@click.argument("target", type=click.Choice([str(one) for one in ErasureTarget]))
@click.argument("what")
@region_option
@click.option("--basis", type=click.Choice([str(one) for one in ErasureBasis]), required=True, help="On what ground.")
@click.option("--reference", required=True, help="The file of the request; no name, no telephone number.")
@json_option
@waiting
async def erase(target: str, what: str, region: str, basis: str, reference: str, as_json: bool) -> None:
    r"""Erase personal values by law. WHAT is an id, or an incident's number; for a phone -, it is asked for.

    \b
    Example:
      tarim erase incident 2026-000123 --region aksu --basis request --reference PIPL-2026-17
    """
    wanted = ErasureTarget(target)
    async with store() as parts, parts.database.write() as session:
        act = Act(session, parts.clock, by_hand(parts), Digester.of_home(parts.settings.home), region)
        target_id: UUID | None = None
        phone = ""
        if wanted is ErasureTarget.PHONE:
            if what != "-":
                raise click.UsageError("A number is not given as an argument, which others see: write - for it.")
            phone = click.prompt("Telephone number", hide_input=True)
        else:
            target_id = _uuid(what)
            if target_id is None and wanted is ErasureTarget.INCIDENT:
                target_id = (await get_incident_by_number(session, region, what)).id
            if target_id is None:
                raise click.UsageError(f"{what!r} is no id.")
        done = await erase_by_law(act, Erasure(wanted, ErasureBasis(basis), reference, target_id, phone))
    if as_json:
        print_json({"erasure_id": done.erasure_id, "target": done.target, "values": done.values})
    else:
        click.echo(f"{done.values} values erased.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
