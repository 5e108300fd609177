"""`assent law`: list, show, explain, check and calendar."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CapturedStream, RunAssent

THRESHOLD = "procurement.threshold"
SMALL_LOTS = ("procurement.small_lot", "procurement.small_lots_percent")
DECLARED = """pack: fees
title: Fees that are not known yet
instrument: Regulations on fees
values:
  fees.limit: {kind: money, label: Most that is charged}
"""
FIGURE = """pack: fees-too
title: Fees of another body
instrument: Scheme of fees
values:
  fees.limit:
    kind: money
    label: Most that is charged
    history:
      - from: 2019-04-01
        to: 2021-03-31
        is: £450 as stated
        operator: more_than
        citation: {provision: section 13, basis: read}
  fees.share:
    kind: count
    label: Hundredths that are charged
    by: [buyer]
    history:
      - {from: 2016-01-01, for: {buyer: utility}, is: 4, citation: {provision: section 14, basis: read}}
      - {from: 2016-01-01, to: 2017-12-31, for: {buyer: central}, is: 5, citation: {provision: section 14, basis: read}}
      - {from: 2020-01-01, for: {buyer: central}, is: 7, citation: {provision: section 14, basis: read}}
    not_found:
      - {from: 2018-01-01, to: 2019-12-31, for: {buyer: central}, why: no figure for 2018 and 2019 could be found}
