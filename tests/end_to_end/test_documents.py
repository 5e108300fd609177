"""The three documents hold the real decision: every heading, field and fact of the published papers, in order.

The papers are MOPAC decision PCD 361 (the DMPC form) and its report to the Investment Advisory Board, 2018. Our example
has prose of its own; the lists below hold the headings, the statements of the forms, and the facts.
"""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.decisions.cases import DECISION_FORM, IAB_REPORT, decided_case, document_html, document_pdf, document_view
from tests.decisions.output.test_html import Page
from tests.end_to_end.conftest import RunAssent
from tests.end_to_end.test_contract import CASE

RECOMMENDATIONS = (
    "1. Approve Option One", "units given priority",
    "a. Approve the use of the Mobility Refresh capital funding stream", "buy, build and distribute",
    "b. {b}", "optimism bias within the overall capital programme for the additional capital requirement",
    "c. Approve the use of revenue identified by the units", "business group budgets amended",
    "d. Note the use of the Major Change Fund", "one-off cost", "project team in 2018/19",
    "e. Note that the additional funding", "pool of contingency devices", "existing budgets",
)  # fmt: skip
TO_THE_DEPUTY_MAYOR = (
    *(words.replace("{b}", "Note the use of funds from the") for words in RECOMMENDATIONS),
    "2. Note the agreement in principle",
    "3. Note the urgency",
    "4. Note the effect on the units that receive no additional devices",
    "5. Acknowledge that further benefits", "once tracked and monitored", "additional 5%",
    "and note that business groups",
    "track and realise benefits as efficiency savings",
)  # fmt: skip
TO_THE_POLICE_BOARD = (
    *(words.replace("{b}", "Approve funds from the") for words in RECOMMENDATIONS),
    "2. Accept that using the mobility refresh budget", "risk of a much smaller pool",
    "breakages, replacements and new issue in 2018/19",
)  # fmt: skip

DECISION = (
    "Mayor's Office for Policing And Crime", "Smarter Working – Business Justification Paper", "PCD 361",
    "16 April 2018",
    "Executive summary", "Money is limited", "order of priority", "where the funding would come from",
    "Recommendation", "The Deputy Mayor for Policing and Crime is recommended to:", *TO_THE_DEPUTY_MAYOR,
    "Deputy Mayor for Policing and Crime", "whether or not I have any personal or prejudicial interest",
    "in compliance with the Code of Conduct", "Any such interests are recorded below",
    "The above request has my approval.", "Interests", "None to record",
    "Approved by", "Deputy Mayor", "(as recorded)", "Capacity", "Deputy Mayor for Policing and Crime", "Date",
    "16 April 2018",
    "Part 1 – Non-confidential facts and advice to the DMPC", "Decision required – supporting report",
    "1. Introduction and background", "1.1.", "October 2016", "30,000 devices by April 2018",
    "1.2.", "Senior Responsible Officer for Smarter Working",
    "2. Issues for consideration", "2.1.", "full requirement", "2.2.", "XP desktops", "Low satisfaction",
    "2.3.", "the estate", "fixed IT and buildings", "2.4.", "“factory”", "June", "Empress State Building",
    "3. Financial comments", "3.1.", "Mobility Refresh", "optimism bias", "3.2.", "Major Change Fund",
    "4. Legal comments", "4.1.", "contracting authority", "Public Contracts Regulations 2015", "£181,302 or above",
    "5. Equality comments", "5.1.", "Strategy Diversity & Inclusion team",
    "6. Background/supporting papers", "6.1.", "Report",
    "Public access to information", "(Part 1) is subject to the Freedom of Information Act 2000 (FOIA)",
    "MOPAC website following approval", "can be deferred until a specific date", "shortest length strictly necessary",
    "Part 1 deferral", "Is the publication of Part 1 of this approval to be deferred?", "No",
    "Part 2 confidentiality", "Only the facts or advice considered as likely to be exempt",
    "legal rationale for non-publication",
    "Is there a Part 2 form?", "Yes", "It is recommended that the information in the Part 2 form is not published",
    "following sections of the FOIA", "Section 43 – Commercial interests",
    "Date when confidentiality should be reviewed", "7 March 2023",
    "Originating officer declaration", "Head of Unit",
    "The Chief Finance Officer has reviewed the request", "MOPAC's plans and priorities", "Confirmed",
    "Legal advice", "Legal advice is not required", "Confirmed",
    "Financial advice", "The Strategic Finance and Resource Management Team has been consulted", "Confirmed",
    "Equalities advice", "Equality and diversity issues are covered in the body of the report", "Confirmed",
    "Officer approval", "I have been consulted about the proposal", "financial, legal and equalities advice",
    "appropriate request to be submitted to the Deputy Mayor", "Certified by", "R Lawrence",
    "Chief Executive Officer", "11 April 2018", "Signature",
)  # fmt: skip

