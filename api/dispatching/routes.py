"""All routes of choosing and sending."""

from __future__ import annotations

from fastapi import APIRouter

from api.dispatching.assignments import router as assignments
from api.dispatching.cover import router as cover
from api.dispatching.orders import router as orders
from api.dispatching.paper import router as paper
from api.dispatching.policy import router as policy
from api.dispatching.recommendations import router as recommendations

router = APIRouter()
for part in (recommendations, cover, orders, assignments, paper, policy):
    router.include_router(part)
