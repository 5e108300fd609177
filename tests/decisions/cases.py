"""The Smarter Working case at every stage, and its documents, without a store: always the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from decisions.documents.build import build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.documents.view import Document
from decisions.output import html
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from tests.decisions.sample import LEDGER_HEAD
from tests.rendered_documents import render_pdf_once
from workflow.cases.case import Case, ExemptFacts
from workflow.cases.paper import Paper, read_paper

PAPER_FILE = Path(__file__).resolve().parents[2] / "decisions" / "examples" / "smarter-working.yaml"
DECISION_FORM, IAB_REPORT, PIB_PAPER, DECISION_NOTICE = "decision-form", "iab-report", "pib-paper", "decision-notice"
DOCUMENTS = ((DECISION_FORM, 1), (DECISION_FORM, 2), (IAB_REPORT, 1), (PIB_PAPER, 1), (DECISION_NOTICE, 1))
"""Every document that the scheme declares. The notice exists only for a case that was decided."""

Facts = Mapping[str, FactValue]


@cache
def shipped_scheme() -> Scheme:
    """Return the shipped scheme of the case."""
    return Library.load([]).scheme("mopac")


@cache
def shipped_paper() -> Paper:
    """Return the shipped paper, with the public-interest test that the demo adds to it."""
    paper = read_paper(PAPER_FILE.read_bytes(), PAPER_FILE.name, shipped_scheme())
    test: Facts = {
        "exemption:s43.public_interest": "withhold",
        "exemption:s43.public_interest_reasons": "Openness weighs for disclosure; open prices weigh more.",
    }
    return Paper(paper.public, {**paper.exempt, **test})


def act_facts(stage: str, outcome: str, on: date, officer: str, role: str = "") -> dict[str, FactValue]:
    """Return the facts that an act records at its stage."""
    return {f"{stage}.outcome": outcome, f"{stage}.on": on, f"{stage}.by": officer, f"{stage}.role": role or stage}


OPENED_FACTS: Facts = {"opened.by": "Aimee Reed", "opened.on": date(2018, 3, 7)}
CERTIFIED_FACTS: Facts = {
    **OPENED_FACTS,
    **act_facts("pib", "supported", date(2018, 3, 14), "Chair of PIB", "pib_chair"),
    **act_facts("iab", "supported", date(2018, 3, 22), "Chair of IAB", "iab_chair"),
    **act_facts("declaration", "declared", date(2018, 4, 9), "Head of Smarter Working", "head_of_unit"),
    "declaration.finance": True,
    "declaration.legal": "not_required",
    "declaration.financial_advice": True,
    "declaration.equalities": True,
    **act_facts("chief_executive", "certified", date(2018, 4, 11), "R Lawrence"),
    "certificate.advice_considered": True,
}
DECIDED_FACTS: Facts = {
    **CERTIFIED_FACTS,
    **act_facts("dmpc", "approved", date(2018, 4, 16), "Deputy Mayor"),
    "decided_on": date(2018, 4, 16),
    "decision.reference": "PCD 361",
    "interests.considered": True,
    "interests.declared": "none",
}
LAST_ACT_ON = date(2018, 4, 16)


def case_at(stage: str, facts: Facts, public_facts: Facts | None = None) -> Case:
    """Return the case at a stage, with facts that acts recorded; its paper is the shipped one by default."""
    known = {**(shipped_paper().public if public_facts is None else public_facts), **facts}
    return Case("MOPAC-2018-1", "mopac", 8, stage, LAST_ACT_ON, known)


def decided_case(**changes: FactValue) -> Case:
    """Return the decided case with some facts changed, as in `deferral__asked=True` for `deferral.asked`."""
    return case_at(
        "publication", {**DECIDED_FACTS, **{name.replace("__", "."): value for name, value in changes.items()}}
    )


def public_paper_without(*prefixes: str) -> dict[str, FactValue]:
    """Return the public facts of the paper, without those whose addresses begin with some prefixes."""
    return {address: value for address, value in shipped_paper().public.items() if not address.startswith(prefixes)}


def document_view(
    kind: str, part: int, of_case: Case | None = None, exempt: Facts | None = None, head: str = LEDGER_HEAD
) -> Document:
    """Return the view of one document, of the decided case by default."""
    case = of_case or decided_case()
    template = shipped_scheme().document_template(kind, part)
    if part == 1:
        return build_document(template, build_public_record(case, head, shipped_scheme()))
    exempt_facts = ExemptFacts(shipped_paper().exempt if exempt is None else exempt)
    return build_document(template, build_exempt_record(case, exempt_facts, head, shipped_scheme()))


def document_html(kind: str, part: int, of_case: Case | None = None, exempt: Facts | None = None) -> str:
    """Return the HTML of one document."""
    return html.render_html(document_view(kind, part, of_case, exempt))


def document_pdf(view: Document) -> bytes:
    """Return the PDF of a view, whether it keeps its standards or not."""
    return render_pdf_once(view)
