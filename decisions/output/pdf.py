"""Render a document as a PDF that is both PDF/A-2a and PDF/UA-1, and choose the renderer of each output format.

- The same document gives the same bytes, in any process, place and time zone.
- Only our own fonts are used and nothing is fetched; any complaint of WeasyPrint is an error.
- One thread of a process at a time may render.

This is an edge: it sets FONTCONFIG_FILE for the process. WeasyPrint takes long to import, so it is imported at the
first document.
"""

from __future__ import annotations

import logging
import os
import warnings
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from string import Template
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from decisions.documents.view import Document, Imprint
from decisions.errors import DocumentError
from decisions.output import conformance, html

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document as Pages
    from weasyprint.document import Page
    from weasyprint.pdf import pydyf
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

XMP_NAMESPACE = "urn:x-assent:imprint:1#"
"""The XMP namespace under which a PDF carries its imprint."""

MIN_LAST_PAGE = 0.35
"""The part of a page's height to which a last page is filled at least, where another layout can do it."""
MIN_PAGE = 0.6
"""The part of a page's height to which each other page is filled at least, where another layout can do it."""
MAX_PAGES_WITH_GAP = 8
"""How many pages a document may have to be laid out again because of a gap: it takes up to three times the time."""

_MISSING_GLYPH_MESSAGE = ".notdef glyph rendered for Unicode string unsupported by fonts:"
_AMEND_ADVICE = "Amend the paper: write what is named above with characters that the fonts of the documents have."
_INSTALL_ADVICE = "As root: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"


@dataclass(frozen=True, slots=True)
class _PrintSettings:
    """What every document is rendered with: our fonts, our style sheet, and a fetcher that refuses everything."""

    fonts: FontConfiguration
    basic: CSS
    compact: CSS
    loose: CSS
    fetcher: URLFetcher


def render_file(document: Document, output_format: str) -> bytes:
    """Return the file of a document in an output format: `pdf`, `html` or `docx`.

    Raises `DocumentError` if the document cannot be rendered, or if its PDF does not keep both standards.
    """
    if output_format == "docx":
        from decisions.output.word.writer import render_docx

        return render_docx(document)
    page = html.render_html(document)
    if output_format != "pdf":
        return page.encode()
    data = render_pdf(page, document)
    conformance.refuse_nonconforming(data, document.display_name)
    return data


def render_pdf(page_html: str, document: Document) -> bytes:
    """Return the PDF of the HTML page of the same document.

    Raises `DocumentError` for anything that WeasyPrint complains of: a character without a glyph, a style that it
    cannot read, an address that it would fetch.
    """
    # The style sheet is parsed once for the process; parsing the page's own copy would do the same work again.
    page = page_html.replace(html.style_elements(), "", 1)
    with _strict_weasyprint(document.display_name):
        from weasyprint import DEFAULT_OPTIONS

        options = {**DEFAULT_OPTIONS, "pdf_variant": "pdf/a-2a", "custom_metadata": True, "uncompressed_pdf": True}
        pages = _lay_out(page, options)
        data: bytes = pages.write_pdf(finisher=partial(_add_metadata, imprint=document.imprint), **options)
    return data


def _lay_out(page: str, options: Mapping[str, object]) -> Pages:
    """Return the pages: if some are not well filled, those of the layout that has the fewest such pages."""
    from weasyprint import HTML

    settings = _print_settings()
    html_page = HTML(string=page, url_fetcher=settings.fetcher)
    layouts = []
    for stylesheets in ([], [settings.compact], [settings.loose]):
        with_ours = {**options, "stylesheets": [settings.basic, *stylesheets]}
        layouts.append(html_page.render(settings.fonts, **with_ours))
        if not _count_gaps(layouts[-1]):
            break
    return min(layouts, key=lambda pages: (_count_gaps(pages), len(pages.pages)))


def _count_gaps(pages: Pages) -> int:
    """Return how many pages are filled too little: the last of several, or one whose rest is kept for the next page."""
    *others, last = pages.pages
    *_, end = last.anchors.get(html.END_ANCHOR, (last.height,))  # the lower edge of a rectangle
    gaps = int(bool(others) and end < MIN_LAST_PAGE * last.height)
    if len(pages.pages) > MAX_PAGES_WITH_GAP:
        return gaps
    return gaps + len([page for page in others if _find_lowest_line(page) < MIN_PAGE * page.height])


def _find_lowest_line(page: Page) -> float:
    """Return how far below the top of a page its last line of text ends, in the unit of the page's height."""
    from weasyprint.formatting_structure.boxes import LineBox

    content, *_ = page._page_box.children  # noqa: SLF001 -- WeasyPrint tells of the lines nowhere else
    lines = (box for box in content.descendants() if isinstance(box, LineBox))
    return max((float(line.position_y + line.height) for line in lines), default=0.0)


def ensure_ready() -> None:
    """Load what a PDF needs; raise `DocumentError` if this machine lacks a library for it."""
    with _strict_weasyprint("nothing"):
        _print_settings()


