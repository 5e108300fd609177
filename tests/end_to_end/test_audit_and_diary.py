"""`assent audit` and `assent review`: the shapes, the exit codes and what bad input gets (DESIGN, section 8)."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CommandResult, RunAssent
from tests.end_to_end.test_contract import CASE, WAY, act
from tests.workflow.imported_papers import imported_paper_bytes

S43 = "exemption:s43"
FRESH = ("--set-exempt", f"{S43}.public_interest=withhold", "--set-exempt", f"{S43}.public_interest_reasons=Still.")


@pytest.fixture
def published(sound: RunAssent) -> RunAssent:
    for action, officer, on, stated in WAY:
        assert act(sound, action, officer, on, stated).exit_code == 0
    return sound


@pytest.fixture
def past(tmp_path: Path) -> Path:
    path = tmp_path / "past.yaml"
    path.write_bytes(imported_paper_bytes())
    return path


def record(assent: RunAssent, outcome: str, *words: str) -> CommandResult:
    start = ("review", "record", CASE, "--of", S43, "--outcome", outcome, "--as", "governance", "--on", "2023-03-07")
    return assent(*start, *words)


class TestAudit:
    def test_breaches_leave_with_6_and_json_tells_each_finding_with_its_case(self, published: RunAssent) -> None:
        said = published("audit", CASE, "--as-of", "2018-05-01", "--format", "json")
        assert said.exit_code == 6
        assert set(said.json) == {"as_of", "cases", "findings"}
        assert said.json["as_of"] == "2018-05-01"
        assert [case["case"] for case in said.json["cases"]] == [CASE]
        keys = {"case", "control", "subject", "outcome", "severity", "facts", "citation", "missing", "cure", "in_force"}
        for finding in said.json["findings"]:
            assert set(finding) >= keys
            assert finding["case"] == CASE
            assert set(finding["citation"]) >= {"instrument", "provision", "link", "basis"}
        assert {f["outcome"] for f in said.json["findings"]} >= {"satisfied", "breached", "not_applicable"}

    @pytest.mark.parametrize("form", ["pdf", "html"])
    def test_a_report_is_recorded_and_known_again_and_the_same_each_time(
        self, published: RunAssent, tmp_path: Path, form: str
    ) -> None:
        said = published("audit", "--all", "--as-of", "2018-05-01", "--format", form)
        assert said.exit_code == 6, said.stderr
        file = tmp_path / f"audit-2018-05-01.{form}"
        first = file.read_bytes()
        known = published("document", "verify", file.name, "--format", "json")
        assert (known.exit_code, known.json["kind"], known.json["version"]) == (0, "audit-report", 16)
        assert published("audit", "--all", "--as-of", "2018-05-01", "--format", form).exit_code == 6
        assert file.read_bytes() == first
        assert published("ledger", "verify", "--replay").stdout.startswith("17 entries hold together.")

    def test_a_report_tells_nothing_that_is_withheld(self, published: RunAssent, tmp_path: Path) -> None:
        published("audit", "--all", "--every", "--format", "html", "-o", "a.html")
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert "2,450,000" not in page
        assert "Prices are still being agreed" not in page

    def test_the_report_of_a_file_is_of_no_record_and_not_recorded(
        self, office: RunAssent, past: Path, tmp_path: Path
    ) -> None:
        head = office("ledger", "head").stdout
        assert office("audit", past, "--format", "html", "-o", "was.html").exit_code == 6
        assert "in no record" in (tmp_path / "was.html").read_text(encoding="utf-8")
        assert office("ledger", "head").stdout == head

    def test_a_place_for_what_is_no_report_and_a_place_that_is_taken_are_refused(
        self, published: RunAssent, tmp_path: Path
    ) -> None:
        assert published("audit", "--all", "-o", "a.pdf").exit_code == 2
        misnamed = published("audit", "--all", "--format", "pdf", "-o", "b.html")
        assert (misnamed.exit_code, "Write .pdf." in misnamed.stderr, (tmp_path / "b.html").exists()) == (
            2,
            True,
            False,
        )
        assert published("audit", "--all", "--format", "pdf", "-o", "").exit_code == 2
        (tmp_path / "a.html").write_text("mine", encoding="utf-8")
        assert published("audit", "--all", "--format", "html", "-o", "a.html").exit_code == 8
        assert published("audit", "--all", "--format", "html", "-o", "assent.db").exit_code == 2
        assert (tmp_path / "a.html").read_text(encoding="utf-8") == "mine"
        assert published("audit", "--all", "--force").exit_code == 2
        assert published("audit", "--all", "--format", "html", "-o", "assent.db", "--force").exit_code == 2
        assert published("audit", "--all", "--format", "html", "-o", "a.html", "--force").exit_code == 6
        assert "<h1>Audit of MOPAC-2018-1</h1>" in (tmp_path / "a.html").read_text(encoding="utf-8")

    def test_no_breach_leaves_with_0(self, office: RunAssent, tmp_path: Path) -> None:
        paper = tmp_path / "bare.yaml"
        paper.write_text("public:\n  title: Bare\n", encoding="utf-8")
        office("case", "open", paper, "--scheme", "mopac", "--as", "author", "--on", "2018-03-07")
        said = office("audit", "--all", "--format", "json")
        assert said.exit_code == 0
        assert {finding["gate"] for finding in said.json["findings"]} == {"audit"}

    def test_the_table_shows_what_is_open_and_what_it_comes_to(self, published: RunAssent) -> None:
        said = published("audit", CASE)
        assert said.exit_code == 6
        assert (
            "✗ decision.in_time  breached  (warning)\n"
            "    what    The decision is taken after the day on which it was needed.\n"
            "    fact    decided_on is 16 April 2018"
        ) in said.stdout
        assert "    cure    Give the reason with the decision, as --set decision.late_reason='...'." in said.stdout
        assert "paper.complete" not in said.stdout
        assert "\n\n12 breached, 4 undetermined," in said.stdout
        assert "paper.complete" in published("audit", CASE, "--every").stdout

    def test_what_is_still_to_come_is_said_to_be_judged_later(self, opened: RunAssent) -> None:
        assert "it is at Draft: what its next acts must meet is not judged yet" in opened("audit", CASE).stderr

    def test_a_day_before_any_case_is_told_as_such(self, opened: RunAssent, past: Path) -> None:
        assert opened("audit", "--all", "--as-of", "2018-03-01").stdout == "There were no cases on 1 March 2018.\n"
        early = opened("audit", past, "--as-of", "1999-01-01")
        assert (
            early.exit_code,
            "1999-01-01 is before mopac, the scheme of past.yaml, was in force" in early.stderr,
        ) == (
            2,
            True,
        )

    def test_csv_has_a_line_for_each_finding(self, published: RunAssent) -> None:
        found = published("audit", "--all", "--format", "json").json["findings"]
        said = published("audit", "--all", "--format", "csv")
        lines = list(csv.DictReader(io.StringIO(said.stdout)))
        assert (said.exit_code, len(lines)) == (6, len(found))
        assert lines[0]["Case"] == CASE
        assert all(line["Clause"] for line in lines)

    def test_a_file_is_audited_without_a_store(self, assent: RunAssent, past: Path) -> None:
        said = assent("audit", past, "--format", "json")
        assert said.exit_code == 6
        assert said.json["cases"][0]["entered_after_the_fact"] is True
        assert {finding["case"] for finding in said.json["findings"]} == {"past.yaml"}

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ((), "say what to audit"),
            (("--all", CASE), "--all was said, and MOPAC-2018-1 as well"),
            (("MOPAC-2018-9",), "'MOPAC-2018-9' is not a case that is known here"),
            ((CASE, "--as-of", "2018-02-30"), "2018-02-30 is not a day"),
            ((CASE, "--as-of", "2199-01-01"), "has not come"),
            ((CASE, "--as-of", "2018-03-06"), "was not open yet"),
            ((os.devnull,), "/dev/null is no ordinary file\nCopy what it gives into a file, and name that."),
            (("folder.yaml",), "folder.yaml is a folder, and not a file"),
            (("no-such-file.yaml",), "no-such-file.yaml could not be read: No such file"),
        ],
    )
    def test_what_cannot_be_meant_leaves_with_2(self, opened: RunAssent, words: tuple[str, ...], said: str) -> None:
        Path("folder.yaml").mkdir()
        answer = opened("audit", *words)
        assert answer.exit_code == 2
        assert said in answer.stderr

    def test_a_malformed_file_is_refused_with_file_line_and_key(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("scheme: mopac\nstage: dream\npublic: {tilte: A}\n", encoding="utf-8")
        answer = assent("audit", "p.yaml")
        assert answer.exit_code == 2
        assert "p.yaml:2: stage:" in answer.stderr
        assert "p.yaml:3: public.tilte:" in answer.stderr

    def test_a_file_is_audited_by_itself(self, opened: RunAssent, past: Path) -> None:
        assert opened("audit", past, CASE).exit_code == 2


class TestEntering:
    def test_history_next_and_documents_say_that_it_was_entered_after_the_fact(
        self, office: RunAssent, past: Path, tmp_path: Path
    ) -> None:
        said = office("case", "open", past, "--as", "author", "--on", "2018-05-01", "--format", "json")
        assert (said.exit_code, said.json["event"], said.json["stage"]) == (0, "enter", "published")
        assert "entered after the fact" in office("case", "history", "MOPAC-2018-1").stdout
        [entry] = office("case", "history", "MOPAC-2018-1", "--format", "json").json["entries"]
        assert entry["event"] == "entered"
        assert "Entered after the fact, on 2018-05-01" in office("case", "next", "MOPAC-2018-1").stdout
        assert office("case", "next", "MOPAC-2018-1", "--format", "json").json["entered_after_the_fact"] is True
        made = office("document", "render", "MOPAC-2018-1", "decision-form", "--to", "html", "-o", "form.html")
        assert made.exit_code == 0, made.stderr
        page = (tmp_path / "form.html").read_text(encoding="utf-8")
        assert "entered into the record after the fact, on 1 May 2018" in page
        assert office("ledger", "verify", "--replay").exit_code == 0
        assert office("audit", "MOPAC-2018-1").exit_code == 6

    def test_a_case_that_went_its_way_here_is_not_said_to_be_entered(self, opened: RunAssent, tmp_path: Path) -> None:
        assert "after the fact" not in opened("case", "history", CASE).stdout + opened("case", "next", CASE).stdout
        opened("document", "render", CASE, "decision-form", "--to", "html", "-o", "form.html")
        assert "after the fact" not in (tmp_path / "form.html").read_text(encoding="utf-8")

    def test_a_paper_without_a_scheme_needs_one(self, office: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("public: {title: A}\n", encoding="utf-8")
        said = office("case", "open", "p.yaml", "--as", "author")
        assert said.exit_code == 2
        assert "--scheme" in said.stderr


class TestReview:
    def test_the_day_of_review_of_the_real_case_comes_due(self, published: RunAssent) -> None:
        assert published("review", "due", "--by", "2023-03-06", "--format", "json").json == {"due": []}
        [one] = published("review", "due", "--by", "2023-03-07", "--format", "json").json["due"]
        assert set(one) >= {"case", "kind", "day", "owner", "citation", "working"}
        assert (one["case"], one["kind"], one["day"]) == (CASE, "part_2_review", "2023-03-07")
        assert one["owner"] == "Governance officer: governance"

    def test_table_and_csv_say_the_same(self, published: RunAssent) -> None:
        table = published("review", "due")
        assert "2023-03-07" in table.stdout
        assert "working days" in table.stdout
        [line] = csv.DictReader(io.StringIO(published("review", "due", "--format", "csv").stdout))
        assert (line["Case"], line["Kind"], line["Subject"]) == (CASE, "part_2_review", S43)

    def test_a_refusal_leaves_with_3_and_prints_the_ruling(self, published: RunAssent) -> None:
        said = record(published, "extend", "--format", "json")
        assert said.exit_code == 3
        assert said.json["open"] is False
        assert "review.tested_afresh" in said.stderr

    def test_an_extension_answers_with_a_receipt_and_moves_the_day(self, published: RunAssent) -> None:
        said = record(published, "extend", *FRESH, "--set", f"{S43}.review_on=2025-03-07", "--format", "json")
        assert (said.exit_code, said.json["event"]) == (0, "extend")
        [one] = published("review", "due", "--format", "json").json["due"]
        assert one["day"] == "2025-03-07"
        assert published("ledger", "verify", "--replay").exit_code == 0

    def test_a_release_says_that_nothing_is_published_by_it(self, published: RunAssent) -> None:
        said = record(published, "release-in-full", "--set-exempt", f"{S43}.released=All of it.")
        assert said.exit_code == 0
        assert "Nothing is published by recording this" in said.stderr
        assert published("review", "due", "--format", "json").json == {"due": []}

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (("--outcome", "extned"), 2, "Did you mean extend?"),
            (("--of", "exemption:s44"), 2, "is no exemption of"),
            (("--as", "author"), 4, "Governance officer"),
            (("--expect-version", "1"), 5, "somebody acted first"),
            (("--on", "2023-02-30"), 2, "2023-02-30 is not a day"),
        ],
    )
    def test_what_cannot_be_done_is_told(
        self, published: RunAssent, words: tuple[str, ...], code: int, said: str
    ) -> None:
        answer = record(published, "extend", *FRESH, "--set", f"{S43}.review_on=2025-03-07", *words)
        assert answer.exit_code == code
        assert said in answer.stderr

    def test_a_day_that_is_none_leaves_with_2(self, office: RunAssent) -> None:
        assert office("review", "due", "--by", "2023-02-30").exit_code == 2
        assert office("review", "due", "--by", "").exit_code == 2
