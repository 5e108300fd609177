"""The tables of the first stores, which were made before Alembic: such a store is only marked with this revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first stores."""
    op.create_table(
        "ledger",
        sa.Column("position", sa.Integer(), nullable=False, primary_key=True),
        *(
            sa.Column(name, sa.Integer() if name == "version" else sa.String(), nullable=False)
            for name in (
                "stream", "version", "kind", "on", "recorded_at", "officer", "body", "ruling", "exempt", "previous",
                "seal",
            )
        ),
        sa.UniqueConstraint("seal"),
    )  # fmt: skip
    op.create_index("ix_ledger_stream", "ledger", ["stream"])
    op.create_table(
        "exempt",
        sa.Column("position", sa.Integer(), nullable=False, primary_key=True),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
    )
    op.create_index("ix_exempt_stream", "exempt", ["stream"])
    op.create_table(
        "pack",
        sa.Column("digest", sa.String(), nullable=False, primary_key=True),
        sa.Column("file", sa.String(), nullable=False, primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "case_view",
        sa.Column("case", sa.String(), nullable=False, primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("title", "scheme", "stage")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("opened_on", "last_on")),
    )
    op.create_index("ix_case_view_scheme", "case_view", ["scheme"])