@cache
def _print_settings() -> _PrintSettings:
    """Return the settings, loaded once for each process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)  # a logo, which stands in the page itself
    basic, compact, loose = (
        CSS(string=html.load_stylesheet(name), font_config=fonts, url_fetcher=fetcher)
        for name in ("print.css", "compact.css", "loose.css")
    )
    return _PrintSettings(fonts, basic, compact, loose, fetcher)


def _add_metadata(_pages: Pages, pdf_file: pydyf.PDF, *, imprint: Imprint) -> None:
    """Add to the metadata what WeasyPrint cannot: the claim to be PDF/UA-1 as well, and the imprint."""
    number = int(pdf_file.catalog["Metadata"].split()[0])
    metadata = pdf_file.objects[number]
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _xmp_metadata(imprint) + b"</rdf:RDF>")]
    # WeasyPrint copies every meta element of the page into the document information; this one is for screens only.
    del pdf_file.info["viewport"]
    # The metadata stay uncompressed, so that a tool that knows nothing of PDF can read them.
    for pdf_object in pdf_file.objects:
        if not pdf_object.compressible and pdf_object is not metadata and pdf_object.number:
            if "Filter" in pdf_object.extra:
                _repack_picture(pdf_object)
            else:
                _compress_stream(pdf_object)


def _compress_stream(stream: pydyf.Stream) -> None:
    """Compress a stream once, so that it does not end in a carriage return.

    WeasyPrint would compress it twice, and one stream in 256 would end in a carriage return. Together with the line
    feed before `endstream` that reads as one end of line, and so as a wrong length (ISO 19005-2, 6.1.7.1). One more
    line feed in the content gives another last byte.
    """
    stream.compress = True
    while (packed := _stream_content(stream)).endswith(b"\r"):
        stream.stream.append(b"")
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1
    stream.stream, stream.compress = [packed], False
    stream.extra["Filter"] = "/FlateDecode"


def _repack_picture(stream: pydyf.Stream) -> None:
    """Compress a picture, which is packed already, once more if it ends in a carriage return.

    See `_compress_stream` for the reason.
    """
    from weasyprint.pdf import pydyf

    while (packed := _stream_content(stream)).endswith(b"\r"):
        filters, parameters = stream.extra["Filter"], stream.extra.get("DecodeParms", "null")
        is_repacked = isinstance(filters, pydyf.Array)
        stream.stream = [zlib.compress(packed, 9)]
        stream.extra["Filter"] = pydyf.Array(["/FlateDecode", *(filters if is_repacked else [filters])])
        stream.extra["DecodeParms"] = pydyf.Array(["null", *(parameters if is_repacked else [parameters])])


def _stream_content(stream: pydyf.Stream) -> bytes:
    """Return the bytes between `stream` and `endstream`."""
    data: bytes = stream.data
    return data.split(b"\nstream\n", 1)[1].removesuffix(b"\nendstream")


def _xmp_metadata(imprint: Imprint) -> bytes:
    """Return the XMP descriptions that name PDF/UA-1 and the imprint, with the schemas that PDF/A requires."""
    values = {
        "case": imprint.case,
        "version": str(imprint.version),
        "head": imprint.head,
        "kind": imprint.kind,
        "part": str(imprint.part),
    }
    quoted = {name: escape(value, {'"': "&quot;"}) for name, value in values.items()}
    return _load_xmp_template().substitute(quoted, namespace=XMP_NAMESPACE).encode()


@cache
def _load_xmp_template() -> Template:
    return Template((html.TEMPLATE_FOLDER / "imprint.xmp").read_text(encoding="utf-8"))


@contextmanager
def _strict_weasyprint(document_name: str) -> Iterator[None]:
    """Use our fonts alone, and turn every complaint of WeasyPrint into a `DocumentError`."""
    os.environ["FONTCONFIG_FILE"] = str(html.TEMPLATE_FOLDER / "fonts" / "fonts.conf")
    try:
        from weasyprint.logger import LOGGER
        from weasyprint.urls import FatalURLFetchingError
    except OSError as error:
        raise DocumentError(f"no PDF can be made on this machine: {error}", _INSTALL_ADVICE) from error
    handler = _ComplaintHandler(logging.WARNING)
    LOGGER.addHandler(handler)
    try:
        # WeasyPrint reads a colour profile for each document and leaves closing it to the interpreter.
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            yield
    except FatalURLFetchingError as error:
        raise DocumentError(f"{document_name}: the page refers to something outside itself: {error}") from error
    finally:
        LOGGER.removeHandler(handler)
    if handler.complaints:
        raise DocumentError(
            f"{document_name}: the PDF could not be made: {'; '.join(handler.complaints)}", _AMEND_ADVICE
        )


class _ComplaintHandler(logging.Handler):
    """Collects the warnings and errors that WeasyPrint logs, each once."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.complaints: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Collect one complaint."""
        self.complaints[record.getMessage().replace(_MISSING_GLYPH_MESSAGE, "no font has")] = None
