"""`law impact` and `case explain --what-would-change`."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rules.packs.library import SHIPPED_FOLDER
from tests.end_to_end.conftest import CapturedStream, PreparedFolders, RunAssent, make_case_sound, run_or_fail

CASE = "MOPAC-2018-1"
NOT_HELD = "not_held.public_contracts_2015_performance"
PROCUREMENT = "law/procurement-thresholds.yaml"


@pytest.fixture
def changed_packs(tmp_path: Path) -> Path:
    """A folder with one changed pack: the threshold of 2018 is £9,000,000."""
    changed = tmp_path / "changed" / PROCUREMENT
    changed.parent.mkdir(parents=True)
    changed.write_text((SHIPPED_FOLDER / PROCUREMENT).read_text().replace("£181,302 ex VAT", "£9,000,000 ex VAT"))
    return tmp_path / "changed"


@pytest.fixture
def submitted(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The command line with the case submitted to the first board."""
    prepared.begin("submitted", submit_case)
    return assent


def submit_case() -> None:
    make_case_sound()
    run_or_fail("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")


class TestImpact:
    def test_changed_packs_change_a_finding_of_the_submission(self, submitted: RunAssent, changed_packs: Path) -> None:
        result = submitted("law", "impact", "--packs", changed_packs, "--format", "json")
        assert result.exit_code == 0
        [changed] = [one for one in result.json["findings"] if one["control"] != NOT_HELD]
        assert changed["entry"] > 0
        assert {key: changed[key] for key in ("case", "action", "gate", "control", "subject", "before", "after")} == {
            "case": CASE,
            "action": "submit",
            "gate": "submit",
            "control": "procurement.route_stated",
            "subject": "case",
            "before": "satisfied",
            "after": "not_applicable",
        }
        assert changed["citation"]["provision"] == "regs 26 to 32, 33 and 72"
        assert (changed["open_before"], changed["open"], changed["blocked_by"]) == (True, True, [])
        assert result.json["unjudged"] == []
        assert result.json["cases"] == [CASE]

    def test_the_table_shows_the_change_and_a_summary(self, submitted: RunAssent, changed_packs: Path) -> None:
        result = submitted("law", "impact", "--packs", changed_packs)
        assert result.exit_code == 0
        assert re.search(r"procurement\.route_stated +case +satisfied → not applicable", result.stdout)
        assert result.stdout.splitlines()[-1].startswith("Re-checked ")
        assert result.stdout.endswith("in 1 case. 2 findings would change.\n")
        assert result.stderr == ""

    def test_an_act_that_would_be_blocked_is_described_as_in_case_next(self, submitted: RunAssent) -> None:
        result = submitted("law", "impact", "--on", "2022-01-01")
        assert f"{CASE}: submit (entry " in result.stdout
        assert "would be blocked by procurement.route_stated (it was open)" in result.stdout

    def test_every_change_is_a_row_of_csv(self, submitted: RunAssent, changed_packs: Path) -> None:
        printed = submitted("law", "impact", "--packs", changed_packs, "--format", "csv").stdout
        [row] = [each for each in csv.DictReader(io.StringIO(printed)) if each["Control"] != NOT_HELD]
        assert (row["Control"], row["Before"], row["After"]) == (
            "procurement.route_stated",
            "satisfied",
            "not applicable",
        )
        assert row["Act"] == "open (as it was)"

    def test_entries_after_known_at_are_ignored(self, submitted: RunAssent, changed_packs: Path) -> None:
        result = submitted(
            "law", "impact", "--packs", changed_packs, "--known-at", "2018-01-01", "--format", "json"
        ).json
        assert (result["rulings"], result["findings"]) == (0, [])

    def test_rulings_whose_packs_are_gone_are_listed_on_stderr(
        self, submitted: RunAssent, changed_packs: Path, tmp_path: Path
    ) -> None:
        with closing(sqlite3.connect(tmp_path / "assent.db", isolation_level=None)) as raw:
            raw.execute("DELETE FROM pack")
        result = submitted("law", "impact", "--packs", changed_packs)
        assert result.exit_code == 0
        assert f"{CASE}: submit (entry " in result.stderr
        assert "no longer in the store, so it is shown and not judged" in result.stderr
        assert "0 findings would change. " in result.stdout

    def test_rulings_that_cannot_be_judged_are_counted(self, submitted: RunAssent) -> None:
        result = submitted("law", "impact", "--on", "1950-01-01")
        assert result.exit_code == 0
        lines = result.stderr.splitlines()
        assert len(lines) > 1
        summary = (
            f"Re-checked 0 rulings in 0 cases. 0 findings would change. {len(lines)} could not be fully re-checked."
        )
        assert result.stdout == f"{summary}\n"

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--known-at", "2018-02-30"), "2018-02-30 is not a day: February 2018 has 28 days"),
            (("--known-at", "nonsense"), "'nonsense' is not a day, and not an instant"),
            (("--known-at", "2199-01-01"), "2199-01-01 has not come"),
            (("--on", "2018-04-16", "--known-at", "2199-01-01T12:00Z"), "2199-01-01 has not come"),
            (("--on", "2018-02-30"), "2018-02-30 is not a day"),
            (("--on", "2018-04-16", "--known-at", "noon"), "not a day, and not an instant"),
        ],
    )
    def test_wrong_input_is_refused(self, submitted: RunAssent, words: tuple[str, ...], message: str) -> None:
        result = submitted("law", "impact", *words)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_a_changed_pack_with_faults_is_refused_whole(self, submitted: RunAssent, changed_packs: Path) -> None:
        pack = changed_packs / PROCUREMENT
        pack.write_text(pack.read_text().replace("operator: at_least", "operator: about"))
        result = submitted("law", "impact", "--packs", changed_packs)
        assert result.exit_code == 2
        assert f"{PROCUREMENT}:" in result.stderr

    def test_the_store_is_not_changed(self, submitted: RunAssent, changed_packs: Path) -> None:
        before = submitted("ledger", "head", "--format", "json").json
        submitted("law", "impact", "--packs", changed_packs, "--on", "2019-01-01")
        assert submitted("ledger", "head", "--format", "json").json == before


