"""Canaries: a recognisable value in every field of Part 2, and a search for them in whatever a file contains."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from pypdf import PdfReader
from pypdf.generic import StreamObject

from decisions.safety.disclosure import ExemptPatterns
from tests.decisions.cases import PAPER_FILE
from tests.decisions.fixed_services import services_at
from workflow.services import commands, officer_commands
from workflow.services.commands import Request, Services

CASE = "MOPAC-2018-1"
CANARIES: dict[str, tuple[Any, str]] = {
    "estimated_value": ("£7,318,642.17 ex VAT", "7,318,642.17"),
    "contract_kind": ("light_touch", "Social and other specific services"),
    "procurement_route": ("innovation_partnership", "Innovation partnership"),
    "modification_ground": ("reg_72_1_d", "Regulation 72(1)(d)"),
    "modification.original_value": ("£8,264,193.75 ex VAT", "8,264,193.75"),
    "modification.increase": ("£2,153,078.64 ex VAT", "2,153,078.64"),
    "procurement_commenced_on": (date(2017, 11, 23), "23 November 2017"),
    "confidential.business_case": ("Canary-Auk of the business case.", "Canary-Auk"),
    "confidential.financial": ("Canary-Bulbul of the finances.", "Canary-Bulbul"),
    "confidential.real_estate": ("Canary-Curlew of the estate.", "Canary-Curlew"),
    "exemption.s43.limb": ("trade_secret", "Subsection (1): a trade secret"),
    "exemption.s43.prejudice": ("would", "Disclosure would prejudice"),
    "exemption.s43.whose_interest": ("Canary-Dotterel Limited", "Canary-Dotterel"),
    "exemption.s43.rationale": ("Canary-Egret of the rationale.", "Canary-Egret"),
    "exemption.s43.public_interest": ("withhold", "The public interest in withholding outweighs"),
    "exemption.s43.public_interest_reasons": ("Canary-Fulmar of the test.", "Canary-Fulmar"),
    "exemption.secret.section": ("s43", ""),
    "exemption.secret.whose_interest": ("Canary-Gannet plc", "Canary-Gannet"),
    "exemption.secret.review_on": (date(2021, 5, 19), "19 May 2021"),
}
"""The value of each fact of Part 2 by its path in the paper, and the words by which a reader would recognise it."""

WORDS = {path: words for path, (_, words) in CANARIES.items() if words}
CODES = (
    "light_touch", "innovation_partnership", "reg_72_1_d", "trade_secret", "2017-11-23", "2021-05-19", "731864217",
    "826419375", "215307864",
)  # fmt: skip
"""The same values as programs write them."""

LEAK = "The Kingfisher prices were £7,318,642.17 in all"
"""A text of Part 2, to be put into files that must not have it."""

LEAK_PATTERNS = ExemptPatterns(
    ngrams=frozenset({("kingfisher", "prices", "were", "7_318_642")}),
    amounts=frozenset({("7_318_642", "17")}),
    words=frozenset({"kingfisher"}),
)


def nest_exemptions(values: dict[str, Any]) -> dict[str, Any]:
    """Return values by path as a paper states them, with the facts of each exemption below its key."""
    stated: dict[str, Any] = {}
    for path, value in values.items():
        if path.startswith("exemption."):
            _, key, fact = path.split(".")
            stated.setdefault("exemption", {}).setdefault(key, {})[fact] = value
        else:
            stated[path] = value
    return stated


def with_canaries(**changes: Any) -> bytes:  # noqa: ANN401  # any value that YAML can hold
    """Return the shipped paper with canaries as its Part 2, some changed, as in `estimated_value="£1 ex VAT"`.

    Two underscores stand for a dot.
    """
    paper = yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))
    values = {path: value for path, (value, _) in CANARIES.items()}
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    return yaml.safe_dump({"public": paper["public"], "exempt": nest_exemptions(values)}, allow_unicode=True).encode()


def open_case(path: Path, paper: bytes) -> Services:
    """Return services over a new store in which a case was opened from a paper."""
    services = services_at(path)
    officer_commands.add_officer(
        services, "Rosa Lee", officer_commands.RoleAppointment("mopac", ("author",)), Request("", date(2018, 3, 1))
    )
    commands.open_case_from_paper(services, "mopac", paper, "paper.yaml", Request("rosa-lee", date(2018, 3, 7)))
    return services


def decode_file(data: bytes) -> str:
    """Return everything that a file contains, as text: its bytes, and what is packed or encoded in them.

    Of a PDF these are each object, each unpacked stream and the text of its pages; of a Word file each part, with its
    tags and without.
    """
    texts = [data.decode("latin-1"), data.decode("utf-8", "replace")]
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data))
        texts += [page.extract_text() for page in reader.pages]
        texts += [str(reader.metadata), str(reader.outline), str(reader.named_destinations), str(reader.attachments)]
        texts += list(pdf_objects(reader))
    if data.startswith(b"PK"):
        texts += list(_word_parts(data))
    return " ".join(" ".join(texts).split())


def pdf_objects(reader: PdfReader) -> Iterator[str]:
    for number in range(1, int(str(reader.trailer["/Size"]))):
        pdf_object: Any = reader.get_object(number)
        yield repr(pdf_object)
        if isinstance(pdf_object, StreamObject):
            unpacked = pdf_object.get_data()
            yield unpacked.decode("latin-1")
            yield unpacked.decode("utf-16-be", "replace")


def _word_parts(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            xml = package.read(entry).decode()
            yield f"{entry.filename} {entry.comment!r} {entry.extra!r} {xml}"
            yield unescape(re.sub(r"<[^>]*>", "", xml))


def find_canaries(text: str) -> list[str]:
    """Return the canaries in a text, in any encoding that a file may use."""
    return [
        words
        for words in (*WORDS.values(), *CODES, "Canary", "canary")
        if any(
            encoded in text
            for encoded in (words, words.encode().hex(), words.encode().hex().upper(), words.encode("utf-16-be").hex())
        )
    ]
