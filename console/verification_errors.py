"""Reports a failed verification in JSON too, for programs that do not read standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from console import output
from console.output_formats import JSON
from rules.values.text import replace_unprintable


@contextmanager
def report_failed_verification(output_format: str) -> Iterator[None]:
    """Print the faults as JSON if the verification in the block fails, then raise the error again."""
    from decisions.errors import NotVerified
    from workflow.errors import LedgerBroken

    try:
        yield
    except (LedgerBroken, NotVerified) as error:
        if output_format == JSON:
            # An altered store may hold escape sequences, and JSON is often read on a terminal.
            faults = [replace_unprintable(line) for line in str(error).split("\n")]
            output.print_json({"verified": False, "faults": faults})
        raise
