"""How a person likes the screen.

Revision: 20261127_0560
Follows: 20261127_0550
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0560"
down_revision = "20261127_0550"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_settings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_person_settings_version")),
        sa.CheckConstraint("octet_length(body::text) <= 16384", name=op.f("ck_person_settings_body")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_settings_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_settings")),
    )


def downgrade() -> None:
    op.drop_table("person_settings")
