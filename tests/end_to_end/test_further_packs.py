"""Folders of packs given to a command: refused whole if anything is faulty, otherwise proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from rules.errors import Fault
from rules.packs import file_validation
from rules.packs.bundle import SourceReader
from rules.packs.library import SHIPPED_FOLDER
from tests.end_to_end.conftest import PAPER, CommandResult, RunAssent

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


def write_folder(folder: Path, **files: str) -> Path:
    """Write files by their names in a folder, and return the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A folder with three faulty files: one is not YAML, and two belong to no scheme."""
    files = {
        "law/broken.yaml": "pack: [\n",
        "law/fees.yaml": "pack: Fees\ntitle: F\nnonsense: 1\n",
        "law/fees.examples.yaml": "examples: [{name: short}]\n",
    }
    return write_folder(tmp_path / "faulty", **files)


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
    check_refused_whole(opened("--packs", faulty, *words))


@pytest.mark.parametrize("words", [("scheme", "check"), ("law", "impact", "--packs")])
def test_a_command_with_a_write_folder_its_own_refuses_it_too(
    opened: RunAssent, faulty: Path, words: Sequence[str]
) -> None:
    check_refused_whole(opened(*words, faulty))


@pytest.mark.parametrize("words", [("case",), ("case", "list"), ("ledger", "verify"), ("scheme", "check"), ("init",)])
def test_help_is_shown_even_if_the_packs_are_faulty(assent: RunAssent, faulty: Path, words: Sequence[str]) -> None:
    result = assent("--packs", faulty, *words, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: assent {' '.join(words)} ")


def test_a_mistyped_command_gets_a_suggestion_even_if_the_packs_are_faulty(assent: RunAssent, faulty: Path) -> None:
    assert "Did you mean list?" in assent("--packs", faulty, "case", "lits").stderr


def check_refused_whole(result: CommandResult) -> None:
    """Check that a command listed each fault of `faulty` with its file, line and key."""
    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.removeprefix("assent: ").splitlines()
    places = [fault.rpartition(": ")[0] for fault in lines]
    for place in (
        "law/broken.yaml:2: is not YAML",
        "law/fees.examples.yaml:1: examples.0.name",
        "law/fees.examples.yaml:1: examples.0.on",
        "law/fees.examples.yaml:1: examples.0.then",
        "law/fees.yaml:1: pack",
        "law/fees.yaml:2: title",
        "law/fees.yaml:3: nonsense",
    ):
        assert place in places, result


def test_packs_are_validated_once_in_a_run(assent: RunAssent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    validated: list[list[str]] = []

    def record_files(files: Mapping[str, bytes], read: SourceReader) -> Iterator[Fault]:
        validated.append(list(files))
        return original(files, read)

    original = file_validation.standalone_faults
    monkeypatch.setattr(file_validation, "standalone_faults", record_files)
    mine = write_folder(tmp_path / "mine", **{"law/fees.yaml": "pack: fees\ntitle: Fees\n"})
    assert assent("--packs", mine, "scheme", "check").exit_code == 0
    assert validated == [["law/fees.yaml"]]


def test_faulty_packs_stop_a_command_before_it_writes(assent: RunAssent, faulty: Path, tmp_path: Path) -> None:
    assert assent("--packs", faulty, "init").exit_code == 2
    assert not (tmp_path / "assent.db").exists()


@pytest.mark.parametrize("file", [LIMITS, "law/our-limits.yaml"], ids=["used by a scheme", "used by no scheme"])
@pytest.mark.parametrize(
    ("text", "line", "wrong"), [(OVERLAP, 11, "overlaps the row from 2018-04-01"), (GAP, 11, "leaves a gap after")]
)
@pytest.mark.parametrize(
    "words", [("law", "show", "claim.limit", "--on", "2019-06-01"), ("law", "list", "--pack", "our-limits")]
)
def test_an_overlap_or_a_gap_is_never_shown_as_law(
    assent: RunAssent, tmp_path: Path, file: str, text: str, line: int, wrong: str, words: Sequence[str]
) -> None:
    result = assent("--packs", write_folder(tmp_path / "mine", **{file: text}), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}:{line}: sets.claim.limit.history.1.from: {wrong}" in result.stderr


class TestAValueThatIsSet:
    SET = HEAD + ROW.format("2018-04-01")

    def test_it_is_shown_once_with_the_pack_that_set_it(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = write_folder(tmp_path / "mine", **{LIMITS: self.SET})
        result = assent("--packs", mine, "law", "show", "claim.limit").stdout
        assert "declared, no figure set" not in result
        assert result.startswith("claim.limit  value of What MOPAC's scheme of consent")
        assert "set by  Limits of our own scheme (our-limits)\n" in result
        assert "Level from which the settlement of a claim needs consent" in result
        assert result.count("claim.limit") == result.count("£10,000 as stated") == 1
        (entry,) = assent("--packs", mine, "law", "show", "claim.limit", "--format", "json").json["entries"]
        assert (entry["pack"], entry["declared_by"]) == ("our-limits", "mopac-consent")

    def test_the_list_names_the_pack_that_set_it(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = write_folder(tmp_path / "mine", **{LIMITS: self.SET})
        listed = assent("--packs", mine, "law", "list", "--format", "json").json["entries"]
        days = {entry["pack"]: entry["from"] for entry in listed if entry["id"] == "claim.limit"}
        assert days == {"mopac-consent": "set by our-limits", "our-limits": "2018-04-01"}

    def test_a_pack_that_no_scheme_uses_sets_nothing(self, assent: RunAssent, tmp_path: Path) -> None:
        mine = write_folder(tmp_path / "mine", **{"law/our-limits.yaml": self.SET})
        result = " ".join(assent("--packs", mine, "law", "show", "claim.limit").stdout.split())
        assert "declared, no figure set" in result
        assert "(our-limits), which no scheme uses, so it has no effect" in result

    def test_a_value_set_in_one_of_two_schemes_is_shown_for_both(self, assent: RunAssent, tmp_path: Path) -> None:
        declared = "pack: fees\ntitle: Fees\nvalues:\n  claim.fee: {kind: money, label: Fee of a claim}\n"
        heads = {
            f"schemes/{name}/scheme.yaml": (SHIPPED_FOLDER / "schemes" / name / "scheme.yaml")
            .read_text()
            .replace("\npacks:\n", "\npacks:\n  - fees\n")
            for name in ("gla", "lfc")
        }
        setting = {f"schemes/{name}/fee.yaml": self.SET.replace("claim.limit", "claim.fee") for name in ("gla", "lfc")}
        mine = write_folder(tmp_path / "mine", **heads, **{"law/fees.yaml": declared})
        write_folder(mine, **{"schemes/gla/fee.yaml": setting["schemes/gla/fee.yaml"]})
        set_by_one = assent("--packs", mine, "law", "show", "claim.fee", "--format", "json").json["entries"]
        assert [entry["pack"] for entry in set_by_one] == ["fees", "our-limits"]
        write_folder(mine, **setting)
        set_by_both = assent("--packs", mine, "law", "show", "claim.fee", "--format", "json").json["entries"]
        assert [entry["pack"] for entry in set_by_both] == ["our-limits", "our-limits"]


def test_scheme_check_warns_of_a_pack_that_no_scheme_uses(assent: RunAssent, tmp_path: Path) -> None:
    mine = write_folder(tmp_path / "mine", **{"law/fees.yaml": "pack: fees\ntitle: Fees\n"})
    result = assent("scheme", "check", mine)
    assert result.exit_code == 0
    assert "Warning: law/fees.yaml is taken by no scheme: it was read by itself, and nothing of it is" in result.stderr
