"""When a choice was made is said by our own clock.

Until now each was told of at once, so that it was made when it was received; the kiosk's clock may have been wrong.
"""

from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the choices there are have been made when they were received."""
    op.execute("UPDATE consent_choice SET chosen_at = received_at")


def downgrade() -> None:
    """Leave them: nothing reads what stood there before."""
