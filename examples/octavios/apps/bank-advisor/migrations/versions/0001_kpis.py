"""Institutions and their monthly numbers."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TABLE instituciones (id int PRIMARY KEY, name text NOT NULL UNIQUE)")
    op.execute(
        "CREATE TABLE monthly_kpis (institucion_id int NOT NULL REFERENCES instituciones (id), month int NOT NULL,"
        " imor numeric(8, 4) NOT NULL, icor numeric(8, 4) NOT NULL, cartera numeric(16, 2) NOT NULL, PRIMARY KEY (institucion_id, month))"
    )


def downgrade() -> None:
    op.execute("DROP TABLE monthly_kpis")
    op.execute("DROP TABLE instituciones")