BOARD = (
    "Mayor's Office for Policing And Crime", "Smarter Working – Business Justification Paper",
    "MOPAC Investment Advisory Board", "22 March 2018", "Report by", "Aimee Reed", "On behalf of",
    "The Deputy Commissioner",
    "This section of the report will be published by MOPAC. It is classified as OFFICIAL – PUBLIC",
    "Recommendations", "The MPS Portfolio & Investment Board (PIB) is asked to:", *TO_THE_POLICE_BOARD,
    "If supported by the MPS Portfolio & Investment Board", "the Deputy Mayor for Policing and Crime, via the",
    "Investment Advisory Board (IAB), is asked to:", *TO_THE_DEPUTY_MAYOR,
    "Time sensitivity", "A decision is required from the Deputy Mayor by", "30 March 2018", "“factory”",
    "Newlands Park",
    "cost neutral", "June 2018", "(ESB)", "business change",
    "Non-confidential facts and advice to the Deputy Mayor for Policing and Crime",
    "Introduction and background", "core requirement", "operating model", "October 2016",
    "30,000 devices by April 2018",
    "XP", "NHS", "trials of tablets", "391 full-time equivalent police officers", "5% efficiency saving",
    "one hour per shift", "visible to the public", "work and life", "Senior Responsible Owner",
    "Issues for consideration", "agreed in principle", "four present challenges",
    "Challenge one", "BCUs, SCO, Intelligence, Forensics", "recruit and keep", "waiting at court",
    "Challenge two", "staff survey", "in a matter of weeks", "Challenge three", "one third of the workforce",
    "April 2018",
    "Challenge four", "June 2018", "Empress State Building", "In summary", "what you do, and not where you do it",
    "Contributes to the MOPAC Police & Crime Plan 2017–2021", "A safer city for all Londoners", "page 47", "page 45",
    "Financial, commercial and procurement comments", "confidential part of the report", "responsible procurement",
    "Legal comments", "novel in nature or contentious", "Equality comments", "Strategy Diversity & Inclusion team",
    "Privacy comments", "Data Protection Impact Assessment", "Privacy Impact Assessment",
    "Real estate implications", "confidential part of the report",
    "Environmental implications", "London Environment Strategy", "draft-london-environment-strategy",
    "Background/supporting papers", "Nil", "Report author",
    "Aimee Reed, Senior Responsible Owner, Smarter Working Programme",
    "Part 2", "not suitable for MOPAC publication", "The Government Security Classification marking for Part 2 is",
    "OFFICIAL-SENSITIVE [COMMERCIAL]", "Part 2 of this paper is exempt from publication",
    "Elected Local Policing Bodies (Specified Information) Order 2011", "Section 43 – Commercial interests",
    "Exemption to be reviewed on", "7 March 2023",
)  # fmt: skip

PART_2 = (
    "Smarter Working – Business Justification Paper", "Confidential facts and advice to the DMPC", "PCD 361",
    "16 April 2018",
    "This form is not for publication", "OFFICIAL-SENSITIVE [COMMERCIAL]", "£2,450,000 excluding VAT", "Approved",
    "Confidential facts and advice", "Financial, commercial and procurement comments", "£1,900,000", "£300,000",
    "£250,000",
    "£2,450,000 excluding VAT", "Goods or services", "Modification of an existing contract", "Regulation 72(1)(b)",
    "7 March 2018",
    "Real estate implications", "Newlands Park", "Exemptions and legal rationale", "Section 43 – Commercial interests",
    "Subsection (2)", "would be likely to prejudice", "The device supplier, and MOPAC", "Legal rationale",
    "unit prices",
    "Public-interest test", "outweighs", "Reasons", "Ceases to be confidential on",
    "Confidentiality to be reviewed on", "7 March 2023",
    "31 December 2048", "Deputy Mayor for Policing and Crime", "Approved by", "Deputy Mayor",
    "(as recorded)", "16 April 2018",
)  # fmt: skip

EXPECTED_WORDS = {(DECISION_FORM, 1): DECISION, (IAB_REPORT, 1): BOARD, (DECISION_FORM, 2): PART_2}

MARGINS = re.compile(
    r"OFFICIAL(?: – PUBLIC|-SENSITIVE \[COMMERCIAL\])"
    r"(?: (?:PCD 361|MOPAC-2018-1) · Mayor's Office for Policing And Crime)? "
    r"(?:Approved|Supported) OFFICIAL(?: – PUBLIC|-SENSITIVE \[COMMERCIAL\]) Page \d+ of \d+"
)


def document_pdf_text(kind: str, part: int) -> str:
    """Return the words of a PDF in reading order, without the margins of its pages."""
    return pdf_text(document_pdf(document_view(kind, part)))


def pdf_text(data: bytes) -> str:
    text = " ".join(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(data)).pages).split())
    return " ".join(re.sub(r"(\w)- (\w)", r"\1-\2", MARGINS.sub(" ", text)).split())


def document_html_text(kind: str, part: int) -> str:
    page = document_html(kind, part)
    return " ".join(" ".join(Page(page[page.index("<main>") :]).texts).split())


TEXT_READERS: dict[str, Callable[[str, int], str]] = {
    "html": cache(document_html_text),
    "pdf": cache(document_pdf_text),
}


