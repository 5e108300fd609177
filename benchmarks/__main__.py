"""`python -m benchmarks [NAME] [--json]`: the speeds of assent, each beside a floor or a peer of the same run."""

from __future__ import annotations

import argparse
import json

from benchmarks import batch_render, cold_start, demo, documents, gate, packs, transitions
from benchmarks.measurement import format_table

BENCHMARKS = {
    "transitions": transitions.measure,
    "gate": gate.measure,
    "cold": cold_start.measure,
    "packs": packs.measure,
    "documents": documents.measure,
    "edition": batch_render.measure,
    "demo": demo.measure,
}


def main() -> None:
    """Measure what was asked for, or everything, and print it."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("name", nargs="*", help=f"which of {', '.join(BENCHMARKS)}; all where none is named")
    asked.add_argument("--json", action="store_true", help="print JSON")
    given = asked.parse_args()
    if unknown := sorted(set(given.name) - set(BENCHMARKS)):
        asked.error(f"there is no benchmark {unknown[0]}")
    found = [figure for name in given.name or BENCHMARKS for figure in BENCHMARKS[name]()]
    if given.json:
        print(json.dumps([figure.as_json() for figure in found], indent=2))
    else:
        print(format_table(found))


if __name__ == "__main__":
    main()
