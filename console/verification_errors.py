"""What is done to verify something, on the terminal: where that fails, a program that reads json is told so too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from console import output
from console.session import JSON
from rules.values.text import replace_unprintable


@contextmanager
def report_failed_verification(output_format: str) -> Iterator[None]:
    """Run a verification in the block; where it fails, say so in json too, and let the error go on."""
    from decisions.errors import NotVerified
    from workflow.errors import LedgerBroken

    try:
        yield
    except (LedgerBroken, NotVerified) as error:
        if output_format == JSON:
            # A store that was altered may hold what speaks to the terminal.
            output.print_json(
                {"verified": False, "faults": [replace_unprintable(line) for line in str(error).split("\n")]}
            )
        raise
