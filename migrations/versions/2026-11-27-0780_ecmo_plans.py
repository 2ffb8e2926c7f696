"""What plans of ECMO transfers are made with: weather that was told, and what operators of aircraft answered.

Revision: 20261127_0780
Follows: 20261127_0760
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0780"
down_revision = "20261127_0760"
branch_labels = None
depends_on = None

_PHENOMENA = "'none', 'rain', 'snow', 'ice', 'fog', 'dust', 'sandstorm', 'thunderstorm'"


def upgrade() -> None:
    op.create_table(
        "ecmo_weather",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visibility_m", sa.Double(), nullable=True),
        sa.Column("cloud_m", sa.Double(), nullable=True),
        sa.Column("wind_mps", sa.Double(), nullable=True),
        sa.Column("phenomenon", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("place <> ''", name=op.f("ck_ecmo_weather_place_filled")),
        sa.CheckConstraint(f"phenomenon IN ({_PHENOMENA})", name=op.f("ck_ecmo_weather_phenomenon")),
        sa.CheckConstraint("visibility_m BETWEEN 0 AND 100000", name=op.f("ck_ecmo_weather_visibility_m")),
        sa.CheckConstraint("cloud_m BETWEEN 0 AND 30000", name=op.f("ck_ecmo_weather_cloud_m")),
        sa.CheckConstraint("wind_mps BETWEEN 0 AND 100", name=op.f("ck_ecmo_weather_wind_mps")),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_weather_actor_filled")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_weather_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_weather")),
    )
    op.create_index("ix_ecmo_weather_region_place_at", "ecmo_weather", ["region", "place", "at"])
    op.create_table(
        "ecmo_flight_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=True),
        sa.Column("aircraft", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("aircraft <> ''", name=op.f("ck_ecmo_flight_answers_aircraft_filled")),
        sa.CheckConstraint(
            "answer IN ('asked', 'accepted', 'turned_down')", name=op.f("ck_ecmo_flight_answers_answer")
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_flight_answers_actor_filled")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_flight_answers_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_flight_answers")),
    )
    op.create_index("ix_ecmo_flight_answers_region_at", "ecmo_flight_answers", ["region", "at"])


def downgrade() -> None:
    op.drop_table("ecmo_flight_answers")
    op.drop_table("ecmo_weather")
