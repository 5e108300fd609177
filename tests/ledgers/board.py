"""The script of the ledger of the example board: sign-offs, meetings, own votes and conditions."""

from __future__ import annotations

from datetime import date

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
    OpenCase,
    OpenPaper,
    Override,
    Refused,
    Step,
    UsePacks,
    by,
    link_to,
    staff,
)
from tests.workflow.walk import SEND_BACK_FACTS

AUTHOR, SECRETARY, CHAIR, LEAD = "pat-price", "sue-scott", "ann-adams", "liz-lane"
MEETING, LATER_MEETING = "2024-06-05", "2024-07-03"
PAPER = {
    "title": "A walk-in clinic",
    "author": "Pat Price, Head of Planning",
    "matter": "service",
    "summary": "The old library is empty.",
    "proposal": "That the clinic opens on Saturdays.",
    "estimated_value": "£90,000 ex VAT",
}
REFERENCE = {"decision.reference": "EHB/24/1"}
CONDITIONS = REFERENCE | {
    "condition:rent.text": "The rent is capped.",
    "condition:rent.owner": "Director of Finance",
    "condition:rent.due_on": "2024-07-31",
}
MET = {"condition:rent.met_on": "2024-07-30", "condition:rent.evidence": "Lease of 30 July"}
SUBMIT = SceneAct("submit", AUTHOR, "2024-05-02")
SIGN_QUALITY = SceneAct("sign-quality", "quinn-quick", "2024-05-03")
SIGN_LEGAL = SceneAct("sign-legal", "lee-long", "2024-05-06")
SIGN_FINANCE = SceneAct("sign-finance", "fay-ford", "2024-05-06")
REFER = SceneAct("refer", SECRETARY, "2024-05-07")
APPROVE = SceneAct("approve", CHAIR, MEETING, REFERENCE)
IMPLEMENT = SceneAct("implement", LEAD, "2024-09-02")
IMPORTED = """
scheme: board
stage: implementation
public:
  title: A ward, as decided elsewhere
  author: Pat Price
  matter: service
  summary: It was decided before there was a ledger.
  proposal: That it opens.
  estimated_value: £1 ex VAT
recorded:
  board.outcome: approved
  board.on: 2024-05-01
  decided_on: 2024-05-01
  decision.reference: EHB/24/0
"""


def present(*names: str, interested: str = "") -> dict[str, str]:
    """Return the facts of members who are present; the first presides."""
    facts: dict[str, str] = {}
    for place, name in enumerate(names):
        key = "member:" + name.lower().replace(" ", "-")
        kind = "executive" if name[0] in "CD" else "non_executive"
        facts |= {f"{key}.name": name, f"{key}.kind": kind, f"{key}.present": "true"}
        facts |= {f"{key}.presides": "true"} if place == 0 else {}
        facts |= {f"{key}.interest": "declared" if name == interested else "none"}
        facts |= {f"{key}.interest_details": "Owns the building."} if name == interested else {}
    return facts


def vote(officer: str, position: str, on: str) -> SceneAct:
    """Return the vote of a member who votes for himself."""
    return SceneAct("vote", officer, on, {f"member:{officer}.vote": position})


def record_votes(on: str, **positions: str) -> SceneAct:
    """Return the votes that the secretary records, by key with underscores."""
    stated = {f"member:{key.replace('_', '-')}.vote": position for key, position in positions.items()}
    return SceneAct("record-votes", SECRETARY, on, stated)


def meet(on: str, *names: str, interested: str = "") -> tuple[Step, ...]:
    """Return the steps that open a meeting and record who is there."""
    attendance = present(*names, interested=interested)
    return SceneAct("open-meeting", SECRETARY, on), SceneAct("attend", SECRETARY, on, attendance)


