"""The place of an incident may be where its vehicle broke down.

Revision: 20261127_0792
Follows: 20261127_0791
"""

from alembic import op

revision = "20261127_0792"
down_revision = "20261127_0791"
branch_labels = None
depends_on = None

SOURCES = "'map', 'typed', 'exchange', 'phone', 'gazetteer', 'crew'"


def _allow(sources: str) -> None:
    op.drop_constraint(op.f("ck_incident_places_place_source"), "incident_places")
    op.create_check_constraint(
        op.f("ck_incident_places_place_source"), "incident_places", f"place_source IN ({sources})"
    )


def upgrade() -> None:
    _allow(f"{SOURCES}, 'vehicle'")


def downgrade() -> None:
    op.execute("UPDATE incident_places SET place_source = 'crew' WHERE place_source = 'vehicle'")
    _allow(SOURCES)
