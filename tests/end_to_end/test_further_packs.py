"""A folder of packs that is given to a command: refused whole where it has any fault, and proved where it has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PAPER, Assent, Said
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
def test_every_command_refuses_a_folder_with_a_fault(opened: Assent, faulty: Path, words: Sequence[object]) -> None:
    refused_whole(opened("--packs", faulty, *words))


@pytest.mark.parametrize("words", [("scheme", "check"), ("law", "impact", "--packs")])
def test_so_does_a_command_that_is_given_one_itself(opened: Assent, faulty: Path, words: Sequence[str]) -> None:
    refused_whole(opened(*words, faulty))


def refused_whole(said: Said) -> None:
    """That a command named each of the faults of `faulty`, with its file, its line and its key."""
    assert (said.code, said.out) == (2, "")
    told = said.err.removeprefix("assent: ").splitlines()
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


def test_nothing_is_written_where_a_pack_has_a_fault(assent: Assent, faulty: Path, tmp_path: Path) -> None:
    assert assent("--packs", faulty, "init").code == 2
    assert not (tmp_path / "assent.db").exists()


@pytest.mark.parametrize("file", [LIMITS, "law/our-limits.yaml"], ids=["taken", "taken by no scheme"])
@pytest.mark.parametrize(
    ("text", "line", "wrong"), [(OVERLAP, 11, "overlaps the row from 2018-04-01"), (GAP, 11, "leaves a gap after")]
)
@pytest.mark.parametrize(
    "words", [("law", "show", "claim.limit", "--on", "2019-06-01"), ("law", "list", "--pack", "our-limits")]
)
def test_an_overlap_or_a_gap_is_never_shown_as_law(
    assent: Assent, tmp_path: Path, file: str, text: str, line: int, wrong: str, words: Sequence[str]
) -> None:
    said = assent("--packs", folder_of(tmp_path / "mine", **{file: text}), *words)
    assert (said.code, said.out) == (2, "")
    assert f"{file}:{line}: sets.claim.limit.history.1.from: {wrong}" in said.err


def test_a_pack_that_no_scheme_takes_is_named_where_schemes_are_proved(assent: Assent, tmp_path: Path) -> None:
    mine = folder_of(tmp_path / "mine", **{"law/fees.yaml": "pack: fees\ntitle: Fees\n"})
    said = assent("scheme", "check", mine)
    assert said.code == 0
    assert "Warning: law/fees.yaml is taken by no scheme: it was read by itself, and nothing of it is" in said.err


def test_the_packs_that_the_readme_shows_are_sound(assent: Assent, tmp_path: Path) -> None:
    shown = re.findall(r"^```yaml\n# (schemes/\S+)\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert [file for file, _ in shown] == [LIMITS, "schemes/gla/our-rules.yaml"]
    said = assent("scheme", "check", folder_of(tmp_path / "mine", **dict(shown)), "--format", "json")
    assert said.code == 0, said.err
    assert {one["scheme"]: one["verdict"] for one in said.json["schemes"]} == dict.fromkeys(
        ("gla", "lfc", "mopac"), "sound"
    )
    assert "Warning, mopac: as a further folder sets or cites it, no example proves claim.limit." in said.err
    assert "Warning, gla: as a further folder sets or cites it, no example proves recommendation.complete." in said.err
