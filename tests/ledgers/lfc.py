"""The script of the ledger of the London Fire Commissioner."""

from __future__ import annotations

from tests.golden.rulings.other_scenes import (
    APPROVE_PRIOR,
    BOARD_SUPPORT,
    DECIDE,
    DEFERRAL_FACTS,
    INVESTMENT_SUPPORT,
    PUBLISH_REPORT,
    REPORT_CHAIN,
    REPORT_FACTS,
    RESILIENCE_SUPPORT,
    SUBMIT_REPORT,
)
from tests.golden.rulings.scenes import SceneAct
from tests.ledgers.earlier_packs import amended_by, lenient
from tests.ledgers.shared_facts import BOTH, EXTEND, EXTEND_WITHOUT_TEST, LATE, REPORT_PART_2, WITHHELD_REPORT
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
    staff,
)
from tests.workflow.walk import SEND_BACK_FACTS, TODAY

AUTHOR, CHAIR, DEPUTY_MAYOR, COMMISSIONER, TEAM = (
    "report-author",
    "chair-of-the-board",
    "deputy-mayor",
    "the-commissioner",
    "governance-team",
)
WITHOUT_INTERESTS = SceneAct("approve-prior", DEPUTY_MAYOR, "2018-06-20", {"prior_approval.reference": "DMFD00"})
IMPORTED = """
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

STAFFED: tuple[Step, ...] = (
    AddOfficer("The Commissioner", ("commissioner",), "2018-05-01", instrument="Order 1 of 2018"),
    *staff(
        {
            "Report Author": "author",
            "Chair of the Resilience Board": "resilience_chair",
            "Chair of the Investment Board": "gla_board_chair",
            "Deputy Mayor": "deputy_mayor",
            "Governance Team": "governance",
        },
        "2018-05-01",
        COMMISSIONER,
    ),
    AddOfficer("Chair of the Board", ("board_chair",), "2018-05-01", COMMISSIONER, last="2018-06-30"),
    AddOfficer("Robin Both", ("author", "board_chair"), "2018-05-02"),
)
MOVED: tuple[Step, ...] = (
    # Begun under packs in which the chair of the board too amends reports, and moved to those of today.
    UsePacks(amended_by("lfc", "board_chair")),
    OpenCase(AUTHOR, "2018-06-01", REPORT_FACTS),
    AmendPaper(CHAIR, "2018-06-01", {"title": "Sets and masks"}),
    UsePacks(),
    SUBMIT_REPORT,
    Migrate(AUTHOR, "2018-06-04"),
    BOARD_SUPPORT,
)
WHOLE: tuple[Step, ...] = (
    # Taken back, returned and resubmitted; supported by a deputy; corrected, reviewed and replaced.
    Deputise("Governance Team", "Chair of the Board", ("board_chair",), "2018-05-15", "2018-06-15"),
    OpenCase(AUTHOR, "2018-06-01", WITHHELD_REPORT, REPORT_PART_2),
    SUBMIT_REPORT,
    Refused(SceneAct("board-clear", CHAIR, "2018-06-02"), ("prior_approval.not_needed",)),
    SceneAct("recall", AUTHOR, "2018-06-02"),
    dated(SUBMIT_REPORT, "2018-06-02"),
    SceneAct("board-return", CHAIR, "2018-06-02", SEND_BACK_FACTS),
    AmendPaper(AUTHOR, "2018-06-03", {"title": "Sets, again"}, {"report.finance": "£420,000 over 2 years."}),
    dated(SUBMIT_REPORT, "2018-06-03"),
    by(BOARD_SUPPORT, TEAM),
    *REPORT_CHAIN[2:],
    Refused(EXTEND_WITHOUT_TEST),
    Correct(TEAM, "2018-07-01", {"title": "Sets and masks"}),
    Correct(TEAM, "2018-07-02", {}, {"estimated_value": "£421,000 ex VAT"}),
    SceneAct("record-replacement", TEAM, "2018-11-01", {"superseded_by": "LFC-0001-D"}),
    EXTEND,
    IssueDocument("decision", 1, "2018-12-03"),
    IssueDocument("decision", 2, "2018-12-03"),
    IssueDocument("prior-approval", 1, "2018-12-03"),
)
APART: tuple[Step, ...] = (
    # Who wrote the report is Deputy Mayor by now, and is refused; publication is deferred.
    Appoint("Robin Both", ("deputy_mayor",), "2018-06-01", COMMISSIONER),
    OpenCase(BOTH, "2018-06-01", REPORT_FACTS | DEFERRAL_FACTS),
    by(SUBMIT_REPORT, BOTH),
    by(BOARD_SUPPORT, BOTH),
    RESILIENCE_SUPPORT,
    INVESTMENT_SUPPORT,
    Refused(by(APPROVE_PRIOR, BOTH), ("separation.author_and_decision",)),
    EndAppointment("Robin Both", ("deputy_mayor",), "2018-06-19", BOTH),
    NotAllowed(by(APPROVE_PRIOR, BOTH)),
    APPROVE_PRIOR,
    DECIDE,
    Refused(PUBLISH_REPORT, ("deferral.over",)),
    dated(PUBLISH_REPORT, "2018-06-29"),
)
IN_SPITE: tuple[Step, ...] = (
    # Approved beforehand in spite of a control; the acts before the middle of June are recorded late.
    UsePacks(lenient("lfc", "prior_approval.complete", "deputy_mayor", 200)),
    OpenCase(AUTHOR, "2018-06-01", REPORT_FACTS),
    *REPORT_CHAIN[:4],
    Refused(WITHOUT_INTERESTS, ("prior_approval.complete",)),
    Override(WITHOUT_INTERESTS, "prior_approval.complete", "Interests are in the register of 1 June."),
    UsePacks(),
)
LAST: tuple[Step, ...] = (
    # Decided by an officer whose appointment was entered late; some acts come after the end of an appointment.
    AddOfficer("Late Comer", ("commissioner",), "2018-10-01", COMMISSIONER, "2018-05-02", reason="Found late."),
    OpenCase(AUTHOR, "2018-06-01", REPORT_FACTS),
    *REPORT_CHAIN[:5],
    by(DECIDE, LATE),
    EndAppointment("Governance Team", (), "2018-10-02", CHAIR, principal=CHAIR),
    EndAppointment("Report Author", (), "2018-12-01", COMMISSIONER),
    NotAllowed(AmendPaper(AUTHOR, "2018-12-02", {"title": "Too late"})),
    OpenPaper(BOTH, "2018-07-02", IMPORTED),
    OpenCase(BOTH, "2018-07-03", {"title": "Bare"}),
    Refused(by(dated(SUBMIT_REPORT, "2018-07-03"), BOTH)),
)

LFC = LedgerScript("lfc", "2018-05-01", TODAY, (*STAFFED, *MOVED, *WHOLE, *APART, *IN_SPITE, *LAST))
