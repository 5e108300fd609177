"""What the plain run leaves out of a parametrised test: cases like others that it keeps."""

from __future__ import annotations

from typing import Any

import pytest


def only_long(*cases: object) -> list[Any]:
    """Mark cases as long; one with several arguments is a tuple."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long) for case in cases]
