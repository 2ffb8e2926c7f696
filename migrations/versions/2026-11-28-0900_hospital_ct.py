"""A computed tomography scanner is a service of a hospital of its own.

Revision: 20261128_0900
Follows: 20261128_0872
"""

from alembic import op

revision = "20261128_0900"
down_revision = "20261128_0872"
branch_labels = None
depends_on = None

BEFORE = (
    *("emergency", "chest_pain", "pci", "stroke", "trauma", "obstetric", "neonatal", "ecmo", "icu", "surgery", "burns"),
    *("paediatric", "infectious", "psychiatric", "poisoning", "hyperbaric", "dialysis", "helipad"),
)


def _known(services: tuple[str, ...]) -> None:
    told = ", ".join(f"'{one}'" for one in services)
    op.drop_constraint(op.f("ck_hospitals_capabilities"), "hospitals")
    op.create_check_constraint(op.f("ck_hospitals_capabilities"), "hospitals", f"capabilities <@ ARRAY[{told}]::text[]")
    op.drop_constraint(op.f("ck_hospital_limits_service"), "hospital_limits")
    op.create_check_constraint(op.f("ck_hospital_limits_service"), "hospital_limits", f"service IN ({told})")


def upgrade() -> None:
    _known(("emergency", "chest_pain", "pci", "ct", *BEFORE[3:]))


def downgrade() -> None:
    op.execute("DELETE FROM hospital_limits WHERE service = 'ct'")
    op.execute("UPDATE hospitals SET capabilities = array_remove(capabilities, 'ct')")
    _known(BEFORE)
