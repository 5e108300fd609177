"""`law coverage`: what of each instrument the packs hold, and what was not looked at in a case."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PreparedFolders, RunAssent
from tests.end_to_end.test_impact import CASE, submit_case

DYNAMIC = "not_held.public_contracts_2015_dynamic_purchasing"


@pytest.fixture
def submitted(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The command line with the case submitted to the first board."""
    prepared.begin("submitted", submit_case)
    return assent


class TestOfTheLaw:
    def test_json_has_each_row_with_what_cites_it(self, assent: RunAssent) -> None:
        rows = assent("law", "coverage", "--format", "json").json["coverage"]
        by_provisions = {(row["instrument"], row["provisions"]): row for row in rows}
        changes = by_provisions["Public Contracts Regulations 2015 (SI 2015/102)", "reg 72"]
        assert (changes["status"], changes["control"]) == ("held", "")
        assert "procurement.modification_within_half" in changes["cited_by"]
        systems = by_provisions["Public Contracts Regulations 2015 (SI 2015/102)", "regs 34 to 36"]
        assert (systems["status"], systems["control"], systems["cited_by"]) == ("not_held", DYNAMIC, [])
        assert {row["status"] for row in rows} == {"held", "partly", "not_held", "not_for_us"}

    def test_the_table_stands_under_each_instrument(self, assent: RunAssent) -> None:
        shown = assent("law", "coverage", "--pack", "public-contracts-2015").stdout
        assert shown.startswith("Public Contracts Regulations 2015 (SI 2015/102)\n")
        assert "regs 34 to 36" in shown
        assert "not held" in shown
        assert "Not judged: " in shown

    def test_instruments_without_rows_are_named(self, assent: RunAssent) -> None:
        heading = "Cited, without saying what of it is held:\n"
        assert heading not in assent("law", "coverage").stdout
        assent("scheme", "new", "mine", "--name", "Park Board")
        listed = assent("--packs", "mine", "law", "coverage").stdout.partition(heading)[2]
        assert listed == "  Example Act (replace this with the law's own name and number)\n"

    def test_a_status_chooses_rows(self, assent: RunAssent) -> None:
        rows = assent("law", "coverage", "--status", "not_held", "--format", "csv").stdout
        found = list(csv.DictReader(io.StringIO(rows)))
        assert {row["Status"] for row in found} == {"not_held"}
        assert all(row["Control"].startswith("not_held.") and row["Link"] for row in found)

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("--pack", "foia-200"), "is not a pack with coverage. Did you mean foia-2000?"),
            (("--on", "2018-04-16"), "--on is for a case: give --case, too"),
            (("--case", "X", "--pack", "foia-2000"), "leave one out"),
            (("--case", "X", "--format", "csv"), "has no CSV form. Use --format json."),
            (("--status", "maybe"), "'maybe' is not one of"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, assent: RunAssent, arguments: tuple[str, ...], words: str) -> None:
        result = assent("law", "coverage", *arguments)
        assert result.exit_code == 2
        assert words in " ".join(result.stderr.split())


def test_a_finding_on_what_is_not_held_leads_to_the_coverage(assent: RunAssent) -> None:
    result = assent("law", "explain", DYNAMIC)
    assert result.exit_code == 2
    assert "listed by: assent law coverage --status not_held" in result.stderr


