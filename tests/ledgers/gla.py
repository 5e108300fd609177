"""The script of the ledger of the Greater London Authority."""

from __future__ import annotations

from tests.golden.rulings.other_scenes import (
    APPROVE_FORM,
    DECLARE_FORM,
    DEFERRAL_FACTS,
    FORM_CHAIN,
    FORM_FACTS,
    PUBLISH_FORM,
    REVIEW_FACTS,
    SUBMIT_FORM,
)
from tests.golden.rulings.scenes import SceneAct
from tests.ledgers.earlier_packs import amended_by, lenient
from tests.ledgers.shared_facts import BOTH, EXTEND, EXTEND_WITHOUT_TEST, FORM_PART_2, LATE, WITHHELD_FORM
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

AUTHOR, SPONSOR, CHIEF, DIRECTOR, TEAM = (
    "drafting-officer",
    "sponsoring-director",
    "chief-of-staff",
    "corporate-director",
    "governance-team",
)
UNREVIEWED = SceneAct("declare-officer-form", SPONSOR, "2018-04-16", REVIEW_FACTS | {"declaration.reviewed": "false"})
IMPORTED = """
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

STAFFED: tuple[Step, ...] = (
    AddOfficer("Chief of Staff", ("chief_of_staff",), "2018-03-01", instrument="Order 1 of 2018"),
    *staff(
        {
            "Drafting Officer": "author",
            "Sponsoring Director": "sponsor",
            "Assistant Director": "assistant_director",
            "Governance Team": "governance",
        },
        "2018-03-01",
        CHIEF,
    ),
    AddOfficer("Corporate Director", ("director",), "2018-03-01", CHIEF, last="2018-06-30"),
    AddOfficer("Robin Both", ("author", "sponsor"), "2018-03-02"),
)
MOVED: tuple[Step, ...] = (
    # Begun under packs in which the sponsor too amends forms, and moved to those of today.
    UsePacks(amended_by("gla", "sponsor")),
    OpenCase(AUTHOR, "2018-04-10", FORM_FACTS),
    AmendPaper(SPONSOR, "2018-04-10", {"title": "Trees and seats"}),
    UsePacks(),
    AmendPaper(SPONSOR, "2018-04-10", {"title": "Trees and benches"}),
    Migrate(AUTHOR, "2018-04-10"),
    NotAllowed(AmendPaper(SPONSOR, "2018-04-10", {"title": "Trees"})),
    *FORM_CHAIN[:2],
)
WHOLE: tuple[Step, ...] = (
    # Taken back, returned and resubmitted; approved by a deputy; corrected, reviewed and replaced.
    Deputise("Governance Team", "Corporate Director", ("director",), "2018-04-01", "2018-05-31"),
    OpenCase(AUTHOR, "2018-04-10", WITHHELD_FORM, FORM_PART_2),
    Refused(dated(DECLARE_FORM, "2018-04-10"), ("stages.in_order",)),
    SUBMIT_FORM,
    SceneAct("recall", AUTHOR, "2018-04-10"),
    SUBMIT_FORM,
    SceneAct("declaration-return", SPONSOR, "2018-04-11", SEND_BACK_FACTS),
    AmendPaper(AUTHOR, "2018-04-12", {"title": "Trees, again"}, {"form.financial": "£62,500 from reserves."}),
    dated(SUBMIT_FORM, "2018-04-12"),
    DECLARE_FORM,
    by(APPROVE_FORM, TEAM),
    PUBLISH_FORM,
    Refused(EXTEND_WITHOUT_TEST),
    Correct(TEAM, "2018-05-01", {"title": "Trees and benches"}),
    Correct(TEAM, "2018-05-02", {}, {"estimated_value": "£62,600 ex VAT"}),
    SceneAct("record-replacement", TEAM, "2018-11-01", {"superseded_by": "DD0001"}),
    EXTEND,
    IssueDocument("decision-form", 1, "2018-12-03"),
    IssueDocument("decision-form", 2, "2018-12-03"),
)
APART: tuple[Step, ...] = (
    # Who drafted the form is a director by now, and is refused; publication is deferred.
    Appoint("Robin Both", ("director",), "2018-04-01", CHIEF),
    OpenCase(BOTH, "2018-04-10", FORM_FACTS | DEFERRAL_FACTS),
    by(SUBMIT_FORM, BOTH),
    by(DECLARE_FORM, BOTH),
    Refused(by(APPROVE_FORM, BOTH), ("separation.author_and_decision",)),
    EndAppointment("Robin Both", ("director",), "2018-04-17", BOTH),
    NotAllowed(by(APPROVE_FORM, BOTH)),
    APPROVE_FORM,
    Refused(PUBLISH_FORM, ("deferral.over",)),
    dated(PUBLISH_FORM, "2018-06-29"),
)
IN_SPITE: tuple[Step, ...] = (
    # Sent to the decision in spite of a control; the acts before the middle of April are recorded late.
    UsePacks(lenient("gla", "declaration.made", "sponsor, director", 260)),
    OpenCase(AUTHOR, "2018-04-10", FORM_FACTS),
    SUBMIT_FORM,
    Refused(UNREVIEWED, ("declaration.made",)),
    Override(UNREVIEWED, "declaration.made", "Reviewed by telephone; the note follows."),
    UsePacks(),
)
LAST: tuple[Step, ...] = (
    # Decided by an officer whose appointment was entered late; some acts come after the end of an appointment.
    AddOfficer("Late Comer", ("director",), "2018-10-01", CHIEF, "2018-03-01", reason="Found late."),
    OpenCase(AUTHOR, "2018-04-10", FORM_FACTS),
    *FORM_CHAIN[:2],
    by(APPROVE_FORM, LATE),
    EndAppointment("Governance Team", (), "2018-10-02", DIRECTOR, principal=DIRECTOR),
    EndAppointment("Drafting Officer", (), "2018-12-01", CHIEF),
    NotAllowed(AmendPaper(AUTHOR, "2018-12-02", {"title": "Too late"})),
    OpenPaper(BOTH, "2018-05-01", IMPORTED),
    OpenCase(BOTH, "2018-05-02", {"title": "Bare"}),
    Refused(by(dated(SUBMIT_FORM, "2018-05-02"), BOTH)),
)

GLA = LedgerScript("gla", "2018-03-01", TODAY, (*STAFFED, *MOVED, *WHOLE, *APART, *IN_SPITE, *LAST))
