"""Rendering the example's documents in a warm process, beside WeasyPrint alone on the same pages.

WeasyPrint alone is `HTML(string=page).write_pdf()` with the same fonts, the same kind of PDF and a warm font
configuration. The second peer makes a plain PDF, without tags for screen readers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.example import ExampleSetup, example_setup
from benchmarks.measurement import Measurement, MeasurementTarget
from benchmarks.timing import cpu_seconds, measure_in_turns
from decisions.documents.build import build_document
from decisions.documents.record_views import ExemptRecord, PublicRecord, build_exempt_record, build_public_record
from decisions.documents.view import Document
from decisions.output import html
from decisions.output.conformance import refuse_nonconforming
from decisions.output.extraction import extract_text
from decisions.output.pdf import render_pdf
from decisions.safety.disclosure import build_exempt_patterns, refuse_leak
from workflow.services import queries

ROUNDS = 9
TARGET = MeasurementTarget("at most", 1.15)
CONFORMANCE_TARGET = MeasurementTarget("at most", 0.06, applies_to="measured")
DISCLOSURE_TARGET = MeasurementTarget("at most", 0.15, applies_to="measured")

ViewFactory = Callable[[], Document]


def measure() -> Iterator[Measurement]:
    """Measure seconds of CPU for all documents, from record to PDF, and for the checks of one."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as setup:
        factories = list(_view_factories(setup))
        pages = [html.render_html(make()) for make in factories]
        _render_all(factories)  # warms up our renderer and its fonts before WeasyPrint is measured
        tagged, plain = _weasyprint_alone(pages, "pdf/a-2a"), _weasyprint_alone(pages, None)
        first = factories[0]()
        pdf = render_pdf(pages[0], first)
        patterns = build_exempt_patterns(*_records(setup, setup.decide_case()))
        ours, peer, plain_peer, conformance, disclosure, one_render = measure_in_turns(
            ROUNDS,
            lambda: cpu_seconds(lambda: _render_all(factories)),
            lambda: cpu_seconds(tagged),
            lambda: cpu_seconds(plain),
            lambda: cpu_seconds(lambda: refuse_nonconforming(pdf, "")),
            lambda: cpu_seconds(lambda: refuse_leak(patterns, extract_text(pdf, "pdf"), "")),
            lambda: cpu_seconds(lambda: render_pdf(pages[0], first)),
        )
    name = f"{len(pages)} documents"
    yield Measurement(name, ours, peer, "s CPU", "WeasyPrint alone, the same kind of PDF", TARGET)
    yield Measurement(name, ours, plain_peer, "s CPU", "WeasyPrint alone, plain PDF", TARGET)
    yield Measurement(
        "conformance to both PDF standards",
        conformance,
        one_render,
        "s CPU",
        "rendering the same document",
        CONFORMANCE_TARGET,
    )
    yield Measurement(
        "search for Part 2 in it", disclosure, one_render, "s CPU", "rendering the same document", DISCLOSURE_TARGET
    )


def _records(setup: ExampleSetup, case: str) -> tuple[ExemptRecord, PublicRecord]:
    scheme = setup.services.library.scheme(setup.story.scheme)
    snapshot = queries.load_case_snapshot(setup.services, case)
    exempt_record = build_exempt_record(snapshot.case, snapshot.exempt_part, snapshot.head, scheme)
    return exempt_record, build_public_record(snapshot.case, snapshot.head, scheme)


def _view_factories(setup: ExampleSetup) -> Iterator[ViewFactory]:
    exempt, public = _records(setup, setup.decide_case())
    for document in setup.story.documents:
        template = public.scheme.document_template(document.kind, document.part)
        yield partial(build_document, template, public if document.part == 1 else exempt)


def _render_all(view_factories: list[ViewFactory]) -> None:
    for make in view_factories:
        view = make()
        render_pdf(html.render_html(view), view)


def _weasyprint_alone(pages: list[str], variant: str | None) -> Callable[[], None]:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()

    def task() -> None:
        for page in pages:
            HTML(string=page).write_pdf(font_config=fonts, pdf_variant=variant)

    task()
    return task
