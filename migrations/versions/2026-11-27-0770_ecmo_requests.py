"""Requests for ECMO, what centres answer, and a role for who decides.

Revision: 20261127_0770
Follows: 20261127_0710
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_0770"
down_revision = "20261127_0710"
branch_labels = None
depends_on = None

ROLES = "'dispatcher', 'crew', 'emergency_doctor', 'ecmo_coordinator', {}'supervisor', 'administrator'"
KINDS = "'phone', 'name', 'id_number', 'address', 'note', 'message', 'reason', 'recording', 'witness', {}'destination'"
OWNERS = "'call', 'incident', 'patient', 'note', 'message'{}"
LIVE = "state IN ('accepted', 'advised', 'asked', 'bound', 'declined', 'unanswered')"
MODES = "mode IN ('vv', 'va', 'ecpr')"
INDICATIONS = (
    "'viral_pneumonia', 'bacterial_pneumonia', 'aspiration', 'asthma', 'trauma_or_burn', 'other_respiratory', "
    "'cardiogenic_shock', 'myocarditis', 'pulmonary_embolism', 'vt_vf_storm', 'intoxication', 'hypothermia', "
    "'cardiac_arrest', 'other'"
)
SUPPORT = (
    "'oxygen', 'high_flow', 'non_invasive', 'ventilated', 'prone', 'vasopressors', 'inotropes', 'balloon_pump', "
    "'renal_replacement', 'compressions', 'ecmo'"
)


def _allow(table: str, name: str, allowed: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{name} IN ({allowed})")


def _widen(role: str, kind: str, owner: str) -> None:
    for table in ("person_roles", "person_duties"):
        _allow(table, "role", ROLES.format(role))
    _allow("personal_values", "kind", KINDS.format(kind))
    _allow("personal_values", "owner", OWNERS.format(owner))


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _requests() -> None:
    op.create_table(
        "ecmo_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("hospital_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("identity_digest", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age_years", sa.Integer(), nullable=True),
        sa.Column("pregnant", sa.Boolean(), nullable=True),
        sa.Column("weight_kg", sa.Double(), nullable=True),
        sa.Column("height_cm", sa.Double(), nullable=True),
        sa.Column("ward", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("indication", sa.Text(), nullable=True),
        sa.Column("support", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("joined_into", sa.Uuid(), nullable=True),
        _time("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        _time("saved_at"),
        _time("asked_at", nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        _time("decided_at", nullable=True),
        _time("ended_at", nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("withdrawal", sa.Text(), nullable=True),
        sa.CheckConstraint("origin IN ('hospital', 'emergency', 'incident')", name=op.f("ck_ecmo_requests_origin")),
        sa.CheckConstraint(
            "state IN ('draft', 'asked', 'accepted', 'advised', 'declined', 'unanswered', 'bound', 'closed', "
            "'withdrawn', 'joined')",
            name=op.f("ck_ecmo_requests_state"),
        ),
        sa.CheckConstraint(MODES, name=op.f("ck_ecmo_requests_mode")),
        sa.CheckConstraint("sex IN ('male', 'female', 'unstated', 'unknown')", name=op.f("ck_ecmo_requests_sex")),
        sa.CheckConstraint(
            "ward IN ('icu', 'emergency', 'theatre', 'cath_lab', 'ward', 'scene', 'ambulance')",
            name=op.f("ck_ecmo_requests_ward"),
        ),
        sa.CheckConstraint(f"indication IN ({INDICATIONS})", name=op.f("ck_ecmo_requests_indication")),
        sa.CheckConstraint(
            "withdrawal IN ('improved', 'died', 'elsewhere', 'refused', 'mistake')",
            name=op.f("ck_ecmo_requests_withdrawal"),
        ),
        sa.CheckConstraint(f"support <@ ARRAY[{SUPPORT}]::text[]", name=op.f("ck_ecmo_requests_support")),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_ecmo_requests_organisation_filled")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_ecmo_requests_number_filled")),
        sa.CheckConstraint("age_years BETWEEN 0 AND 130", name=op.f("ck_ecmo_requests_age_years")),
        sa.CheckConstraint("weight_kg BETWEEN 0 AND 400", name=op.f("ck_ecmo_requests_weight_kg")),
        sa.CheckConstraint("height_cm BETWEEN 20 AND 250", name=op.f("ck_ecmo_requests_height_cm")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_ecmo_requests_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_ecmo_requests_lon")),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_ecmo_requests_place")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ecmo_requests_version")),
        sa.CheckConstraint("(state = 'joined') = (joined_into IS NOT NULL)", name=op.f("ck_ecmo_requests_joined")),
        sa.CheckConstraint("joined_into <> id", name=op.f("ck_ecmo_requests_not_into_itself")),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawal IS NOT NULL)", name=op.f("ck_ecmo_requests_withdrawn")),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn', 'joined') OR num_nonnulls(number, mode, asked_at, asked_by) = 4",
            name=op.f("ck_ecmo_requests_asked"),
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_requests_region_regions")),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_requests_hospital_id_hospitals")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_ecmo_requests_incident_id_incidents")),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_ecmo_requests_patient_id_patients")),
        sa.ForeignKeyConstraint(
            ["joined_into"], ["ecmo_requests.id"], name=op.f("fk_ecmo_requests_joined_into_ecmo_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_requests")),
        sa.UniqueConstraint("region", "number", name=op.f("uq_ecmo_requests_region_number")),
    )
    op.create_index(
        "uq_ecmo_requests_live_patient", "ecmo_requests", ["patient_id"], unique=True, postgresql_where=sa.text(LIVE)
    )
    op.create_index(
        "uq_ecmo_requests_live_identity",
        "ecmo_requests",
        ["region", "identity_digest"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    op.create_index("ix_ecmo_requests_region_created_at", "ecmo_requests", ["region", "created_at"])
    op.create_index("ix_ecmo_requests_incident_id", "ecmo_requests", ["incident_id"])
    op.create_index("ix_ecmo_requests_joined_into", "ecmo_requests", ["joined_into"])
    op.create_table(
        "ecmo_counters",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 1", name=op.f("ck_ecmo_counters_last")),
        sa.CheckConstraint("day <> ''", name=op.f("ck_ecmo_counters_day_filled")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_ecmo_counters_region_regions")),
        sa.PrimaryKeyConstraint("region", "day", name=op.f("pk_ecmo_counters")),
    )


def _offers() -> None:
    op.create_table(
        "ecmo_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("hospital_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _time("asked_at", nullable=True),
        _time("seen_at", nullable=True),
        sa.Column("seen_by", sa.Text(), nullable=True),
        _time("decided_at", nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        _time("cannulation_at", nullable=True),
        _time("bound_at", nullable=True),
        sa.Column("bound_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'seen', 'unanswered', 'accepted', 'conditional', 'advised', 'declined', "
            "'bound', 'released')",
            name=op.f("ck_ecmo_offers_state"),
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_ecmo_offers_place")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_ecmo_offers_version")),
        sa.CheckConstraint(
            "state IN ('waiting', 'released') OR asked_at IS NOT NULL", name=op.f("ck_ecmo_offers_asked")
        ),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name=op.f("ck_ecmo_offers_seen")),
        sa.CheckConstraint("(bound_at IS NULL) = (bound_by IS NULL)", name=op.f("ck_ecmo_offers_bound_by_name")),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'conditional', 'bound') OR cannulation_at IS NOT NULL",
            name=op.f("ck_ecmo_offers_promised"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["ecmo_requests.id"], name=op.f("fk_ecmo_offers_request_id_ecmo_requests")
        ),
        sa.ForeignKeyConstraint(["hospital_id"], ["hospitals.id"], name=op.f("fk_ecmo_offers_hospital_id_hospitals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_offers")),
        sa.UniqueConstraint("request_id", "hospital_id", name=op.f("uq_ecmo_offers_request_id_hospital_id")),
    )
    op.create_index("ix_ecmo_offers_hospital_id", "ecmo_offers", ["hospital_id"])
    op.create_index(
        "uq_ecmo_offers_bound",
        "ecmo_offers",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("state = 'bound'"),
    )
    op.create_table(
        "ecmo_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        _time("cannulation_at", nullable=True),
        _time("at"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('accept', 'conditional', 'advise', 'decline')", name=op.f("ck_ecmo_decisions_decision")
        ),
        sa.CheckConstraint(
            "reason IN ('no_team', 'no_console', 'no_bed', 'too_far', 'weather', 'judgement')",
            name=op.f("ck_ecmo_decisions_reason"),
        ),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_ecmo_decisions_actor_filled")),
        sa.CheckConstraint(
            "(decision = 'decline') = (reason IS NOT NULL)", name=op.f("ck_ecmo_decisions_reason_given")
        ),
        sa.CheckConstraint(
            "(decision IN ('accept', 'conditional')) = (cannulation_at IS NOT NULL)",
            name=op.f("ck_ecmo_decisions_promised"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["ecmo_offers.id"], name=op.f("fk_ecmo_decisions_offer_id_ecmo_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_decisions")),
    )
    op.create_index("ix_ecmo_decisions_offer_id_at", "ecmo_decisions", ["offer_id", "at"])
    op.create_table(
        "ecmo_conditions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        _time("ticked_at", nullable=True),
        sa.Column("ticked_by", sa.Text(), nullable=True),
        sa.CheckConstraint("ordinal >= 1", name=op.f("ck_ecmo_conditions_ordinal")),
        sa.CheckConstraint("(ticked_at IS NULL) = (ticked_by IS NULL)", name=op.f("ck_ecmo_conditions_ticked")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["ecmo_decisions.id"], name=op.f("fk_ecmo_conditions_decision_id_ecmo_decisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_conditions")),
        sa.UniqueConstraint("decision_id", "ordinal", name=op.f("uq_ecmo_conditions_decision_id_ordinal")),
    )


def upgrade() -> None:
    _widen("'ecmo_physician', ", "'contact', ", ", 'ecmo'")
    op.add_column("hospitals", sa.Column("is_outside", sa.Boolean(), nullable=False, server_default="false"))
    _requests()
    _offers()


def downgrade() -> None:
    for table in ("ecmo_conditions", "ecmo_decisions", "ecmo_offers", "ecmo_counters", "ecmo_requests"):
        op.drop_table(table)
    op.execute("DELETE FROM hospitals WHERE is_outside")
    op.drop_column("hospitals", "is_outside")
    op.execute("DELETE FROM personal_values WHERE owner = 'ecmo' OR kind = 'contact'")
    for table in ("person_roles", "person_duties"):
        op.execute(f"DELETE FROM {table} WHERE role = 'ecmo_physician'")  # noqa: S608 - our own names
    _widen("", "", "")
