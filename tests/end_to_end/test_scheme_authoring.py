"""The commands for whoever writes an authority's packs: a starter, its facts, and schemas for the editor."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from rules.packs.library import Library
from rules.reading.yaml_reader import read_yaml
from tests.end_to_end.conftest import RunAssent
from tests.rules.authoring.proofs import proof_faults
from tests.rules.authoring.test_json_schema import as_editors_see


@pytest.fixture
def starter(assent: RunAssent, tmp_path: Path) -> Path:
    """The folder of a new authority."""
    said = assent("scheme", "new", "packs", "--name", "Wexcombe Council", "--short", "WC")
    assert said.exit_code == 0, said.stderr
    return tmp_path / "packs"


class TestAStarterAuthority:
    def test_it_is_sound(self, starter: Path) -> None:
        assert proof_faults(Library.load([starter]), "wexcombe-council") == ()

    def test_it_says_what_to_do_next(self, assent: RunAssent) -> None:
        said = assent("scheme", "new", "wexcombe")
        assert "  assent --packs wexcombe scheme check wexcombe\n" in said.stdout
        assert "docs/how-to/write-an-authority.md" in said.stdout

    def test_its_names_are_those_that_were_given(self, assent: RunAssent, starter: Path) -> None:
        shown = assent("--packs", starter, "scheme", "show", "wexcombe-council", "--format", "json").json
        assert (shown["name"], shown["short"]) == ("Wexcombe Council", "WC")

    def test_a_case_goes_from_paper_to_publication_and_is_printed(self, assent: RunAssent, starter: Path) -> None:
        def run(*words: object) -> str:
            said = assent("--packs", starter, *words)
            assert said.exit_code == 0, said.stderr
            return said.stdout

        run("init")
        for role in ("author", "adviser", "decider", "clerk"):
            run("officer", "add", role, "--role", role, "--scheme", "wexcombe-council", "--on", "2026-01-05")
        run("case", "open", starter / "example-paper.yaml", "--scheme", "wexcombe-council", "--as", "author",
            "--on", "2026-01-05")  # fmt: skip
        for action, officer, *words in (
            ("submit", "author"),
            ("support", "adviser"),
            ("decide", "decider", "--set", "decision.reference=WC-D1"),
            ("publish", "clerk"),
        ):
            run("case", "act", "WC-2026-1", action, "--as", officer, "--on", "2026-01-06", *words)
        run("document", "render", "WC-2026-1", "decision", "--to", "html", "-o", "decision.html")
        page = (starter.parent / "decision.html").read_text()
        assert [text for text in ("A new roof for the depot", "WC-D1", "Who acted") if text not in page] == []
        assert "published" in run("case", "show", "WC-2026-1")

    def test_each_file_names_its_schema_and_keeps_to_it(self, starter: Path) -> None:
        for file in starter.glob("*/**/*.yaml"):
            first = file.read_text().partition("\n")[0]
            schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
            data = as_editors_see(read_yaml(file.read_bytes(), file.name).data)
            assert list(Draft7Validator(json.loads(schema.read_text())).iter_errors(data)) == []

    @pytest.mark.parametrize("names", [(), ("--name", "wexcombe"), ("--name", 'A "B": #x', "--short", "x: y")])
    def test_whatever_it_is_called_it_is_sound(self, assent: RunAssent, tmp_path: Path, names: tuple[str, ...]) -> None:
        made = assent("scheme", "new", "my folder", *names, "--format", "json").json
        assert proof_faults(Library.load([tmp_path / "my folder"]), made["scheme"]) == ()


class TestWhereNoStarterIsWritten:
    def test_a_folder_that_holds_something_is_left_alone(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "used").mkdir()
        (tmp_path / "used" / "notes.txt").write_text("Mine.")
        said = assent("scheme", "new", "used")
        assert (said.exit_code, said.stdout) == (2, "")
        assert "used is not empty\nName a new folder, or an empty one." in said.stderr
        assert [path.name for path in (tmp_path / "used").iterdir()] == ["notes.txt"]

    def test_an_empty_folder_will_do(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "new").mkdir()
        assert assent("scheme", "new", "new").exit_code == 0

    def test_a_file_is_no_folder(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert assent("scheme", "new", "file").exit_code == 2

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--name", "mopac"), "there is a scheme mopac already"),
            (("--name", "123"), "gives no name for the command line"),
            (("--name", "x" * 101), "at most 100"),
            (("--name", "a\x1bb"), "cannot be printed"),
            (("--name", "Wexcombe", "--short", "W" * 21), "at most 20"),
        ],
    )
    def test_a_name_that_cannot_be_used_is_refused(
        self, assent: RunAssent, tmp_path: Path, words: tuple[str, ...], message: str
    ) -> None:
        said = assent("scheme", "new", "packs", *words)
        assert said.exit_code == 2
        assert message in said.stderr
        assert not (tmp_path / "packs").exists()

    def test_what_cannot_be_written_is_said(self, assent: RunAssent, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        said = assent("scheme", "new", "file/packs")
        assert said.exit_code == 8
        assert "could not be" in said.stderr


class TestTheFactsOfAScheme:
    def test_each_says_who_states_it_and_where_it_is_used(self, assent: RunAssent) -> None:
        listed = {one["fact"]: one for one in assent("scheme", "facts", "lfc", "--format", "json").json["facts"]}
        value = listed["estimated_value"]
        assert (value["kind"], value["of"], value["stated_by"], value["parts"]) == ("money", "case", "paper", [1, 2])
        assert "prior_approval.obtained" in value["controls"]  # through the derived fact decision.approver
        assert {"submit", "decide"} <= set(value["gates"])
        assert value["documents"] == [{"kind": "decision", "part": 2}]
        reference = listed["prior_approval.reference"]
        assert (reference["stated_by"], reference["recorded_by"], reference["parts"]) == ("act", ["approve-prior"], [1])
        assert listed["report.protective_marking"]["choices"] == {"not_marked": "NOT PROTECTIVELY MARKED"}
        assert listed["exemption.section"]["of"] == "exemption"

    def test_what_nobody_states_is_not_listed(self, assent: RunAssent) -> None:
        listed = {one["fact"] for one in assent("scheme", "facts", "lfc", "--format", "json").json["facts"]}
        assert listed.isdisjoint({"buyer", "case.stage", "act.on", "decision.approver"})

    def test_as_a_table_it_marks_what_acts_record(self, assent: RunAssent) -> None:
        lines = assent("scheme", "facts", "lfc").stdout.splitlines()
        assert lines[0].split() == ["Fact", "Kind", "Part", "Stated", "by", "Gates", "Documents", "Label"]
        assert next(line for line in lines if line.startswith("decided_on ")).split()[:4] == [
            "decided_on", "day", "1", "act"
        ]  # fmt: skip

    def test_as_csv_it_has_every_column(self, assent: RunAssent) -> None:
        rows = list(csv.DictReader(io.StringIO(assent("scheme", "facts", "lfc", "--format", "csv").stdout)))
        (row,) = (row for row in rows if row["Fact"] == "interests.declared")
        assert (row["Choices"], row["Stated by"], row["Recorded by"]) == ("none, recorded", "act", "decide")

    def test_one_that_is_named_is_shown_in_full(self, assent: RunAssent) -> None:
        shown = assent("scheme", "facts", "lfc", "interests.declared").stdout
        assert shown.startswith("interests.declared  Does the decision-maker have interests to record?\n")
        assert "  choice    none: None to record\n" in shown
        assert "  stated    by the act decide\n" in shown

    @pytest.mark.parametrize(
        ("words", "advice"),
        [
            (("lcf",), "Did you mean lfc?"),
            (("lfc", "estimated_valeu"), "Did you mean estimated_value?"),
            (("lfc", "buyer"), "it is given by the scheme"),
            (("lfc", "decision.approver"), "it is worked out"),
        ],
    )
    def test_a_name_that_is_not_one_gets_advice(self, assent: RunAssent, words: tuple[str, ...], advice: str) -> None:
        said = assent("scheme", "facts", *words)
        assert said.exit_code == 2
        assert advice in said.stderr


class TestSchemasForEditors:
    def test_the_kinds_are_listed(self, assent: RunAssent) -> None:
        kinds = assent("scheme", "schema", "--format", "json").json["kinds"]
        assert [kind["kind"] for kind in kinds] == ["pack", "scheme", "examples", "shared", "days", "readings"]

    def test_one_is_printed(self, assent: RunAssent) -> None:
        assert assent("scheme", "schema", "scheme").json["title"] == "Scheme"

    def test_all_are_written_with_the_line_that_makes_editors_use_them(self, assent: RunAssent, tmp_path: Path) -> None:
        said = assent("scheme", "schema", "-o", "schemas")
        assert "# yaml-language-server: $schema=" in said.stdout
        assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == [
            "days.schema.json", "examples.schema.json", "pack.schema.json", "readings.schema.json",
            "scheme.schema.json", "shared.schema.json",
        ]  # fmt: skip
        assert assent("scheme", "schema", "-o", "schemas").exit_code == 0  # those of a new version take their place

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("pakc",), "Did you mean pack?"),
            (("pack", "-o", "schemas"), "Leave out KIND, or leave out -o."),
            (("-o", ""), "is empty"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(
        self, assent: RunAssent, tmp_path: Path, words: tuple[str, ...], message: str
    ) -> None:
        said = assent("scheme", "schema", *words)
        assert said.exit_code == 2
        assert message in said.stderr
        assert list(tmp_path.iterdir()) == []
