"""Cases are found by their numbers in any letters, and by the day of their last act, without reading all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.adapters.case_numbers import folded_case_number

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make an index of numbers without case and signs, and one of last days."""
    op.create_index("ix_case_view_folded", "case_view", [sa.text(folded_case_number('"case"'))])
    op.create_index("ix_case_view_last_on", "case_view", ["last_on"])
