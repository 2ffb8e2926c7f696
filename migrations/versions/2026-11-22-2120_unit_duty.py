"""Units on duty: status and its history, crews, kit, timed runs.

Revision: 20261122_2120
Follows: 20261122_2115
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2120"
down_revision = "20261122_2115"
branch_labels = None
depends_on = None

UNIT = sa.text("int8range(uuid_hash_extended(unit_id, 0), uuid_hash_extended(unit_id, 0), '[]')")
PERSON = sa.text("int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]')")
KIT = sa.text("int8range(hashtextextended(kit, 0), hashtextextended(kit, 0), '[]')")
PERIOD = sa.text("tstzrange(from_at, until_at)")
SOURCES = "source IN ('crew', 'auto', 'voice', 'dispatcher')"
STATUSES = (
    "'unknown', 'at_station', 'returning_available', 'assigned', 'en_route', 'staging', 'on_scene', "
    "'at_patient', 'transporting', 'at_hospital', 'returning', 'relief', 'standby', 'transfer', "
    "'out_of_service'"
)
SKILLS = (
    "'driver', 'nurse', 'physician', 'paramedic', 'stretcher', 'ecmo_specialist', 'perfusionist', "
    "'neonatologist', 'midwife', 'rescuer', 'police'"
)
RUN = (
    "run_id IS NULL OR status IN ('assigned', 'en_route', 'staging', 'on_scene', 'at_patient', "
    "'transporting', 'at_hospital', 'standby', 'transfer')"
)
OUT = "(status = 'out_of_service') = (reason <> '') AND (reason = '' OR expected_end_at IS NOT NULL)"

REFUSE = """
CREATE FUNCTION unit_status_entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was told of a unit stays as it was told: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

