"""Patients, who looked after them, their outcomes and merges.

Revision: 20261122_2130
Follows: 20261122_2128
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_2130"
down_revision = "20261122_2128"
branch_labels = None
depends_on = None


# A value that was written stays as it was written, until the law takes it away: once, whole, and nothing else.
KEEP = """
CREATE FUNCTION personal_values_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.value IS NOT NULL AND NEW.value IS NULL
           AND to_jsonb(NEW) - ARRAY['value', 'erased_at', 'erased_by', 'erasure_basis']
             = to_jsonb(OLD) - ARRAY['value', 'erased_at', 'erased_by', 'erasure_basis'] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A personal value is erased or stays as it is: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

TRIGGER = """
CREATE TRIGGER personal_values_keep BEFORE UPDATE OR DELETE ON personal_values
FOR EACH ROW EXECUTE FUNCTION personal_values_keep()
"""


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("destination_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_patients_merged")),
        sa.CheckConstraint(
            (
                "outcome IN ('transported', 'treated_left', 'refused', 'dead_on_scene', "
                "'resuscitation_stopped', 'not_found', 'handed_on')"
            ),
            name=op.f("ck_patients_outcome"),
        ),
        sa.CheckConstraint("sex IN ('male', 'female', 'unstated', 'unknown')", name=op.f("ck_patients_sex")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_patients_source"),
        ),
        sa.CheckConstraint("state <> 'open' OR outcome IS NULL", name=op.f("ck_patients_open")),
        sa.CheckConstraint("state <> 'settled' OR outcome IS NOT NULL", name=op.f("ck_patients_settled")),
        sa.CheckConstraint("state IN ('open', 'settled', 'merged')", name=op.f("ck_patients_state")),
        sa.CheckConstraint("age_years BETWEEN 0 AND 130", name=op.f("ck_patients_age_years")),
        sa.CheckConstraint("merged_into <> id", name=op.f("ck_patients_not_into_itself")),
        sa.CheckConstraint("version >= 1 AND ordinal >= 1", name=op.f("ck_patients_counts")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_patients_incident_id_incidents")),
        sa.ForeignKeyConstraint(["merged_into"], ["patients.id"], name=op.f("fk_patients_merged_into_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
        sa.UniqueConstraint("incident_id", "ordinal", name=op.f("uq_patients_incident_id_ordinal")),
    )
    op.create_index(op.f("ix_patients_merged_into"), "patients", ["merged_into"], unique=False)
    op.create_table(
        "patient_care",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("care", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text(("int8range(uuid_hash_extended(patient_id, 0), uuid_hash_extended(patient_id, 0), '[]')")), "&&"),
            (sa.text("tstzrange(begins_at, ends_at)"), "&&"),
            where=sa.text("care = 'carries'"),
            using="gist",
            name="ex_patient_care_carries",
        ),
        sa.CheckConstraint("care IN ('carries', 'attends')", name=op.f("ck_patient_care_care")),
        sa.CheckConstraint(
            "reason IN ('first', 'relay', 'rendezvous', 'breakdown')", name=op.f("ck_patient_care_reason")
        ),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_patient_care_source"),
        ),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_patient_care_times")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_care_patient_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_care")),
    )
    op.create_index("ix_patient_care_patient_id", "patient_care", ["patient_id"], unique=False)
    op.create_index("ix_patient_care_unit_id", "patient_care", ["unit_id"], unique=False)
    op.create_table(
        "patient_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_patient_merges_undone")),
        sa.CheckConstraint("merged_id <> kept_id", name=op.f("ck_patient_merges_two")),
        sa.ForeignKeyConstraint(["kept_id"], ["patients.id"], name=op.f("fk_patient_merges_kept_id_patients")),
        sa.ForeignKeyConstraint(["merged_id"], ["patients.id"], name=op.f("fk_patient_merges_merged_id_patients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_merges")),
    )
    op.create_index(op.f("ix_patient_merges_kept_id"), "patient_merges", ["kept_id"], unique=False)
    op.create_index(
        "uq_patient_merges_present",
        "patient_merges",
        ["merged_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "patient_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=True),
        sa.Column("destination_words_id", sa.Uuid(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("handed_to", sa.Text(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("(outcome = 'handed_on') = (handed_to <> '')", name=op.f("ck_patient_outcomes_handed_to")),
        sa.CheckConstraint("(outcome = 'refused') = (proof IS NOT NULL)", name=op.f("ck_patient_outcomes_refusal")),
        sa.CheckConstraint(
            ("(outcome = 'transported') = (num_nonnulls(destination_id, destination_words_id) > 0)"),
            name=op.f("ck_patient_outcomes_destination"),
        ),
        sa.CheckConstraint(
            "COALESCE(proof = 'witness', false) = (witness_id IS NOT NULL)", name=op.f("ck_patient_outcomes_witness")
        ),
        sa.CheckConstraint(
            (
                "outcome IN ('transported', 'treated_left', 'refused', 'dead_on_scene', "
                "'resuscitation_stopped', 'not_found', 'handed_on')"
            ),
            name=op.f("ck_patient_outcomes_outcome"),
        ),
        sa.CheckConstraint("proof IN ('signature', 'witness')", name=op.f("ck_patient_outcomes_proof")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_patient_outcomes_source"),
        ),
        sa.CheckConstraint("version = 1 OR reason_id IS NOT NULL", name=op.f("ck_patient_outcomes_reason")),
        sa.ForeignKeyConstraint(
            ["destination_words_id"],
            ["personal_values.id"],
            name=op.f("fk_patient_outcomes_destination_words_id_personal_values"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_patient_outcomes_patient_id_patients")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["personal_values.id"], name=op.f("fk_patient_outcomes_reason_id_personal_values")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["personal_values.id"], name=op.f("fk_patient_outcomes_witness_id_personal_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_outcomes")),
        sa.UniqueConstraint("patient_id", "version", name=op.f("uq_patient_outcomes_patient_id_version")),
    )
    op.execute(KEEP)
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("patient_outcomes")
    op.drop_table("patient_merges")
    op.drop_table("patient_care")
    op.drop_table("patients")
    op.execute("DROP TRIGGER personal_values_keep ON personal_values")
    op.execute("DROP FUNCTION personal_values_keep()")
