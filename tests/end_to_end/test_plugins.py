"""What is installed beside assent has no say in what a pack means."""

from __future__ import annotations

import subprocess
import sys


def test_no_plugin_of_pydantic_is_looked_for() -> None:
    listing = """
import sys, cli
try:
    cli.main(["scheme", "list"])
except SystemExit as end:
    assert end.code == 0
from pydantic.plugin import _loader
from rules.packs.scheme_schema import SchemeDeclaration
assert SchemeDeclaration.__pydantic_complete__, "no pack was read"
assert _loader._plugins is None, "plugins were looked for"
"""
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