"""


@pytest.fixture
def with_packs(assent: RunAssent, tmp_path: Path) -> RunAssent:
    """The command line with two more packs for one value, which no scheme uses: only the second sets a figure."""
    folder = tmp_path / "more" / "law"
    folder.mkdir(parents=True)
    (folder / "fees.yaml").write_text(DECLARED)
    (folder / "fees-too.yaml").write_text(FIGURE)
    return lambda *words: assent("--packs", tmp_path / "more", *words)


class TestList:
    def test_each_value_and_control_is_a_row_with_its_pack(self, assent: RunAssent) -> None:
        listed = assent("law", "list", "--format", "json").json["entries"]
        by_id = {entry["id"]: entry for entry in listed}
        assert by_id[THRESHOLD]["pack"] == "procurement-thresholds"
        assert set(by_id["consent.limit"]["basis"]) <= {"read", "secondary", "unverified"}
        assert by_id["procurement.route_stated"]["to"] == "2025-02-23"

    def test_it_can_be_limited_to_a_pack_and_a_kind(self, assent: RunAssent) -> None:
        result = assent("law", "list", "--pack", "procurement-thresholds", "--kind", "value", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert [row["Id"] for row in rows] == [THRESHOLD, *SMALL_LOTS, "procurement.notice_limit"]

    def test_a_mistyped_pack_gets_a_suggestion(self, assent: RunAssent) -> None:
        result = assent("law", "list", "--pack", "foia-2001")
        assert result.exit_code == 2
        assert "Did you mean foia-2000?" in result.stderr

    def test_a_value_without_a_figure_is_marked(self, with_packs: RunAssent) -> None:
        result = with_packs("law", "list", "--pack", "fees")
        assert "declared, no figure set" in result.stdout


class TestShow:
    def test_a_value_on_a_day_has_figure_vat_operator_citation_basis_and_days(self, assent: RunAssent) -> None:
        (entry,) = assent("law", "show", THRESHOLD, "--on", "2018-04-16", "--format", "json").json["entries"]
        choices = {"buyer": "sub_central", "contract_kind": "goods_services"}
        (row,) = [row for row in entry["rows"] if row["for"] == choices]
        assert (row["pence"], row["vat"], row["operator"]) == (18130200, "ex", "at_least")
        assert (row["from"], row["to"]) == ("2018-01-01", "2019-12-31")
        assert (
            row["citation"]["provision"] == "thresholds for 2018 and 2019, sub-central authorities, goods and services"
        )
        assert row["citation"]["basis"] == "secondary"

    def test_the_table_shows_the_same_figure(self, assent: RunAssent) -> None:
        result = assent("law", "show", THRESHOLD, "--on", "2018-04-16")
        line = next(line for line in result.stdout.splitlines() if line.startswith("sub_central, goods_services"))
        for part in ("goods_services", "£181,302 excluding VAT", "at least", "2018-01-01", "2019-12-31", "secondary"):
            assert part in line

    @pytest.mark.parametrize(
        ("day", "why"), [("2019-03-31", "first in force on 2019-04-01"), ("2021-04-01", "last in force on 2021-03-31")]
    )
    def test_a_day_outside_the_history_is_refused_and_never_gets_the_nearest_figure(
        self, with_packs: RunAssent, day: str, why: str
    ) -> None:
        result = with_packs("law", "show", "fees.limit", "--on", day)
        assert (result.exit_code, result.stdout) == (2, "")
        assert why in result.stderr

    @pytest.mark.parametrize(("day", "is_gap"), [("2017-12-31", False), ("2018-06-01", True), ("2020-01-01", False)])
    def test_days_without_a_known_figure_are_shown_with_the_reason(
        self, with_packs: RunAssent, day: str, is_gap: bool
    ) -> None:
        (entry,) = with_packs("law", "show", "fees.share", "--on", day, "--format", "json").json["entries"]
        found = [(gap["for"], gap["from"], gap["to"]) for gap in entry["not_found"]]
        assert found == ([({"buyer": "central"}, "2018-01-01", "2019-12-31")] if is_gap else [])
        result = with_packs("law", "show", "fees.share", "--on", day)
        assert ("from 2018-01-01 to 2019-12-31: no figure" in result.stdout) is is_gap

    def test_a_value_without_a_history_has_no_figure_set(self, with_packs: RunAssent) -> None:
        result = with_packs("law", "show", "fees.limit")
        assert "declared, no figure set" in result.stdout
        assert "£450 as stated" in result.stdout, "each pack is shown with its own figure"

    def test_on_a_day_only_packs_with_a_figure_for_it_are_shown(self, with_packs: RunAssent) -> None:
        entries = with_packs("law", "show", "fees.limit", "--on", "2019-04-01", "--format", "json").json["entries"]
        assert [entry["pack"] for entry in entries] == ["fees-too"]
        assert with_packs("law", "show", "fees.limit", "--on", "2019-03-31").exit_code == 2

    @pytest.mark.parametrize(
        ("name", "on", "words", "figure", "unit"),
        [
            ("vat.rate", "2010-04-01", "standard 17.5%", 175, "tenths_of_a_percent"),
            ("vat.rate", "2020-04-01", "standard 20%", 200, "tenths_of_a_percent"),
            ("modification.largest_percent", "2020-04-01", "all 50%", 50, "percent"),
            ("procurement.small_lots_percent", "2020-04-01", "all 20%", 20, "percent"),
        ],
    )
    def test_a_share_is_shown_in_percent_and_json_has_the_raw_figure(
        self, assent: RunAssent, name: str, on: str, words: str, figure: int, unit: str
    ) -> None:
        assert words in " ".join(assent("law", "show", name, "--on", on).stdout.split())
        (entry,) = assent("law", "show", name, "--on", on, "--format", "json").json["entries"]
        assert entry["unit"] == unit
        assert figure in [row["figure"] for row in entry["rows"]]

    def test_a_control_is_shown_in_full(self, assent: RunAssent) -> None:
        result = assent("law", "show", "procurement.route_stated")
        expected = (
            "procurement.value reaches procurement.threshold",
            "submit, decide",
            "procurement_commenced_on",
            "from 2015-02-26 to 2025-02-23",
            "read",
            "The value reaches the threshold, but",
        )
        assert [words for words in expected if words not in result.stdout] == []

    def test_a_control_that_no_scheme_uses_is_marked(self, assent: RunAssent, tmp_path: Path) -> None:
        folder = tmp_path / "more" / "law"
        folder.mkdir(parents=True)
        (folder / "fees.yaml").write_text(
            "pack: fees\ntitle: Fees\ninstrument: Regulations on fees\ncontrols:\n  fees.paid:\n"
            "    requirement: The fee is paid.\n    wrong: It is not paid.\n    cure: Pay the fee.\n"
            "    requires: {fees.are_paid: {is: true}}\n    gates: [decide]\n    in_force: {from: 2019-04-01}\n"
            "    citation: {provision: section 1, basis: unverified}\n"
        )
        result = assent("--packs", tmp_path / "more", "law", "show", "fees.paid")
        assert result.exit_code == 0
        assert "no scheme uses the pack fees" in result.stdout

    def test_a_mistyped_id_gets_a_suggestion(self, assent: RunAssent) -> None:
        result = assent("law", "show", "procurement.treshold")
        assert result.exit_code == 2
        assert f"Did you mean {THRESHOLD}?" in result.stderr


class TestExplain:
    def test_it_lists_the_facts_values_and_examples_of_a_control(self, assent: RunAssent) -> None:
        (entry,) = assent("law", "explain", "procurement.route_stated", "--format", "json").json["entries"]
        assert entry["facts"]["procurement_route"] == "Procurement route"
        assert THRESHOLD in entry["values"]
        outcomes = {proof["outcome"] for proof in entry["examples"]}
        assert outcomes == {"satisfied", "breached", "not_applicable", "undetermined"}
        assert {proof["file"] for proof in entry["examples"]} == {
            "law/procurement-thresholds.examples.yaml",
            "law/public-contracts-2015.examples.yaml",
        }

    def test_the_cure_says_what_to_choose_from(self, assent: RunAssent) -> None:
        entry, _ = assent("law", "explain", "foia.limb_stated", "--format", "json").json["entries"]
        assert entry["cure"] == "Name the limb that you rely on: choose one that belongs to Section relied on."
        explained = assent("law", "explain", "foia.limb_stated").stdout
        assert "choose one that belongs to" in " ".join(explained.split())
        assert "{" not in assent("law", "show", "foia.limb_stated").stdout

    def test_policy_says_that_it_blocks_only_for_the_authority_whose_source_asks_it(self, assent: RunAssent) -> None:
        shared, own = assent("law", "explain", "foia.limb_stated", "--format", "json").json["entries"]
        assert (shared["pack"], shared["citation"]["kind"], shared["blocks_only_where_cited"]) == (
            "foia-2000",
            "policy",
            True,
        )
        assert (own["pack"], own["citation"]["kind"], own["blocks_only_where_cited"]) == (
            "mopac-rules",
            "policy",
            False,
        )
        explained = " ".join(assent("law", "explain", "foia.limb_stated").stdout.split())
        assert "publish for an authority whose own source asks for it, and is a warning elsewhere." in explained
        assert "Source Policy: Decision form" in explained
        law = " ".join(assent("law", "explain", "foia.public_interest_test").stdout.split())
        assert "Source Law: Freedom of Information Act 2000 (c. 36), s.2(2)(b)" in law
        assert "A breach blocks submit, decide, publish." in law

    def test_each_example_has_its_subject(self, assent: RunAssent) -> None:
        entry, _ = assent("law", "explain", "foia.limb_stated", "--format", "json").json["entries"]
        subjects = {proof["subject"] for proof in entry["examples"]}
        assert "exemption:s43" in subjects
        assert all(subject.startswith("exemption:") for subject in subjects)

    @pytest.mark.parametrize(
        ("control", "note"),
        [
            ("procurement.other_route_stated", "The source has not been checked."),
            ("classification.word_in_use", "A secondary source was read, not the text itself."),
            ("deferral.shortest", "The text itself was read."),
        ],
    )
    def test_the_text_says_how_the_source_was_checked(self, assent: RunAssent, control: str, note: str) -> None:
        result = " ".join(assent("law", "explain", control).stdout.split())
        assert note in result
        assert "breached: " in result

    def test_what_was_read_stands_with_its_words_day_and_version(self, assent: RunAssent) -> None:
        (entry,) = assent("law", "explain", "foia.obtained_from_another", "--format", "json").json["entries"]
        reading = entry["reading"]
        assert reading["words"] == "it was obtained by the public authority from any other person"
        assert (reading["passage"], reading["on"], reading["version"]) == ("s.41(1)", "2026-12-01", "2026-04-07")
        assert re.fullmatch("[0-9a-f]{64}", reading["digest"])
        assert reading["link"] == "https://www.legislation.gov.uk/ukpga/2000/36/section/41/2026-04-07"
        assert entry["point_in_time"] == "https://www.legislation.gov.uk/ukpga/2000/36/section/41/2005-01-01"
        text = " ".join(assent("law", "explain", "foia.obtained_from_another").stdout.split())
        assert f"“{reading['words']}” Read on 2026-12-01, as it stood on 2026-04-07" in text
        assert reading["link"] in text
        assert entry["point_in_time"] in text

    def test_a_value_is_explained_row_by_row(self, assent: RunAssent) -> None:
        (entry,) = assent("law", "explain", THRESHOLD, "--format", "json").json["entries"]
        of_2026 = [row for row in entry["rows"] if row["from"] == "2026-01-01"]
        assert [row["reading"]["words"] for row in of_2026] == [row["figure"].split()[0] for row in of_2026]
        assert {row["point_in_time"] for row in of_2026} == {
            "https://www.legislation.gov.uk/ukpga/2023/54/schedule/1/2026-01-01"
        }
        text = " ".join(assent("law", "explain", THRESHOLD).stdout.split())
        assert "Words “£207,720”" in text
        assert "Basis: secondary." in text

    def test_an_unknown_id_gets_the_command_that_lists_them(self, assent: RunAssent) -> None:
        result = assent("law", "explain", "nosuch")
        assert result.exit_code == 2
        assert "'nosuch' is no value or control that is known here\nAll are listed by: assent law list" in result.stderr
        assert "All are listed by: assent law list\n" in assent("law", "show", "nosuch").stderr


class TestCheck:
    @pytest.mark.long
    def test_it_counts_citations_by_basis_and_shows_each_proof_on_a_terminal(
        self, assent: RunAssent, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
        result = assent("law", "check", "--format", "json")
        assert [name for name in ("council", "gla", "lfc", "mopac") if f"Proving {name}" not in result.stderr] == []
        packs = {pack["pack"]: pack for pack in result.json["packs"]}
        for pack in packs.values():
            assert pack["read"] + pack["secondary"] + pack["unverified"] == pack["rows"] + pack["controls"]
        assert packs["public-contracts-2015"]["proved_by"] == ["gla", "lfc", "mopac"]

    def test_it_counts_what_was_read_pack_by_pack(self, assent: RunAssent) -> None:
        result = assent("law", "check", "--readings", "--format", "json")
        counts = {count["pack"]: count for count in result.json["readings"]}
        foia = counts["foia-2000"]
        assert foia["read"] + foia["secondary"] + foia["unverified"] == foia["citations"]
        assert foia["passages"] <= foia["with_text"] <= foia["citations"]
        assert result.stderr == ""
        table = assent("law", "check", "--readings").stdout
        assert table.startswith("Pack")
        assert "Government Security Classifications Policy (security-classification)" in table

    def test_a_claim_of_reading_with_nothing_kept_is_named(self, assent: RunAssent, shipped: Path) -> None:
        kept = shipped / "readings" / "openness-2014.yaml"
        kept.write_text(kept.read_text().replace("reg. 8(1): ", "reg. 8(2): "))
        result = assent("--packs", shipped, "law", "check", "--readings")
        assert "officer-decisions-2014.yaml" in result.stderr
        assert "says read, and no file of readings has reg. 8(1)" in result.stderr
        assert "readings/openness-2014.yaml" in result.stderr

    @pytest.mark.long
    def test_with_mutants_the_score_is_reported(self, assent: RunAssent) -> None:
        result = assent("law", "check", "--mutants", "--format", "json")
        score = result.json["mutants"]["mopac"]
        assert score["caught"] == score["of"] > 500
        assert "\r" not in result.stderr

    @pytest.mark.long
    def test_a_boundary_side_without_an_example_is_reported(self, assent: RunAssent, shipped: Path) -> None:
        examples = shipped / "law" / "procurement-thresholds.examples.yaml"
        text = examples.read_text()
        assert '"£181,301.99 ex VAT"' in text
        examples.write_text(text.replace('"£181,301.99 ex VAT"', '"£181,301.98 ex VAT"'))
        result = assent("--packs", shipped, "law", "check")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "procurement-thresholds.examples.yaml:1: procurement.notice_below_threshold: no example" in result.stderr
        assert assent("scheme", "check", shipped).exit_code == 2

    @pytest.mark.long
    def test_a_mutant_that_no_example_catches_is_reported(self, assent: RunAssent, shipped: Path) -> None:
        examples = shipped / "law" / "foia-2000.examples.yaml"
        text = examples.read_text()
        mutant = '"foia.basis_of_limb of trade_secret: figure another":'
        assert text.count(mutant) == 1
        examples.write_text(text.replace(mutant, '"no such mutant":'))
        result = assent("--packs", shipped, "law", "check", "--mutants")
        assert result.exit_code == 2
        missed = "foia.basis_of_limb of trade_secret: figure another"
        assert f"{missed}: no example and no walk notices that" in result.stderr
        assert (
            "no such mutant: is called equivalent, but is caught after all, or there is no such mutant" in result.stderr
        )


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped packs, to be changed."""
    from rules.packs.library import Library

    for name, data in Library.load([]).files.items():
        file = tmp_path / "shipped" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path / "shipped"