STAFFED: tuple[Step, ...] = (
    AddOfficer("Sue Scott", ("secretary",), "2024-04-02", instrument="Order 1 of 2024"),
    AddOfficer("Pat Price", ("author",), "2024-04-03", SECRETARY),
    AddOfficer("Fay Ford", ("finance", "legal"), "2024-04-03", SECRETARY),
    AddOfficer("Lee Long", ("legal",), "2024-04-03", SECRETARY, last="2024-05-31"),
    AddOfficer("Robin Both", ("author",), "2024-04-03", SECRETARY),
    *staff(
        {
            "Quinn Quick": "quality", "Ann Adams": "chair", "Bob Brown": "member", "Eve Ellis": "member",
            "Liz Lane": "lead",
        },
        "2024-04-03",
        SECRETARY,
    ),
)  # fmt: skip
MOVED: tuple[Step, ...] = (
    # Begun under packs in which the secretary too amends papers, signed off in part, and moved to those of today.
    UsePacks(amended_by("board", "secretary")),
    OpenCase(AUTHOR, "2024-05-01", PAPER),
    AmendPaper(SECRETARY, "2024-05-01", {"title": "A clinic"}),
    SUBMIT,
    SIGN_FINANCE,
    UsePacks(),
    Migrate(AUTHOR, "2024-05-06"),
    SIGN_LEGAL,
    REFER,
)
WHOLE: tuple[Step, ...] = (
    # Objected to, returned, signed off in another order, deferred, tied, approved with a condition, carried out.
    Deputise("Lee Long", "Quinn Quick", ("quality",), "2024-05-01", "2024-05-10"),
    OpenCase(AUTHOR, "2024-05-01", PAPER),
    SUBMIT,
    SceneAct("object-finance", "fay-ford", "2024-05-02", SEND_BACK_FACTS),
    SceneAct("return", SECRETARY, "2024-05-02", SEND_BACK_FACTS),
    AmendPaper(AUTHOR, "2024-05-02", {"summary": "The rent is stated.", **link_to("EHB-2024-1")}),
    SUBMIT,
    by(SIGN_QUALITY, "lee-long"),
    Refused(REFER, ("sign_off.enough",)),
    Refused(SIGN_LEGAL, ("sign_off.by_different_officers",)),
    SIGN_FINANCE,
    REFER,
    *meet(MEETING, "Ann Adams", "Bob Brown", "Cat Clark"),
    Refused(vote("bob-brown", "for", MEETING), ("meeting.quorate",)),
    SceneAct("defer", CHAIR, MEETING, SEND_BACK_FACTS),
    *meet(LATER_MEETING, "Ann Adams", "Bob Brown", "Eve Ellis", "Cat Clark", "Dan Drew"),
    SceneAct("declare-interest", "eve-ellis", LATER_MEETING,
             {"member:eve-ellis.interest": "declared", "member:eve-ellis.interest_details": "Her brother owns it."}),
    Refused(vote("eve-ellis", "for", LATER_MEETING), ("vote.without_interest",)),
    vote("bob-brown", "for", LATER_MEETING),
    vote(CHAIR, "for", LATER_MEETING),
    record_votes(LATER_MEETING, cat_clark="against", dan_drew="against"),
    SceneAct("cast", CHAIR, LATER_MEETING, {"casting.vote": "for"}),
    SceneAct("approve-with-conditions", CHAIR, LATER_MEETING, CONDITIONS),
    Refused(SceneAct("implement", LEAD, "2024-07-30"), ("condition.met",)),
    SceneAct("meet-condition", SECRETARY, "2024-07-30", MET),
    IMPLEMENT,
    IssueDocument("decision", 1, "2024-09-02"),
)  # fmt: skip
APART: tuple[Step, ...] = (
    # Who wrote the paper is a member by now, and is refused; what was approved is brought back to the board.
    Appoint("Robin Both", ("member",), "2024-05-01", SECRETARY),
    OpenCase("robin-both", "2024-05-01", PAPER),
    by(SUBMIT, "robin-both"),
    SIGN_LEGAL,
    SIGN_FINANCE,
    REFER,
    *meet(MEETING, "Ann Adams", "Bob Brown", "Robin Both", "Cat Clark"),
    Refused(vote("robin-both", "for", MEETING), ("separation.author_and_others",)),
    EndAppointment("Robin Both", ("member",), "2024-06-04", "robin-both"),
    NotAllowed(vote("robin-both", "for", MEETING)),
    record_votes(MEETING, ann_adams="for", bob_brown="for", robin_both="abstain", cat_clark="for"),
    APPROVE,
    SceneAct("bring-back", SECRETARY, "2024-06-06", SEND_BACK_FACTS),
)
IN_SPITE: tuple[Step, ...] = (
    # Sent to the board with one sign-off, in spite of the rule; the acts of early May are recorded late.
    UsePacks(lenient("board", "sign_off.enough", "secretary", 239)),
    OpenCase(AUTHOR, "2024-05-01", PAPER),
    SUBMIT,
    SIGN_FINANCE,
    Refused(REFER, ("sign_off.enough",)),
    Override(REFER, "sign_off.enough", "The others are away until after the meeting."),
    UsePacks(),
)
LAST: tuple[Step, ...] = (
    # A chair whose appointment was entered late; some acts come after the end of an appointment.
    AddOfficer("Late Comer", ("chair",), "2024-10-01", SECRETARY, "2024-05-01", reason="Found late."),
    OpenCase(AUTHOR, "2024-05-01", PAPER),
    SUBMIT,
    SIGN_QUALITY,
    SIGN_FINANCE,
    REFER,
    *meet(MEETING, "Ann Adams", "Bob Brown", "Eve Ellis", "Cat Clark"),
    record_votes(MEETING, ann_adams="for", bob_brown="for", eve_ellis="against", cat_clark="for"),
    SceneAct("approve-with-conditions", "late-comer", MEETING, CONDITIONS),
    EndAppointment("Lee Long", (), "2024-10-02", "quinn-quick", principal="quinn-quick"),
    EndAppointment("Pat Price", (), "2024-12-01", SECRETARY),
    OpenPaper("robin-both", "2024-06-03", IMPORTED),
    OpenCase("robin-both", "2024-12-02", {"title": "Bare"}),
    NotAllowed(AmendPaper(AUTHOR, "2024-12-02", {"title": "Too late"})),
    Refused(SceneAct("submit", "robin-both", "2024-12-02"), ("paper.complete",)),
)

BOARD = LedgerScript("board", "2024-04-02", date(2024, 12, 31), (*STAFFED, *MOVED, *WHOLE, *APART, *IN_SPITE, *LAST))
