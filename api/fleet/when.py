"""When something truly was, as requests say it."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from api.fleet.reporting import Heard
from api.roads.schemas import Aware

HAPPENED: Final = "When it truly happened, ISO 8601 with zone; null: now."
SENT: Final = "The device's clock as it sent this: tells a late delivery from a clock that is wrong."
Happened = Annotated[Aware | None, Meta(description=HAPPENED)]
Sent = Annotated[Aware | None, Meta(description=SENT)]


class WhenIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When it truly was, and how that is known."""

    at: Happened = None
    source: Heard = None
