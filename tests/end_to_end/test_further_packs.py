"""A folder of packs that is given to a command: refused whole where it has any fault, and proved where it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from rules.errors import Fault
from rules.packs import file_validation, library
from rules.packs.bundle import SourceReader
from rules.packs.library import SHIPPED_FOLDER
from tests.end_to_end.conftest import PAPER, CapturedStream, CommandResult, RunAssent
from tests.end_to_end.readme import README

CASE = "MOPAC-2018-1"
LIMITS = "schemes/mopac/our-limits.yaml"
HEAD = """pack: our-limits
title: Limits of our own scheme
sets:
  claim.limit:
    history:
"""
ROW = """      - from: {}
        is: £10,000 as stated
        operator: more_than
        citation: {{instrument: Our scheme of delegation, provision: paragraph 4.10, basis: read}}
"""
FIRST = ROW.format("2018-04-01\n        to: 2019-01-01")
OVERLAP, GAP = HEAD + FIRST + ROW.format("2018-12-01"), HEAD + FIRST + ROW.format("2019-07-01")


def folder_of(place: Path, **files: str) -> Path:
    """A folder with some files, by their names inside it."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A folder with three faulty files: one is no YAML, and two are no part of any scheme."""
    files = {
        "law/broken.yaml": "pack: [\n",
        "law/fees.yaml": "pack: Fees\ntitle: F\nnonsense: 1\n",
        "law/fees.examples.yaml": "examples: [{name: short}]\n",
    }
    return folder_of(tmp_path / "faulty", **files)


@pytest.mark.parametrize(
    "words",
    [
        ("scheme", "list"),
        ("scheme", "check"),
        ("law", "list"),
        ("law", "show", "vat.rate"),
        ("law", "check"),
        ("law", "impact", "--on", "2018-04-16"),
        ("case", "list"),
        ("case", "next", CASE),
        ("case", "open", PAPER, "--scheme", "mopac", "--as", "author"),
        ("audit", CASE),
        ("review", "due"),
        ("document", "list", CASE),
        ("officer", "list"),
        ("ledger", "head"),
    ],
)
def test_every_command_refuses_a_folder_with_a_fault(opened: RunAssent, faulty: Path, words: Sequence[object]) -> None:
    refused_whole(opened("--packs", faulty, *words))


@pytest.mark.parametrize("words", [("scheme", "check"), ("law", "impact", "--packs")])
def test_so_does_a_command_that_is_given_one_itself(opened: RunAssent, faulty: Path, words: Sequence[str]) -> None:
    refused_whole(opened(*words, faulty))


@pytest.mark.parametrize("words", [("case",), ("case", "list"), ("ledger", "verify"), ("scheme", "check"), ("init",)])
def test_help_is_given_whatever_is_wrong_with_the_packs(assent: RunAssent, faulty: Path, words: Sequence[str]) -> None:
    said = assent("--packs", faulty, *words, "--help")
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith(f"Usage: assent {' '.join(words)} ")


def test_so_is_what_was_mistyped(assent: RunAssent, faulty: Path) -> None:
    assert "Did you mean list?" in assent("--packs", faulty, "case", "lits").stderr


def refused_whole(said: CommandResult) -> None:
    """That a command named each of the faults of `faulty`, with its file, its line and its key."""
    assert (said.exit_code, said.stdout) == (2, "")
    told = said.stderr.removeprefix("assent: ").splitlines()
    places = [fault.rpartition(": ")[0] for fault in told]
    for wanted in (
        "law/broken.yaml:2: is not YAML",
        "law/fees.examples.yaml:1: examples.0.name",
        "law/fees.examples.yaml:1: examples.0.on",
        "law/fees.examples.yaml:1: examples.0.then",
        "law/fees.yaml:1: pack",
        "law/fees.yaml:2: title",
        "law/fees.yaml:3: nonsense",
    ):
        assert wanted in places, said


