"""All routes of units on duty."""

from __future__ import annotations

from fastapi import APIRouter

from api.fleet.crews import router as crews
from api.fleet.positions import router as positions
from api.fleet.runs import router as runs
from api.fleet.status import router as status
from api.fleet.units import router as units

router = APIRouter()
for part in (units, status, positions, crews, runs):
    router.include_router(part)
