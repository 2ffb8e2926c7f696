"""ECMO missions have plan and vehicle, kit and people on call, and bookings that never overlap.

Revision: 20261127_0781
Follows: 20261127_0780
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0781"
down_revision = "20261127_0780"
branch_labels = None
depends_on = None

_KINDS = "'road', 'rendezvous', 'bring', 'helicopter', 'fixed_wing'"


def upgrade() -> None:
    for name, kind in (
        ("unit_id", sa.Uuid()), ("plan_kind", sa.Text()), ("plan_via", sa.Uuid()), ("plan_aircraft", sa.Text()),
        ("plan_marks", postgresql.JSONB()), ("planned_at", sa.DateTime(timezone=True)), ("planned_by", sa.Text()),
        ("fit_to_move_at", sa.DateTime(timezone=True)), ("fit_to_move_by", sa.Text()),
    ):  # fmt: skip
        op.add_column("ecmo_missions", sa.Column(name, kind, nullable=True))
    op.create_foreign_key(op.f("fk_ecmo_missions_unit_id_units"), "ecmo_missions", "units", ["unit_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_ecmo_missions_plan_via_hospitals"), "ecmo_missions", "hospitals", ["plan_via"], ["id"]
    )
    op.create_check_constraint(op.f("ck_ecmo_missions_plan_kind"), "ecmo_missions", f"plan_kind IN ({_KINDS})")
    op.create_check_constraint(
        op.f("ck_ecmo_missions_plan"),
        "ecmo_missions",
        "num_nulls(plan_kind, plan_marks, planned_at, planned_by) IN (0, 4)",
    )
    op.create_check_constraint(
        op.f("ck_ecmo_missions_fit_to_move"), "ecmo_missions", "(fit_to_move_at IS NULL) = (fit_to_move_by IS NULL)"
    )
    op.create_table(
        "ecmo_kit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("water_l", sa.Double(), nullable=True),
        sa.Column("capacity_wh", sa.Double(), nullable=True),
        sa.CheckConstraint("(kind = 'battery') = (capacity_wh IS NOT NULL)", name=op.f("ck_ecmo_kit_battery")),
        sa.CheckConstraint("(kind = 'cylinder') = (water_l IS NOT NULL)", name=op.f("ck_ecmo_kit_cylinder")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_ecmo_kit_code_filled")),
        sa.CheckConstraint(
            "kind IN ('console', 'backup_drive', 'circuit', 'cannula', 'blood', 'cylinder', 'battery', "
            "'ventilator', 'monitor', 'pump', 'heater', 'blood_gas', 'ultrasound')",
            name=op.f("ck_ecmo_kit_kind"),
        ),
        sa.CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name=op.f("ck_ecmo_kit_checked")),
        sa.CheckConstraint("capacity_wh BETWEEN 0 AND 20000", name=op.f("ck_ecmo_kit_capacity_wh")),
        sa.CheckConstraint("water_l BETWEEN 0 AND 100", name=op.f("ck_ecmo_kit_water_l")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_kit_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_kit_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_kit")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_ecmo_kit_region_code")),
    )
    op.create_table(
        "ecmo_duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]')"), "&&"),
            (sa.text("tstzrange(from_at, until_at)"), "&&"),
            using="gist",
            name="ex_ecmo_duties_person",
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_duties_actor_filled")),
        sa.CheckConstraint(
            "roles <@ ARRAY['lead', 'second_physician', 'perfusionist', 'nurse', 'driver']::text[] AND "
            "cardinality(roles) > 0",
            name=op.f("ck_ecmo_duties_roles"),
        ),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_ecmo_duties_times")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_duties_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ecmo_duties_person_id_people")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_duties_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_duties")),
    )
    op.create_index("ix_ecmo_duties_hospital_id_from_at", "ecmo_duties", ["hospital_id", "from_at"], unique=False)
    op.create_table(
        "ecmo_bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("kit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(uuid_hash_extended(kit_id, 0), uuid_hash_extended(kit_id, 0), '[]')"), "&&"),
            (sa.text("tstzrange(from_at, until_at)"), "&&"),
            where=sa.text("kit_id IS NOT NULL"),
            using="gist",
            name="ex_ecmo_bookings_kit",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(uuid_hash_extended(person_id, 0), uuid_hash_extended(person_id, 0), '[]')"), "&&"),
            (sa.text("tstzrange(from_at, until_at)"), "&&"),
            where=sa.text("person_id IS NOT NULL"),
            using="gist",
            name="ex_ecmo_bookings_person",
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_bookings_actor_filled")),
        sa.CheckConstraint(
            "role IN ('lead', 'second_physician', 'perfusionist', 'nurse', 'driver')",
            name=op.f("ck_ecmo_bookings_role"),
        ),
        sa.CheckConstraint("(person_id IS NULL) = (role IS NULL)", name=op.f("ck_ecmo_bookings_role_of_person")),
        sa.CheckConstraint("num_nonnulls(kit_id, person_id) = 1", name=op.f("ck_ecmo_bookings_one")),
        sa.CheckConstraint("until_at >= from_at", name=op.f("ck_ecmo_bookings_times")),
        sa.ForeignKeyConstraint(["kit_id"], ["ecmo_kit.id"], name=op.f("fk_ecmo_bookings_kit_id_ecmo_kit")),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["ecmo_missions.id"], name=op.f("fk_ecmo_bookings_mission_id_ecmo_missions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ecmo_bookings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_bookings")),
    )
    op.create_index("ix_ecmo_bookings_mission_id", "ecmo_bookings", ["mission_id"], unique=False)


def downgrade() -> None:
    for name in ("ecmo_bookings", "ecmo_duties", "ecmo_kit"):
        op.drop_table(name)
    for name in ("fit_to_move", "plan", "plan_kind"):
        op.drop_constraint(op.f(f"ck_ecmo_missions_{name}"), "ecmo_missions")
    for name in (
        "fit_to_move_by", "fit_to_move_at", "planned_by", "planned_at", "plan_marks", "plan_aircraft", "plan_via",
        "plan_kind", "unit_id",
    ):  # fmt: skip
        op.drop_column("ecmo_missions", name)
