"""Everything of ECMO over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from api.ecmo.adverse import router as adverse
from api.ecmo.after import router as after
from api.ecmo.alarms import router as alarms
from api.ecmo.breakdown import router as breakdown
from api.ecmo.centres import router as centres
from api.ecmo.deciding import router as deciding
from api.ecmo.diversions import router as diversions
from api.ecmo.figures import router as figures
from api.ecmo.gates import router as gates
from api.ecmo.leaving import router as leaving
from api.ecmo.measured import router as measured
from api.ecmo.requests import router as requests
from api.ecmo.stream import router as stream
from api.ecmo.talking import router as talking

router = APIRouter()
for _one in (
    *(centres, requests, deciding, talking, measured, stream, alarms, after, leaving, figures),
    *(adverse, breakdown, diversions, gates),
):
    router.include_router(_one)
