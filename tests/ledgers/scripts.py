"""The script of each kept ledger: which officers are added, and what they do, in order.

Each script has at least: a case that is returned and resubmitted, a deferral, one person in two roles, an act dated
before its officer was added, an imported case, a refusal, a review of Part 2 and issued documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.golden.rulings.other_scenes import (
    APPROVE_FORM,
    APPROVE_PRIOR,
    BOARD_SUPPORT,
    DECIDE,
    DECLARE_FORM,
    DEFERRAL_FACTS,
    EXEMPTION_FACTS,
    FORM_CHAIN,
    FORM_FACTS,
    INVESTMENT_SUPPORT,
    PUBLISH_FORM,
    PUBLISH_REPORT,
    REPORT_CHAIN,
    REPORT_FACTS,
    RESILIENCE_SUPPORT,
    SUBMIT_FORM,
    SUBMIT_REPORT,
    WITHHELD_FACTS,
)
from tests.golden.rulings.scenes import (
    APPROVE,
    CERTIFY,
    DECLARE,
    EXEMPT_FACTS,
    FULL_CHAIN,
    IAB_SUPPORT,
    PIB_SUPPORT,
    PUBLIC_FACTS,
    PUBLISH,
    SUBMIT,
    SceneAct,
    changed_facts,
)
from tests.workflow.walk import AUTHOR, DMPC, GOVERNANCE_TEAM, PIB_CHAIR, SEND_BACK_FACTS


@dataclass(frozen=True)
class AddOfficer:
    """Add an officer who holds some roles."""

    name: str
    roles: tuple[str, ...]
    on: str
    by: str = ""
    first: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OpenCase:
    """Open a case; the acts that follow are on it."""

    officer: str
    on: str
    public: Mapping[str, str]
    exempt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportCase:
    """Import a case from a paper that says what its acts recorded."""

    officer: str
    on: str
    paper: str


@dataclass(frozen=True)
class AmendPaper:
    """State facts in either part of the paper, and take others out."""

    officer: str
    on: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReviewExemption:
    """Record what came of a review of the first exemption."""

    officer: str
    on: str
    outcome: str
    public: Mapping[str, str]
    exempt: Mapping[str, str]


@dataclass(frozen=True)
class IssueDocument:
    """Issue one part of a kind of document."""

    kind: str
    part: int
    on: str


@dataclass(frozen=True)
class Refused:
    """A step that a control refuses."""

    step: SceneAct | AmendPaper | ReviewExemption


Step: TypeAlias = AddOfficer | OpenCase | ImportCase | AmendPaper | ReviewExemption | IssueDocument | SceneAct | Refused


@dataclass(frozen=True)
class LedgerScript:
    """What is recorded in one ledger; the officers of the `story` are added first."""

    scheme: str
    story: str
    steps: tuple[Step, ...]


def by(scene_act: SceneAct, officer: str) -> SceneAct:
    """The same act, done by another officer."""
    return SceneAct(scene_act.action, officer, scene_act.on, scene_act.stated)


def dated(scene_act: SceneAct, on: str) -> SceneAct:
    """The same act, done on another day."""
    return SceneAct(scene_act.action, scene_act.officer, on, scene_act.stated)


BOTH, LATE = "robin-both", "late-comer"
FRESH_TEST = {"exemption:s43.public_interest": "withhold", "exemption:s43.public_interest_reasons": "Prices are new."}
NEXT_REVIEW = {"exemption:s43.review_on": "2024-03-07"}
EXTEND = ReviewExemption("governance-team", "2018-12-03", "extend", NEXT_REVIEW, FRESH_TEST)
EXTEND_WITHOUT_TEST = ReviewExemption("governance-team", "2018-12-03", "extend", NEXT_REVIEW, {})
HIDDEN_SUBJECTS = {
    "exemption:harbour.section": "s43",
    "exemption:harbour.limb": "trade_secret",
    "exemption:quay.section": "s43",
}

MOPAC_DEFERRAL = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-01"}
MOPAC_IMPORT = """
scheme: mopac
stage: published
public:
  title: Vehicles, as decided elsewhere
  author: A Reed
  executive_summary: It was decided before there was a ledger.
  required_by: 2018-03-29
  part_2.exists: true
exempt:
  estimated_value: £750,000 ex VAT
