"""By what figures, on which roads and for whom units are chosen."""

from __future__ import annotations

from api.regions.live import Served
from dispatch.accounts.queries import get_organisation
from dispatch.accounts.rules_permissions import Principal
from dispatch.dispatching.rules_policy import Figures
from dispatch.dispatching.rules_sharing import Party
from dispatch.dispatching.service_reach import Choosing
from dispatch.kernel.db import Session
from dispatch.units.rules import VehicleSize
from geo.speeds import Profile


def choosing_of(served: Served, figures: Figures) -> Choosing:
    """Return how to choose on the served roads: vehicles that the network cannot tell apart share their weights."""

    def profile_of(size: VehicleSize) -> Profile:
        return Profile("emergency", *served.sizes.of((size.height_cm, size.width_cm, size.weight_kg)))

    return Choosing(figures=figures.ranking, profile_of=profile_of)


async def party_of(session: Session, actor: Principal) -> Party:
    """For whom the actor asks: the own organisation. Raises NotFound (`organisation.not_found`)."""
    organisation = await get_organisation(session, actor.organisation)
    return Party(organisation.code, organisation.system)
