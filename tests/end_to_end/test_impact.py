"""`law impact` and `case explain --what-would-change` as they are typed and read."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from rules.packs.library import SHIPPED_FOLDER
from tests.end_to_end.conftest import CapturedStream, RunAssent

CASE = "MOPAC-2018-1"
PROCUREMENT = "law/procurement-thresholds.yaml"


@pytest.fixture
def higher(tmp_path: Path) -> Path:
    """A folder with one changed pack: the threshold of 2018 is £9,000,000."""
    changed = tmp_path / "changed" / PROCUREMENT
    changed.parent.mkdir(parents=True)
    changed.write_text((SHIPPED_FOLDER / PROCUREMENT).read_text().replace("£181,302 ex VAT", "£9,000,000 ex VAT"))
    return tmp_path / "changed"


@pytest.fixture
def sent(sound: RunAssent) -> RunAssent:
    """The case before the first board."""
    said = sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")
    assert said.exit_code == 0, said.stderr
    return sound


class TestImpact:
    def test_changed_packs_are_said_to_change_what_was_submitted(self, sent: RunAssent, higher: Path) -> None:
        found = sent("law", "impact", "--packs", higher, "--format", "json")
        assert found.exit_code == 0
        [changed] = found.json["findings"]
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
        assert found.json["unjudged"] == []
        assert found.json["cases"] == [CASE]

    def test_the_table_says_it_in_the_words_of_explain(self, sent: RunAssent, higher: Path) -> None:
        said = sent("law", "impact", "--packs", higher)
        assert said.exit_code == 0
        assert "procurement.route_stated  case     satisfied → not applicable" in said.stdout
        assert said.stdout.splitlines()[-1].startswith("Given again: ")
        assert said.stdout.endswith("of 1 case. Would change: 1 finding.\n")
        assert said.stderr == ""

    def test_an_act_that_would_be_shut_is_said_as_case_next_says_it(self, sent: RunAssent) -> None:
        said = sent("law", "impact", "--on", "2022-01-01")
        assert f"{CASE}: submit (entry " in said.stdout
        assert "would be shut by procurement.route_stated (it was open)" in said.stdout

    def test_every_row_stands_in_csv(self, sent: RunAssent, higher: Path) -> None:
        [row] = csv.DictReader(io.StringIO(sent("law", "impact", "--packs", higher, "--format", "csv").stdout))
        assert (row["Control"], row["Before"], row["After"]) == (
            "procurement.route_stated",
            "satisfied",
            "not applicable",
        )
        assert row["Act"] == "open (as it was)"

    def test_what_was_not_known_yet_does_not_count(self, sent: RunAssent, higher: Path) -> None:
        said = sent("law", "impact", "--packs", higher, "--known-at", "2018-01-01", "--format", "json").json
        assert (said["rulings"], said["findings"]) == (0, [])

    def test_packs_that_are_gone_are_warned_of(self, sent: RunAssent, higher: Path, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "assent.db", isolation_level=None)) as raw:
            raw.execute("DELETE FROM pack")
        said = sent("law", "impact", "--packs", higher)
        assert said.exit_code == 0
        assert f"{CASE}: submit (entry " in said.stderr
        assert "no longer in the store, so it is shown and not judged" in said.stderr
        assert "Would change: 0 findings. Not judged, or not in full: " in said.stdout

    def test_what_is_not_judged_is_counted_beside_what_is(self, sent: RunAssent) -> None:
        said = sent("law", "impact", "--on", "1950-01-01")
        assert said.exit_code == 0
        named = said.stderr.splitlines()
        assert len(named) > 1
        counted = (
            f"Given again: 0 rulings, of 0 cases. Would change: 0 findings. Not judged, or not in full: {len(named)}."
        )
        assert said.stdout == f"{counted}\n"

    @pytest.mark.parametrize(
        ("words", "wrong"),
        [
            ((), "nothing was said to change"),
            (("--known-at", "2018-04-16"), "nothing was said to change: --known-at tells only what is looked at"),
            (("--known-at", "2018-02-30"), "2018-02-30 is not a day: February 2018 has 28 days"),
            (("--known-at", "nonsense"), "'nonsense' is neither a day nor an instant"),
            (("--known-at", "2199-01-01"), "2199-01-01 has not come"),
            (("--on", "2018-04-16", "--known-at", "2199-01-01T12:00Z"), "2199-01-01 has not come"),
            (("--on", "2018-02-30"), "2018-02-30 is not a day"),
            (("--on", "2018-04-16", "--known-at", "noon"), "neither a day nor an instant"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, sent: RunAssent, words: tuple[str, ...], wrong: str) -> None:
        said = sent("law", "impact", *words)
        assert said.exit_code == 2
        assert wrong in said.stderr

    def test_a_changed_pack_with_faults_is_refused_whole(self, sent: RunAssent, higher: Path) -> None:
        pack = higher / PROCUREMENT
        pack.write_text(pack.read_text().replace("operator: at_least", "operator: about"))
        said = sent("law", "impact", "--packs", higher)
        assert said.exit_code == 2
        assert f"{PROCUREMENT}:" in said.stderr

    def test_the_store_is_left_alone(self, sent: RunAssent, higher: Path) -> None:
        before = sent("ledger", "head", "--format", "json").json
        sent("law", "impact", "--packs", higher, "--on", "2019-01-01")
        assert sent("ledger", "head", "--format", "json").json == before


class TestWhatWouldChange:
    def explained(self, assent: RunAssent, *words: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = assent(
            "case", "explain", CASE, "submit", "--on", "2018-03-07", *words, "--format", "json"
        ).json["findings"]
        return found

    def test_each_finding_against_has_what_would_turn_it(self, sound: RunAssent) -> None:
        findings = {one["control"]: one for one in self.explained(sound, "--what-would-change")}
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

    def test_what_would_turn_it_is_what_what_if_can_be_given(self, sound: RunAssent) -> None:
        findings = {one["control"]: one for one in self.explained(sound, "--what-if", "required_by=2018-03-29")}
        assert findings["decision.required_by_working_day"]["outcome"] == "satisfied"

    def test_without_the_option_nothing_is_said_of_it(self, sound: RunAssent) -> None:
        assert all("would_change" not in one for one in self.explained(sound))

    def test_with_all_it_shows_how_near_a_miss_is(self, sound: RunAssent) -> None:
        said = sound(
            "case", "amend", CASE, "--as", "author", "--on", "2018-03-07",
            "--set", "estimated_value=£181,301.99 ex VAT", "--set", "procurement_route=quotations",
            "--set", "contract_kind=goods_services", "--set", "procurement_commenced_on=2018-03-07",
        )  # fmt: skip
        assert said.exit_code == 0, said.stderr
        shown = sound("case", "explain", CASE, "submit", "--on", "2018-03-07", "--all", "--what-would-change").stdout
        assert "turns  estimated_value £181,302 excluding VAT (£0.01 above what is stated) → breached" in shown

    def test_of_what_hangs_on_part_2_no_value_is_said(self, sound: RunAssent) -> None:
        findings = {one["control"]: one for one in self.explained(sound, "--all", "--what-would-change")}
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


def test_long_work_shows_how_far_it_is_on_a_terminal_only(
    sent: RunAssent, higher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("law", "impact", "--packs", higher, "--format", "json")
    quiet = sent(*words)
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    shown = sent(*words)
    assert "Judging again" not in quiet.stderr
    assert "Judging again" in shown.stderr
    assert shown.json == quiet.json


def test_an_empty_instant_is_no_answer_to_what_was_known_when(opened: RunAssent) -> None:
    said = opened("law", "impact", "--on", "2018-03-08", "--known-at", "")
    assert said.exit_code == 2
    assert "'' is neither a day nor an instant" in said.stderr
