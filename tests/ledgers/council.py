"""The script of the ledger of the example council: notices, clearance in any order, call-in and exempt reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.golden.rulings.scenes import SceneAct
from tests.ledgers.earlier_packs import amended_by, lenient
from tests.ledgers.steps import (
    AddOfficer,
    AmendPaper,
    Appoint,
    Deputise,
    EndAppointment,
    IssueDocument,
    LedgerScript,
    Migrate,
    NotAllowed,
    OpenPaper,
    Override,
    Refused,
    ReviewExemption,
    Step,
    UsePacks,
    by,
    link_to,
    staff,
)
from tests.workflow.walk import SEND_BACK_FACTS

PAPERS = Path(__file__).parents[1] / "end_to_end" / "council"
AUTHOR, LEGAL, TREASURER, PROPER, MEMBER, DIRECTOR, SCRUTINY = (
    "report-author",
    "monitoring-officer",
    "treasurer",
    "proper-officer",
    "cabinet-member",
    "director",
    "scrutiny-chair",
)
RECORD = {
    "record.decision": "As recommended.",
    "record.reasons": "For the reasons in the report.",
    "record.alternatives": "Those in the report were rejected.",
    "record.conflicts": "none",
}
WHY_PRIVATE = "The price that the owner asks is discussed, and bidding for other depots goes on"
"""The reasons in the paper of the depot."""
WHY = {"send_back.reason": "Traders were not asked."}
FRESH_TEST = {"exemption:price.balance": "withhold", "exemption:price.balance_reasons": "Talks still go on."}
NEXT_REVIEW = {"exemption:price.review_on": "2024-12-16"}
KEEP = ReviewExemption(PROPER, "2024-09-24", "keep-exempt", {}, FRESH_TEST | NEXT_REVIEW, "exemption:price")
IMPORTED = """
scheme: council
stage: implemented
public:
  title: A fence, as decided elsewhere
  author: A report author
  executive.decision_maker: officer
  executive.key_decision: false
  executive.key_because: neither
  exempt_part.exists: false
recorded:
  decision.outcome: approved
  decision.on: 2024-02-01
  decision.by: A Director
  decided_on: 2024-02-01
  decision.reference: OD 1