recorded:
  pib.outcome: supported
  pib.on: 2018-03-14
  iab.outcome: supported
  iab.on: 2018-03-22
  declaration.outcome: declared
  declaration.finance: true
  declaration.legal: not_required
  chief_executive.outcome: certified
  chief_executive.on: 2018-04-11
  chief_executive.by: R Lawrence
  dmpc.outcome: approved
  dmpc.on: 2018-04-16
  dmpc.role: dmpc
  decided_on: 2018-04-16
"""
MOPAC = LedgerScript(
    "mopac",
    "smarter-working.story.yaml",
    (
        AddOfficer("Robin Both", ("author", "head_of_unit"), "2018-03-02"),
        # Returned to its author, resubmitted, and deferred by the board; with an amendment between the parts.
        OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
        Refused(SceneAct("approve", DMPC, "2018-03-07")),
        SUBMIT,
        Refused(AmendPaper(AUTHOR, "2018-03-08", {"title": "Too late"})),
        SceneAct("pib-return", PIB_CHAIR, "2018-03-09", SEND_BACK_FACTS),
        AmendPaper(
            AUTHOR, "2018-03-09", {"title": "Devices, again", "contract_kind": "goods_services"}, {},
            frozenset(["report.environment", "exemption:s43.whose_interest"]),
        ),
        Refused(dated(SUBMIT, "2018-03-09")),
        AmendPaper(
            AUTHOR, "2018-03-10", {"report.environment": "None."}, {"exemption:s43.whose_interest": "The maker"}
        ),
        dated(SUBMIT, "2018-03-10"),
        SceneAct("pib-defer", PIB_CHAIR, "2018-03-12", SEND_BACK_FACTS),
        *FULL_CHAIN[1:],
        Refused(EXTEND_WITHOUT_TEST),
        EXTEND,
        IssueDocument("decision-form", 1, "2018-12-03"),
        IssueDocument("decision-form", 2, "2018-12-03"),
        IssueDocument("iab-report", 1, "2018-12-03"),
        # Publication deferred; one person is author and head of unit.
        OpenCase(BOTH, "2018-03-07", PUBLIC_FACTS | MOPAC_DEFERRAL, EXEMPT_FACTS),
        by(SUBMIT, BOTH), PIB_SUPPORT, IAB_SUPPORT, by(DECLARE, BOTH), CERTIFY, APPROVE,
        Refused(PUBLISH),
        SceneAct("publish", GOVERNANCE_TEAM, "2018-06-01"),
        # Decided on a day before the officer who decided was added, by an appointment that was made later.
        AddOfficer("Late Comer", ("dmpc",), "2018-10-01", "r-lawrence", "2018-03-01", "Found late."),
        OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
        *FULL_CHAIN[:5],
        by(APPROVE, LATE),
        ImportCase(AUTHOR, "2018-05-01", MOPAC_IMPORT),
        # A draft whose subjects stand in Part 2 alone.
        OpenCase(AUTHOR, "2018-05-02", {}, {**PUBLIC_FACTS, **EXEMPT_FACTS, **HIDDEN_SUBJECTS}),
        Refused(dated(SUBMIT, "2018-05-02")),
    ),
)  # fmt: skip

GLA_IMPORT = """
scheme: gla
stage: published
public:
  title: Benches, as decided elsewhere
  author: An author
  executive_summary: It was decided before there was a ledger.
  decision.form: dd
  estimated_value: £62,500 ex VAT
  part_2.exists: false
recorded:
  declaration.outcome: declared
  declaration.on: 2018-04-16
  declaration.reviewed: true
  decision.outcome: approved
  decision.on: 2018-04-18
  decision.role: director
  decided_on: 2018-04-18
