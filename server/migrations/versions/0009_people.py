"""Who it is: ids that belong to one person, as rows that can be undone.

What is worth knowing before changing them: identity is resolved when it is read, so no event names a person; a link
is never changed but to say that it was undone.
"""

import sqlalchemy as sa
from alembic import op

from server.db import UtcMoment

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "person_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("one_kind", sa.String(length=20), nullable=False),
        sa.Column("one_id", sa.String(length=200), nullable=False),
        sa.Column("other_kind", sa.String(length=20), nullable=False),
        sa.Column("other_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("linked_at", UtcMoment(), nullable=False),
        sa.Column("unlinked_at", UtcMoment(), nullable=True),
        sa.Column("unlinked_by", sa.String(length=64), nullable=True),
        sa.Column("unlinked_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_link")),
    )
    for end in ("one", "other"):
        columns = [f"{end}_kind", f"{end}_id"]
        op.create_index(f"ix_person_link_{'_'.join(columns)}", "person_link", columns)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("person_link")
