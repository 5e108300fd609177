"""A decision form of the size and shape of a real one, in words of our own; invented body, people and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.prose import Notes
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document, Imprint
from rules.values.passages import Cell, Item, Listing, Note, NoteReference, Paragraph, Table

LEDGER_HEAD = "9f2c4e6a1b8d03577c41e0aa93d6f1b25e8c70d4419ab36fd2087be5c1a49f60"


def _recommendation(label: str, verb: str, text: str, parts: tuple[Item, ...] = ()) -> Item:
    return Item(text, label, verb, parts)


_RECOMMENDATIONS = Listing(
    (
        _recommendation(
            "1.",
            "Approve",
            "Option One, which gives tablets to the eleven units at the head of the agreed list",
            (
                _recommendation("a.", "Approve", "the use of the renewal fund to buy, build and issue the devices"),
                _recommendation(
                    "b.", "Note", "that what the renewal fund cannot meet will come from the contingency held within "
                    "the capital programme as a whole",
                ),
                _recommendation(
                    "c.", "Approve", "the use of each unit’s own revenue for the support of its devices; the budgets "
                    "of the units will be changed for good by the amounts that they have agreed in this paper",
                ),
                _recommendation("d.", "Note", "the use of the change fund for the project team until March 2019"),
                _recommendation("e.", "Note", "that the cost of the spare devices will be met from present budgets"),
            ),
        ),
        _recommendation("2.", "Note", "that the wider roll-out has been agreed in principle"),
        _recommendation("3.", "Note", "that the matter is urgent, because the building line closes in June"),
        _recommendation("4.", "Note", "what it will mean for the units that receive no devices"),
        _recommendation(
            "5.", "Acknowledge", "that further benefits of about 5% in time saved are possible, once they have been "
            "measured, and that each unit in receipt of devices must measure and report them",
        ),
    )
)  # fmt: skip

_DECISION_BLOCKS: tuple[Block, ...] = (
    SummaryBox(
        "The decision",
        (
            Field("Decision asked for", "Approve Option One, funded as set out in recommendation 1, and note 2 to 4"),
            Field("Decided by", "Deputy Commissioner for Public Safety"),
            Field("Outcome", "Approved on 16 April 2018"),
            Field("Confidential part", "Yes: withheld under section 43 until reviewed by 7 March 2023"),
        ),
    ),
    Heading("Executive summary"),
    Paragraph(
        "The Service wishes to give tablets to more of its units, so that the benefits which were foreseen when the "
        "project began can be had in full. Money is short. This paper sets out the order in which units will be "
        "served, where the money comes from, and what it will mean not to serve the rest."
    ),
    Heading("Recommendation"),
    Paragraph("The Deputy Commissioner for Public Safety is asked to:"),
    _RECOMMENDATIONS,
    Heading("Deputy Commissioner for Public Safety"),
    Signature(
        "Deputy Commissioner for Public Safety",
        (
            (
                "I confirm that I have considered whether I have any personal or prejudicial interest in this matter, "
                "and that I take the decision in keeping with the Code of Conduct. Any such interest is recorded below."
            ),
            "The request above has my approval.",
        ),
        done_by="Approved by",
        name="Rhiannon Wyn-Ŵyth",
        done_on=date(2018, 4, 16),
    ),
)

_ADVICE_BLOCKS: tuple[Block, ...] = (
    Heading("Part 1: facts and advice that are not confidential"),
    Heading("1. Introduction and background", 3),
    Paragraph(
        "The first stage of the project was approved in October 2016. By the end of April 2018 it will have issued "
        "30,000 devices, and replaced every desktop that could no longer be kept secure.",
        "1.1.",
    ),
    Paragraph(
        "The setting in which that stage was planned has changed. A review by the senior officer responsible for the "
        "project found four difficulties, and this request answers all of them.",
        "1.2.",
    ),
    Heading("2. Issues for consideration", 3),
    Paragraph(
        "The project now knows what every unit needs, after a year of work with each of them. It is plain where a "
        "device would lead to a better way of working, and in many places one benefit would open the way to others.",
        "2.1.",
    ),
    Paragraph(
        "Some units and posts were left out of the first stage, because it was meant to replace old equipment and "
        "not to change how people work. Their staff say in the yearly survey that they feel it. They could now be "
        "served without a break, as the present work ends. Among them are:",
        "2.2.",
    ),
    Listing(
        (
            Item("the scientific teams, who write at the scene what they type again at a desk in the evening;"),
            Item("the officers who wait at court, often for a day, with no means of doing other work;"),
            Item("the planning staff, whose desks stand in two buildings that are to be given up."),
        )
    ),
    Paragraph(
        "The first stage took for granted that the devices would free enough desks to give up buildings. The review "
        "shows that too many people, about one third, would still be tied to a desk and to the building it stands in.",
        "2.3.",
    ),
    Paragraph(
        "To go on without a break would cost the least. The hall in which devices are built must be handed over after "
        "June, since it will receive the staff of another building. To set up a second line later would cost more than "
        "£180,000, before a single device was built.",
        "2.4.",
    ),
    Heading("3. Financial comments", 3),
    Paragraph(
        "The capital needed will be met from the renewal fund and from the contingency held in the programme.", "3.1."
    ),
    Paragraph(
        "The cost of support, in each year after the first, will be met from the change fund and by the units that "
        "receive devices. The figures for the project team are:",
        "3.2.",
        (NoteReference(92, 1),),
    ),
    Table(
        (Cell("Year"), Cell("Posts"), Cell("Cost", (NoteReference(4, 2),))),
        (
            (Cell("2018/19"), Cell("4"), Cell("£212,400.50")),
            (Cell("2019/20"), Cell("1.5"), Cell("£81,000.00")),
            (Cell("Later", (NoteReference(5, 1),)), Cell(""), Cell("–")),
        ),
    ),
    Listing(
        (
            Item(
                "The team leaves once:",
                "1.",
                subitems=(Item("all devices are issued;", "a."), Item("all work.", "(ii)")),
            ),
            Item("What is left of its money goes back to the fund.", "2.", note_references=(NoteReference(27, 2),)),
        )
    ),
    Heading("4. Legal comments", 3),
    Paragraph(
        "The authority is a contracting authority under the Public Contracts Regulations 2015. A contract for goods or "
        "services that is worth £181,302 or more must be let as those Regulations require. The devices will be bought "
        "under a framework that was itself let in that way.",
        "4.1.",
    ),
    Heading("5. Equality comments", 3),
    Paragraph("The team for equality and inclusion was asked, and found nothing that needs an answer.", "5.1."),
    Heading("6. Background and supporting papers", 3),
    Paragraph("The report to the Investment Board of 22 March 2018.", "6.1."),
    Heading("Notes"),
    Notes((Note(1, "Each unit has agreed to its share."), Note(2, "At the prices of 2017/18."))),
)

_CLOSING_BLOCKS: tuple[Block, ...] = (
    Heading("Public access to information"),
    Paragraph(
        "What stands in this form (Part 1) falls under the Freedom of Information Act 2000 and will be published on "
        "the authority’s website once it has been approved. If to publish it at once could defeat the decision, it may "
        "be held back until a day that is named here, and for no longer than is strictly needed."
    ),
    Heading("Part 1 deferral", 3),
    Fields(
        (
            Field("Is the publication of Part 1 to be deferred?", "No"),
            Field("If yes, for what reason", ""),
            Field("Until what date", ""),
        )
    ),
    Heading("Part 2 confidentiality", 3),
    Paragraph(
        "Only facts and advice that are likely to be exempt from disclosure belong in the Part 2 form, together with "
        "the legal reason for withholding them."
    ),
    Fields(
        (
            Field("Is there a Part 2 form?", "Yes"),
            Field("Exemption relied on", "Section 43 of the Freedom of Information Act 2000: commercial interests"),
            Field("Date at which Part 2 ceases to be confidential or is to be reviewed", "7 March 2023"),
        )
    ),
    Heading("Originating officer’s declaration"),
    Statements(
        "Statements confirmed by the head of unit",
        "Statement",
        "Confirmed",
        (
            Field(
                "The Chief Finance Officer has read the request and is satisfied that it is correct and in keeping "
                "with the authority’s plans and priorities.",
                "Confirmed",
            ),
            Field("Legal advice: legal advice is not needed.", "Confirmed"),
            Field("Financial advice: the strategic finance team has been consulted on this proposal.", "Confirmed"),
            Field("Equalities advice: questions of equality are dealt with in the body of the report.", ""),
        ),
    ),
    Heading("Officer approval"),
    Heading("Chief Executive", 3),
    Signature(
        "Chief Executive",
        (
            (
                "I have been consulted about the proposal and confirm that financial, legal and equalities advice has "
                "been taken into account in preparing this report. I am satisfied that this is a proper request to put "
                "to the Deputy Commissioner for Public Safety."
            ),
        ),
    ),
)


def decided_document() -> Document:
    """Return the decided form."""
    return Document(
        title="Working Anywhere: more tablets for front-line units",
        kind="Request for decision (Part 1)",
        authority="Authority for Public Safety",
        subtitle="Business justification paper",
        marking="OFFICIAL – PUBLIC",
        reference="APS 2018/361",
        status="",
        document_date=date(2018, 4, 16),
        blocks=(*_DECISION_BLOCKS, *_ADVICE_BLOCKS, *_CLOSING_BLOCKS),
        imprint=Imprint("APS-2018-361", 14, LEDGER_HEAD, "decision", 1),
    )


def draft_document() -> Document:
    """Return the form before it is decided: without a reference, and with a longer marking."""
    return replace(decided_document(), status="Draft", reference="", marking="OFFICIAL-SENSITIVE [COMMERCIAL]")