TRIGGER = """
CREATE TRIGGER unit_status_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON unit_status_entries
    FOR EACH STATEMENT EXECUTE FUNCTION unit_status_entries_refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "crew_duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (PERSON, "&&"),
            (PERIOD, "&&"),
            where=sa.text("voided_at IS NULL"),
            using="gist",
            name="ex_crew_duties_person",
        ),
        postgresql.ExcludeConstraint(
            (UNIT, "&&"),
            (sa.text("int4range(seat, seat, '[]')"), "&&"),
            (PERIOD, "&&"),
            where=sa.text("voided_at IS NULL"),
            using="gist",
            name="ex_crew_duties_seat",
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_crew_duties_actor_filled")),
        sa.CheckConstraint(f"skill IN ({SKILLS})", name=op.f("ck_crew_duties_skill")),
        sa.CheckConstraint(SOURCES, name=op.f("ck_crew_duties_source")),
        sa.CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name=op.f("ck_crew_duties_finite")),
        sa.CheckConstraint("seat BETWEEN 1 AND 10", name=op.f("ck_crew_duties_seat")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_crew_duties_times")),
        sa.ForeignKeyConstraint(["corrects"], ["crew_duties.id"], name=op.f("fk_crew_duties_corrects_crew_duties")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_crew_duties_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_crew_duties_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crew_duties")),
    )
    op.create_index(
        "ix_crew_duties_on_board",
        "crew_duties",
        ["unit_id"],
        unique=False,
        postgresql_where=sa.text("voided_at IS NULL AND until_at IS NULL"),
    )
    op.create_index("ix_crew_duties_person_id_from_at", "crew_duties", ["person_id", "from_at"], unique=False)
    op.create_index("ix_crew_duties_unit_id_from_at", "crew_duties", ["unit_id", "from_at"], unique=False)
    op.create_table(
        "unit_kit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kit", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint((UNIT, "&&"), (KIT, "&&"), (PERIOD, "&&"), using="gist", name="ex_unit_kit_kit"),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_unit_kit_actor_filled")),
        sa.CheckConstraint("kit <> ''", name=op.f("ck_unit_kit_kit_filled")),
        sa.CheckConstraint(SOURCES, name=op.f("ck_unit_kit_source")),
        sa.CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name=op.f("ck_unit_kit_finite")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_unit_kit_times")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_kit_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_kit")),
    )
    op.create_index(
        "ix_unit_kit_on_board", "unit_kit", ["unit_id"], unique=False, postgresql_where=sa.text("until_at IS NULL")
    )
    op.create_table(
        "unit_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (UNIT, "&&"), (PERIOD, "&&"), where=sa.text("state <> 'cancelled'"), using="gist", name="ex_unit_runs_unit"
        ),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL) AND ended_at >= started_at", name=op.f("ck_unit_runs_ended")
        ),
        sa.CheckConstraint(
            "(state IN ('started', 'ended')) = (started_at IS NOT NULL)", name=op.f("ck_unit_runs_started")
        ),
        sa.CheckConstraint("kind IN ('standby', 'transfer')", name=op.f("ck_unit_runs_kind")),
        sa.CheckConstraint("state IN ('planned', 'started', 'ended', 'cancelled')", name=op.f("ck_unit_runs_state")),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_unit_runs_point")),
        sa.CheckConstraint("char_length(place) BETWEEN 1 AND 200", name=op.f("ck_unit_runs_place")),
        sa.CheckConstraint("isfinite(from_at) AND isfinite(until_at)", name=op.f("ck_unit_runs_finite")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_unit_runs_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_unit_runs_lon")),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_unit_runs_times")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_runs_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_runs")),
    )
    op.create_table(
        "unit_status_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_offset_s", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(effect = 'correction') = (corrects IS NOT NULL)", name=op.f("ck_unit_status_entries_correction")
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_unit_status_entries_actor_filled")),
        sa.CheckConstraint(
            "effect IN ('applied', 'late', 'other_run', 'refused', 'repeated', 'correction')",
            name=op.f("ck_unit_status_entries_effect"),
        ),
        sa.CheckConstraint(f"from_status IN ({STATUSES})", name=op.f("ck_unit_status_entries_from_status")),
        sa.CheckConstraint(
            "reason IN ('decontamination', 'fuel', 'restock', 'fault', 'meal', '')",
            name=op.f("ck_unit_status_entries_reason"),
        ),
        sa.CheckConstraint(SOURCES, name=op.f("ck_unit_status_entries_source")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_unit_status_entries_status")),
        sa.CheckConstraint("at <= received_at", name=op.f("ck_unit_status_entries_times")),
        sa.CheckConstraint(
            "isfinite(at) AND isfinite(device_at) AND isfinite(received_at)", name=op.f("ck_unit_status_entries_finite")
        ),
        sa.ForeignKeyConstraint(
            ["corrects"], ["unit_status_entries.id"], name=op.f("fk_unit_status_entries_corrects_unit_status_entries")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_status_entries_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_status_entries")),
    )
    op.create_index(
        "ix_unit_status_entries_run_id",
        "unit_status_entries",
        ["run_id"],
        unique=False,
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.create_index("ix_unit_status_entries_unit_id_at", "unit_status_entries", ["unit_id", "at"], unique=False)
    op.create_index(
        "uq_unit_status_entries_corrects",
        "unit_status_entries",
        ["corrects"],
        unique=True,
        postgresql_where=sa.text("corrects IS NOT NULL"),
    )
    op.create_index(
        "uq_unit_status_entries_report",
        "unit_status_entries",
        ["unit_id", "report_id"],
        unique=True,
        postgresql_where=sa.text("report_id IS NOT NULL"),
    )
    op.create_table(
        "unit_statuses",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expected_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(OUT, name=op.f("ck_unit_statuses_out")),
        sa.CheckConstraint(
            "reason IN ('decontamination', 'fuel', 'restock', 'fault', 'meal', '')",
            name=op.f("ck_unit_statuses_reason"),
        ),
        sa.CheckConstraint(RUN, name=op.f("ck_unit_statuses_run")),
        sa.CheckConstraint(SOURCES, name=op.f("ck_unit_statuses_source")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_unit_statuses_status")),
        sa.CheckConstraint("isfinite(since) AND isfinite(expected_end_at)", name=op.f("ck_unit_statuses_finite")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_unit_statuses_version")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["unit_status_entries.id"], name=op.f("fk_unit_statuses_entry_id_unit_status_entries")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_statuses_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_statuses")),
    )
    op.execute(REFUSE)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("unit_statuses")
    op.drop_table("unit_status_entries")
    op.drop_table("unit_runs")
    op.drop_table("unit_kit")
    op.drop_table("crew_duties")
    op.execute("DROP FUNCTION unit_status_entries_refuse_change()")
