"""Making the documents of the example in a warm process, beside WeasyPrint alone on the same pages.

WeasyPrint alone means `HTML(string=page).write_pdf()` with the fonts and the kind of PDF that ours has, and with a
font configuration that is warm as ours is; the second peer makes a plain PDF, without tags for those who listen.
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
    """Seconds of CPU for all documents, from record to view, to page, to PDF; and for the last looks at one."""
    with tempfile.TemporaryDirectory() as folder, example_setup(Path(folder)) as shown:
        makes = list(_view_factories(shown))
        pages = [html.render_html(make()) for make in makes]
        _render_all(makes)  # warms the press and says which fonts there are, before WeasyPrint looks
        tagged, plain = _weasyprint_alone(pages, "pdf/a-2a"), _weasyprint_alone(pages, None)
        first = makes[0]()
        made = render_pdf(pages[0], first)
        secrets = build_exempt_patterns(*_records(shown, shown.decide_case()))
        ours, peer, bare, judged, sought, printed = measure_in_turns(
            ROUNDS,
            lambda: cpu_seconds(lambda: _render_all(makes)),
            lambda: cpu_seconds(tagged),
            lambda: cpu_seconds(plain),
            lambda: cpu_seconds(lambda: refuse_nonconforming(made, "")),
            lambda: cpu_seconds(lambda: refuse_leak(secrets, extract_text(made, "pdf"), "")),
            lambda: cpu_seconds(lambda: render_pdf(pages[0], first)),
        )
    name = f"{len(pages)} documents"
    yield Measurement(name, ours, peer, "s CPU", "WeasyPrint alone, the same kind of PDF", TARGET)
    yield Measurement(name, ours, bare, "s CPU", "WeasyPrint alone, plain PDF", TARGET)
    yield Measurement(
        "both standards judged", judged, printed, "s CPU", "the printing of the same document", CONFORMANCE_TARGET
    )
    yield Measurement(
        "Part 2 sought in it", sought, printed, "s CPU", "the printing of the same document", DISCLOSURE_TARGET
    )


def _records(setup: ExampleSetup, case: str) -> tuple[ExemptRecord, PublicRecord]:
    scheme = setup.services.library.scheme(setup.story.scheme)
    file = queries.load_case_snapshot(setup.services, case)
    whole = build_exempt_record(file.case, file.exempt_part, file.head, scheme)
    return whole, build_public_record(file.case, file.head, scheme)


def _view_factories(setup: ExampleSetup) -> Iterator[ViewFactory]:
    exempt, public = _records(setup, setup.decide_case())
    for wanted in setup.story.documents:
        form = public.scheme.document_template(wanted.kind, wanted.part)
        yield partial(build_document, form, public if wanted.part == 1 else exempt)


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
