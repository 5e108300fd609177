"""Taking in a published decision as a new process: `assent intake`, of a long file above one with its head alone.

The decision is a page, a PDF and a Word file with the same thirty pages of text, written for this benchmark.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.cold_start import ASSENT, import_cpu
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import child_cpu_seconds, measure_in_turns

ROUNDS = 5
CPU_TARGET = MeasurementTarget("at most", 1.0)
CLAUSES, WORDS_IN_CLAUSE = 40, 60
SECTIONS = (
    "Introduction and background", "Issues for consideration", "Financial Comments", "Legal Comments",
    "Equality Comments", "Background/supporting papers",
)  # fmt: skip
HEAD = (
    "A title of a decision", "Reference code: PCD 142", "Date signed: 3 March 2017",
    "Decision by: Anna Webb, Deputy Mayor, Policing and Crime",
)  # fmt: skip
LIST = ("The DMPC is asked to:", "1. Approve a contract in the sum of £310,000", "2. Note the plan")


def measure() -> Iterator[Measurement]:
    """Measure the CPU of reading a long decision above that of an empty one."""
    for kind, write in (("html", _write_page), ("pdf", _write_pdf), ("docx", _write_word)):
        yield _measure_kind(kind, write)


def _measure_kind(kind: str, write: Callable[[list[tuple[str, bool]]], bytes]) -> Measurement:
    with tempfile.TemporaryDirectory() as folder:
        long_file, empty_file = Path(folder, f"long.{kind}"), Path(folder, f"empty.{kind}")
        long_file.write_bytes(write(_lines(CLAUSES)))
        empty_file.write_bytes(write(_lines(0)))
        with_text, without, imports = measure_in_turns(
            ROUNDS,
            lambda: child_cpu_seconds([ASSENT, "intake", str(long_file), "--format", "json"]),
            lambda: child_cpu_seconds([ASSENT, "intake", str(empty_file), "--format", "json"]),
            lambda: import_cpu("import sqlmodel"),
        )
    above = [max(long - empty, 0.0) for long, empty in zip(with_text, without, strict=True)]
    name = f"intake of 30 pages ({kind}), above an empty one"
    return Measurement(name, above, imports, "s CPU", "python -c 'import sqlmodel'", CPU_TARGET)


def _lines(clauses: int) -> list[tuple[str, bool]]:
    """Return the paragraphs of a decision, and whether each is a heading."""
    clause = " ".join(f"word{number}" for number in range(WORDS_IN_CLAUSE))
    lines = [(HEAD[0], True), *((line, False) for line in HEAD[1:])]
    lines += [("Executive summary", True), ("The radios wear out.", False), ("Recommendation", True)]
    lines += [(line, False) for line in LIST]
    for section in SECTIONS if clauses else ():
        lines += [(section, True), *((f"{clause} {number}.", False) for number in range(clauses))]
    return lines


def _write_page(lines: list[tuple[str, bool]]) -> bytes:
    tags = ((text, "h2" if is_heading else "p") for text, is_heading in lines)
    body = "\n".join(f"<{tag}>{text}</{tag}>" for text, tag in tags)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def _write_pdf(lines: list[tuple[str, bool]]) -> bytes:
    from weasyprint import HTML

    data: bytes = HTML(string=_write_page(lines).decode()).write_pdf()
    return data


def _write_word(lines: list[tuple[str, bool]]) -> bytes:
    import docx

    form, data = docx.Document(), io.BytesIO()
    for text, is_heading in lines:
        if is_heading:
            form.add_heading(text, 2)
        else:
            form.add_paragraph(text)
    form.save(data)
    return data.getvalue()
