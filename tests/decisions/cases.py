"""The Smarter Working case in every state that a document can find it in, without a store: always the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from decisions.documents.build import document
from decisions.documents.record_views import exempt_record, public_record
from decisions.documents.view import Document
from decisions.output import html
from decisions.output.pdf import pdf
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from tests.decisions.sample import HEAD
from workflow.cases.case import Case, Confidential
from workflow.cases.paper import Paper, read_paper

PAPER = Path(__file__).resolve().parents[2] / "decisions" / "examples" / "smarter-working.yaml"
FORM, REPORT, PAPER_OF_BOARD, NOTICE = "decision-form", "iab-report", "pib-paper", "decision-notice"
DOCUMENTS = ((FORM, 1), (FORM, 2), (REPORT, 1), (PAPER_OF_BOARD, 1), (NOTICE, 1))
"""Every document that the scheme declares, of which the notice is only of a case that was decided."""

Facts = Mapping[str, FactValue]


@cache
def scheme() -> Scheme:
    """The scheme that is shipped."""
    return Library.of([]).scheme("mopac")


@cache
def paper() -> Paper:
    """The paper that is shipped, with the public-interest test that the demo adds to it."""
    read = read_paper(PAPER.read_bytes(), PAPER.name, scheme())
    test: Facts = {
        "exemption:s43.public_interest": "withhold",
        "exemption:s43.public_interest_reasons": "Openness weighs for disclosure; open prices weigh more.",
    }
    return Paper(read.public, {**read.exempt, **test})


def act(stage: str, outcome: str, on: date, by: str, role: str = "") -> dict[str, FactValue]:
    """What an act records of its stage."""
    return {f"{stage}.outcome": outcome, f"{stage}.on": on, f"{stage}.by": by, f"{stage}.role": role or stage}


OPENED: Facts = {"opened.by": "Aimee Reed", "opened.on": date(2018, 3, 7)}
CERTIFIED: Facts = {
    **OPENED,
    **act("pib", "supported", date(2018, 3, 14), "Chair of PIB", "pib_chair"),
    **act("iab", "supported", date(2018, 3, 22), "Chair of IAB", "iab_chair"),
    **act("declaration", "declared", date(2018, 4, 9), "Head of Smarter Working", "head_of_unit"),
    "declaration.finance": True,
    "declaration.legal": "not_required",
    "declaration.financial_advice": True,
    "declaration.equalities": True,
    **act("chief_executive", "certified", date(2018, 4, 11), "R Lawrence"),
    "certificate.advice_considered": True,
}
DECIDED: Facts = {
    **CERTIFIED,
    **act("dmpc", "approved", date(2018, 4, 16), "Deputy Mayor"),
    "decided_on": date(2018, 4, 16),
    "decision.reference": "PCD 361",
    "interests.considered": True,
    "interests.declared": "none",
}
LAST_ON = date(2018, 4, 16)


def case(stage: str, facts: Facts, public: Facts | None = None) -> Case:
    """The case at a stage, with what acts have recorded; its paper is the shipped one unless another is given."""
    known = {**(paper().public if public is None else public), **facts}
    return Case("MOPAC-2018-1", "mopac", 8, stage, LAST_ON, known)


def decided(**changes: FactValue) -> Case:
    """The decided case, with changes; two underscores stand for a dot."""
    return case("publication", {**DECIDED, **{name.replace("__", "."): value for name, value in changes.items()}})


def without(*prefixes: str) -> dict[str, FactValue]:
    """The public paper without the facts of these names."""
    return {where: value for where, value in paper().public.items() if not where.startswith(prefixes)}


def view(kind: str, part: int, of: Case | None = None, exempt: Facts | None = None, head: str = HEAD) -> Document:
    """The view of one document of a case, the decided one unless another is given."""
    made = of or decided()
    form = scheme().form(kind, part)
    if part == 1:
        return document(form, public_record(made, head, scheme()))
    confidential = Confidential(paper().exempt if exempt is None else exempt)
    return document(form, exempt_record(made, confidential, head, scheme()))


def page(kind: str, part: int, of: Case | None = None, exempt: Facts | None = None) -> str:
    """The HTML of one document."""
    return html.html(view(kind, part, of, exempt))


def printed(document_: Document) -> bytes:
    """The PDF of a view."""
    return pdf(html.html(document_), document_)
