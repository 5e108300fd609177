"""What the plain run leaves out of a parametrised test: cases like others that it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def only_long(*cases: object) -> list[Any]:
    """Mark cases as long; one with several arguments is a tuple."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long) for case in cases]


def in_turn(cases: Sequence[object], keep: int = 3) -> list[Any]:
    """Keep one of so many cases of one argument in the plain run, and mark the others as long."""
    return [
        case if place % keep == 0 else pytest.param(case, marks=pytest.mark.long) for place, case in enumerate(cases)
    ]
