"""How many people live where."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, Double, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.kernel.constraints import filled
from dispatch.kernel.db import Base
from dispatch.roads.tables import Region

_SHA256: Final = "digest ~ '^[0-9a-f]{64}$'"


class Population(Base):
    """The people of a region by small cells, as one file said. `content`: `rules_people.pack`; `digest`: its SHA-256.

    estimate: figures of larger areas spread over places, not counted there. A further file takes its place.
    """

    __tablename__ = "populations"
    __table_args__ = (
        filled("source"),
        CheckConstraint("cells > 0 AND people > 0", name="counts"),
        CheckConstraint(_SHA256, name="digest"),
    )

    region: Mapped[str] = mapped_column(ForeignKey(Region.name), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    estimate: Mapped[bool]
    cells: Mapped[int] = mapped_column(Integer)
    people: Mapped[float] = mapped_column(Double)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime]