class TestOfACase:
    def test_what_may_ask_something_is_named_with_what_to_read(self, submitted: RunAssent) -> None:
        found = submitted("law", "coverage", "--case", CASE, "--format", "json").json
        assert found["case"] == CASE
        by_control = {finding["control"]: finding for finding in found["not_held"]}
        schemes = by_control["not_held.foia_2000_publication_schemes"]
        assert (schemes["outcome"], schemes["severity"]) == ("not_held", "warning")
        assert schemes["citation"]["provision"] == "ss.19 and 20"
        assert schemes["cure"].startswith("Read ss.19 and 20 of Freedom of Information Act 2000")
        assert DYNAMIC not in by_control

    def test_what_is_held_in_part_is_of_instruments_that_ask_something(self, submitted: RunAssent) -> None:
        found = submitted("law", "coverage", "--case", CASE, "--format", "json").json
        instruments = {row["instrument"] for row in found["in_part"]}
        assert "Freedom of Information Act 2000 (c. 36)" in instruments
        assert "Procurement Act 2023 (2023 c. 54)" not in instruments
        assert {row["status"] for row in found["in_part"]} == {"partly"}

    def test_the_text_says_it_in_full(self, submitted: RunAssent) -> None:
        shown = " ".join(submitted("law", "coverage", "--case", CASE).stdout.split())
        assert f"Not looked at in {CASE}, by the law of" in shown
        assert "! not_held.foia_2000_publication_schemes not held (warning)" in shown
        assert "No rule is held here for ss.19 and 20." in shown
        assert "Looked at only in part" in shown
        assert "Not looked at, because no answer is stated yet" in shown
        assert "Not looked at, because the scheme does not use its packs" in shown

    def test_a_question_without_an_answer_is_named_with_its_law(self, submitted: RunAssent) -> None:
        """Its controls are not applicable only because nobody answered."""
        found = submitted("law", "coverage", "--case", CASE, "--on", "2018-04-16", "--format", "json").json
        by_fact = {question["fact"]: question for question in found["unanswered"]}
        listed = by_fact["function.listed"]
        assert listed["label"] == "Which function of section 19(7) does the decision exercise?"
        assert "function.not_passed_on" in {waiting["control"] for waiting in listed["controls"]}
        assert {waiting["citation"]["kind"] for waiting in listed["controls"]} == {"law"}
        waiting_controls = {waiting["control"] for question in by_fact.values() for waiting in question["controls"]}
        assert "subsidy.principles_considered" not in waiting_controls, "the Act on subsidies is of 2022"
        assert "contract_kind" not in by_fact, "Part 2 states it"

    def test_law_of_packs_that_the_scheme_does_not_use_is_named(self, submitted: RunAssent) -> None:
        found = submitted("law", "coverage", "--case", CASE, "--on", "2018-04-16", "--format", "json").json
        assert "Openness of Local Government Bodies Regulations 2014 (SI 2014/2095)" in found["not_used"]
        assert "Freedom of Information Act 2000 (c. 36)" not in found["not_used"]

    def test_what_is_exempt_is_not_shown(self, submitted: RunAssent) -> None:
        """The paper keeps its value, kind of contract and route in Part 2."""
        for output_format in ("json", "table"):
            shown = submitted("law", "coverage", "--case", CASE, "--format", output_format).stdout
            assert "held in Part 2" in shown
            assert "£" not in shown

    def test_before_the_act_it_asks_nothing(self, submitted: RunAssent) -> None:
        found = submitted("law", "coverage", "--case", CASE, "--on", "2004-12-31", "--format", "json").json
        assert "not_held.foia_2000_publication_schemes" not in {one["control"] for one in found["not_held"]}
        assert found["on"] == "2004-12-31"

    def test_an_unknown_case_is_refused(self, submitted: RunAssent) -> None:
        result = submitted("law", "coverage", "--case", "MOPAC-1999-1")
        assert result.exit_code == 2
        assert "MOPAC-1999-1" in result.stderr

    def test_an_act_warns_of_it_and_is_done(self, submitted: RunAssent) -> None:
        """`case explain` shows the same finding, and it blocks nothing."""
        explained = submitted("case", "explain", CASE, "pib-support", "--all")
        assert "not_held" not in explained.stdout
        shown = submitted("case", "explain", CASE, "submit", "--format", "json").json
        outcomes = {finding["control"]: finding["outcome"] for finding in shown["findings"]}
        assert outcomes["not_held.foia_2000_publication_schemes"] == "not_held"


@pytest.mark.parametrize(
    ("scheme", "unanswered", "used"),
    [
        ("council", "delegation.kind", "Openness of Local Government Bodies Regulations 2014 (SI 2014/2095)"),
        ("board", None, "Health Boards (Membership and Procedure) (No. 2) Regulations 1991 (SI 1991/809)"),
    ],
)
def test_of_other_schemes_too_nothing_reads_as_if_the_law_asked_nothing(
    assent: RunAssent, scheme: str, unanswered: str | None, used: str
) -> None:
    assent("init", "--founder", "A. Founder")
    assent("officer", "add", "A. Writer", "--role", "author", "--scheme", scheme, "--as", "a-founder")
    Path("paper.yaml").write_text("public:\n  title: Depot\n")
    case = assent("case", "open", "paper.yaml", "--scheme", scheme, "--as", "a-writer", "--format", "json").json["case"]
    found = assent("law", "coverage", "--case", case, "--format", "json").json
    assert unanswered is None or unanswered in {question["fact"] for question in found["unanswered"]}
    assert "Equality Act 2010 (c. 15)" in found["not_used"]
    assert used not in found["not_used"]
