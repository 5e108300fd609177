"""Auditing 2,000 cases of one store in each format, beside importing SQLModel: CPU of the process, and its memory.

The cases are decided ones, from paper to publication. A few are walked, each with words of its own; the others are
copies of them under numbers and titles of their own, sealed anew.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.cold_start import ASSENT, import_cpu
from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from workflow.ledger.entries import UnsealedEntry

CASES, WALKED = 2_000, 10
ROUNDS = 3
FORMATS = ("table", "json", "jsonl", "csv", "html", "pdf")
CPU_TARGET = MeasurementTarget("at most", 20.0)
MEMORY_TARGET = MeasurementTarget("at most", 300.0, applies_to="measured")
EXIT_BREACHED = 6


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU and megabytes for each format."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        fill_store(setup)
        setup.services.store.close()
        for output_format in FORMATS:
            ours, peer, memory = [], [], []
            for _ in range(ROUNDS):
                cpu, megabytes = _audit(setup.store_file, output_format, Path(folder))
                ours.append(cpu)
                memory.append(megabytes)
                peer.append(import_cpu("import sqlmodel"))
            name = f"audit of {CASES:,} cases, {output_format}"
            yield Measurement(name, ours, peer, "s CPU", "python -c 'import sqlmodel'", CPU_TARGET)
            yield Measurement(name, memory, memory, "MB", "itself", MEMORY_TARGET)


def fill_store(setup: ExampleSetup, cases: int = CASES) -> None:
    """Fill a store with decided cases: a few walked, the others copies of them."""
    walked = [_vary(setup, number).decide_case() for number in range(min(WALKED, cases))]
    store = setup.services.store
    with store.write_transaction() as transaction:
        summaries = {summary.case: summary for summary in transaction.case_summaries()}
        for number in range(len(walked) + 1, cases + 1):
            case = walked[number % len(walked)]
            copy, title = f"{case.rpartition('-')[0]}-{number}", summaries[case].title
            texts = {text.version: text for text in transaction.exempt_texts(case)}
            for entry in transaction.sealed_entries(case):
                text = texts.get(entry.version)
                body, ruling = (
                    words.replace(case, copy).replace(title, f"{title} {number}")
                    for words in (entry.body, entry.ruling)
                )
                unsealed = UnsealedEntry(
                    copy, entry.kind, date.fromisoformat(entry.on), entry.officer, body, ruling,
                    text.body if text else "", text.salt if text else "",
                )  # fmt: skip
                transaction.append(unsealed, entry.version - 1)
            transaction.update_summary(summaries[case]._replace(case=copy, title=f"{title} {number}"))


def _vary(setup: ExampleSetup, number: int) -> ExampleSetup:
    """Return the example with words of its own in the paper."""
    paper = setup.paper.replace(b"Smarter Working", f"Smarter Working {number}".encode())
    return replace(setup, paper=paper)


def _audit(store_file: Path, output_format: str, folder: Path) -> tuple[float, float]:
    """Return the seconds of CPU and the megabytes of an audit as a new process."""
    report = ["-o", str(folder / f"audit.{output_format}"), "--force"] if output_format in ("html", "pdf") else []
    command = [ASSENT, "--store", str(store_file), "audit", "--all", "--format", output_format, *report]
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = _wait(process)
    if status != EXIT_BREACHED:
        raise RuntimeError(f"the audit ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    """Wait for a process, and return what it used."""
    pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return pid, process.returncode, usage
