"""A document's page as a PDF that is PDF/A-2a and PDF/UA-1 at once, the same bytes each time.

This is an edge. It sets FONTCONFIG_FILE for the process, so that no font of the machine is ever used, and imports
WeasyPrint at the first document and not before. One thread at a time may print.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
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
    from weasyprint.pdf import pydyf
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

XMP_NAMESPACE = "urn:x-assent:imprint:1#"
"""The XMP namespace under which a PDF carries its imprint."""

_MISSING_GLYPH_MESSAGE = ".notdef glyph rendered for Unicode string unsupported by fonts:"
_AMEND_ADVICE = "Amend the paper: write what is named above with characters that the fonts of the documents have."
_INSTALL_ADVICE = "As root: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"


@dataclass(frozen=True, slots=True)
class _PrintSettings:
    """What every document is printed with: our fonts, our style sheet, and a fetcher that fetches nothing."""

    fonts: FontConfiguration
    style: CSS
    fetcher: URLFetcher


def render_file(document: Document, output_format: str) -> bytes:
    """The file of a document: `to` is pdf; html for its page alone, which needs no WeasyPrint; or docx, for Word.

    Raises DocumentError, and gives nothing, where a PDF is not both PDF/A-2a and PDF/UA-1.
    """
    if output_format == "docx":
        from decisions.output.word.writer import render_docx

        return render_docx(document)
    page = html.render_html(document)
    if output_format != "pdf":
        return page.encode()
    made = render_pdf(page, document)
    conformance.refuse_nonconforming(made, document.display_name)
    return made


def render_pdf(page_html: str, document: Document) -> bytes:
    """The PDF of the page that `decisions.output.html` made of the same document.

    Raises DocumentError for anything that WeasyPrint complains of: a character without a glyph, a style that it
    cannot read, a wish to fetch something.
    """
    # The press has read the style sheet already; to read the page's own copy of it would be the same work again.
    page = page_html.replace(html.style_elements(), "", 1)
    with _strict_weasyprint(document.display_name):
        from weasyprint import HTML

        kit = _print_settings()
        printed: bytes = HTML(string=page, url_fetcher=kit.fetcher).write_pdf(
            font_config=kit.fonts,
            stylesheets=[kit.style],
            pdf_variant="pdf/a-2a",
            custom_metadata=True,
            uncompressed_pdf=True,
            finisher=partial(_add_metadata, imprint=document.imprint),
        )
    return printed


def ensure_ready() -> None:
    """Set the press up; raises `DocumentError` where this machine lacks a library for it."""
    with _strict_weasyprint("nothing"):
        _print_settings()


@cache
def _print_settings() -> _PrintSettings:
    """The press, set up once for each process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    return _PrintSettings(fonts, CSS(string=html.load_stylesheet(), font_config=fonts, url_fetcher=fetcher), fetcher)


def _add_metadata(_pages: Pages, pdf_file: pydyf.PDF, *, imprint: Imprint) -> None:
    """Add what WeasyPrint cannot to the metadata: the claim to be PDF/UA-1 as well, and the imprint."""
    number = int(pdf_file.catalog["Metadata"].split()[0])
    metadata = pdf_file.objects[number]
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _xmp_metadata(imprint) + b"</rdf:RDF>")]
    # All meta elements of the page are in the document information by now; this one speaks to screens.
    del pdf_file.info["viewport"]
    # The metadata stay in clear, so that a tool that knows nothing of PDF finds them.
    for made_object in pdf_file.objects:
        if not made_object.compressible and made_object is not metadata and made_object.number:
            _compress_stream(made_object)


def _compress_stream(stream: pydyf.Stream) -> None:
    """Compress a stream, now and once: WeasyPrint would do it twice, and leave one in 256 to end in a carriage return.

    With the line feed before `endstream` that return would read as one end of line, and the length as wrong (ISO
    19005-2, 6.1.7.1); page-validation refuses such a file. A line feed more in the content gives another last byte.
    """
    stream.compress = True
    while (packed := _stream_content(stream)).endswith(b"\r"):
        stream.stream.append(b"")
        if "Length1" in stream.extra:
            stream.extra["Length1"] += 1
    stream.stream, stream.compress = [packed], False
    stream.extra["Filter"] = "/FlateDecode"


def _stream_content(stream: pydyf.Stream) -> bytes:
    """The bytes between `stream` and `endstream`."""
    written: bytes = stream.data
    return written.split(b"\nstream\n", 1)[1].removesuffix(b"\nendstream")


def _xmp_metadata(imprint: Imprint) -> bytes:
    """The XMP descriptions that name PDF/UA-1 and the imprint, with the schemas that PDF/A asks for."""
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
    """Have our fonts alone in use, and make every complaint of WeasyPrint a DocumentError."""
    os.environ["FONTCONFIG_FILE"] = str(html.TEMPLATE_FOLDER / "fonts" / "fonts.conf")
    try:
        from weasyprint.logger import LOGGER
        from weasyprint.urls import FatalURLFetchingError
    except OSError as error:
        raise DocumentError(f"no PDF can be made on this machine: {error}", _INSTALL_ADVICE) from error
    heard = _ComplaintHandler(logging.WARNING)
    LOGGER.addHandler(heard)
    try:
        # WeasyPrint leaves it to the interpreter to close the colour profile that it reads each time.
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            yield
    except FatalURLFetchingError as error:
        raise DocumentError(f"{document_name}: the page asked for something outside itself: {error}") from error
    finally:
        LOGGER.removeHandler(heard)
    if heard.complaints:
        raise DocumentError(
            f"{document_name}: the PDF is not as it must be: {'; '.join(heard.complaints)}", _AMEND_ADVICE
        )


class _ComplaintHandler(logging.Handler):
    """Keeps what WeasyPrint complains of, each complaint once."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.complaints: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of one complaint."""
        self.complaints[record.getMessage().replace(_MISSING_GLYPH_MESSAGE, "no font has")] = None