def missing_words(text: str, expected: tuple[str, ...]) -> list[str]:
    """Return the expected words that are absent, each looked for after the one before it."""
    position, missing = 0, []
    for words in expected:
        found = text.find(words, position)
        if found < 0:
            missing.append(words)
        else:
            position = found + len(words)
    return missing


@pytest.mark.parametrize("to", sorted(TEXT_READERS))
@pytest.mark.parametrize(("kind", "part"), EXPECTED_WORDS)
def test_every_heading_field_and_fact_is_present_in_order(kind: str, part: int, to: str) -> None:
    assert missing_words(TEXT_READERS[to](kind, part), EXPECTED_WORDS[kind, part]) == []


def test_missing_finds_absent_and_misplaced_words() -> None:
    assert missing_words("one two three", ("one", "three")) == []
    assert missing_words("one two three", ("three", "one", "four")) == ["one", "four"]


@pytest.mark.parametrize(("kind", "part"), EXPECTED_WORDS)
def test_mistakes_of_the_published_report_are_not_repeated(kind: str, part: int) -> None:
    """The published report cites a section 43 of data protection law, and "will cease to be exempt until"."""
    text = document_html_text(kind, part)
    assert not re.search(r"Data Protection Section|2\(2\)\(a\)|cease to be exempt until|restricted section", text)


def test_recommendations_to_the_two_bodies_differ_as_in_the_real_report() -> None:
    text = document_html_text(IAB_REPORT, 1)
    board, deputy = text.split("If supported by the MPS Portfolio & Investment Board")
    assert "b. Approve funds from the optimism bias" in board
    assert "b. Note the use of funds from the optimism bias" in deputy


def test_recorded_interests_and_a_deferral_are_shown_in_their_places() -> None:
    case = decided_case(
        interests__declared="recorded", interests__recorded="Shares in the supplier.",
        deferral__asked=True, deferral__reason="A lease is being agreed.", deferral__until=date(2018, 6, 30),
    )  # fmt: skip
    page = document_html(DECISION_FORM, 1, case)
    text = " ".join(" ".join(Page(page[page.index("<main>") :]).texts).split())
    expected = (
        "The above request has my approval.", "Interests", "Recorded below", "Shares in the supplier.",
        "Approved by",
        "to be deferred?", "Yes", "If yes, for what reason", "A lease is being agreed.", "Until what date",
        "30 June 2018",
    )  # fmt: skip
    assert missing_words(text, expected) == []


def test_the_demo_makes_the_three_documents_with_every_fact(assent: RunAssent, tmp_path: Path) -> None:
    assert assent("demo", "out").exit_code == 0
    for (kind, part), expected in EXPECTED_WORDS.items():
        data = (tmp_path / "out" / f"MOPAC-2018-1-{kind}-part-{part}.pdf").read_bytes()
        assert missing_words(pdf_text(data), expected) == []
        result = assent("--store", "out/assent.db", "document", "verify", f"out/MOPAC-2018-1-{kind}-part-{part}.pdf")
        assert result.exit_code == 0, result.stderr


def test_the_demo_makes_the_audit_and_quotes_its_folder_in_the_next_command(assent: RunAssent, tmp_path: Path) -> None:
    result = assent("demo", "it's a demo")
    folder = tmp_path / "it's a demo"
    assert (
        "it's a demo/audit.html  sha256 " in result.stdout.partition("The documents\n")[2].partition("The ledger\n")[0]
    )
    verified = assent("--store", folder / "assent.db", "document", "verify", folder / "audit.html", "--format", "json")
    assert (verified.exit_code, verified.json["kind"]) == (0, "audit-report")
    audit = ("audit", CASE, "--as-of", "2018-04-17", "--format", "html", "-o", "again.html")
    assert assent("--store", folder / "assent.db", *audit).exit_code == 6
    assert (tmp_path / "again.html").read_bytes() == (folder / "audit.html").read_bytes()
    command = shlex.split(result.stdout.strip().splitlines()[-1].removeprefix("See more: "))
    assert command == ["assent", "--store", "it's a demo/assent.db", "case", "history", CASE]
    assert assent(*command[1:]).exit_code == 0


class TestDerivableFigures:
    """The estimated value is confidential; a public total and the remainder would reveal it."""

    def test_the_officer_is_warned_without_the_confidential_figure(self, sound: RunAssent) -> None:
        total = "form.financial=In all it is £3,000,000, of which £550,000 is for support."
        assert sound("case", "amend", CASE, "--as", "author", "--on", "2018-03-07", "--set", total).exit_code == 0
        rendered = sound("document", "render", CASE, DECISION_FORM, "--to", "html", "-o", "a.html", "--format", "json")
        assert rendered.exit_code == 0
        assert rendered.json["gives_away"] == ["estimated_value", "modification.increase"]
        assert "reveal estimated_value, modification.increase, which Part 2 keeps confidential" in rendered.stderr
        whole = sound(
            "document", "render", "--all", "--kind", DECISION_FORM, "--to", "html", "--jobs", "1", "-o", "all"
        )
        assert "which Part 2 keeps confidential" in whole.stderr
        assert "2,450,000" not in rendered.stderr + rendered.stdout + whole.stderr + whole.stdout