def test_the_faults_of_packs_are_looked_for_once_in_a_run(
    assent: RunAssent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def looked(files: Mapping[str, bytes], read: SourceReader) -> Iterator[Fault]:
        asked.append(list(files))
        return look(files, read)

    look = file_validation.standalone_faults
    monkeypatch.setattr(library, "standalone_faults", looked)
    mine = folder_of(tmp_path / "mine", **{"law/fees.yaml": "pack: fees\ntitle: Fees\n"})
    assert assent("--packs", mine, "scheme", "check").exit_code == 0
    assert asked == [["law/fees.yaml"]]


def test_nothing_is_written_where_a_pack_has_a_fault(assent: RunAssent, faulty: Path, tmp_path: Path) -> None:
    assert assent("--packs", faulty, "init").exit_code == 2
    assert not (tmp_path / "assent.db").exists()


@pytest.mark.parametrize("file", [LIMITS, "law/our-limits.yaml"], ids=["taken", "taken by no scheme"])
@pytest.mark.parametrize(
    ("text", "line", "wrong"), [(OVERLAP, 11, "overlaps the row from 2018-04-01"), (GAP, 11, "leaves a gap after")]
)
@pytest.mark.parametrize(
    "words", [("law", "show", "claim.limit", "--on", "2019-06-01"), ("law", "list", "--pack", "our-limits")]
)
def test_an_overlap_or_a_gap_is_never_shown_as_law(
    assent: RunAssent, tmp_path: Path, file: str, text: str, line: int, wrong: str, words: Sequence[str]
) -> None:
    said = assent("--packs", folder_of(tmp_path / "mine", **{file: text}), *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert f"{file}:{line}: sets.claim.limit.history.1.from: {wrong}" in said.stderr


class TestAValueThatIsSet:
    SET = HEAD + ROW.format("2018-04-01")

    def test_it_has_one_answer_and_says_who_set_it(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = folder_of(tmp_path / "mine", **{LIMITS: self.SET})
        said = assent("--packs", mine, "law", "show", "claim.limit").stdout
        assert "declared, not set" not in said
        assert said.startswith("claim.limit  value of What MOPAC's scheme of consent")
        assert "set by  Limits of our own scheme (our-limits)\n" in said
        assert "Level from which the settlement of a claim needs consent" in said
        assert said.count("claim.limit") == said.count("£10,000 as stated") == 1
        (entry,) = assent("--packs", mine, "law", "show", "claim.limit", "--format", "json").json["entries"]
        assert (entry["pack"], entry["declared_by"]) == ("our-limits", "mopac-consent")

    def test_the_list_does_not_call_it_unset(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = folder_of(tmp_path / "mine", **{LIMITS: self.SET})
        listed = assent("--packs", mine, "law", "list", "--format", "json").json["entries"]
        found = {one["pack"]: one["from"] for one in listed if one["id"] == "claim.limit"}
        assert found == {"mopac-consent": "set by our-limits", "our-limits": "2018-04-01"}

    def test_where_no_scheme_takes_what_sets_it_nothing_is_set(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = folder_of(tmp_path / "mine", **{"law/our-limits.yaml": self.SET})
        said = " ".join(assent("--packs", mine, "law", "show", "claim.limit").stdout.split())
        assert "declared, not set" in said
        assert "(our-limits), which no scheme takes, so that it does not count" in said

    def test_while_it_is_set_in_one_of_two_schemes_both_are_shown(self, assent: RunAssent, tmp_path: Path) -> None:
        declared = "pack: fees\ntitle: Fees\nvalues:\n  claim.fee: {kind: money, label: Fee of a claim}\n"
        heads = {
            f"schemes/{name}/scheme.yaml": (SHIPPED_FOLDER / "schemes" / name / "scheme.yaml")
            .read_text()
            .replace("\npacks:\n", "\npacks:\n  - fees\n")
            for name in ("gla", "lfc")
        }
        setting = {f"schemes/{name}/fee.yaml": self.SET.replace("claim.limit", "claim.fee") for name in ("gla", "lfc")}
        mine = folder_of(tmp_path / "mine", **heads, **{"law/fees.yaml": declared})
        folder_of(mine, **{"schemes/gla/fee.yaml": setting["schemes/gla/fee.yaml"]})
        one = assent("--packs", mine, "law", "show", "claim.fee", "--format", "json").json["entries"]
        assert [entry["pack"] for entry in one] == ["fees", "our-limits"]
        folder_of(mine, **setting)
        both = assent("--packs", mine, "law", "show", "claim.fee", "--format", "json").json["entries"]
        assert [entry["pack"] for entry in both] == ["our-limits", "our-limits"]


@pytest.mark.parametrize("words", [("scheme", "check"), ("law", "check")])
def test_on_a_terminal_a_proof_shows_how_far_it_is(
    assent: RunAssent, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    assert assent(*words).stderr == ""
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    said = assent(*words)
    assert [name for name in ("gla", "lfc", "mopac") if f"Proving {name}" not in said.stderr] == []
    assert "Proving" not in said.stdout


def test_a_pack_that_no_scheme_takes_is_named_where_schemes_are_proved(assent: RunAssent, tmp_path: Path) -> None:
    mine = folder_of(tmp_path / "mine", **{"law/fees.yaml": "pack: fees\ntitle: Fees\n"})
    said = assent("scheme", "check", mine)
    assert said.exit_code == 0
    assert "Warning: law/fees.yaml is taken by no scheme: it was read by itself, and nothing of it is" in said.stderr


def test_the_packs_that_the_readme_shows_are_sound(assent: RunAssent, tmp_path: Path) -> None:
    shown = re.findall(r"^```yaml\n# (schemes/\S+)\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert [file for file, _ in shown] == [LIMITS, "schemes/gla/our-rules.yaml"]
    said = assent("scheme", "check", folder_of(tmp_path / "mine", **dict(shown)), "--format", "json")
    assert said.exit_code == 0, said.stderr
    assert {one["scheme"]: one["verdict"] for one in said.json["schemes"]} == dict.fromkeys(("gla", "mopac"), "sound")
    assert said.json["not_proved"] == ["lfc"]
    assert "Warning, mopac: as a further folder sets or cites it, no example proves claim.limit." in said.stderr
    assert (
        "Warning, gla: as a further folder sets or cites it, no example proves recommendation.complete." in said.stderr
    )
