"""`assent audit` and `assent review`: JSON shapes, exit codes and bad input (DESIGN, section 8)."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CommandResult, PreparedFolders, RunAssent, make_case_sound, run_assent
from tests.end_to_end.test_contract import ACTS, CASE, act
from tests.workflow.imported_papers import imported_paper_bytes

S43 = "exemption:s43"
FRESH = ("--set-exempt", f"{S43}.public_interest=withhold", "--set-exempt", f"{S43}.public_interest_reasons=Still.")


@pytest.fixture
def published(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    prepared.begin("published", publish_case)
    return assent


def publish_case() -> None:
    make_case_sound()
    for action, officer, on, stated in ACTS:
        assert act(run_assent, action, officer, on, stated).exit_code == 0


@pytest.fixture
def past(tmp_path: Path) -> Path:
    path = tmp_path / "past.yaml"
    path.write_bytes(imported_paper_bytes())
    return path


def record(assent: RunAssent, outcome: str, *words: str) -> CommandResult:
    start = ("review", "record", CASE, "--of", S43, "--outcome", outcome, "--as", "governance", "--on", "2023-03-07")
    return assent(*start, *words)


class TestAudit:
    def test_breaches_exit_with_6_and_json_names_the_case_of_each_finding(self, published: RunAssent) -> None:
        result = published("audit", CASE, "--as-of", "2018-05-01", "--format", "json")
        assert result.exit_code == 6
        assert set(result.json) == {"as_of", "cases", "findings", "unread", "totals"}
        assert result.json["as_of"] == "2018-05-01"
        assert [case["case"] for case in result.json["cases"]] == [CASE]
        keys = {"case", "control", "subject", "outcome", "severity", "facts", "citation", "missing", "cure", "in_force"}
        for finding in result.json["findings"]:
            assert set(finding) >= keys
            assert finding["case"] == CASE
            assert set(finding["citation"]) >= {"instrument", "provision", "link", "basis"}
        assert {f["outcome"] for f in result.json["findings"]} >= {"satisfied", "breached", "not_applicable"}

    @pytest.mark.parametrize("output_format", ["pdf", "html"])
    def test_a_report_is_recorded_verified_and_the_same_each_time(
        self, published: RunAssent, tmp_path: Path, output_format: str
    ) -> None:
        result = published("audit", "--all", "--as-of", "2018-05-01", "--format", output_format)
        assert result.exit_code == 6, result.stderr
        file = tmp_path / f"audit-2018-05-01.{output_format}"
        first = file.read_bytes()
        verified = published("document", "verify", file.name, "--format", "json")
        assert (verified.exit_code, verified.json["kind"], verified.json["version"]) == (0, "audit-report", 16)
        assert published("audit", "--all", "--as-of", "2018-05-01", "--format", output_format).exit_code == 6
        assert file.read_bytes() == first
        assert published("ledger", "verify", "--replay").stdout.startswith("17 entries are intact.")

    def test_a_report_contains_no_confidential_fact(self, published: RunAssent, tmp_path: Path) -> None:
        published("audit", "--all", "--every", "--format", "html", "-o", "a.html")
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert "2,450,000" not in page
        assert "Prices are still being agreed" not in page

    def test_the_report_of_a_file_is_not_recorded(self, office: RunAssent, past: Path, tmp_path: Path) -> None:
        head = office("ledger", "head").stdout
        assert office("audit", past, "--format", "html", "-o", "was.html").exit_code == 6
        assert "in no record" in (tmp_path / "was.html").read_text(encoding="utf-8")
        assert office("ledger", "head").stdout == head

    def test_an_output_path_without_a_report_or_on_another_file_is_refused(
        self, published: RunAssent, tmp_path: Path
    ) -> None:
        assert published("audit", "--all", "-o", "a.pdf").exit_code == 2
        misnamed = published("audit", "--all", "--format", "pdf", "-o", "b.html")
        assert (misnamed.exit_code, "Use .pdf." in misnamed.stderr, (tmp_path / "b.html").exists()) == (
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

    def test_an_audit_without_breaches_exits_with_0(self, office: RunAssent, tmp_path: Path) -> None:
        paper = tmp_path / "bare.yaml"
        paper.write_text("public:\n  title: Bare\n", encoding="utf-8")
        office("case", "open", paper, "--scheme", "mopac", "--as", "author", "--on", "2018-03-07")
        result = office("audit", "--all", "--format", "json")
        assert result.exit_code == 0
        assert {finding["gate"] for finding in result.json["findings"]} == {"audit"}

    def test_the_table_shows_open_findings_and_the_totals(self, published: RunAssent) -> None:
        result = published("audit", CASE)
        assert result.exit_code == 6
        assert (
            "✗ decision.in_time  breached  (warning)\n"
            "    what    The decision is later than the day it was needed.\n"
            "    fact    decided_on: 16 April 2018"
        ) in result.stdout
        assert "    cure    Give the reason with the decision: --set decision.late_reason='...'" in result.stdout
        assert "paper.complete" not in result.stdout
        assert "\n\n13 breached, 5 undetermined," in result.stdout
        assert "paper.complete" in published("audit", CASE, "--every").stdout

    def test_an_unfinished_case_warns_that_later_acts_are_not_judged_yet(self, opened: RunAssent) -> None:
        assert "it is at Draft: what its next acts must meet is not judged yet" in opened("audit", CASE).stderr

    def test_an_audit_before_the_first_case_finds_no_cases(self, opened: RunAssent, past: Path) -> None:
        assert opened("audit", "--all", "--as-of", "2018-03-01").stdout == "No cases existed on 1 March 2018.\n"
        past.write_bytes(b"source: own_record\n" + past.read_bytes())
        early = opened("audit", past, "--as-of", "1999-01-01")
        assert (
            early.exit_code,
            "1999-01-01 is before mopac, the scheme of past.yaml, was in force" in early.stderr,
        ) == (
            2,
            True,
        )

    def test_csv_has_a_row_for_each_finding(self, published: RunAssent) -> None:
        found = published("audit", "--all", "--format", "json").json["findings"]
        result = published("audit", "--all", "--format", "csv")
        lines = list(csv.DictReader(io.StringIO(result.stdout)))
        assert (result.exit_code, len(lines)) == (6, len(found))
        assert lines[0]["Case"] == CASE
        assert all(line["Clause"] for line in lines)

    def test_a_file_is_audited_without_a_store(self, assent: RunAssent, past: Path) -> None:
        result = assent("audit", past, "--format", "json")
        assert result.exit_code == 6
        assert result.json["cases"][0]["entered_after_the_fact"] is True
        assert {finding["case"] for finding in result.json["findings"]} == {"past.yaml"}

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ((), "choose what to audit"),
            (("--all", CASE), "--all cannot be combined with MOPAC-2018-1"),
            (("MOPAC-2018-9",), "'MOPAC-2018-9' is not a case that is known here"),
            ((CASE, "--as-of", "2018-02-30"), "2018-02-30 is not a day"),
            ((CASE, "--as-of", "2199-01-01"), "has not come"),
            ((CASE, "--as-of", "2018-03-06"), "was not open yet"),
            ((os.devnull,), "/dev/null is not a regular file\nSave its content to a file, and give that file's name."),
            (("folder.yaml",), "folder.yaml could not be read: is a folder without files"),
            (("no-such-file.yaml",), "no-such-file.yaml could not be read: No such file"),
        ],
    )
    def test_wrong_input_exits_with_2(self, opened: RunAssent, words: tuple[str, ...], message: str) -> None:
        Path("folder.yaml").mkdir()
        result = opened("audit", *words)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_a_malformed_file_is_refused_with_file_line_and_key(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("scheme: mopac\nstage: dream\npublic: {tilte: A}\n", encoding="utf-8")
        result = assent("audit", "p.yaml")
        assert result.exit_code == 2
        assert "p.yaml:2: stage:" in result.stderr
        assert "p.yaml:3: public.tilte:" in result.stderr

    def test_a_file_and_a_case_cannot_be_audited_together(self, opened: RunAssent, past: Path) -> None:
        assert opened("audit", past, CASE).exit_code == 2


class TestManyAndOverTime:
    def test_jsonl_says_what_each_line_is_and_ends_with_the_totals(self, published: RunAssent) -> None:
        lines = [json.loads(line) for line in published("audit", "--all", "--format", "jsonl").stdout.splitlines()]
        found = published("audit", "--all", "--format", "json").json
        assert [line["record"] for line in lines[-2:]] == ["case", "totals"]
        findings = [{key: value for key, value in line.items() if key != "record"} for line in lines[:-2]]
        assert findings == found["findings"]
        assert lines[-1]["outcomes"] == found["totals"]["outcomes"]

    @pytest.mark.parametrize("output_format", ["json", "jsonl", "csv"])
    def test_beside_an_earlier_audit_only_new_breaches_exit_with_6(
        self, published: RunAssent, tmp_path: Path, output_format: str
    ) -> None:
        for name, day in (("early", "2018-04-11"), ("late", "2018-05-01")):
            result = published("audit", "--all", "--as-of", day, "--format", output_format)
            (tmp_path / name).write_text(result.stdout, encoding="utf-8")
        new = published("audit", "--all", "--as-of", "2018-05-01", "--baseline", "early")
        assert (new.exit_code, "since   new since the earlier audit" in new.stdout) == (6, True)
        same = published("audit", "--all", "--as-of", "2018-05-01", "--baseline", "late")
        assert same.exit_code == 0
        assert "Since the earlier audit: 0 new, 13 the same, 0 gone." in same.stdout
        gone = published("audit", "--all", "--as-of", "2018-04-11", "--baseline", "late", "--format", "json")
        assert gone.json["totals"]["since_baseline"]["gone"] == len(gone.json["cases"][0]["gone"]) > 0

    def test_a_file_that_is_no_audit_is_refused_as_a_baseline(self, published: RunAssent, past: Path) -> None:
        for name in ("no-such-file", str(past)):
            result = published("audit", "--all", "--baseline", name)
            assert result.exit_code == 2

    def test_a_sample_is_named_in_every_format(self, published: RunAssent) -> None:
        words = ("audit", "--all", "--sample", "5", "--seed", "2026")
        assert "Sample: 1 of 1 case, drawn with the seed 2026." in published(*words).stdout
        found = published(*words, "--format", "json").json["totals"]["sample"]
        assert found == {"size": 5, "seed": "2026", "population": 1}
        published(*words, "--format", "html", "-o", "a.html")
        assert "1 of 1 case, drawn with the seed 2026" in Path("a.html").read_text(encoding="utf-8")
        assert published("audit", "--all", "--seed", "2026").exit_code == 2

    def test_a_response_is_shown_in_every_format(self, published: RunAssent) -> None:
        said = ("case", "respond", CASE, "decision.in_time", "--accepted", "--reason", "The board met late.")
        receipt = published(*said, "--as", "governance", "--format", "json")
        assert set(receipt.json) == {"case", "version", "event", "seal", "stage"}
        words = "The board met late."
        assert "answer  accepted by " in published("audit", CASE).stdout
        for output_format in ("json", "jsonl", "csv"):
            assert words in published("audit", CASE, "--format", output_format).stdout
        published("audit", CASE, "--format", "html", "-o", "a.html")
        assert words in Path("a.html").read_text(encoding="utf-8")
        assert published("ledger", "verify", "--replay").exit_code == 0

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("decision.in_time", "--accepted", "--disputed"), 2, "say one thing of the finding"),
            (("decision.in_time",), 2, "say one thing of the finding"),
            (("paper.complete", "--accepted"), 2, "no finding on 'paper.complete'"),
        ],
    )
    def test_a_wrong_response_is_refused(
        self, published: RunAssent, words: tuple[str, ...], code: int, message: str
    ) -> None:
        result = published("case", "respond", CASE, *words, "--reason", "So it is.", "--as", "governance")
        assert (result.exit_code, message in result.stderr) == (code, True)


class TestImport:
    def test_history_next_and_documents_say_that_a_case_was_imported(
        self, office: RunAssent, past: Path, tmp_path: Path
    ) -> None:
        result = office("case", "open", past, "--as", "author", "--on", "2018-05-01", "--format", "json")
        assert (result.exit_code, result.json["event"], result.json["stage"]) == (0, "enter", "published")
        assert "This case was imported." in office("case", "history", "MOPAC-2018-1").stdout
        [entry] = office("case", "history", "MOPAC-2018-1", "--format", "json").json["entries"]
        assert entry["event"] == "entered"
        assert "Imported on 2018-05-01" in office("case", "next", "MOPAC-2018-1").stdout
        assert office("case", "next", "MOPAC-2018-1", "--format", "json").json["entered_after_the_fact"] is True
        made = office("document", "render", "MOPAC-2018-1", "decision-form", "--to", "html", "-o", "form.html")
        assert made.exit_code == 0, made.stderr
        page = (tmp_path / "form.html").read_text(encoding="utf-8")
        assert "entered into the record after the fact, on 1 May 2018" in page
        assert office("ledger", "verify", "--replay").exit_code == 0
        assert office("audit", "MOPAC-2018-1").exit_code == 6

    def test_a_case_decided_here_is_not_called_imported(self, opened: RunAssent, tmp_path: Path) -> None:
        assert "mported" not in opened("case", "history", CASE).stdout + opened("case", "next", CASE).stdout
        opened("document", "render", CASE, "decision-form", "--to", "html", "-o", "form.html")
        assert "after the fact" not in (tmp_path / "form.html").read_text(encoding="utf-8")

    def test_a_paper_without_a_scheme_needs_the_option(self, office: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "p.yaml").write_text("public: {title: A}\n", encoding="utf-8")
        result = office("case", "open", "p.yaml", "--as", "author")
        assert result.exit_code == 2
        assert "--scheme" in result.stderr


class TestReview:
    def test_the_review_of_the_real_case_is_due_on_its_day(self, published: RunAssent) -> None:
        assert published("review", "due", "--by", "2023-03-06", "--format", "json").json == {"due": []}
        [due] = published("review", "due", "--by", "2023-03-07", "--format", "json").json["due"]
        assert set(due) >= {"case", "kind", "day", "owner", "citation", "working"}
        assert (due["case"], due["kind"], due["day"]) == (CASE, "part_2_review", "2023-03-07")
        assert due["owner"] == "Governance officer: governance"

    def test_table_and_csv_show_the_same_dates(self, published: RunAssent) -> None:
        table = published("review", "due")
        assert "2023-03-07" in table.stdout
        assert "working days" in table.stdout
        [line] = csv.DictReader(io.StringIO(published("review", "due", "--format", "csv").stdout))
        assert (line["Case"], line["Kind"], line["Subject"]) == (CASE, "part_2_review", S43)

    def test_a_refusal_exits_with_3_and_prints_the_ruling(self, published: RunAssent) -> None:
        result = record(published, "extend", "--format", "json")
        assert result.exit_code == 3
        assert result.json["open"] is False
        assert "review.tested_afresh" in result.stderr

    def test_an_extension_prints_a_receipt_and_moves_the_review_day(self, published: RunAssent) -> None:
        result = record(published, "extend", *FRESH, "--set", f"{S43}.review_on=2025-03-07", "--format", "json")
        assert (result.exit_code, result.json["event"]) == (0, "extend")
        [due] = published("review", "due", "--format", "json").json["due"]
        assert due["day"] == "2025-03-07"
        assert published("ledger", "verify", "--replay").exit_code == 0

    def test_a_release_warns_that_it_does_not_publish(self, published: RunAssent) -> None:
        result = record(published, "release-in-full", "--set-exempt", f"{S43}.released=All of it.")
        assert result.exit_code == 0
        assert "Recording this publishes nothing" in result.stderr
        assert published("review", "due", "--format", "json").json == {"due": []}

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("--outcome", "extned"), 2, "Did you mean extend?"),
            (("--of", "exemption:s44"), 2, "is no exemption of"),
            (("--as", "author"), 4, "Governance officer"),
            (("--expect-version", "1"), 5, "somebody acted first"),
            (("--on", "2023-02-30"), 2, "2023-02-30 is not a day"),
        ],
    )
    def test_a_wrong_review_is_refused_with_its_reason(
        self, published: RunAssent, words: tuple[str, ...], code: int, message: str
    ) -> None:
        result = record(published, "extend", *FRESH, "--set", f"{S43}.review_on=2025-03-07", *words)
        assert result.exit_code == code
        assert message in result.stderr

    def test_a_wrong_day_exits_with_2(self, office: RunAssent) -> None:
        assert office("review", "due", "--by", "2023-02-30").exit_code == 2
        assert office("review", "due", "--by", "").exit_code == 2
