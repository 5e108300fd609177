"""Entries of published decisions, and what a reader found wrong in each before any audit judged it.

- Each entry reads as a paper of a case that was decided elsewhere, and names the address of its source.
- Each folder has a further set, read after the controls were written, so that they could not be fitted to it.
- Each entry has one expected file. Words that show an anomaly stand in the entry at the place that the file names.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules.reading.yaml_reader import read_yaml
from rules.values.facts import FactValue
from tests.workflow.walk import shipped_library
from workflow.cases.paper import build_imported_paper
from workflow.papers.law_papers import build_law_paper

FOLDER = Path(__file__).parent / "published"
EXPECTED = ".expected.yaml"
SETS = ("", "second/", "third/", "fourth/", "fifth/", "sixth/")
ENTRIES = [
    f"{part}{path.stem}"
    for part in SETS
    for path in sorted((FOLDER / part).glob("*.yaml"))
    if not path.name.endswith(EXPECTED)
]
SAMPLES = sorted((FOLDER / "samples").glob(f"*{EXPECTED}"))
KINDS = frozenset(re.findall(r"^\| `([a-z_]+)` \|", (FOLDER / "README.md").read_text(), re.MULTILINE))
ANOMALY_KEYS = {"kind", "certainty", "place", "words", "why"}


def names_of(part: str) -> list[str]:
    """Return the entries of a set."""
    return [name for name in ENTRIES if f"{Path(name).parent}/".removeprefix("./") == part]


@cache
def read_file(path: Path) -> dict[str, Any]:
    """Return the keys of a file."""
    return dict(read_yaml(path.read_bytes(), path.name, scalars_as_text=True).data)


@cache
def read_entry(name: str) -> dict[str, FactValue]:
    """Return every fact of an entry by its address.

    The source is left to the tests of papers: here it only has to name an address.
    """
    content = (FOLDER / f"{name}.yaml").read_bytes()
    lines = [line for line in content.splitlines(keepends=True) if not line.startswith(b"source:")]
    stated = read_yaml(b"".join(lines), name, scalars_as_text=True)
    if "scheme" not in stated.data:
        return dict(build_law_paper(stated, shipped_library().national_law).facts)
    imported = build_imported_paper(stated, shipped_library().scheme)
    return {**imported.paper.public, **imported.paper.exempt, **imported.recorded}


def check_keys(expected: dict[str, Any], entry: str) -> None:
    """Fail unless an expected file has just the keys that the README lists."""
    anomalies = expected["anomalies"]
    assert set(expected) == {"entry", "read", "anomalies"} | (set() if anomalies else {"none"}), entry
    assert expected["entry"] == entry
    assert expected["read"] in {"head", "whole"}, entry
    for anomaly in anomalies:
        assert set(anomaly) == ANOMALY_KEYS, entry
        assert anomaly["kind"] in KINDS, entry
        assert anomaly["certainty"] in {"plain", "arguable"}, entry


@pytest.mark.parametrize("part", SETS)
def test_each_entry_of_a_set_reads_as_a_paper_and_names_its_source(part: str) -> None:
    sources = {name: read_file(FOLDER / f"{name}.yaml")["source"] for name in names_of(part)}
    assert [name for name, source in sources.items() if source["kind"] != "web_page"] == []
    assert [name for name, source in sources.items() if not source["address"].startswith(("https://", "http://"))] == []
    assert [name for name in names_of(part) if "title" not in read_entry(name)] == []


@pytest.mark.parametrize("part", SETS)
def test_each_entry_of_a_set_has_its_expected_findings_in_the_right_keys(part: str) -> None:
    for name in names_of(part):
        check_keys(read_file(FOLDER / f"{name}{EXPECTED}"), f"{Path(name).name}.yaml")


@pytest.mark.parametrize("part", SETS)
def test_the_words_of_each_expected_finding_of_a_set_stand_at_their_place(part: str) -> None:
    misplaced = []
    for name in names_of(part):
        facts = {address: str(value) for address, value in read_entry(name).items()}
        for anomaly in read_file(FOLDER / f"{name}{EXPECTED}")["anomalies"]:
            shown = "\n".join(facts.get(place, "") for place in anomaly["place"])
            misplaced += [(name, words) for words in anomaly["words"] if words not in shown]
            # Words stand in facts that are there; an anomaly without words is of facts that are not.
            misplaced += [(name, place) for place in anomaly["place"] if (place in facts) is not bool(anomaly["words"])]
    assert misplaced == []


def test_each_expected_file_of_a_sample_has_the_right_keys() -> None:
    assert SAMPLES
    for path in SAMPLES:
        check_keys(read_file(path), path.name.replace(EXPECTED, ".yaml"))


def test_every_file_of_the_folder_is_an_entry_or_its_expected_file() -> None:
    expected = {
        f"{part}{path.name.removesuffix(EXPECTED)}" for part in SETS for path in (FOLDER / part).glob(f"*{EXPECTED}")
    }
    assert expected == set(ENTRIES)
    assert {part: len(names_of(part)) for part in SETS} == {
        "": 73,
        "second/": 50,
        "third/": 44,
        "fourth/": 26,
        "fifth/": 15,
        "sixth/": 13,
    }


@pytest.mark.parametrize("part", SETS)
def test_the_readme_of_a_set_lists_every_entry_with_its_address(part: str) -> None:
    readme = (FOLDER / part / "README.md").read_text()
    listed = set(re.findall(r"^\| ([A-Z0-9-]+) \|.*\]\((\S+)\) \|", readme, re.MULTILINE))
    assert listed == {
        (Path(name).name, read_file(FOLDER / f"{name}.yaml")["source"]["address"]) for name in names_of(part)
    }
