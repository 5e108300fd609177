"""Searching Part 1 of the example for its Part 2 at a gate, beside importing SQLModel.

The whole check of an act is measured: both records, the views of all documents of Part 1, and every search.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cold_start import import_cpu
from benchmarks.example import example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import cpu_seconds, measure_in_turns
from decisions.safety.plain_text import flatten
from decisions.safety.publication import PublicationSearch
from rules.values.prose_parser import parse_prose
from workflow.services import queries

ROUNDS = 9
TARGET = MeasurementTarget("at most", 0.05)


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU of the check on the decided case, in a warm process."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        snapshot = queries.load_case_snapshot(setup.services, setup.decide_case())
    scheme = setup.services.library.scheme(setup.story.scheme)

    def check() -> None:
        flatten.cache_clear()  # all texts are met for the first time
        parse_prose.cache_clear()
        findings = PublicationSearch()(snapshot.full_case, scheme)
        is_refused = any(one.is_refused for one in findings.disclosures)  # of a place that both parts name it warns
        if is_refused or findings.derivable or findings.blockers:
            raise RuntimeError("the example gives away something of its Part 2")

    check()
    ours, peer = measure_in_turns(ROUNDS, lambda: cpu_seconds(check), lambda: import_cpu("import sqlmodel"))
    yield Measurement("search for Part 2 at a gate", ours, peer, "s CPU", "python -c 'import sqlmodel'", TARGET)
