"""Stores in a file and in a database hold what they promise, as docs/reliability.md says with figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.page import PAGE, write_page

pytestmark = pytest.mark.long


def test_the_page_says_what_was_tried(tmp_path: Path) -> None:
    assert write_page(tmp_path) == PAGE.read_text(encoding="utf-8")
