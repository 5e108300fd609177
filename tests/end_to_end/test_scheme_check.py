"""`assent scheme check`: every scheme, one of them, or what a folder of packs changes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CapturedStream, RunAssent
from tests.rules.proving.test_scheme_proof import LIMITS, SET_LIMIT, SHIPPED, names_without, own_scheme

ALL = ", ".join(SHIPPED.schemes())


@pytest.fixture
def limits(tmp_path: Path) -> Path:
    """A folder with a pack that sets a limit of a shipped scheme."""
    return write_folder(tmp_path / "mine", {LIMITS: SET_LIMIT})


def write_folder(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_one_scheme_is_proved_by_its_name_and_the_others_are_named(assent: RunAssent) -> None:
    result = assent("scheme", "check", "lfc")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["Scheme", "lfc", "Proved:"]
    assert result.stdout.endswith(f"\nProved: lfc. Not proved this time: {names_without('lfc')}.\n")


def test_other_programs_get_the_same_and_a_terminal_shows_how_far_the_proof_is(
    assent: RunAssent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    result = assent("scheme", "check", "lfc", "--format", "json")
    assert "Proving lfc" in result.stderr
    assert "Proving gla" not in result.stderr
    report = result.json
    assert [(proof["scheme"], proof["verdict"]) for proof in report["schemes"]] == [("lfc", "sound")]
    assert ", ".join(report["not_proved"]) == names_without("lfc")


def test_a_second_reader_gets_each_figure_with_its_examples(assent: RunAssent) -> None:
    (heading, *lines) = assent("scheme", "check", "lfc", "--review").stdout.splitlines()
    assert heading.split() == ["Name", "Says", "From", "To", "Citation", "Basis", "Shown", "Example"]
    limit = next(place for place, line in enumerate(lines) if line.startswith("prior_approval.limit"))
    assert "at least £150,000 as stated" in lines[limit]
    assert lines[limit + 1].startswith(" ")


@pytest.mark.long
def test_the_table_for_a_second_reader_is_json_or_csv_as_well(assent: RunAssent) -> None:
    items = assent("scheme", "check", "lfc", "--review", "--format", "json").json["items"]
    limit = next(item for item in items if item["name"] == "prior_approval.limit")
    assert (limit["from"], limit["basis"]) == ("2018-04-01", "secondary")
    rows = list(csv.reader(assent("scheme", "check", "lfc", "--review", "--format", "csv").stdout.splitlines()))
    own = [row for row in rows if row[0] == "prior_approval.limit"]
    assert len(own) == len(limit["examples"]) > 2
    assert {row[1] for row in own} == {"at least £150,000 as stated"}


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("mopca", "Did you mean mopac? Or name a folder of packs, such as ./my-packs."),
        ("MOPACC", "Did you mean mopac?"),
        ("./mopca", "Did you mean mopac?"),
        ("no-such-folder", f"There are: {ALL}. Or name a folder of packs, such as ./my-packs."),
        ("", f"There are: {ALL}."),
        ("paper.yaml", f"There are: {ALL}."),
    ],
)
def test_what_is_neither_a_scheme_nor_a_folder_gets_a_suggestion(
    assent: RunAssent, tmp_path: Path, typed: str, advice: str
) -> None:
    (tmp_path / "paper.yaml").write_text("title: A paper\n")
    result = assent("scheme", "check", typed)
    assert (result.exit_code, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first.endswith("is neither a scheme that is known here nor a folder")
    assert second.startswith(advice)


@pytest.mark.parametrize(
    "words", [("scheme", "check", "mine"), pytest.param(("--packs", "mine", "scheme", "check"), marks=pytest.mark.long)]
)
def test_a_folder_is_proved_without_the_shipped_rest(assent: RunAssent, limits: Path, words: tuple[str, ...]) -> None:
    assert limits.name == "mine"
    result = assent(*words)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "Proved: what changes in mopac (claim.limit). "
        f"Not proved this time: the rest of mopac, {names_without('mopac')}."
    )
    assert "Warning, mopac: as a further folder sets or cites it, no example proves claim.limit." in result.stderr


@pytest.mark.long
@pytest.mark.parametrize("words", [("scheme", "check", "mine"), ("--packs", "mine", "scheme", "check")])
def test_what_a_folder_changes_is_named_to_other_programs(
    assent: RunAssent, limits: Path, words: tuple[str, ...]
) -> None:
    assert limits.name == "mine"
    assert assent(*words, "--format", "json").json["schemes"][0]["changes"] == ["claim.limit"]


@pytest.mark.long
def test_a_scheme_is_proved_by_its_name_with_what_a_folder_sets_in_it(assent: RunAssent, limits: Path) -> None:
    (proof,) = assent("--packs", limits, "scheme", "check", "mopac", "--format", "json").json["schemes"]
    assert proof["examples"] > 1000
    assert "changes" not in proof


@pytest.mark.long
def test_the_name_of_a_scheme_goes_before_a_folder_of_that_name(
    assent: RunAssent, limits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.rename(limits.with_name("mopac"))
    monkeypatch.chdir(limits.parent)
    assert assent("scheme", "check", "mopac").stdout.splitlines()[-1].startswith("Proved: mopac. ")
    assert assent("scheme", "check", "./mopac").stdout.splitlines()[-1].startswith("Proved: what changes in mopac ")


def test_a_folder_that_changes_nothing_has_nothing_to_prove(assent: RunAssent, tmp_path: Path) -> None:
    from rules.packs.library import SHIPPED_FOLDER

    file = "law/foia-2000.yaml"
    mine = write_folder(tmp_path / "mine", {file: (SHIPPED_FOLDER / file).read_text()})
    assert assent("scheme", "check", mine).stdout == f"Proved: nothing. Not proved this time: {ALL}.\n"


@pytest.mark.long
def test_a_scheme_of_a_folder_is_proved_alone_and_by_its_name(assent: RunAssent, tmp_path: Path) -> None:
    mine = write_folder(tmp_path / "mine", own_scheme("mayor"))
    for words in (("scheme", "check", mine), ("--packs", mine, "scheme", "check", "mayor")):
        assert assent(*words).stdout.splitlines()[-1] == f"Proved: mayor. Not proved this time: {ALL}."


@pytest.mark.long
def test_a_second_folder_is_proved_beside_the_first(assent: RunAssent, limits: Path, tmp_path: Path) -> None:
    second = write_folder(tmp_path / "second", own_scheme("mayor"))
    assert assent("--packs", limits, "scheme", "check", second).stdout.splitlines()[-1] == (
        f"Proved: mayor. Not proved this time: {ALL}."
    )


@pytest.mark.long
def test_a_folder_that_is_given_with_packs_too_is_proved_all_the_same(assent: RunAssent, limits: Path) -> None:
    once = assent("scheme", "check", str(limits))
    twice = assent("--packs", str(limits), "scheme", "check", f"{limits}/")
    assert (twice.exit_code, twice.stdout) == (0, once.stdout)
    assert "Proved: nothing" not in twice.stdout