"""


def paper(name: str) -> str:
    """Return a paper of the council, two years earlier."""
    return (PAPERS / f"{name}.yaml").read_text(encoding="utf-8").replace("2026", "2024")


def act(action: str, officer: str, on: str, **stated: str) -> SceneAct:
    """Return an act of 2024; `on` is its month and day, and `__` stands for a dot."""
    return SceneAct(action, officer, f"2024-{on}", {fact.replace("__", "."): value for fact, value in stated.items()})


def decide(officer: str, on: str, reference: str) -> SceneAct:
    """Return a decision as recommended."""
    return SceneAct("decide", officer, f"2024-{on}", RECORD | {"decision.reference": reference})


def clear(on: str) -> tuple[Step, ...]:
    """Return the clearance of a report, finance first."""
    return (
        act("clear-finance", TREASURER, on, report__finance="The budget pays."),
        act("clear-legal", LEGAL, on, report__legal="The powers are there."),
        act("take-up", PROPER, on),
    )


def skip_notice(on: str) -> tuple[Step, ...]:
    """Return the steps from the paper to its clearance for a matter that needs no notice."""
    return (
        act("propose", AUTHOR, on),
        act("skip-notice", PROPER, on),
        act("send-for-clearance", AUTHOR, on),
    )


def announce(on: str, meeting: str) -> SceneAct:
    """Return the notice that a meeting is to be private."""
    return act(
        "announce-private", PROPER, on, meeting__private_notice_for=meeting, meeting__private_notice_reasons=WHY_PRIVATE
    )


def announce_again(on: str, meeting: str) -> SceneAct:
    """Return the further notice that a meeting is to be private."""
    heard = {"meeting__representations": "None.", "meeting__response": "None."}
    return act("announce-private-again", PROPER, on, meeting__further_notice_for=meeting, **heard)


STAFFED: tuple[Step, ...] = (
    AddOfficer("Proper Officer", ("proper_officer",), "2024-01-08", instrument="Order 1 of 2024"),
    *staff(
        {
            "Report Author": "author",
            "Monitoring Officer": "monitoring_officer",
            "Treasurer": "finance_officer",
            "Leader": "leader",
            "Director": "chief_officer",
            "Scrutiny Member": "scrutiny_member",
        },
        "2024-01-08",
        PROPER,
    ),
    AddOfficer("Cabinet Member", ("cabinet_member",), "2024-01-08", PROPER, last="2024-06-30"),
    AddOfficer("Scrutiny Chair", ("scrutiny_chair",), "2024-01-08", PROPER),
    AddOfficer("Robin Both", ("author",), "2024-01-08", PROPER),
)
MOVED: tuple[Step, ...] = (
    # Begun under packs in which the proper officer too amends papers, and moved to those of today.
    UsePacks(amended_by("council", "leader")),
    OpenPaper(AUTHOR, "2024-03-04", paper("grant")),
    AmendPaper("leader", "2024-03-04", {"title": "Grant to the youth club"}),
    UsePacks(),
    Migrate(AUTHOR, "2024-03-04"),
    *skip_notice("03-04"),
    *clear("03-05"),
    act("hand-over", PROPER, "03-05"),
    decide(DIRECTOR, "03-06", "OD 3"),
    act("publish", PROPER, "03-07"),
    act("implement", DIRECTOR, "03-07"),
    IssueDocument("officer-decision", 1, "2024-03-08"),
)
EXEMPT: tuple[Step, ...] = (
    # A key decision with an exempt part, in private, deferred once; the exempt part is looked at again.
    OpenPaper(AUTHOR, "2024-02-19", paper("depot")),
    act("propose", AUTHOR, "02-21"),
    announce("02-26", "2024-03-26"),
    act("publish-notice", PROPER, "02-26", notice__reference="KD 12"),
    Refused(act("send-for-clearance", AUTHOR, "03-01"), ("report.complete",)),
    AmendPaper(
        AUTHOR, "2024-03-04",
        {
            "report.summary": "The lease ends in 2027.", "report.recommendations": "That the depot is bought.",
            "report.options": "A new lease costs more.", "record.background_papers": "Survey of the depot",
        },
    ),
    act("send-for-clearance", AUTHOR, "03-11"),
    act("clear-legal", LEGAL, "03-12", report__legal="The powers are there."),
    act("return", TREASURER, "03-12", send_back__reason="The budget is not named."),
    AmendPaper(AUTHOR, "2024-03-13", {}, {"report.exempt": "The owner asks for £740,000. The reserves pay."}),
    act("send-for-clearance", AUTHOR, "03-13"),
    *clear("03-14"),
    announce_again("03-18", "2024-03-26"),
    act("publish-agenda", PROPER, "03-18", meeting__on="2024-03-26", agenda__timing="usual"),
    act("defer", "leader", "03-26", send_back__reason="A member is ill."),
    announce("03-27", "2024-04-30"),
    announce_again("04-18", "2024-04-30"),
    act("publish-agenda", PROPER, "04-18", meeting__on="2024-04-30", agenda__timing="usual"),
    SceneAct("decide", "leader", "2024-04-30",
             RECORD | {"decision.reference": "EX 40", "meeting.exclusion_resolved": "true"}),
    act("publish", PROPER, "05-01"),
    Refused(act("implement", DIRECTOR, "05-07"), ("call_in.period_over",)),
    act("implement", DIRECTOR, "05-13"),
    KEEP,
    IssueDocument("report", 1, "2024-09-25"),
    IssueDocument("report", 2, "2024-09-25"),
    IssueDocument("decision", 1, "2024-09-25"),
)  # fmt: skip
CALLED_IN: tuple[Step, ...] = (
    # Linked to the depot, called in by a deputy, referred back and made again.
    Deputise("Scrutiny Member", "Scrutiny Chair", ("scrutiny_chair",), "2024-03-01", "2024-03-31"),
    OpenPaper(AUTHOR, "2024-03-04", paper("parking")),
    AmendPaper(AUTHOR, "2024-03-04", link_to("EBC-2024-2") | {"link:other.awaited": "no"}),
    *skip_notice("03-05"),
    *clear("03-06"),
    act("hand-over", PROPER, "03-07"),
    decide(MEMBER, "03-08", "CM 7"),
    act("publish", PROPER, "03-11"),
    act("call-in", SCRUTINY, "03-15", call_in__members="3", send_back__reason=WHY["send_back.reason"]),
    SceneAct("refer-back", "scrutiny-member", "2024-03-25", WHY),
    act("hand-over", PROPER, "04-08"),
    decide(MEMBER, "04-09", "CM 9"),
    act("publish", PROPER, "04-10"),
    Refused(SceneAct("call-in", SCRUTINY, "2024-04-11", WHY), ("call_in.in_time",)),
    act("implement", DIRECTOR, "04-11"),
)
APART: tuple[Step, ...] = (
    # Who wrote the paper is a cabinet member by now, and is refused.
    Appoint("Robin Both", ("cabinet_member",), "2024-03-01", PROPER),
    OpenPaper("robin-both", "2024-03-04", paper("parking")),
    by(act("propose", AUTHOR, "03-05"), "robin-both"),
    act("skip-notice", PROPER, "03-05"),
    by(act("send-for-clearance", AUTHOR, "03-05"), "robin-both"),
    *clear("03-06"),
    act("hand-over", PROPER, "03-07"),
    Refused(decide("robin-both", "03-08", "CM 8"), ("separation.author_and_others",)),
    EndAppointment("Robin Both", ("cabinet_member",), "2024-03-07", "robin-both"),
    NotAllowed(decide("robin-both", "03-08", "CM 8")),
    SceneAct("start-again", PROPER, "2024-03-11", SEND_BACK_FACTS),
)
IN_SPITE: tuple[Step, ...] = (
    # Taken up with one clearance, in spite of the rule; the acts of March are recorded late.
    UsePacks(lenient("council", "clearance.complete", "proper_officer", 270)),
    OpenPaper(AUTHOR, "2024-03-04", paper("parking")),
    *skip_notice("04-03"),
    act("clear-legal", LEGAL, "04-10", report__legal="The powers are there."),
    Refused(act("take-up", PROPER, "04-10"), ("clearance.complete",)),
    Override(act("take-up", PROPER, "04-10"), "clearance.complete", "The treasurer is away; her note of 9 April."),
    UsePacks(),
)
LAST: tuple[Step, ...] = (
    # A member whose appointment was entered late decides; some acts come after the end of an appointment.
    AddOfficer("Late Comer", ("cabinet_member",), "2024-10-01", PROPER, "2024-01-10", reason="Found late."),
    OpenPaper(AUTHOR, "2024-03-04", paper("parking")),
    *skip_notice("03-05"),
    *clear("03-06"),
    act("hand-over", PROPER, "03-07"),
    decide("late-comer", "03-08", "CM 10"),
    EndAppointment("Scrutiny Member", (), "2024-10-02", SCRUTINY, principal=SCRUTINY),
    EndAppointment("Report Author", (), "2024-12-01", PROPER),
    OpenPaper("robin-both", "2024-06-03", IMPORTED),
    OpenPaper("robin-both", "2024-12-02", "public: {title: Bare}\n"),
    NotAllowed(AmendPaper(AUTHOR, "2024-12-02", {"title": "Too late"})),
    Refused(SceneAct("propose", "robin-both", "2024-12-02"), ("executive.classified",)),
)

COUNCIL = LedgerScript(
    "council", "2024-01-08", date(2024, 12, 31), (*STAFFED, *MOVED, *EXEMPT, *CALLED_IN, *APART, *IN_SPITE, *LAST)
)