class TestWhatWouldChange:
    def explained(self, assent: RunAssent, *words: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = assent(
            "case", "explain", CASE, "submit", "--on", "2018-03-07", *words, "--format", "json"
        ).json["findings"]
        return found

    def test_each_open_finding_shows_what_would_turn_it(self, sound: RunAssent) -> None:
        findings = {finding["control"]: finding for finding in self.explained(sound, "--what-would-change")}
        day = findings["decision.required_by_working_day"]
        assert day["outcome"] == "breached"
        assert day["would_change"] == [
            {
                "fact": "required_by",
                "how": "shift",
                "from": "2018-03-30",
                "to": "2018-03-29",
                "difference": "1 day earlier than what is stated",
                "outcome": "satisfied",
                "part_2": False,
            },
            {
                "fact": "required_by",
                "how": "take_out",
                "from": "2018-03-30",
                "to": None,
                "difference": "",
                "outcome": "not_applicable",
                "part_2": False,
            },
        ]
        assert findings["foia.part_2_grounded"]["would_change"] == []

    def test_what_if_confirms_a_change_that_would_turn_a_finding(self, sound: RunAssent) -> None:
        findings = {
            finding["control"]: finding for finding in self.explained(sound, "--what-if", "required_by=2018-03-29")
        }
        assert findings["decision.required_by_working_day"]["outcome"] == "satisfied"

    def test_without_the_option_no_change_is_shown(self, sound: RunAssent) -> None:
        assert all("would_change" not in finding for finding in self.explained(sound))

    def test_with_all_it_shows_how_close_a_check_is_to_its_limit(self, sound: RunAssent) -> None:
        result = sound(
            "case", "amend", CASE, "--as", "author", "--on", "2018-03-07",
            "--set", "estimated_value=£181,301.99 ex VAT", "--set", "procurement_route=quotations",
            "--set", "contract_kind=goods_services", "--set", "procurement_commenced_on=2018-03-07",
        )  # fmt: skip
        assert result.exit_code == 0, result.stderr
        shown = sound("case", "explain", CASE, "submit", "--on", "2018-03-07", "--all", "--what-would-change").stdout
        assert "change  estimated_value £181,302 excluding VAT (£0.01 above what is stated) → breached" in shown

    def test_no_value_is_shown_for_a_finding_that_depends_on_part_2(self, sound: RunAssent) -> None:
        findings = {finding["control"]: finding for finding in self.explained(sound, "--all", "--what-would-change")}
        changes = findings["paper.value_stated"]["would_change"]
        assert changes == [
            {
                "fact": "estimated_value",
                "how": None,
                "from": None,
                "to": None,
                "difference": "",
                "outcome": None,
                "part_2": True,
            }
        ]


def test_impact_shows_progress_on_a_terminal_only(
    submitted: RunAssent, changed_packs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("law", "impact", "--packs", changed_packs, "--format", "json")
    quiet = submitted(*words)
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    shown = submitted(*words)
    assert "Re-checking" not in quiet.stderr
    assert "Re-checking" in shown.stderr
    assert shown.json == quiet.json


def test_an_empty_known_at_is_refused(opened: RunAssent) -> None:
    result = opened("law", "impact", "--on", "2018-03-08", "--known-at", "")
    assert result.exit_code == 2
    assert "'' is not a day, and not an instant" in result.stderr
