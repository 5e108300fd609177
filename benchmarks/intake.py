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
from rules.packs.form_reading import FormReading, RecommendationList
from rules.packs.library import Library

ROUNDS = 5
CPU_TARGET = MeasurementTarget("at most", 1.0)
CLAUSES, WORDS_IN_CLAUSE = 40, 60


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
    """Return the paragraphs of a decision in the first form of the shipped schemes, and whether each is a heading."""
    reading, reference, asked = _first_form()
    clause = " ".join(f"word{number}" for number in range(WORDS_IN_CLAUSE))
    lines = [("A title of a decision", True), (f"{reading.facts[reading.reference].labels[0]}: {reference}", False)]
    lines += [(asked.headings[0], True), (f"{asked.leads[0]}:", False)]
    lines += [(f"{number}. {next(iter(reading.verbs))} item {number}", False) for number in (1, 2)]
    for section in reading.sections.values() if clauses else ():
        lines += [(section.headings[0], True), *((f"{clause} {number}.", False) for number in range(clauses))]
    return lines


def _first_form() -> tuple[FormReading, str, RecommendationList]:
    """Return a form of a page that lists recommendations below a heading: its reading, a reference, and its list."""
    library = Library.load([])
    for scheme in map(library.scheme, library.schemes()):
        for form in scheme.declaration.published_forms.values():
            reading = scheme.declaration.form_readings.get(form.reading)
            if reading and reading.reference in reading.facts and reading.recommendations[0].headings:
                reference = form.references[0].written.replace("{number}", "142").replace("{year}", "2017")
                return reading, reference, reading.recommendations[0]
    raise LookupError("no shipped scheme reads a published form")


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