"""
FORM_PART_2 = EXEMPTION_FACTS | {"estimated_value": "£62,500 ex VAT"}
WITHHELD_FORM = changed_facts(FORM_FACTS, "estimated_value") | WITHHELD_FACTS
GLA = LedgerScript(
    "gla",
    "pocket-park.story.yaml",
    (
        AddOfficer("Robin Both", ("author", "sponsor"), "2018-03-02"),
        # Returned to its author and resubmitted.
        OpenCase("drafting-officer", "2018-04-10", WITHHELD_FORM, FORM_PART_2),
        Refused(dated(DECLARE_FORM, "2018-04-10")),
        SUBMIT_FORM,
        SceneAct("declaration-return", "sponsoring-director", "2018-04-11", SEND_BACK_FACTS),
        AmendPaper(
            "drafting-officer", "2018-04-12", {"title": "Trees, again"}, {"form.financial": "£62,500 from reserves."}
        ),
        dated(SUBMIT_FORM, "2018-04-12"),
        *FORM_CHAIN[1:],
        Refused(EXTEND_WITHOUT_TEST),
        EXTEND,
        IssueDocument("decision-form", 1, "2018-12-03"),
        IssueDocument("decision-form", 2, "2018-12-03"),
        # Publication deferred; one person is author and sponsor.
        OpenCase(BOTH, "2018-04-10", FORM_FACTS | DEFERRAL_FACTS),
        by(SUBMIT_FORM, BOTH), by(DECLARE_FORM, BOTH), APPROVE_FORM,
        Refused(PUBLISH_FORM),
        dated(PUBLISH_FORM, "2018-06-29"),
        # Decided on a day before the officer who decided was added, by an appointment that was made later.
        AddOfficer("Late Comer", ("director",), "2018-10-01", "chief-of-staff", "2018-03-01", "Found late."),
        OpenCase("drafting-officer", "2018-04-10", FORM_FACTS),
        SUBMIT_FORM, DECLARE_FORM, by(APPROVE_FORM, LATE),
        ImportCase("drafting-officer", "2018-05-01", GLA_IMPORT),
        OpenCase("drafting-officer", "2018-05-02", {"title": "Bare"}),
        Refused(dated(SUBMIT_FORM, "2018-05-02")),
    ),
)  # fmt: skip

LFC_IMPORT = """
scheme: lfc
stage: published
public:
  title: Hoses, as decided elsewhere
  author: An author
  executive_summary: It was decided before there was a ledger.
  estimated_value: £120,000 ex VAT
  part_2.exists: false
recorded:
  board.outcome: cleared
  board.on: 2018-06-06
  commissioner.outcome: approved
  commissioner.on: 2018-06-21
  commissioner.role: commissioner
  decided_on: 2018-06-21
"""
REPORT_PART_2 = EXEMPTION_FACTS | {"estimated_value": "£420,000 ex VAT"}
WITHHELD_REPORT = changed_facts(REPORT_FACTS, "estimated_value") | WITHHELD_FACTS | {"publication.status": "in_part"}
LFC = LedgerScript(
    "lfc",
    "breathing-apparatus.story.yaml",
    (
        AddOfficer("Robin Both", ("author", "board_chair"), "2018-05-02"),
        # Returned to its author and resubmitted.
        OpenCase("report-author", "2018-06-01", WITHHELD_REPORT, REPORT_PART_2),
        SUBMIT_REPORT,
        Refused(SceneAct("board-clear", "chair-of-the-board", "2018-06-02")),
        SceneAct("board-return", "chair-of-the-board", "2018-06-02", SEND_BACK_FACTS),
        AmendPaper(
            "report-author", "2018-06-03", {"title": "Sets, again"}, {"report.finance": "£420,000 over 2 years."}
        ),
        dated(SUBMIT_REPORT, "2018-06-03"),
        *REPORT_CHAIN[1:],
        Refused(EXTEND_WITHOUT_TEST),
        EXTEND,
        IssueDocument("decision", 1, "2018-12-03"),
        IssueDocument("decision", 2, "2018-12-03"),
        # Publication deferred; one person is author and chair of the board.
        OpenCase(BOTH, "2018-06-01", REPORT_FACTS | DEFERRAL_FACTS),
        by(SUBMIT_REPORT, BOTH), by(BOARD_SUPPORT, BOTH), RESILIENCE_SUPPORT, INVESTMENT_SUPPORT, APPROVE_PRIOR, DECIDE,
        Refused(PUBLISH_REPORT),
        dated(PUBLISH_REPORT, "2018-06-29"),
        # Decided on a day before the officer who decided was added, by an appointment that was made later.
        AddOfficer("Late Comer", ("commissioner",), "2018-10-01", "the-commissioner", "2018-03-01", "Found late."),
        OpenCase("report-author", "2018-06-01", REPORT_FACTS),
        *REPORT_CHAIN[:5],
        by(DECIDE, LATE),
        ImportCase("report-author", "2018-07-02", LFC_IMPORT),
        OpenCase("report-author", "2018-07-03", {"title": "Bare"}),
        Refused(dated(SUBMIT_REPORT, "2018-07-03")),
    ),
)  # fmt: skip

SCRIPTS = (MOPAC, GLA, LFC)
