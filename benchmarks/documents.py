"""Making the documents of the example in a warm process, beside WeasyPrint alone on the same pages.

WeasyPrint alone means `HTML(string=page).write_pdf()` with the fonts and the kind of PDF that ours has, and with a
font configuration that is warm as ours is; the second peer makes a plain PDF, without tags for those who listen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.example import Example, example
from benchmarks.figure import Figure, Target
from benchmarks.timing import by_turns, cpu_of
from decisions.documents.build import document
from decisions.documents.record_views import ExemptRecord, PublicRecord, exempt_record, public_record
from decisions.documents.view import Document
from decisions.output import html
from decisions.output.conformance import refuse_unsound
from decisions.output.extraction import told_by
from decisions.output.pdf import pdf
from decisions.safety.disclosure import refuse_leak, secrets_of
from workflow.services import queries

ROUNDS = 9
TARGET = Target("at most", 1.15)
JUDGED = Target("at most", 0.06, of="measured")
SOUGHT = Target("at most", 0.15, of="measured")

Make = Callable[[], Document]


def figures() -> Iterator[Figure]:
    """Seconds of CPU for all documents, from record to view, to page, to PDF; and for the last looks at one."""
    with tempfile.TemporaryDirectory() as folder, example(Path(folder)) as shown:
        makes = list(_makes(shown))
        pages = [html.html(make()) for make in makes]
        _ours(makes)  # warms the press and says which fonts there are, before WeasyPrint looks
        tagged, plain = _alone(pages, "pdf/a-2a"), _alone(pages, None)
        first = makes[0]()
        made = pdf(pages[0], first)
        secrets = secrets_of(*_records(shown, shown.decided()))
        ours, peer, bare, judged, sought, printed = by_turns(
            ROUNDS,
            lambda: cpu_of(lambda: _ours(makes)),
            lambda: cpu_of(tagged),
            lambda: cpu_of(plain),
            lambda: cpu_of(lambda: refuse_unsound(made, "")),
            lambda: cpu_of(lambda: refuse_leak(secrets, told_by(made, "pdf"), "")),
            lambda: cpu_of(lambda: pdf(pages[0], first)),
        )
    name = f"{len(pages)} documents"
    yield Figure(name, ours, peer, "s CPU", "WeasyPrint alone, the same kind of PDF", TARGET)
    yield Figure(name, ours, bare, "s CPU", "WeasyPrint alone, plain PDF", TARGET)
    yield Figure("both standards judged", judged, printed, "s CPU", "the printing of the same document", JUDGED)
    yield Figure("Part 2 sought in it", sought, printed, "s CPU", "the printing of the same document", SOUGHT)


def _records(shown: Example, case: str) -> tuple[ExemptRecord, PublicRecord]:
    scheme = shown.desk.library.scheme(shown.story.scheme)
    file = queries.whole_record(shown.desk, case)
    whole = exempt_record(file.case, file.confidential, file.head, scheme)
    return whole, public_record(file.case, file.head, scheme)


def _makes(shown: Example) -> Iterator[Make]:
    exempt, public = _records(shown, shown.decided())
    for wanted in shown.story.documents:
        form = public.scheme.form(wanted.kind, wanted.part)
        yield partial(document, form, public if wanted.part == 1 else exempt)


def _ours(makes: list[Make]) -> None:
    for make in makes:
        view = make()
        pdf(html.html(view), view)


def _alone(pages: list[str], variant: str | None) -> Callable[[], None]:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()

    def work() -> None:
        for page in pages:
            HTML(string=page).write_pdf(font_config=fonts, pdf_variant=variant)

    work()
    return work