class TestCalendar:
    def test_figures_that_run_out_are_listed_with_a_warning(self, assent: RunAssent) -> None:
        result = assent("law", "calendar", "--format", "json")
        assert result.exit_code == 0
        ends = [(ending["last_day"], ending["kind"], ending["id"]) for ending in result.json["endings"]]
        assert "value" in {kind for _, kind, _ in ends}
        assert ("2037-12-31", "days", "england-and-wales") in ends
        announced = [ending["id"] for ending in result.json["endings"] if ending["for"] == "days that were announced"]
        assert announced == ["england-and-wales", "northern-ireland", "scotland"]
        assert [last for last, _, _ in ends] == sorted(last for last, _, _ in ends)
        assert "Warning" in result.stderr

    @pytest.mark.parametrize(("by", "is_listed"), [("2027-12-31", True), ("2027-12-30", False)])
    def test_with_by_only_what_runs_out_by_then_is_listed(self, assent: RunAssent, by: str, is_listed: bool) -> None:
        listed = assent("law", "calendar", "--by", by, "--format", "json").json["endings"]
        assert ("england-and-wales" in {ending["id"] for ending in listed}) is is_listed

    @pytest.mark.parametrize(
        ("on", "state"), [("2026-03-31", "coming"), ("2026-04-01", "in force"), ("2026-12-01", "in force")]
    )
    def test_law_that_is_not_in_force_yet_stands_apart(self, assent: RunAssent, on: str, state: str) -> None:
        """Section 70 of the Procurement Act 2023 is in force from 1 April 2026 (SI 2025/1316, reg 2(2)(b))."""
        rows = assent("law", "calendar", "--on", on, "--format", "json").json["staged"]
        states = {row["id"]: row["state"] for row in rows}
        assert states["payments_published"] == state
        assert (states["commissioners_abolished"], states["devolution_act"]) == ("announced", "no day known")
        in_force = [row["state"] == "in force" for row in rows]
        assert in_force == sorted(in_force), "what is in force comes last"
        table = assent("law", "calendar", "--on", on, "--staged").stdout
        not_yet, _, already = table.partition(f"Law that came in stages, in force on {on}:")
        assert ("payments_published" in already, "payments_published" in not_yet) == (
            state == "in force",
            state != "in force",
        )
        assert "commissioners_abolished\n  state   announced; not held" in not_yet

    @pytest.mark.parametrize(("by", "is_listed"), [("2026-03-31", False), ("2026-04-01", True)])
    def test_with_by_only_law_that_is_in_force_by_then_is_listed(
        self, assent: RunAssent, by: str, is_listed: bool
    ) -> None:
        text = assent("law", "calendar", "--staged", "--by", by, "--format", "csv").stdout
        listed = {row["Id"] for row in csv.DictReader(io.StringIO(text))}
        assert ("payments_published" in listed) is is_listed
        assert "commissioners_abolished" not in listed

    def test_no_law_in_stages_is_said_in_words(self, assent: RunAssent) -> None:
        result = assent("law", "calendar", "--staged", "--by", "2001-01-01")
        assert result.stdout == "No law is announced or comes into force in stages.\n"

    def test_there_is_no_warning_if_nothing_runs_out(self, assent: RunAssent) -> None:
        result = assent("law", "calendar", "--by", "2010-01-01")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == "Nothing runs out on or before 2010-01-01.\n"

    @pytest.mark.parametrize(("on", "ended"), [("2027-12-30", False), ("2027-12-31", False), ("2028-01-01", True)])
    def test_past_and_future_endings_are_listed_separately(self, with_packs: RunAssent, on: str, ended: bool) -> None:
        """A figure is still in force on its last day."""
        result = with_packs("law", "calendar", "--on", on, "--by", "2027-12-31")
        before, _, after = result.stdout.partition(f"Runs out on {on} or later with no replacement:")
        assert ("england-and-wales" in before, "england-and-wales" in after) == (ended, not ended)
        assert f"Ran out before {on} with no replacement:" in before
        assert "fees.limit" in before, "it ran out in 2021"
        assert bool(result.stderr) is not ended
        listed = with_packs("law", "calendar", "--on", on, "--format", "json").json["endings"]
        states = {ending["last_day"]: ending["state"] for ending in listed if ending["id"] == "england-and-wales"}
        assert states == {"2027-12-31": "ended" if ended else "coming", "2037-12-31": "coming"}

    def test_the_warning_counts_future_endings_only(self, with_packs: RunAssent) -> None:
        one = with_packs("law", "calendar", "--on", "2021-03-01", "--by", "2021-12-31")
        assert (
            "Warning: 1 figure or holiday table runs out on 2021-03-31. Add its replacement before then." in one.stderr
        )
        none = with_packs("law", "calendar", "--on", "2021-04-01", "--by", "2021-12-31")
        assert none.stderr == ""
        more = with_packs("law", "calendar", "--on", "2025-02-23", "--by", "2025-02-23")
        assert (
            "figures or holiday tables run out, the first on 2025-02-23. Add replacements before then." in more.stderr
        )
