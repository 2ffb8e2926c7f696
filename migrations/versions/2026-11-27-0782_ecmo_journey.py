"""What happens in an ECMO mission: steps, lists, gates, promises, readings.

Revision: 20261127_0782
Follows: 20261127_0781
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0782"
down_revision = "20261127_0781"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ecmo_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_steps_actor_filled")),
        sa.CheckConstraint(
            "state IN ('preparing', 'outbound', 'at_patient', 'cannulating', 'on_circuit', 'returning', "
            "'arrived', 'handed_over', 'stood_down', 'died')",
            name=op.f("ck_ecmo_steps_state"),
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_steps_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_steps")),
    )
    op.create_index("ix_ecmo_steps_mission_id_at", "ecmo_steps", ["mission_id", "at"], unique=False)
    op.create_table(
        "ecmo_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_checks_actor_filled")),
        sa.CheckConstraint(
            "checklist IN ('leaving_base', 'leaving_with_patient', 'arrival', 'time_out', 'loading', 'handover')",
            name=op.f("ck_ecmo_checks_checklist"),
        ),
        sa.CheckConstraint("item <> ''", name=op.f("ck_ecmo_checks_item_filled")),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_ecmo_checks_withdrawn")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_checks_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_checks")),
    )
    op.create_index(
        "uq_ecmo_checks_held",
        "ecmo_checks",
        ["mission_id", "checklist", "item"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "ecmo_passages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("open_items", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(how = 'closed') = (cardinality(open_items) = 0)", name=op.f("ck_ecmo_passages_open_items")
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_passages_actor_filled")),
        sa.CheckConstraint(
            "checklist IN ('leaving_base', 'leaving_with_patient', 'arrival', 'time_out', 'loading', 'handover')",
            name=op.f("ck_ecmo_passages_checklist"),
        ),
        sa.CheckConstraint("how IN ('closed', 'overridden', 'open')", name=op.f("ck_ecmo_passages_how")),
        sa.CheckConstraint(
            "reason IN ('worsens', 'done_unticked', 'not_needed', 'on_the_way', 'other')",
            name=op.f("ck_ecmo_passages_reason"),
        ),
        sa.CheckConstraint("num_nulls(reason, reason_at, reason_by) IN (0, 3)", name=op.f("ck_ecmo_passages_why")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_passages_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_passages")),
    )
    op.create_index("ix_ecmo_passages_mission_id_at", "ecmo_passages", ["mission_id", "at"], unique=False)
    op.create_table(
        "ecmo_promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("bed", sa.Text(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(what = 'consent') = (consent IS NOT NULL)", name=op.f("ck_ecmo_promises_of_consent")),
        sa.CheckConstraint("asked_by <> ''", name=op.f("ck_ecmo_promises_asked_by_filled")),
        sa.CheckConstraint(
            "bed IN ('resuscitation', 'observation', 'icu', 'nicu', 'burns', 'isolation', 'ward')",
            name=op.f("ck_ecmo_promises_bed"),
        ),
        sa.CheckConstraint(
            "consent IN ('patient', 'relatives', 'emergency', 'refused')", name=op.f("ck_ecmo_promises_consent")
        ),
        sa.CheckConstraint(
            "what IN ('bed', 'cath_lab', 'theatre', 'receiving_team', 'consent', 'relatives')",
            name=op.f("ck_ecmo_promises_what"),
        ),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name=op.f("ck_ecmo_promises_acknowledged")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_ecmo_promises_ended")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_promises_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_promises")),
    )
    op.create_index(
        "uq_ecmo_promises_held",
        "ecmo_promises",
        ["mission_id", "what"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "ecmo_pressures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("kit_id", sa.Uuid(), nullable=False),
        sa.Column("bar", sa.Double(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_pressures_actor_filled")),
        sa.CheckConstraint("bar BETWEEN 0 AND 350", name=op.f("ck_ecmo_pressures_bar")),
        sa.ForeignKeyConstraint(["kit_id"], ["ecmo_kit.id"], name=op.f("fk_ecmo_pressures_kit_id_ecmo_kit")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_pressures_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_pressures")),
    )
    op.create_index(
        "ix_ecmo_pressures_mission_id_kit_id_at", "ecmo_pressures", ["mission_id", "kit_id", "at"], unique=False
    )
    op.create_table(
        "ecmo_demands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("sweep", sa.Double(), nullable=False),
        sa.Column("minute_volume", sa.Double(), nullable=False),
        sa.Column("bias", sa.Double(), nullable=False),
        sa.Column("fio2", sa.Double(), nullable=False),
        sa.Column("other", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_demands_actor_filled")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_demands_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_demands")),
    )
    op.create_index("ix_ecmo_demands_mission_id_at", "ecmo_demands", ["mission_id", "at"], unique=False)
    op.create_table(
        "ecmo_battery_tests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("kit_id", sa.Uuid(), nullable=False),
        sa.Column("health", sa.Double(), nullable=False),
        sa.Column("load_w", sa.Double(), nullable=False),
        sa.Column("temperature_c", sa.Double(), nullable=False),
        sa.Column("changeover", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_battery_tests_actor_filled")),
        sa.CheckConstraint("health BETWEEN 0 AND 1", name=op.f("ck_ecmo_battery_tests_health")),
        sa.CheckConstraint("load_w BETWEEN 0 AND 10000", name=op.f("ck_ecmo_battery_tests_load_w")),
        sa.CheckConstraint("temperature_c BETWEEN -60 AND 80", name=op.f("ck_ecmo_battery_tests_temperature_c")),
        sa.ForeignKeyConstraint(["kit_id"], ["ecmo_kit.id"], name=op.f("fk_ecmo_battery_tests_kit_id_ecmo_kit")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_battery_tests_mission_id_ecmo_missions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_battery_tests")),
    )
    op.create_index(
        "ix_ecmo_battery_tests_mission_id_kit_id_at", "ecmo_battery_tests", ["mission_id", "kit_id", "at"], unique=False
    )


def downgrade() -> None:
    for name in (
        "ecmo_battery_tests",
        "ecmo_demands",
        "ecmo_pressures",
        "ecmo_promises",
        "ecmo_passages",
        "ecmo_checks",
        "ecmo_steps",
    ):
        op.drop_table(name)
