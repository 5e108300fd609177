"""`law coverage`: what of each instrument the packs hold, and what was not looked at in a case."""

from __future__ import annotations

import csv
import io

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
        shown = assent("law", "coverage").stdout
        listed = shown.partition("Cited, without saying what of it is held:\n")[2]
        assert "  Local Government Act 2000 (c. 22)\n" in listed
        assert "Procurement Act 2023" not in listed

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
