"""The script of the ledger of the Mayor's Office for Policing And Crime."""

from __future__ import annotations

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
)
from tests.ledgers.earlier_packs import after_the_new_name, before_the_new_name, lenient
from tests.ledgers.shared_facts import BOTH, EXTEND, EXTEND_WITHOUT_TEST, HIDDEN_SUBJECTS, LATE
from tests.ledgers.steps import (
    AddOfficer,
    AmendPaper,
    Appoint,
    Correct,
    Deputise,
    EndAppointment,
    IssueDocument,
    LedgerScript,
    Migrate,
    NotAllowed,
    OpenCase,
    OpenPaper,
    Override,
    Refused,
    Step,
    UsePacks,
    by,
    dated,
    link_to,
    staff,
)
from tests.workflow.walk import AUTHOR, CHIEF_EXECUTIVE, DMPC, GOVERNANCE_TEAM, PIB_CHAIR, SEND_BACK_FACTS, TODAY

DEFERRED = {"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-01"}
REPLACED = {"superseded_by": "PCD 400"}
UNADVISED = SceneAct("certify", CHIEF_EXECUTIVE, "2018-04-11", {"certificate.advice_considered": "false"})
IMPORTED = """
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

STAFFED: tuple[Step, ...] = (
    AddOfficer("R Lawrence", ("chief_executive",), "2018-03-01", instrument="Order 1 of 2018"),
    *staff(
        {
            "Aimee Reed": "author",
            "Chair of IAB": "iab_chair",
            "Head of Smarter Working": "head_of_unit",
            "Deputy Mayor": "dmpc",
            "Governance Team": "governance",
        },
        "2018-03-01",
        "r-lawrence",
    ),
    AddOfficer("Robin Both", ("author", "head_of_unit"), "2018-03-02"),
)
MOVED: tuple[Step, ...] = (
    # Begun under packs in which the first board has another name, deferred there, and moved to those of today.
    UsePacks(before_the_new_name),
    AddOfficer("Old Chair", ("portfolio_chair",), "2018-03-01", last="2018-03-31"),
    OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
    SUBMIT,
    SceneAct("portfolio-defer", "old-chair", "2018-03-12", SEND_BACK_FACTS),
    UsePacks(after_the_new_name),
    AddOfficer("Chair of PIB", ("pib_chair",), "2018-03-01", first="2018-03-01", last="2018-06-30",
               reason="Entered when the record was begun."),
    Migrate(AUTHOR, "2018-03-13", "The board has a new name."),
    SceneAct("pib-support", "old-chair", "2018-03-14"),
    *FULL_CHAIN[2:4],
)  # fmt: skip
WHOLE: tuple[Step, ...] = (
    # Taken back, returned, resubmitted and deferred; supported by a deputy; decided, corrected, reviewed, replaced.
    UsePacks(),
    Deputise("Governance Team", "Chair of PIB", ("pib_chair",), "2018-03-05", "2018-05-31"),
    OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
    Refused(SceneAct("approve", DMPC, "2018-03-07"), ("stages.in_order",)),
    SUBMIT,
    Refused(SceneAct("recall", BOTH, "2018-03-07"), ("recall.by_sender",)),
    SceneAct("recall", AUTHOR, "2018-03-07"),
    dated(SUBMIT, "2018-03-08"),
    Refused(AmendPaper(AUTHOR, "2018-03-08", {"title": "Too late"})),
    SceneAct("pib-return", PIB_CHAIR, "2018-03-09", SEND_BACK_FACTS),
    AmendPaper(
        AUTHOR, "2018-03-09", {"title": "Devices, again", "contract_kind": "goods_services"}, {},
        frozenset(["report.environment", "exemption:s43.whose_interest"]),
    ),
    Refused(dated(SUBMIT, "2018-03-09")),
    AmendPaper(
        AUTHOR, "2018-03-10", {"report.environment": "None.", **link_to("MOPAC-2018-1")},
        {"exemption:s43.whose_interest": "The maker"},
    ),
    dated(SUBMIT, "2018-03-10"),
    SceneAct("pib-defer", PIB_CHAIR, "2018-03-12", SEND_BACK_FACTS),
    by(PIB_SUPPORT, GOVERNANCE_TEAM),
    *FULL_CHAIN[2:],
    Refused(EXTEND_WITHOUT_TEST),
    NotAllowed(Correct(AUTHOR, "2018-05-01", {"title": "Devices"})),
    Correct(GOVERNANCE_TEAM, "2018-05-01", {"title": "Devices for more units"}),
    Correct(GOVERNANCE_TEAM, "2018-05-02", {}, {"estimated_value": "£760,000 ex VAT"}),
    SceneAct("record-publication", GOVERNANCE_TEAM, "2018-05-02", {"decision.significant": "true"}),
    SceneAct("record-replacement", GOVERNANCE_TEAM, "2018-11-01", REPLACED),
    EXTEND,
    IssueDocument("decision-form", 1, "2018-12-03"),
    IssueDocument("decision-form", 2, "2018-12-03"),
    IssueDocument("iab-report", 1, "2018-12-03"),
)  # fmt: skip
APART: tuple[Step, ...] = (
    # Who wrote the paper holds the chair of a board by now, and is refused; publication is deferred.
    Appoint("Robin Both", ("pib_chair",), "2018-03-06", CHIEF_EXECUTIVE),
    OpenCase(BOTH, "2018-03-07", PUBLIC_FACTS | DEFERRED, EXEMPT_FACTS),
    by(SUBMIT, BOTH),
    Refused(by(PIB_SUPPORT, BOTH), ("separation.author_and_approval",)),
    EndAppointment("Robin Both", ("pib_chair",), "2018-03-13", BOTH),
    NotAllowed(by(PIB_SUPPORT, BOTH)),
    PIB_SUPPORT, IAB_SUPPORT, by(DECLARE, BOTH), CERTIFY, APPROVE,
    Refused(PUBLISH, ("deferral.over",)),
    dated(PUBLISH, "2018-06-01"),
)  # fmt: skip
IN_SPITE: tuple[Step, ...] = (
    # Certified in spite of a control, each act before the middle of March recorded late.
    UsePacks(lenient("mopac", "certificate.given", "chief_executive, dmpc", 290)),
    OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
    *FULL_CHAIN[:4],
    Refused(UNADVISED, ("certificate.given",)),
    Override(UNADVISED, "certificate.given", "The adviser is away; see the note of 10 April."),
    Override(APPROVE, "certificate.given", "As the Chief Executive says."),
    UsePacks(),
)
LAST: tuple[Step, ...] = (
    # Decided by an officer whose appointment was entered late; the old chair acts after the end of his term.
    AddOfficer("Late Comer", ("dmpc",), "2018-10-01", "r-lawrence", "2018-03-01", reason="Found late."),
    OpenCase(AUTHOR, "2018-03-07", PUBLIC_FACTS, EXEMPT_FACTS),
    *FULL_CHAIN[:5],
    by(APPROVE, LATE),
    EndAppointment("Governance Team", (), "2018-10-02", PIB_CHAIR, principal=PIB_CHAIR),
    EndAppointment("Aimee Reed", (), "2018-12-01", CHIEF_EXECUTIVE),
    NotAllowed(AmendPaper(AUTHOR, "2018-12-02", {"title": "Too late"})),
    Refused(AmendPaper("robin-both", "2018-12-02", {"title": "Too late"})),
    OpenPaper(BOTH, "2018-05-01", IMPORTED),
    # A draft whose subjects stand in Part 2 alone.
    OpenCase(BOTH, "2018-05-02", {}, {**PUBLIC_FACTS, **EXEMPT_FACTS, **HIDDEN_SUBJECTS}),
    Refused(by(dated(SUBMIT, "2018-05-02"), BOTH)),
)

MOPAC = LedgerScript("mopac", "2018-03-01", TODAY, (*STAFFED, *MOVED, *WHOLE, *APART, *IN_SPITE, *LAST))
