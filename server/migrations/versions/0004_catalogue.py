"""A fuller catalogue: details of products, further axes of variants, where stores stand and when they open; imports.

What is worth knowing before changing them: `import_change` holds each stored row an import changed as it was and as
the import left it, so that it can be taken back; both are documents of the table's columns as they were then.
"""

import sqlalchemy as sa
from alembic import op

from server.db import Json, UtcMoment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and make the tables."""
    with op.batch_alter_table("product") as table:
        table.add_column(sa.Column("details", Json, nullable=False, server_default="{}"))
    with op.batch_alter_table("variant") as table:
        table.add_column(sa.Column("axes", Json, nullable=False, server_default="[]"))
    with op.batch_alter_table("store") as table:
        table.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("hours", Json, nullable=True))
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("applied_at", UtcMoment(), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=True),
        sa.Column("counts", Json, nullable=False),
        sa.Column("undone_at", UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_import_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "import_change",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=20), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_change_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_change")),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("import_change", "import"):
        op.drop_table(table)
    for table, columns in (
        ("store", ["hours", "longitude", "latitude"]),
        ("variant", ["axes"]),
        ("product", ["details"]),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
