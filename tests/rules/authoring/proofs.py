"""The proof of one scheme, as `assent scheme check NAME` makes it."""

from __future__ import annotations

from rules.packs.library import Library
from rules.proving.examples import ExampleReport, run_examples


def proof_of(library: Library, name: str) -> ExampleReport:
    """Run the examples of one scheme of a library without faults."""
    assert library.faults == ()
    return run_examples(
        library.scheme(name),
        library.example_files(name),
        library.bundle(name).pack_files(),
        library.base_scheme(name),
    )
