"""`python -m benchmarks [NAME…] [--json]`: measure assent, each figure beside a floor or a peer in the same run.

`python -m benchmarks [NAME…] --against FOLDER` measures it beside another checkout instead, such as that of the parent
commit. These are other benchmarks, since both checkouts must be able to run them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import (
    audits,
    batch_render,
    cold_start,
    compare,
    demo,
    documents,
    gate,
    intake,
    large_stores,
    packs,
    populations,
    proofs,
    publication,
    questions,
    transitions,
    word_forms,
    writers,
)
from benchmarks.measurement import format_table

BENCHMARKS = {
    "transitions": transitions.measure,
    "writers": writers.measure,
    "large": large_stores.measure,
    "gate": gate.measure,
    "questions": questions.measure,
    "publication": publication.measure,
    "cold": cold_start.measure,
    "packs": packs.measure,
    "proofs": proofs.measure,
    "documents": documents.measure,
    "word": word_forms.measure,
    "intake": intake.measure,
    "batch": batch_render.measure,
    "audits": audits.measure,
    "demo": demo.measure,
    "populations": populations.measure,
}


def main() -> None:
    """Run the named benchmarks, or all of them, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    help_ = f"one of {', '.join(BENCHMARKS)}, or with --against one of {', '.join(compare.TASKS)} (default: all)"
    parser.add_argument("names", nargs="*", metavar="NAME", help=help_)
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout, with its own .venv")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    known = compare.TASKS if options.against else tuple(BENCHMARKS)
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(known)}")
    names = options.names or known
    if options.against:
        measurements = list(compare.measure_against(options.against, names))
    else:
        measurements = [figure for name in names for figure in BENCHMARKS[name]()]
    if options.json:
        print(json.dumps([figure.as_json() for figure in measurements], indent=2))
    else:
        print(format_table(measurements))


if __name__ == "__main__":
    main()
